"""A claim beside the quotes that are to carry it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.checks.amounts import Unit
from rag.checks.carry import analysed
from rag.checks.units import carries
from rag.checks.words import wider


@dataclass(frozen=True, slots=True)
class Compared:
    """A claim and the quotes that are to carry it; `titles` are the units of the articles' titles."""

    claim: tuple[Unit, ...]
    claim_speakers: tuple[tuple[Unit, ...], ...]
    quotes: tuple[tuple[Unit, ...], ...]
    quote_speakers: tuple[tuple[Unit, ...], ...]
    dates: tuple[str | None, ...]
    titles: frozenset[str]

    keys: frozenset[str]

    @property
    def given(self) -> list[Unit]:
        return [unit for quote in (*self.quotes, *self.quote_speakers) for unit in quote]

    def has(self, said: Unit) -> bool:
        """Whether a quote gives this unit anywhere."""
        if said.key in self.keys or said.day is None:
            return said.key in self.keys
        dated = zip(self.quotes, self.dates, strict=True)
        return any(carries(unit, said, date) for quote, date in dated for unit in quote)

    def has_narrower(self, said: Unit) -> bool:
        """Whether a quote has a narrower word in its place."""
        return any(unit.low in wider(said.low) for unit in self.given)


def compare(claim: str, quotes: Sequence[tuple[str, str | None]], titles: Sequence[str]) -> Compared:
    """The claim and (quote, date) pairs, read for the checks."""
    said, given = analysed(claim), [analysed(quote) for quote, _ in quotes]
    return Compared(
        said.units,
        said.speakers,
        tuple(one.units for one in given),
        tuple(speaker for one in given for speaker in one.speakers),
        tuple(date for _, date in quotes),
        frozenset(unit.key for title in titles for unit in analysed(title).units),
        frozenset(unit.key for one in given for part in (one.units, *one.speakers) for unit in part),
    )
