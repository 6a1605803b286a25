"""What changed between two results of one kind on one data: per metric with its interval, per case the worst first."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.results import Estimate, Result, Row, Run, estimate, number_as_text, one_line, text_of, value_of
from index.errors import ConfigError

# Fewer pairs show nothing: with five of them all worse, a sign test still gives p = .06.
LEAST_PAIRS = 6
# A machine is slower for reasons of its own: shown, and never held against a result.
TIMING = re.compile(r"latency|seconds|\bms\b|_ms$|duration")
LONGEST_TEXT = 100  # characters of a question in the table


@dataclass(frozen=True, slots=True)
class Change:
    """A metric over the rows that both runs have; `difference` is new - old with its paired 95% interval."""

    metric: str
    old: float
    new: float
    difference: Estimate
    less_is_better: bool = False

    @property
    def is_significant(self) -> bool:
        one = self.difference
        apart = one.low > 0 or one.high < 0
        return apart and one.count >= LEAST_PAIRS and not TIMING.search(self.metric)

    @property
    def is_loss(self) -> bool:
        return self.is_significant and (self.difference.value > 0) == self.less_is_better


@dataclass(frozen=True, slots=True)
class CaseChange:
    """A row that changed. `gains` are those of the run's metrics in their order, below 0 where it got worse."""

    id: str
    text: str
    gains: Mapping[str, float]
    values: Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs side by side. `alone`: rows that only one of them has."""

    old: Run
    new: Run
    changes: Sequence[Change]
    cases: Sequence[CaseChange]
    alone: int

    @property
    def is_loss(self) -> bool:
        return any(change.is_loss for change in self.changes)

    @property
    def heading(self) -> str:
        """The runs' names, both where they differ."""
        old, new = (f"{run.system} · {run.condition}" for run in (self.old, self.new))
        return old if old == new else f"{old} → {new}"


def compare(old: Result, new: Result) -> list[Comparison]:
    """The runs that both results have, in the order of the old one; a single run of each is matched by that alone.

    Raises:
        ConfigError: the results are of different kinds or data, or have no run or no row in common.
    """
    if (old.kind, old.name) != (new.kind, new.name):
        raise ConfigError(
            f"{old.kind} on {old.name} and {new.kind} on {new.name} cannot be compared.",
            "Give two results of one command on the same data.",
        )
    if not (pairs := _pairs(old, new)):
        raise ConfigError("The results have no run in common: their systems or conditions are others.")
    compared = [_compare_runs(one, other, old.lower) for one, other in pairs]
    if not any(one.changes for one in compared):
        raise ConfigError("The results have no rows in common: nothing can be compared.")
    return compared


def differences(old: Result, new: Result) -> list[tuple[str, Any, Any]]:
    """What the results were made with, where it differs: name, old, new."""
    found = [("commit", old.commit, new.commit)]
    for part in ("settings", "versions", "machine", "prompts"):
        one, other = getattr(old, part), getattr(new, part)
        found += [(f"{part}: {name}", one.get(name, "-"), other.get(name, "-")) for name in {**one, **other}]
    return [row for row in found if row[1] != row[2]]


def _pairs(old: Result, new: Result) -> list[tuple[Run, Run]]:
    if len(old.runs) == len(new.runs) == 1:
        return [(old.runs[0], new.runs[0])]
    named = {(run.system, run.condition): run for run in new.runs}
    return [(run, named[key]) for run in old.runs if (key := (run.system, run.condition)) in named]


def _compare_runs(old: Run, new: Run, lower: Sequence[str]) -> Comparison:
    before, after = ({str(row["id"]): row for row in run.rows} for run in (old, new))
    common = [(before[name], after[name]) for name in before if name in after]
    metrics = [name for name in old.metrics if name in new.metrics]
    changes = [found for name in metrics if (found := _change(name, common, name in lower))]
    cases = [case for one, other in common if (case := _case(one, other, metrics, lower))]
    cases.sort(key=lambda case: [case.gains[name] for name in metrics])
    return Comparison(old, new, changes, cases, len(before.keys() ^ after.keys()))


def _change(metric: str, rows: Sequence[tuple[Row, Row]], less_is_better: bool) -> Change | None:
    values = [(value_of(old, metric), value_of(new, metric)) for old, new in rows]
    pairs = [(old, new) for old, new in values if old is not None and new is not None]
    if not pairs:
        return None
    old, new = (sum(side) / len(pairs) for side in zip(*pairs, strict=True))
    return Change(metric, old, new, estimate([new - old for old, new in pairs]), less_is_better)


def _case(old: Row, new: Row, metrics: Sequence[str], lower: Sequence[str]) -> CaseChange | None:
    """None where nothing but timings changed."""
    gains, values = dict.fromkeys(metrics, 0.0), {}
    for name in metrics:
        before, after = value_of(old, name), value_of(new, name)
        if before is None or after is None or before == after or TIMING.search(name):
            continue
        gains[name] = before - after if name in lower else after - before
        values[name] = before, after
    return CaseChange(str(old["id"]), text_of(new) or text_of(old), gains, values) if values else None


def show(old: Result, new: Result, most_cases: int) -> int:
    """Print what changed; the exit code, 1 on a significant loss."""
    from rich.console import Console

    console = Console(markup=False, highlight=False)
    compared = compare(old, new)
    for comparison in compared:
        console.print(f"\n{one_line(comparison.heading)}", style="bold")
        console.print(_table(comparison))
        if comparison.alone:
            console.print(f"{comparison.alone} rows are in one of the two only, and left out.", style="dim")
        _show_cases(console, comparison, most_cases)
    matched = {id(run) for one in compared for run in (one.old, one.new)}
    for side, result in (("old", old), ("new", new)):
        for run in result.runs:
            if id(run) not in matched:
                console.print(one_line(f"Only in the {side} one: {run.system} · {run.condition}"), style="dim")
    if differing := differences(old, new):
        console.print("\nMade with", style="bold")
    for name, before, after in differing:
        console.print(one_line(f"  {name}: {before} → {after}"))
    losses = [(one, change.metric) for one in compared for change in one.changes if change.is_loss]
    for one, metric in losses:
        console.print(one_line(f"Worse: {metric} ({one.heading})"), style="red")
    return 1 if losses else 0


def _table(comparison: Comparison) -> Any:
    from rich.box import SIMPLE
    from rich.table import Table

    table = Table(box=SIMPLE, padding=(0, 1, 0, 0))
    table.add_column("metric", no_wrap=True)
    for heading in ("old", "new", "difference", "from", "to", "rows", ""):
        table.add_column(heading, justify="left" if not heading else "right", no_wrap=True)
    for change in comparison.changes:
        one = change.difference
        verdict = "worse" if change.is_loss else "better" if change.is_significant else ""
        table.add_row(
            one_line(change.metric),
            number_as_text(change.old),
            number_as_text(change.new),
            *(number_as_text(value, "+") for value in (one.value, one.low, one.high)),
            str(one.count),
            verdict,
            style={"worse": "red", "better": "green"}.get(verdict),
        )
    return table


def _show_cases(console: Any, comparison: Comparison, most: int) -> None:
    for case in comparison.cases[:most]:
        values = ", ".join(f"{name} {old:.3g} → {new:.3g}" for name, (old, new) in case.values.items())
        console.print(one_line(f"  {case.id}: {values}"))
        if case.text:
            console.print(f"    {one_line(case.text)[:LONGEST_TEXT]}", style="dim")
    if left := len(comparison.cases[most:]):
        console.print(f"  … and {left} more that changed less for the worse (--cases {len(comparison.cases)}).")
