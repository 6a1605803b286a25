"""What to say when the articles do not: what is missing, and the nearest that they have. Pure."""

import re
from collections.abc import Callable, Sequence

from rag.choosing.scored import Scored
from rag.prompt import REFUSAL
from rag.reading.lexicon import matches, tokenize
from rag.reading.quantities import times
from rag.reading.question import Question
from rag.records import Citation
from rag.times.meaning import iso_day

NEAREST_ARTICLES = 2
SUGGESTIONS = 2
TRIED = 4  # names: each costs a weighing of all sentences, and a person waits
NAME = re.compile(r"(?<=[\w,;] )(?:the )?[A-Z][\w’'-]*(?: (?:(?:of|for|and|al|de) )?[A-Z][\w’'-]*)*")


def is_refusal(written: str, cited: bool) -> bool:
    """Whether a model refuses: in the words that it was given, and more only where none of it is cited."""
    said, refusal = (" ".join(re.findall(r"\w+", text)).casefold() for text in (written, REFUSAL))
    return said == refusal or (not cited and f"{said} ".startswith(f"{refusal} "))


def refuse(ranked: Sequence[Scored], unmentioned: Sequence[str]) -> tuple[str, tuple[Citation, ...]]:
    """The words of a refusal, and the closest sentence of each of the nearest articles."""
    nearest: list[Citation] = []
    for scored in ranked:
        sentence = scored.sentence
        if len(nearest) < NEAREST_ARTICLES and sentence.article.id not in {one.article_id for one in nearest}:
            nearest.append(sentence.cite(len(nearest) + 1))
    text = REFUSAL
    if unmentioned:
        text += f" They do not mention {_either(unmentioned)}."
    elif ranked and ranked[0].objection:
        text += f" The closest sentence {ranked[0].objection.reason}."
    return text, tuple(nearest)


def uncovered(question: Question, citations: Sequence[Citation]) -> tuple[str, ...]:
    """The names and numbers of a question that neither the quotes nor the titles and dates of their articles have."""
    given = [token for one in citations for token in tokenize(f"{one.quote} {one.title} {_written(one.date)}")]
    asked = [term.token for term in question.terms if term.name and not term.earlier]
    return tuple(token.text for token in asked if not any(matches(token, other) for other in given))


def _written(published: str | None) -> str:
    """A date as a question may name it: "6 March 2024"."""
    day = iso_day(published)
    return f"{day.day} {day:%B %Y}" if day else published or ""


def _either(words: Sequence[str]) -> str:
    quoted = [f"“{word}”" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def suggest(question: Question, nearest: Sequence[Citation], is_answered: Callable[[str], bool]) -> tuple[str, ...]:
    """What could be asked in its place: of names in the nearest sentences that it does not hold itself."""
    asked = [term.token for term in question.terms]
    names = dict.fromkeys(
        name.group().removesuffix("'s").removesuffix("’s") for one in nearest for name in NAME.finditer(one.quote)
    )
    fresh = [
        name
        for name in names
        if len(name) > 2
        and not times(name)
        and not any(matches(term, token) for term in asked for token in tokenize(name))
    ]
    offered = (f"What do the articles say about {name}?" for name in sorted(fresh, key=len, reverse=True)[:TRIED])
    return tuple(one for one, _ in zip(filter(is_answered, offered), range(SUGGESTIONS), strict=False))
