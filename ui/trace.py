"""How answers came about, a JSON line each: what was searched and found, claims and checks, timings, settings."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rag.assistant import Assistant
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


class Traced(Assistant):
    """The same assistant, which adds each answer that came to its end to a file."""

    def __init__(self, assistant: Assistant, path: Path) -> None:
        super().__init__(assistant.index, assistant.settings, assistant.model)
        self._path = path

    def stream(self, *asked: Any, **options: Any) -> Iterator[Answer]:
        """As `Assistant.stream`; raises FootnoteError too where the file cannot be written, after the whole answer."""
        for answer in super().stream(*asked, **options):
            yield answer
        append(self._path, answer, self.settings)
