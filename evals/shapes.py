"""Public questions with answers → cases and what they are about: XQuAD's, CLAPNQ's and RAMDocs's shapes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evals.cases import Case, load_cases
from evals.sets import Document, documents, parse, rows_of, strings, truth
from index.errors import ConfigError
from index.sentences import sentence_runs

QUERIES = "queries.jsonl"
ASKED = re.compile(r"\b(who|when|where|why|which|how|what)(?:m|se)?\b", re.IGNORECASE)
MEASURED = re.compile(r"\bhow (?:many|much|long|old|often|far|fast|big|large|high|tall)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CaseSet:
    """Cases, and the documents that they are about; None where these are articles on the disk."""

    name: str
    cases: Sequence[Case]
    documents: Sequence[Document] | None = None


def load_set(path: Path, limit: int | None = None) -> CaseSet:
    """Cases of ours, or questions of a public shape: a folder like XQuAD's or CLAPNQ's, a file like RAMDocs's.

    Args:
        path: the file or folder.
        limit: the first so many cases only; the documents stay.

    Raises:
        ConfigError: it is missing or of no known shape; the message names the file and the line.
    """
    if path.is_dir():
        found = _folder(path)
    elif path.is_file() and {"documents", "gold_answers"} <= next(rows_of(path, ()), {}).keys():
        found = _ramdocs(path)
    else:
        found = CaseSet(path.stem, load_cases(path))
    return CaseSet(found.name, found.cases[:limit], found.documents)


def _folder(folder: Path) -> CaseSet:
    path = folder / QUERIES
    if not path.is_file():
        raise ConfigError(
            f"No {QUERIES} in {folder}.", "Give a file of cases, or a folder of XQuAD's or CLAPNQ's shape."
        )
    found = documents(folder)
    if "answerable" in next(rows_of(path, ()), {}):
        return CaseSet(folder.name, parse(path, ("_id", "text", "answerable"), _clapnq, "a question"), found)
    texts = {document.id: document.text for document in found}
    needed = ("_id", "text", "answers", "article", "start_in_article", "end_in_article")
    return CaseSet(folder.name, parse(path, needed, lambda row: _xquad(row, texts), "a question"), found)


def _xquad(row: dict[str, Any], texts: dict[str, str]) -> Case:
    """The gold sentence is the one that holds the answer's span."""
    answers = strings(row["answers"])
    if row["article"] not in texts:
        raise ValueError(f"there is no article {row['article']}")
    text, start, end = texts[row["article"]], int(row["start_in_article"]), int(row["end_in_article"])
    if text[start:end] not in answers:
        raise ValueError(f"at its offsets stands {text[start:end]!r:.60}")
    spans = [span for run in sentence_runs(text) for span in run]
    gold = tuple(text[low:high] for low, high in spans if low <= start < high)
    question = str(row["text"])
    return Case(str(row["_id"]), _asked(question), question, gold_any=gold, answers=answers)


def _asked(question: str) -> str:
    """What is asked for, by its word."""
    if MEASURED.search(question):
        return "how many"
    found = ASKED.search(question)
    return found.group(1).lower() if found else "other"


def _clapnq(row: dict[str, Any]) -> Case:
    """The gold sentences are those of any of the annotators; answers are whole paragraphs, which no quote holds."""
    if not truth(row["answerable"]):
        return Case(str(row["_id"]), "unanswerable", str(row["text"]), refuse=True)
    golds = dict.fromkeys(sentence for one in row["gold_sentences"] for sentence in strings(one))
    return Case(str(row["_id"]), "answerable", str(row["text"]), gold_any=tuple(golds))


def _ramdocs(path: Path) -> CaseSet:
    """All documents together; the source of each begins with the number of its question, to which it is held."""
    made = parse(path, ("question", "documents", "gold_answers", "wrong_answers"), _with_documents, "a question")
    cases: list[Case] = []
    found: list[Document] = []
    for number, (case, texts) in enumerate(made):
        source = f"question-{number:05}/"
        cases.append(replace(case, id=f"{number:05}", source=source))
        found += [Document(f"{source}{place}", "", text) for place, text in enumerate(texts)]
    return CaseSet(path.stem, cases, found)


def _with_documents(row: dict[str, Any]) -> tuple[Case, list[str]]:
    golds, wrong = strings(row["gold_answers"]), strings(row["wrong_answers"])
    category = ("one answer" if len(golds) == 1 else "several") + (", misled" if wrong else "")
    case = Case("", category, str(row["question"]), answers=golds, conflict=len(golds) + len(wrong) > 1)
    return case, [str(document["text"]) for document in row["documents"]]
