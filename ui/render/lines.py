"""What is said beside an answer, in lines that both faces show: what its times mean, what it leaves open. Pure."""

from collections.abc import Sequence
from itertools import groupby

from rag.records import Answer, Citation, Conflict, TimeReading


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


def asked_of(answer: Answer) -> str:
    """Which articles alone were asked, as a sentence; empty where all were."""
    filters = answer.filters
    days = {"from": filters.after, "to": filters.before}
    parts = [*filter(None, (filters.source, filters.path, filters.author))]
    parts += [" ".join(f"{name} {day}" for name, day in days.items() if day)] if any(days.values()) else []
    return f"Asked only of: {', '.join(parts)}." if parts else ""


def uncovered(answer: Answer) -> str:
    """Which of the question's names and numbers an answer leaves open, as a sentence; empty for a refusal."""
    if answer.refused or not answer.not_found:
        return ""
    return f"Not in the quotes: {', '.join(f'“{word}”' for word in answer.not_found)}."


def differ(conflict: Conflict, citations: Sequence[Citation]) -> str:
    """ "The articles differ on strikes", the line above a table of differing values."""
    articles = {one.number: one.article_id for one in citations}
    given = {articles[one.citation] for one in conflict.statements if one.citation in articles}
    who = "The articles differ on" if len(given) > 1 else "The article gives more than one value for"
    return f"{who} {conflict.topic}"


def gone(answer: Answer) -> str:
    """Which quotes of a kept answer cannot be opened any more, as a sentence; empty where all can."""
    there = {passage.article.id for passage in answer.passages}
    lost = [one for one in answer.citations or answer.nearest if one.article_id not in there]
    if not lost:
        return ""
    which = ", ".join(f"[{one.number}]" for one in lost)
    whose = "Quote" if len(lost) == 1 else "Quotes"
    return f"{whose} {which}: the article has changed or is no longer indexed."
