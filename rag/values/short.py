"""The short answer that a sentence gives to a question: a number, a time, a name, a few words. Pure."""

import re
from functools import lru_cache

from rag.reading.lexicon import tokenize
from rag.reading.question import Question
from rag.values.dated import time_values
from rag.values.named import name_values, phrase_values
from rag.values.numbers import number_values
from rag.values.wanted import BEHIND, FAR, Value, Wanted, anchors, distance, wanted

RELATIVE = re.compile(r"\b(?:ago|earlier|later|before|after|afterwards)\Z")


@lru_cache(maxsize=4_096)
def short_answers(question: Question, sentence: str, published: str | None = None) -> tuple[Value, ...]:
    """The values that a sentence gives for what is asked, the likeliest first; times are read from `published`."""
    given = {
        Wanted.NUMBER: _numbers,
        Wanted.TIME: time_values,
        Wanted.NAME: name_values,
        Wanted.PHRASE: phrase_values,
    }.get(wanted(question))
    return tuple(given(question, sentence, published)) if given else ()


def agree(one: Value, other: Value) -> bool:
    """Whether two values may be one: ranges that meet, days of which one lies in the other, names that share a word."""
    if one.range and other.range:
        return one.unit != other.unit or one.range.meets(other.range)  # crowns and crowns a week are two things
    if one.days and other.days:
        if one.planned != other.planned:
            return True  # what was planned and what came are two things
        (first, last), (begin, end) = one.days, other.days
        return (first <= begin and end <= last) or (begin <= first and last <= end)
    if any(RELATIVE.search(value.text) and not value.days for value in (one, other)):
        return True  # "more than two months ago" is no day that another could contradict
    if one.keys and other.keys:
        pairs = [(one.keys[0], key) for key in other.keys] + [(other.keys[0], key) for key in one.keys]
        return any(_same_keys(*pair) for pair in pairs)
    return one.text.casefold() == other.text.casefold()


def _same_keys(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two names are one: all words of the shorter are shared, or more than half of the longer's."""
    shared = one & other
    return bool(shared) and (shared in (one, other) or 2 * len(shared) > max(len(one), len(other)))


def _numbers(question: Question, sentence: str, _: str | None) -> list[Value]:
    tokens = tokenize(sentence)
    places = anchors(question, tokens)
    found = [
        (distance(tokens, places, sentence, one.start, one.end) - FAR * (one.counts + one.told), one)
        for one in number_values(question, sentence)
    ]
    return [
        Value(one.text, one.start, one.end, range=one.range, near=one.counts or far < 2 * BEHIND, unit=one.unit)
        for far, one in sorted(found, key=lambda pair: pair[0])
    ]
