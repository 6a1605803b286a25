"""The catalog and Chroma, written in the one order that survives a crash.

Vectors go to Chroma first and the catalog commits last, with a copy of them: what only Chroma has is no part of the
index, and what Chroma lacks is put back from the catalog. Before the first write the catalog notes that the two may
differ, after the last one that they agree; whoever finds the first note compares them.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from index.catalog import Catalog
from index.embed import Matrix
from index.errors import FootnoteError, IndexBusy
from index.records import Article, Chunk
from index.sources import Reading
from index.vectors import Vectors, discard

AGREED = "vectors"  # the catalog's note: where the vectors are that agree with it, or nothing
GRAPH = "graph"  # the catalog's note: which of two graphs is in use, by the end of its name
SECOND = "-2"
REBUILD_SHARE = 1.0  # Chroma keeps the place of what is deleted; past this share of the index it is built anew
REBUILD_FROM = 5_000
ROWS = 10_000  # vectors in memory at once
SAMPLE = 100  # vectors asked for after a crash
FOUND_SHARE = 0.95  # of them must be found: a graph torn by the crash finds few


def current_name(catalog: Catalog, name: str) -> str:
    """The name of the graph in use."""
    return name + catalog.meta(GRAPH)


def note_of(place: Path | str) -> str:
    """A folder is always the one beside the catalog, wherever both have been moved."""
    return "folder" if isinstance(place, Path) else place


class Store:
    """The caller holds the write lock."""

    def __init__(self, catalog: Catalog, place: Path | str, name: str) -> None:
        self._catalog = catalog
        self._place = place
        self._name = name
        self._vectors: Vectors | None = None

    def agrees(self) -> bool:
        """Whether Chroma holds what the catalog says, as far as can be told without opening it."""
        missing = isinstance(self._place, Path) and not (self._place / "chroma.sqlite3").exists()
        return self._catalog.meta(AGREED) == note_of(self._place) and not (missing and self._catalog.chunk_count())

    def _writable(self) -> Vectors:
        if self._vectors is None:
            agreed = self.agrees()
            self._catalog.set_meta(AGREED, "")
            if isinstance(self._place, Path) and not agreed and (self._place / "chroma.sqlite3").exists():
                # A graph torn by a kill may end the process that opens it, so it is built anew unopened.
                self._vectors = self._afresh()
                return self._vectors
            try:
                vectors = Vectors(self._place, current_name(self._catalog, self._name))
                sound = agreed or self._restore(vectors)
            except IndexBusy:
                raise
            except FootnoteError:  # torn by a crash: all of it is in the catalog too
                sound = False
            self._vectors = vectors if sound else self._afresh()
        return self._vectors

    def _afresh(self) -> Vectors:
        try:
            return self._rebuild()
        except IndexBusy:
            raise
        except FootnoteError:  # more is broken than one graph
            if not isinstance(self._place, Path):
                raise
            discard(self._place)
            return self._rebuild()

    def remember(self, roots: Iterable[str]) -> None:
        self._catalog.add_roots(roots)

    def add(
        self,
        articles: Sequence[tuple[Article, Sequence[Chunk]]],
        vectors: Matrix,
        readings: Iterable[Reading],
        touched: Iterable[str],
    ) -> None:
        """New articles with the vectors of all their chunks, what their sources are now, and the articles `touched`."""
        chunk_ids = [chunk.id for _, chunks in articles for chunk in chunks]
        if chunk_ids:
            self._writable().put(chunk_ids, vectors)
        with self._catalog.transaction():
            position = 0
            for article, chunks in articles:
                self._catalog.add_article(article, chunks, vectors[position : position + len(chunks)])
                position += len(chunks)
            for reading in readings:
                source = reading.source
                self._catalog.put_source(source.name, source.root, reading.stamp, reading.article, reading.failure)
            dropped = self._catalog.settle(touched)
        self._drop(dropped)

    def keep(self, readings: Iterable[Reading]) -> None:
        """Pages that could not be read again: they keep what they had."""
        for reading in readings:
            self._catalog.keep_source(reading.source.name, reading.failure)

    def delete(self, sources: Sequence[str], article_ids: Iterable[str]) -> None:
        """Take sources out, and those of their articles that no other source holds."""
        with self._catalog.transaction():
            self._catalog.drop_sources(sources)
            dropped = self._catalog.settle(article_ids)
        self._drop(dropped)

    def _drop(self, chunk_ids: Sequence[str]) -> None:
        if chunk_ids:
            self._writable().drop(chunk_ids)
            self._catalog.set_meta("dropped", str(int(self._catalog.meta("dropped") or 0) + len(chunk_ids)))

    def finish(self) -> None:
        """Leave Chroma and the catalog in agreement; cheap where nothing was written."""
        if self._vectors is None and isinstance(self._place, str) and self.agrees() and not self._is_usable():
            self._catalog.set_meta(AGREED, "")
        if not self.agrees():
            self._writable()
            dropped = int(self._catalog.meta("dropped") or 0)
            if dropped > max(REBUILD_FROM, REBUILD_SHARE * self._catalog.chunk_count()):
                self._vectors = self._rebuild()
            with self._catalog.transaction():
                self._catalog.note_common_words()
                self._catalog.set_meta(AGREED, note_of(self._place))

    def _is_usable(self) -> bool:
        """Whether a reader would find anything: a server may have lost it all."""
        chunk_ids = self._catalog.chunk_ids()
        try:
            vectors = Vectors(self._place, current_name(self._catalog, self._name))
            return vectors.count() == len(chunk_ids) and self._finds(vectors, chunk_ids[:1])
        except IndexBusy:
            raise
        except FootnoteError:
            return False

    def _restore(self, vectors: Vectors) -> bool:
        """Make Chroma follow the catalog after a crash, a loss or a change of place; False where it is not sound."""
        wanted, held = set(self._catalog.chunk_ids()), vectors.ids()
        sound = self._is_sound(vectors, sorted(wanted & held))
        if sound:
            self._put(vectors, sorted(wanted - held))
            vectors.drop(sorted(held - wanted))
        return sound

    def _is_sound(self, vectors: Vectors, chunk_ids: Sequence[str]) -> bool:
        """Whether Chroma gives back the vectors that it was given, and finds them."""
        for start in range(0, len(chunk_ids), ROWS):
            ids, rows = self._catalog.vectors(chunk_ids[start : start + ROWS])
            if not np.allclose(rows, vectors.rows(ids), atol=1e-4):
                return False
        return self._finds(vectors, chunk_ids[:: max(1, len(chunk_ids) // SAMPLE)])

    def _finds(self, vectors: Vectors, chunk_ids: Sequence[str]) -> bool:
        _, rows = self._catalog.vectors(chunk_ids)
        return sum(max(vectors.search(row, 1).values(), default=0.0) > 0.999 for row in rows) >= FOUND_SHARE * len(rows)

    def _rebuild(self) -> Vectors:
        """Build the graph anew beside the one that others may search, who change over when it is complete."""
        old = self._catalog.meta(GRAPH)
        new = "" if old else SECOND
        vectors = Vectors(self._place, self._name + new, empty=True)  # one may be left that was cut short
        self._put(vectors, self._catalog.chunk_ids())
        with self._catalog.transaction():
            self._catalog.set_meta(GRAPH, new)
            self._catalog.set_meta("dropped", "0")
        vectors.delete(self._name + old)
        return vectors

    def _put(self, vectors: Vectors, chunk_ids: Sequence[str]) -> None:
        for start in range(0, len(chunk_ids), ROWS):
            vectors.put(*self._catalog.vectors(chunk_ids[start : start + ROWS]))
