"""Words as the checks and the extractive writer compare them: stems, and groups of words for one thing."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from index.terms import stem

WORD = re.compile(r"[A-Za-z](?:\.[A-Za-z])+\.?|\d[\d,.]*\d|[^\W_]+(?:[-'’][^\W_]+)*")
AGENT, DONE = re.compile(r"([a-z]{4,})[eo]rs?"), re.compile(r"(?:ed|ing)\Z")
LONGEST_PHRASE = 3
# One of each for all tokens: an empty set made anew takes more memory than the rest of its token.
NO_KEYS: frozenset[int] = frozenset()
NO_PARTS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Token:
    """A word, or a phrase that a group names.

    `keys` are the groups that it belongs to; `parts` the stems of a hyphenated word ("pro-GNA": pro, gna); `deed` is
    the stem of a word that may tell of a deed ("directed"), `deeds` those of which it names the doer ("director").
    """

    text: str
    stem: str
    start: int
    end: int
    keys: frozenset[int] = NO_KEYS
    parts: frozenset[str] = NO_PARTS
    deed: str = ""
    deeds: frozenset[str] = NO_PARTS

    @property
    def is_name(self) -> bool:
        return self.text[:1].isupper() or any(c.isupper() for c in self.text[1:])

    @property
    def is_number(self) -> bool:
        return self.text[:1].isdigit()


@lru_cache
def _groups() -> dict[str, frozenset[int]]:
    """Entry → the groups that list it. Words are listed by stem, phrases by their words, capitals as they are."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for number, line in enumerate(files("rag.reading").joinpath("synonyms.txt").read_text("utf-8").splitlines()):
        if line and not line.startswith("#"):
            for entry in map(str.strip, line.split(",")):
                found[entry if _is_acronym(entry) else _phrase_key(entry.split())].add(number)
    return {entry: frozenset(groups) for entry, groups in found.items()}


def _is_acronym(word: str) -> bool:
    return 1 < len(word) < 7 and word.isalpha() and word.isupper()


def _phrase_key(words: Sequence[str]) -> str:
    return " ".join(stem(word.rstrip(".")) if "." not in word[:-1] else word.lower().rstrip(".") for word in words)


def _keys(words: Sequence[str]) -> frozenset[int]:
    """Groups of a word or phrase; "US" is a name, and "us" in small letters is not."""
    if len(words) == 1 and _is_acronym(words[0]) and words[0] in _groups():
        return _groups()[words[0]]
    return _groups().get(_phrase_key(words), NO_KEYS)


@lru_cache(maxsize=2_000)  # for one answer some 300 texts are read, each of them often
def tokenize(text: str) -> tuple[Token, ...]:
    """The words of `text` in order; the words of a phrase that a group names become one token."""
    words = [(m.group(), m.start(), m.end()) for m in WORD.finditer(text)]
    tokens: list[Token] = []
    position = 0
    while position < len(words):
        for length in range(min(LONGEST_PHRASE, len(words) - position), 0, -1):
            span = words[position : position + length]
            keys = _keys([word for word, _, _ in span])
            if length == 1 or keys:
                break
        surface = text[span[0][1] : span[-1][2]]
        pieces = surface.split("-") if length == 1 and "-" in surface else []
        parts = frozenset(stem(piece) for piece in pieces if len(piece) > 1) if pieces else NO_PARTS
        root = stem(surface)
        deed = root if DONE.search(surface.lower()) else ""
        tokens.append(Token(surface, root, span[0][1], span[-1][2], keys, parts, deed, _deeds(surface)))
        position += length
    return tuple(tokens)


def _deeds(word: str) -> frozenset[str]:
    """The stems of what a word names the doer of: "director" of what is "directed"."""
    agent = AGENT.fullmatch(word.lower())
    return frozenset((stem(agent[1]), stem(f"{agent[1]}e"))) if agent else NO_PARTS


def same_deed(one: Token, other: Token) -> bool:
    """Whether one names who does what the other tells of: "director" and "directed", but not "directly"."""
    return other.deed in one.deeds or one.deed in other.deeds


def matches(asked: Token, given: Token) -> bool:
    """Whether two words say the same thing: one stem, one group, deed and doer, or one part of a hyphenated word."""
    return (
        asked.stem == given.stem
        or bool(asked.keys & given.keys)
        or same_deed(asked, given)
        or asked.stem in given.parts
        or given.stem in asked.parts
    )
