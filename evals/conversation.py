"""How well a question is found in the midst of a conversation, by what of the conversation is searched."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.results import Estimate, Run, estimate, make_result
from evals.retrieval import QRELS, WORST_BY, Asked, measure, relevant
from evals.sets import Query, documents, queries
from evals.shown import finish, look_at, table
from evals.systems import Choice, embeddings, make_systems, need
from index.embed import make_embedder
from index.errors import ConfigError
from rag.config import load_settings
from rag.reading.followup import searched_with

HISTORY, REWRITE = "last turn with history", "rewrite"
COMPARED = ("recall@5", "nDCG@10")


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier question, for what only looks at questions."""

    question: str
    text: str = ""


def evaluate(folder: Path, choice: Choice) -> None:
    """Measure every condition, print tables and what a rewrite by hand is better, and write JSON, one file an embedder.

    Raises:
        ConfigError: the data is missing or malformed, or something that measuring needs is not installed.
    """
    from rich.console import Console

    need("ir_measures")  # said before anything takes long
    console = Console()
    found = documents(folder)
    judged = relevant(folder / QRELS, {one.id for one in found})
    asked = dict(conditions(folder, ""))
    everywhere = set(judged).intersection(*({one.id for one in some} for some in asked.values()))
    kept = {one.id for one in [one for one in asked[HISTORY] if one.id in everywhere][: choice.limit]}
    if not kept:
        raise ConfigError(f"No query that {folder / QRELS} judges is in all the queries_*.jsonl beside it.")
    name = folder.resolve().name
    for embedding, settings in embeddings(choice, load_settings()):
        runs: list[Run] = []
        embedder = make_embedder(settings).name
        asked = {one: [each for each in some if each.id in kept] for one, some in conditions(folder, embedder)}
        for system, search in make_systems(found, settings, embedding, choice).items():
            measured = {one: measure(system, one, search, some, judged) for one, some in asked.items()}
            console.print(table(f"{name}: {system}", measured))
            for metric, one in difference(measured[HISTORY], measured[REWRITE]).items():
                line = f"{HISTORY} − {REWRITE}, {metric}: {one.value:+.3f} [{one.low:+.3f}, {one.high:+.3f}]"
                console.print(line, highlight=False)
            console.print()
            runs += measured.values()
        look_at(console, next(run for run in runs if run.condition == HISTORY), WORST_BY)
        finish(console, make_result("conversation", f"{name}-{embedding}", runs, settings))


def conditions(folder: Path, embedder: str) -> Iterator[tuple[str, list[Asked]]]:
    """What is searched, by name. The history is chosen as the assistant chooses it with that embedder."""
    whole = queries(folder / "queries_questions.jsonl")
    yield "last turn", [Asked(one.id, one.text) for one in queries(folder / "queries_lastturn.jsonl")]
    yield HISTORY, [Asked(one.id, one.text, _leaned_on(one, embedder)) for one in whole]
    yield "all turns", [Asked(one.id, " ".join(one.turns)) for one in whole]
    yield REWRITE, [Asked(one.id, one.text) for one in queries(folder / "queries_rewrite.jsonl")]


def _leaned_on(query: Query, embedder: str) -> tuple[str, ...]:
    return searched_with(query.text, [Past(turn) for turn in query.turns[:-1]], embedder)


def difference(first: Run, second: Run, metrics: Sequence[str] = COMPARED) -> Mapping[str, Estimate]:
    """By how much the first run is better, query by query, over the queries that both have."""
    others = {row["id"]: row for row in second.rows}
    pairs = [(row, others[row["id"]]) for row in first.rows if row["id"] in others]
    return {metric: estimate([a[metric] - b[metric] for a, b in pairs]) for metric in metrics if pairs}
