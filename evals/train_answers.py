"""`footnote eval train-answers DATA…`: the weights by which sentences are ranked (`evidence`), learnt listwise.

The same learner as for passages: all sets count alike, and what was learnt on one is tried on the others.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from evals.metrics import holds_any, normalise, same
from evals.prepared import prepare, prepare_articles
from evals.shapes import load_set
from evals.train import Example, learn
from index.records import Filters
from index.static import StaticEmbedder
from rag.choosing.evidence import FEATURES, WEIGHTS, weigh
from rag.config import RagSettings
from rag.extract import candidates_of
from rag.prompt import make_task
from rag.reading.followup import earlier_questions, searched_with
from rag.records import Answer

FIRST = (1, 3)
RIDGE = 0.001  # sentences are many, and what is true of few of them (titles) must still be learnt


def main(data: Sequence[Path], articles: Path, settings: RagSettings) -> int:
    """Print how often a right sentence is the first and among the first three, by what the weights were learnt on."""
    from rich.console import Console
    from rich.table import Table

    sets = {path.stem: examples(path, articles, settings) for path in data}
    shown = Table(title="a right sentence first / in the first three")
    shown.add_column("weights learnt on")
    for name in (*sets, *FEATURES):
        shown.add_column(name, justify="right")
    trained = {name: learn([found], RIDGE) for name, found in sets.items()}
    trained["all of them"] = learn(list(sets.values()), RIDGE)
    for name in sets if len(sets) > 1 else ():
        trained[f"all but {name}"] = learn([found for other, found in sets.items() if other != name], RIDGE)
    trained["as in rag.choosing.evidence"] = np.array(WEIGHTS)
    for name, weights in trained.items():
        figures = ["/".join(f"{hits(found, weights, count):.3f}" for count in FIRST) for found in sets.values()]
        shown.add_row(name, *figures, *(f"{weight:.3f}" for weight in weights))
    Console(width=200).print(shown)
    return 0


def examples(path: Path, articles: Path, settings: RagSettings) -> list[Example]:
    """The questions that are answered, with the features of every sentence found and which of them are right.

    Right is a gold sentence, or one with the answer's words where the case names no sentence.
    """
    from rich.progress import track

    found = load_set(path)
    index = prepare_articles(articles, settings) if found.documents is None else prepare(found.documents, settings)
    embed = StaticEmbedder().embed
    examples = []
    for case in track(found.cases, f"Asking {path.stem}", transient=True):
        history = [Answer(question, question) for question in case.history]
        before = searched_with(case.question, history, index.embedder.name)
        passages = index.search(
            case.question, history=before, limit=settings.passages, filters=Filters(source=case.source)
        )
        task = make_task(case.question, passages, earlier_questions(case.question, history))
        candidates, answers = candidates_of(task), [normalise(one) for one in case.answers]
        right = {
            str(row): 1
            for row, one in enumerate(candidates)
            if any(same(gold, one.text) for gold in case.golds) or (not case.golds and holds_any(one.text, answers))
        }
        if right and task.asked.terms:
            features = np.array([one.features for one in weigh(task.asked, candidates, embed)])
            examples.append(Example(features, [[str(row)] for row in range(len(candidates))], right))
    return examples


def hits(some: Sequence[Example], weights: "np.ndarray", count: int) -> float:
    """The share of questions with a right sentence among the first so many."""
    found = 0
    for one in some:
        first = np.argsort(-(one.features @ weights), kind="stable")[:count]
        found += any(str(row) in one.judged for row in first)
    return found / len(some)
