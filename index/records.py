"""The plain records that leave this package. Offsets are Python string offsets into `Article.text`, half-open."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from index.errors import LoadError

Span = tuple[int, int]
Progress = Callable[[float, int], None]  # (files done, files in all)


@dataclass(frozen=True, slots=True)
class Article:
    """One text and where it is from.

    `id` is a hash of the text, so a renamed file keeps its article; `sources` are the paths and addresses that hold
    this text, in order and never none. `date` is ISO 8601, or None where none is given; `date_source` says where it was
    found. `url` is the web page, where known; `pages` are the offsets at which a document's pages start.
    """

    id: str
    title: str
    text: str
    sources: tuple[str, ...]
    date: str | None = None
    date_source: str = ""
    author: str | None = None
    url: str | None = None
    pages: tuple[int, ...] = ()

    @property
    def source(self) -> str:
        return self.sources[0]

    def page(self, offset: int) -> int | None:
        """The page (from 1) that holds `offset`, where the text has pages."""
        return bisect_right(self.pages, offset) or None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Neighbouring whole sentences of one article; its text is `article.text[start:end]`."""

    id: str
    article_id: str
    start: int
    end: int
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk that a search found. `dense` (cosine) and `lexical` (BM25) are raw; `score` ranks."""

    chunk: Chunk
    article: Article
    score: float
    dense: float
    lexical: float

    @property
    def text(self) -> str:
        return self.article.text[self.chunk.start : self.chunk.end]


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be indexed, and why, in words."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one `Index.sync` did; the first five count files and pages, `embedded` counts chunks.

    `failed` lists all that cannot be read below what was synced, whether it was tried again or has not changed since.
    """

    added: int = 0
    edited: int = 0
    renamed: int = 0
    deleted: int = 0
    unchanged: int = 0
    embedded: int = 0
    failed: tuple[Failure, ...] = ()

    @property
    def came_to_something(self) -> bool:
        """Whether there was anything but what cannot be read."""
        return any((self.added, self.edited, self.renamed, self.deleted, self.unchanged))


@dataclass(frozen=True, slots=True)
class SourceState:
    """What the index knows of a file or page: its article, or why it has none, and how it looked when it was read."""

    article_id: str | None
    stamp: str
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles to look at; all that is given must hold.

    `source` is part of a path or address, `author` part of a name; `path` a file, a folder or a pattern with `*`.
    `after` and `before` are ISO dates, both included; an undated article is in no range.
    """

    source: str = ""
    author: str = ""
    path: str = ""
    after: str = ""
    before: str = ""


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as a list shows it: without its text."""

    id: str
    title: str
    sources: tuple[str, ...]
    date: str | None
    date_source: str
    author: str | None
    url: str | None
    characters: int


@dataclass(frozen=True, slots=True)
class Status:
    """What an index holds and where it comes from; `size` is that of its folder in bytes.

    `agrees` is False while a sync runs, and after one that was cut short until the next.
    """

    articles: int
    sources: int
    chunks: int
    roots: tuple[str, ...]
    failed: tuple[Failure, ...]
    recipe: dict[str, str]
    vectors: str
    agrees: bool
    size: int


@dataclass(frozen=True, slots=True)
class Item:
    """Something to read from the web, and what the feed or sitemap that lists it says about it.

    `stamp` says when it changed, as it is given there ("" if it is not). `date` is the day of publication in ISO 8601;
    `date_source` is "feed" or "sitemap".
    """

    url: str
    stamp: str = ""
    title: str | None = None
    date: str | None = None
    date_source: str = ""
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What an address answered. `url` is where redirects led to; `content_type` is the whole header.

    `stamp` is the request header that asks for it the next time only if it changed ("If-None-Match: …"), or "".
    """

    url: str
    body: bytes
    content_type: str
    stamp: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What an address stands for: one page (already fetched, `page`), or the items of a feed or sitemap, each once.

    `cut` counts the items left out because there were too many; a part of a sitemap that was not even opened counts as
    one. `failed` are the parts that could not be read.
    """

    kind: Literal["page", "feed", "sitemap"]
    items: tuple[Item, ...]
    cut: int = 0
    page: Page | None = None
    failed: tuple[LoadError, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """How far one visit to the web goes. Times in seconds, sizes in bytes."""

    body: int = 20_000_000  # after decompression
    seconds: float = 30  # for one fetch with its redirects, retries and waits
    connect_seconds: float = 10
    read_seconds: float = 10  # of silence
    wait_seconds: float = 10  # the longest Retry-After that is waited for
    attempts: int = 3
    redirects: int = 5
    connections: int = 4
    items: int = 1_000  # of a feed or sitemap
    parts: int = 100  # files of a sitemap
