"""Who says it: "according to X", "X said that …", "…, said X" taken out of a sentence, whichever way round. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.checks.amounts import Unit
from rag.checks.words import AUXILIARIES, DENIALS, NEGATIONS, PREPOSITIONS, RELATIVES, SAYING, SEPARATING

LONGEST_SPEAKER = 16  # units
BARE = frozenset("said says stated".split())  # what follows is said even without "that"; one may add a supplement
OF_THE_ARTICLES = frozenset("article articles text texts passage passages quote quotes document documents".split())


@dataclass(frozen=True, slots=True)
class Said:
    """What is said, and whose word each part of it is; no speakers where it is the article's own."""

    units: tuple[Unit, ...]
    speakers: tuple[tuple[Unit, ...], ...] = ()


def in_words(speaker: Sequence[Unit]) -> str:
    """The speaker as the sentence has him, articles included."""
    return " ".join(f"{unit.article} {unit.text}".strip() for unit in speaker)


def attribution(units: Sequence[Unit]) -> Said:
    """The sentence without its attributions, and the speakers in order."""
    said = Said(tuple(units))
    for step in (_according, _leading, _interjected):
        said = step(said)
    return said


def _according(said: Said) -> Said:
    units = said.units
    for start, (one, two) in enumerate(pairwise(units)):
        if (one.low, two.low) == ("according", "to"):
            end = next((at for at in range(start + 2, len(units)) if set(units[at].marks) & SEPARATING), len(units))
            speaker = units[start + 2 : end]
            if not speaker or (start == 0 and end == len(units)):
                return said
            own = {unit.low for unit in speaker} <= OF_THE_ARTICLES
            return _according(Said(_cut(units, start, end), said.speakers + (() if own else (speaker,))))
    return said


def _interjected(said: Said) -> Said:
    """ "…, X said, …" and "…, said X": a part between commas, with a verb of saying at its end or its beginning."""
    units = said.units
    edges = [0, *(at for at in range(1, len(units)) if set(units[at].marks) & set(",—–-;")), len(units)]
    for start, end in pairwise(edges):
        part = units[start:end]
        verbs = [at for at, unit in enumerate(part) if unit.low in SAYING]
        if (
            start == 0
            or not verbs
            or not 2 <= len(part) <= LONGEST_SPEAKER
            or part[0].low in RELATIVES | {"and", "but"}
        ):
            continue
        if any(unit.low in AUXILIARIES | NEGATIONS | DENIALS for unit in part) or part[-1].low in ("told", "tells"):
            continue  # "a story never told" tells no one's word
        verb = verbs[-1]
        rest = part[verb + 1 :]
        if verb in (0, len(part) - 1) or rest[0].low in PREPOSITIONS or rest[0].kind in ("date", "time"):
            speaker = part[:verb] + rest
            return _interjected(Said(_cut(units, start, end), (*said.speakers, speaker)))
    return said


def _leading(said: Said) -> Said:
    """ "X said (on Tuesday) that …": a verb of saying near the beginning that nothing comes before but its subject.

    The subject may have a clause of its own between commas; "Amaq that …" goes on after an earlier "said".
    """
    units = said.units
    that = next((at for at, unit in enumerate(units[:LONGEST_SPEAKER]) if "that" in unit.marks), 0)
    if 0 < that <= 3 and all(unit.is_name for unit in units[:that]):
        return Said(units[that:], (*said.speakers, units[:that]))
    verb = next((at for at, unit in enumerate(units[:LONGEST_SPEAKER]) if unit.low in SAYING), 0)
    subject = _before_clause(units[: verb + 1])
    if not verb or verb + 2 > len(units) or any(unit.marks or unit.low in AUXILIARIES for unit in subject[1:]):
        return said
    begin = next((at for at in range(verb + 1, min(verb + 6, len(units))) if "that" in units[at].marks), verb + 1)
    if "that" not in units[begin].marks:
        amount = any(unit.kind == "number" for unit in units[begin + 1 : begin + 2])  # "said over seventy people"
        if units[verb].low not in BARE or (units[begin].low in PREPOSITIONS | {"to"} and not amount):
            return said
    speaker = units[:verb] + units[verb + 1 : begin]
    return Said(units[begin:], (*said.speakers, speaker)) if units[begin:] else said


def _before_clause(units: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """ "Amaq" of "Amaq, which is close to Daesh, said"; otherwise all."""
    comma = next((at for at, unit in enumerate(units) if at and "," in unit.marks), 0)
    return units[:comma] if comma and "," in units[-1].marks and units[comma].low in RELATIVES else units


def _cut(units: tuple[Unit, ...], start: int, end: int) -> tuple[Unit, ...]:
    after = units[end:]
    if start == 0 and after:
        after = (replace(after[0], marks=""), *after[1:])
    return units[:start] + after
