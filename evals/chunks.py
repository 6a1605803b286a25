"""How much of what is found is what was wanted, by characters: Chroma's chunking evaluation.

Smith and Troynikov, "Evaluating Chunking Strategies for Retrieval", Chroma Technical Report, 2024. As in its published
code, recall and the numerator of all three count each wanted character once, and what was retrieved is the sum of the
lengths of all passages: one from another text counts in full, and overlapping ones count twice.
"""

import csv
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.results import Row, Run, make_result, make_run
from evals.sets import Document
from evals.shown import finish, look_at, progress, table
from evals.systems import Choice, Hit, System, embeddings, make_systems
from index.errors import ConfigError
from index.records import Span
from rag.config import load_settings

QUESTIONS = "questions_df.csv"
COLUMNS = ("question", "references", "corpus_id")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked and the spans of a text that answer it; `id` is its line in the file."""

    id: str
    text: str
    corpus: str
    references: tuple[Span, ...]


def evaluate(folder: Path, count: int, choice: Choice) -> None:
    """Measure at `count` passages, print tables and write JSON, one file an embedder.

    Raises:
        ConfigError: the data is missing or malformed, or something that measuring needs is not installed.
    """
    from rich.console import Console

    console = Console()
    texts = corpora(folder)
    asked = questions(folder / QUESTIONS, texts)[: choice.limit]
    found = [Document(name, "", text) for name, text in texts.items()]
    name = folder.resolve().name
    for embedding, settings in embeddings(choice, load_settings()):
        systems = make_systems(found, settings, embedding, choice, closely=True)
        runs = {one: measure(one, system, asked, count) for one, system in systems.items()}
        console.print(table(f"{name}: {len(asked)} questions, {len(found)} texts, {count} passages each", runs))
        look_at(console, next(iter(runs.values())), f"recall@{count}")
        finish(console, make_result("chunks", f"{name}-{embedding}", list(runs.values()), settings))


def corpora(folder: Path) -> dict[str, str]:
    """The texts by the names of their files, with their line ends as they are.

    Raises:
        ConfigError: there are none, or one cannot be read.
    """
    found = {}
    for path in sorted((folder / "corpora").glob("*.md")):
        try:
            found[path.stem] = path.read_bytes().decode("utf-8")
        except (OSError, ValueError) as error:
            raise ConfigError(f"Cannot read {path}: {error}.") from error
    if not found:
        raise ConfigError(f"No corpora/*.md in {folder}.", "Give a folder of the shape of Chroma's evaluation.")
    return found


def questions(path: Path, texts: Mapping[str, str]) -> list[Question]:
    """The questions of a file.

    Raises:
        ConfigError: there is no such file, or a line is no question about one of the texts; the message names it.
    """
    found = []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
                raise ConfigError(f"{path}, line 1: no column {', '.join(missing)}.")
            line = 2
            for row in reader:
                found.append(_question(row, f"{path}, line {line}", str(line), texts))
                line = reader.line_num + 1
    except FileNotFoundError as error:
        raise ConfigError(f"No such file: {path}") from error
    except (OSError, ValueError, csv.Error) as error:
        raise ConfigError(f"Cannot read {path}: {error}.") from error
    if not found:
        raise ConfigError(f"No questions in {path}.")
    return found


def _question(row: Mapping[str, str | None], where: str, name: str, texts: Mapping[str, str]) -> Question:
    text, corpus = row["question"] or "", row["corpus_id"] or ""
    if not text or corpus not in texts:
        raise ConfigError(f"{where}: not a question about one of {', '.join(texts)}.")
    try:
        given = [(int(one["start_index"]), int(one["end_index"]), one.get("content")) for one in _listed(row)]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ConfigError(f"{where}: its references are no list of start_index and end_index.") from error
    for start, end, content in given:
        if not 0 <= start < end <= len(texts[corpus]) or content not in (None, texts[corpus][start:end]):
            raise ConfigError(f"{where}: characters {start} to {end} of {corpus} are not what it refers to.")
    if not given:
        raise ConfigError(f"{where}: it refers to nothing.")
    return Question(name, text, corpus, tuple((start, end) for start, end, _ in given))


def _listed(row: Mapping[str, str | None]) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(row["references"] or "")
    return listed


def measure(name: str, system: System, asked: Sequence[Question], count: int) -> Run:
    """Ask the system every question; a row a question, with its metrics, its time and the passages found."""
    metrics = tuple(f"{metric}@{count}" for metric in ("recall", "precision", "IoU"))
    system(asked[0].text, (), count)  # the first search loads what there is to load
    rows: list[Row] = []
    for one in progress(asked, f"Asking {name}"):
        started = time.perf_counter()
        hits = system(one.text, (), count)
        milliseconds = (time.perf_counter() - started) * 1000
        rows.append(
            {
                "id": one.id,
                "text": one.text,
                **dict(zip(metrics, span_scores(hits, one.corpus, one.references), strict=True)),
                "milliseconds": round(milliseconds, 2),
                "top": [f"{hit.documents[0]}:{hit.start}-{hit.end}" for hit in hits],
            }
        )
    return make_run(name, f"{count} passages", metrics, rows)


def span_scores(hits: Sequence[Hit], corpus: str, references: Iterable[Span]) -> tuple[float, float, float]:
    """Recall, precision and intersection over union of what was found, given what was wanted of `corpus`."""
    wanted = _union(references)
    found = _union((hit.start, hit.end) for hit in hits if corpus in hit.documents)
    both = sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in wanted for b in found)
    relevant = sum(end - start for start, end in wanted)
    retrieved = sum(hit.end - hit.start for hit in hits)
    return both / relevant, both / retrieved if retrieved else 0.0, both / (relevant + retrieved - both)


def _union(spans: Iterable[Span]) -> list[Span]:
    """The same characters as spans that do not overlap, in order."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return merged
