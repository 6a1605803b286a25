"""Settings and what was found of an endpoint → HTML for the chat window. Pure; nothing in it is markup of others."""

from collections.abc import Sequence

from index.address import shown
from rag.config import RagSettings
from rag.probes.finding import UNSHOWN, Finding
from ui.render.html import escape
from ui.render.lines import counted, in_a_window

CLASSES = {"ok": "good", "works, but": "doubtful", "fails": "bad", "not offered": "absent"}
HEAD = "".join(f'<th scope="col">{name}</th>' for name in ("What", "Verdict", "Why", "Setting to change"))


def in_use(settings: RagSettings, writer: str, *, as_started: bool) -> str:
    """Who writes the answers of this window, and from how much."""
    who = f"written by {writer} at {shown(settings.base_url) or 'OpenAI'}, temperature {settings.temperature:g}"
    how = who if settings.has_endpoint else "quotes, with no model"
    whose = "as it was started" if as_started else "for this window, until it is closed"
    return _line(f"In use, {whose}. Answers are {how}; from {counted(settings.passages, 'passage')} each.", "quiet")


def said(text: str) -> str:
    """One line for the person, such as an error."""
    return _line(in_a_window(text), "said") if text else ""


def findings(found: Sequence[Finding], running: str = "") -> str:
    """A row for each finding; `running` is what is being looked at now."""
    rows = "".join(map(_row, found))
    table = f"<table><thead><tr>{HEAD}</tr></thead><tbody>{rows}</tbody></table>" if rows else ""
    return (_line(f"Looking at: {running} …", "quiet") if running else "") + table


def _row(one: Finding) -> str:
    setting = f"<code>{_plain(one.setting)}</code>" if one.setting else ""
    return (
        f'<tr class="{CLASSES[one.verdict]}"><th scope="row">{_plain(one.what)}</th>'
        f'<td class="verdict">{one.verdict}</td><td>{_plain(one.detail)}</td><td>{setting}</td></tr>'
    )


def _line(text: str, kind: str) -> str:
    return f'<p class="{kind}">{_plain(text)}</p>'


def _plain(text: str) -> str:
    return escape(UNSHOWN.sub(" ", text))
