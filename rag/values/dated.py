"""The times of a sentence that may answer a question, with their days. Pure."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from rag.reading.lexicon import tokenize
from rag.reading.question import Question
from rag.times.meaning import SAID, read_times
from rag.times.spans import Span, in_words
from rag.times.tense import Tense, tense_at
from rag.values.numbers import DURATION_UNITS
from rag.values.wanted import Value, anchors, distance

ASKS_SAYING = re.compile(r"\b(?:say|tell|announce|declare|report|state|warn)\b")
ENDING = re.compile(r"\b(?:die|died|death|end|ended|close|closed|dissolved)\b", re.IGNORECASE)
# "(3 June 1912 – 1 March 1986)": of a life, its beginning and its end
LIFESPAN = re.compile(r"\(([^()]{0,40}?\d{4})\s?[-–—]\s?([^()]{0,40}?\d{4})\)")
BIRTH, DEATH = re.compile(r"\b(?:born|birth|birthday)\b"), re.compile(r"\b(?:die|died|death)\b")
DATELINE = re.compile(r"\A[A-Z][A-Z. ]+, [^-–—]{3,40}? [-–—] ")
SAID_ON = re.compile(
    rf"{SAID.pattern}(?:\s+(?:late|early|on|in|at|an?|the|interview|statement|that|it|reporters))*\s+"
    r"(?:yesterday|today|last night|this \w+|last \w+|(?:on )?\w+day(?: \w+)?)"
)
AGO = re.compile(r"(more than |over )?.*\b(day|week|month|year)s? ago", re.IGNORECASE)
YEAR = re.compile(r"(?<![\d.,$£€])(?:1[0-9]|20)\d\d(?![\d%]|[.,]\d|[-–]\d| (?!and\b|was\b)[a-z]+s\b)s?")


def time_values(question: Question, sentence: str, published: str | None) -> list[Value]:
    """The times that may answer, the nearest to what is asked first; not the day on which something was said."""
    tokens = tokenize(sentence)
    places = anchors(question, tokens)
    asked = " ".join(question.text.lower().split())
    skipped = _told_on(question, sentence)
    readings = [
        one for one in _readings(sentence, published) if one[2].lower() not in asked and not _within(one[0], skipped)
    ]
    life, birth, death = LIFESPAN.search(sentence), BIRTH.search(asked), DEATH.search(asked)
    if life and bool(birth) != bool(death):
        readings = [one for one in readings if not _within(one[0], [life.span(2 if birth else 1)])]
    if re.search(r"\byear\b", asked):
        readings = [one for one in readings if re.search(r"\d{4}|year", one[2])]
    found = []
    for order, (start, end, words, first, last) in enumerate(readings):
        far = distance(tokens, places, sentence, start, end)
        if not places:
            far = -order if ENDING.search(question.text) else order
        days = (first, last) if first else None
        key = frozenset(token.stem for token in tokenize(words))
        planned = tense_at(sentence, start, end) is Tense.FUTURE
        near = bool(places) or _lived(question, sentence, start)
        found.append((far, Value(words, start, end, (key,), days=days, near=near, planned=planned)))
    return [value for _, value in sorted(found, key=lambda pair: pair[0])]


def in_full(value: Value) -> str:
    """A time with the days that it is: "last week (the week of 20-26 February 2023)"; another value as it is."""
    if not value.days or re.search(r"\d{4}", value.text):
        return value.text
    first, last = map(date.fromisoformat, value.days)
    days = in_words(Span(first, last))
    return days if days.startswith(value.text) else f"{value.text} ({days})"


def _lived(question: Question, sentence: str, start: int) -> bool:
    """ "Joseph Lafontaine (November 25, 1865 – July 25, 1920)": the days of a life behind a name."""
    asked = question.text.lower()
    return bool(
        (BIRTH.search(asked) or DEATH.search(asked)) and sentence[:start].count("(") > sentence[:start].count(")")
    )


def _told_on(question: Question, sentence: str) -> list[tuple[int, int]]:
    """Where a sentence says when something was said or written, and not when it was: "…, he said on Friday"."""
    asks_for_it = ASKS_SAYING.search(question.text) or SAID.search(question.text)
    patterns = (DATELINE,) if asks_for_it else (DATELINE, SAID_ON)
    return [match.span() for pattern in patterns for match in pattern.finditer(sentence)]


def _within(position: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= position < end for start, end in spans)


def _readings(sentence: str, published: str | None) -> list[tuple[int, int, str, str, str]]:
    """The times of a sentence with their days, and the years that stand there without a word that marks them."""
    read = [
        (one.start, one.end, one.words, *_loose(one.words, one.first, one.last))
        for one in read_times(sentence, published)
        if one.first or not DURATION_UNITS.search(one.words)
    ]
    for match in YEAR.finditer(sentence):
        if not any(start < match.end() and match.start() < end for start, end, *_ in read):
            year = match.group().rstrip("s")
            last = f"{year[:3]}9-12-31" if match.group().endswith("s") else f"{year}-12-31"
            read.append((*match.span(), match.group(), f"{year}-01-01", last))
    return sorted(read)


def _loose(words: str, first: str, last: str) -> tuple[str, str]:
    """The days of "three weeks ago" and half a week more on both sides, as it is meant."""
    told = AGO.search(words)
    if not (told and first):
        return first, last
    days = timedelta({"day": 0, "week": 4, "month": 16, "year": 183}[told[2].lower()])
    begin, end = date.fromisoformat(first) - days * (3 if told[1] else 1), date.fromisoformat(last) + days
    return begin.isoformat(), end.isoformat()
