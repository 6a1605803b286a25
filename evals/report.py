"""Results → one HTML file that needs nothing else: plots, intervals, the worst rows, what they were made with."""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from evals import plots
from evals.compare import TIMING
from evals.results import RESULTS, Estimate, Result, Row, Run, number_as_text, read, text_of, value_of
from index.errors import ConfigError

OTHER_SHAPE = "bench-"  # how the files of `footnote eval bench` begin, which are no results
MOST_ROWS = 10  # of the worst, for each run
MOST_POINTS = 200  # of a curve: more cannot be seen
KINDS = {
    "answerable": "Does the writer know what the articles do not say? Rows are questions with and without an answer.",
    "answers": "Answers held against the sentences that answer. No model judges here.",
    "checks": "What the checks of quotations and claims say of pairs, made true or false. Rows are pairs.",
    "chunks": "Which characters of the answer are in the passages found.",
    "conversation": "The right documents for the last question of a conversation, however it is put.",
    "judge": "Opinions of a language model on the answers. They stand beside the measures, and are part of none.",
    "retrieval": "The right documents among the first found.",
    "scenes": "What becomes of a scripted model's right and wrong replies, held against what must.",
}


@dataclass(frozen=True, slots=True)
class Section:
    """A result as the page shows it; `best` is the best run's number for each metric that several have."""

    anchor: str
    result: Result
    about: str
    metrics: Sequence[str]
    best: Mapping[str, int]
    conditions: int
    figures: Sequence[str]
    worst: Sequence[tuple[Run, Sequence[Row]]]

    @property
    def lead(self) -> str:
        """The metric that stands for the result in the summary: the first."""
        return next(iter(self.metrics), "")

    @property
    def leading(self) -> Run:
        """The best run by that metric."""
        return self.result.runs[_best(self.result, self.lead)]


def newest(folder: Path = RESULTS) -> tuple[list[Result], list[str]]:
    """The latest result of each kind and name in a folder, and a line for each file that is no result."""
    found: dict[tuple[str, str], tuple[str, float, Result]] = {}
    broken = []
    for path in sorted(folder.glob("*.json")):
        if path.name.startswith(OTHER_SHAPE):
            continue
        try:
            result = read(path)
        except ConfigError as error:
            broken.append(f"Left out: {error.message}")
            continue
        one = result.made, path.stat().st_mtime, result
        kept = found.get((result.kind, result.name))
        if kept is None or one[:2] >= kept[:2]:
            found[result.kind, result.name] = one
    return [result for _, _, result in found.values()], broken


def write_report(paths: Sequence[Path], out: Path, folder: Path = RESULTS) -> list[str]:
    """Write the page over the given results, or over the newest of each; lines about files that were left out.

    Raises:
        ConfigError: a given file is no result, there are none, or the page cannot be written.
    """
    results, broken = ([read(path) for path in paths], []) if paths else newest(folder)
    if not results:
        raise ConfigError(f"No results in {folder}.", "Make one, say: footnote eval answers")
    try:
        out.write_text(page(results), "utf-8")
    except OSError as error:
        raise ConfigError(f"Cannot write {out}: {error.strerror}.") from error
    return broken


def page(results: Iterable[Result]) -> str:
    """The whole page; everything that comes from data is escaped by the template."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": number_as_text, "text_of": text_of, "value": value_of, "plain": _plain}
    ordered = sorted(results, key=lambda result: (result.kind, result.name))
    sections = [section(number, result) for number, result in enumerate(ordered, start=1)]
    return environment.get_template("report.html.jinja").render(sections=sections)


def section(number: int, result: Result) -> Section:
    metrics = list(dict.fromkeys(name for run in result.runs for name in run.metrics))
    return Section(
        f"result-{number}",
        result,
        KINDS.get(result.kind, ""),
        metrics,
        {name: _best(result, name) for name in metrics if sum(name in run.metrics for run in result.runs) > 1},
        len({run.condition for run in result.runs}),
        [*_figures(result, metrics), *_curves(result)],
        [(run, worst) for run in result.runs if (worst := worst_rows(run, result.lower))],
    )


def worst_rows(run: Run, lower: Sequence[str]) -> list[Row]:
    """The rows that are worst by the run's first metric, then by the others; perfect ones and those without it not."""
    metrics = [name for name in run.metrics if not TIMING.search(name)]
    if not metrics:
        return []
    first = metrics[0]
    known = [row for row in run.rows if value_of(row, first) is not None]
    best = max((_goodness(row, first, lower) for row in known), default=0.0)
    known.sort(key=lambda row: [_goodness(row, name, lower) for name in metrics])
    return [row for row in known if _goodness(row, first, lower) < best][:MOST_ROWS]


def over_and_under(rows: Iterable[Row]) -> list[plots.Point]:
    """The curve of rows with a score and whether the documents say (`label` or `answerable`), a point a threshold.

    Across: the share of answerable questions refused; up: of unanswerable ones answered.
    """
    scored = [
        (score, bool(label))
        for row in rows
        if (score := value_of(row, "score")) is not None and (label := _label(row)) is not None
    ]
    answerable = sum(label for _, label in scored)
    unanswerable = len(scored) - answerable
    if not answerable or not unanswerable:
        return []
    refused, answered = 0, unanswerable
    points = [(0.0, 1.0)]
    for _, equal in groupby(sorted(scored), key=lambda one: one[0]):
        labels = [label for _, label in equal]
        refused += sum(labels)
        answered -= len(labels) - sum(labels)
        points.append((refused / answerable, answered / unanswerable))
    step = max(1, len(points) // MOST_POINTS)
    return [*points[:-1:step], points[-1]]


def _label(row: Row) -> Any:
    return row.get("label", row.get("answerable"))


def _goodness(row: Row, metric: str, lower: Sequence[str]) -> float:
    value = value_of(row, metric)
    return float("inf") if value is None else -value if metric in lower else value


def _best(result: Result, metric: str) -> int:
    having = [(number, run.metrics[metric].value) for number, run in enumerate(result.runs) if metric in run.metrics]
    choose = min if metric in result.lower or TIMING.search(metric) else max
    return choose(having, key=lambda one: one[1])[0]


def _figures(result: Result, metrics: Sequence[str]) -> list[str]:
    systems = list(dict.fromkeys(run.system for run in result.runs))
    figures = []
    for metric in metrics:
        runs = [run for run in result.runs if metric in run.metrics]
        estimates: list[Estimate] = [run.metrics[metric] for run in runs]
        figures.append(
            plots.intervals(metric, _labels(result, runs), [systems.index(run.system) for run in runs], estimates)
        )
    return figures


def _curves(result: Result) -> list[str]:
    """One figure where the rows have scores and labels, none otherwise."""
    found = [(number, run, points) for number, run in enumerate(result.runs) if (points := over_and_under(run.rows))]
    if not found:
        return []
    numbers, runs, lines = zip(*found, strict=True)
    return [plots.curves(_labels(result, runs), numbers, lines)]


def _labels(result: Result, runs: Sequence[Run]) -> list[str]:
    """The runs' systems, with their conditions where these differ."""
    several = len({run.condition for run in result.runs}) > 1
    return [f"{run.system} · {run.condition}" if several else run.system for run in runs]


def _plain(value: Any) -> str:
    return "-" if value is None or value == "" else str(value)


def show(paths: Sequence[Path], out: Path) -> None:
    """Write the page and say where it is."""
    for line in write_report(paths, out):
        print(line, file=sys.stderr)
    print(f"Written to {os.path.relpath(out)}; open it in any browser.")
