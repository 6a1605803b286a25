"""What people think of answers: thumbs up or down with a comment, kept with the whole answer beside the index."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.errors import FootnoteError
from rag.config import RagSettings
from rag.records import Answer
from ui import journal

FILE = "feedback.jsonl"
LONGEST_COMMENT = 4_000  # characters
SAME = ("question", "searched", "text", "writer")  # answers that share these are one answer


def rate(answer: Answer, settings: RagSettings, *, good: bool, comment: str = "") -> None:
    """Keep an opinion of an answer; a later one of the same answer takes its place when they are read.

    Raises:
        FootnoteError: the comment is too long, or the file cannot be written.
    """
    if len(comment) > LONGEST_COMMENT:
        raise FootnoteError(f"The comment has {len(comment):,} characters; {LONGEST_COMMENT:,} is the most.")
    opinion = {"good": good, "comment": comment.strip(), "answer": answer.to_dict()}
    journal.append(settings.data_dir / FILE, journal.circumstances(settings) | opinion)


def ratings(data_dir: Path) -> list[dict[str, Any]]:
    """The last opinion of each answer, oldest first: time, versions, settings, good, comment, answer.

    Raises:
        FootnoteError: the file cannot be read.
    """
    last: dict[tuple[object, ...], dict[str, Any]] = {}
    for record in _opinions(data_dir):
        same = tuple(record["answer"].get(name) for name in SAME)
        last.pop(same, None)
        last[same] = record
    return list(last.values())


def _opinions(data_dir: Path) -> Iterator[dict[str, Any]]:
    """The lines that are opinions; anybody may have edited the file."""
    kinds = {"time": str, "good": bool, "comment": str, "answer": dict}
    for record in journal.records(data_dir / FILE):
        if all(isinstance(record.get(name), kind) for name, kind in kinds.items()):
            answer = record["answer"]
            if all(isinstance(answer.get(name), str) for name in SAME):
                yield record
