"""The bench's part `sync`: an index brought in line again, with nothing changed and with one file changed."""

import time
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from evals.bench.building import one_build
from evals.bench.ground import Ground, our_settings
from evals.bench.measure import Verdict, fresh, spread
from index.engine import Index
from index.errors import FootnoteError
from index.records import SyncReport

RUNS = 5
SHARE = 0.02  # of the time of the build, with nothing changed
SECONDS = 1.0  # with one article changed
CHANGES = "edited", "added", "deleted"


def unchanged(articles: Path, folder: Path, embedding: str) -> list[float]:
    """Seconds of syncs with nothing to do, each with an index opened anew; the first imports everything too."""
    return [_timed(articles, folder, embedding, SyncReport(unchanged=_count(articles))) for _ in range(RUNS + 1)]


def changed(articles: Path, folder: Path, embedding: str) -> dict[str, list[float]]:
    """Seconds of syncs after one article was edited, added, deleted; the files are left as they were."""
    files = sorted(articles.rglob("*.txt"))
    Index(our_settings(folder, embedding)).sync([articles])  # follows what an earlier call left behind
    times: dict[str, list[float]] = {name: [] for name in CHANGES}
    for number in range(RUNS):
        file, new = files[number * len(files) // RUNS], articles / f"new {number}.txt"
        text = file.read_text("utf-8")
        try:
            file.write_text(f"{text}\n\nThis paragraph number {number} is new.", "utf-8")
            times["edited"].append(_timed(articles, folder, embedding, _report(len(files), "edited")))
            new.write_text(f"{text}\n\nThis article number {number} is new.", "utf-8")
            times["added"].append(_timed(articles, folder, embedding, _report(len(files) + 1, "added")))
            new.unlink()
            times["deleted"].append(_timed(articles, folder, embedding, _report(len(files) + 1, "deleted")))
        finally:
            file.write_text(text, "utf-8")
            new.unlink(missing_ok=True)
        Index(our_settings(folder, embedding)).sync([articles])
    return times


def _count(articles: Path) -> int:
    return sum(1 for _ in articles.rglob("*.txt"))


def _report(files: int, change: str) -> SyncReport:
    return replace(SyncReport(unchanged=files - 1), **{change: 1})  # type: ignore[arg-type]


def _timed(articles: Path, folder: Path, embedding: str, wanted: SyncReport) -> float:
    started = time.perf_counter()
    report = Index(our_settings(folder, embedding)).sync([articles])
    seconds = time.perf_counter() - started
    for name in (*CHANGES, "unchanged"):
        if getattr(report, name) != getattr(wanted, name):
            raise FootnoteError(f"A sync found {getattr(report, name)} {name}, not {getattr(wanted, name)}.")
    return seconds


def run(ground: Ground) -> None:
    """Time both kinds of sync on the indexes of the part `build`, which are built where they are missing."""
    for embedding in ground.runs:
        if f"ours {embedding}" not in ground.builds:
            one_build(ground, "ours", embedding)
    idle = {}
    for embedding in ground.runs:  # all of these come first: what follows changes files
        with ground.working(f"Nothing changed: {embedding}"):
            idle[embedding] = fresh(unchanged, ground.folder, ground.work / f"ours {embedding}", embedding)
    figures: dict[str, Any] = {}
    for embedding, (first, *times) in idle.items():
        with ground.working(f"One article changed: {embedding}"):
            changes = fresh(changed, ground.folder, ground.work / f"ours {embedding}", embedding)
        build = median(one["seconds"] for one in ground.builds[f"ours {embedding}"])
        figures[embedding] = {
            "build": build,
            "unchanged_first": first,
            "unchanged": spread(times),
            "unchanged_share": median(times) / build,
            **{name: {"first": seconds[0], **spread(seconds)} for name, seconds in changes.items()},
        }
        _judge(ground, embedding, figures[embedding])
    ground.figures["sync"] = figures
    _print(ground, figures)


def _judge(ground: Ground, embedding: str, one: dict[str, Any]) -> None:
    share = f"A sync with nothing changed, of the build ({embedding})"
    ground.verdicts.append(Verdict(share, 100 * one["unchanged_share"], 100 * SHARE, "%"))
    edit = f"A sync with one of {ground.articles:,} articles edited ({embedding})"
    ground.verdicts.append(Verdict(edit, one["edited"]["median"], SECONDS))


def _print(ground: Ground, figures: dict[str, Any]) -> None:
    from rich.table import Table

    shown = Table(title=f"Syncing {ground.articles:,} articles again (seconds; medians of {RUNS})")
    for heading in ("", "build", "unchanged, first", "unchanged", "edited", "added", "deleted"):
        shown.add_column(heading, justify="right" if heading else "left")
    for embedding, one in figures.items():
        medians = (f"{one[name]['median']:.3f}" for name in ("unchanged", *CHANGES))
        shown.add_row(embedding, f"{one['build']:.1f}", f"{one['unchanged_first']:.2f}", *medians)
    ground.console.print(shown)
