"""The lines of a page → paragraphs, from where the lines stand. No PDF library here."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from index.sentences import TERMINAL

HYPHENS = "\ufffe\x02\u00ad"  # how PDFium reports one at the end of a line, and the soft one
LIST_ITEM = re.compile(r"(?:[•‣▪●◦*–-]|\d{1,3}[.)]|\(?[a-z]\))\s+\S")
BULLET = re.compile(r"^[•‣▪●◦]\s+")
LEADER = re.compile(r"(?:\s?\.){5,}(?=\s*\w*$)")  # the dots between a line of a table of contents and its page
NUMBER = re.compile(r"\d+|\b[ivxl]+$")
LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
EDGE_LINES = 2  # running headers and footers stand in these first and last lines of a page
SHARE_OF_PAGES = 0.1  # the chapters of a book have headers of their own


MOST_RUNNING = 0.3  # of all letters


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page (from 0) and its box in points, from the lower left corner; `size` is that of its letters."""

    text: str
    page: int
    left: float
    bottom: float
    right: float
    top: float
    size: float


def running_lines(pages: Sequence[Sequence[Line]]) -> set[Line]:
    """Headers, footers and page numbers: edge lines that come back at one place with no more than a number changed."""
    edges: list[tuple[Line, str]] = []
    for page in pages:
        order = sorted(page, key=lambda line: -line.top)
        for where, lines in (("top", order[:EDGE_LINES]), ("foot", order[EDGE_LINES:][-EDGE_LINES:])):
            edges += [(line, f"{where} {line.bottom:.0f} {NUMBER.sub('#', line.text).casefold()}") for line in lines]
    counts = Counter(key for _, key in edges)
    needed = max(3.0, SHARE_OF_PAGES * len(pages))
    numbers = {key for _, key in edges if not any(map(str.isalpha, key.split(" ", 2)[2].replace("page", "")))}
    running = {line for line, key in edges if counts[key] >= (2 if key in numbers else needed)}
    letters = sum(len(line.text) for page in pages for line in page)
    # Pages that all say the same, a form say, have no more headers than other pages.
    return running if sum(len(line.text) for line in running) < MOST_RUNNING * letters else set()


def page_blocks(lines: Sequence[Line]) -> Iterator[str]:
    """The paragraphs of one page: lines joined where the words flow on, words joined where a hyphen broke them."""
    if not lines:
        return
    steps = [a.bottom - b.bottom for a, b in pairwise(lines) if 0 < a.bottom - b.bottom < 4 * a.size]
    step = median(steps) if steps else 0.0
    block = lines[0].text
    for before, line in pairwise(lines):
        if _flows_on(before, line, step, _column_edge(lines, before)):
            block = _join(block, line.text)
        else:
            yield _tidy(block)
            block = line.text
    yield _tidy(block)


def _flows_on(before: Line, line: Line, step: float, edge: float) -> bool:
    """Whether `line` goes on with the paragraph of `before`, whose column ends at `edge`."""
    broken = before.text[-1] in HYPHENS + "-"
    height, other = before.top - before.bottom, line.top - line.bottom
    if not 0.72 < height / max(other, 0.1) < 1.39:
        return False  # a heading; words in another typeface differ by less
    if (LIST_ITEM.match(line.text) and not broken) or LEADER.search(before.text):
        return False
    ended = bool(TERMINAL.search(before.text))
    drop = before.bottom - line.bottom
    if abs(drop) < 0.3 * before.size:
        return True  # a piece of the same line
    if drop < 0:
        return not ended  # the next column
    if drop > 1.4 * max(step, 0.8 * before.size):
        return False
    letter = (before.right - before.left) / max(1, len(before.text))
    first_word = letter * (len(line.text.split()[0]) + 1)
    room = edge - before.right
    if room > first_word * (1.0 if ended else 1.6):
        return broken  # the word would have fitted, so the line was ended on purpose
    return not (ended and line.left - before.left > 0.8 * before.size)


def _column_edge(lines: Sequence[Line], line: Line) -> float:
    """Where lines that start near this one and are set in the same letters end at the right."""
    alike = (o.right for o in lines if abs(o.left - line.left) < 2.2 * line.size and abs(o.size - line.size) < 0.5)
    return max(alike)


def _join(block: str, line: str) -> str:
    if block[-1] in HYPHENS:
        return block[:-1] + line
    if block[-1] == "-" and len(block) > 1 and block[-2].isalpha() and line[0].islower():
        return block[:-1] + line
    return f"{block} {line}"


def _tidy(block: str) -> str:
    text = LEADER.sub(" …", block.translate(LIGATURES))
    return BULLET.sub("- ", re.sub(rf"[{HYPHENS}]\s*", "", text))
