"""The nearest of all vectors, by comparing every one: what a library of ordinary size can afford."""

from collections.abc import Sequence

import numpy as np

from index.embed import Matrix
from index.errors import IndexStale


class Exact:
    """Vectors of length 1 in memory, one row an id; searched like `index.vectors.Vectors`, but nothing is missed."""

    def __init__(self, chunk_ids: Sequence[str], rows: Matrix) -> None:
        self._ids = np.array(chunk_ids, dtype=object)
        self._rows = rows
        self._places = {chunk_id: place for place, chunk_id in enumerate(chunk_ids)}

    def search(self, vector: Matrix, limit: int, among: Sequence[str] | None = None) -> dict[str, float]:
        """Chunk id → cosine similarity of the nearest vectors, of all or of those `among` them."""
        if not self._places:
            return {}
        if vector.size != self._rows.shape[1]:
            raise IndexStale("The index was built with vectors of another length.", "Run: footnote index --rebuild")
        cosines = self._rows @ vector.ravel()
        places = np.arange(len(cosines))
        if among is not None:
            places = np.array([self._places[one] for one in among if one in self._places], dtype=np.int64)
        if len(places) > limit:
            places = places[np.argpartition(-cosines[places], limit)[:limit]]
        return {str(self._ids[place]): float(cosines[place]) for place in places[np.argsort(-cosines[places])]}
