"""What kind of value a question asks for, and whether a sentence says what is asked. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from rag.reading.lexicon import Token, matches, tokenize
from rag.reading.question import Kind, Question, is_title
from rag.values.numbers import POPULATED, Range, asks_population

POLAR = re.compile(
    r"^(?:(?:and|but|so|then)\s+)?(?:is|are|was|were|did|do|does|has|have|had|can|could|will|would|should)\b(?!.*\bor\b)",
    re.IGNORECASE,
)
MEASURED = re.compile(
    r"\b(?:what|which)\b.*\b(?:population|turnout|cost|price|worth|value|weight|length|height|depth|age|speed|percentage"
    r"|share|amount|size|distance|toll|capacity|budget|fine|fee|salary|rate|total)\b"
    r"|\b(?:population|number|amount|share|cost|price|value|toll) of\b|^number\b",
    re.IGNORECASE,
)
DATED = re.compile(
    r"\b(?:on |in )?(?:what|which)(?: was| is)?(?: the)? (?:\w+ )?(?:year|date|day|month|decade|century)\b",
    re.IGNORECASE,
)
ASKED_NAME = re.compile(
    r"\b(?:what|which)(?: (?:is|was|were|are))?(?: (?:the|private|rock))*(?: \w+)?\b ?\b"
    r"(?:artist|band|singer|author|writer|director|composer|architect|company|firm|operator|country|city|town|state"
    r"|region|location|place|port|district|club|team|ship|newspaper|owner|mayor|minister|president|union|war)\b",
    re.IGNORECASE,
)
CATEGORY = re.compile(
    r"\b(?:what|which)\s+(?!(?:is|are|was|were|did|do|does|has|have|had|can|will|would|happened|caused)\b)\w+"
    r"|\bwhat (?:is|was|are|were) (?:the |an? )?(?:\S+ ){0,2}?\S+ (?:of|for|in)\b|\bwhat (?:is|was)\b.*[’']s \w+"
    r"|\bwhat (?:is|was) (?:\S+ ){1,6}known for\b|\bwhat does (?:\S+ ){1,6}(?:mean|refer to|stand for)\b",
    re.IGNORECASE,
)
DEFINITION = re.compile(
    r"\b(?:is|was|are|were|became|becomes?|refers? to|means?|served as|played as|worked as|elected as|known as|as)\s+"
    r"(?:(?:also|now|currently|originally|formerly|best known as|one of)\s+)*(?:(?:an?|the|his|her|its|their)\s+)",
    re.IGNORECASE,
)
# "Tides (2017 film), a drama", "Peder Aune, 63, a retired boatbuilder": nothing but a name before it.
NAME_WORD = r"(?:[A-Z0-9“\"'‘–-][^\s,.;()]*|\([^()]{0,60}\)|of|de|la|von|van|der|al|the|and)"
APPOSITION = re.compile(
    r"(?!(?:In|On|At|By|For|From|With|After|Before|When|While|As|Of|To|And|But|If|Since|Under|Over|During|Near)\b)"
    rf"{NAME_WORD}(?:\s+{NAME_WORD}){{0,7}},\s+(?:\d+,\s+)?an?\s+"
)
PRONOUN = re.compile(r"(?:It|He|She|They)\b")
IS_A = re.compile(r"\b(?:(?:is|was|are|were|became)\s+(?:\w+ly\s+)?(?:an?|the|one of)|by(?=\s+[A-Z]))\b")
OPENING_WORDS = 6
OPENING_TEXT = 200  # characters in which an article or a sentence says what it is about
SAID_ITSELF = 0.6  # of the words that say what is asked, in a further sentence that is to be heard
SAID_OF_NAME, SAID_OF_VALUE = 1.0, 0.7
FAR, BEHIND, BEYOND_COMMA = 40, 3, 2  # distances in tokens


class Wanted(Enum):
    """What kind of value a question asks for."""

    NUMBER = "number"
    TIME = "time"
    NAME = "name"
    PHRASE = "phrase"
    POLAR = "yes or no"
    NOTHING = "no short answer"


@dataclass(frozen=True, slots=True)
class Value:
    """A short answer, `sentence[start:end]` but for white space, and what it is compared by.

    `keys`: the words that tell it, names first; `range`: the numbers or ISO days that it allows.
    `near`: whether it stands by words of the question, and is not only the likeliest of its kind; `planned`: a time
    that was still to come; `unit`: what a number is measured in.
    """

    text: str
    start: int
    end: int
    keys: tuple[frozenset[str], ...] = ()
    range: Range | None = None
    days: tuple[str, str] | None = None
    near: bool = False
    planned: bool = False
    unit: str = ""


@lru_cache(maxsize=512)
def wanted(question: Question) -> Wanted:
    """What kind of value would answer."""
    text = question.text
    if question.kind is Kind.TIME or DATED.search(text):
        return Wanted.TIME
    if question.kind is Kind.NUMBER or MEASURED.search(text):
        return Wanted.NUMBER
    if POLAR.search(text):
        return Wanted.POLAR
    if question.kind in (Kind.PERSON, Kind.PLACE) or ASKED_NAME.search(text):
        return Wanted.NAME
    return Wanted.PHRASE if CATEGORY.search(text) else Wanted.NOTHING


def asked_words(question: Question) -> list[Token]:
    """The words of a question that tell what is asked of its names."""
    return [term.token for term in question.terms if not term.name and not term.earlier]


def anchors(question: Question, tokens: Sequence[Token]) -> list[int]:
    """Where a sentence has them, by the position of its tokens."""
    asked = asked_words(question)
    return [place for place, token in enumerate(tokens) if any(_kindred(word, token) for word in asked)]


def _kindred(asked: Token, given: Token) -> bool:
    """One word, or words of one root: "director" and "directed"."""
    if matches(asked, given):
        return True
    root = min(len(asked.stem), len(given.stem), 6)
    return root >= 5 and asked.stem[:root].lower() == given.stem[:root].lower()


def opens_with_name(question: Question, sentence: str) -> bool:
    """Whether a sentence begins by naming what the question names, as one that says what it is does."""
    names = [
        term.token
        for column, term in enumerate(question.terms)
        if term.name and not (term.earlier or is_title(question, column))
    ]
    opening = tokenize(sentence)[: OPENING_WORDS + 2 * len(names)]
    heard = [any(matches(name, token) for token in opening) for name in names]
    return bool(names) and 2 * sum(heard) >= len(heard)


def apposition(question: Question, sentence: str) -> re.Match[str] | None:
    """What a sentence puts behind a name of the question that it opens with: "Peder Aune, 63, a boatbuilder"."""
    match = APPOSITION.match(sentence)
    named = [term.token for term in question.terms if term.name and not term.earlier]
    opening = tokenize(match.group()) if match else ()
    return match if any(matches(name, token) for name in named for token in opening) else None


def defines(question: Question, sentence: str) -> bool:
    """Whether a sentence says what or whose the thing named is, as the first one of an article about it does."""
    kind = wanted(question)
    if kind is Wanted.NUMBER:
        return bool(asks_population(question) and POPULATED.search(sentence))
    if not (opens_with_name(question, sentence) or (kind is Wanted.PHRASE and PRONOUN.match(sentence))):
        return False
    lived = kind is Wanted.TIME and re.search(r"\(\D{0,40}\d", sentence)
    said = kind is Wanted.PHRASE and apposition(question, sentence)
    return bool(lived or said or (kind is not Wanted.TIME and IS_A.search(sentence[:OPENING_TEXT])))


def says_as_asked(question: Question, sentence: str) -> bool:
    """Whether a sentence has the words of the question that say what is asked of its names; for a name, all of them."""
    counted = {token.start for token in question.counted}
    said = [term.token for term in question.terms if term.says]
    said = [token for token in said if token.start not in counted] or said or asked_words(question)
    earlier = [term.token for term in question.terms if term.earlier and not term.asking]
    tokens = tokenize(sentence)
    least = SAID_OF_NAME if wanted(question) in (Wanted.NAME, Wanted.PHRASE) else SAID_OF_VALUE
    return bool(said) and _share(said, tokens) >= least and (not earlier or _share(earlier, tokens) >= SAID_OF_VALUE)


def _share(asked: Sequence[Token], tokens: Sequence[Token]) -> float:
    """The share of asked words that a sentence has."""
    return sum(any(_kindred(word, token) for token in tokens) for word in asked) / len(asked)


def distance(tokens: Sequence[Token], places: Sequence[int], sentence: str, start: int, end: int) -> float:
    """How far a span is from the nearest word of the question, in tokens; behind it and past a comma is further."""
    best = float(FAR)
    for place in places:
        token = tokens[place]
        between = sentence[token.end : start] if token.end <= start else sentence[end : token.start]
        steps = len(between.split()) + BEYOND_COMMA * len(re.findall(r"[,;]", between))
        best = min(best, steps + (0 if token.end <= start else BEHIND))
    return best


def flat(text: str) -> str:
    """Text on one line."""
    return " ".join(text.split())
