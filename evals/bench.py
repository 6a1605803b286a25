"""How long a person waits for the command: `python -m evals bench`."""

import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from evals.cases import SEEDS

RUNS = 10
LIMITS = {"footnote --help": 0.3, "footnote ask": 3.0}  # seconds
QUESTION = "How many strikes had US aircraft carried out in Sirte?"


def main() -> int:
    """Time whole processes on a fresh index of the seeds; exit code 1 where a median is over its limit."""
    from rich.console import Console
    from rich.table import Table

    command = str(Path(sys.executable).parent / "footnote")
    shown = Table(
        title=f"{RUNS} runs each, {os.cpu_count()} cores, {platform.platform()}, Python {platform.python_version()}"
    )
    for heading in ("command", "median s", "slowest s", "limit s"):
        shown.add_column(heading)
    slow = False
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "FOOTNOTE_DATA_DIR": folder}
        subprocess.run([command, "index", str(SEEDS)], env=environment, check=True, capture_output=True)
        for name, arguments in (("footnote --help", ["--help"]), ("footnote ask", ["ask", QUESTION])):
            times = [_seconds([command, *arguments], environment) for _ in range(RUNS)]
            slow |= median(times) > LIMITS[name]
            shown.add_row(name, f"{median(times):.2f}", f"{max(times):.2f}", f"{LIMITS[name]:.1f}")
    Console().print(shown)
    return int(slow)


def _seconds(command: Sequence[str], environment: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - started
