"""The date of an article, read from its date line and never guessed."""

import re
from calendar import day_name, month_name
from datetime import date

MONTHS = {name[:3].lower(): number for number, name in enumerate(month_name) if name}
WEEKDAYS = {name.lower(): number for number, name in enumerate(day_name)}
WEEKDAY = r"(?:(?P<weekday>(?:mon|tues|wednes|thurs|fri|satur|sun)day),?\s+)?"
MONTH = rf"(?P<month>{'|'.join(filter(None, month_name))}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
FORMS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{WEEKDAY}(?P<year>\d{{4}})-(?P<month>\d{{2}})-(?P<day>\d{{2}})(?!\d)",
        rf"\b{WEEKDAY}(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})/(?P<year>\d{{4}})\b",
        rf"(?<![\d.])\b{WEEKDAY}(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}})(?!\.?\d)",
        rf"\b{WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+{MONTH},?\s+(?P<year>\d{{4}})\b",
        rf"\b{WEEKDAY}{MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})\b",
    )
]
# "PARIS, May 3, 2016 - ", and with an agency in brackets in small letters too: "Paris, 3 May 2016 (AFP) -- "
PLACE_LINE = re.compile(
    r"[A-Z][A-Z .,'’-]{2,30}[^-–—]{0,60}?\s[-–—]{1,2}\s"
    r"|[A-Z][\w .'’]{1,30},\s[^-–—()]{0,40}\([A-Z]\w{1,11}\)\s+[-–—]{1,2}\s"
)
DATELINE_WORDS = 12  # a line with a date and few other words is a date line


def date_of_line(line: str) -> str | None:
    """ISO date of the first full date in `line`, or None.

    "12/06/2016" is read by its weekday where one is given ("Sunday" makes it 12 June), by the only order that is a
    date otherwise, and not at all where both orders are. Who writes dots puts the day first: "3.4.2023" is 3 April.
    """
    for form in FORMS:
        if match := form.search(line):
            return _resolve(match.groupdict())
    return None


def article_date(head_blocks: list[str]) -> str | None:
    """The date in an article's first blocks, in a date line ("Sunday 12/06/2016") or a place line ("PARIS, May …")."""
    for block in head_blocks:
        line = block if len(block.split()) <= DATELINE_WORDS else _place_line(block)
        if line and (found := date_of_line(line)):
            return found
    return None


def _place_line(block: str) -> str:
    match = PLACE_LINE.match(block)
    return match.group() if match else ""


def _resolve(parts: dict[str, str | None]) -> str | None:
    year = int(parts["year"] or 0)
    weekday = WEEKDAYS.get((parts["weekday"] or "").lower())
    if "first" in parts:
        first, second = int(parts["first"] or 0), int(parts["second"] or 0)
        orders = {(second, first), (first, second)}
    else:
        month = parts["month"] or ""
        orders = {(MONTHS.get(month[:3].lower()) or int(month), int(parts["day"] or 0))}
    possible = [found for month_, day in orders if (found := _valid(year, month_, day))]
    fitting = [found for found in possible if weekday is None or found.weekday() == weekday]
    return fitting[0].isoformat() if len(fitting) == 1 else None


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
