"""The bench's part `search`: build and search against size, filters, a cold first answer, and the graph's recall."""

import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import islice
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from evals.bench.building import build
from evals.bench.corpus import DAYS, FIRST_DAY, load_questions, recombined, sentences, write_articles
from evals.bench.ground import Ground, our_settings
from evals.bench.measure import Verdict, fresh, peak_memory, percentile, recall, spread
from evals.bench.startup import QUESTION, footnote
from index.catalog import Catalog
from index.engine import Index
from index.library import CATALOG
from index.records import NO_FILTERS, Article, Filters
from index.vectors import Vectors

EMBEDDING = "static"
SMALLER = (100, 10)  # how many times smaller the other indexes of the curve are
WARM_UP, FILTERED, COMPARED, ASKED = 20, 200, 200, 5  # questions
PASSAGES = 10  # as answering asks for
P50, P99, MEMORY, FIRST_ANSWER = 10.0, 30.0, 1000.0, 3.0  # ms, ms, MB, s
DEPTHS = 10, 50
SAMPLE = 2_000  # articles that tell how many chunks an article has


def search_times(
    folder: Path, questions: Sequence[str], warm_up: int, filters: Mapping[str, Filters]
) -> dict[str, Any]:
    """Milliseconds of searches in an open index. Runs in a process of its own."""
    index = Index(our_settings(folder, EMBEDDING))
    first = _milliseconds(index, questions[0])
    for question in questions[:warm_up]:
        _milliseconds(index, question)
    times = [_milliseconds(index, question) for question in questions[warm_up:]]
    figures: dict[str, Any] = {"first": first, **_percentiles(times), "peak": peak_memory(), "filters": {}}
    for name, chosen in filters.items():
        passing = len(index.entries(chosen)) / index.article_count()
        some = questions[: warm_up + FILTERED]
        filtered = [_milliseconds(index, question, chosen) for question in some][warm_up:]
        figures["filters"][name] = {"passing": passing, **_percentiles(filtered)}
    return {**figures, "peak_with_filters": peak_memory()}


def _milliseconds(index: Index, question: str, filters: Filters = NO_FILTERS) -> float:
    started = time.perf_counter()
    index.search(question, limit=PASSAGES, filters=filters)
    return 1000 * (time.perf_counter() - started)


def _percentiles(times: Sequence[float]) -> dict[str, float]:
    return {**spread(times), "p50": percentile(times, 0.5), "p99": percentile(times, 0.99)}


def recalls(folder: Path, questions: Sequence[str]) -> dict[str, float]:
    """The share of the truly nearest chunks that Chroma's graph finds, on average. Runs in a process of its own."""
    catalog, vectors = Catalog(folder / CATALOG), Vectors(folder / "vectors")
    ids, rows = catalog.vectors(catalog.chunk_ids())
    depth = min(max(DEPTHS), len(ids))
    pairs = []
    for vector in Index(our_settings(folder, EMBEDDING)).embed(questions):
        exact = [ids[place] for place in np.argsort(-(rows @ vector), kind="stable")[:depth]]
        pairs.append((list(vectors.search(vector, depth)), exact))
    return {f"recall@{count}": fmean(recall(found, exact, count) for found, exact in pairs) for count in DEPTHS}


def chunks_an_article(folder: Path, texts: Sequence[str]) -> float:
    index = Index(our_settings(folder, EMBEDDING))
    return fmean(len(index.chunk(Article("", "", text, ("",)))) for text in texts)


def run(ground: Ground) -> None:
    """Build indexes of three sizes and search in them; the largest one is looked at from all sides."""
    assert ground.data is not None
    pool = sentences(ground.texts)
    questions = load_questions(ground.data, ground.texts, WARM_UP + ground.questions)
    with ground.working("Measuring articles"):
        sample = list(islice(recombined(pool), min(SAMPLE, ground.chunks)))
        ratio = fresh(chunks_an_article, ground.work, sample)
    sizes = [*(max(1, ground.chunks // times) for times in SMALLER), ground.chunks]
    curve: list[dict[str, Any]] = []
    figures: dict[str, Any] = {"sizes": curve}
    ground.figures["search"] = figures
    for size in sizes:
        articles, folder = ground.clear("recombined"), ground.clear("searched")
        with ground.working(f"Writing articles for {size:,} chunks"):
            write_articles(articles, islice(recombined(pool), round(size / ratio) + 1))
        with ground.working(f"Building {size:,} chunks"):
            built = fresh(build, articles, folder, EMBEDDING)
        with ground.working(f"Searching in {size:,} chunks"):
            filters = _filters(articles) if size == sizes[-1] else {}
            found = fresh(search_times, folder, questions, WARM_UP, filters)
        curve.append({"chunks": built["chunks"], "build": built, "search": found})
    with ground.working("First answers"):
        figures["first_answer"] = spread([footnote(["ask", QUESTION], folder) for _ in range(ASKED)])
    with ground.working("Comparing with exact search"):
        figures["graph"] = {"questions": COMPARED, **fresh(recalls, folder, questions[-COMPARED:])}
    _judge(ground, figures)
    _print(ground, figures)


def _filters(articles: Path) -> dict[str, Filters]:
    def after(share: float) -> Filters:
        return Filters(after=(FIRST_DAY + timedelta(days=round(DAYS * (1 - share)))).isoformat())

    return {
        "dates, a tenth": after(0.1),
        "dates, half": after(0.5),
        "a folder, a tenth": Filters(path=str(articles / "3")),
    }


def _judge(ground: Ground, figures: dict[str, Any]) -> None:
    largest = figures["sizes"][-1]
    size, found = f"in {largest['chunks']:,} chunks", largest["search"]
    ground.verdicts += [
        Verdict(f"A search {size}, median", found["p50"], P50, "ms"),
        Verdict(f"A search {size}, 99th percentile", found["p99"], P99, "ms"),
        Verdict(f"Memory of searching {size}", found["peak_with_filters"] / 1e6, MEMORY, "MB"),
        Verdict(f"A cold first answer {size}", figures["first_answer"]["median"], FIRST_ANSWER),
    ]


def _print(ground: Ground, figures: dict[str, Any]) -> None:
    from rich.table import Table

    shown = Table(title=f"Size, {EMBEDDING} ({ground.questions} questions)")
    for heading in ("chunks", "build s", "disk MB", "first ms", "p50 ms", "p99 ms", "memory MB"):
        shown.add_column(heading, justify="right")
    for one in figures["sizes"]:
        built, found = one["build"], one["search"]
        searches = (f"{found[name]:.1f}" for name in ("first", "p50", "p99"))
        sizes = f"{built['seconds']:.1f}", f"{built['disk'] / 1e6:.0f}"
        shown.add_row(f"{one['chunks']:,}", *sizes, *searches, f"{found['peak'] / 1e6:.0f}")
    ground.console.print(shown)
    filtered = Table(title=f"Filters, in the largest ({FILTERED} questions)")
    for heading in ("filter", "articles that pass", "p50 ms", "p99 ms"):
        filtered.add_column(heading, justify="right" if "filter" not in heading else "left")
    for name, row in figures["sizes"][-1]["search"]["filters"].items():
        filtered.add_row(name, f"{row['passing']:.0%}", f"{row['p50']:.1f}", f"{row['p99']:.1f}")
    ground.console.print(filtered)
    answer, graph = figures["first_answer"], figures["graph"]
    ground.console.print(f"A cold first answer takes {answer['median']:.2f} s (median of {ASKED}).", highlight=False)
    ground.console.print(
        f"The graph finds {graph['recall@10']:.3f} of the nearest 10 and {graph['recall@50']:.3f} of the nearest 50.",
        highlight=False,
    )
