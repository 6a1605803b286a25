"""A unit of a sentence, and several words that make one number or date. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from rag.checks.words import MONTHS
from rag.reading.quantities import SCALES as WRITTEN_OUT
from rag.reading.quantities import WORDS

Kind = Literal["word", "number", "ordinal", "date", "time"]
Day = tuple[int | None, int | None, int | None]
SCALES = WRITTEN_OUT | {"mn": 1e6, "bn": 1e9, "tn": 1e12}
ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth"
    " sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
CURRENCIES = {"dollar": "$", "dollars": "$", "euro": "€", "euros": "€", "pound": "£", "pounds": "£", "yen": "¥"}
BEFORE_YEARS = frozenset("in since by until till before after from to of during through between and circa".split())

BEFORE_MONTHS = frozenset("early mid late last next this every".split())


@dataclass(frozen=True, slots=True)
class Unit:
    """One word or amount. `key` is what is compared; `marks` the punctuation before it, `article` one before it.

    `day` is a date's year, month and day; `value` a number, and `measure` the per cent or currency that it has.
    """

    text: str
    key: str
    kind: Kind = "word"
    marks: str = ""
    article: str = ""
    day: Day | None = None
    value: float | None = None
    measure: str = ""
    low: str = field(init=False, compare=False)  # in small letters; the month of May is not what may be

    def __post_init__(self) -> None:
        object.__setattr__(self, "low", self.text if self.kind == "date" else self.text.lower())

    @property
    def is_name(self) -> bool:
        return self.kind == "word" and any(c.isupper() for c in self.text)


def counting(text: str, value: float, measure: str = "") -> Unit:
    """A number as a unit."""
    sharper = re.search(r"\d\.\d*?(0+)\D*$", text)  # 2.40 says more than 2.4
    key = f"number:{value:.12g}{measure}{':' + sharper.group(1) if sharper else ''}"
    return Unit(text, key, "number", value=value, measure=measure)


def merge_numbers(units: list[Unit]) -> list[Unit]:
    """Number words, scales and what is counted in per cent or money, each as one unit with its value."""
    found: list[Unit] = []
    position = 0
    while position < len(units):
        value, end, nth = _value(units, position)
        if value is None:
            found.append(units[position])
            position += 1
            continue
        span = units[position:end]
        unit = span[0].measure
        after = units[end].key if end < len(units) and not units[end].marks else ""
        if not nth and not unit and (after == "=percent" or (after and units[end].low in CURRENCIES)):
            unit = "%" if after == "=percent" else CURRENCIES[units[end].low]
            end += 1
            if unit == "%" and units[end : end + 1] and units[end].low in {"point", "points"}:
                unit, end = "%pt", end + 1
        text = " ".join(one.text for one in units[position:end])
        made = Unit(text, f"ordinal:{value:.12g}", "ordinal") if nth else counting(text, value, unit)
        found.append(replace(made, marks=span[0].marks, article=span[0].article))
        position = end
    return found


def _value(units: Sequence[Unit], position: int) -> tuple[float | None, int, bool]:
    """The number that begins here, where it ends, and whether it is an ordinal: "two hundred and five" → 205."""
    total, current, end, any_found = 0.0, 0.0, position, False
    while end < len(units):
        unit, word = units[end], units[end].low
        if end > position and unit.marks and not (unit.marks in "-–" and word in ORDINALS):
            break
        if unit.value is not None and not any_found:
            current = unit.value
        elif word in ORDINALS and (not any_found or (current % 10 == 0 and current % 100 >= 20)):
            return total + current + ORDINALS.index(word) + 1, end + 1, True
        elif word in WORDS and (not any_found or _fits(current, WORDS[word])):
            current += WORDS[word]
        elif word in SCALES and (any_found or word != "dozen" or units[end].article):
            current = (current or 1.0) * SCALES[word]
            if SCALES[word] >= 1000:
                total, current = total + current, 0.0
        elif any_found and word == "and" and _goes_on(units, end, position):
            end += 1
            continue
        else:
            break
        any_found = True
        end += 1
    return (total + current if any_found else None), end, False


def _fits(current: float, value: float) -> bool:
    """Whether a number word goes on another: twenty-five, hundred five; not "five six"."""
    room = 10 if current % 100 and current % 10 == 0 and current % 100 >= 20 else 100
    return current % room == 0 and value < room and (current == 0 or current >= 20)


def _goes_on(units: Sequence[Unit], end: int, position: int) -> bool:
    last = units[end - 1].low
    following = units[end + 1].low if end + 1 < len(units) and not units[end + 1].marks else ""
    return end > position and last in SCALES and last != "dozen" and following in WORDS


def merge_dates(units: list[Unit]) -> list[Unit]:
    """Years and months after a preposition as dates; "on" and "in" before a date go into it: formats differ in them."""
    found: list[Unit] = []
    for unit in units:
        before = found[-1].low if found and not unit.marks else ""
        dated = unit
        if unit.kind == "number" and before in BEFORE_YEARS and re.fullmatch(r"1\d{3}|20\d\d", unit.text):
            dated = replace(unit, kind="date", day=(int(unit.text), None, None))  # its key stays
        elif unit.text in MONTHS and before in BEFORE_MONTHS | BEFORE_YEARS:
            day = (None, MONTHS[unit.text], None)
            dated = replace(unit, kind="date", key=f"date:{day}", day=day)
        if dated.kind == "date" and before in {"on", "in"}:
            dated = replace(dated, marks=found.pop().marks)
        found.append(dated)
    return found
