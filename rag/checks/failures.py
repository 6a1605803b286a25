"""What a quote contradicts in a claim, each check a function: (claim, quotes) → the reason in words, or "". Pure."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from rag.checks.amounts import Unit
from rag.checks.carry import same_speaker
from rag.checks.compared import Compared
from rag.checks.ways import is_verb
from rag.checks.words import (
    COMPARISONS,
    CONDITIONS,
    DENIALS,
    FUNCTION_WORDS,
    HEDGES,
    NEGATIONS,
    QUANTIFIERS,
    are_opposites,
)

SCOPE = 4  # units after a negation or a hedge that it may be about
NEAR = 3
WRITTEN_OUT = {"over": "more than", "under": "less than", "least": "at least", "up": "up to"}


def failure(compared: Compared) -> str:
    """The first reason why the claim cannot stand, "" where no check fails."""
    return next((reason for check in CHECKS if (reason := check(compared))), "")


def numbers(compared: Compared) -> str:
    """A number, with its unit, that no quote has."""
    for position, unit in enumerate(compared.claim):
        if unit.kind in ("number", "ordinal") and unit.key != "number:1" and not compared.has(unit):
            counted = _counted(compared.claim, position)
            for other, others in _counting(compared, unit.kind):
                if others & counted:
                    return f"the quote says {other.text}, the claim {unit.text}"
            return f"“{unit.text}” is not in the quote"
    return ""


def counting(compared: Compared) -> str:
    """A number that counts one thing in the claim and another in every quote that has it."""
    for position, unit in enumerate(compared.claim[:-1]):
        counted = _counted(compared.claim, position)
        if unit.kind == "number" and unit.key != "number:1" and counted and compared.has(unit):
            found = [others for other, others in _counting(compared, "number") if other.key == unit.key]
            if (
                found
                and not any(_is_elliptic(quote, unit) for quote in compared.quotes)
                and not any(others & counted for others in found)
                and all(map(compared.has, _next(compared.claim, position)))
            ):
                return f"in the quote {unit.text} counts something else"
    return ""


def exactness(compared: Compared) -> str:
    """ "More than 70" against "70" and "fewer than 70"."""
    for position, unit in enumerate(compared.claim):
        if unit.kind != "number":
            continue
        mine = _comparison(compared.claim, position)
        found = [_comparison(q, at) for q in compared.quotes for at, other in enumerate(q) if other.key == unit.key]
        if found and mine not in found:
            return f"the quote says “{f'{found[0]} {unit.low}'.strip()}”, the claim “{f'{mine} {unit.low}'.strip()}”"
    return ""


def dates(compared: Compared) -> str:
    """A date or a time that no quote has, or not as sharply."""
    for unit in compared.claim:
        if (unit.kind in ("date", "time") or _is_day(unit)) and not compared.has(unit):
            other = next(
                (one for one in compared.given if one.kind == unit.kind and _is_day(one) == _is_day(unit)), None
            )
            return (
                f"the quote says {other.text}, the claim {unit.text}" if other else f"“{unit.text}” is not in the quote"
            )
    return ""


def names(compared: Compared) -> str:
    """A name that no quote has; at the beginning of a claim an article's title may have it."""
    subject = True
    for position, unit in enumerate(compared.claim):
        if not unit.is_name or (position == 0 and not unit.text[1:].isupper() and _is_common(unit)):
            subject = subject and unit.low in FUNCTION_WORDS
            continue
        in_title = subject and _bare(unit.key) in compared.titles
        if not compared.has(unit) and not in_title and not _owner_known(compared, unit):
            return f"“{unit.text}” is not in the quote"
    return ""


def opposites(compared: Compared) -> str:
    """A word of the claim whose opposite the quote has in its place."""
    for unit in compared.claim:
        if unit.kind == "word" and not compared.has(unit):
            for other in compared.given:
                if not any(one.key == other.key for one in compared.claim) and are_opposites(unit.low, other.low):
                    return f"“{unit.text}” in the claim, “{other.text}” in the quote"
    return ""


def denial(compared: Compared) -> str:
    """A word that one side denies and the other does not."""
    mine = _governed(compared.claim, NEGATIONS | DENIALS)
    other = {key for quote in compared.quotes for key in _governed(quote, NEGATIONS | DENIALS)}
    said = {unit.key for unit in compared.claim}
    given = {unit.key for quote in compared.quotes for unit in quote}
    if (other - mine) & said and not _negated(compared.claim) and any(map(_negated, compared.quotes)):
        return "the quote denies it"
    if (mine - other) & given and _negated(compared.claim) and not any(map(_negated, compared.quotes)):
        return "the claim denies what the quote says"
    return ""


def modality(compared: Compared) -> str:
    """A "may", "expected to", "if" of the quote about words that the claim states flatly."""
    said = {unit.key for unit in compared.claim}
    for quote in compared.quotes:
        for position, unit in enumerate(quote):
            about = {one.key for one in _content(quote[position + 1 : position + 1 + SCOPE])}
            if unit.low in HEDGES | CONDITIONS and unit.key not in said and about & said:
                return f"the quote says “{unit.low}”"
    return ""


def quantifiers(compared: Compared) -> str:
    """ "All" against "some" of the same things."""
    for position, unit in enumerate(compared.claim[:-1]):
        if unit.low in QUANTIFIERS and not compared.has(unit):
            about = {one.key for one in compared.claim[position + 1 : position + 1 + NEAR]}
            for quote in compared.quotes:
                for at, other in enumerate(quote):
                    near = {one.key for one in quote[at + 1 : at + 1 + NEAR]}
                    if other.low in QUANTIFIERS and not _said(compared.claim, other) and near & about:
                        return f"the quote says “{other.low}”, the claim “{unit.low}”"
    return ""


def attributed(compared: Compared) -> str:
    """Another speaker than the quote's."""
    for mine in compared.claim_speakers:
        if compared.quote_speakers and not any(same_speaker(mine, other) for other in compared.quote_speakers):
            other = " ".join(unit.text for unit in compared.quote_speakers[0])
            return f"{other} said it, not {' '.join(unit.text for unit in mine)}"
    return ""


def roles(compared: Compared) -> str:
    """Two names that change places around the words between them."""
    mine = [unit for unit in compared.claim if unit.is_name]
    for first, second in pairwise(mine):
        between = _between(compared.claim, first, second)
        for quote in compared.quotes:
            reverse = _between(quote, second, first)
            if first.key != second.key and reverse and between & reverse and not _between(quote, first, second):
                return f"“{first.text}” and “{second.text}” have changed places"
    return ""


CHECKS: tuple[Callable[[Compared], str], ...] = (
    numbers,
    dates,
    exactness,
    attributed,
    names,
    opposites,
    quantifiers,
    modality,
    denial,
    counting,
    roles,
)


def _content(units: Sequence[Unit]) -> list[Unit]:
    return [unit for unit in units if unit.low not in FUNCTION_WORDS]


def _next(units: Sequence[Unit], position: int) -> list[Unit]:
    return _content(units[position + 1 : position + 2])


def _counted(units: Sequence[Unit], position: int) -> set[str]:
    """The content words right after a number, up to a mark or a small word."""
    found: set[str] = set()
    for unit in units[position + 1 : position + 1 + NEAR]:
        if unit.marks or unit.low in FUNCTION_WORDS or unit.kind != "word":
            break
        found.add(unit.key)
    return found


def _counting(compared: Compared, kind: str) -> Iterator[tuple[Unit, set[str]]]:
    for quote in compared.quotes:
        for position, unit in enumerate(quote):
            if unit.kind == kind:
                yield unit, _counted(quote, position)


def _is_elliptic(units: Sequence[Unit], number: Unit) -> bool:
    """Whether what is counted stands further before: "16 fighters had been killed and more than 70 wounded"."""
    return any(one.key == number.key and is_verb(after) for one, after in pairwise(units))


def _comparison(units: Sequence[Unit], position: int) -> str:
    """The word before a number that says how exact it is: "more than", "nearly", "up to"; "" for none."""
    words = [unit for unit in units[max(position - 2, 0) : position] if unit.kind == "word"]
    found = [
        unit.low for unit in words if unit.low in COMPARISONS or unit.key.startswith(("=more than", "=fewer than"))
    ]
    return WRITTEN_OUT.get(found[0], found[0]) if found else ""


def _is_common(unit: Unit) -> bool:
    return unit.text[1:].islower() or len(unit.text) == 1


def _is_day(unit: Unit) -> bool:
    return unit.is_name and unit.low.endswith("day")


def _bare(key: str) -> str:
    return key.removesuffix("'s")


def _owner_known(compared: Compared, unit: Unit) -> bool:
    """Whether the name is in the quotes up to its possessive: "Libya" for "Libya's"."""
    return any(_bare(unit.key) == _bare(other.key) for other in compared.given)


def _governed(units: Sequence[Unit], words: frozenset[str]) -> set[str]:
    found = (units[at + 1 : at + 1 + SCOPE] for at, unit in enumerate(units) if unit.low in words)
    return {unit.key for scope in found for unit in _content(scope)}


def _negated(units: Sequence[Unit]) -> bool:
    return any(unit.low in NEGATIONS | DENIALS for unit in units)


def _said(units: Sequence[Unit], other: Unit) -> bool:
    return any(unit.key == other.key for unit in units)


def _between(units: Sequence[Unit], first: Unit, second: Unit) -> set[str]:
    keys = [unit.key for unit in units]
    if first.key not in keys or second.key not in keys:
        return set()
    start, end = keys.index(first.key), keys.index(second.key)
    return {unit.key for unit in _content(units[start + 1 : end])}
