"""What an answer is worth, given its case. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median

from evals.cases import Case
from rag.records import Answer, Citation

FIRST_QUOTES = 3
ReadSource = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Score:
    """One case's outcome; None where a measure does not apply to it."""

    case: str
    category: str
    refuse: bool
    refused: bool
    gold_first: bool | None  # a gold sentence among the first three quotes
    gold_all: float | None  # share of the sentences that must all be quoted
    on_gold: int  # quotes that are gold sentences
    quotes: int
    verbatim: int
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its 95% Wilson interval (Wilson 1927, "Probable inference, the law of succession")."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        return self.hits / self.of if self.of else 1.0

    @property
    def interval(self) -> tuple[float, float]:
        if not self.of:
            return 0.0, 1.0
        z, n, p = 1.96, self.of, self.value
        centre = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(0.0, centre - half), min(1.0, centre + half)


@dataclass(frozen=True, slots=True)
class Summary:
    """The measures over some cases; `latency` is the median in milliseconds."""

    cases: int
    gold_first: Rate
    gold_all: Rate
    on_gold: Rate
    verbatim: Rate
    rightly_refused: Rate
    wrongly_refused: Rate
    latency: float


def score(case: Case, answer: Answer, read_source: ReadSource, milliseconds: float) -> Score:
    """Hold an answer against its case; `read_source` gives the text of the file that a citation names."""
    quoted = [*answer.citations, *answer.nearest]
    first = [citation.quote for citation in answer.citations[:FIRST_QUOTES]]
    everything = [citation.quote for citation in answer.citations]
    golds = case.gold_any or case.gold_all
    return Score(
        case=case.id,
        category=case.category,
        refuse=case.refuse,
        refused=answer.refused,
        gold_first=None if case.refuse else any(_same(gold, quote) for gold in golds for quote in first),
        gold_all=_share(case.gold_all, everything) if case.gold_all else None,
        on_gold=sum(any(_same(gold, quote) for gold in [*golds, *case.gold_all]) for quote in everything),
        quotes=len(quoted),
        verbatim=sum(is_verbatim(citation, read_source) for citation in quoted),
        milliseconds=round(milliseconds, 1),
    )


def is_verbatim(citation: Citation, read_source: ReadSource) -> bool:
    """Whether the quote stands in the file itself, at its offsets."""
    return bool(citation.quote) and read_source(citation.source)[citation.start : citation.end] == citation.quote


def summarise(scores: Sequence[Score]) -> Summary:
    answerable = [one for one in scores if not one.refuse]
    answered = [one for one in answerable if not one.refused]
    sided = [one.gold_all for one in scores if one.gold_all is not None]
    return Summary(
        cases=len(scores),
        gold_first=Rate(sum(bool(one.gold_first) for one in answerable), len(answerable)),
        gold_all=Rate(sum(share == 1.0 for share in sided), len(sided)),
        on_gold=Rate(sum(one.on_gold for one in answered), sum(one.quotes for one in answered)),
        verbatim=Rate(sum(one.verbatim for one in scores), sum(one.quotes for one in scores)),
        rightly_refused=Rate(sum(one.refused for one in scores if one.refuse), len(scores) - len(answerable)),
        wrongly_refused=Rate(sum(one.refused for one in answerable), len(answerable)),
        latency=median(one.milliseconds for one in scores) if scores else 0.0,
    )


def _same(gold: str, quote: str) -> bool:
    """One sentence, or one inside the other: a date line ("TRIPOLI - ") may or may not be part of it."""
    gold, quote = " ".join(gold.split()), " ".join(quote.split())
    return gold in quote or quote in gold


def _share(golds: Sequence[str], quotes: Sequence[str]) -> float:
    return sum(any(_same(gold, quote) for quote in quotes) for gold in golds) / len(golds)
