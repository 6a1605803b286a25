"""Run cases through the assistant, print a table, write JSON named by the commit."""

import json
import os
import platform
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.cases import Case, load_cases
from evals.metrics import Rate, Score, Summary, score, summarise
from evals.results import PACKAGES, RESULTS, commit, short
from index.engine import Index
from rag.assistant import Assistant
from rag.config import RagSettings
from rag.records import Answer

if TYPE_CHECKING:
    from rich.table import Table

# What a release must reach; the last one is the most that may be wrong.
LEAST = {"gold_first": 0.95, "verbatim": 1.0, "rightly_refused": 0.90}
MOST = {"wrongly_refused": 0.05}


def evaluate(cases_file: Path, articles: Path, settings: RagSettings) -> int:
    """Score every case on a fresh index of `articles`; returns the exit code, 1 under a threshold."""
    from rich.console import Console

    cases = load_cases(cases_file)
    with tempfile.TemporaryDirectory() as folder:
        fresh = settings.model_copy(update={"data_dir": Path(folder)})
        index = Index(fresh)
        index.sync([articles])
        assistant = Assistant(index, fresh)
        scores = run_cases(cases, assistant)
        path = _write(cases_file.stem, scores, settings, assistant.writer)
    console = Console()
    console.print(table(scores))
    for one in scores:
        if one.refused != one.refuse or one.gold_first is False:
            console.print(f"  missed: {one.case}", style="dim", highlight=False)
    missed = shortfalls(summarise(scores))
    for line in missed:
        console.print(line, style="red", highlight=False)
    console.print(f"Written to {short(path)}", highlight=False)
    return 1 if missed else 0


def run_cases(cases: Sequence[Case], assistant: Assistant) -> list[Score]:
    """Ask each case its questions in order and score the last answer."""
    from rich.progress import track

    scores = []
    for case in track(cases, "Asking", transient=True):
        history: list[Answer] = []
        for earlier in case.history:
            history.append(assistant.ask(earlier, history))
        started = time.perf_counter()
        answer = assistant.ask(case.question, history)
        scores.append(score(case, answer, _read_source, (time.perf_counter() - started) * 1000))
    return scores


def shortfalls(summary: Summary) -> list[str]:
    """The thresholds that are not reached, in words."""
    lines = []
    for name, least in LEAST.items():
        if (rate := getattr(summary, name)).of and (reached := rate.value) < least:
            lines.append(f"{name.replace('_', ' ')} {reached:.3f} is under {least:.2f}")
    for name, most in MOST.items():
        if (rate := getattr(summary, name)).of and (reached := rate.value) > most:
            lines.append(f"{name.replace('_', ' ')} {reached:.3f} is over {most:.2f}")
    return lines


def table(scores: Sequence[Score]) -> "Table":
    """A row a category, and all."""
    from rich.box import SIMPLE
    from rich.table import Table

    shown = Table(box=SIMPLE, padding=0)
    shown.add_column("", no_wrap=True)
    for heading in (
        "cases",
        "gold\nin 3",
        "all\nsides",
        "quotes\non gold",
        "ver-\nbatim",
        "refused\nrightly",
        "refused\nwrongly",
        "ms",
    ):
        shown.add_column(heading, justify="right", no_wrap=True)
    groups = {
        name: [one for one in scores if one.category == name] for name in dict.fromkeys(s.category for s in scores)
    }
    for name, group in {**groups, "all": list(scores)}.items():
        summary = summarise(group)
        rates = (
            summary.gold_first,
            summary.gold_all,
            summary.on_gold,
            summary.verbatim,
            summary.rightly_refused,
            summary.wrongly_refused,
        )
        shown.add_row(
            name, str(len(group)), *map(_cell, rates), f"{summary.latency:.0f}", end_section=name == list(groups)[-1]
        )
    return shown


def _cell(rate: Rate) -> str:
    return f"{rate.value:.2f}" if rate.of else "-"


def _write(name: str, scores: Sequence[Score], settings: RagSettings, writer: str) -> Path:
    summary = summarise(scores)
    result: dict[str, Any] = {
        "cases": name,
        "commit": commit(),
        "writer": writer,
        "summary": _summary(summary),
        "categories": {
            category: _summary(summarise([one for one in scores if one.category == category]))
            for category in dict.fromkeys(one.category for one in scores)
        },
        "settings": settings.model_dump(mode="json", exclude={"api_key", "base_url", "data_dir"}),
        "versions": {"python": platform.python_version(), **{package: version(package) for package in PACKAGES}},
        "machine": {"system": platform.platform(), "processors": os.cpu_count()},
        "rows": [asdict(one) for one in scores],
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}-{commit()}.json"
    path.write_text(json.dumps(result, indent=1) + "\n")
    return path


def _summary(summary: Summary) -> dict[str, Any]:
    plain = asdict(summary)
    for name in plain:
        rate = getattr(summary, name)
        if isinstance(rate, Rate):  # nothing to measure is not a measure of 0 or 1
            measured = {"value": rate.value, "interval": rate.interval, "hits": rate.hits, "of": rate.of}
            plain[name] = measured if rate.of else None
    return plain


@lru_cache(maxsize=64)
def _read_source(source: str) -> str:
    return Path(source).read_bytes().decode("utf-8")
