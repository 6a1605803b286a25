"""Text as it reads, whatever its typography, with a map back to where each character stood. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

DASHES = "-‐‑‒–—―−﹘－"
HYPHENS = "-‐‑－"  # the ones that join words
SINGLE = "'‘’‚‛′ʼ`´＇｀"
DOUBLE = '"“”„‟″«»‹›＂'
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"
LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
DISSOLVED = str.maketrans({**dict.fromkeys(INVISIBLE, ""), **LIGATURES})
NOTE = re.compile(r"\s?\[\s?\d{1,3}(?:\s?[,–-]\s?\d{1,3})*\s?\]")
ACCENTS = r"[\u0300-\u036f\u1ab0-\u1aff\u20d0-\u20ff\u3099\u309a]"
WRAPPED = re.compile(rf"[{HYPHENS}¬\u00ad](?<=[^\W\d_].)[ \t]*(?:\r\n|\r|\n)\s*(?=[^\W\d_])")
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
PIECE = re.compile(
    rf"(?P<plain>[A-Za-z0-9]+(?:[,.;:]? [A-Za-z0-9]+)*(?!{ACCENTS}))"
    rf"|(?P<wrapped>{WRAPPED.pattern})"
    rf"|(?P<dash>\s*[{DASHES}]+\s*)"
    r"|(?P<guillemet>«[\u00a0\u202f\u2009]|[\u00a0\u202f\u2009]»)"  # as French sets them
    r"|(?P<space>\s+)"
    r"|(?P<ellipsis>…|[.．](?:\s*[.．]){2,})"
    rf"|(?P<doubled>[{SINGLE}]{{2}})"
    rf"|(?P<other>.{ACCENTS}*)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text; its character i stands for `original[starts[i]:ends[i]]`."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


@lru_cache(maxsize=1_000)
def fold(text: str, *, without_notes: bool = False, joined: bool = True) -> Folded:
    """One kind of dash, quotation mark, space and ellipsis; ligatures, entities and what cannot be seen dissolved.

    Digits, signs, letters, their case and their accents stay: "½", "²" and "①" are not the digits in them. A word
    that a line's end parts is written together (`joined`) or with its hyphen; `without_notes` drops marks like "[12]".
    """
    if ENTITY.search(text) and (plain := unescaped(text)).text != text:
        inner = fold(plain.text, without_notes=without_notes, joined=joined)
        starts_at, ends_at = plain.starts, plain.ends
        return Folded(
            inner.text, tuple(starts_at[at] for at in inner.starts), tuple(ends_at[at - 1] for at in inner.ends)
        )
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    left_out = {at for note in NOTE.finditer(text) for at in range(*note.span())} if without_notes else set()
    for match in PIECE.finditer(text):
        if match.start() in left_out or match.group() in INVISIBLE:
            continue
        start, end = match.span()
        if match.lastgroup == "plain":
            pieces += match.group()
            starts += range(start, end)
            ends += range(start + 1, end + 1)
            continue
        read = _read(match, text, joined=joined)
        if read == " " and pieces and pieces[-1] == " ":
            continue
        for character in read:
            pieces.append(character)
            starts.append(start)
            ends.append(end)
    return Folded("".join(pieces), tuple(starts), tuple(ends))


@lru_cache(maxsize=1_000)
def unescaped(text: str) -> Folded:
    """The text with the characters that its HTML entities ("&#x27;") stand for; nothing else is changed."""
    if not ENTITY.search(text):
        return Folded(text, range(len(text)), range(1, len(text) + 1))
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for match in ENTITY.finditer(text):
        start, end = match.span()
        character = unescape(match.group())
        if ENTITY.fullmatch(character) or len(character) != 1:  # no entity after all, or one that stands for another
            continue
        pieces += [text[position:start], character]
        starts += [*range(position, start), start]
        ends += [*range(position + 1, start + 1), end]
        position = end
    length = len(text)
    return Folded(
        "".join([*pieces, text[position:]]),
        (*starts, *range(position, length)),
        (*ends, *range(position + 1, length + 1)),
    )


def letters(text: str) -> str:
    """The letters and digits alone, without case: those of words that stand in a text stand in the text's.

    Much quicker than `fold`, for a first look.
    """
    plain = unicodedata.normalize(
        "NFKC", unescaped(text).text.replace("ʼ", "")
    )  # an apostrophe that counts as a letter
    return "".join(filter(str.isalnum, plain.casefold()))


def plain_letters(text: str) -> str:
    """The text without ligatures, loose accents and what cannot be seen; its dashes, marks and spaces stay."""
    return unicodedata.normalize("NFC", text.translate(DISSOLVED))


def _read(match: re.Match[str], text: str, *, joined: bool) -> str:
    kind, piece = match.lastgroup, match.group()
    if kind == "wrapped":
        return "" if joined else "-"
    if kind in ("dash", "space", "ellipsis"):
        return {"dash": "-", "space": " ", "ellipsis": "..."}[kind]
    if kind in ("guillemet", "doubled"):
        return '"'
    if piece in DOUBLE:
        return '"'
    if piece in SINGLE:
        return _apostrophe(text, match.start())
    letter, accents = piece[0], piece[1:]
    if "！" <= letter <= "～":  # the full-width forms of ASCII
        letter = chr(ord(letter) - 0xFEE0)
    return unicodedata.normalize("NFC", LIGATURES.get(letter, letter) + accents)


def _apostrophe(text: str, at: int) -> str:
    """An apostrophe, or the mark of feet, stays; what else stands outside words is a quotation mark."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return "'" if (before.isalpha() and after.isalpha()) or before.isdigit() else '"'
