"""Files to which lines of JSON are appended, by any number of processes and threads at once."""

import json
import os
import platform
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from io import FileIO
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from evals.results import PACKAGES, SECRET
from index.errors import FootnoteError
from rag.config import RagSettings

PATIENCE = 10  # seconds that another writer may take


def append(path: Path, record: Mapping[str, Any]) -> None:
    """Add the record as one line; whoever reads sees all of it or nothing.

    Raises:
        FootnoteError: the file cannot be written.
    """
    line = json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    with _opened(path) as file:
        if file.seek(0, os.SEEK_END) and not _ends_a_line(file):  # a writer was killed in the middle
            line = b"\n" + line
        if file.write(line) != len(line):
            raise FootnoteError(f"Cannot write to {path}: only part of a line fits.", "Free some space on the disk.")


def make_ready(path: Path) -> None:
    """Make the file where there is none; raises now what `append` would raise when there is something to lose."""
    with _opened(path):
        pass


@contextmanager
def _opened(path: Path) -> Iterator[FileIO]:
    """The file, held against other writers; raises as `append` does."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{path}.lock", timeout=PATIENCE), path.open("a+b", buffering=0) as file:
            yield file
    except Timeout as error:
        raise FootnoteError(f"Cannot write to {path}: another process holds it.", "Try it again.") from error
    except OSError as error:
        raise FootnoteError(f"Cannot write to {path}: {error.strerror}.") from error


def records(path: Path) -> Iterator[dict[str, Any]]:
    """What was appended, in order; a line that was cut short is left out. Nothing where there is no file.

    Raises:
        FootnoteError: the file cannot be read.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return
    except OSError as error:
        raise FootnoteError(f"Cannot read {path}: {error.strerror}.") from error
    for line in lines:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(record, dict):
            yield record


def circumstances(settings: RagSettings) -> dict[str, Any]:
    """The time in UTC, the versions, and the settings without addresses and keys."""
    packages = {package: version(package) for package in ("footnote", *PACKAGES)}
    return {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "versions": {"python": platform.python_version(), **packages},
        "settings": settings.model_dump(mode="json", exclude=SECRET),
    }


def _ends_a_line(file: FileIO) -> bool:
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"
