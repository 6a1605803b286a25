"""`footnote eval calibrate DATA…`: from where on the passages are taken to answer (`rag.choosing.confidence`).

A logistic regression on the graded signs; then what "unopposed" adds and the threshold, by the least mean of over- and
under-refusal. All sets count alike, and so do both kinds of question within each.
"""

from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evals.items import load
from evals.metrics import auroc
from index.static import StaticEmbedder
from rag.choosing.confidence import OFFSET, WEIGHTS
from rag.config import RagSettings
from rag.extract import select
from rag.prompt import make_task
from rag.reading.followup import earlier_questions

Array = NDArray[np.float64]
RIDGE, STEPS = 0.01, 25
ADDED = np.arange(0.0, 6.1, 0.5)  # what "unopposed" may add


def main(data: Sequence[Path], articles: Sequence[Path], settings: RagSettings) -> int:
    """Print AUROC and over-/under-refusal of each set for weights learnt on all, all but each, and those in use."""
    from rich.console import Console
    from rich.table import Table

    sets = {
        path.stem: signs(path, articles[place] if place < len(articles) else path, settings)
        for place, path in enumerate(data)
    }
    shown = Table(title="AUROC, over-refusal / under-refusal")
    shown.add_column("learnt on")
    for name in (*sets, "sentence", "passage", "words", "names", "unopposed", "offset"):
        shown.add_column(name, justify="right")
    learnt = {"all": fit(list(sets.values()))}
    for name in sets if len(sets) > 1 else ():
        learnt[f"all but {name}"] = fit([found for other, found in sets.items() if other != name])
    learnt["as in rag.choosing.confidence"] = np.array([*WEIGHTS, OFFSET])
    for name, weights in learnt.items():
        shown.add_row(name, *(_told(found, weights) for found in sets.values()), *(f"{one:.2f}" for one in weights))
    Console(width=200).print(shown)
    return 0


def signs(path: Path, articles: Path, settings: RagSettings) -> tuple[Array, Array]:
    """The signs of each question (rows as in `Signs`), and whether it can be answered."""
    from rich.progress import track

    embed, rows, labels = StaticEmbedder().embed, [], []
    for item in track(load(path, articles, settings), f"Weighing {path.stem}", transient=True):
        task = make_task(item.question, item.passages, earlier_questions(item.question, item.history))
        found = select(task, embed).signs
        if found:
            rows.append([float(one) for one in astuple(found)])
            labels.append(float(item.answerable))
    return np.array(rows), np.array(labels)


def fit(sets: Sequence[tuple[Array, Array]]) -> Array:
    """The weights of the signs and the offset, in that order."""
    rows, labels = (np.concatenate(parts) for parts in zip(*sets, strict=True))
    shares = np.concatenate([_shares(truth) for _, truth in sets]) / len(sets)
    graded = np.column_stack([rows[:, :-1], np.ones(len(rows))])
    ridge = np.diag([*[RIDGE] * (graded.shape[1] - 1), 0.0])
    found = np.zeros(graded.shape[1])
    for _ in range(STEPS):  # Newton's
        likely = 1 / (1 + np.exp(-graded @ found))
        slope = graded.T @ (shares * (likely - labels)) + ridge @ found
        found -= np.linalg.solve((graded.T * (shares * likely * (1 - likely))) @ graded + ridge, slope)
    best = (1.0, 0.0, 0.0)
    for added in ADDED:
        scores = graded @ found + added * rows[:, -1]
        for threshold in np.quantile(scores, np.arange(0.02, 0.99, 0.02)):
            wrong = float((shares * ((scores >= threshold) != (labels > 0))).sum())
            best = min(best, (wrong, float(added), float(threshold)))
    return np.array([*found[:-1], best[1], found[-1] - best[2]])


def _shares(labels: Array) -> Array:
    """What each question counts: both kinds together 1."""
    return np.asarray(np.where(labels > 0, 0.5 / labels.sum(), 0.5 / (1 - labels).sum()))


def _told(found: tuple[Array, Array], weights: Array) -> str:
    rows, labels = found
    scores = rows @ weights[:-1] + weights[-1]
    yes, no = scores[labels > 0], scores[labels == 0]
    return f"{auroc(yes, no):.3f}, {(yes < 0).mean():.2f} / {(no >= 0).mean():.2f}"
