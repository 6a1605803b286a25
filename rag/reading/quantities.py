"""Numbers and times in a sentence, as values that can be compared. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.reading.lexicon import Token, tokenize

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
WORDS = {word: float(value) for value, word in enumerate(_UNITS)}
WORDS |= {word: 20.0 + 10 * position for position, word in enumerate(_TENS)}
SCALES = {"dozen": 12.0, "hundred": 100.0, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
VAGUE = frozenset("dozens hundreds thousands millions billions half both several couple few single no none".split())
PREPOSITIONS = frozenset("on in as by to from with at for since over into after before during".split())
END = re.compile(r"[,;:()]|[.!?]\s")  # of what a number counts
REACH = 6  # words between a number and what it counts
_MONTH = r"(?:january|february|march|april|(?-i:May)|june|july|august|september|october|november|december)"
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_SPAN = r"(?:second|minute|hour|day|night|week|weekend|month|year|decade|spring|summer|autumn|winter)s?"
TIME = re.compile(
    rf"\b(?:(?:as of|since|by|until|before|after|on|in|over|during|at|from|for)\s+)?(?:the\s+)?"
    rf"(?:(?:early|late|mid|last|next|this|past|end of|start of|beginning of)[\s-]+)*"
    rf"(?:(?:\d{{1,2}}\s+)?{_MONTH}(?:\s+\d{{1,2}}\b)?(?:,?\s+\d{{4}})?|{_DAY}(?:\s+(?:morning|afternoon|evening|night))?"
    rf"|(?:\d{{1,2}}(?:st|nd|rd|th)|[a-z]+(?:th|first|second|third))[\s-]century(?:\s+BCE?)?"
    rf"|\d[\d,.]*\s(?:BCE?|CE|AD|BP)\b|\d[\d,.]*\s(?:thousand|million|billion)\syears\sago"
    rf"|(?:1[0-9]|20)\d\ds?\b|\d{{1,2}}:\d\d|\d{{1,2}}\.\d\d\s?[ap]\.?m\b\.?|today|yesterday|tonight|tomorrow"
    rf"|(?:recent|last|next|this|past|coming)\s+{_SPAN}"
    rf"|(?:more than |about |some |around )?(?:\d+|{'|'.join(_UNITS + _TENS)}|a few|several)\s+{_SPAN}(?:\s+ago)?"
    rf"|noon|midnight|dawn|\d{{1,2}}\s?[ap]\.?m\.?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and the words after it that it may count; `value` is None for "dozens" and the like."""

    value: float | None
    token: Token
    counted: tuple[Token, ...]


def quantities(sentence: str) -> list[Quantity]:
    """The numbers of a sentence, in order, each with what follows it up to a preposition or the next number."""
    tokens = tokenize(sentence)
    found = []
    for position, token in enumerate(tokens):
        if not is_number(token) or (position and _scales(tokens, position - 1)):
            continue
        number, last = value(token), position
        if _scales(tokens, position):
            last += 1
            number = None if number is None else number * SCALES[tokens[last].text.lower()]
        found.append(Quantity(number, token, _counted(sentence, tokens, last)))
    return found


def _scales(tokens: Sequence[Token], position: int) -> bool:
    """Whether the next word multiplies the number at `position`: "4.2 million", "a few dozen"."""
    after = tokens[position + 1].text.lower() if position + 1 < len(tokens) else ""
    return after in SCALES and is_number(tokens[position]) and tokens[position].text.lower() not in SCALES


def is_number(token: Token) -> bool:
    return token.is_number or any(
        part in WORDS or part in SCALES or part in VAGUE for part in token.text.lower().split("-")
    )


def value(token: Token) -> float | None:
    """The number that a word gives: "1,200" → 1200, "seven" → 7, "twenty-one" → 21; None where it gives none."""
    text = token.text.lower()
    if re.fullmatch(r"\d[\d,]*(?:\.\d+)?", text):
        return float(text.replace(",", ""))
    parts = [WORDS.get(part) for part in text.split("-")]
    known = [part for part in parts if part is not None]
    return sum(known) if known and len(known) == len(parts) else SCALES.get(text)


def times(sentence: str) -> list[str]:
    """The time expressions of a sentence as written ("As of Wednesday", "since August 1")."""
    return [match.group().strip() for match in TIME.finditer(sentence)]


def _counted(sentence: str, tokens: Sequence[Token], position: int) -> tuple[Token, ...]:
    phrase: list[Token] = []
    end = tokens[position].end
    for token in tokens[position + 1 : position + 1 + REACH]:
        if token.text.lower() in PREPOSITIONS or is_number(token) or END.search(sentence, end, token.start):
            break
        phrase.append(token)
        end = token.end
    return tuple(phrase)
