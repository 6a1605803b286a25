"""The numbers of a sentence that may answer a question: what they measure, and which numbers they allow. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf

from rag.reading.lexicon import Token, matches, tokenize
from rag.reading.quantities import Quantity, is_number, quantities
from rag.reading.question import ANYONE, Question
from rag.times.mentions import find_mentions

NEAR = 0.1  # of a number: "about 1,200" is 1,080 to 1,320
CLAUSE_END = r"[,;:]|\b(?:and|but|while|or)\b"
SUBJECT_REACH, OBJECT_REACH = 6, 3  # words between a number and what befell it, before and after the verb
BEYOND = 0.25  # "more than 70" goes as far as 87
BEFORE = re.compile(
    r"\b(?:(?P<above>more than|at least|over|no fewer than|no less than|above|upwards of)"
    r"|(?P<below>less than|fewer than|at most|up to|under|no more than|below|nearly|almost|close to|just under)"
    r"|(?P<about>about|around|some|roughly|approximately|an estimated|estimated|a|an))\s+(?:[$£€]\s?)?\Z",
    re.IGNORECASE,
)
AFTER = re.compile(
    r"\s*(?:[\w%]+\s+)?(?:(?P<below>at most)|(?P<above>or more|at least)|(?P<about>or so))\b", re.IGNORECASE
)
VAGUE = {"dozens": (24.0, 99.0), "hundreds": (200.0, 999.0), "thousands": (2_000.0, 9_999.0), "both": (2.0, 2.0)}
NOT_ANY = frozenset("no none half several few couple single".split())
PEOPLE = r"(?:people|persons?|inhabitants?|residents?|residing|population)\b"
# A sentence that tells of a population: people who were hurt, or were on board, are none.
POPULATED = re.compile(
    r"\b(?:population|inhabitants?|residents?|residing|census|liv(?:e|es|ed|ing) (?:in|there))\b"
    r"|\bthere (?:were|are) \d[\d,.]* people(?:,| in \d)",
    re.IGNORECASE,
)
MONEY = (
    r"(?:\w+llion\s+)?(?:\w+\s+)?(?:dollars?|euros?|pounds?|crowns?|francs?|yen|yuan|rupees?|rubles?|pesos?|lira|dinars?"
    r"|kron\w+|(?<!per )cents?)\b"
)
MEASURES = (
    (r"\bpopulation\b", PEOPLE),
    (r"\b(?:cost|price|worth|value|bill|fine|fee|budget|salary)\b", MONEY),
    (r"\b(?:turnout|share|percentage|per ?cent|proportion)\b", r"(?:%|per ?cent)"),
    (r"\b(?:weight|tonnes|tons)\b", r"(?:tonnes?|tons?|kilo\w*|kg|pounds?)\b"),
    (r"\blength\b", r"(?:met(?:re|er)s?|km|kilomet\w+|miles?|feet|foot)\b"),
)
# "17 members of the 39"
PART_OF = re.compile(r"(?:\s+\w+){0,2}?\s+(?:out )?of (?:(?:the|its|their|all|these|those)\s+)*")
PLURAL = r"\w+(?<![isu])s\b"  # and not "census"
# "a population of", "the population of the parish was"
ANNOUNCED = r"\b{}\s+(?:(?:of|in|at)\s[^.,;:\d]{{1,60}}\s)?(?:of|was|is|were|are|at|to|reached|stood at|stands at)\s+\Z"
# "The population density was 20.1 people": in a question for a population it is another thing.
SPREAD = re.compile(r"\b(?:density|median|average (?:age|size|household|family|income))\b", re.IGNORECASE)
# "34 and the female population", "20 years old and younger population": the number is of something else.
ANOTHER = re.compile(r"(?:[,;:]|\b(?:and|but|while|or))\s+(?:the|an?|its|their)\b|\byears? old\b", re.IGNORECASE)
RATE = re.compile(r"\s+(?:an?|per|each|every) (?:second|minute|hour|day|night|week|month|year)\b")
DURATION_UNITS = re.compile(r"^(?:\S+ ){1,3}?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Range:
    """The numbers that a figure allows, both ends included."""

    low: float
    high: float

    def meets(self, other: "Range") -> bool:
        """Whether one number may be meant by both."""
        return self.low <= other.high and other.low <= self.high


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as written with how exact it is and what it counts; `counts`: what is asked for stands with it."""

    text: str
    start: int
    end: int
    range: Range
    counts: bool
    told: bool  # and what befell it: "70 wounded"
    unit: str = ""  # a pattern of MEASURES, and " a week": values of two units are of two things


def number_values(question: Question, sentence: str) -> list[Figure]:
    """The figures of a sentence that may answer, in order: times, years and numbers of the question are none."""
    measure = question.unit or next((unit for asked, unit in MEASURES if re.search(asked, question.text, re.I)), "")
    nouns = [token for token in question.counted if not token.is_name]
    if nouns and nouns[-1].text.lower() in ("people", "person", "persons"):
        measure = measure or PEOPLE
    open_count = not nouns or nouns[-1].text.lower() in ANYONE
    if open_count:
        nouns = [] if question.unit else [term.token for term in question.terms if term.says]
    timed = [] if question.unit else [(one.start, one.end) for one in find_mentions(sentence)]
    asked = {term.token.text for term in question.terms if term.token.is_number}
    befell = [term.token for term in question.terms if term.says and term.token not in question.counted]
    if asks_population(question) and not POPULATED.search(sentence):
        return []
    spread_is_other = asks_population(question) and not SPREAD.search(question.text)
    found = []
    for quantity in _parts(sentence):
        token = quantity.token
        if token.text in asked or any(low <= token.start < high for low, high in timed) or _is_year(sentence, quantity):
            continue
        if spread_is_other and SPREAD.search(re.split(CLAUSE_END, sentence[: token.start])[-1]):
            continue
        if figure := _figure(sentence, quantity, nouns, befell, measure):
            found.append(figure)
    if open_count and (befallen := predicate(question)):
        return [one for one in found if _befell(sentence, one, befallen)]
    fitting = [one for one in found if one.counts]
    return fitting or ([] if question.unit or not open_count or measure not in ("", PEOPLE) else found)


def asks_population(question: Question) -> bool:
    return bool(re.search(r"\bpopulation\b", question.text, re.IGNORECASE))


def _parts(sentence: str) -> list[Quantity]:
    """The quantities of a sentence; in "17 of the 39 seats" 17 is what counts seats, and 39 is none."""
    found = quantities(sentence)
    wholes = [
        two
        for one, two in pairwise(found)
        if PART_OF.fullmatch(sentence, one.token.end, two.token.start) and not _is_year(sentence, one)
    ]
    return [
        replace(one, counted=after.counted) if after and after in wholes else one
        for one, after in pairwise([*found, None])
        if one and one not in wholes
    ]


def predicate(question: Question) -> Token | None:
    """What befell those that a question counts: "died" in "How many people died when the ferry sank?"."""
    if not question.counted:
        return None
    words = [term.token.text for term in question.terms]
    after = words.index(question.counted[-1].text) + 1 if question.counted[-1].text in words else 0
    return next((term.token for term in question.terms[after:] if term.says), None)


def _befell(sentence: str, figure: "Figure", befallen: Token) -> bool:
    """Whether it is this number that it befell: no other number and no end of a clause stands between."""
    tokens = tokenize(sentence)
    for token in tokens:
        if not matches(befallen, token):
            continue
        before = token.start >= figure.start
        start, end = (figure.end, token.start) if before else (token.end, figure.start)
        reach, between = [one for one in tokens if start <= one.start < end], sentence[start:end]
        steps = SUBJECT_REACH if before else OBJECT_REACH
        if len(reach) <= steps and not any(map(is_number, reach)) and not re.search(CLAUSE_END, between):
            return True
    return False


def _is_year(sentence: str, quantity: Quantity) -> bool:
    """ "1951", and not "1951 people": a bare number of four digits."""
    bare = re.fullmatch(r"(?:1[0-9]|20)\d\d", quantity.token.text)
    after = sentence[quantity.token.end : quantity.token.end + 20]
    return bool(bare) and not re.match(rf"\s+(?:{PEOPLE}|{PLURAL})", after)


def _figure(
    sentence: str, quantity: Quantity, nouns: Sequence[Token], befell: Sequence[Token], measure: str
) -> Figure | None:
    token, end = quantity.token, quantity.token.end
    exact = _range(sentence, quantity)
    if exact is None:
        return None
    counted = next((one for one in quantity.counted if any(matches(noun, one) for noun in nouns)), None)
    if counted and ANOTHER.search(sentence, end, counted.start):
        counted = None
    after = sentence[token.end :]
    unit = re.match(rf"[\s-]*(?:\w+[\s-]+){{0,2}}?(?:{measure})", after, re.IGNORECASE) if measure else None
    symbol = re.search(r"[$£€]\s?\Z", sentence[: token.start]) if measure == MONEY else None
    told = bool(quantity.counted) and any(matches(one, quantity.counted[0]) for one in befell)
    if told:
        end = quantity.counted[0].end
    elif counted:
        end = counted.end
    elif unit:
        end += unit.end()
    elif scale := re.match(r"\s+\w+llion\b|%", after):
        end += scale.end()
    before = BEFORE.search(sentence, 0, token.start)
    start = before.start() if before and before.lastgroup else token.start
    text = " ".join(sentence[start:end].split())
    said = sentence[:start]
    announced = any(re.search(ANNOUNCED.format(re.escape(one.text)), said, re.IGNORECASE) for one in befell)
    counts = bool(counted or unit or symbol or told or announced)
    return Figure(text, start, end, exact, counts, told, _unit(sentence, token.start, token.end, end))


def _unit(sentence: str, start: int, after: int, end: int) -> str:
    """What a number is measured in, with the time that a rate is of; empty where it counts things or people."""
    given = sentence[after:]
    units = [unit for _, unit in MEASURES if unit != PEOPLE and re.match(rf"[\s-]*{unit}", given, re.IGNORECASE)]
    if re.search(r"[$£€]\s?\Z", sentence[:start]):
        units = [MONEY]
    rate = RATE.match(sentence, end)
    return "".join(units[:1]) + (rate.group() if rate else "")


def _range(sentence: str, quantity: Quantity) -> Range | None:
    word = quantity.token.text.lower()
    if quantity.value is None:
        return None if word in NOT_ANY or word not in VAGUE else Range(*VAGUE[word])
    number = quantity.value
    found = BEFORE.search(sentence, 0, quantity.token.start) or AFTER.match(sentence, quantity.token.end)
    how = found.lastgroup if found else ""
    if how == "above":
        return Range(number, number * (1 + BEYOND))
    if how == "below":
        return Range(number * (1 - BEYOND), number)
    if how == "about" and found and found["about"].lower() not in ("a", "an"):
        return Range(number * (1 - NEAR), number * (1 + NEAR))
    return Range(number, number) if number < inf else None
