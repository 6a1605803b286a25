"""Where a sentence speaks of time, and what it says of it, before any date is counted. Pure."""

import re
from calendar import day_name
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from index.load.dates import MONTHS, WEEKDAYS
from rag.reading.quantities import WORDS


class Shape(Enum):
    """How a time is told."""

    DATE = "date"  # 3 May 2016, August 1, Friday, February 24
    NUMERIC = "numeric"  # 2016-05-03
    MONTH = "month"  # in June, early May, October 2011, June last year
    NTH = "nth"  # on the 14th
    NIGHT = "night"  # the night from Sunday to Monday
    WEEKDAY = "weekday"  # Tuesday, last Friday, Monday of last week
    DAY = "day"  # today, yesterday, overnight
    UNIT = "unit"  # last week, earlier this year, the end of the month
    AGO = "ago"  # two months ago
    RUNNING = "running"  # the last 10 days
    RELATIVE = "relative"  # two days later, the same day
    SEASON = "season"  # last spring, summer of 1939
    YEAR = "year"  # in 2011, mid-2015
    DECADE = "decade"  # the 1990s
    CENTURY = "century"  # mid-18th century
    VAGUE = "vague"  # recent weeks, the coming days


PLAIN_UNIT = {"fortnight": (2, "week"), "decade": (10, "year")}


@dataclass(frozen=True, slots=True)
class Mention:
    """A time as it is written, `sentence[start:end]`, and its parts: `parts["month"]` is "June"."""

    start: int
    end: int
    words: str
    shape: Shape
    parts: dict[str, str]

    @property
    def year(self) -> int | None:
        return int(self.parts["year"]) if "year" in self.parts else None

    @property
    def month(self) -> int | None:
        return MONTHS[self.parts["month"][:3].lower()] if "month" in self.parts else None

    @property
    def day(self) -> int | None:
        return int(self.parts["day"]) if "day" in self.parts else None

    @property
    def weekday(self) -> int | None:
        return WEEKDAYS[self.parts["weekday"].lower()] if "weekday" in self.parts else None

    @property
    def count(self) -> int | None:
        """How many units; None for "a few"."""
        written = self.parts.get("count", "a").lower().replace(",", "")
        number = 1 if written in ("a", "an") else int(written) if written.isdigit() else WORDS.get(written)
        return None if number is None else int(number) * PLAIN_UNIT.get(self.written_unit, (1, ""))[0]

    @property
    def unit(self) -> str:
        """The unit that `count` counts: weeks for a fortnight, years for a decade. Empty where none is given."""
        return PLAIN_UNIT.get(self.written_unit, (1, self.written_unit))[1]

    @property
    def written_unit(self) -> str:
        return self.parts.get("unit", "").lower()


FULL = "January|February|March|April|May|June|July|August|September|October|November|December"
MONTH = rf"(?-i:(?P<month>{FULL}))(?! Day\b)"
WRITTEN_MONTH = rf"(?:{FULL}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
ANY_MONTH = rf"(?P<month>{WRITTEN_MONTH})"
YEAR = r"(?P<year>1[1-9]\d\d|20\d\d)(?!\d|[-–.,]\d|%)"
WEEKDAY = r"(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
ANY_DAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
NEXT_DAYS = "|".join(f"{one} (?:to|into) {two}" for one, two in pairwise([*day_name, day_name[0]]))
DAYS = r"(?P<day>\d{1,2})(?!\d|[.,]\d)(?:st|nd|rd|th)?(?:\s?[-–]\s?(?P<until>\d{1,2})(?!\d))?"
COUNT = (
    r"(?P<count>a few|a couple of|a number of|few|several|some|many|(?<![\d.,])\d{1,3}(?:,\d{3})+|(?<![\d.,])\d+"
    rf"|{'|'.join(sorted(WORDS, key=len, reverse=True))}|an?)"
)
PART = r"(?: (?:early |late )?(?:morning|afternoon|evening|night|lunchtime)\b)?"
PREFIX = r"(?P<prefix>early|late|mid|earlier|later|(?:end|start|beginning|middle|close|half) of)(?:[ -](?:on|in))?[ -]"
WHICH = r"(?P<which>(?:this )?coming|(?:this )?past|last|next|this)"
OF_YEAR = r",? (?:of )?(?P<which_year>last|this|next) year"
UNIT = r"(?P<unit>hour|day|week|fortnight|month|year|decade)"
DAY_OR_MORE = r"(?P<unit>day|week|month|year|morning|afternoon|evening|night)"
ABOUT = "(?:just )?(?:more than|over|at least|less than|under|nearly|almost|about|around|some|roughly)"
SEASON = r"(?P<season>spring|summer|autumn|winter|fall(?! (?:in|of)\b))"
# "2000 cases": what follows is counted, so the number is no year.
UNCOUNTED = (
    r"(?! (?:(?!(?:was|is|has|as|his|this|its|does|always|perhaps|across|towards|besides)\b)[a-z]+s|people|men|women"
    r"|children|percent|per cent|million|billion)\b)"
)
NAMED_DAY = (
    "black|good|ash|super|bloody|easter|palm|whit|shrove|maundy|holy|fat|cyber|giving|casual|pancake"
    "|an?|one|every|each|any|another|most|some|alternate|first|second|third|fourth|fifth|mrs?|ms|dr|sir|ago|ago on"
)
OF_MONTH = rf" (?:in|of) (?:{FULL})\b"  # "the last Monday of May" is no last Monday
WHOSE = "his|her|their|its|my|our|your|whose|the"
IN_MONTH = (
    rf"\b(?:in|since|until|till|by|during|as of|as at|before|after|from|between|through|throughout"
    r"|(?:up|prior|months|year|quarter) to"
    rf"|(?:{FULL}) (?:to|and|or|until|through)) "
)
MAY_IS_A_PERSON = r"(?:confidence|faith|trust|belief|interest) in |\b(?:before|after|from|between) |\b\w+e[dn] by "


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern, and what has to stand right before it (`needs`), or must not (`bars`)."""

    shape: Shape
    pattern: re.Pattern[str]
    needs: re.Pattern[str]
    bars: re.Pattern[str]


def _rule(shape: Shape, pattern: str, needs: str = "", bars: str = r"(?!)") -> Rule:
    written = rf"(?<![\w-])(?:{pattern})(?!\w)", rf"(?:{needs})\Z", rf"(?:{bars})\Z"
    return Rule(shape, *(re.compile(one, re.IGNORECASE) for one in written))


RULES = (
    _rule(Shape.NUMERIC, rf"(?:{WEEKDAY},? )?(?:\d{{4}}-\d\d-\d\d|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{4}})"),
    _rule(Shape.DATE, rf"(?:{WEEKDAY}{PART},? (?:the )?)?{DAYS}(?: of)? {ANY_MONTH}(?:,? {YEAR}|{OF_YEAR})?"),
    _rule(
        Shape.DATE,
        rf"(?:{WEEKDAY}{PART},? )?(?!(?-i:ma)){ANY_MONTH} (?:the )?{DAYS}(?:,? {YEAR}|{OF_YEAR}|(?! attacks?\b))",
        bars=r"\bin ",
    ),
    _rule(Shape.MONTH, rf"(?:{PREFIX})?{ANY_MONTH}(?:,? (?:of )?{YEAR}|{OF_YEAR})"),
    _rule(Shape.MONTH, rf"{PREFIX}{MONTH}"),
    _rule(Shape.MONTH, rf"{WHICH} {MONTH}"),
    _rule(Shape.MONTH, rf"(?!May\b){MONTH}", needs=IN_MONTH),
    _rule(Shape.MONTH, rf"(?=May\b){MONTH}", needs=IN_MONTH, bars=MAY_IS_A_PERSON),
    _rule(
        Shape.NTH,
        r"(?P<day>\d{1,2})(?:st|nd|rd|th)(?=$|[.,;:!?)]| (?:and|but|at|when|he|she|they|it|the|in|with)\b)",
        needs=r"\b(?:on|by|until|since|before|after) the ",
    ),
    _rule(Shape.RELATIVE, rf"{WEEKDAY}(?= (?:after|before|following|preceding)\b)", needs=r"\bthe "),
    _rule(Shape.RELATIVE, rf"(?P<way>following|previous|same|that) {WEEKDAY}{PART}"),
    _rule(Shape.WEEKDAY, rf"(?P<weeks>a week ago|a week)(?: on| from)? {WEEKDAY}{PART}"),
    _rule(Shape.WEEKDAY, rf"{WEEKDAY}{PART}(?:(?: of)? (?P<week>last|this|next) week| (?P<weeks>week)(?! of))"),
    _rule(
        Shape.WEEKDAY,
        rf"(?:{PREFIX})?(?:{WHICH} )?{WEEKDAY}{PART}(?! schools?\b| the \d|{OF_MONTH})",
        bars=rf"\b(?:{NAMED_DAY})\.? ",
    ),
    _rule(Shape.NIGHT, rf"night (?:from|of) (?={NEXT_DAYS}){WEEKDAY} (?:to|into) \w+day"),
    _rule(
        Shape.DAY,
        r"(?P<word>day before yesterday|day after tomorrow|last night|"
        rf"overnight(?! (?:on|from|to|into) {ANY_DAY})|tonight"
        r"|today(?![’']s)|this (?:morning|afternoon|evening)"
        r"|(?:yesterday|tomorrow)(?: (?:morning|afternoon|evening|night))?)",
        bars=r"\bago ",  # "a year ago today"
    ),
    _rule(
        Shape.UNIT,
        r"(?P<which>last|next|this) (?P<unit>weekend|week|month|year)(?! of\b)",
        bars=rf"\b(?:{WHOSE}|ago) ",
    ),
    _rule(Shape.UNIT, rf"{PREFIX}(?P<which>last|next|this) (?P<unit>week|month|year)(?! of\b)"),
    _rule(
        Shape.UNIT,
        r"(?P<prefix>(?:end|start|beginning|middle|close) of|(?:earlier|later) in) the "
        r"(?P<unit>week|month|year)(?! of\b)",
    ),
    _rule(Shape.UNIT, r"(?P<unit>weekend)(?! of\b)", needs=r"\b(?:over|at|on|for|during) the "),
    _rule(
        Shape.AGO,
        rf"(?:(?P<about>{ABOUT}) )?{COUNT} {UNIT}s? (?P<way>ago|from now)",
    ),
    _rule(Shape.RUNNING, rf"(?P<which>last|past|next|coming) {COUNT} {UNIT}s?(?! of\b)", needs=r"\bthe "),
    _rule(Shape.RUNNING, rf"(?P<which>last|past) {UNIT}(?<!day)(?! of\b)", needs=r"\bthe "),
    _rule(
        Shape.RUNNING,
        rf"(?P<which>next|coming) {UNIT}(?! of\b)",
        needs=r"\b(?:over|in|within|during|for|through) the ",
    ),
    _rule(
        Shape.RELATIVE, rf"{COUNT} {UNIT}s? (?P<way>later|earlier|afterwards|(?:before|after)(?=[.,;]|$))(?! than\b)"
    ),
    _rule(
        Shape.RELATIVE,
        rf"(?P<way>next|following|previous|same) {DAY_OR_MORE}",
        needs=r"\bthe (?:very )?",
    ),
    _rule(
        Shape.RELATIVE, r"(?P<way>that) (?:same |very )?(?P<unit>day|week|month|year|morning|afternoon|evening|night)"
    ),
    _rule(
        Shape.RELATIVE,
        rf"{DAY_OR_MORE} (?P<way>before|after)(?=[.,;]|$)",
        needs=r"\bthe ",
    ),
    _rule(Shape.SEASON, rf"(?:{PREFIX})?(?P<which>last|next|this) {SEASON}"),
    _rule(Shape.SEASON, rf"(?:{PREFIX})?{SEASON}(?: of|,)? {YEAR}"),
    _rule(Shape.YEAR, rf"{PREFIX}{YEAR}"),
    _rule(
        Shape.YEAR,
        rf"{YEAR}{UNCOUNTED}",
        needs=r"\b(?:in|since|by|until|till|before|after|from|during|of|year|between"
        r"|\d{4} (?:and|to|or)|(?:years|up|prior) to) |\(",
    ),
    _rule(Shape.DECADE, r"(?:(?P<prefix>early|late|mid)[ -])?(?P<decade>(?:1[1-9]|20)\d0)['’]?s"),
    _rule(Shape.CENTURY, r"(?:(?P<prefix>early|late|mid)[ -])?(?P<century>\d{1,2})(?:st|nd|rd|th)[ -]century"),
    _rule(Shape.VAGUE, r"(?P<which>recent|coming|past) (?P<unit>days|weeks|months|years)"),
)
WHITE = re.compile(r"\s")  # each one a space: a line may break within "last week"
CAPITALISED = re.compile(r" [A-Z]\w")
NEWSPAPER = re.compile(r" (?:Times|Telegraph|Mirror|Post|Herald|Mail)\b")
AFTER_A_CUE = re.compile(r"\b(?i:on|since|until|late|early|as of|\w+ed|said|met|told) \Z")


def find_mentions(sentence: str) -> list[Mention]:
    """The times that a sentence names, in order; where two patterns overlap, the first and then the longer one."""
    line = WHITE.sub(" ", sentence)
    found = [
        (match, rule)
        for rule in RULES
        for match in rule.pattern.finditer(line)
        if rule.needs.search(line, 0, match.start())
        and not rule.bars.search(line, 0, match.start())
        and not _is_name(line, match, rule.shape)
    ]
    mentions: list[Mention] = []
    for match, rule in sorted(found, key=lambda one: (one[0].start(), -one[0].end())):
        if not mentions or match.start() >= mentions[-1].end:
            parts = {name: part for name, part in match.groupdict().items() if part is not None}
            words = sentence[match.start() : match.end()]
            mentions.append(Mention(match.start(), match.end(), words, rule.shape, parts))
    return mentions


def _is_name(sentence: str, match: re.Match[str], shape: Shape) -> bool:
    """ "The Sunday Times", "Friday Harbour", "the April 10 Movement", "USA Today": a time in name only."""
    before, after = sentence[: match.start()], sentence[match.end() :]
    if shape is Shape.WEEKDAY and match.group()[0].isupper() and CAPITALISED.match(after):
        return not AFTER_A_CUE.search(before) or bool(NEWSPAPER.match(after))
    if shape is Shape.DATE and not match["year"] and before.endswith("the "):
        return bool(CAPITALISED.match(after))
    return match.group() in ("Today", "Tomorrow") and bool(re.search(r"\b[A-Z]\w* \Z", before))
