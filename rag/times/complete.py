"""What a time means in words and days, and the times that need no other day: "3 May 2016", "the 1990s". Pure."""

from dataclasses import dataclass
from datetime import date

from index.load.dates import date_of_line
from rag.times.mentions import Mention, Shape
from rag.times.spans import Span, in_words, month_of, one_day, years

NO_SUCH_DAY = "there is no such day"
A_YEAR = 366  # days


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a time means in words, and its days where the words tell them; `doubt` says why nothing is told."""

    words: str = ""
    span: Span | None = None
    doubt: str = ""


def complete(mention: Mention) -> Meaning | None:
    """The meaning of a time that needs no other day: "3 May 2016", "late 2014", "the 1990s"; None for others."""
    try:
        span = _complete_span(mention)
    except ValueError:
        return Meaning(doubt=NO_SUCH_DAY)
    if mention.shape is Shape.SEASON and mention.year:
        return Meaning(_shaded(mention, f"{mention.parts['season'].lower()} {mention.year}"))
    return as_meaning(mention, span) if span else None


def _complete_span(mention: Mention) -> Span | None:
    parts, year = mention.parts, mention.year
    if mention.shape is Shape.NUMERIC:
        written = date_of_line(mention.words)
        if not written:
            raise ValueError(mention.words)
        return one_day(date.fromisoformat(written))
    if mention.shape is Shape.CENTURY:
        return years(int(parts["century"]) * 100 - 99, int(parts["century"]) * 100)
    if mention.shape is Shape.DECADE:
        return years(int(parts["decade"]), int(parts["decade"]) + 9)
    if year is None or mention.shape is Shape.SEASON:
        return None
    if mention.shape is Shape.DATE:
        return written_days(mention, year)
    return month_of(year, mention.month) if mention.month else years(year)


def as_meaning(mention: Mention, span: Span) -> Meaning:
    """The days, in the words of the calendar."""
    return Meaning(_shaded(mention, in_words(span)) if 1 < span.days <= A_YEAR else in_words(span), span)


def _shaded(mention: Mention, words: str) -> str:
    """ "early May 2016", "mid-May 2016", "the end of 2022": the days stay those of the whole."""
    prefix = mention.parts.get("prefix", "").lower()
    if prefix in ("early", "late", "mid"):
        return f"mid-{words}" if prefix == "mid" else f"{prefix} {words.removeprefix('the ')}"
    return f"the {prefix} {words}" if prefix.endswith(" of") else words


def written_days(mention: Mention, year: int) -> Span:
    """The days of a date with its year given; ValueError where there are none such."""
    day, month = mention.day or 0, mention.month or 0
    last = int(mention.parts.get("until", day))
    span = Span(date(year, month, day), date(year, month, last))
    if span.days < 1 or mention.weekday not in (None, span.first.weekday()):
        raise ValueError(mention.words)
    return span
