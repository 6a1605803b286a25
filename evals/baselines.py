"""What the bench compares with: plain LlamaIndex with Chroma, all at their defaults. Runs in a process of its own."""

import os
import shutil
import time
from importlib.metadata import distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.bench.measure import disk, peak_memory
from index.config import IndexSettings
from index.embed import Embedder, make_embedder
from index.tokens import encoding

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

ROWS = 10_000  # asked for at once; Chroma refuses more than 32,766


def build(articles: Path, folder: Path, embedding: str) -> dict[str, Any]:
    """Index the files below `articles` as LlamaIndex's first steps show it, with our embedder; what it took.

    The clock starts when all is imported and the embedder has its model.
    """
    started = time.perf_counter()
    _prepare(folder)
    import chromadb
    from llama_index.core import SimpleDirectoryReader, StorageContext, VectorStoreIndex
    from llama_index.vector_stores.chroma import ChromaVectorStore

    embedder = make_embedder(IndexSettings(embedding=embedding))
    embedder.embed(["A first text loads the model."])
    model = _wrapped(embedder)
    ready, processor = time.perf_counter(), time.process_time()
    collection = chromadb.PersistentClient(str(folder / "chroma")).get_or_create_collection("articles")
    documents = SimpleDirectoryReader(str(articles), recursive=True).load_data()
    store = StorageContext.from_defaults(vector_store=ChromaVectorStore(chroma_collection=collection))
    VectorStoreIndex.from_documents(documents, storage_context=store, embed_model=model)
    seconds, cpu, peak = time.perf_counter() - ready, time.process_time() - processor, peak_memory()
    held: set[Any] = set()
    for start in range(0, chunks := collection.count(), ROWS):
        page = collection.get(limit=ROWS, offset=start, include=["metadatas"])
        held |= {row["document_id"] for row in page["metadatas"] or []}
    return {
        "articles": len(held),
        "chunks": chunks,
        "seconds": seconds,
        "cpu": cpu,
        "peak": peak,
        "disk": disk(folder / "chroma"),
        "start": ready - started,
    }


def _prepare(folder: Path) -> None:
    """Without this, the default splitter fails in environments of uv, whose files are links: nltk refuses those."""
    data = folder / "nltk"
    bundled = distribution("llama-index-core").locate_file("llama_index/core/_static/nltk_cache")
    shutil.copytree(str(bundled), data)
    os.environ["NLTK_DATA"] = str(data)
    os.environ["ANONYMIZED_TELEMETRY"] = "False"
    encoding()  # names the folder of tiktoken's files


def _wrapped(embedder: Embedder) -> "BaseEmbedding":
    """Our embedder as one of LlamaIndex's, which then forms batches of its own default size."""
    from llama_index.core.base.embeddings.base import BaseEmbedding

    class Wrapped(BaseEmbedding):
        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            vectors: list[list[float]] = embedder.embed(texts).tolist()
            return vectors

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

    return Wrapped(model_name=embedder.name)
