"""Files and pages → index: what is new, edited, renamed, gone, and what cannot be read."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from index.catalog import Catalog
from index.embed import Matrix
from index.records import Article, Chunk, Failure, Progress, SourceState, SyncReport
from index.sources import Reading, Source, Sources, is_below
from index.store import Store

BATCH_SOURCES = 800  # read, embedded and committed together, unless
BATCH_BYTES = 2_000_000  # they are long
EMBED_AT_ONCE = 512  # chunks; between them the progress is told


class Recipe(Protocol):
    """What `Index` gives to build with: its embedder and its chunk size."""

    def embed(self, texts: Sequence[str]) -> Matrix: ...

    def chunk(self, article: Article) -> list[Chunk]: ...


@dataclass
class _Batch:
    """What was read together and is committed together."""

    puts: list[Reading] = field(default_factory=list)
    keeps: list[Reading] = field(default_factory=list)  # pages that failed now and keep the article that they had
    new: dict[str, Article] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)  # articles that gain or lose a source


class Sync:
    """One run over some roots; the caller holds the write lock."""

    def __init__(self, catalog: Catalog | None, store: Store | None, recipe: Recipe, progress: Progress) -> None:
        """Without a `store` it only says what it would do; `catalog` is None where there is no index yet."""
        self._catalog = catalog
        self._store = store
        self._recipe = recipe
        self._progress = progress
        self._known: dict[str, SourceState] = catalog.sources() if catalog else {}
        self._counts: Counter[str] = Counter()
        self._failed: list[Failure] = []
        self._added: dict[str, list[str]] = {}  # article id → its new sources
        self._done = 0
        self._total = 0

    def run(self, sources: Sources, roots: Sequence[str]) -> SyncReport:
        """Bring the index in line with what is below `roots`; whatever is elsewhere in it is left alone."""
        found = sources.find(roots, self._known)
        if self._store:
            self._store.remember(roots)
        self._total = len(found)
        unlisted = [one for one in found if isinstance(one, Reading)]
        unread = [one for one in found if isinstance(one, Source) and not self._is_unchanged(one)]
        if unlisted:
            self._take(unlisted)
        for batch in _batches(unread):
            self._take(list(sources.read(batch, self._known)))
        present = {one.name if isinstance(one, Source) else one.source.name for one in found}
        gone = [name for name in self._known if name not in present and is_below(name, roots)]
        self._delete(gone)
        if self._store:
            self._store.finish()
        names = "added", "edited", "renamed", "deleted", "unchanged", "embedded"
        failed = tuple(sorted(self._failed, key=lambda failure: failure.path))
        return SyncReport(**{name: self._counts[name] for name in names}, failed=failed)

    def _delete(self, gone: Sequence[str]) -> None:
        """Take out what is gone; one whose text stands in a new source has only been renamed."""
        article_ids = [id_ for name in gone if (id_ := self._known[name].article_id)]
        for article_id in article_ids:
            if self._added.get(article_id):
                self._added[article_id].pop()
                self._counts["renamed"] += 1
                self._counts["added"] -= 1
                self._counts["deleted"] -= 1
        self._counts["deleted"] += len(article_ids)
        if gone and self._store:
            self._store.delete(gone, set(article_ids))

    def _is_unchanged(self, source: Source) -> bool:
        state = self._known.get(source.name)
        if state is None or not source.stamp or state.stamp != source.stamp:
            return False
        if state.failure:
            self._failed.append(Failure(source.name, state.failure))
        else:
            self._counts["unchanged"] += 1
        self._done += 1
        return True

    def _take(self, readings: list[Reading]) -> None:
        """Count what was read, embed what is new in it, and commit it."""
        batch = _Batch()
        for reading in readings:
            self._classify(reading, batch)
        if self._store and (batch.puts or batch.keeps):
            articles = [(article, self._recipe.chunk(article)) for article in batch.new.values()]
            texts = [article.text[one.start : one.end] for article, some in articles for one in some]
            self._store.add(articles, self._embed(texts, len(readings)), batch.puts, batch.touched)
            self._store.keep(batch.keeps)
        self._done += len(readings)
        self._progress(self._done, self._total)

    def _classify(self, reading: Reading, batch: _Batch) -> None:
        name = reading.source.name
        state = self._known.get(name)
        old = state.article_id if state else None
        article = reading.article
        if reading.failure:
            self._failed.append(Failure(name, reading.failure))
            (batch.keeps if old and reading.source.item else batch.puts).append(reading)
        elif article is None:
            self._counts["unchanged"] += 1
            if state and state.failure:
                batch.keeps.append(reading)  # it can be reached again
            return
        else:
            self._counts["unchanged" if old == article.id else "edited" if old else "added"] += 1
            batch.puts.append(reading)
            if not old:
                self._added.setdefault(article.id, []).append(name)
            if article.id not in batch.new and not self._has(article.id):
                batch.new[article.id] = article
        batch.touched |= {id_ for id_ in (old, article and article.id) if id_}

    def _has(self, article_id: str) -> bool:
        return self._catalog is not None and self._catalog.has_article(article_id)

    def _embed(self, texts: list[str], files: int) -> Matrix:
        """The vectors of the chunks of so many files."""
        parts = []
        for start in range(0, len(texts), EMBED_AT_ONCE):
            self._progress(self._done + files * start / len(texts), self._total)
            parts.append(self._recipe.embed(texts[start : start + EMBED_AT_ONCE]))
        self._counts["embedded"] += len(texts)
        return np.concatenate(parts) if parts else np.empty((0, 0), dtype=np.float32)


def _batches(sources: Sequence[Source]) -> Iterator[list[Source]]:
    batch: list[Source] = []
    size = 0
    for source in sources:
        batch.append(source)
        size += source.size
        if len(batch) >= BATCH_SOURCES or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
