"""All measures in one go, each by its own command: over the cases that are here, and over folders of public data."""

import subprocess
import sys
import time
from pathlib import Path

from evals.cases import SEED_CASES
from evals.results import short

Command = tuple[str, ...]
CASES = SEED_CASES.parent
OWN: tuple[Command, ...] = (
    ("answers", str(SEED_CASES)),
    ("answers", str(CASES / "seeds_fresh.jsonl")),
    ("answers", str(CASES / "news_coast.jsonl"), "--articles", str(CASES / "news" / "coast")),
    ("answers", str(CASES / "news_inland.jsonl"), "--articles", str(CASES / "news" / "inland")),
    ("answerable",),
    ("scenes",),
    ("checks",),
)
COMPARED = ("--baseline", "all")
UNEMBEDDED = ("scenes", "checks")  # the commands that search nothing
# What a folder of data has, and the commands that measure on it.
SHAPES: tuple[tuple[str, tuple[Command, ...]], ...] = (
    ("corpora", (("chunks", "", *COMPARED),)),
    ("queries_lastturn.jsonl", (("retrieval", "", *COMPARED), ("conversation", ""))),
    ("corpus_articles.jsonl", (("answers", ""),)),
    ("queries.jsonl", (("retrieval", "", *COMPARED), ("answerable", ""))),
)


def commands(data: Path | None) -> list[Command]:
    """The arguments of each measure: of our own cases, then of the folders in `data` by their shape.

    In a folder of another shape, files of JSON lines are taken for questions with their documents, or for cases.
    """
    found = list(OWN)
    for folder in sorted(one for one in data.iterdir() if one.is_dir()) if data else ():
        measures = next((measures for name, measures in SHAPES if (folder / name).exists()), None)
        if measures is None:
            found += [("answers", str(file)) for file in sorted(folder.glob("*.jsonl"))]
        else:
            found += [tuple(part or str(folder) for part in measure) for measure in measures]
    return found


def measure(data: Path | None, embedding: str) -> int:
    """Run them one after the other and print how long each took; 1 where one misses what is wanted of it, or fails."""
    from rich.console import Console
    from rich.table import Table

    shown = Table(title=f"All measures, {embedding}", title_justify="left")
    shown.add_column("")
    shown.add_column("seconds", justify="right")
    shown.add_column("exit code", justify="right")
    begun, codes = time.monotonic(), []
    for one in commands(data):
        started = time.monotonic()
        chosen = () if one[0] in UNEMBEDDED else ("--embedding", embedding)
        codes.append(subprocess.run([sys.executable, "-m", "evals", *one, *chosen], check=False).returncode)
        parts = (short(Path(part)) if Path(part).exists() else part for part in one)
        shown.add_row(" ".join(map(str, parts)), f"{time.monotonic() - started:.0f}", str(codes[-1]))
    shown.add_section()
    shown.add_row("together", f"{time.monotonic() - begun:.0f}", "")
    Console().print(shown)
    return int(any(codes))
