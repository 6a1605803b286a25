"""What a question asks of time: the latest, or as of a month, by a day, before or after a year. Pure."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from rag.times.complete import complete
from rag.times.counting import counted
from rag.times.meaning import iso_day
from rag.times.mentions import Mention, Shape, find_mentions
from rag.times.spans import DAY, Span, month_of
from rag.times.tense import Tense

Relation = Literal["", "in", "as of", "until", "since", "before", "after"]
LATEST = re.compile(
    r"\b(?:latest|newest|most recent(?:ly)?|most current|currently|up[- ]to[- ]date|so far|to date|nowadays|(?-i:now)"
    r"|still|in the end|eventually|bec[ao]me of|turn(?:s|ed)? out"
    r"|at present|at the moment|today(?![’'])|as of (?:now|today)|last (?:known|reported|count|update)"
    r"|(?<!electric )(?<!ocean )(?<!direct )(?<!alternating )(?<!air )current(?= [a-z])"
    r"(?! (?:affairs|accounts?|events?)\b))\b",
    re.IGNORECASE,
)
RELATIONS: tuple[tuple[Relation, str], ...] = (
    ("as of", r"as (?:of|at)"),
    ("until", r"by|until|till|up to|through|no later than"),
    ("since", r"since|from|starting(?: in| on)?"),
    ("before", r"before|prior to|ahead of|earlier than"),
    ("after", r"after|following|later than"),
)
JOINED = re.compile(r"\s*(?:and|to|until|till|through|[-–])\s*(?:the )?")
SMALL_MONTH = re.compile(
    r"\b(?:january|february|april|june|july|august|september|october|november|december"
    r"|(?:(?<=\bin )|(?<=\bof )|(?<=\bsince )|(?<=\buntil ))(?:march|may))\b"
)
TOLD_WITHOUT_YEAR = (Shape.DATE, Shape.MONTH, Shape.WEEKDAY)


@dataclass(frozen=True, slots=True)
class AskedTime:
    """The time that a question asks about.

    `first` and `last` are ISO days, both included; an empty one is open: "by 3 March 2023" has no first. Where the
    question gives no year both are empty, and `month`, `day` and `weekday` (Monday is 0) are as far as it goes.
    """

    latest: bool = False
    words: str = ""
    relation: Relation = ""
    first: str = ""
    last: str = ""
    month: int | None = None
    day: int | None = None
    weekday: int | None = None

    def of_year(self, year: int) -> "AskedTime":
        """The same with the year that the question leaves out; itself where it leaves out more, or nothing."""
        if self.first or self.last or self.month is None:
            return self
        try:
            span = month_of(year, self.month)
            span = Span(date(year, self.month, self.day), date(year, self.month, self.day)) if self.day else span
        except ValueError:
            return self
        first, last = _bounds(self.relation, span)
        return replace(self, first=first, last=last)


def asked_time(question: str, today: str | None = None) -> AskedTime:
    """What a question asks of time; with the day of asking (ISO) "last week" has its days, and is only words without.

    Of several times the first with "as of", "by", "since" … counts, or else the first.
    """
    latest = bool(LATEST.search(question))
    question = SMALL_MONTH.sub(lambda match: match.group().capitalize(), question)
    mentions = find_mentions(question)
    if not mentions:
        return AskedTime(latest)
    related = [mention for mention in mentions if _relation(question, mention)[0] != "in"]
    mention = (related or mentions)[0]
    relation, start = _relation(question, mention)
    words = question[start : mention.end]
    span = _span(mention, today)
    position = mentions.index(mention) + 1
    end = _range_end(question, mention, mentions[position], today) if span and position < len(mentions) else None
    if span and end:
        return AskedTime(latest, question[mention.start : mentions[position].end], "in", str(span.first), str(end.last))
    if span:
        return AskedTime(latest, words, relation, *_bounds(relation, span))
    if mention.shape not in TOLD_WITHOUT_YEAR or {"which", "which_year", "week", "weeks"} & mention.parts.keys():
        return AskedTime(latest, words, relation)
    return AskedTime(latest, words, relation, month=mention.month, day=mention.day, weekday=mention.weekday)


def within(asked: AskedTime, published: str | None) -> bool | None:
    """Whether a day (ISO) is in the time asked about; None where that cannot be told.

    Without a year "in June" is any June, and "by June" holds in June and cannot be told elsewhere: see `of_year`.
    """
    day = iso_day(published)
    given = asked.month, asked.day, asked.weekday
    if not day or not (asked.first or asked.last or any(part is not None for part in given)):
        return None
    if asked.first or asked.last:
        return asked.first <= day.isoformat() <= (asked.last or "9")
    same = asked.month in (None, day.month) and asked.day in (None, day.day) and asked.weekday in (None, day.weekday())
    if asked.relation == "in":
        return same
    return True if same and asked.relation in ("as of", "until", "since") else None


def is_too_late(asked: AskedTime, published: str | None) -> bool:
    """Whether an article is of a day past the one that "as of 3 March", "by June" or "before 2021" in a question sets.

    Without a year the question means that of the article.
    """
    day = iso_day(published)
    if not day or asked.relation not in ("as of", "until", "before"):
        return False
    last = asked.of_year(day.year).last
    return bool(last) and day.isoformat() > last


def _relation(question: str, mention: Mention) -> tuple[Relation, int]:
    """How the question stands to the time, and where the words that say so begin."""
    for relation, words in RELATIONS:
        if match := re.search(rf"\b(?:{words})(?: the)? \Z", question[: mention.start], re.IGNORECASE):
            return relation, match.start()
    return "in", mention.start


def _span(mention: Mention, today: str | None) -> Span | None:
    """The days of a time that has its year, or that is counted from the day of asking."""
    day = iso_day(today)
    meaning = complete(mention) or (
        counted(mention, day, Tense.PAST) if day and mention.shape is not Shape.RELATIVE else None
    )
    return meaning.span if meaning else None


def _range_end(question: str, mention: Mention, next_one: Mention, today: str | None) -> Span | None:
    """What ends "between 2015 and 2017" or "from May 2016 to June 2016"."""
    before = question[: mention.start].rstrip().lower()
    joined = JOINED.fullmatch(question, mention.end, next_one.start)
    return _span(next_one, today) if joined and before.endswith(("between", "from")) else None


def _bounds(relation: Relation, span: Span) -> tuple[str, str]:
    """The first and last day that are asked about; "" for no bound."""
    first, last = span.first.isoformat(), span.last.isoformat()
    return {
        "as of": ("", last),
        "until": ("", last),
        "since": (first, ""),
        "before": ("", (span.first - DAY).isoformat()),
        "after": ((span.last + DAY).isoformat(), ""),
    }.get(relation, (first, last))
