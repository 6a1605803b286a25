"""What `footnote doctor` prints: the findings as a table, or as JSON."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from rag.config import choose, load_settings
from rag.probes.examine import Examination, examine
from rag.probes.finding import UNSHOWN, Finding

if TYPE_CHECKING:
    from rich.table import Table

STYLES = {"ok": "green", "works, but": "yellow", "fails": "bold red", "not offered": "dim"}


def doctor(*, url: str, model: str, scan: bool, longest: int, as_json: bool) -> bool:
    """Examine, and print what was found; whether answers can be had.

    Raises:
        ConfigError: a setting makes no sense.
    """
    from rich.console import Console

    terminal = Console(stderr=True)

    def watch(name: str, found: Sequence[Finding]) -> None:
        verdicts = ", ".join(dict.fromkeys(finding.verdict for finding in found))
        terminal.print(f"{name}: {verdicts}" if found else f"{name} …", end="\n" if found else "\r", highlight=False)

    quiet = not terminal.is_terminal
    settings = choose(load_settings(), url, model)
    examination = examine(settings, scan=scan, longest=longest, watch=(lambda *_: None) if quiet else watch)
    if as_json:
        sys.stdout.write(json.dumps(as_data(examination), ensure_ascii=False, indent=2) + "\n")
    else:
        console = Console()
        console.print(table(examination))
        settled = "Answers can be had." if examination.works else "Answers cannot be had as it is set now."
        console.print(settled, highlight=False)
    return examination.works


def as_data(examination: Examination) -> dict[str, object]:
    """The same for programs."""
    return {
        "works": examination.works,
        "findings": [asdict(finding) for finding in examination.findings],
        "profile": asdict(examination.profile) if examination.profile else None,
    }


def table(examination: Examination) -> "Table":
    """A row a finding. Nothing in it is markup: servers choose the names of their models."""
    from rich.box import SIMPLE
    from rich.table import Table
    from rich.text import Text

    shown = Table("what", "verdict", "detail", "setting", box=SIMPLE, padding=(0, 1, 0, 0))
    shown.columns[0].no_wrap = shown.columns[1].no_wrap = True
    shown.columns[2].overflow = shown.columns[3].overflow = "fold"
    for finding in examination.findings:
        detail, setting = (Text(UNSHOWN.sub(" ", text)) for text in (finding.detail, finding.setting))
        shown.add_row(Text(finding.what), Text(finding.verdict, STYLES[finding.verdict]), detail, setting)
    return shown
