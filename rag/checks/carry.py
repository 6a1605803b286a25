"""Is every word of the claim in the quote, in its order, with nothing left out that changes what it says? Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from rag.checks.amounts import Unit
from rag.checks.speakers import Said, attribution
from rag.checks.units import carries, read
from rag.checks.words import (
    AUXILIARIES,
    CLAIMING,
    CONDITIONS,
    CONJUNCTIONS,
    CUT_BEFORE,
    DENIALS,
    FUNCTION_WORDS,
    HEDGES,
    NEGATIONS,
    PAST,
    PREPOSITIONS,
    QUANTIFIERS,
    RELATIVES,
    RESTRICTED,
    SAYING,
    SEPARATING,
)

LONGEST_FRONT = 6  # units of "On Tuesday, 1 August," that may stand at either end
SUSPENDING = CONDITIONS | DENIALS | SAYING | HEDGES
WITHDRAWING = DENIALS | CLAIMING | {"unless", "except", "if"}
PAIRING = frozenset("between both either neither".split())
INSERTED = frozenset("who which whose where whom including such known a an the".split())
Units = Sequence[Unit]


def carried(said: Units, given: Units, published: str | None = None, *, whole: bool = False) -> bool:
    """Whether a quote says what the claim says: all of it, a clause of it, or it with another order of its parts.

    `whole`: the claim begins where the quote does.
    """
    return any(
        _laid_over(mine, other, published, from_start=whole)
        for mine in _arrangements(said)
        for other in _arrangements(given)
    )


@lru_cache(maxsize=2_000)
def analysed(sentence: str) -> Said:
    """The units of a sentence and its speakers."""
    return attribution(read(sentence))


def same_speaker(said: Units, given: Units) -> bool:
    """Whether the claim's speaker is the quote's; less may be said of him, unless "of" makes it another's word."""
    mine, other = [unit.key for unit in said], [unit.key for unit in given]
    end = next((at for at, unit in enumerate(given) if unit.low in PREPOSITIONS | RELATIVES | {"of", "to"}), len(other))
    if mine and mine == other[:end][-len(mine) :] and not any(unit.is_name for unit in said):
        return True  # "the command" of "the GNA's military command on Facebook"
    if any(key == "of" or key.endswith("'s") for key in other):
        return mine == other
    names = {unit.key for unit in given if unit.is_name and unit.low not in FUNCTION_WORDS}
    together = any(other[at : at + len(mine)] == mine for at in range(len(other)))
    return bool(mine) and together and (not names or bool(set(mine) & names))


def has_verb(units: Units) -> bool:
    """Whether a verb is likely among these units: an auxiliary, an irregular past, or "-ed"."""
    return any(
        unit.kind == "word"
        and (unit.low in AUXILIARIES or unit.low in PAST or (unit.low.endswith("ed") and len(unit.low) > 3))
        for unit in units
    )


def _laid_over(claim: Units, quote: Units, published: str | None, *, from_start: bool) -> bool:
    if not claim:
        return False
    starts = [0] if from_start else [at for at in range(len(quote)) if may_start(quote, at)]
    return any(_follows(claim, quote, start, published) for start in starts)


def _follows(claim: Units, quote: Units, start: int, published: str | None) -> bool:
    """Whether the claim's units stand in the quote from `start` on, with insertions left out."""

    def moves(said: int, given: int) -> Iterator[tuple[int, int]]:
        if given == len(quote):
            return
        if carries(quote[given], claim[said], published):
            yield said + 1, given + 1
        elif claim[said].key == "number:1" and quote[given].article in ("a", "an"):
            yield said + 1, given
        if said:
            yield from ((said, end) for end in insertion_ends(quote, given))

    return reaches([(0, start)], len(claim), moves, lambda end: may_end(quote, start, end))


def reaches(
    states: Iterable[tuple[int, int]],
    length: int,
    moves: Callable[[int, int], Iterable[tuple[int, int]]],
    may_stop: Callable[[int], bool],
) -> bool:
    """Whether moves lead from a state, so many units of a claim said and of a quote given, to the claim's end.

    `may_stop` says whether the quote may be left there.
    """
    open_states, seen = list(states), set()
    while open_states:
        state = open_states.pop()
        if state in seen:
            continue
        seen.add(state)
        said, given = state
        if said < length:
            open_states += moves(said, given)
        elif may_stop(given):
            return True
    return False


def insertion_ends(quote: Units, start: int) -> Iterator[int]:
    """Where an insertion that begins here ends: brackets, or a part between commas that only adds something."""
    marks = quote[start].marks
    if not set(marks) & set("(,—–-["):
        return
    bracketed = bool(set(marks) & set("(["))
    closing = {")", "]"} if bracketed else set(",—–-")
    end = next((at for at in range(start + 1, len(quote)) if set(quote[at].marks) & closing), None)
    if end is None or any(unit.low in (NEGATIONS if bracketed else SUSPENDING) for unit in quote[start:end]):
        return
    if bracketed or quote[start].low in INSERTED or quote[start].article:
        yield end


def may_start(quote: Units, at: int) -> bool:
    """Whether a clause that stands for itself begins here."""
    if at == 0:
        return True
    if at <= 2 and quote[at].is_name and quote[0].article and all(_is_plain(unit) for unit in quote[:at]):
        return not quote[at].marks  # "the ferry Aurora" → "the Aurora"
    before = quote[:at]
    if ";" in quote[at].marks:
        return True
    if any(unit.low in SUSPENDING for unit in before):
        return False
    conjunction = before[-1].low in CONJUNCTIONS
    separated = bool(set(quote[at].marks) & SEPARATING) or (conjunction and bool(before[-1].marks))
    if conjunction and not separated:
        return has_verb(before) and not any(unit.low in RELATIVES for unit in before)
    return separated and (has_verb(before) or before[0].low in PREPOSITIONS or before[0].low in RELATIVES)


def _is_plain(unit: Unit) -> bool:
    return unit.kind == "word" and unit.low not in FUNCTION_WORDS | HEDGES | QUANTIFIERS and not unit.key.endswith("'s")


def may_end(quote: Units, start: int, at: int) -> bool:
    """Whether the quote can be cut off here and still say the same of what is left."""
    if at == len(quote):
        return True
    kept, rest = quote[start:at], quote[at:]
    first = rest[1] if rest[0].low in CONJUNCTIONS and len(rest) > 1 else rest[0]
    if first.low in CONDITIONS or any(unit.low in WITHDRAWING for unit in rest[:6]):
        return False
    if rest[0].low in CONJUNCTIONS and any(unit.low in PAIRING for unit in kept[-6:]):
        return False
    if set(rest[0].marks) & SEPARATING or rest[0].low in CONJUNCTIONS:
        return kept[-1].low not in PREPOSITIONS
    if kept[-1].low in FUNCTION_WORDS or kept[-1].kind == "number" or not has_verb(kept):
        return False
    to_a_place = rest[0].low == "to" and len(rest) > 1 and rest[1].is_name
    return (to_a_place or _opens_phrase(rest[0])) and not any(map(_is_limited, kept)) and len(kept) > 2


def _opens_phrase(unit: Unit) -> bool:
    """Whether a phrase of place, time or manner begins here, which a true sentence can do without."""
    return unit.low in CUT_BEFORE or unit.kind == "date"


def _is_limited(unit: Unit) -> bool:
    """Whether a word may reach no further than the phrase after it: "the largest in France", "not in Paris"."""
    return unit.low in RESTRICTED | NEGATIONS | DENIALS or unit.low.endswith("est")


def _arrangements(units: Units) -> Iterator[Units]:
    """The units as they stand, and with a time at the beginning moved to the end where nothing else can claim it."""
    yield units
    comma = next((at for at, unit in enumerate(units) if "," in unit.marks), 0)
    if units and units[0].kind == "date":
        comma = 1
    front, rest = units[:comma], units[comma:]
    simple = not any(set(unit.marks) & SEPARATING or unit.low in CONJUNCTIONS for unit in rest[1:])
    if 0 < comma <= LONGEST_FRONT and simple and any(unit.kind != "word" or _is_weekday(unit) for unit in front):
        yield (*rest, *front)


def _is_weekday(unit: Unit) -> bool:
    return unit.is_name and unit.low.endswith("day")
