"""How answers came about, a JSON line each: what was searched and found, claims and checks, timings, settings."""

from pathlib import Path

from rag.config import RagSettings
from rag.records import Answer
from rag.restore import kept
from ui import journal


def append(path: Path, answer: Answer, settings: RagSettings) -> None:
    """Add an answer to the file: as it is kept, without the passages' texts, with time, versions and settings.

    Raises:
        FootnoteError: the file cannot be written.
    """
    journal.append(path, journal.circumstances(settings) | kept(answer))
