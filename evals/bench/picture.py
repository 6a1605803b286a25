"""Build and search against size, as a picture (matplotlib's door)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals.bench.searching import P50, P99

LIMITS = {"p50": P50, "p99": P99}


def draw(sizes: Sequence[dict[str, Any]], path: Path) -> None:
    """`sizes` are the figures of the part `search`, one for each size."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.6), dpi=150, layout="constrained")
    FigureCanvasAgg(figure)
    building, searching = figure.subplots(1, 2)
    chunks = [one["chunks"] for one in sizes]
    seconds = [one["build"]["seconds"] for one in sizes]
    building.plot(chunks, seconds, "o-", color="#1f5fa8")
    for x, y in zip(chunks, seconds, strict=True):
        building.annotate(f"{y:.3g} s", (x, y), textcoords="offset points", xytext=(-8, 2), ha="right")
    building.margins(x=0.2, y=0.12)
    building.set(title="Building the index", ylabel="seconds", xscale="log", yscale="log")
    for name, colour in (("p50", "#1f5fa8"), ("p99", "#c0562a")):
        values = [one["search"][name] for one in sizes]
        searching.plot(chunks, values, "o-", color=colour, label={"p50": "median", "p99": "99th percentile"}[name])
        searching.axhline(LIMITS[name], color=colour, linestyle=":", linewidth=1)
    searching.set(title="A search (dotted: the limits)", ylabel="milliseconds", xscale="log", ylim=(0, None))
    searching.legend(frameon=False)
    for axes in (building, searching):
        axes.set_xlabel("chunks")
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path)
