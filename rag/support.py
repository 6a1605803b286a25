"""Does the quoted sentence carry the claim? What fails a check is marked, with the reason in words. Pure.

A claim is supported where every word of it stands in a quote, in its order, and nothing is left out that would change
it (rag.checks.carry), or where no check finds a contradiction (rag.checks.failures) and every word with a meaning
stands in the quote as another wording of the same allows (rag.checks.retold). Everything else is at best partial.
"""

from collections.abc import Sequence
from functools import lru_cache

from rag.checks.carry import SUSPENDING, analysed, carried, has_verb, same_speaker
from rag.checks.compared import Compared, compare
from rag.checks.failures import failure
from rag.checks.fragments import is_fragment
from rag.checks.retold import retold
from rag.checks.speakers import Said, attribution, in_words
from rag.checks.units import read
from rag.checks.ways import Units
from rag.checks.words import CONJUNCTIONS, FUNCTION_WORDS, PRONOUNS
from rag.prompt import wording
from rag.reading.fold import fold
from rag.records import Citation, Support

ENOUGH = 0.4  # share of the claim's words that the quotes must have
NOT_IN_QUOTE = "is not in the quote"
NOT_ONE_STATEMENT = "the quote has its words, but not as one statement"


def check(claim: str, quotes: Sequence[Citation]) -> tuple[Support, str]:
    """How well the cited sentences carry a claim, and why not fully ("" where they do)."""
    given = tuple((wording(citation.quote), citation.date) for citation in quotes)
    return _check(wording(claim), given, tuple(citation.title for citation in quotes))


def is_left_open(reason: str) -> bool:
    """Whether a partial claim has only this against it that its words cannot be matched: no check fails."""
    return reason.endswith(NOT_IN_QUOTE) or reason == NOT_ONE_STATEMENT


@lru_cache(maxsize=2_000)  # a growing answer asks again for every sentence that it has
def _check(claim: str, quotes: tuple[tuple[str, str | None], ...], titles: tuple[str, ...]) -> tuple[Support, str]:
    if not quotes:
        return "unsupported", "cites no sentence of the articles"
    if any(fold(claim).text == fold(quote).text for quote, _ in quotes):
        return "supported", ""
    said = analysed(claim)
    given = [(analysed(quote), date) for quote, date in quotes]
    if any(_same_speakers(said, one) and carried(said.units, one.units, date) for one, date in given):
        return "supported", ""
    compared = compare(claim, quotes, titles)
    if reason := failure(compared):
        return "unsupported", reason
    for one, date in given:
        if _may_be_told(said, one) and _tells(said.units, one, date, compared.titles):
            return "supported", _dropped(said, one)
    if _told_together(claim, given, compared.titles):
        return "supported", ""
    words = [unit for unit in compared.claim if unit.low not in FUNCTION_WORDS]
    if sum(compared.has(unit) or compared.has_narrower(unit) for unit in words) < ENOUGH * len(words) or not words:
        return "unsupported", "the quote says something else"
    return "partial", _open_question(compared)


def _same_speakers(said: Said, given: Said) -> bool:
    return len(said.speakers) == len(given.speakers) and all(map(same_speaker, said.speakers, given.speakers))


def _may_be_told(said: Said, given: Said) -> bool:
    """Whether the claim names the quote's speaker, or no one; then it is said who says it."""
    return not said.speakers or _same_speakers(said, given)


def _dropped(said: Said, given: Said) -> str:
    return "" if said.speakers or not given.speakers else f"according to {in_words(given.speakers[0])}"


def _tells(claim: Units, given: Said, date: str | None, titles: frozenset[str], *, whole: bool = False) -> bool:
    return carried(claim, given.units, date, whole=whole) or retold(claim, given.units, date, titles, whole=whole)


def _told_together(claim: str, given: Sequence[tuple[Said, str | None]], titles: frozenset[str]) -> bool:
    """Whether each of the claim's parts, joined by commas, "and" or the like, is told by one quote."""
    units = read(claim)
    cuts = [at for at in range(1, len(units)) if units[at].low in CONJUNCTIONS or set(units[at].marks) & set(",;")]
    reached = {0}
    for end in [*cuts, len(units)]:
        for begin in sorted(reached):
            part = units[begin + 1 : end] if units[begin:] and units[begin].low in CONJUNCTIONS else units[begin:end]
            if (begin or end < len(units)) and _is_told(part, given, titles, first=not begin):
                reached.add(end)
                break
    return bool(units) and len(units) in reached


def _is_told(part: Units, given: Sequence[tuple[Said, str | None]], titles: frozenset[str], *, first: bool) -> bool:
    """Whether one quote tells a part: a statement with a subject of its own, or a number with what it counts."""
    said = attribution(part)
    if not said.units or (not first and said.units[0].low in PRONOUNS):
        return False
    if not has_verb(said.units):
        return any(is_fragment(said.units, one.units, date) for one, date in given)
    return any(_may_be_told(said, one) and _tells(said.units, one, date, titles, whole=True) for one, date in given)


def _open_question(compared: Compared) -> str:
    """Why a claim that no check fails is not carried either."""
    missing = [unit for unit in compared.claim if not compared.has(unit)]
    if missing:
        first = next((unit for unit in missing if unit.low not in FUNCTION_WORDS), missing[0])
        return f"“{first.text}” {NOT_IN_QUOTE}"
    if compared.quote_speakers and not compared.claim_speakers:
        return f"“{in_words(compared.quote_speakers[0])}” said it"
    if compared.claim_speakers and not compared.quote_speakers:
        return f"the quote does not say whose word it is, the claim “{in_words(compared.claim_speakers[0])}”"
    left_out = (unit for quote in compared.quotes for unit in quote if unit.low in SUSPENDING)
    if word := next((unit.low for unit in left_out if all(unit.key != one.key for one in compared.claim)), ""):
        return f"the quote says “{word}”"
    return NOT_ONE_STATEMENT
