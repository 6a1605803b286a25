"""Answer → plain text for a terminal. Pure, but for the current folder that paths are shown from."""

import re
from pathlib import Path

from index.records import SyncReport
from rag.records import Answer, Citation, Claim, Conflict

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # an article must not steer the terminal


def render(answer: Answer) -> str:
    """The answer, its sources, where the articles differ, and what was not found."""
    parts = [answer.notice, _text(answer)]
    parts += ["\n".join(map(_conflict_line, answer.conflicts))] if answer.conflicts else []
    if answer.refused and answer.nearest:
        parts.append("\n".join(["Nearest in your articles:", *(_source(one, quote=True) for one in answer.nearest)]))
    shown = _flat(answer.text)
    parts.append("\n".join(_source(one, quote=_flat(one.quote) not in shown) for one in answer.citations))
    return CONTROL.sub("", "\n\n".join(part for part in parts if part))


def render_sync(report: SyncReport) -> str:
    """What a sync did, in one line, and a line for each file that failed."""
    counts = ", ".join(f"{getattr(report, name)} {name}" for name in ("added", "changed", "unchanged", "removed"))
    lines = [f"{counts}; {report.embedded} passages embedded."]
    lines += [f"failed: {failure.reason}" for failure in report.failed]
    return "\n".join(lines)


def _text(answer: Answer) -> str:
    """The text, with a note after each sentence that its quotes do not carry."""
    pieces: list[str] = []
    position = 0
    for claim in answer.claims:
        pieces += [answer.text[position : claim.end], _mark(claim)]
        position = claim.end
    return "".join([*pieces, answer.text[position:]])


def _mark(claim: Claim) -> str:
    if claim.support == "supported":
        return ""
    label = "NOT SUPPORTED" if claim.support == "unsupported" else "PARTLY SUPPORTED"
    return f" <{label}: {claim.reason}>"


def _conflict_line(conflict: Conflict) -> str:
    given = "; ".join(
        f"{one.value} [{one.citation}] ({', '.join(filter(None, (one.as_of, _date(one.date))))})"
        for one in conflict.statements
    )
    return f"Differing values for {conflict.topic}: {given}"


def _source(citation: Citation, *, quote: bool) -> str:
    line = f"[{citation.number}] {citation.title} · {_date(citation.date)} · {_path(citation.source)}"
    return f"{line}\n    “{_flat(citation.quote)}”" if quote else line


def _date(date: str | None) -> str:
    return date or "undated"


def _flat(text: str) -> str:
    return " ".join(text.split())


def _path(source: str) -> str:
    path = Path(source)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else source
