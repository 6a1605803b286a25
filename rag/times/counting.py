"""The days that a mention of time stands for, counted from a day, as far as its words allow. Pure."""

from collections.abc import Callable
from datetime import date
from math import ceil

from rag.times.complete import NO_SUCH_DAY, Meaning, as_meaning, written_days
from rag.times.mentions import Mention, Shape
from rag.times.spans import (
    DAY,
    Span,
    day_in_words,
    in_words,
    month_of,
    one_day,
    shifted,
    unit_of,
    week_of,
    weekend_of,
)
from rag.times.tense import Tense

ELSEWHERE = "counted from another time, which the sentence does not give"
BEFORE_OR_AFTER = "the sentence does not tell whether it is the one before or the one after the article's date"
SAME_WEEKDAY = "it may be the article's own day or a week later"
ANY_SEASON = "when a season is depends on where on earth"
YEARS_AROUND = range(-8, 9)  # 29 February comes again after eight years at most
STEP = {"last": -1, "past": -1, "this": 0, "next": 1, "coming": 1}
DAYS_FROM = {"day before yesterday": -2, "yesterday": -1, "last night": -1, "tomorrow": 1, "day after tomorrow": 2}
MOST_DAYS = {"day": 1, "week": 7, "month": 31, "year": 366}  # of the time that is counted from
ROUND = 10  # years: "300 years ago" is no single year


def counted(mention: Mention, base: date, tense: Tense) -> Meaning:
    """The meaning of a time told from `base`."""
    try:
        return _COUNTING[mention.shape](mention, base, tense)
    except (ValueError, OverflowError):
        return Meaning(doubt=NO_SUCH_DAY)


def from_time_before(mention: Mention, anchor: Span | None) -> Meaning:
    """The meaning of "two days later" and the like after a time that the sentence gives, as sharp as that one is."""
    if not anchor or mention.unit in ("", "hour") or mention.count is None:
        return Meaning(doubt=ELSEWHERE)
    unit = mention.unit if mention.unit in MOST_DAYS else "day"  # the next morning is the next day
    if anchor.days > MOST_DAYS[unit]:
        return Meaning(doubt=ELSEWHERE)
    count = {"same": 0, "that": 0, "earlier": -1, "before": -1, "previous": -1}.get(mention.parts["way"].lower(), 1)
    of_month = anchor == month_of(anchor.first.year, anchor.first.month)
    whole = "month" if of_month and unit == "year" and "count" in mention.parts else unit  # a year from May is a May
    try:
        return as_meaning(mention, unit_of(shifted(anchor.first, count * mention.count, unit), whole))
    except (ValueError, OverflowError):
        return Meaning(doubt=NO_SUCH_DAY)


def _nearest(mention: Mention, spans: list[Span], base: date, tense: Tense) -> Meaning:
    """The nearest of the spans that has begun by `base`, or, ahead, has not ended before it."""
    if tense is Tense.UNCLEAR:
        return Meaning(doubt=BEFORE_OR_AFTER)
    behind = [span for span in spans if span.first <= base]
    ahead = [span for span in spans if span.last >= base]
    if not (behind if tense is Tense.PAST else ahead):
        return Meaning(doubt=NO_SUCH_DAY)
    return as_meaning(mention, behind[-1] if tense is Tense.PAST else ahead[0])


def _date(mention: Mention, base: date, tense: Tense) -> Meaning:
    if which := mention.parts.get("which_year"):
        return as_meaning(mention, written_days(mention, base.year + STEP[which.lower()]))
    spans = []
    for offset in YEARS_AROUND if mention.weekday is None else (-1, 0, 1):
        try:
            spans.append(written_days(mention, base.year + offset))
        except ValueError:
            continue
    return _nearest(mention, spans, base, tense)


def _month(mention: Mention, base: date, tense: Tense) -> Meaning:
    month = mention.month or 0
    if which := mention.parts.get("which_year"):
        return as_meaning(mention, month_of(base.year + STEP[which.lower()], month))
    which = mention.parts.get("which", "").lower().removeprefix("this ")
    spans = [month_of(base.year + offset, month) for offset in (-2, -1, 0, 1, 2)]
    if which == "this":
        return as_meaning(mention, spans[2])
    if which:
        spans = [span for span in spans if not span.first <= base <= span.last]
        tense = Tense(STEP[which])
    return _nearest(mention, spans, base, tense)


def _nth(mention: Mention, base: date, tense: Tense) -> Meaning:
    spans = []
    for offset in (-2, -1, 0, 1, 2):
        month = shifted(base.replace(day=1), offset, "month")
        if 0 < (mention.day or 0) <= month_of(month.year, month.month).days:
            spans.append(one_day(month.replace(day=mention.day or 0)))
    return _nearest(mention, spans, base, tense)


def _weekday(mention: Mention, base: date, tense: Tense) -> Meaning:
    weekday = mention.weekday or 0
    week, weeks = (mention.parts.get(name, "").lower() for name in ("week", "weeks"))
    which = mention.parts.get("which", "").lower().removeprefix("this ")
    if week:
        return as_meaning(mention, one_day(week_of(base).first + (7 * STEP[week] + weekday) * DAY))
    back, ahead = (base.weekday() - weekday) % 7, (weekday - base.weekday() - 1) % 7 + 1
    if weeks:
        return as_meaning(mention, one_day(base - (back + 7) * DAY if "ago" in weeks else base + (ahead + 7) * DAY))
    if which in ("last", "past"):
        return as_meaning(mention, one_day(base - (back or 7) * DAY))
    if which in ("next", "coming"):
        return as_meaning(mention, one_day(base + ahead * DAY))
    if tense is Tense.UNCLEAR:
        return Meaning(doubt=BEFORE_OR_AFTER)
    if tense is Tense.FUTURE and not back:
        return Meaning(doubt=SAME_WEEKDAY)
    return as_meaning(mention, one_day(base - back * DAY if tense is Tense.PAST else base + ahead * DAY))


def _night(mention: Mention, base: date, tense: Tense) -> Meaning:
    evening = _weekday(mention, base, tense)
    return as_meaning(mention, Span(evening.span.first, evening.span.first + DAY)) if evening.span else evening


def _day(mention: Mention, base: date, _: Tense) -> Meaning:
    word = mention.parts["word"].lower()
    if word == "overnight":
        return as_meaning(mention, Span(base - DAY, base))
    offset = next((DAYS_FROM[key] for key in (word, word.split()[0]) if key in DAYS_FROM), 0)
    return as_meaning(mention, one_day(base + offset * DAY))


def _unit(mention: Mention, base: date, tense: Tense) -> Meaning:
    which, prefix = (mention.parts.get(name, "").lower() for name in ("which", "prefix"))
    unit = mention.unit
    step = STEP.get(which, 0)
    if unit == "weekend" and not step:
        earlier = tense is Tense.PAST and base.weekday() < 5
        return as_meaning(mention, weekend_of(base - 7 * earlier * DAY))
    if not which and prefix in ("end of", "middle of", "close of") and tense is not Tense.FUTURE:
        return Meaning(doubt=ELSEWHERE)
    span = weekend_of(base + 7 * step * DAY) if unit == "weekend" else unit_of(shifted(base, step, unit), unit)
    if not step and prefix.startswith("earlier"):
        span = Span(span.first, base)
    elif not step and prefix.startswith("later"):
        span = Span(base, span.last)
    return as_meaning(mention, span)


def _ago(mention: Mention, base: date, _: Tense) -> Meaning:
    way = 1 if mention.parts["way"].lower() == "from now" else -1
    unit, count, about = mention.unit, mention.count, mention.parts.get("about", "").lower().removeprefix("just ")
    if count is None:
        amount = f"{mention.parts['count'].lower()} {mention.written_unit}s"
        return Meaning(f"{amount} {'after' if way > 0 else 'before'} {day_in_words(base)}")
    if unit == "hour":
        unit, count, about = "day", ceil(count / 24), "under"
    end = shifted(base, way * count, unit)
    if about in ("less than", "under"):
        return as_meaning(mention, Span(min(base, end), max(base, end)))
    span = unit_of(end, unit)
    if about in ("more than", "over", "at least"):
        return Meaning(f"{in_words(span)} or {'later' if way > 0 else 'earlier'}")
    if unit == "day" and not about:
        return as_meaning(mention, span)
    round_number = mention.written_unit == "decade" or (unit == "year" and count > ROUND and count % ROUND == 0)
    return Meaning(f"about {in_words(span)}", None if unit == "day" or round_number else span)


def _running(mention: Mention, base: date, _: Tense) -> Meaning:
    way = STEP[mention.parts["which"].lower().removeprefix("this ")]
    unit, count = mention.unit, mention.count
    if count is None or mention.written_unit == "decade":
        return Meaning(f"the {mention.words.split(None, 1)[1]} {'after' if way > 0 else 'before'} {day_in_words(base)}")
    if unit == "hour":
        unit, count = "day", ceil(count / 24)
    end = shifted(base, way * count, unit)
    if unit in ("month", "year"):  # no day is told, so the whole month counts
        month = month_of(end.year, end.month)
        end = month.last if way > 0 else month.first
    return as_meaning(mention, Span(min(base, end), max(base, end)))


def _vague(mention: Mention, base: date, _: Tense) -> Meaning:
    way = "after" if mention.parts["which"].lower() == "coming" else "before"
    return Meaning(f"the {mention.unit} {way} {day_in_words(base)}")


def _season(_mention: Mention, _base: date, _tense: Tense) -> Meaning:
    return Meaning(doubt=ANY_SEASON)


_COUNTING: dict[Shape, Callable[[Mention, date, Tense], Meaning]] = {
    Shape.DATE: _date,
    Shape.MONTH: _month,
    Shape.NTH: _nth,
    Shape.WEEKDAY: _weekday,
    Shape.NIGHT: _night,
    Shape.DAY: _day,
    Shape.UNIT: _unit,
    Shape.AGO: _ago,
    Shape.RUNNING: _running,
    Shape.SEASON: _season,
    Shape.VAGUE: _vague,
}
