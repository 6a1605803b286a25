"""Questions with the passages that they are to be answered from: our cases, CLAPNQ's and MTRAG's shapes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.cases import Case, load_cases
from evals.prepared import prepare_articles
from evals.sets import documents, judgements, parse, rows_of, truth
from index.chunk import chunk_article
from index.engine import Index
from index.load.draft import Draft, finish
from index.records import Passage
from rag.config import RagSettings
from rag.reading.followup import searched_with
from rag.records import Answer, Turn

TASKS = "tasks.jsonl"
CAN_BE_ANSWERED = {"ANSWERABLE": True, "PARTIAL": True, "UNANSWERABLE": False}  # MTRAG's words


@dataclass(frozen=True, slots=True)
class Item:
    """A question, whether it can be answered from the passages, and these."""

    id: str
    question: str
    answerable: bool
    passages: Sequence[Passage]
    history: Sequence[Turn] = ()


def load(path: Path, articles: Path, settings: RagSettings) -> list[Item]:
    """Questions and their passages: of our cases (what is found in `articles`), CLAPNQ's folder or MTRAG's tasks.

    Raises:
        ConfigError: it is missing or of no known shape; the message names the file and the line.
    """
    if (path / TASKS).is_file():
        path = path / TASKS
    if path.is_dir():
        return _clapnq(path, settings)
    if path.is_file() and "answerability" in next(rows_of(path, ()), {}):
        needed = ("task_id", "question", "answerability", "contexts")
        return parse(path, needed, lambda row: _mtrag(row, settings), "a task")
    cases, index = load_cases(path), prepare_articles(articles, settings)
    return [_found(case, index, settings) for case in cases]


def _clapnq(folder: Path, settings: RagSettings) -> list[Item]:
    """Each question with its own passage: the one that answers it, or the related one that does not."""
    texts = {document.id: document for document in documents(folder)}
    relevant = judgements(folder / "qrels.tsv")

    def item(row: dict[str, Any]) -> Item:
        answerable = truth(row["answerable"])
        names = list(relevant[str(row["_id"])]) if answerable else [row["related_doc"]]
        passages = [one for name in names for one in cut(texts[name].text, texts[name].title, name, settings)]
        return Item(str(row["_id"]), str(row["text"]), answerable, passages)

    return parse(folder / "queries.jsonl", ("_id", "text", "answerable"), item, "a question of known documents")


def _mtrag(row: dict[str, Any], settings: RagSettings) -> Item:
    (label,) = row["answerability"]
    passages = [
        passage
        for context in row["contexts"]
        for passage in cut(context["text"], "", str(context["document_id"]), settings)
    ]
    history = [_turn(turn["text"]) for turn in row.get("history", ()) if turn["speaker"] == "user"]
    return Item(str(row["task_id"]), row["question"], CAN_BE_ANSWERED[label], passages, history)


def _found(case: Case, index: Index, settings: RagSettings) -> Item:
    history = [_turn(question) for question in case.history]
    before = searched_with(case.question, history, index.embedder.name)
    passages = index.search(case.question, history=before, limit=settings.passages)
    return Item(case.id, case.question, not case.refuse, passages, history)


def _turn(question: str) -> Turn:
    return Answer(question, question)


def cut(text: str, title: str, name: str, settings: RagSettings) -> list[Passage]:
    """The passages of one text, as good as each other."""
    article = finish(Draft(text, title), name, name)
    return [Passage(chunk, article, 1.0, 0.0, 0.0) for chunk in chunk_article(article, settings.chunk_tokens)]
