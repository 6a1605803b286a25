"""Files that a person hands over: kept below the index's folder, under names that do no harm."""

import filecmp
import re
import shutil
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from index.config import IndexSettings
from index.errors import LoadError
from index.load.files import LARGEST_FILE, SUFFIXES

LONGEST_STEM = 150  # bytes of a name before its ending; file systems take 255, and a number may follow
MOST_KEPT = 5_000_000_000  # bytes of all that is kept
READS = "Text, Markdown, web pages (HTML, MHTML), PDF, Word and EPUB"


def uploads_of(settings: IndexSettings) -> Path:
    """The folder that the files are kept in; it need not exist."""
    return settings.data_dir.resolve() / "uploads"


def shown_name(name: str) -> str:
    """The last part of a path as it can be printed in a line."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    return "".join(letter for letter in last if letter.isprintable())


def safe_name(name: str) -> str:
    """A name that any file system takes, that is no path, is not hidden and turns no text around.

    Raises:
        LoadError: it does not end as the files do that can be read.
    """
    shown = shown_name(name)
    stem, dot, ending = shown.rpartition(".")
    if f"{dot}{ending}".lower() not in SUFFIXES:
        raise LoadError(f"{_short(shown)}: not a kind of file that can be read.", f"These are: {READS}.")
    stem = re.sub(r'[<>:"|?*]', "_", stem).strip(" .")
    stem = stem.encode()[:LONGEST_STEM].decode(errors="ignore").rstrip(" .")
    return f"{stem or 'article'}.{ending}"


def keep(file: Path, name: str, folder: Path) -> tuple[Path, bool]:
    """Copy `file` into `folder`; where it lies, and whether it is new there.

    Another file of the same name stays as it is: the new one gets a number, unless its content is the same.

    Raises:
        LoadError: it is of a kind that cannot be read, is empty or too large, or there is no room.
    """
    wanted = safe_name(name)
    try:
        return _placed(file, wanted, folder)
    except OSError as error:
        raise LoadError(f"{_short(wanted)}: cannot be kept ({error.strerror}).") from error


def _placed(file: Path, wanted: str, folder: Path) -> tuple[Path, bool]:
    size = file.stat().st_size
    if not size:
        raise LoadError(f"{_short(wanted)}: the file is empty.")
    if size > LARGEST_FILE:
        most = f"more than {LARGEST_FILE / 1e6:.0f} MB."
        raise LoadError(f"{_short(wanted)}: {size / 1e6:.0f} MB, {most}", "Split it.")
    folder.mkdir(parents=True, exist_ok=True)
    if size + sum(one.stat().st_size for one in folder.iterdir()) > MOST_KEPT:
        raise LoadError(f"{_short(wanted)}: all files together would be more than {MOST_KEPT / 1e9:.0f} GB.")
    for target in _candidates(folder / wanted):
        if not target.exists():
            part = folder / ".part"  # hidden: nobody may index half a file
            shutil.copyfile(file, part)
            part.rename(target)
            return target, True
        if filecmp.cmp(file, target, shallow=False):
            return target, False
    raise AssertionError("numbers do not end")


def _candidates(path: Path) -> Iterator[Path]:
    """a.txt, a 2.txt, a 3.txt …"""
    yield path
    number = 2
    while True:
        yield path.with_name(f"{path.stem} {number}{path.suffix}")
        number += 1


def _short(name: str) -> str:
    return name if len(name) <= 100 else f"{name[:99]}…"
