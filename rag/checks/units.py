"""A sentence as the units that are compared: words, numbers with their unit, ordinals, dates and times. Pure."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from index.terms import stem
from rag.checks.amounts import Unit, counting, merge_dates, merge_numbers
from rag.checks.words import ARTICLES, FILLERS, FUNCTION_WORDS, LONGEST_SAME, MONTHS, begins_same, same
from rag.reading.fold import DASHES, plain_letters

_MONTH = r"(?P<{0}>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_NUMBER_OF_DAY = r"(?P<{0}>\d{{1,2}})(?:st|nd|rd|th)?"
PATTERN = re.compile(
    "|".join(
        [
            r"(?P<iso>\b\d{4}-\d\d-\d\d\b)",
            rf"\b{_NUMBER_OF_DAY.format('d1')}\s+(?:of\s+)?{_MONTH.format('m1')}(?:,?\s+(?P<y1>\d{{4}})\b)?",
            rf"\b{_MONTH.format('m2')}\s+{_NUMBER_OF_DAY.format('d2')}\b(?![\d:.,]\d)(?:,?\s+(?P<y2>\d{{4}})\b)?",
            rf"\b{_MONTH.format('m3')},?\s+(?:of\s+)?(?P<y3>\d{{4}})\b",
            r"(?P<hour>\b\d{1,2})(?:[:.](?P<minute>\d\d))?\s?(?P<half>[ap])(?:m\b|\.m\b\.?)",
            r"(?P<hour24>\b\d{1,2}):(?P<minute24>\d\d)\b",
            r"(?P<number>(?:(?:US|A|C)?[$£€¥]\s?)?(?<![\w.,])(?:(?<!\S)[-‐‑−+])?\d+(?:,\d+)*(?:\.\d+)?[½¼¾⅓⅔]?|[½¼¾⅓⅔])"
            r"(?:(?P<nth>st|nd|rd|th)\b|(?P<percent>\s?%))?",
            r"(?P<initials>\b[A-Za-z](?:\.[A-Za-z])+\b\.?)",
            r"(?P<word>[^\W_]+(?:['’][^\W_]+)*['’]?(?<=\w)|&)",
        ]
    )
)
MARKS = re.compile(r"[,;:()\[\]—–/|]|(?<=\s)-+(?=\s)|…|\.{3}")
CONTRACTED = {"n't": "not", "'re": "are", "'ve": "have", "'ll": "will", "'m": "am"}
IRREGULAR = {"can't": ("can", "not"), "cannot": ("can", "not"), "won't": ("will", "not"), "shan't": ("shall", "not")}
IS = frozenset("it he she that there what who here where".split())
# Endings that make another word; plurals and past tenses are the same one.
DERIVED = re.compile(r"(?:ing|ings|ers?|ors?|ions?|ly|ments?|ness|ity|ities|als?|ive|ous|able|ees?|ists?|isms?|ies?t)$")


@lru_cache(maxsize=5_000)
def read(sentence: str) -> tuple[Unit, ...]:
    """The units of a sentence in order, without articles, "that" and words that only link sentences."""
    units = merge_dates(merge_numbers(_phrases(list(_pieces(plain_letters(sentence))))))
    return tuple(_without_small(units))


def carries(given: Unit, said: Unit, published: str | None = None) -> bool:
    """Whether a unit of a quote gives what a unit of the claim says; `published` (ISO) may carry a date's year."""
    if said.key == given.key or said.day is None or given.day is None:
        return said.key == given.key
    year, month, day = given.day
    if (
        year is None
        and published
        and (said.day[1], said.day[2]) <= (int(published[5:7] or 12), int(published[8:] or 31))
    ):
        year = int(published[:4])
    return all(mine is None or mine == other for mine, other in zip(said.day, (year, month, day), strict=True))


def _pieces(sentence: str) -> Iterator[Unit]:
    position, after_number = 0, False
    for match in PATTERN.finditer(sentence):
        between = sentence[position : match.start()]
        position = match.end()
        if after_number and match["number"] and between.strip() and between.strip() in DASHES:
            yield Unit("to", "to")  # "10–12 days"
            between = ""
        after_number = bool(match["number"])
        marks = "".join(MARKS.findall(between))
        for unit in _amount(match) or _words(match.group()):
            yield replace(unit, marks=marks) if marks else unit
            marks = ""


def _amount(match: re.Match[str]) -> tuple[Unit, ...]:
    text = match.group()
    part = match.groupdict()
    if iso := part["iso"]:
        return (_date(text, int(iso[:4]), int(iso[5:7]), int(iso[8:])),)
    for suffix in "123":
        if month := part[f"m{suffix}"]:
            year, day = part[f"y{suffix}"], part.get(f"d{suffix}")
            return (_date(text, year and int(year), MONTHS[month], day and int(day)),)
    if part["hour"]:
        hour = int(part["hour"]) % 12 + (12 if part["half"] in "pP" else 0)
        return (Unit(text, f"time:{hour}:{int(part['minute'] or 0):02}", "time"),)
    if part["hour24"]:
        return (Unit(text, f"time:{int(part['hour24'])}:{part['minute24']}", "time"),)
    if part["number"]:
        return (_number(text, part["number"], part["nth"], part["percent"]),)
    return ()


def _date(text: str, year: object, month: int, day: object) -> Unit:
    found = (year if isinstance(year, int) else None, month, day if isinstance(day, int) else None)
    return Unit(text, f"date:{found}", "date", day=found)


def _number(text: str, number: str, nth: str | None, percent: str | None) -> Unit:
    digits = re.sub(r"[^\d.]", "", number)
    value = float(digits or 0) + sum(unicodedata.numeric(c) for c in number if c in "½¼¾⅓⅔")
    value = -value if re.search(r"[-‐‑−]", number) else value
    currency = re.search(r"[$£€¥]", number)
    if nth:
        return Unit(text, f"ordinal:{value:.12g}", "ordinal")
    return counting(text, value, "%" if percent else currency.group() if currency else "")


def _words(text: str) -> Iterator[Unit]:
    low = text.lower().replace("’", "'")
    if low in IRREGULAR:
        yield from (Unit(part, part) for part in IRREGULAR[low])
        return
    for ending, full in CONTRACTED.items():
        if low.endswith(ending) and len(low) > len(ending):
            yield from (Unit(text[: -len(ending)], low[: -len(ending)]), Unit(full, full))
            return
    if low.endswith("'s") and low[:-2] in IS:
        yield from (Unit(text[:-2], low[:-2]), Unit("is", "is"))
        return
    yield Unit(text, _key(text, low))


def _key(text: str, low: str) -> str:
    if text == "May":  # the month is not what may be
        return text
    if group := same((text,)) or same((low,)):
        return group
    owner = low.endswith(("'s", "s'"))
    plain = re.sub(r"'s?$", "", low)
    if text.isupper() and 1 < len(text) < 6:
        return text
    if owner and (group := same((plain,))):
        return f"{group}'s"
    derived = DERIVED.search(plain) and plain.removesuffix("s")
    root = plain if plain in FUNCTION_WORDS else derived or stem(plain)
    return f"{root}'s" if owner else root


def _phrases(units: list[Unit]) -> list[Unit]:
    """Several words that are one in the list of what is the same ("United States", "per cent")."""
    found: list[Unit] = []
    position = 0
    while position < len(units):
        for length in range(LONGEST_SAME, 1, -1) if begins_same(units[position].text.lower()) else ():
            span = units[position : position + length]
            if len(span) == length and not any(unit.marks for unit in span[1:]):
                words = tuple(unit.text.lower().replace("’", "'") for unit in span)
                owner = "'s" if words[-1].endswith("'s") else ""
                group = same(words) or same((*words[:-1], words[-1].removesuffix("'s")))
                if group:
                    found.append(replace(span[0], text=" ".join(u.text for u in span), key=group + owner))
                    position += length
                    break
        else:
            found.append(units[position])
            position += 1
    return found


def _without_small(units: Sequence[Unit]) -> Iterator[Unit]:
    marks = article = ""
    for position, unit in enumerate(units):
        if unit.low in ARTICLES and unit.kind == "word" and not (unit.low == "a" and _next(units, position) == "few"):
            marks, article = marks + unit.marks, unit.low
        elif unit.low == "that" or unit.low in FILLERS:
            marks += unit.marks + ("that " if unit.low == "that" else "")
        else:
            changed = marks or article
            yield replace(unit, marks=marks + unit.marks, article=article or unit.article) if changed else unit
            marks = article = ""


def _next(units: Sequence[Unit], position: int) -> str:
    return units[position + 1].low if position + 1 < len(units) else ""
