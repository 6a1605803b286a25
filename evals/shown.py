"""A measurement as a person reads it: a table of estimates, the queries to look at first, and where it is written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from statistics import median
from typing import TYPE_CHECKING, TypeVar

from evals.results import RESULTS, Estimate, Result, Row, Run, short, write

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

LOOK_AT = 5  # queries
NARROW = 0.02
WIDEST_NAME = 16  # of a query, where the line has little room
Item = TypeVar("Item")


def progress(items: Sequence[Item], what: str) -> Iterator[Item]:
    """The items, with a bar that goes away at the end; none where nobody watches."""
    from rich.console import Console
    from rich.progress import track

    yield from track(items, what, transient=True, disable=not Console().is_terminal)


def table(title: str, runs: Mapping[str, Run]) -> "Table":
    """A row a run, named by its key: means with their 95% intervals, and the median time of a query."""
    from rich.box import SIMPLE
    from rich.table import Table

    shown = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE, padding=0)
    metrics = list(dict.fromkeys(name for run in runs.values() for name in run.metrics))
    shown.add_column("")
    for heading in (*metrics, "ms"):
        shown.add_column(heading, justify="right", no_wrap=True)
    for name, run in runs.items():
        values = (cell(run.metrics[metric]) if metric in run.metrics else "-" for metric in metrics)
        times = [row["milliseconds"] for row in run.rows]
        shown.add_row(name, *values, f"{median(times):.0f}" if times else "-")
    return shown


def cell(one: Estimate) -> str:
    """Over two lines: ".734" and "[.69 .78]", or "[.694 .701]" where two digits would hide the width."""
    digits = 3 if 0 < one.high - one.low < NARROW else 2
    return f"{_short(one.value, 3)}\n[{_short(one.low, digits)} {_short(one.high, digits)}]"


def _short(value: float, digits: int) -> str:
    """ ".73" and "1.0", of one width: what is measured is hardly ever 1."""
    text = f"{value:.{digits}f}"
    return text[:-1] if text.startswith("1") else text.removeprefix("0")


def look_at(console: "Console", run: Run, metric: str) -> None:
    """Print the queries that went worst by `metric`, and the slowest."""
    worst = sorted((row for row in run.rows if row.get(metric) is not None), key=lambda row: float(row[metric]))
    slowest = sorted(run.rows, key=lambda row: -float(row["milliseconds"]))
    _print_rows(console, f"Worst of {run.system} by {metric}", ((_short(row[metric], 2), row) for row in worst))
    _print_rows(console, f"Slowest of {run.system}", ((f"{row['milliseconds']:.0f} ms", row) for row in slowest))


def _print_rows(console: "Console", title: str, rows: Iterable[tuple[str, Row]]) -> None:
    """A line a query: what is said of it, as much of its id as helps to find it, as much of its text as fits."""
    from rich.text import Text

    console.print(title, style="bold", highlight=False)
    some = [(value, str(row["id"]), " ".join(str(row["text"]).split())) for value, row in islice(rows, LOOK_AT)]
    widest = max(len(value) for value, _, _ in some)
    for value, name, text in some:
        shown = name if len(name) <= WIDEST_NAME else f"{name[: WIDEST_NAME - 1]}…"
        line = Text.assemble(f"  {value:>{widest}}  ", (f"{shown}  ", "dim"), text)
        console.print(line, no_wrap=True, overflow="ellipsis")


def finish(console: "Console", result: Result) -> None:
    """Write the result, and say where."""
    console.print(f"Written to {short(write(result, RESULTS))}", highlight=False, soft_wrap=True)
