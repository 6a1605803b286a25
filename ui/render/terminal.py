"""Answer → plain text for a terminal. Pure, but for the current folder that paths are shown from."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from index.records import Entry, Status, SyncReport
from rag.records import Answer, Citation, Claim, Conflict
from ui.render.lines import CUT_OFF, asked_of, counted, is_cut_off, time_lines, uncovered

# An article must not steer the terminal, nor turn the direction of what stands beside it.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def render(answer: Answer) -> str:
    """The answer, its sources, where the articles differ, and what was not found."""
    parts = [asked_of(answer), answer.notice, answer.correction, _text(answer), uncovered(answer)]
    parts += ["\n".join(map(_conflict_line, answer.conflicts))] if answer.conflicts else []
    if answer.refused and answer.nearest:
        parts.append("\n".join(["Nearest in your articles:", *(_source(one, quote=True) for one in answer.nearest)]))
    if answer.suggestions:
        parts.append(
            "\n".join(["The articles answer, for example:", *(f"- {_flat(one)}" for one in answer.suggestions)])
        )
    shown, sources = _flat(answer.text), []
    lines = time_lines(answer.times)
    for one in answer.citations:
        times = [f"    {_flat(line)}" for number, line in lines if number == one.number]
        sources.append("\n".join([_source(one, quote=_flat(one.quote) not in shown), *times]))
    parts.append("\n".join(sources))
    return CONTROL.sub("", "\n\n".join(part for part in parts if part))


def render_sync(report: SyncReport, *, dry_run: bool = False) -> str:
    """What a sync did or would do, in one line, and a line for each file that failed."""
    counts = ", ".join(
        f"{getattr(report, name)} {name}" for name in ("added", "edited", "renamed", "deleted", "unchanged")
    )
    done = f"{counts}; {counted(report.embedded, 'passage')} embedded."
    lines = [f"Nothing was changed. It would be: {counts}." if dry_run else done]
    lines += [f"failed: {failure.reason}" for failure in report.failed]
    return "\n".join(lines)


def render_status(status: Status) -> str:
    """What is in the index, where it is from, and what could not be read."""
    lines = [
        f"{counted(status.articles, 'article')} from {counted(status.sources, 'file or page', 'files and pages')}, "
        f"{counted(status.chunks, 'passage')}, {status.size / 1e6:.1f} MB.",
        "Built with " + ", ".join(f"{name} {value}" for name, value in status.recipe.items()) + ".",
        f"Vectors in {_path(status.vectors)}"
        + ("." if status.agrees else "; a sync is running or was cut short, the next one completes it."),
        *(f"from: {_path(root)}" for root in status.roots),
        *(f"failed: {failure.reason}" for failure in status.failed),
    ]
    return CONTROL.sub("", "\n".join(lines))


def render_entries(entries: Sequence[Entry]) -> str:
    """One line an article: id, date, title, author, source; the further sources below it."""
    lines = []
    for entry in entries:
        author = f" · {entry.author}" if entry.author else ""
        lines.append(
            f"{entry.id}  {entry.date or 'undated':10}  {_flat(entry.title)}{author} · {_path(entry.sources[0])}"
        )
        lines += [f"{'':30}also {_path(source)}" for source in entry.sources[1:]]
    return CONTROL.sub("", "\n".join([*lines, f"{counted(len(entries), 'article')}."]))


def render_ratings(ratings: Sequence[Mapping[str, Any]]) -> str:
    """One line an answer: date, thumb, question; the comment below it."""
    lines = []
    for rating in ratings:
        lines.append(
            f"{rating['time'][:10]}  {'up' if rating['good'] else 'down':4}  {_flat(rating['answer']['question'])}"
        )
        lines += [f"{'':18}{_flat(rating['comment'])}"] if rating["comment"] else []
    good = sum(rating["good"] for rating in ratings)
    rated = f"{counted(len(ratings), 'answer')} rated, {good} up, {len(ratings) - good} down."
    return CONTROL.sub("", "\n".join([*lines, rated]))


def _text(answer: Answer) -> str:
    """The text, with a note after each sentence that its quotes do not carry or that is somebody's word."""
    pieces: list[str] = []
    position = 0
    for claim in answer.claims:
        pieces += [answer.text[position : claim.end], _mark(answer, claim)]
        position = claim.end
    return "".join([*pieces, answer.text[position:]])


def _mark(answer: Answer, claim: Claim) -> str:
    if is_cut_off(answer, claim):
        return f" <{CUT_OFF.upper()}>"
    if claim.support == "supported":
        return f" ({claim.reason})" if claim.reason else ""
    label = "NOT SUPPORTED" if claim.support == "unsupported" else "PARTLY SUPPORTED"
    return f" <{label}: {claim.reason}>"


def _conflict_line(conflict: Conflict) -> str:
    given = "; ".join(
        f"{one.value} [{one.citation}] ({', '.join(filter(None, (one.as_of, _date(one.date))))})"
        for one in conflict.statements
    )
    line = f"Differing values for {conflict.topic}: {given}"
    return f"{line}\n    {_flat(conflict.note)}" if conflict.note else line


def _source(citation: Citation, *, quote: bool) -> str:
    where = ", ".join(_path(source) for source in (citation.source, *citation.also))
    page = f", page {citation.page}" if citation.page else ""
    line = f"[{citation.number}] {citation.title} · {_date(citation.date)} · {where}{page}"
    return f"{line}\n    “{_flat(citation.quote)}”" if quote else line


def _date(date: str | None) -> str:
    return date or "undated"


def _flat(text: str) -> str:
    return " ".join(text.split())


def _path(source: str) -> str:
    path = Path(source)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else source
