"""The vectors that a reader searches: kept open, and opened anew when a writer has finished."""

import os
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from index.catalog import Catalog
from index.database import CatalogError
from index.embed import Matrix
from index.errors import IndexBusy, IndexStale
from index.exact import Exact, Scan
from index.library import Library
from index.store import AGREED, note_of
from index.vectors import PATIENCE

# Up to here every vector is compared: 10 ms at most, 50 MB, and nothing is missed. Chroma's graph is for more: among
# thousands of near-equal chunks (a long repetitive article) it can miss all others, whatever its settings.
EXACT_UP_TO = 30_000  # chunks
# Importing Chroma and opening a graph of 100,000 takes 2 s: whoever asks one question only need not wait for it.
SCANS = 1  # searches before the graph is opened
RESPITE = 3.0  # while another process writes, a reader opens the vectors anew for a quarter of its time at most


class Nearest(Protocol):
    """What finds near vectors: `Vectors`, or `Exact` in a library of ordinary size."""

    def search(self, vector: Matrix, limit: int) -> dict[str, float]: ...


class Current:
    """The vectors as the last finished write left them."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._opening = threading.Lock()
        self._nearest: Nearest | None = None
        self._shows = -1  # the generation
        self._look_again = 0.0
        self._scans = 0

    def get(self, catalog: Catalog) -> Nearest:
        with self._opening:
            generation = catalog.generation()
            started = time.monotonic()
            stale = generation != self._shows and started > self._look_again
            if self._nearest is None or stale or isinstance(self._nearest, Scan):
                try:
                    # Those who still search with the old ones keep them: an open client never sees what others write.
                    self._nearest = self._open(catalog, PATIENCE if self._nearest is None else 0)
                    self._shows = generation
                except IndexBusy:
                    if self._nearest is None:
                        raise
                self._look_again = time.monotonic() + RESPITE * (time.monotonic() - started)
            return self._nearest

    def failed(self, catalog: Catalog) -> bool:
        """Whether another try is worth it, after the vectors could not be searched."""
        if catalog.generation() == self._shows or self._nearest is None:
            with suppress(CatalogError):
                catalog.set_meta(AGREED, "")  # so that the next sync looks at what is wrong
            return False
        with self._opening:  # a writer has put others in the place of those that were open
            self._nearest, self._look_again = None, 0.0
        return True

    def look_again(self) -> None:
        """See at once what this very process wrote."""
        self._look_again = 0.0

    def _open(self, catalog: Catalog, patience: float) -> Nearest:
        # While a sync runs, and after one that was killed, the graph may be torn; one that is can end this process.
        in_doubt = not catalog.meta(AGREED)
        place = self._library.place
        if isinstance(place, Path):
            if in_doubt or catalog.chunk_count() <= EXACT_UP_TO:
                return Exact(*catalog.all_vectors())
            if not place.exists():  # nothing is made for somebody who only reads
                raise IndexStale(f"The vectors in {place} are missing.", "Run: footnote index")
        if catalog.meta(AGREED) not in ("", note_of(place)):
            raise IndexStale(f"The vectors are not yet in {place}.", "Run: footnote index")
        if isinstance(place, Path) and (self._scans < SCANS or not os.access(place, os.W_OK)):
            self._scans += 1  # and where nothing may be written Chroma opens nothing
            return Scan(catalog)
        return self._library.open_vectors(patience)
