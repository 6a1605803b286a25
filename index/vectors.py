"""Chroma's door: chunk id → vector. Can always be rebuilt from the catalog, which alone says what exists."""

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.embed import Matrix

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

COLLECTION = "chunks"
BATCH = 1_000  # rows a call; Chroma refuses more than 5,461 and is fastest at about 1,000
SEARCH_BREADTH = 400  # HNSW's ef_search: the default of 100 loses neighbours
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

        with OPENING:
            # Otherwise a folder that this process has open already comes back as it was when first opened.
            SharedSystemClient.clear_system_cache()
            self._client = chromadb.PersistentClient(str(self._folder))
            return self._client.get_or_create_collection(
                COLLECTION,
                configuration={"hnsw": {"space": "cosine", "ef_search": SEARCH_BREADTH}},
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
        found = self._collection.query(query_embeddings=vector.reshape(1, -1), n_results=limit, include=["distances"])
        distances = (found["distances"] or [[]])[0]
        return {id_: 1 - float(distance) for id_, distance in zip(found["ids"][0], distances, strict=True)}
