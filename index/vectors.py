"""Chroma's door: chunk id → vector, to find the nearest. A copy: the catalog alone says what exists."""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index.embed import Matrix
from index.errors import FootnoteError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from chromadb.api.models.Collection import Collection
    from filelock import ReadWriteLock

BATCH = 1_000  # rows a call; Chroma refuses more than 5,461 and is fastest at about 1,000
# Of the 50 nearest of 10,000 passages 99.3% are found; with ef_construction 200 99.8%, at twice the time to build.
GRAPH: "CreateHNSWConfiguration" = {"space": "cosine", "max_neighbors": 32, "ef_construction": 100, "ef_search": 400}
OPENING = threading.Lock()  # Chroma's table of open folders is shared by the whole process
PATIENCE = 60.0  # seconds that a reader waits for a writer, who holds the folder for one batch at a time


class Vectors:
    """One Chroma collection with cosine distance, in a folder or on a server. Texts are not stored in it.

    Raises:
        FootnoteError: Chroma cannot read or write, or the server does not answer.
    """

    def __init__(self, place: Path | str, name: str = "chunks") -> None:
        self._place = place
        self._name = name
        self._client: ClientAPI | None = None
        with self._reading():
            self._collection = self._open()

    def _open(self) -> "Collection":
        with OPENING, self._told():
            self._client = self._connect()
            return self._client.get_or_create_collection(
                self._name,
                configuration={"hnsw": GRAPH},
                embedding_function=None,  # the default one would download a model
            )

    def _connect(self) -> "ClientAPI":
        os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
        import chromadb
        from chromadb.api.shared_system_client import SharedSystemClient

        if isinstance(self._place, str):
            address = urlsplit(self._place)
            secure = address.scheme == "https"
            return chromadb.HttpClient(address.hostname or "", address.port or (443 if secure else 8000), ssl=secure)
        # Otherwise a folder that this process has open already comes back as it was when first opened.
        SharedSystemClient._identifier_to_system.pop(str(self._place), None)
        SharedSystemClient._identifier_to_refcount.pop(str(self._place), None)
        return chromadb.PersistentClient(str(self._place))

    def reset(self) -> None:
        """Forget everything."""
        with self._writing(), self._told():
            assert self._client is not None
            self._client.delete_collection(self._name)
            self._collection = self._open()

    def put(self, chunk_ids: Sequence[str], vectors: Matrix) -> None:
        for start in range(0, len(chunk_ids), BATCH):
            batch = list(chunk_ids[start : start + BATCH])
            with self._writing(), self._told():
                self._collection.upsert(ids=batch, embeddings=vectors[start : start + BATCH])

    def drop(self, chunk_ids: Sequence[str]) -> None:
        for start in range(0, len(chunk_ids), BATCH):
            with self._writing(), self._told():
                self._collection.delete(ids=list(chunk_ids[start : start + BATCH]))

    def count(self) -> int:
        with self._told():
            return self._collection.count()

    def ids(self) -> set[str]:
        with self._told():
            return set(self._collection.get(include=[])["ids"])

    def search(self, vector: Matrix, limit: int, among: Sequence[str] | None = None) -> dict[str, float]:
        """Chunk id → cosine similarity of the nearest vectors, of all or of those `among` them."""
        with self._told():
            found = self._collection.query(
                query_embeddings=vector.reshape(1, -1),
                n_results=limit,
                ids=None if among is None else list(among),
                include=["distances"],
            )
        distances = (found["distances"] or [[]])[0]
        return {id_: 1 - float(distance) for id_, distance in zip(found["ids"][0], distances, strict=True)}

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Open while no other process writes: a graph that is half on disk must not be read."""
        if isinstance(self._place, str) or not os.access(self._place.parent, os.W_OK):
            yield
            return
        with self._lock().read_lock(PATIENCE):
            yield

    @contextmanager
    def _writing(self) -> Iterator[None]:
        if isinstance(self._place, str):
            yield
            return
        with self._lock().write_lock(PATIENCE):
            yield

    def _lock(self) -> "ReadWriteLock":
        from filelock import ReadWriteLock

        assert isinstance(self._place, Path)
        return ReadWriteLock(self._place.with_suffix(".lock"), is_singleton=False)

    @contextmanager
    def _told(self) -> Iterator[None]:
        import httpx
        from chromadb.errors import ChromaError

        try:
            yield
        except (httpx.HTTPError, ValueError) as error:
            if isinstance(self._place, Path):
                raise
            raise FootnoteError(f"The Chroma server at {self._place} does not answer.", "Start it.") from error
        except ChromaError as error:
            hint = "Run: footnote index"
            raise FootnoteError(f"The vectors in {self._place} cannot be used ({error}).", hint) from error
