"""The values that a sentence gives for what is asked, where it is of the same thing, time and place. Pure."""

import re
from collections.abc import Sequence

from rag.reading.lexicon import Token, matches, tokenize
from rag.reading.quantities import times
from rag.reading.question import Question
from rag.times.asked import asked_time
from rag.times.meaning import iso_day, read_times
from rag.values.named import OPENING
from rag.values.polarity import polarity
from rag.values.short import agree, short_answers
from rag.values.wanted import Value, Wanted, wanted

# "An earlier version of this article said that it was built in 1989."
RETRACTED = re.compile(
    r"\b(?:earlier|previous|original) version\b.{0,80}?\b(?:said|gave|stated|named|put)\b"
    r"|\b(?:mistakenly|wrongly|incorrectly|erroneously) (?:said|reported|stated|gave|named|put)\b",
    re.IGNORECASE,
)
SHORTEST_ACRONYM = 3
RELATIVE_DAYS = ("Today", "Tomorrow", "Yesterday")
ASKS_WORDS = re.compile(r"\b(?:say|said|report|reported|claim|claimed)\b")
SCOPES = tuple(
    frozenset(group.split())
    for group in (
        "city town municipality urban",
        "region county district province subdivision governorate coast area metropolitan",
        "country nation national nationwide countrywide worldwide",
        "adults adult",
        "children child minors teenagers pupils",
        "passengers passenger",
        "crew crewmen sailors",
    )
)


def given_values(question: Question, sentence: str, published: str | None) -> tuple[Value, ...]:
    """The values of a sentence that stand by what is asked; none where it is of another day than the question."""
    given = _of_question(question, sentence, published)
    return given if given and (given[0].near or wanted(question) is Wanted.TIME) else ()


def differ(question: Question, chosen: Sequence[tuple[str, str | None]], sentence: str, published: str | None) -> bool:
    """Whether a sentence gives another value for what is asked than the chosen ones, each with its article's date.

    A chosen one that gives none says nothing against it.
    """
    given = given_values(question, sentence, published)
    if wanted(question) is Wanted.POLAR:
        said = polarity(question, sentence)
        return bool(said) and all(polarity(question, text) == -said for text, _ in chosen)
    heard = [given_values(question, text, date) for text, date in chosen]
    return bool(given) and all(not values or disagree(given, values) for values in heard)


def disagree(one: Sequence[Value], other: Sequence[Value]) -> bool:
    """Whether the likeliest value of each is none of the other's; those in other units are of other things."""
    if agree(one[0], other[0]):
        return False
    pairs = [(one[0], value) for value in other[1:]] + [(other[0], value) for value in one[1:]]
    return not any(first.unit == value.unit and agree(first, value) for first, value in pairs)


def scopes_of(text: str) -> set[int]:
    """Which kinds of places and groups of people a text speaks of, as positions in SCOPES."""
    words = {token.text.lower() for token in tokenize(text)}
    return {number for number, group in enumerate(SCOPES) if words & group}


def _of_question(question: Question, sentence: str, published: str | None) -> tuple[Value, ...]:
    if (
        RETRACTED.search(sentence)
        or not _same_time(question, sentence, published)
        or _other_scope(question, sentence)
        or _of_another(question, sentence)
    ):
        return ()
    return short_answers(question, sentence, published)


def _of_another(question: Question, sentence: str) -> bool:
    """Whether a sentence tells of another name than the question: "The Boreas carried" where the Aurora is asked of.

    Where the question asks what somebody said, his name has to be there.
    """
    names = [term.token for term in question.terms if term.name and not term.earlier and not term.token.is_number]
    tokens = tokenize(sentence)
    if not names or any(matches(name, token) for name in names for token in tokens):
        return False
    initials = "".join(name.text[0] for name in names)
    opening = [token for token in tokens[:3] if token.text.lower() not in OPENING and not _is_acronym(token, initials)]
    foreign = bool(opening and opening[0].start and opening[0].is_name)
    return foreign or bool(re.match(r"(?:[A-Z]\w+ ){1,3}said\b", sentence)) or bool(ASKS_WORDS.search(question.text))


def _is_acronym(token: Token, initials: str) -> bool:
    return len(token.text) >= SHORTEST_ACRONYM and token.text in initials


def _same_time(question: Question, sentence: str, published: str | None) -> bool:
    """Whether a sentence may be of the time that the question names: in these words, in others, or as told that day."""
    names = [term.token for term in question.terms if term.name]
    timed = [
        term for term in question.terms if term.name and times(term.token.text) and not _in_title(term.token, names)
    ]
    named = {term.token.stem for term in timed if not term.earlier} or {term.token.stem for term in timed}
    given = {token.stem for token in tokenize(sentence)}
    return named <= given or not times(sentence) or _told_then(question.text, sentence, published)


def _in_title(time: Token, names: Sequence[Token]) -> bool:
    """Whether a time is part of a name: "Loud Friday", "Tomorrow's Boats", but not "Larn Friday 3 March"."""
    before = next((one for one in names if one.end + 1 == time.start), None)
    after = next((one for one in names if time.end + 1 == one.start), None)
    if time.text.startswith(RELATIVE_DAYS):
        return after is not None
    dated = after is not None and (after.is_number or times(after.text))
    return not (time.is_number or dated or before is None or before.is_number or times(before.text))


def _told_then(question: str, sentence: str, published: str | None) -> bool:
    day = iso_day(published)
    asked = asked_time(question).of_year(day.year) if day else None
    if day is None or asked is None or not (asked.first and asked.first == asked.last):
        return False
    days = [(one.first, one.last) for one in read_times(sentence, published) if one.first]
    return asked.first == day.isoformat() or any(first == last == asked.first for first, last in days)


def _other_scope(question: Question, sentence: str) -> bool:
    """Whether the question asks of a city, and the sentence tells of a region."""
    asked, told = scopes_of(question.text), scopes_of(sentence)
    return bool(asked and told) and not asked & told
