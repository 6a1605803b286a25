"""Articles → draft cases in an order worth reading, a sentence of its own for each. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, zip_longest

from index.records import Article
from index.sentences import sentence_runs
from index.terms import stem
from rag.offers.offered import common_stems
from rag.offers.templates import MONTH_OR_YEAR, NAME, question_of, telling
from rag.reading.quantities import TIME

REFUSAL_EVERY = 5  # drafts
PLACE = re.compile(rf"\b(in|near|over|outside)\s({NAME})")


@dataclass(frozen=True, slots=True)
class Draft:
    """A question and the sentence that answers it, exactly as the article has it; a refusal has no such sentence."""

    kind: str
    question: str
    sentence: str
    title: str


@dataclass(frozen=True)
class Material:
    """The articles as sentences, and what tells one sentence from all others."""

    articles: Sequence[Article]

    @cached_property
    def sentences(self) -> list[list[str]]:
        """Those of each article, once."""
        return [
            list(dict.fromkeys(article.text[start:end] for run in sentence_runs(article.text) for start, end in run))
            for article in self.articles
        ]

    @cached_property
    def common(self) -> Set[str]:
        """The stems of plain words, which have a capital only where a sentence starts."""
        return common_stems("\n".join(chain.from_iterable(self.sentences)))

    @cached_property
    def _holding(self) -> dict[str, set[str]]:
        """Stem → the sentences that hold it, on one line."""
        found = defaultdict(set)
        for sentence in chain.from_iterable(self.sentences):
            for word in telling(sentence):
                found[word].add(" ".join(sentence.split()))
        return found

    def alike(self, words: Set[str]) -> set[str]:
        """The sentences that hold all of these words."""
        return set.intersection(*(self._holding.get(word, set()) for word in words)) if words else set()


def drafts(articles: Sequence[Article]) -> Iterator[Draft]:
    """Drafts from every article in turn, questions before clozes, with some refusals among them."""
    material = Material(articles)
    found = [_of_article(material, number) for number in range(len(articles))]
    questions = [[one for one in group if one.kind != "cloze"] for group in found]
    clozes = [[one for one in group if one.kind == "cloze"] for group in found]
    refusals = _refusals(material, questions)
    for number, one in enumerate(chain(_in_turn(questions), _in_turn(clozes)), start=1):
        yield one
        if number % (REFUSAL_EVERY - 1) == 0 and (refusal := next(refusals, None)):
            yield refusal


def _of_article(material: Material, number: int) -> list[Draft]:
    article = material.articles[number]
    found = []
    for sentence in material.sentences[number]:
        made = question_of(sentence, material.common) if sentence != article.title else None
        if made and not material.alike(telling(made[1])) - {" ".join(sentence.split())}:
            found.append(Draft(*made, sentence, article.title))
    return found


def _refusals(material: Material, questions: Sequence[Sequence[Draft]]) -> Iterator[Draft]:
    """Questions with a place of another article in the place of their own, of which their article never speaks."""
    counts = [Counter(PLACE.findall(" ".join(group))) for group in material.sentences]
    places = [[one for one, _ in count.most_common()] for count in counts]
    for number, group in enumerate(questions):
        own = telling(" ".join(material.sentences[number]))
        for draft in group:
            match = PLACE.search(draft.question)
            if not match or MONTH_OR_YEAR.search(match.group()):
                continue
            preposition, replaced = match.groups()
            kept = telling(draft.question) - telling(replaced)
            for other in chain(places[number + 1 :], places[:number]):  # the next article's first: not always the same
                names = (name for place, name in other if place == preposition)
                name = next((name for name in names if _is_foreign(material, own, name)), "")
                if name and not any(len(kept & telling(one)) > len(kept) / 2 for one in material.alike(telling(name))):
                    question = f"{draft.question[: match.start(2)]}{name}{draft.question[match.end(2) :]}"
                    yield Draft("refusal", question, "", draft.title)
                    break


def _is_foreign(material: Material, own: Set[str], name: str) -> bool:
    """Whether an article with the words `own` never speaks of a name, which is no time and no common word."""
    if name.startswith("The ") or TIME.search(name) or stem(name) in material.common:
        return False
    return bool(telling(name)) and not telling(name) & own


def _in_turn(groups: Iterable[Iterable[Draft]]) -> Iterator[Draft]:
    return (one for row in zip_longest(*groups) for one in row if one)
