"""An answer that is no sentence ("As of Wednesday: 29 strikes"): does each part of it stand in the quote? Pure."""

from collections.abc import Iterator
from itertools import pairwise

from rag.checks.carry import SUSPENDING, has_verb
from rag.checks.units import carries
from rag.checks.ways import BE, Units, is_verb
from rag.checks.words import COMPARISONS, FUNCTION_WORDS, NEGATIONS, PREPOSITIONS, QUANTIFIERS

LONGEST = 8  # units
STOPPING = SUSPENDING | NEGATIONS


def is_fragment(claim: Units, quote: Units, published: str | None) -> bool:
    """Whether a claim is no sentence ("As of Wednesday: 29 strikes") and each part of it stands in the quote.

    Where it has several parts, the quote has no other amount that one of them could belong to.
    """
    if len(claim) > 2 and claim[0].low == "there" and claim[1].low in BE:
        claim = claim[2:]
    amounts = {unit.key for unit in claim if unit.kind != "word"}
    if not amounts or len(claim) > LONGEST or has_verb(claim) or any(unit.low in STOPPING for unit in quote):
        return False
    chunks = list(_chunks(claim))
    kinds = {unit.kind for unit in claim if unit.kind != "word"}
    others = {unit.key for unit in quote if unit.kind in kinds} - amounts
    if len(chunks) > 1 and others and not _stand_together(claim, quote, published):
        return False
    return all(any(_stands_at(chunk, quote, at, published) for at in range(len(quote))) for chunk in chunks)


def _stand_together(claim: Units, quote: Units, published: str | None) -> bool:
    return any(_stands_at(claim, quote, at, published) for at in range(len(quote)))


def _chunks(units: Units) -> Iterator[Units]:
    edges = [
        0,
        *(
            at
            for at in range(1, len(units))
            if units[at].marks or (units[at].low in PREPOSITIONS | {"as"} and units[at - 1].low not in PREPOSITIONS)
        ),
        len(units),
    ]
    return (units[start:end] for start, end in pairwise(edges))


def _stands_at(chunk: Units, quote: Units, at: int, published: str | None) -> bool:
    """Whether the chunk stands here whole, with no word before it that says how much of it or whose it is."""
    end = at + len(chunk)
    if end > len(quote) or not all(carries(*pair, published) for pair in zip(quote[at:end], chunk, strict=True)):
        return False
    if at and (quote[at - 1].low in COMPARISONS | QUANTIFIERS | {"to"} or quote[at - 1].key.startswith("=")):
        return False
    after = quote[end : end + 1]
    goes_on = after and not after[0].marks and after[0].kind == "word" and not is_verb(after[0])
    return not goes_on or chunk[-1].kind == "date" or after[0].low in FUNCTION_WORDS
