"""Chroma's door: chunk id → vector. Can always be rebuilt from the catalog, which alone says what exists."""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.embed import Matrix
from index.errors import FootnoteError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from chromadb.api.models.Collection import Collection

COLLECTION = "chunks"
BATCH = 1_000  # rows a call; Chroma refuses more than 5,461 and is fastest at about 1,000
# HNSW's defaults (16, 100, 100) lose neighbours: in an index of 7,000 chunks, most of them from one long repetitive
# article, a question about another article found none of its chunks.
GRAPH: "CreateHNSWConfiguration" = {"space": "cosine", "max_neighbors": 32, "ef_construction": 200, "ef_search": 400}
OPENING = threading.Lock()  # Chroma's table of open folders is shared by the whole process


class Vectors:
    """The vectors of an index folder, in a Chroma collection with cosine distance. Texts are not stored in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._client: ClientAPI | None = None
        self._collection = self._open()

    def _open(self) -> "Collection":
        os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
        import chromadb
        from chromadb.api.shared_system_client import SharedSystemClient

        with OPENING, self._readable():
            # Otherwise a folder that this process has open already comes back as it was when first opened.
            SharedSystemClient.clear_system_cache()
            self._client = chromadb.PersistentClient(str(self._folder))
            return self._client.get_or_create_collection(
                COLLECTION,
                configuration={"hnsw": GRAPH},
                embedding_function=None,  # the default one would download a model
            )

    def reopen(self) -> None:
        """See what another process wrote: an open client's queries never do."""
        self._collection = self._open()

    def put(self, chunk_ids: Sequence[str], vectors: Matrix) -> None:
        for start in range(0, len(chunk_ids), BATCH):
            batch = list(chunk_ids[start : start + BATCH])
            self._collection.upsert(ids=batch, embeddings=vectors[start : start + BATCH])

    def drop(self, chunk_ids: Sequence[str]) -> None:
        for start in range(0, len(chunk_ids), BATCH):
            self._collection.delete(ids=list(chunk_ids[start : start + BATCH]))

    def count(self) -> int:
        return self._collection.count()

    def ids(self) -> set[str]:
        return set(self._collection.get(include=[])["ids"])

    def search(self, vector: Matrix, limit: int) -> dict[str, float]:
        """Chunk id → cosine similarity of the nearest vectors."""
        nearest = vector.reshape(1, -1)
        with self._readable():
            found = self._collection.query(query_embeddings=nearest, n_results=limit, include=["distances"])
        distances = (found["distances"] or [[]])[0]
        return {id_: 1 - float(distance) for id_, distance in zip(found["ids"][0], distances, strict=True)}

    def cosines(self, chunk_ids: Sequence[str], vector: Matrix) -> dict[str, float]:
        """Chunk id → exact cosine similarity, for those of `chunk_ids` that have a vector of length 1."""
        if not chunk_ids:
            return {}
        with self._readable():
            found = self._collection.get(ids=list(chunk_ids), include=["embeddings"])
        if not found["ids"]:
            return {}
        embeddings = np.asarray(found["embeddings"], dtype=np.float32)
        return dict(zip(found["ids"], (embeddings @ vector.ravel()).tolist(), strict=True))

    @contextmanager
    def _readable(self) -> Iterator[None]:
        from chromadb.errors import ChromaError

        try:
            yield
        except ChromaError as error:
            hint = f"Remove {self._folder} and run: footnote index PATH"
            raise FootnoteError(f"The vectors in {self._folder} cannot be read.", hint) from error
