"""Chroma's door: chunk id → vector, to find the nearest. A copy: the catalog alone says what exists."""

import atexit
import os
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numpy as np

from index.embed import Matrix
from index.errors import FootnoteError, IndexBusy, disk_hint

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from chromadb.api.models.Collection import Collection

BATCH = 1_000  # rows a call; Chroma refuses more than 5,461 and is fastest at about 1,000
# Of the 50 nearest of 100,000 passages 96% are found; ef_search 400 finds 97% in 4.3 ms instead of 3.1, and
# ef_construction 200 little more at twice the time to build.
GRAPH: "CreateHNSWConfiguration" = {"space": "cosine", "max_neighbors": 32, "ef_construction": 100, "ef_search": 300}
OPENING = threading.Lock()  # Chroma's table of open folders is shared by the whole process
PATIENCE = 60.0  # seconds to wait for others, who hold the folder for one batch or one opening at a time
LOOK = 0.01  # seconds between two looks whether the folder is free
ANSWER = 10.0  # seconds that a server has to show that it is one
PAUSE = 0.02  # seconds between two batches, so that those who wait get their turn


class Vectors:
    """One Chroma collection with cosine distance, in a folder or on a server. Texts are not stored in it.

    Raises:
        FootnoteError: Chroma cannot read or write, or the server does not answer.
        IndexBusy: another process has the folder for longer than `patience` seconds.
    """

    def __init__(
        self, place: Path | str, name: str = "chunks", patience: float = PATIENCE, *, empty: bool = False
    ) -> None:
        """With `empty`, whatever had this name before is forgotten unopened, as it may be torn."""
        self._place = place
        self._name = name
        with alone(place, patience), OPENING, self._told():
            self._client = self._connect()
            if empty:
                self._delete(name)
            self._collection = self._open()

    def _open(self) -> "Collection":
        collection = self._client.get_or_create_collection(
            self._name,
            configuration={"hnsw": GRAPH},
            embedding_function=None,  # the default one would download a model
        )
        # Chroma reads a graph only when it is first asked, and completes it on disk where a writer was killed:
        # both must happen now, while nobody else has the folder.
        collection.count()
        return collection

    def _connect(self) -> "ClientAPI":
        os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
        import chromadb
        from chromadb.api.shared_system_client import SharedSystemClient

        if isinstance(self._place, str):
            return connect(self._place)
        # Otherwise a folder that this process has open already comes back as it was when first opened.
        SharedSystemClient._identifier_to_system.pop(str(self._place), None)
        SharedSystemClient._identifier_to_refcount.pop(str(self._place), None)
        return chromadb.PersistentClient(str(self._place))

    def delete(self, name: str) -> None:
        """Delete the collection of that name, if there is one."""
        with alone(self._place), self._told():
            self._delete(name)

    def _delete(self, name: str) -> None:
        from chromadb.errors import NotFoundError

        with suppress(NotFoundError):
            self._client.delete_collection(name)

    def put(self, chunk_ids: Sequence[str], vectors: Matrix) -> None:
        for start in range(0, len(chunk_ids), BATCH):
            if start:
                time.sleep(PAUSE)
            batch = list(chunk_ids[start : start + BATCH])
            with alone(self._place), self._told():
                self._collection.upsert(ids=batch, embeddings=vectors[start : start + BATCH])

    def drop(self, chunk_ids: Sequence[str]) -> None:
        for start in range(0, len(chunk_ids), BATCH):
            if start:
                time.sleep(PAUSE)
            with alone(self._place), self._told():
                self._collection.delete(ids=list(chunk_ids[start : start + BATCH]))

    def count(self) -> int:
        with self._told():
            return self._collection.count()

    def ids(self) -> set[str]:
        with self._told():
            return set(self._collection.get(include=[])["ids"])

    def rows(self, chunk_ids: Sequence[str]) -> Matrix:
        """The vectors of these chunks, one row each; all of them must be there."""
        with self._told():
            found = self._collection.get(ids=list(chunk_ids), include=["embeddings"])
        rows = dict(zip(found["ids"], np.asarray(found["embeddings"], dtype=np.float32), strict=True))
        return np.array([rows[id_] for id_ in chunk_ids], dtype=np.float32)

    def search(self, vector: Matrix, limit: int) -> dict[str, float]:
        """Chunk id → cosine similarity of the nearest vectors."""
        with self._told():
            found = self._collection.query(
                query_embeddings=vector.reshape(1, -1),
                n_results=limit,
                include=["distances"],
            )
        distances = (found["distances"] or [[]])[0]
        return {id_: 1 - float(distance) for id_, distance in zip(found["ids"][0], distances, strict=True)}

    @contextmanager
    def _told(self) -> Iterator[None]:
        import httpx
        from chromadb.errors import ChromaError

        try:
            yield
        except FootnoteError:
            raise
        except (httpx.HTTPError, ValueError) as error:
            if isinstance(self._place, Path):
                raise self._unusable(error) from error
            raise FootnoteError(f"No Chroma server answers at {self._place}.", "Start it.") from error
        except ChromaError as error:
            raise self._unusable(error) from error
        except BaseException as error:
            # A panic in Chroma's Rust is no Exception, its class has no public name; its client raises bare Exceptions.
            if type(error) is not Exception and type(error).__name__ != "PanicException":
                raise
            raise self._unusable(error) from error

    def _unusable(self, error: BaseException) -> FootnoteError:
        hint = disk_hint(error, "Run: footnote index")
        reason = " ".join(str(error).split())[:300] or type(error).__name__
        return FootnoteError(f"The vectors in {self._place} cannot be used ({reason}).", hint)


@cache
def connect(url: str) -> "ClientAPI":
    """The one client of a server in this process: it sees at once what others write there."""
    import chromadb
    import httpx
    from chromadb.api.client import Client
    from chromadb.api.fastapi import FastAPI

    # Chroma's client waits for ever for a server that says nothing, and takes any page for its answer.
    if "nanosecond heartbeat" not in httpx.get(f"{url}/api/v2/heartbeat", timeout=ANSWER).json():
        raise ValueError("no heartbeat")
    address = urlsplit(url)
    secure = address.scheme == "https"
    client = chromadb.HttpClient(address.hostname or "", address.port or (443 if secure else 80), ssl=secure)
    assert isinstance(client, Client)
    assert isinstance(client._server, FastAPI)
    client._server._session.timeout = PATIENCE
    atexit.register(client.close)
    return client


@contextmanager
def alone(place: Path | str, patience: float = PATIENCE) -> Iterator[None]:
    """Hold a folder for one write or one opening: a graph that is half on disk must not be read.

    Raises:
        IndexBusy: another process does not let go of it.
    """
    if isinstance(place, str) or not os.access(place.parent, os.W_OK):  # a server does this itself
        yield
        return
    from filelock import FileLock, Timeout

    lock = FileLock(place.with_suffix(".lock"), timeout=patience)
    try:
        lock.acquire(poll_interval=LOOK)
    except Timeout as error:
        raise IndexBusy(f"Another process is writing to {place}.", "Wait for it, or stop it.") from error
    except OSError as error:
        raise FootnoteError(f"Cannot write to {place.parent}: {error.strerror}.", "Set FOOTNOTE_DATA_DIR.") from error
    try:
        yield
    finally:
        lock.release()


def discard(place: Path) -> None:
    """Delete a folder of vectors, whatever is left of it."""
    with alone(place):
        shutil.rmtree(place, ignore_errors=True)
