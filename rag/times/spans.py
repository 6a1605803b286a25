"""Spans of days: a week, a month, a year, a decade; how they are counted on and said in words. Pure."""

from calendar import day_name, month_name, monthrange
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Whole days, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def one_day(day: date) -> Span:
    return Span(day, day)


def week_of(day: date) -> Span:
    """Monday to Sunday."""
    monday = day - day.weekday() * DAY
    return Span(monday, monday + 6 * DAY)


def weekend_of(day: date) -> Span:
    """The Saturday and Sunday that end the week of `day`."""
    week = week_of(day)
    return Span(week.last - DAY, week.last)


def month_of(year: int, month: int) -> Span:
    return Span(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def years(first: int, last: int | None = None) -> Span:
    return Span(date(first, 1, 1), date(last or first, 12, 31))


def shifted(day: date, count: int, unit: str) -> date:
    """The day that many days, weeks, months or years on; the month's last day where it has no such day.

    Raises:
        ValueError, OverflowError: there is no such year.
    """
    if unit in ("day", "week"):
        return day + count * (DAY if unit == "day" else 7 * DAY)
    months = day.year * 12 + day.month - 1 + count * (1 if unit == "month" else 12)
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, month_of(year, month).last.day))


def unit_of(day: date, unit: str) -> Span:
    """The day, week, weekend, month or year that holds `day`."""
    if unit == "month":
        return month_of(day.year, day.month)
    if unit == "year":
        return years(day.year)
    return one_day(day) if unit == "day" else week_of(day) if unit == "week" else weekend_of(day)


def day_in_words(day: date) -> str:
    return f"{day_name[day.weekday()]}, {_short(day)} {day.year}"


def in_words(span: Span) -> str:
    """ "Tuesday, 28 February 2023", "the week of 20-26 February 2023", "February 2023", "2022", "1990 to 1999"."""
    first, last = span.first, span.last
    if first == last:
        return day_in_words(first)
    if span == month_of(first.year, first.month):
        return f"{month_name[first.month]} {first.year}"
    if span == years(first.year, last.year):
        return str(first.year) if first.year == last.year else f"{first.year} to {last.year}"
    begin = str(first.day) if (first.year, first.month) == (last.year, last.month) else f"{_short(first)} "
    begin = f"{_short(first)} {first.year} " if first.year != last.year else begin
    said = f"{begin}-{' ' * begin.endswith(' ')}{_short(last)} {last.year}"
    if span == week_of(first):
        return f"the week of {said}"
    return f"the weekend of {said}" if span == weekend_of(first) else said


def _short(day: date) -> str:
    return f"{day.day} {month_name[day.month]}"
