"""What an answer is worth, given its case; what a score that tells two kinds apart is worth. Pure."""

import re
import string
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evals.cases import Case, days_of
from index.records import Article
from rag.records import Answer, Citation, TimeReading

FIRST_QUOTES = 3
ReadArticle = Callable[[str], Article | None]
ReadFile = Callable[[str], str | None]
Array = NDArray[np.float64]
Scores = Sequence[float] | Array
PUNCTUATION = str.maketrans(dict.fromkeys(string.punctuation + "–—’‘“”…", " "))


@dataclass(frozen=True, slots=True)
class Score:
    """One case's outcome; None where a measure does not apply to it. Shares are of this one answer's quotes.

    A refusal of a case that the articles answer has found nothing: what asks for an answer or a gold sentence is False.
    """

    id: str
    category: str
    question: str
    wanted: str
    given: str  # the first quote
    refuse: bool
    refused: bool
    answer_first: bool | None  # words that answer, in the first quote
    answer_in_three: bool | None
    gold_first: bool | None  # the first quote is a gold sentence
    gold_in_three: bool | None
    all_sides: bool | None  # all that must be quoted is
    conflict_shown: bool | None  # where articles disagree: that they do is said
    false_conflict: bool | None  # where they do not: it is said all the same
    precision: float | None  # quotes that are gold or hold words that answer
    recall: float | None  # gold sentences that are quoted
    verbatim: float | None  # quotes that stand in their article at their offsets
    in_file: float | None  # quotes that stand so in the file itself, where it is plain text
    times_right: float | None  # of the case's times that stand in a gold sentence quoted: read as they are meant
    rightly_refused: bool | None  # of what must be refused
    wrongly_refused: bool | None  # of what is answered
    refusal_precision: bool | None  # of the refusals: it had to be
    characters: int | None
    quotes: int | None
    milliseconds: float


# In the order of a table; those in LOWER are better when less.
TOLD = ("id", "category", "question", "wanted", "given", "refuse", "refused")
METRICS = tuple(field.name for field in fields(Score) if field.name not in TOLD)
LOWER = ("false_conflict", "wrongly_refused", "characters", "quotes", "milliseconds")


def score(case: Case, answer: Answer, read_article: ReadArticle, read_file: ReadFile, milliseconds: float) -> Score:
    """Hold an answer against its case; the readers give the text that a citation is from."""
    quotes = [citation.quote for citation in answer.citations]
    shown = [*answer.citations, *answer.nearest]
    golds, answers = case.golds, [normalise(one) for one in case.answers]
    gold = [any(same(one, quote) for one in golds) for quote in quotes]
    right = [holds_any(quote, answers) for quote in quotes]
    expected, answered = not case.refuse, not answer.refused
    return Score(
        id=case.id,
        category=case.category,
        question=case.question,
        wanted=case.wanted,
        given=quotes[0] if quotes else "",
        refuse=case.refuse,
        refused=answer.refused,
        answer_first=any(right[:1]) if answers else None,
        answer_in_three=any(right[:FIRST_QUOTES]) if answers else None,
        gold_first=any(gold[:1]) if golds else None,
        gold_in_three=any(gold[:FIRST_QUOTES]) if golds else None,
        all_sides=_all_sides(case, quotes),
        conflict_shown=bool(answer.conflicts) if case.conflict else None,
        false_conflict=None if case.conflict or not answered else bool(answer.conflicts),
        precision=_share(map(any, zip(gold, right, strict=True))) if expected else None,
        recall=_share(any(same(one, quote) for quote in quotes) for one in case.gold_all or golds),
        verbatim=_share(is_verbatim(one, read_article) for one in shown),
        in_file=_share(found for one in shown if (found := _in_file(one, read_file)) is not None),
        times_right=_share(is_read(one, answer.times) for one in case.times if _stands(one, quotes, gold)),
        rightly_refused=None if expected else answer.refused,
        wrongly_refused=answer.refused if expected else None,
        refusal_precision=None if answered else case.refuse,
        characters=len(answer.text) if answered else None,
        quotes=len(quotes) if answered else None,
        milliseconds=round(milliseconds, 1),
    )


def is_verbatim(citation: Citation, read_article: ReadArticle) -> bool:
    """Whether the quote stands in its article, at its offsets."""
    article = read_article(citation.article_id)
    if article is None or not citation.quote:
        return False
    return article.text[citation.start : citation.end] == citation.quote


def _in_file(citation: Citation, read_file: ReadFile) -> bool | None:
    text = read_file(citation.source)
    return None if text is None else text[citation.start : citation.end] == citation.quote


def read_plain(source: str) -> str | None:
    """The text of a file as any program reads it; None for what is not a file of plain text."""
    path = Path(source)
    if path.suffix not in (".txt", ".md") or not path.is_file():
        return None
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None


def normalise(text: str) -> str:
    """Text as answers are compared in SQuAD (Rajpurkar and others 2016): without case, punctuation and articles.

    Punctuation parts words here, since an answer is looked for inside of a sentence: "36" is in "a 36-page report".
    """
    return " ".join(re.sub(r"\b(?:a|an|the)\b", " ", text.lower().translate(PUNCTUATION)).split())


def holds_any(quote: str, answers: Sequence[str]) -> bool:
    """Whether whole words of the quote are one of the answers, which are normalised."""
    words = f" {normalise(quote)} "
    return any(answer and f" {answer} " in words for answer in answers)


def same(gold: str, quote: str) -> bool:
    """One sentence, or one inside the other: a date line ("TRIPOLI - ") may or may not be part of it."""
    gold, quote = " ".join(gold.split()), " ".join(quote.split())
    return bool(quote) and (gold in quote or quote in gold)


def is_read(expected: str, times: Sequence[TimeReading]) -> bool:
    """Whether an entry of a case, "Tuesday = 2023-02-28", is among the readings with exactly its days.

    A reading of the same words counts before one whose words are part of the entry's, or the other way round.
    """
    words, _, days = (part.strip() for part in expected.rpartition("="))
    sought = f" {normalise(words)} "
    exact = [one for one in times if f" {normalise(one.words)} " == sought]
    near = [one for one in times if f" {normalise(one.words)} " in sought or sought in f" {normalise(one.words)} "]
    return any((one.first, one.last) == days_of(days) for one in exact or near)


def _stands(expected: str, quotes: Sequence[str], gold: Sequence[bool]) -> bool:
    """Whether the words of an entry are in one of the quotes that are gold."""
    words = expected.rpartition("=")[0]
    return any(right and holds_any(quote, [normalise(words)]) for quote, right in zip(quotes, gold, strict=True))


def auroc(positive: Scores, negative: Scores) -> float:
    """How often a positive one has the higher score than a negative one, a tie counting half.

    That is the area under the receiver's curve (Hanley and McNeil 1982), and Mann and Whitney's U over all pairs.
    """
    ordered = np.sort(np.asarray(negative, dtype=float))
    below, with_ties = (np.searchsorted(ordered, positive, side) for side in ("left", "right"))
    return float((below + with_ties).sum() / (2 * len(positive) * len(negative)))


def placements(scores: Sequence[float], labels: Sequence[bool]) -> list[float]:
    """For each score the share of the other kind that it is rightly above or below; their mean is the same area."""
    groups = {kind: [one for one, label in zip(scores, labels, strict=True) if label is kind] for kind in (True, False)}
    return [
        auroc([one], groups[False]) if label else auroc(groups[True], [one])
        for one, label in zip(scores, labels, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Point:
    """Answering from `threshold` on: the share of answerable questions refused, and of unanswerable ones answered."""

    threshold: float
    over: float
    under: float


def curve(positive: Scores, negative: Scores) -> list[Point]:
    """A point for each score there is, rising, and one above them all at which everything is refused."""
    return [Point(*map(float, point)) for point in zip(*_shares(positive, negative), strict=True)]


def equal_point(points: Sequence[Point]) -> Point:
    """Where over- and under-refusal are nearest to each other."""
    return min(points, key=lambda point: abs(point.over - point.under))


def equal_error(positive: Scores, negative: Scores) -> float:
    """The mean of over- and under-refusal where they are nearest to each other."""
    _, over, under = _shares(positive, negative)
    nearest = np.abs(over - under).argmin()
    return float(over[nearest] + under[nearest]) / 2


def _shares(positive: Scores, negative: Scores) -> tuple[Array, Array, Array]:
    """Thresholds, and for each the over- and the under-refusal."""
    found = np.unique([*positive, *negative])
    thresholds = np.append(found, np.nextafter(found[-1], np.inf))
    over = np.searchsorted(np.sort(positive), thresholds) / len(positive)
    under = 1 - np.searchsorted(np.sort(negative), thresholds) / len(negative)
    return thresholds, over, under


def under_at(points: Sequence[Point], over: float) -> float:
    """The least under-refusal for at most that over-refusal."""
    return min(point.under for point in points if point.over <= over)


def _share(hits: Iterable[bool]) -> float | None:
    found = list(hits)
    return sum(found) / len(found) if found else None


def _all_sides(case: Case, quotes: Sequence[str]) -> bool | None:
    if case.gold_all:
        return all(any(same(gold, quote) for quote in quotes) for gold in case.gold_all)
    if case.conflict and case.answers:
        return all(any(holds_any(quote, [normalise(one)]) for quote in quotes) for one in case.answers)
    return None
