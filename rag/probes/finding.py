"""What a probe found, in words that may be shown: a verdict, why, and the setting to change."""

import re
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["ok", "works, but", "fails", "not offered"]
EXCERPT = 40  # characters of a model's reply that a person is shown
UNSHOWN = re.compile(r"[^\x20-\x7e\xa1-\ud7ff\uf900-\uffdc]+")  # what could steer a terminal, and broken characters


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table. `setting` is exact: `NAME=value`, or a command to run; empty where there is none."""

    what: str
    verdict: Verdict
    detail: str
    setting: str = ""


def excerpt(text: str, longest: int = EXCERPT) -> str:
    """The beginning of a text that somebody else wrote, on one line."""
    shown = " ".join(UNSHOWN.sub(" ", text).split())
    return shown if len(shown) <= longest else f"{shown[:longest]}…"


def not_followed(text: str) -> str:
    """What is said of a reply that is not what was asked for."""
    return f"answers, but did not follow: “{excerpt(text)}”" if text.strip() else "answers, but with no text"
