"""Does the quote say the same in a model's own wording? Pure.

Every word of the claim with a meaning must stand in the quote, in one of the orders that say the same. Auxiliaries may
be other ones, and phrases of the quote that only add something may be missing.
"""

from collections.abc import Iterator

from rag.checks.carry import has_verb, may_start
from rag.checks.fragments import STOPPING, is_fragment
from rag.checks.overlay import LONGEST_PHRASE, Overlay
from rag.checks.ways import BE, Units, active, is_verb, ways
from rag.checks.words import CONJUNCTIONS, NEGATIONS, PREPOSITIONS, QUANTIFIERS

PLACING = frozenset("in at near on from".split())


def retold(claim: Units, quote: Units, published: str | None, titles: frozenset[str], *, whole: bool = False) -> bool:
    """Whether a quote says what a claim says in another wording; `whole`: nothing is left out at its beginning."""
    if not claim or not quote:
        return False
    if is_fragment(claim, quote, published) or _is_described(claim, quote, published):
        return True
    told = Overlay(published, titles, any(unit.low in NEGATIONS | QUANTIFIERS for unit in claim))
    if any(not told.is_known(unit, quote) for unit in claim):
        return False
    given = list(ways(quote))
    for mine, phrases in _cores(claim):
        orders = [mine, active(mine)]
        for other in given:
            if not all(_has(other, phrase, told) for phrase in phrases):
                continue
            starts = [at for at in range(len(other)) if may_start(other, at)]
            if whole:
                starts = [at for at in starts if not has_verb(other[:at])]
            if any(order and told.follows(order, other, start) for order in orders for start in starts):
                return True
            if orders[1] and any(told.follows(orders[1], other, at, has_agent=False) for at in _verbs(other)):
                return True
    return False


def _is_described(claim: Units, quote: Units, published: str | None) -> bool:
    """ "The drones are based in Jordan" of "… using drones based in Jordan": what stands beside a noun."""
    copula = next((at for at, unit in enumerate(claim) if unit.low in BE), 0)
    come = next((at for at, unit in enumerate(claim) if unit.low in ("come", "comes", "came")), 0)
    at = copula or (come if claim[come + 1 : come + 2] and claim[come + 1].low == "from" else 0)
    subject, rest = claim[:at], claim[at + 1 :]
    if not at or at > 4 or not rest:
        return False
    told = Overlay(published, frozenset(), negated=True)
    for other in ways(quote):
        for start in range(len(other) - at):
            begin = start + at
            if not all(map(told.alike, other[start:begin], subject)) or any(u.low in STOPPING for u in other[:begin]):
                continue
            if _describes(other, start, begin) and told.follows(rest, other, begin):
                return True
    return False


def _describes(quote: Units, start: int, begin: int) -> bool:
    """Whether what begins at `begin` can only say something about the noun before it."""
    unit, before = quote[begin], quote[start - 1] if start else None
    if before and (before.low == "of" or before.key.endswith("'s")):
        return False
    if unit.marks:
        return "," in unit.marks and unit.kind == "number"
    if unit.low in PLACING:
        return bool(start)
    participle = is_verb(unit) and quote[begin + 1 : begin + 2] and quote[begin + 1].low in PREPOSITIONS
    return bool(participle and start and before and (before.low.endswith("ing") or has_verb(quote[:start])))


def _cores(claim: Units) -> Iterator[tuple[Units, list[Units]]]:
    """The claim, and the claim without a phrase of time or place at its beginning or its end, with that phrase."""
    yield claim, []
    comma = next((at for at, unit in enumerate(claim) if at and "," in unit.marks), 0)
    if 0 < comma <= LONGEST_PHRASE and claim[0].low in PREPOSITIONS | {"as"}:
        yield claim[comma:], [claim[:comma]]
    for at in range(max(3, len(claim) - LONGEST_PHRASE), len(claim)):
        if claim[at].low in PREPOSITIONS | {"as"} or claim[at].kind == "date":
            yield claim[:at], [claim[at:]]
    for at in range(3, len(claim) - 3):  # in the middle: "supported over the last 10 days by heavy airstrikes"
        end = next((to for to in range(at + 2, len(claim)) if claim[to].low in PREPOSITIONS), 0)
        if claim[at].low in PREPOSITIONS and at < end <= at + LONGEST_PHRASE:
            yield (*claim[:at], *claim[end:]), [claim[at:end]]


def _has(quote: Units, phrase: Units, told: Overlay) -> bool:
    """Whether a phrase stands whole in the quote before any second clause, and no other date that could be meant."""
    dates = {unit.key for unit in phrase if unit.kind == "date"}
    if dates and any(unit.kind == "date" and not told.among(unit, phrase) for unit in quote):
        return False
    main = next((at for at, unit in enumerate(quote) if at and unit.low in CONJUNCTIONS and has_verb(quote[:at])), 0)
    places = range((main or len(quote)) - len(phrase) + 1)
    return any(told.stands(phrase, quote, at) for at in places)


def _verbs(quote: Units) -> Iterator[int]:
    """Where an active verb stands with its subject before it, or after a comma: "…, killing seven"."""
    for at in range(1, len(quote)):
        unit, before = quote[at], quote[at - 1]
        if before.low in STOPPING:
            return
        is_active = is_verb(unit) and not unit.marks and before.low not in BE | PREPOSITIONS
        if is_active or (unit.low.endswith("ing") and "," in unit.marks):
            yield at
