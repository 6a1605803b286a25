"""What `footnote doctor` prints: the findings line by line, or as JSON."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from textwrap import wrap
from typing import TYPE_CHECKING

from rag.config import choose, load_settings
from rag.probes.examine import Examination, examine
from rag.probes.finding import UNSHOWN, Finding

if TYPE_CHECKING:
    from rich.text import Text

STYLES = {"ok": "green", "works, but": "yellow", "fails": "bold red", "not offered": "dim"}
NARROWEST = 30  # characters for what is said of a finding


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
        console.print(report(examination, console.width), soft_wrap=True)
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


def report(examination: Examination, width: int) -> "Text":
    """What was found, line by line, and below it what to try. Lines break at spaces alone: a path can be copied.

    Nothing in it is markup: servers choose the names of their models.
    """
    from rich.text import Text

    what = max(len(finding.what) for finding in examination.findings) + 2
    verdict = max(map(len, STYLES)) + 2
    room, margin = max(width - what - verdict, NARROWEST), "\n" + " " * (what + verdict)
    shown = Text()
    for finding in examination.findings:
        said = [finding.detail, f"try: {finding.setting}" if finding.setting else ""]
        lines = [line for text in said for line in _lines(text, room)]
        shown.append(f"{finding.what:{what}}")
        shown.append(f"{finding.verdict:{verdict}}", STYLES[finding.verdict])
        shown.append(f"{margin.join(lines)}\n")
    return shown


def _lines(text: str, room: int) -> list[str]:
    return wrap(UNSHOWN.sub(" ", text), room, break_long_words=False, break_on_hyphens=False)
