"""The same sentence with its parts in another order: a passive as active, of two measures the one in brackets. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.checks.amounts import Unit
from rag.checks.words import AUXILIARIES, CONJUNCTIONS, NEGATIONS, PAST, PREPOSITIONS, SEPARATING

Units = Sequence[Unit]
BE = frozenset("is are was were be been being".split())
HAVE = frozenset("has have had".split())
PARTICLES = frozenset("out up off down away back".split())
LONGEST_SUBJECT = 8  # units


def is_verb(unit: Unit) -> bool:
    """Whether a unit is likely a past form or a participle: "-ed", or an irregular one."""
    return (
        unit.kind == "word"
        and not unit.is_name
        and (unit.low in PAST or unit.low in IRREGULAR or (unit.low.endswith("ed") and len(unit.low) > 3))
    )


IRREGULAR = frozenset(
    "begun broken built bought caught chosen done drawn driven fallen fought found given gone grown held hidden hit"
    " kept known laid led left lost made met paid put read risen run seen sent set shot shown sold sought spoken spent"
    " stolen struck taken taught thrown told torn won worn written".split()
)


def ways(units: Units) -> Iterator[Units]:
    """The units as they stand, then with a passive turned, then with the measure in brackets in the other's place."""
    yield units
    if turned := active(units):
        yield turned
    for at in range(1, len(units) - 1):
        if "(" in units[at].marks and units[at].kind == "number":
            end = next((to for to in range(at + 1, len(units)) if ")" in units[to].marks), len(units))
            start = next((back for back in range(at - 1, max(at - 4, -1), -1) if units[back].kind == "number"), None)
            if start is not None and end - at <= 3:
                measure = (replace(units[at], marks=units[start].marks), *units[at + 1 : end])
                yield (
                    *units[:start],
                    *measure,
                    *(replace(unit, marks="") for unit in units[end : end + 1]),
                    *units[end + 1 :],
                )


def active(units: Units) -> Units:
    """ "B was struck by A (in May)" → "A struck B (in May)"; without "by A" no one is named before the verb."""
    be = next((at for at, unit in enumerate(units) if unit.low in BE), 0)
    if not 0 < be <= LONGEST_SUBJECT or any(set(unit.marks) & SEPARATING for unit in units[1:be]):
        return ()
    subject = tuple(unit for unit in units[:be] if unit.low not in HAVE)
    verb = next((at for at in range(be, len(units)) if units[at].low not in BE), len(units))
    if verb == len(units) or not is_verb(units[verb]) or any(unit.low in AUXILIARIES for unit in subject):
        return ()
    end = verb + 1 + (verb + 1 < len(units) and units[verb + 1].low in PARTICLES)
    by = next((at for at in range(end, len(units)) if units[at].low == "by" and not units[at].marks), None)
    if by is None:
        return (*units[verb:end], *subject, *units[end:])
    if any(unit.low in CONJUNCTIONS | NEGATIONS or unit.marks for unit in units[end:by]):
        return ()
    stop = next((at for at in range(by + 2, len(units)) if _ends_phrase(units[at])), len(units))
    return (*units[by + 1 : stop], *units[verb:end], *subject, *units[end:by], *units[stop:])


def _ends_phrase(unit: Unit) -> bool:
    return bool(unit.marks) or unit.kind == "date" or unit.low in PREPOSITIONS | CONJUNCTIONS | AUXILIARIES
