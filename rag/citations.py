"""[n] in a growing text → spans of articles. Pure; the same for a whole answer and for one that still streams."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.records import Span
from index.sentences import split_sentences
from rag.prompt import UNSEEN, Sentence, wording
from rag.records import Citation, Claim

OPEN, CLOSE = r"(?:\[\[|[\[【［])", r"(?:\]\]|[\]】］])"
SEPARATOR = r"\s*(?:,\s*and\b|[-–,;&/]|\band\b|\bto\b)\s*"
NUMBERS = rf"\s*(?:sentences?\s*|source\s*|[#^]\s*)?\d+(?:{SEPARATOR}[#^]?\d+)*\s*"
CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
CODE_OR_MARKER = re.compile(rf"(?P<code>{CODE.pattern})|{OPEN}(?P<numbers>{NUMBERS}){CLOSE}", re.DOTALL | re.IGNORECASE)
CODE_OR_THOUGHT = re.compile(rf"(?P<code>{CODE.pattern})|<(?P<end>/)?think(?:ing)?\s*>", re.DOTALL | re.IGNORECASE)
THOUGHT = re.compile(r"<(/)?think(?:ing)?\s*>", re.IGNORECASE)
_LIST = r"[\d\s,;&/–#^-]*"
# What may yet become a marker or a tag; it is known for none only when the next character has come.
UNFINISHED = re.compile(
    rf"(?:\s*{OPEN}\s*[a-z]{{0,9}}{_LIST}(?:(?:and?|a|to?){_LIST})*[\]】］]?|<[a-z/]{{0,9}}\s*|\s+)$", re.IGNORECASE
)
CUT_OFF = re.compile(rf"\s*{OPEN}\s*(?:sentences?|source)?{_LIST}(?:(?:and|to){_LIST})*$", re.IGNORECASE)
LONGEST_RANGE = 20


@dataclass(frozen=True, slots=True)
class Resolved:
    """A writer's text with display numbers, its claims (support not yet checked), and what they cite."""

    text: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]


def resolve(written: str, sentences: Mapping[int, Sentence], *, final: bool = True) -> Resolved:
    """Turn sentence numbers into citations, numbered [1], [2] … in order of appearance; unknown numbers are dropped.

    Characters that cannot be seen or that turn the direction are dropped: they would show another text than is checked.
    While `final` is False, what may be the beginning of a marker at the end is held back.
    """
    written = _without_thoughts(UNSEEN.sub("", written)).lstrip()
    written = CUT_OFF.sub("", written) if final else _finished(written)
    plain, markers = _take_out_markers(written, sentences)
    spans = _claim_spans(plain)
    owned = _assign(markers, spans, plain)
    display = _in_order(number for _, numbers in markers for number in numbers) if spans else {}
    pieces: list[str] = []
    claims: list[Claim] = []
    length = position = 0
    for (start, end), own in zip(spans, owned, strict=True):
        pieces.append(plain[position:start])
        length += start - position
        claim_start, cited, position = length, [], start
        for at, numbers in own:
            shown = [display[number] for number in numbers]
            piece = f"{plain[position:at]} {''.join(f'[{number}]' for number in shown)}"
            pieces.append(piece)
            length += len(piece)
            position = at
            cited += shown
        pieces.append(plain[position:end])
        length += end - position
        position = end
        claims.append(Claim(claim_start, length, tuple(dict.fromkeys(cited)), "unsupported"))
    pieces.append(plain[position:])
    citations = tuple(sentences[number].cite(shown) for number, shown in display.items())
    return Resolved("".join(pieces).rstrip(), tuple(claims), citations)


def quote(chosen: Sequence[Sentence]) -> Resolved:
    """Sentences as they stand, one a line, each its own citation: nothing is parsed, so nothing can be misread."""
    lines = [f"{wording(sentence.text)} [{number}]" for number, sentence in enumerate(chosen, start=1)]
    claims, start = [], 0
    for number, line in enumerate(lines, start=1):
        claims.append(Claim(start, start + len(line), (number,), "supported"))
        start += len(line) + 1
    citations = tuple(sentence.cite(number) for number, sentence in enumerate(chosen, start=1))
    return Resolved("\n".join(lines), tuple(claims), citations)


def _without_thoughts(written: str) -> str:
    """The text without <think> blocks, closed or not; a lone </think> ends a block that began before the text."""
    shown, position, depth, any_block = "", 0, 0, False
    while match := (THOUGHT if depth else CODE_OR_THOUGHT).search(written, position):
        if not depth and match["code"] is not None:
            shown += written[position : match.end()]
        elif not depth:
            shown += written[position : match.start()]
            if match["end"] and not any_block:
                shown = ""
            depth, any_block = 0 if match["end"] else 1, True
        else:
            depth += -1 if match.group(1) else 1
        position = match.end()
    return shown if depth else shown + written[position:]


def _finished(written: str) -> str:
    """The text whose reading nothing can change that is still to come.

    That is the text before a backtick that may open inline code, in which a marker would be none, and before the
    beginning of a marker or a tag.
    """
    last = max((match.end() for match in CODE.finditer(written)), default=0)
    opening = written.find("`", max(last, written.rfind("\n") + 1))
    written = written if opening < 0 else written[:opening]
    while (shorter := UNFINISHED.sub("", written)) != written:
        written = shorter
    return written


def _in_order(numbers: Iterable[int]) -> dict[int, int]:
    """Display numbers in order of writing, so that none changes while the text grows."""
    display: dict[int, int] = {}
    for number in numbers:
        display.setdefault(number, len(display) + 1)
    return display


Markers = list[tuple[int, list[int]]]


def _take_out_markers(written: str, sentences: Mapping[int, Sentence]) -> tuple[str, Markers]:
    """The text without its markers, and where each stood with the known numbers in it."""
    plain = ""
    markers: Markers = []
    position = 0
    for match in CODE_OR_MARKER.finditer(written):
        if match["code"] is not None:
            continue
        plain += written[position : match.start()]
        position = match.end()
        if not written[position : position + 1].strip(" \t\r\n.,;:!?)[【"):  # nothing left that the space would part
            plain = plain.rstrip(" \t")
        if not plain:
            position += len(written[position:]) - len(written[position:].lstrip())
        known = [number for number in _expand(match["numbers"]) if number in sentences]
        if known and markers and markers[-1][0] == len(plain):
            markers[-1][1].extend(number for number in known if number not in markers[-1][1])
        elif known:
            markers.append((len(plain), known))
    return plain + written[position:], markers


def _assign(markers: Markers, spans: list[Span], plain: str) -> list[Markers]:
    """The markers of each claim, moved inside it: a marker belongs to what stands before it on its line, else after."""
    owned: list[Markers] = [[] for _ in spans]
    for at, numbers in markers:
        line_start = plain.rfind("\n", 0, at) + 1
        leads_line = not plain[line_start:at].strip() and plain[at:].split("\n", 1)[0].strip()
        before = [index for index, (start, _) in enumerate(spans) if start < at]
        if before and not leads_line:
            owned[before[-1]].append((min(at, spans[before[-1]][1]), numbers))
        elif after := [index for index, (start, _) in enumerate(spans) if start >= at]:
            owned[after[0]].append((spans[after[0]][1], numbers))
        elif before:
            owned[before[-1]].append((spans[before[-1]][1], numbers))
    return [sorted(own, key=lambda marker: marker[0]) for own in owned]


def _expand(numbers: str) -> list[int]:
    """ "3, 5-7" → [3, 5, 6, 7]; a range that is too long names its ends only."""
    found: list[int] = []
    for part in re.split(r"[,;&/]|\band\b", numbers):
        ends = [int(number) for number in re.findall(r"\d+", part)]
        if len(ends) == 2 and 0 <= ends[1] - ends[0] <= LONGEST_RANGE:
            found.extend(range(ends[0], ends[1] + 1))
        else:
            found.extend(ends)
    return list(dict.fromkeys(found))


def _claim_spans(plain: str) -> list[Span]:
    """The span of each sentence; none goes over the end of a line."""
    spans: list[Span] = []
    for line in re.finditer(r"[^\n]+", plain):
        spans.extend(split_sentences(plain, line.start(), line.end()))
    return spans
