"""The bench's part `build`: the same articles indexed by us and by plain LlamaIndex with Chroma."""

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from evals import baselines
from evals.bench.ground import Ground, our_settings
from evals.bench.measure import Stopwatch, Verdict, disk, fresh, peak_memory, spread
from index.catalog import Catalog
from index.engine import Index
from index.library import Library
from index.load.files import Reader
from index.records import Article
from index.sources import Sources
from index.vectors import Vectors

SECTIONS: dict[str, list[tuple[type, str]]] = {
    "find": [(Sources, "find")],
    "read": [(Reader, "read")],
    "chunk": [(Library, "chunk")],
    "embed": [(Library, "embed")],
    "vectors": [(Vectors, name) for name in ("_open", "put", "drop", "ids", "search")],
    "catalog": [(Catalog, name) for name, one in vars(Catalog).items() if callable(one) and not name.startswith("_")],
}
# How many times faster we want to be: (our embedding, theirs) → at least.
WANTED = {("static", "minilm"): 20.0, ("static", "static"): 2.0, ("minilm", "minilm"): 1.2}
FIRST = "A first text loads what there is to load."
SIDES: dict[str, Callable[[Path, Path, str], dict[str, Any]]] = {}


def build(articles: Path, folder: Path, embedding: str) -> dict[str, Any]:
    """Index the files below `articles` with Footnote, and where the time went. Runs in a process of its own.

    The clock starts when all is imported and the embedder has its model.
    """
    started = time.perf_counter()
    index = Index(our_settings(folder, embedding))
    index.embed([FIRST])
    index.chunk(Article("first", FIRST, FIRST, (FIRST,)))
    with tempfile.TemporaryDirectory() as elsewhere:
        Vectors(Path(elsewhere) / "vectors")  # imports Chroma
    watch = Stopwatch()
    watch.watch(SECTIONS)
    ready, processor = time.perf_counter(), time.process_time()
    index.sync([articles])
    seconds, cpu, peak = time.perf_counter() - ready, time.process_time() - processor, peak_memory()
    sections = {name: watch.seconds[name] for name in SECTIONS}
    status = index.status()
    return {
        "articles": status.articles,
        "chunks": status.chunks,
        "seconds": seconds,
        "cpu": cpu,
        "peak": peak,
        "disk": disk(folder),
        "start": ready - started,
        "sections": sections | {"rest": seconds - sum(sections.values())},
    }


SIDES.update(ours=build, theirs=baselines.build)


def run(ground: Ground) -> None:
    """Build with each embedder on both sides in turns, print and judge."""
    for number in range(max(ground.runs.values())):
        for embedding in [name for name, runs in ground.runs.items() if number < runs]:
            # Who is first in one round is second in the next.
            for side in list(SIDES)[:: -1 if number % 2 else 1]:
                one_build(ground, side, embedding)
    ground.figures["build"] = {name: _figures(builds) for name, builds in ground.builds.items()}
    _print(ground)
    for (ours, theirs), least in WANTED.items():
        if (mine := ground.builds.get(f"ours {ours}")) and (other := ground.builds.get(f"theirs {theirs}")):
            claim = f"Footnote with {ours} is faster than LlamaIndex + Chroma with {theirs}"
            ground.verdicts.append(Verdict(claim, _seconds(other) / _seconds(mine), least, "times", at_least=True))


def one_build(ground: Ground, side: str, embedding: str) -> None:
    """Our index stays for the other parts, in a folder "ours static"."""
    name = f"{side} {embedding}"
    articles, folder = ground.folder, ground.clear(name)
    with ground.working(f"Building: {name}"):
        ground.builds.setdefault(name, []).append(fresh(SIDES[side], articles, folder, embedding))
    if side != "ours":
        shutil.rmtree(folder)


def _seconds(builds: list[dict[str, Any]]) -> float:
    return median([float(one["seconds"]) for one in builds])


def _figures(builds: list[dict[str, Any]]) -> dict[str, Any]:
    """Of all runs of one side with one embedder."""
    counts = {name: builds[-1][name] for name in ("articles", "chunks")}
    seconds = _seconds(builds)
    rates = {f"{name}_per_second": count / seconds for name, count in counts.items()}
    spreads = {name: spread([one[name] for one in builds]) for name in ("seconds", "cpu", "peak", "disk", "start")}
    sections = {name: spread([one["sections"][name] for one in builds]) for name in builds[0].get("sections", {})}
    return {**counts, **rates, **spreads, **({"sections": sections} if sections else {})}


def _print(ground: Ground) -> None:
    from rich.table import Table

    shown = Table(title=f"Building an index of {ground.articles:,} articles (medians)")
    for heading in ("", "runs", "articles/s", "chunks/s", "wall s", "CPU s", "peak MB", "disk MB"):
        shown.add_column(heading, justify="right" if heading else "left")
    for name, one in ground.figures["build"].items():
        rates = (f"{one[key]:.0f}" for key in ("articles_per_second", "chunks_per_second"))
        times = (f"{one[key]['median']:.1f}" for key in ("seconds", "cpu"))
        sizes = (f"{one[key]['median'] / 1e6:.0f}" for key in ("peak", "disk"))
        shown.add_row(name, str(one["seconds"]["runs"]), *rates, *times, *sizes)
    ground.console.print(shown)
    profile = Table(title="Where our time goes (seconds, medians)")
    for heading in ("", *SECTIONS, "rest"):
        profile.add_column(heading, justify="right" if heading else "left")
    for name, one in ground.figures["build"].items():
        if "sections" in one:
            profile.add_row(name, *(f"{part['median']:.2f}" for part in one["sections"].values()))
    ground.console.print(profile)
