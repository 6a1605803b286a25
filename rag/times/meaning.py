"""What the times in a sentence mean: "Tuesday" in an article of 3 March 2023 → 28 February 2023. Pure.

Counted as news is written: from the article's date, back in a report and ahead in a plan; what is said in quotation
marks from the day it was said; and never sharper than the words are.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from index.records import Article, Passage
from rag.records import Citation, TimeReading
from rag.times.complete import Meaning, complete
from rag.times.counting import counted, from_time_before
from rag.times.mentions import WRITTEN_MONTH, Mention, Shape, find_mentions
from rag.times.spans import Span, day_in_words, in_words
from rag.times.tense import FUTURE, PAST, Tense, opened_before, quotations, tense_at

NO_DATE = "the article has no date"
QUOTED = "said in a quotation, and the sentence does not say on which day"
SAID = re.compile(
    r"\b(?:said|says|told|wrote|announced|added|tweeted|stated|declared|warned|posted|insisted|claimed"
    r"|reported|explained|argued|testified)\b"
)
BREAK = re.compile(r"[,;:()“”\"]|\b(?:who|which|that|after|before|when|whose)\b")
MOST_WORDS_BETWEEN = 6
DAYS = (Shape.NIGHT, Shape.WEEKDAY, Shape.DAY, Shape.DATE)
FULL_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {WRITTEN_MONTH},?|{WRITTEN_MONTH} \d{{1,2}},?) (?:19|20)\d\d\b",
    re.IGNORECASE,
)
# "Correction, 21 March 2024:" is written into an article later, and no day that it reports.
LONGEST_NOTE = 60  # characters from such a word to its date
AMENDED = re.compile(
    r"\b(?:correct(?:ion|ed)|updated?|amended|clarification|editor[’']s note)\b[^.\n]{0,30}\Z", re.IGNORECASE
)
BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
LONGEST_PARAGRAPH = 5_000  # characters
ENDS = ("\n", ". ", "! ", "? ")


@dataclass(frozen=True, slots=True)
class Reading:
    """A time of a sentence, `sentence[start:end] == words`, and its ISO days, both included; empty where unknown.

    `reason` says what it was counted from, or why it cannot be told; it is empty where the words need no counting.
    """

    start: int
    end: int
    words: str
    meaning: str
    first: str
    last: str
    reason: str


def read_times(
    sentence: str, published: str | None, *, source: str = "", quoted: bool = False, unknown: str = NO_DATE
) -> list[Reading]:
    """The times of a sentence in order, counted from the day its article was published (ISO).

    `source` says where that day was found ("date line"), `quoted` that the sentence begins inside of a quotation,
    `unknown` why there is no day to count from.
    """
    day = iso_day(published)
    origin = f"counted from the article's {'date line' if source == 'date line' else 'date'}"
    speech = quotations(sentence, quoted)
    mentions = find_mentions(sentence)
    said_on = _said_on(sentence, mentions, speech, day)
    readings: list[Reading] = []
    anchor: Span | None = None
    for mention in mentions:
        base, reason = (day, f"{origin}, {day_in_words(day)}") if day else (None, unknown)
        if _within(mention, speech):
            base, reason = said_on, QUOTED if day else unknown
            if said_on:
                reason = f"counted from the day it was said, {day_in_words(said_on)}"
        reading, span = _read(sentence, mention, base, reason, anchor)
        readings.append(reading)
        anchor = span or anchor
    return readings


def read_quotes(citations: Sequence[Citation], passages: Sequence[Passage]) -> tuple[TimeReading, ...]:
    """What the times in the quotes mean, each once, in the order of the quotes."""
    cited = {citation.article_id for citation in citations}
    articles = {passage.article.id: passage.article for passage in passages if passage.article.id in cited}
    later = {key: reported_later(article) for key, article in articles.items()}
    found = []
    for citation in citations:
        article = articles.get(citation.article_id)
        published, source, unknown = citation.date, article.date_source if article else "", NO_DATE
        if newest := later.get(citation.article_id):
            name = "date line" if source == "date line" else "date"
            published = None
            unknown = f"the article's {name} ({citation.date}) is older than what it reports ({newest})"
        quoted = article is not None and opened_before(_paragraph_before(article.text, citation.start))
        found += [
            TimeReading(citation.number, one.words, one.meaning, one.first, one.last, one.reason)
            for one in read_times(citation.quote, published, source=source, quoted=quoted, unknown=unknown)
        ]
    return tuple(dict.fromkeys(found))


def _paragraph_before(text: str, position: int) -> str:
    """What stands before `position` in its paragraph; where no line is blank, in its line."""
    before = text[max(0, position - LONGEST_PARAGRAPH) : position]
    return BLANK_LINE.split(before)[-1] if BLANK_LINE.search(text) else before.rpartition("\n")[2]


def reported_later(article: Article) -> str:
    """The latest full date after the article's own on which something has happened by its text; "" if there is none."""
    published = iso_day(article.date)
    if not published:
        return ""
    latest = published
    for match in FULL_DATE.finditer(article.text):
        days = [found.span.first for one in find_mentions(match.group()) if (found := complete(one)) and found.span]
        told = (
            days
            and days[0] > latest
            and not AMENDED.search(article.text[max(0, match.start() - LONGEST_NOTE) : match.start()])
        )
        if told and _has_happened(article.text, *match.span()):
            latest = days[0]
    return latest.isoformat() if latest > published else ""


def _has_happened(text: str, start: int, end: int) -> bool:
    """Whether the sentence around a date tells of the past, and of nothing that is to come."""
    low = max(text.rfind(mark, 0, start) for mark in ENDS) + 1
    high = min((found for mark in ENDS if (found := text.find(mark, end)) >= 0), default=len(text))
    sentence = text[low:high]
    return bool(PAST.search(sentence)) and not FUTURE.search(sentence)


def iso_day(written: str | None) -> date | None:
    """The day that an ISO date or time begins with; None for "2023-02" and whatever else is no day."""
    try:
        return date.fromisoformat((written or "")[:10])
    except ValueError:
        return None


def _read(
    sentence: str, mention: Mention, base: date | None, reason: str, anchor: Span | None
) -> tuple[Reading, Span | None]:
    if meaning := complete(mention):
        reason = ""
    elif mention.shape is Shape.RELATIVE:
        meaning = from_time_before(mention, anchor)
        reason = f"counted from {in_words(anchor)}" if anchor else reason
    elif base:
        meaning = counted(mention, base, tense_at(sentence, mention.start, mention.end))
    else:
        meaning = Meaning(doubt=reason)
    first, last = (meaning.span.first, meaning.span.last) if meaning.span else ("", "")
    reading = Reading(
        mention.start, mention.end, mention.words, meaning.words, str(first), str(last), meaning.doubt or reason
    )
    return reading, meaning.span


def _within(mention: Mention, speech: Sequence[tuple[int, int]]) -> bool:
    return any(start <= mention.start < end for start, end in speech)


def _said_on(
    sentence: str, mentions: Sequence[Mention], speech: Sequence[tuple[int, int]], base: date | None
) -> date | None:
    """The day on which what stands in quotation marks was said: "…", he said Tuesday."""
    verbs = [
        match for match in SAID.finditer(sentence) if not any(start <= match.start() < end for start, end in speech)
    ]
    for mention in mentions:
        near = any(_belong_together(sentence, mention, verb) for verb in verbs)
        if not near or _within(mention, speech):
            continue
        meaning = complete(mention) or (counted(mention, base, Tense.PAST) if base and mention.shape in DAYS else None)
        if meaning and meaning.span and meaning.span.days == 1:
            return meaning.span.first
    return None


def _belong_together(sentence: str, mention: Mention, verb: re.Match[str]) -> bool:
    """Whether nothing but a few plain words parts a time from a verb of saying; a comma may follow "On Tuesday"."""
    after = mention.start >= verb.end()
    between = sentence[verb.end() : mention.start] if after else sentence[mention.end : verb.start()].lstrip(",")
    return len(between.split()) <= MOST_WORDS_BETWEEN and not BREAK.search(between)
