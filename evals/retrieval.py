"""How well documents are found: data of BEIR's shape → rankings → metrics, for Footnote and baselines."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.ranking import DEPTH, METRICS, Judgements, ranked, scores
from evals.results import Run, make_result, make_run
from evals.sets import documents, judgements, queries
from evals.shown import finish, look_at, progress, table
from evals.systems import Choice, System, embeddings, make_systems, need
from index.errors import ConfigError
from rag.config import load_settings

QUERIES = ("queries.jsonl", "queries_rewrite.jsonl")  # the first that is there
QRELS = "qrels.tsv"
PASSAGES = 50  # asked for, so that ten documents are found where each has a few
WORST_BY = "nDCG@10"


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as a system is asked it; `earlier` are the questions that it leans on."""

    id: str
    text: str
    earlier: tuple[str, ...] = ()


def evaluate(folder: Path, query_file: Path | None, judgement_file: Path | None, choice: Choice) -> None:
    """Measure, print tables and write JSON, one file an embedder.

    Raises:
        ConfigError: the data is missing or malformed, or something that measuring needs is not installed.
    """
    from rich.console import Console

    need("ir_measures")  # said before anything takes long
    console = Console()
    file = _file(folder, query_file, QUERIES)
    found = documents(folder)
    judged = relevant(_file(folder, judgement_file, (QRELS,)), {one.id for one in found})
    asked = [Asked(one.id, one.text) for one in queries(file) if one.id in judged][: choice.limit]
    if not asked:
        raise ConfigError(f"None of the queries in {file} is judged.", "Name the judgements: --qrels FILE")
    name = folder.resolve().name if file.name in QUERIES else f"{folder.resolve().name}-{file.stem}"
    for embedding, settings in embeddings(choice, load_settings()):
        systems = make_systems(found, settings, embedding, choice)
        runs = {one: measure(one, file.stem, system, asked, judged) for one, system in systems.items()}
        console.print(table(f"{name}: {len(asked)} queries, {len(found)} documents", runs))
        look_at(console, next(iter(runs.values())), WORST_BY)
        finish(console, make_result("retrieval", f"{name}-{embedding}", list(runs.values()), settings))


def relevant(path: Path, known: Iterable[str]) -> dict[str, dict[str, int]]:
    """The judgements of the queries for which something is relevant: of others nothing can be found.

    Raises:
        ConfigError: nothing that is relevant is among the documents `known`.
    """
    judged = {query: some for query, some in judgements(path).items() if max(some.values()) > 0}
    if not {document for some in judged.values() for document in some} & set(known):
        raise ConfigError(f"None of the documents that {path} judges is in the corpus.")
    return judged


def measure(name: str, condition: str, system: System, asked: Sequence[Asked], judged: Judgements) -> Run:
    """Ask the system every query; a row a query, with its metrics, its time and the documents found first."""
    system(asked[0].text, asked[0].earlier, PASSAGES)  # the first search loads what there is to load
    rankings: dict[str, list[str]] = {}
    times: dict[str, float] = {}
    for one in progress(asked, f"Asking {name}"):
        started = time.perf_counter()
        hits = system(one.text, one.earlier, PASSAGES)
        times[one.id] = (time.perf_counter() - started) * 1000
        rankings[one.id] = ranked(hits)[:DEPTH]
    values = scores(rankings, judged)
    rows = [
        {
            "id": one.id,
            "text": one.text,
            **({"earlier": one.earlier} if one.earlier else {}),
            **values[one.id],
            "milliseconds": round(times[one.id], 2),
            "top": rankings[one.id],
        }
        for one in asked
    ]
    return make_run(name, condition, METRICS, rows)


def _file(folder: Path, given: Path | None, defaults: Sequence[str]) -> Path:
    """The file given, as it stands or in the folder; else the first default that is there."""
    if given:
        return given if given.exists() or not (folder / given).exists() else folder / given
    return next((path for name in defaults if (path := folder / name).exists()), folder / defaults[0])
