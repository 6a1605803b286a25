"""Where do words stand that a writer put in quotation marks? Pure."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from rag.reading.fold import HYPHENS, NOTE, WRAPPED, Folded, fold, letters, unescaped
from rag.records import Verdict

FEWEST_WORDS = 3  # in each half of a quotation that is put together from two places
CUT = re.compile(r"\s*(?:[\[(]\s*(?:…|\.{3})\s*[\])]|…|\.\s?\.\s?\.)\s*")
# A number that goes on past the words: "was 3." of "was 3.62".
JOINT_LAST, JOINT_FIRST = re.compile(r"\d[.,:/–−]\Z"), re.compile(r"[.,:/–−]\d")
MOVED_INSIDE = re.compile(r"[\s.,;:\"]+$")


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a quotation: `texts[source][start:end]` are the words, or their first piece where stitched."""

    verdict: Verdict
    source: str | None = None
    start: int = 0
    end: int = 0


def find_quotation(words: str, texts: Mapping[str, str], cited: Collection[str]) -> Found:
    """Where `words` stand in the texts (id → text), those cited first, letter by letter up to typography."""
    words = re.sub(r"^\[(\w)\]", r"\1", words.strip())
    own = {source: text for source, text in texts.items() if source in cited}
    others = {source: text for source, text in texts.items() if source not in cited}
    if exact := next(_verbatim(words, own), None):
        return Found("exact", *exact)
    if folded := next(_folded(words, own), None):
        return Found("folded", *folded)
    if elsewhere := next(chain(_verbatim(words, others), _folded(words, others)), None):
        return Found("misattributed", *elsewhere)
    if pieces := next(_in_pieces(words, {**own, **others}), None):
        return Found("stitched", *pieces)
    return Found("not found")


Place = tuple[str, int, int]


def _verbatim(words: str, texts: Mapping[str, str]) -> Iterator[Place]:
    for source, text in texts.items():
        shown = unescaped(text)
        for start in _occurrences(words, shown.text):
            if _whole_words(shown.text, start, start + len(words)):
                yield source, shown.starts[start], shown.ends[start + len(words) - 1]


def _folded(words: str, texts: Mapping[str, str]) -> Iterator[Place]:
    texts = _holding(words, texts)
    if not texts:
        return
    wanted = [fold(words.strip(), joined=joined).text for joined in (True, False)]
    for plain in dict.fromkeys([*wanted, *(MOVED_INSIDE.sub("", one) for one in wanted)]):
        for source, text in texts.items():
            shown = unescaped(text)
            for folded in _readings(shown.text):
                for start, end in _spans(plain, folded):
                    if _whole_words(shown.text, start, end):
                        yield source, shown.starts[start], shown.ends[end - 1]


def _holding(words: str, texts: Mapping[str, str]) -> Mapping[str, str]:
    """The texts that have the letters of the words at all: folding is what costs."""
    sought = letters(words)
    return {source: text for source, text in texts.items() if any(sought in held for held in _letters(text))}


@lru_cache(maxsize=1_000)
def _letters(text: str) -> tuple[str, ...]:
    """The letters of a text, and those without its footnote marks."""
    shown = unescaped(text).text
    return tuple(letters(reading) for reading in dict.fromkeys((shown, NOTE.sub("", shown))))


def _readings(text: str) -> Iterator[Folded]:
    """The text folded, with and without footnote marks, words at a line's end written together and with a hyphen."""
    for without_notes in (False, True) if "[" in text and NOTE.search(text) else (False,):
        for joined in (True, False) if WRAPPED.search(text) else (True,):
            yield fold(text, without_notes=without_notes, joined=joined)


def _spans(words: str, folded: Folded) -> Iterator[tuple[int, int]]:
    sought, text = words.lower(), folded.text.lower()
    if (len(sought), len(text)) != (len(words), len(folded.text)):  # "İ" in small letters is longer
        sought, text = words, folded.text
    for start in _occurrences(sought, text):
        end = start + len(words)
        if _alike(words, folded.text[start:end]):
            yield folded.starts[start], folded.ends[end - 1]


def _alike(one: str, other: str) -> bool:
    """Whether words differ in their first letters' case at most: "US" is not "us"."""
    return all(mine[1:] == its[1:] for mine, its in zip(one.split(), other.split(), strict=False))


def _in_pieces(words: str, texts: Mapping[str, str]) -> Iterator[Place]:
    """The first piece of a quotation whose pieces are each in the texts, cut at "…" or once between two words."""
    pieces = [piece for piece in CUT.split(words) if any(map(str.isalnum, piece))]
    if len(pieces) > 1 and all(any(_folded(piece, texts)) for piece in pieces):
        yield from _folded(pieces[0], texts)
    parts = words.split()
    for cut in range(FEWEST_WORDS, len(parts) - FEWEST_WORDS + 1):
        one, other = " ".join(parts[:cut]), " ".join(parts[cut:])
        if _holding(one, texts) and _holding(other, texts) and any(_folded(other, texts)):
            yield from _folded(one, texts)


def _occurrences(words: str, text: str) -> Iterator[int]:
    start = text.find(words) if words else -1
    while start >= 0:
        yield start
        start = text.find(words, start + 1)


def _whole_words(text: str, start: int, end: int) -> bool:
    """Whether the span cuts no word or number: not "5" out of "-5", "3.5" or "5%", nor half of "non-EU"."""
    inside, before, after = text[start:end], text[:start][-2:], text[end:][:2]
    first, last = inside[:1], inside[-1:]
    if _is_part(before[-1:]) and _is_part(first):
        return False
    if _is_part(after[:1]) and (_is_part(last) or not after[:1].isalnum()):
        return False
    if first.isalnum() and len(before) == 2 and before[1] in HYPHENS + "'’" and before[0].isalnum():
        return False
    if last.isalnum() and len(after) == 2 and after[0] in HYPHENS + "'’" and after[1].isalnum():
        return False
    if first.isdigit() and (before[-1:] in tuple("-−+±$£€¥<>≤≥~") or re.search(r"\d[.,:/–−]$", before)):
        return False
    if (JOINT_LAST.search(inside) and after[:1].isdigit()) or (JOINT_FIRST.match(inside) and before[-1:].isdigit()):
        return False
    return not (last.isdigit() and (after[:1] in tuple("%‰°+$£€¥′″") or re.match(r"[.,:/–−]\d", after)))


def _is_part(character: str) -> bool:
    """Whether a character belongs to a word or a number, combining accents included."""
    return character.isalnum() or character == "_" or "\u0300" <= character <= "\u036f" or character == "\u00ad"
