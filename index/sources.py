"""Roots → the files and pages to index, and their articles: what `sync` needs of the outside world."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import LoadError
from index.load import SUFFIXES, Reader, find_files
from index.records import Article, SourceState
from index.web import Item, Web, is_url

# A file that changed this short a time ago may change again without a trace: its times have not moved on yet.
PAGE_SIZE = 100_000  # bytes, of a page not yet fetched
SETTLED = 2.0  # seconds; the coarsest file times in use are that coarse


@dataclass(frozen=True, slots=True)
class Source:
    """A file (`item` is None) or a page. An empty `stamp` says nothing, so that the source is read again."""

    name: str
    root: str
    stamp: str
    size: int  # bytes, roughly
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a source: an article, or why there is none; neither means that it has not changed."""

    source: Source
    stamp: str
    article: Article | None = None
    failure: str = ""


class Sources:
    """A context manager: it may start readers and open connections."""

    def __init__(self, *, allow_private: bool = False) -> None:
        self._reader = Reader()
        self._web = Web(allow_private=allow_private)

    def __enter__(self) -> "Sources":
        return self

    def __exit__(self, *error: object) -> None:
        self._reader.close()
        self._web.close()

    def find(self, roots: Iterable[str], known: Mapping[str, SourceState]) -> list[Source | Reading]:
        """Every source below `roots`, once; a root on the web that cannot be listed is a failed reading of itself.

        Raises:
            LoadError: a path does not exist or holds nothing to read, and nothing of it was known.
        """
        found: dict[str, Source | Reading] = {}
        for root in roots:
            sources = self._pages(root) if is_url(root) else self._files(root, known)
            for source in sources:
                name = source.name if isinstance(source, Source) else source.source.name
                found.setdefault(name, source)
        return list(found.values())

    def _files(self, root: str, known: Mapping[str, SourceState]) -> list[Source]:
        files = existing(Path(root), known)
        now = time.time()
        return [Source(str(path), root, *_stamp(path, now)) for path in files]

    def _pages(self, root: str) -> list[Source | Reading]:
        try:
            listing = self._web.discover(root)
        except LoadError as error:
            return [Reading(Source(root, root, "", 0), "", failure=str(error))]
        return [Source(item.url, root, item.stamp, PAGE_SIZE, item) for item in listing.items]

    def read(self, sources: Sequence[Source], known: Mapping[str, SourceState]) -> list[Reading]:
        """The articles of some sources, in no special order."""
        files = [source for source in sources if source.item is None]
        readings = [
            Reading(source, source.stamp, article=result)
            if isinstance(result, Article)
            else Reading(source, source.stamp, failure=str(result))
            for source, result in zip(files, self._reader.read([Path(source.name) for source in files]), strict=True)
        ]
        return readings


def existing(root: Path, known: Iterable[str] = ()) -> list[Path]:
    """The files below `root`; none is right only where some were `known` there, which are then gone.

    Raises:
        LoadError: there is no such path, or nothing in it that could be an article.
    """
    try:
        files = list(find_files(root)) if root.exists() else []
    except OSError as error:
        raise LoadError(f"{str(root)[:200]}: cannot be read ({error.strerror}).") from error
    if not files and not any(Path(path).is_relative_to(root) for path in known):
        if not root.exists():
            raise LoadError(f"No such file or folder: {root}")
        raise LoadError(f"No articles in {root}.", f"Footnote reads {', '.join(sorted(SUFFIXES))} files.")
    return files


def is_below(name: str, roots: Sequence[str]) -> bool:
    """Whether a source is one of the roots or a file in one of them; what a feed lists no more is not gone."""
    return any(name == root or (not is_url(name) and Path(name).is_relative_to(root)) for root in roots)


def _stamp(path: Path, now: float) -> tuple[str, int]:
    """How the file looks from outside, and its size. The time of its last change of state tells even a hidden edit."""
    try:
        status = path.stat()
    except OSError:
        return "", 0
    if max(status.st_mtime, status.st_ctime) > now - SETTLED:
        return "", status.st_size
    return f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}", status.st_size
