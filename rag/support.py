"""Does the quoted sentence carry the claim? What fails a check is marked, with the reason in words. Pure.

A claim is supported where every word of it stands in a quote, in its order, and nothing is left out that would change
it (rag.checks.carry). Everything else is at best partial, and unsupported where a check names what the quote
contradicts (rag.checks.failures).
"""

from collections.abc import Sequence
from functools import lru_cache

from rag.checks.carry import SUSPENDING, carried, carried_together
from rag.checks.compared import Compared, compare
from rag.checks.failures import failure
from rag.checks.words import FUNCTION_WORDS
from rag.fold import fold
from rag.prompt import wording
from rag.records import Citation, Support

ENOUGH = 0.4  # share of the claim's words that the quotes must have


def check(claim: str, quotes: Sequence[Citation]) -> tuple[Support, str]:
    """How well the cited sentences carry a claim, and why not fully ("" where they do)."""
    given = tuple((wording(citation.quote), citation.date) for citation in quotes)
    return _check(wording(claim), given, tuple(citation.title for citation in quotes))


@lru_cache(maxsize=2_000)  # a growing answer asks again for every sentence that it has
def _check(claim: str, quotes: tuple[tuple[str, str | None], ...], titles: tuple[str, ...]) -> tuple[Support, str]:
    if not quotes:
        return "unsupported", "cites no sentence of the articles"
    copied = any(fold(claim).text == fold(quote).text for quote, _ in quotes)
    if copied or any(carried(claim, *quote) for quote in quotes) or carried_together(claim, quotes):
        return "supported", ""
    compared = compare(claim, quotes, titles)
    if reason := failure(compared):
        return "unsupported", reason
    words = [unit for unit in compared.claim if unit.low not in FUNCTION_WORDS]
    if sum(map(compared.has, words)) < ENOUGH * len(words) or not words:
        return "unsupported", "the quote says something else"
    return "partial", _open_question(compared)


def _open_question(compared: Compared) -> str:
    """Why a claim that no check fails is not carried either."""
    missing = [unit for unit in compared.claim if not compared.has(unit)]
    if missing:
        first = next((unit for unit in missing if unit.low not in FUNCTION_WORDS), missing[0])
        return f"“{first.text}” is not in the quote"
    if compared.quote_speakers and not compared.claim_speakers:
        return f"“{' '.join(unit.text for unit in compared.quote_speakers[0])}” said it"
    if compared.claim_speakers and not compared.quote_speakers:
        return "the quote does not say whose word it is"
    left_out = (unit for quote in compared.quotes for unit in quote if unit.low in SUSPENDING)
    if word := next((unit.low for unit in left_out if all(unit.key != one.key for one in compared.claim)), ""):
        return f"the quote says “{word}”"
    return "the quote has its words, but not as one statement"
