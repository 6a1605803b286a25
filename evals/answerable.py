"""How well the program knows what it can answer: over- against under-refusal, beside two simple scores."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from evals.items import Item, load
from evals.metrics import Scores, auroc, curve, equal_error, equal_point, placements, under_at
from evals.results import RESAMPLES, Estimate, Row, Run, make_result, make_run, short, write
from index.embed import Embedder, make_embedder
from index.errors import ConfigError
from index.static import StaticEmbedder
from index.terms import query_terms, words
from rag.config import RagSettings
from rag.extract import Selection, select
from rag.prompt import make_task
from rag.reading.followup import earlier_questions

if TYPE_CHECKING:
    from rich.table import Table

LOWER = ("equal_error", "over_refusal", "under_refusal")
LEVELS = (0.05, 0.10, 0.20)  # of over-refusal, at which under-refusal is told
RULES = 0.5  # the threshold at which `Selection.confidence` answers as the rules do
WORST = 8
Statistic = Callable[[Scores, Scores], float]


@dataclass(frozen=True, slots=True)
class Judged:
    """What was made of an item: three scores in [0, 1] that it can be answered, and what the rules did."""

    item: Item
    confidence: float
    overlap: float
    cosine: float
    refused: bool
    sentence: str  # the first one chosen, or the best of those refused
    objection: str


def evaluate(path: Path, articles: Path, settings: RagSettings, limit: int | None = None) -> int:
    """Score how answerable each question looks, print what that is worth and write it.

    Raises:
        ConfigError: the data is of no known shape, or has questions of one kind only.
    """
    from rich.console import Console
    from rich.progress import track

    embedder = make_embedder(settings)
    items = load(path, articles, settings)
    kinds = [[one for one in items if one.answerable is kind][:limit] for kind in (True, False)]
    if not all(kinds):
        raise ConfigError(f"{path} must have both questions that can be answered and questions that cannot.")
    sentences = StaticEmbedder()  # as the assistant weighs sentences
    judged = [judge(item, embedder, sentences) for item in track([*kinds[0], *kinds[1]], "Weighing", transient=True)]
    embedding = embedder.name.split(":")[0]
    runs = [
        make(f"footnote ({embedding})", judged, [one.confidence for one in judged], rules=True),
        make("word overlap", judged, [one.overlap for one in judged]),
        make(f"cosine ({embedding})", judged, [one.cosine for one in judged]),
    ]
    written = write(make_result("answerable", f"{path.name.removesuffix('.jsonl')}-{embedding}", runs, settings, LOWER))
    console = Console()
    console.print(comparison(runs))
    console.print(thresholds(runs[0]))
    for line in worst(judged):
        console.print(line, style="dim", highlight=False, markup=False)
    console.print(f"Written to {short(written)}", highlight=False)
    return 0


def judge(item: Item, embedder: Embedder, sentences: Embedder) -> Judged:
    """What the rules and the simple scores make of an item."""
    earlier = earlier_questions(item.question, item.history)
    selection = select(make_task(item.question, item.passages, earlier), sentences.embed)
    asked = set(query_terms(item.question))
    texts = [passage.text for passage in item.passages]
    overlaps = [len(asked & set(words(text))) / len(asked) for text in texts] if asked else []
    vectors = embedder.embed([item.question, *texts])
    sentence, objection = _best(selection)
    return Judged(
        item,
        selection.confidence,
        max(overlaps, default=0.0),
        float(np.clip(vectors[1:] @ vectors[0], 0, 1).max(initial=0.0)),
        not selection.chosen,
        sentence,
        objection,
    )


def _best(selection: Selection) -> tuple[str, str]:
    best = next(iter(selection.chosen or selection.ranked), None)
    if best is None:
        return "", ""
    return best.sentence.text, best.objection.reason if best.objection else ""


def make(system: str, judged: Sequence[Judged], scores: Sequence[float], *, rules: bool = False) -> Run:
    """A run of one score; with `rules`, what the program refuses now is told beside it."""
    labels = [one.item.answerable for one in judged]
    rows: list[Row] = [
        {
            "id": one.item.id,
            "question": one.item.question,
            "answerable": one.item.answerable,
            "score": value,
            "auroc": place,
            "over_refusal": one.refused if rules and one.item.answerable else None,
            "under_refusal": not one.refused if rules and not one.item.answerable else None,
            **({"sentence": one.sentence, "objection": one.objection} if rules else {}),
        }
        for one, value, place in zip(judged, scores, placements(scores, labels), strict=True)
    ]
    run = make_run(system, "all", ("over_refusal", "under_refusal"), rows)
    both = split(rows)
    return Run(
        system,
        run.condition,
        {"auroc": spread(auroc, *both), "equal_error": spread(equal_error, *both), **run.metrics},
        rows,
    )


def split(rows: Sequence[Row]) -> tuple[list[float], list[float]]:
    """The scores of what can be answered, and of what cannot."""
    positive = [float(row["score"]) for row in rows if row["answerable"]]
    return positive, [float(row["score"]) for row in rows if not row["answerable"]]


def spread(statistic: Statistic, positive: Sequence[float], negative: Sequence[float], seed: int = 0) -> Estimate:
    """A statistic of two groups with its 95% interval: both are drawn anew, as `results.estimate` draws rows."""
    random = np.random.default_rng(seed)
    groups = np.asarray(positive, dtype=float), np.asarray(negative, dtype=float)
    drawn = [statistic(*(random.choice(group, len(group)) for group in groups)) for _ in range(RESAMPLES)]
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Estimate(statistic(*groups), float(low), float(high), len(positive) + len(negative))


def comparison(runs: Sequence[Run]) -> "Table":
    """A row a score: how well it parts the two kinds, and what each over-refusal costs."""
    from rich.box import SIMPLE
    from rich.table import Table

    shown = Table(box=SIMPLE, padding=0)
    shown.add_column("", no_wrap=True)
    for heading in ("AUROC", "95% interval", "equal\nerror", *(f"under at\nover {level:.2f}" for level in LEVELS)):
        shown.add_column(heading, justify="right", no_wrap=True)
    for run in runs:
        area, points = run.metrics["auroc"], curve(*split(run.rows))
        cells = [f"{area.value:.3f}", f"  [{area.low:.3f}, {area.high:.3f}]", f"{run.metrics['equal_error'].value:.3f}"]
        shown.add_row(run.system, *cells, *(f"{under_at(points, level):.3f}" for level in LEVELS))
    return shown


def thresholds(run: Run) -> "Table":
    """Over- and under-refusal along the threshold, with the rules' own place and the one where both are equal."""
    from rich.box import SIMPLE
    from rich.table import Table

    shown = Table(box=SIMPLE, padding=0, title=f"{run.system}: answering from a score on")
    for heading in ("score", "over-refusal", "under-refusal"):
        shown.add_column(heading, justify="right")
    shown.add_column("")
    points = curve(*split(run.rows))
    equal = equal_point(points).threshold
    for level in sorted({*np.arange(1, 10) / 10, equal}):
        point = next((one for one in points if one.threshold >= level), points[-1])
        notes = [note for note, place in (("the present rules", RULES), ("both equal", equal)) if level == place]
        shown.add_row(f"{level:.3f}", f"  {point.over:.3f}", f"  {point.under:.3f}", "  " + ", ".join(notes))
    return shown


def worst(judged: Sequence[Judged]) -> list[str]:
    """Lines for the surest answers to what cannot be answered, and for the surest refusals of what can."""
    refused = sorted((one for one in judged if one.item.answerable and one.refused), key=lambda one: one.confidence)
    answered = sorted(
        (one for one in judged if not one.item.answerable and not one.refused), key=lambda one: -one.confidence
    )
    lines = []
    for what, group in (("wrongly refused", refused), ("wrongly answered", answered)):
        for one in group[:WORST]:
            reason = f" ({one.objection})" if one.objection else ""
            lines.append(
                f"  {what}: {one.item.id} · {one.item.question} · {one.confidence:.2f} · {one.sentence[:120]}{reason}"
            )
        lines += [f"  … and {len(group) - WORST} more {what}, all in the JSON"] if len(group) > WORST else []
    return lines
