"""What is said beside an answer, in lines that window, exports and terminal share: what its times mean, what it leaves
open. Pure."""

import re
from collections.abc import Sequence
from itertools import groupby

from rag.records import Answer, Citation, Claim, Conflict, TimeReading

VARIABLE = re.compile(r"\b(?:(?:FOOTNOTE|OPENAI)_[A-Z]|(?:NO|ALL|HTTPS?)_PROXY\b|SSL_CERT_(?:FILE|DIR)\b)")
CUT_OFF = "cut off"  # stands behind a sentence in the place of a verdict
WHAT_TO_SET = "To mend it where Footnote was started: footnote doctor"


def counted(number: int, one: str, several: str = "") -> str:
    """ "1 article", "1,200 articles"."""
    return f"1 {one}" if number == 1 else f"{number:,} {several or one + 's'}"


def in_a_window(notice: str) -> str:
    """What happened, without the variables to set: whoever looks at a window may know of none, nor set any."""
    parts = re.split(r"(?<=[.:?!]) ", notice)
    told = [part for part in parts if not VARIABLE.search(part)]
    if len(told) == len(parts):
        return notice
    said = " ".join(told).removesuffix(":") or "Something is not set up rightly"
    return f"{said}{'' if said.endswith(('.', '?', '!')) else '.'} {WHAT_TO_SET}"


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


def is_cut_off(answer: Answer, claim: Claim) -> bool:
    """Whether a sentence was still without its citation where its answer was stopped or broke off."""
    said = answer.text[claim.start : claim.end].rstrip()
    ended = said.endswith((".", "!", "?", "]", "”", '"')) if answer.done else said.rstrip(" .!?").endswith("]")
    return (answer.cut_off or not answer.done) and claim == answer.claims[-1] and not ended


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
