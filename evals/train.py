"""`python -m evals train DIR…`: the weights of `index.rank`, chosen on judged questions and tried on the others.

A linear ranker learnt listwise: the softmax of the passages' scores is to lie on the judged ones (Cao et al., "Learning
to Rank: From Pairwise Approach to Listwise Approach", 2007). Weights are not negative; all sets count the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evals.chunks import QUESTIONS, corpora, questions
from evals.prepared import prepare
from evals.retrieval import QRELS, QUERIES, relevant
from evals.sets import Document, documents, queries
from index.embed import Matrix, make_embedder
from index.engine import Index
from index.errors import ConfigError
from index.rank import FEATURES, weights_for
from rag.config import RagSettings

STEPS, STEP, MOMENTUM, SQUARES = 600, 0.03, 0.9, 0.99
RIDGE = 0.02
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Example:
    """One question: the features of the passages found, the documents that hold each, and their judgements."""

    features: Matrix
    documents: Sequence[Sequence[str]]
    judged: Mapping[str, int]

    @property
    def right(self) -> Matrix:
        return np.array([any(self.judged.get(one) for one in held) for held in self.documents], dtype=np.float32)


def main(folders: Sequence[Path], settings: RagSettings) -> int:
    """Print what the weights in use give, those learnt on each set, and those learnt on all."""
    from rich.console import Console
    from rich.table import Table

    sets = {folder.name: examples(folder, settings) for folder in folders}
    shown = Table(title=f"nDCG@{DEPTH}, {settings.embedding}")
    shown.add_column("weights learnt on")
    for name in (*sets, *FEATURES):
        shown.add_column(name, justify="right")
    groups = {name: [found] for name, found in sets.items()}
    trained = {name: learn(group) for name, group in groups.items()}
    trained["all of them"] = learn(list(sets.values()))
    trained["as in index.rank"] = np.array(weights_for(make_embedder(settings).name))
    trained["fusion alone"] = np.array([0.5, 0.5, 0, 0, 0, 0])
    for name, weights in trained.items():
        figures = [f"{score(found, weights):.3f}" for found in sets.values()]
        shown.add_row(name, *figures, *(f"{weight:.3f}" for weight in weights))
    Console(width=150).print(shown)
    return 0


def examples(folder: Path, settings: RagSettings) -> list[Example]:
    """The judged questions of a folder of BEIR's shape or Chroma's, with what the index finds for each."""
    from rich.progress import track

    if (folder / QUESTIONS).is_file():
        return _spans(folder, settings)
    found = documents(folder)
    path = next((folder / name for name in QUERIES if (folder / name).is_file()), folder / QUERIES[0])
    judged = relevant(folder / QRELS, {one.id for one in found})
    asked = [query for query in queries(path) if query.id in judged]
    index = prepare(found, settings)
    return [
        _example(index, query.text, judged[query.id]) for query in track(asked, f"Asking {folder.name}", transient=True)
    ]


def _spans(folder: Path, settings: RagSettings) -> list[Example]:
    """A passage that holds half of a span that answers is a right one."""
    from rich.progress import track

    texts = corpora(folder)
    index = prepare([Document(name, "", text) for name, text in texts.items()], settings)
    names = {entry.id: entry.sources[0] for entry in index.entries()}
    found = []
    for question in track(questions(folder / QUESTIONS, texts), f"Asking {folder.name}", transient=True):
        looked = index.look(question.text)
        right = {
            chunk.id: 1
            for chunk in looked.chunks
            for start, end in question.references
            if names[chunk.article_id] == question.corpus
            and min(end, chunk.end) - max(start, chunk.start) >= (end - start) / 2
        }
        if right:
            found.append(Example(looked.features, [[chunk.id] for chunk in looked.chunks], right))
    return found


def _example(index: Index, question: str, judged: Mapping[str, int]) -> Example:
    looked = index.look(question)
    articles = {chunk.article_id: index.article(chunk.article_id) for chunk in looked.chunks}
    held = [article.sources if (article := articles[chunk.article_id]) else () for chunk in looked.chunks]
    return Example(looked.features, held, judged)


def learn(sets: Sequence[Sequence[Example]], ridge: float = RIDGE) -> Matrix:
    """Weights that sum to 1, by gradient descent with Adam's steps (Kingma and Ba 2015); `ridge` keeps them small.

    Raises:
        ConfigError: there is nothing to learn from.
    """
    lists = [
        (one.features - one.features.mean(axis=0), one.right / one.right.sum(), 1 / len(some))
        for some in sets
        for one in some
        if one.right.any()
    ]
    if not lists:
        raise ConfigError("For none of the questions is anything found that is right.")
    spread = np.concatenate([features for features, _, _ in lists]).std(axis=0) + 1e-6
    weights, mean, square = (np.zeros(len(spread)) for _ in range(3))
    for step in range(1, STEPS + 1):
        slope = ridge * weights
        for features, right, share in lists:
            scores = (features / spread) @ weights
            likely = np.exp(scores - scores.max())
            slope += share / len(sets) * (features / spread).T @ (likely / likely.sum() - right)
        mean = MOMENTUM * mean + (1 - MOMENTUM) * slope
        square = SQUARES * square + (1 - SQUARES) * slope**2
        weights -= STEP * (mean / (1 - MOMENTUM**step)) / (np.sqrt(square / (1 - SQUARES**step)) + 1e-8)
        weights = np.maximum(weights, 0)
    if not weights.any():
        raise ConfigError("Nothing that is measured tells what is right from what is wrong.")
    found: Matrix = (weights / spread) / (weights / spread).sum()
    return found


def score(some: Sequence[Example], weights: Matrix) -> float:
    """Mean nDCG over the documents, each ranked by its best passage."""
    total = 0.0
    for one in some:
        order = np.argsort(-(one.features @ weights), kind="stable")
        ranked = list(dict.fromkeys(document for place in order for document in one.documents[place]))[:DEPTH]
        gains = [one.judged.get(document, 0) / np.log2(place + 2) for place, document in enumerate(ranked)]
        best = sorted(one.judged.values(), reverse=True)[:DEPTH]
        total += sum(gains) / sum(gain / np.log2(place + 2) for place, gain in enumerate(best))
    return total / len(some)
