"""One writer at a time: two on one Chroma folder lose vectors without an error."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import FootnoteError, IndexBusy


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the folder for writing; the lock goes with the process, however that ends.

    Raises:
        IndexBusy: another process holds it; the message has its number.
        FootnoteError: the folder cannot be written.
    """
    holder = folder / "writer.pid"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "writer.lock", timeout=0)
        lock.acquire()
        holder.write_text(str(os.getpid()), "utf-8")
    except Timeout as error:
        raise IndexBusy(
            f"Another process{_number(holder)} is writing to {folder}.", "Wait for it, or stop it."
        ) from error
    except OSError as error:
        raise FootnoteError(f"Cannot write to {folder}: {error.strerror}.", "Set FOOTNOTE_DATA_DIR.") from error
    try:
        yield
    finally:
        lock.release()


def _number(holder: Path) -> str:
    try:
        return f" ({int(holder.read_text('utf-8'))})"
    except (OSError, ValueError):  # it has only just begun
        return ""
