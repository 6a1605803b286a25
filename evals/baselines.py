"""What Footnote is compared with: plain LlamaIndex with Chroma, all at their defaults.

The bench runs `build` in a process of its own; the other evals search with `LlamaIndex`.
"""

import os
import shutil
import time
from collections.abc import Sequence
from importlib.metadata import distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.bench.measure import disk, peak_memory
from index.config import IndexSettings
from index.embed import Embedder, make_embedder
from index.load.draft import whole
from index.tokens import encoding

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

    from evals.sets import Document
    from evals.systems import Hit

ROWS = 10_000  # asked for at once; Chroma refuses more than 32,766
COMPLETE = "complete"  # a file beside an index of which nothing is missing
DOCUMENTS = 200  # indexed together; between them the progress is shown


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


class LlamaIndex:
    """Documents in plain LlamaIndex with Chroma; it knows no history and takes all of its words.

    The index lies in `folder` and is used again. The title of a document is its metadata, which LlamaIndex embeds too.
    """

    def __init__(self, documents: "Sequence[Document]", folder: Path, embedder: Embedder) -> None:
        if not (folder / COMPLETE).exists():  # what a run left that was cut short
            shutil.rmtree(folder, ignore_errors=True)
        _prepare(folder)
        import chromadb
        from llama_index.core import VectorStoreIndex
        from llama_index.vector_stores.chroma import ChromaVectorStore

        collection = chromadb.PersistentClient(str(folder / "chroma")).get_or_create_collection("articles")
        store = ChromaVectorStore(chroma_collection=collection)
        self._index = VectorStoreIndex.from_vector_store(store, embed_model=_wrapped(embedder))
        if not (folder / COMPLETE).exists():
            self._fill(documents)
            (folder / COMPLETE).touch()

    def _fill(self, documents: "Sequence[Document]") -> None:
        """As `VectorStoreIndex.from_documents` does, a few documents at a time."""
        from llama_index.core import Document as Theirs
        from llama_index.core.node_parser import SentenceSplitter

        from evals.shown import progress

        splitter = SentenceSplitter()  # its default
        starts = range(0, len(documents), DOCUMENTS)
        for start in progress(starts, "Indexing with LlamaIndex + Chroma"):
            some = documents[start : start + DOCUMENTS]
            plain = [Theirs(text=whole(o.text), id_=o.id, metadata={"title": o.title} if o.title else {}) for o in some]
            self._index.insert_nodes(splitter.get_nodes_from_documents(plain))

    def __call__(self, question: str, earlier: Sequence[str], limit: int) -> "list[Hit]":
        from evals.systems import Hit  # not outside: the memory of the bench's process is measured

        found = self._index.as_retriever(similarity_top_k=limit).retrieve(" ".join([*earlier, question]))
        hits = []
        for one in found:
            start = getattr(one.node, "start_char_idx", None)
            end = getattr(one.node, "end_char_idx", None)
            hits.append(Hit((one.node.ref_doc_id or "",), start or 0, end or 0, one.score or 0.0))
        return hits


def _prepare(folder: Path) -> None:
    """Without this, the default splitter fails in environments of uv, whose files are links: nltk refuses those."""
    data = folder / "nltk"
    bundled = distribution("llama-index-core").locate_file("llama_index/core/_static/nltk_cache")
    shutil.copytree(str(bundled), data, dirs_exist_ok=True)
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
