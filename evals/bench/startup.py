"""How long a person waits for the command: the bench's part `startup`."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from evals.bench.ground import Ground
from evals.bench.measure import Verdict, bare_environment, spread
from evals.cases import SEEDS
from index.errors import FootnoteError

RUNS = 10
LIMITS = {"footnote --help": 0.3, "footnote ask": 3.0}  # seconds
QUESTION = "How many strikes had US aircraft carried out in Sirte?"


def run(ground: Ground) -> None:
    """Time whole processes on a fresh index of the seeds."""
    from rich.table import Table

    folder = ground.clear("seeds")
    footnote(["index", str(SEEDS)], folder)
    figures = ground.figures["startup"] = {}
    shown = Table(title=f"The command on the seeds (seconds, {RUNS} runs each)")
    for heading in ("command", "median", "slowest"):
        shown.add_column(heading)
    for name, arguments in (("footnote --help", ["--help"]), ("footnote ask", ["ask", QUESTION])):
        with ground.working(name):
            times = [footnote(arguments, folder) for _ in range(RUNS)]
        figures[name] = spread(times)
        ground.verdicts.append(Verdict(f"{name} on the seeds", median(times), LIMITS[name]))
        shown.add_row(name, f"{median(times):.2f}", f"{max(times):.2f}")
    ground.console.print(shown)


def footnote(arguments: Sequence[str], folder: Path) -> float:
    """Seconds of one process of the command over the index in `folder`, static as the bench's other indexes."""
    command = [str(Path(sys.executable).parent / "footnote"), *arguments]
    environment = bare_environment(FOOTNOTE_DATA_DIR=str(folder), FOOTNOTE_EMBEDDING="static")
    started = time.perf_counter()
    try:
        done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)
    except OSError as error:
        raise FootnoteError(f"{command[0]} cannot be run ({error.strerror}).", "Run: make setup") from error
    if done.returncode:
        raise FootnoteError(f"footnote {arguments[0]} failed: {(done.stderr.strip() or 'it said nothing')[-300:]}")
    return time.perf_counter() - started
