"""Do the quoted sentences give different values for the thing asked about, and why? Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from index.terms import STOP_WORDS
from rag.reading.lexicon import matches, tokenize
from rag.reading.quantities import times
from rag.reading.question import ANYONE, Kind, Question
from rag.records import Citation, Conflict, Nature, Statement
from rag.times.meaning import iso_day, read_times
from rag.times.spans import day_in_words
from rag.values.dated import in_full
from rag.values.given import disagree, given_values, scopes_of
from rag.values.numbers import predicate
from rag.values.polarity import charges, denies, polarity
from rag.values.wanted import Value, Wanted, asked_words, defines, says_as_asked, wanted

LONGEST_VALUE = 9  # words
ALIKE = 0.7  # share of their plain words from which on two quotes of one article say the same
SHARED = 1  # words, beside those of the question, by which two quotes are known to be of one matter
UPDATE = re.compile(
    r"\b(?:(?:rose|rises|risen|fell|falls|fallen|dropped|grew|grown|climbed|increased|revised|raised|lowered|cut)\b"
    r"(?: \w+){0,4}? (?:to|from)|has since|have since|had since|correct(?:s|ed|ion)"
    r"|earlier (?:version|report|figure|count)s?"
    r"|no longer|instead of|(?:more|less|fewer) than planned|(?:and )?not \w+,? as|had been thought|first account|final"
    r"|now (?!that)|would now|up from|down from)\b",
    re.IGNORECASE,
)
TOPICS = {Wanted.TIME: "the time", Wanted.NUMBER: "the number", Wanted.NAME: "the name"}
LEADING = 12  # characters before a time that opens a sentence: "By late on", "So far in"
# Between a time and a value: the time is that of the telling, or of one among those counted.
OTHERS_TIME = re.compile(
    r"\b(?:sa(?:id|ys)|t(?:old|ells)|report(?:s|ed)|announced|confirmed|added|wrote|according"
    r"|(?:one|some) of|of (?:whom|them))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What one quote gives: its values, the likeliest first."""

    citation: Citation
    values: tuple[Value, ...]


ANOTHER_DOES = re.compile(r"\b(?:did|do|does|had|has|have)\b(?! been)", re.IGNORECASE)  # what comes next did it


def find_conflicts(
    question: Question, citations: Sequence[Citation], together: frozenset[int] = frozenset()
) -> tuple[Conflict, ...]:
    """The values that the quotes give for what is asked, newest first, where they are not all the same.

    Only quotes that speak of what the question names count: other figures are of other things. The citations whose
    numbers are in `together` are known to be of one thing.
    """
    statements = _sides(question, citations, together)
    nature: Nature = "open"
    note = "One says so and another does not."
    if not statements:
        heard = [one for citation in citations if (one := _hear(question, citation, citation.number in together))]
        heard = _of_one_matter(question, heard, together)
        if not any(_differ(one, other, together) for one, other in combinations(heard, 2)):
            return ()
        statements = [_statement(one) for one in heard]
        nature, note = _explain(heard, statements)
    newest_first = sorted(statements, key=lambda statement: statement.date or "", reverse=True)
    return (Conflict(_topic(question), tuple(newest_first), nature, note),)


def _differ(one: Heard, other: Heard, together: frozenset[int]) -> bool:
    """Whether two quotes give different values.

    An article seldom contradicts itself: two quotes of one do where they say the same in nearly the same words, where
    one tells of a change, or where both are in `together`.
    """
    first, second = one.citation, other.citation
    if first.article_id == second.article_id and not {first.number, second.number} <= together:
        changes = UPDATE.search(first.quote) or UPDATE.search(second.quote)
        if not changes and _overlap(first.quote, second.quote) < ALIKE:
            return False
    return disagree(one.values, other.values)


def _overlap(one: str, other: str) -> float:
    """The share of the plain words of the quote with fewer of them that the other one has too."""
    first, second = (
        {
            token.stem
            for token in tokenize(quote)
            if not (token.is_name or token.is_number or token.text.lower() in STOP_WORDS)
        }
        for quote in (one, other)
    )
    return len(first & second) / max(1, min(len(first), len(second)))


def _of_one_matter(question: Question, heard: Sequence[Heard], together: frozenset[int]) -> list[Heard]:
    """Those that are of one matter with the first that has another such."""
    if together:
        return [one for one in heard if one.citation.number in together]
    for one in heard:
        akin = [other for other in heard if other is one or _akin(question, one.citation.quote, other.citation.quote)]
        if len(akin) > 1:
            return akin
    return []


def _hear(question: Question, citation: Citation, known: bool) -> Heard | None:
    said = known or _names_nothing(question) or says_as_asked(question, citation.quote)
    if wanted(question) in (Wanted.NAME, Wanted.PHRASE) and not known:
        said = said and _names_all(question, citation)
    if not (said or defines(question, citation.quote)):
        return None
    given = given_values(question, citation.quote, citation.date)
    return Heard(citation, given) if given else None


def _names_all(question: Question, citation: Citation) -> bool:
    """Whether a quote, or its article's title, has every name of the question."""
    given = tokenize(f"{citation.title} {citation.quote}")
    names = [term.token for term in question.terms if term.name and not term.earlier]
    return all(any(matches(name, token) for token in given) for name in names)


def _names_nothing(question: Question) -> bool:
    """Whether any number or time may do, since the question names nothing that it could be of besides."""
    if wanted(question) not in (Wanted.NUMBER, Wanted.TIME) or any(term.earlier for term in question.terms):
        return False
    if question.counted and question.counted[-1].text.lower() in ANYONE:
        return False
    return not any(term.name and not term.token.is_number for term in question.terms)


def _akin(question: Question, one: str, other: str) -> bool:
    """Whether two quotes are of one matter: both say what is asked, or they share a name or words of their own."""
    if all(says_as_asked(question, quote) or defines(question, quote) for quote in (one, other)):
        return True
    asked = {term.token.stem for term in question.terms}
    first, second = (
        {token.stem: token for token in tokenize(quote) if token.text.lower() not in STOP_WORDS}
        for quote in (one, other)
    )
    shared = [first[stem] for stem in first.keys() & second.keys() - asked if not first[stem].is_number]
    return len(shared) >= SHARED


def _sides(question: Question, citations: Sequence[Citation], together: frozenset[int]) -> list[Statement]:
    """Yes and no among the quotes, or what one says and another denies; empty where they are of one mind."""
    if together and wanted(question) in (Wanted.POLAR, Wanted.NOTHING):
        return [_side(question, citation) for citation in citations if citation.number in together]
    if wanted(question) is Wanted.POLAR:
        said = [polarity(question, citation.quote) for citation in citations]
        if {1, -1} <= set(said):
            return [_side(question, citation) for citation, sign in zip(citations, said, strict=True) if sign]
    denials = [one for one in citations if denies(one.quote)]
    charged = [one for one in citations if charges(one.quote)]
    for denial in denials:
        if told := [one for one in charged if one is not denial and _akin(question, denial.quote, one.quote)]:
            return [_side(question, one) for one in (denial, *told)]
    return []


def _side(question: Question, citation: Citation) -> Statement:
    """A quote's own words around what is asked, cut short."""
    words = citation.quote.split()
    asked = asked_words(question)
    places = [n for n, word in enumerate(words) if any(matches(a, t) for a in asked for t in tokenize(word))]
    start = max(0, places[-1] - LONGEST_VALUE // 2) if places else 0
    value = " ".join(words[start : start + LONGEST_VALUE]).strip(' ,.;:“”"')
    return Statement(citation.number, value, _as_of(citation, ""), citation.date)


def _statement(heard: Heard) -> Statement:
    value = heard.values[0]
    return Statement(heard.citation.number, in_full(value), _as_of(heard.citation, value.text), heard.citation.date)


def _as_of(citation: Citation, value: str) -> str:
    """The time that a quote gives for its value."""
    quote = citation.quote
    found = (time for time in times(quote) if time not in value and value not in time)
    return next((time for time in found if _belongs(quote, time, value)), "")


def _belongs(quote: str, time: str, value: str) -> bool:
    """Whether a time is that of a value, and not of who spoke of it or of one among them.

    It opens the sentence ("As of Wednesday, …") or stands in the value's own clause.
    """
    begins, given = quote.find(time), quote.find(value)
    if min(begins, given) < 0:
        return False
    between = quote[begins + len(time) : given] if begins < given else quote[given + len(value) : begins]
    if OTHERS_TIME.search(between):
        return False
    opens = not quote[:begins].strip(" “\"'‘") or begins <= LEADING
    return opens or not re.search(r"[,;:–—]", between)


def _explain(heard: Sequence[Heard], statements: Sequence[Statement]) -> tuple[Nature, str]:
    """Why the values differ, and a sentence that says so."""
    later = [one for one in heard if UPDATE.search(one.citation.quote)]
    if later and len(later) < len(heard):
        newest = max(later, key=lambda one: one.citation.date or "")
        return "date", f"One tells of a change: {newest.values[0].text}{_on(newest.citation.date)}."
    days = {statement.citation: _day_told(one) for statement, one in zip(statements, heard, strict=True)}
    told = [day for day in days.values() if day]
    if len(told) == len(days) and len(set(told)) == len(told) and any(statement.as_of for statement in statements):
        given = ", ".join(f"{one.value} {_as(one.as_of)}" for one in statements if one.as_of)
        return "date", f"They speak of different days: {given}."
    scopes = [frozenset(scopes_of(one.citation.quote)) for one in heard]
    if all(scopes) and not frozenset.intersection(*scopes):
        return "scope", "They speak of different parts or groups, as the quotes say."
    dates = {one.citation.date for one in heard}
    if len(dates) > 1 and all(dates):
        return "open", "The articles are of different days; nothing in the quotes says why they differ."
    return "open", "Nothing in the quotes says why they differ."


def _day_told(heard: Heard) -> str:
    """The first day that a quote gives for its value; "" where it gives none."""
    value = heard.values[0]
    quote = heard.citation.quote
    readings = [one for one in read_times(quote, heard.citation.date) if one.first and one.words not in value.text]
    return next((one.last for one in readings if _belongs(quote, one.words, value.text)), "")


def _on(date: str | None) -> str:
    day = iso_day(date)
    return f" in the article of {day_in_words(day)}" if day else ""


def _as(time: str) -> str:
    return time[0].lower() + time[1:] if time.lower().startswith(("as of", "by", "on", "in", "since")) else f"({time})"


def _topic(question: Question) -> str:
    """What the values are of: "how many people died", "strikes" where the question counts; "the time"."""
    if question.counted:
        counted, befallen = " ".join(token.text for token in question.counted), predicate(question)
        asked = befallen and re.search(
            rf"\bhow many {re.escape(counted)}\b(.*?)\b{re.escape(befallen.text)}\b", question.text, re.IGNORECASE
        )
        return f"how{asked[0][3:]}" if asked and not ANOTHER_DOES.search(asked[1]) else counted
    if question.kind is Kind.PLACE:
        return "the place"
    return TOPICS.get(wanted(question), "the answer")
