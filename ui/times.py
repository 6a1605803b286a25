"""What the times in the quotes mean, in lines that both faces show. Pure."""

from collections.abc import Sequence
from itertools import groupby

from rag.records import TimeReading


def time_lines(times: Sequence[TimeReading]) -> list[tuple[int, str]]:
    """(number of the citation, "Tuesday: Tuesday, 28 February 2023, counted from the article's date, …").

    Times of one quote that were counted from one day share a line; a time that says all itself ("May 2016") has none.
    """
    needed = dict.fromkeys(one for one in times if one.reason)
    ordered = sorted(needed, key=lambda one: (one.citation, not one.meaning, one.reason))
    lines = []
    for (citation, told, reason), group in groupby(
        ordered, key=lambda one: (one.citation, bool(one.meaning), one.reason)
    ):
        said = "; ".join(f"{one.words}: {one.meaning}" if told else f"“{one.words}”" for one in group)
        lines.append((citation, f"{said}, {reason}" if told else f"{said}: not known, {reason}"))
    return lines
