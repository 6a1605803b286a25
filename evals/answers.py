"""Cases → answers → scores: a table by category, what was missed, and the result as JSON."""

import time
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from statistics import fmean, median
from typing import TYPE_CHECKING

from evals.cases import Case
from evals.metrics import LOWER, METRICS, Score, read_plain, score
from evals.prepared import prepare, prepare_articles
from evals.results import Run, make_result, make_run, short, write
from evals.shapes import load_set
from index.records import Filters
from rag.assistant import EXTRACTIVE, Assistant
from rag.config import RagSettings
from rag.records import Answer

if TYPE_CHECKING:
    from rich.table import Table

# What a release must reach; the last one is the most that may be wrong.
LEAST = {"gold_in_three": 0.95, "verbatim": 1.0, "in_file": 1.0, "rightly_refused": 0.90}
MOST = {"wrongly_refused": 0.05}
# The columns of the table by category, which fits 80 characters; the one over all cases has every metric.
SHOWN = {
    "answer_first": "answer\nin 1",
    "answer_in_three": "answer\nin 3",
    "gold_first": "gold\nin 1",
    "gold_in_three": "gold\nin 3",
    "all_sides": "all\nsides",
    "conflict_shown": "conflict\nshown",
    "times_right": "times\nright",
    "precision": "quotes\nright",
    "rightly_refused": "refused\nrightly",
    "wrongly_refused": "refused\nwrongly",
}
MOST_MISSED = 40  # lines; the JSON has all


def evaluate(path: Path, articles: Path, settings: RagSettings, limit: int | None = None) -> int:
    """Score every case of a file or folder, print it and write it; the exit code: 1 where a threshold is missed.

    Thresholds are for cases about articles on the disk; what public data can reach is not ours to say.
    """
    from rich.console import Console

    found = load_set(path, limit)
    ours = found.documents is None
    index = prepare_articles(articles, settings) if found.documents is None else prepare(found.documents, settings)
    assistant = Assistant(index, settings)
    scores = run_cases(found.cases, assistant)
    embedding = index.embedder.name.split(":")[0]
    result = make_result(
        "answers", f"{found.name}-{embedding}", [summarise(scores, system(assistant))], settings, LOWER
    )
    missed = shortfalls(result.runs[0]) if ours else []
    written = write(result)
    console = Console()
    console.print(table(scores))
    console.print(intervals(result.runs[0]))
    for line in missed_cases(scores):
        console.print(line, style="dim", highlight=False, markup=False)
    for line in missed:
        console.print(line, style="red", highlight=False)
    console.print(f"Written to {short(written)}", highlight=False)
    return 1 if missed else 0


def system(assistant: Assistant) -> str:
    """ "footnote (static)", and the model where one writes."""
    parts = [assistant.index.embedder.name.split(":")[0]]
    parts += [assistant.writer] if assistant.writer != EXTRACTIVE else []
    return f"footnote ({', '.join(parts)})"


def run_cases(cases: Sequence[Case], assistant: Assistant) -> list[Score]:
    """Ask each case its questions in order and score the last answer."""
    from rich.progress import track

    read_article, read_file = lru_cache(64)(assistant.index.article), lru_cache(64)(read_plain)
    scores = []
    for case in track(cases, "Asking", transient=True):
        filters = Filters(source=case.source)
        history: list[Answer] = []
        for earlier in case.history:
            history.append(assistant.ask(earlier, history, filters))
        started = time.perf_counter()
        answer = assistant.ask(case.question, history, filters)
        scores.append(score(case, answer, read_article, read_file, (time.perf_counter() - started) * 1000))
    return scores


def summarise(scores: Sequence[Score], name: str = "footnote") -> Run:
    """The scores as a run: a row each, and each metric's estimate over the rows that it applies to.

    Where nothing has to be refused, the precision of refusals says nothing.
    """
    told = [one for one in METRICS if one != "refusal_precision" or any(score.refuse for score in scores)]
    return make_run(name, "all", told, [asdict(one) for one in scores])


def shortfalls(run: Run) -> list[str]:
    """The thresholds that are not reached, in words."""
    values = {name: estimate.value for name, estimate in run.metrics.items()}
    under = [
        f"{_words(name)} {values[name]:.3f} is under {least:.2f}"
        for name, least in LEAST.items()
        if values.get(name, least) < least
    ]
    over = [
        f"{_words(name)} {values[name]:.3f} is over {most:.2f}"
        for name, most in MOST.items()
        if values.get(name, most) > most
    ]
    return under + over


def missed_cases(scores: Sequence[Score]) -> list[str]:
    """A line for each case that went wrong: what was asked, what came, what was wanted."""
    lines = []
    for one in scores:
        found = one.answer_in_three if one.answer_in_three is not None else one.gold_in_three
        if one.refused == one.refuse and found is not False:
            continue
        came = "refused" if one.refused else f"“{_cut(one.given)}”"
        lines.append(f"  missed: {one.id} · {_cut(one.question)} · {came} · wanted: {_cut(one.wanted)}")
    more = len(lines) - MOST_MISSED
    return [*lines[:MOST_MISSED], *([f"  … and {more} more, all in the JSON"] if more > 0 else [])]


def table(scores: Sequence[Score]) -> "Table":
    """A row a category, and all; without the columns that no case has."""
    from rich.box import SIMPLE
    from rich.table import Table

    shown = Table(box=SIMPLE, padding=0)
    columns = [name for name in SHOWN if any(getattr(one, name) is not None for one in scores)]
    shown.add_column("", no_wrap=True)
    for heading in ("cases", *(SHOWN[name] for name in columns), "length", "ms"):
        shown.add_column(heading, justify="right", no_wrap=True)
    groups = {
        name: [one for one in scores if one.category == name] for name in dict.fromkeys(s.category for s in scores)
    }
    for name, group in {**groups, "all": list(scores)}.items():
        lengths = [one.characters for one in group if one.characters is not None]
        shown.add_row(
            name,
            str(len(group)),
            *(_mean(group, column) for column in columns),
            f"{median(lengths):.0f}" if lengths else "-",
            f"{median(one.milliseconds for one in group):.0f}",
            end_section=name == list(groups)[-1],
        )
    return shown


def intervals(run: Run) -> "Table":
    """Each metric over all cases with its 95% interval."""
    from rich.box import SIMPLE
    from rich.table import Table

    shown = Table("over all cases", box=SIMPLE, padding=0)
    for heading in ("mean", "95% interval", "cases"):
        shown.add_column(heading, justify="right")
    for name, one in run.metrics.items():
        digits = 2 if one.value < 10 else 0
        interval = f"  [{one.low:.{digits}f}, {one.high:.{digits}f}]"
        shown.add_row(_words(name), f"{one.value:.{digits}f}", interval, f"  {one.count}")
    return shown


def _mean(group: Sequence[Score], name: str) -> str:
    values = [value for one in group if (value := getattr(one, name)) is not None]
    return f"{fmean(values):.2f}" if values else "-"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 100 else f"{text[:99]}…"
