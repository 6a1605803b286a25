"""Roots → the files and pages to index, and their articles: what `sync` needs of the outside world."""

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from index.errors import LoadError
from index.load.files import READS, Reader, find_files
from index.records import Article, Item, Page, SourceState
from index.web.site import Web, is_url

# A file that changed this short a time ago may change again without a trace: its times have not moved on yet.
SETTLED = 2.0  # seconds; the coarsest file times in use are that coarse
PAGE_SIZE = 100_000  # bytes, of a page not yet fetched


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

    def __init__(self, *, allow_private: bool = False, lenient: bool = False) -> None:
        """With `lenient`, a root that is gone is a failure among others, and ends nothing."""
        self._reader = Reader()
        self._allow_private = allow_private
        self._lenient = lenient
        self._fetched: dict[str, Page] = {}

    @cached_property
    def _web(self) -> Web:
        return Web(allow_private=self._allow_private)  # its libraries are loaded only where something is fetched

    def __enter__(self) -> "Sources":
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.close()
        if "_web" in self.__dict__:
            self._web.close()

    def find(self, roots: Iterable[str], known: Mapping[str, SourceState]) -> list[Source | Reading]:
        """Every source below `roots`, once; an address that cannot be listed is a failed reading of itself.

        Raises:
            LoadError: a path does not exist or holds nothing to read, and nothing of it was known.
        """
        found: dict[str, Source | Reading] = {}
        for root in roots:
            for one in self._pages(root, known) if is_url(root) else self._files(root, known):
                found.setdefault(one.name if isinstance(one, Source) else one.source.name, one)
        return list(found.values())

    def _files(self, root: str, known: Mapping[str, SourceState]) -> list[Source | Reading]:
        now = time.time()
        # A root that is gone takes its articles along; where none is left, it is an error if it was asked for.
        held = [name for name, state in known.items() if state.article_id]
        try:
            paths = existing(Path(root), held)
        except LoadError as error:
            if not self._lenient:
                raise
            return [_failed(Source(root, root, "", 0), error)]
        return [_file(path, root, now) for path in paths]

    def _pages(self, root: str, known: Mapping[str, SourceState]) -> list[Source | Reading]:
        try:
            listing = self._web.discover(root)
        except LoadError as error:
            return [_failed(Source(root, root, "", 0, Item(root)), error)]
        if listing.page:
            self._fetched[root] = listing.page
        found: list[Source | Reading] = [
            Source(item.url, root, _listed_stamp(item, known), PAGE_SIZE, item) for item in listing.items
        ]
        problems = list(map(str, listing.failed))
        if listing.cut:
            problems.append(f"{root}: pages left out: {listing.cut}; give their addresses one by one.")
        if problems:
            found.append(_failed(Source(root, root, "", 0, Item(root)), " ".join(problems)))
        return found

    def read(self, sources: Sequence[Source], known: Mapping[str, SourceState]) -> Iterator[Reading]:
        """What is in some sources, in no special order."""
        files = [source for source in sources if source.item is None]
        for source, result in zip(files, self._reader.read([Path(source.name) for source in files]), strict=True):
            yield Reading(source, source.stamp, result) if isinstance(result, Article) else _failed(source, result)
        pages = {source.name: source for source in sources if source.item}
        for name in pages.keys() & self._fetched.keys():
            yield self._page(pages[name], self._fetched.pop(name))
            del pages[name]
        if not pages:
            return
        stamps = {name: known[name].stamp.partition("\n")[2] for name in pages.keys() & known.keys()}
        for item, fetched in self._web.fetch_all([source.item for source in pages.values() if source.item], stamps):
            source = pages[item.url]
            if isinstance(fetched, Page):
                yield self._page(source, fetched)
            else:
                yield _failed(source, fetched) if fetched else Reading(source, source.stamp)

    def _page(self, source: Source, page: Page) -> Reading:
        try:
            article = self._reader.read_page(page.url, page.body, page.content_type)
        except LoadError as error:
            return _failed(source, error)
        item = source.item or Item(source.name)
        article = replace(article, sources=(source.name,), author=article.author or item.author)
        if not article.date and item.date:
            article = replace(article, date=item.date, date_source=item.date_source)
        return Reading(source, f"{item.stamp}\n{page.stamp}", article)


def _failed(source: Source, error: LoadError | str) -> Reading:
    """A file is tried again when it has changed, a page every time."""
    return Reading(source, source.stamp if source.item is None else "", failure=str(error))


def _listed_stamp(item: Item, known: Mapping[str, SourceState]) -> str:
    """The stamp of a page that its feed or sitemap says has not changed since it was read, or ""."""
    state = known.get(item.url)
    return state.stamp if state and item.stamp and state.stamp.partition("\n")[0] == item.stamp else ""


def existing(root: Path, known: Iterable[str] = ()) -> list[str]:
    """The paths of the files below `root`; none is right only where some were `known` there, which are then gone.

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
        raise LoadError(f"No articles in {root}.", READS)
    return files


def is_below(name: str, roots: Sequence[str]) -> bool:
    """Whether a source is one of the roots or a file in one of them; what a feed lists no more is not gone."""
    return any(name == root or (not is_url(name) and Path(name).is_relative_to(root)) for root in roots)


def _file(path: str, root: str, now: float) -> Source | Reading:
    shown = path.encode(errors="backslashreplace").decode()
    if shown != path:  # no database takes such a name
        return _failed(Source(shown, root, "", 0), f"{shown}: its name is not UTF-8. Rename it.")
    return Source(path, root, *_stamp(path, now))


def _stamp(path: str, now: float) -> tuple[str, int]:
    """How the file looks from outside, and its size. The time of its last change of state tells even a hidden edit."""
    try:
        status = os.stat(path)
    except OSError:
        return "", 0
    if max(status.st_mtime, status.st_ctime) > now - SETTLED:
        return "", status.st_size
    return f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}", status.st_size
