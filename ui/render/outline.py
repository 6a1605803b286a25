"""Answer → its parts in the order in which they are read, in words: what every exported format shows. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from index.records import Article
from index.web.addresses import shown
from rag.records import Answer, Citation, Claim, Conflict
from ui.render.fragment import text_fragment
from ui.render.html import MARKER, VERDICTS
from ui.render.lines import CUT_OFF, asked_of, differ, gone, is_cut_off, time_lines, uncovered
from ui.render.terminal import CONTROL

NONE = "–"  # in a cell
HEADING = "Answers with their quotes"
NEAREST = "Nearest:"
SUGGESTED = "The articles answer, for example:"
TIMES = "Times in the quotes"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text, or (`number`) a reference to a source."""

    text: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Sentence:
    """A claim with its verdict in words, or what stands between claims (`support` is "")."""

    runs: tuple[Run, ...]
    support: str = ""
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Values that differ: rows of cells and the number of the quote, which has the last of the columns.

    The cells are value, as of and article's date; "as of" is no column where no row has any.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], int], ...]
    note: str


@dataclass(frozen=True, slots=True)
class Source:
    """A quote and where it is from; `details` are date, source and page, `times` what its times mean."""

    number: int
    title: str
    details: tuple[str, ...]
    link: str
    quote: str
    times: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """What an answer says, in reading order; `above` and `below` are lines about it."""

    question: str
    above: tuple[str, ...]
    paragraphs: tuple[tuple[Sentence, ...], ...]
    below: tuple[str, ...]
    tables: tuple[Table, ...]
    nearest: tuple[Source, ...]
    suggestions: tuple[str, ...]
    sources: tuple[Source, ...]


def outline(answer: Answer) -> Outline:
    """The parts of an answer. What steers a terminal or turns the direction of text is left out."""
    searched = f"Searched: {answer.searched}" if answer.searched != answer.question else ""
    articles = {passage.article.id: passage.article for passage in answer.passages}
    times: dict[int, list[str]] = {}
    for number, line in time_lines(answer.times):
        times.setdefault(number, []).append(flat(line))
    numbers = {citation.number for citation in answer.citations}
    return Outline(
        question=flat(answer.question),
        above=tuple(flat(line) for line in (searched, asked_of(answer), answer.notice, answer.correction) if line),
        paragraphs=tuple(_paragraphs(answer, numbers)),
        below=tuple(flat(line) for line in (uncovered(answer), gone(answer)) if line),
        tables=tuple(_table(conflict, answer, numbers) for conflict in answer.conflicts),
        nearest=tuple(_source(one, articles.get(one.article_id), []) for one in answer.nearest if answer.refused),
        suggestions=tuple(flat(one) for one in answer.suggestions),
        sources=tuple(
            _source(one, articles.get(one.article_id), times.get(one.number, [])) for one in answer.citations
        ),
    )


def flat(text: str) -> str:
    """Text on one line, without what is not to be seen."""
    return " ".join(CONTROL.sub("", text).split())


def _paragraphs(answer: Answer, numbers: set[int]) -> Iterator[tuple[Sentence, ...]]:
    """The text's lines. A claim never goes over the end of one."""
    sentences: list[Sentence] = []
    position = 0
    for claim in (*answer.claims, None):
        between = answer.text[position : claim.start if claim else len(answer.text)]
        for at, line in enumerate(between.split("\n")):
            if at and sentences:
                yield tuple(sentences)
                sentences = []
            if line.strip():
                sentences.append(Sentence((Run(flat(line)),)))
        if claim:
            sentences.append(_sentence(answer, claim, numbers))
            position = claim.end
    if sentences:
        yield tuple(sentences)


def _sentence(answer: Answer, claim: Claim, numbers: set[int]) -> Sentence:
    runs: list[Run] = []
    position = claim.start
    for marker in MARKER.finditer(answer.text, claim.start, claim.end):
        if int(marker[1]) in numbers.intersection(claim.citations):
            runs += [*_run(answer.text[position : marker.start()]), Run(number=int(marker[1]))]
            position = marker.end()
    runs += _run(answer.text[position : claim.end])
    if not answer.done and not answer.notice:  # a sentence still being written has not come to its citations
        return Sentence(tuple(runs))
    if is_cut_off(answer, claim):
        return Sentence(tuple(runs), verdict=CUT_OFF)
    verdict = ": ".join(filter(None, (VERDICTS.get(claim.support, ""), flat(claim.reason))))
    return Sentence(tuple(runs), claim.support, verdict)


def _run(text: str) -> list[Run]:
    """The text with the space that parts it from a reference before it; what comes first is stripped by its format."""
    return [Run(" " * text[0].isspace() + flat(text))] if text.strip() else []


def _table(conflict: Conflict, answer: Answer, numbers: set[int]) -> Table:
    shown = [one for one in conflict.statements if one.citation in numbers]
    columns = {
        "Value": [flat(one.value) for one in shown],
        "As of": [flat(one.as_of) or NONE for one in shown],
        "Article date": [flat(one.date or "undated") for one in shown],
    }
    if not any(one.as_of for one in shown):
        del columns["As of"]
    rows = zip(zip(*columns.values(), strict=True), (one.citation for one in shown), strict=True)
    return Table(flat(differ(conflict, answer.citations)), (*columns, "Quote"), tuple(rows), flat(conflict.note))


def _source(citation: Citation, article: Article | None, times: list[str]) -> Source:
    """A file is shown by its name: where it lies on one machine is nothing for those who read an export."""
    places = (citation.source, *citation.also)
    names = [shown(place) if "://" in place else PurePath(place).name for place in places]
    page = [f"page {citation.page}"] if citation.page else []
    details = [flat(citation.date or "undated"), *(flat(name) for name in names), *page]
    title = flat(citation.title) or details[1]
    link = text_fragment(citation, article)
    return Source(citation.number, title, tuple(details), link, flat(citation.quote), tuple(times))
