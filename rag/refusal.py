"""What to say when the articles do not: what is missing, and the nearest that they have. Pure."""

from collections.abc import Sequence

from rag.choose import Scored
from rag.prompt import REFUSAL
from rag.records import Citation

NEAREST_ARTICLES = 2


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


def _either(words: Sequence[str]) -> str:
    quoted = [f"“{word}”" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
