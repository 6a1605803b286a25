"""Quotation marks in a model's text: kept where an article says just that, taken away elsewhere. Pure."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from index.records import Span
from rag.citations import CODE, Resolved
from rag.prompt import Sentence
from rag.reading.fold import fold
from rag.reading.quotations import Found, find_quotation
from rag.records import Citation, Quotation

SCARE = 2  # words: that few in quotation marks need be no quotation
CLOSING = {"“": "”", "„": "“”", "«": "»", "»": "«", "‹": "›", '"': '"', "‘": "’", "'": "'"}
SINGLE = "‘'"
SHOWN = re.compile(r" ?\[\d+\]")  # a display number, which may stand inside the marks


@dataclass(frozen=True, slots=True)
class Settled:
    """A text whose quotation marks can be trusted, its quotations, and what speaks against a claim, by its start."""

    resolved: Resolved
    quotations: tuple[Quotation, ...] = ()
    doubts: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Passage:
    """Neighbouring sentences that were sent: `article.text[start:end]`."""

    article_id: str
    title: str
    text: str
    start: int


def settle(resolved: Resolved, sentences: Mapping[int, Sentence], question: str) -> Settled:
    """Look up what stands in quotation marks among the sentences sent; what is not found there loses its marks."""
    spans = list(quoted(resolved.text))
    passages = _passages(list(sentences.values())) if spans else {}
    texts = {name: passage.text for name, passage in passages.items()}
    quotations: list[Quotation] = []
    removed: list[int] = []
    doubts: dict[int, str] = {}
    for start, end in spans:
        words = SHOWN.sub("", resolved.text[start + 1 : end - 1])
        if len(words.split()) <= SCARE and _is_known(words, [*texts.values(), question]):
            continue
        claims = [claim for claim in resolved.claims if claim.start < end and start < claim.end]
        numbers = {number for claim in claims for number in claim.citations}
        cited = [citation for citation in resolved.citations if citation.number in numbers]
        articles = {citation.article_id for citation in cited}
        found = find_quotation(words, texts, {name for name in texts if passages[name].article_id in articles})
        holder = None
        if found.source and found.verdict in ("exact", "folded"):
            holder = _holder(found, passages[found.source], cited)
        else:
            removed += [start, end - 1]
            doubts |= {claim.start: _doubt(found, passages) for claim in claims if claim.start not in doubts}
        quotations.append(Quotation(start + 1, end - 1, found.verdict, holder))
    return _without(resolved, removed, quotations, doubts)


def quoted(text: str) -> Iterator[Span]:
    """The spans in quotation marks, marks included: outermost ones, not in code, not beyond a paragraph's end."""
    code = [match.span() for match in CODE.finditer(text)]
    position = 0
    while position < len(text):
        inside = next((end for start, end in code if start <= position < end), None)
        end = inside or _closed(text, position)
        if end and not inside:
            yield position, end
        position = end or position + 1


def _closed(text: str, start: int) -> int | None:
    """Where the quotation that opens at `start` ends, its mark included; None where nothing opens or closes."""
    mark = text[start]
    if mark not in CLOSING or (mark in SINGLE + '"' and not _may_open(text, start)):
        return None
    stop = text.find("\n\n", start)
    for end in range(start + 2, len(text) if stop < 0 else stop):
        if text[end] not in CLOSING[mark]:
            continue
        if mark not in SINGLE:
            return end + 1
        if not text[end + 1 : end + 2].isalnum():  # not the apostrophe of a word
            return end + 1 if len(text[start:end].split()) > SCARE else None
    return None


def _may_open(text: str, start: int) -> bool:
    """Whether a mark that looks the same at both ends can open here, and is no apostrophe and no inch."""
    before, after = text[max(start - 1, 0) : start], text[start + 1 : start + 2]
    return not before.isalnum() and bool(after.strip())


def _passages(sentences: Sequence[Sentence]) -> dict[str, _Passage]:
    """The sentences that follow one another in an article as one text each, under the number of the first."""
    runs: list[list[Sentence]] = []
    for sentence in sentences:
        if sentence.before and runs:
            runs[-1].append(sentence)
        else:
            runs.append([sentence])
    return {
        str(run[0].number): _Passage(
            run[0].article.id, run[0].article.title, run[0].article.text[run[0].start : run[-1].end], run[0].start
        )
        for run in runs
    }


def _is_known(words: str, texts: Sequence[str]) -> bool:
    """Whether a word or two stand in one of the texts, in whatever case."""
    wanted = fold(words.strip(" .,;:!?")).text.casefold()
    return any(re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", fold(text).text.casefold()) for text in texts)


def _holder(found: Found, passage: _Passage, cited: Sequence[Citation]) -> int | None:
    """The number of the citation that the words begin in."""
    start = passage.start + found.start
    own = (one for one in cited if one.article_id == passage.article_id and one.start <= start < one.end)
    return next((one.number for one in own), None)


def _doubt(found: Found, passages: Mapping[str, _Passage]) -> str:
    if found.verdict == "misattributed" and found.source:
        return f"the words in quotation marks are in “{passages[found.source].title}”, which is not cited"
    if found.verdict == "stitched":
        return "the words in quotation marks do not stand together in the articles"
    return "the words in quotation marks are not in the articles"


def _without(
    resolved: Resolved, removed: Sequence[int], quotations: Sequence[Quotation], doubts: Mapping[int, str]
) -> Settled:
    """The text without the characters at `removed` (in order), with all that points into it."""

    def moved(at: int) -> int:
        return at - bisect_left(removed, at)

    gone = set(removed)
    text = "".join(character for at, character in enumerate(resolved.text) if at not in gone)
    claims = tuple(replace(claim, start=moved(claim.start), end=moved(claim.end)) for claim in resolved.claims)
    return Settled(
        replace(resolved, text=text, claims=claims),
        tuple(replace(quotation, start=moved(quotation.start), end=moved(quotation.end)) for quotation in quotations),
        {moved(start): doubt for start, doubt in doubts.items()},
    )
