"""What is measured: Footnote's search, and plainer ones to compare it with, all asked in one way."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np

from evals.prepared import prepare
from evals.sets import Document
from evals.shown import progress
from index.catalog import Catalog
from index.embed import Matrix
from index.engine import Index
from index.errors import ConfigError
from index.exact import Exact
from index.library import CATALOG, Library
from index.minilm import is_installed
from index.records import Article, Chunk
from index.terms import words
from rag.config import RagSettings

BASELINES = ("bm25", "dense", "llamaindex")
ALL = "all"
AT_ONCE = 512  # texts embedded together; between them the progress is shown


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found: `documents` are the ids that hold its text, `start` and `end` where it stands in each."""

    documents: tuple[str, ...]
    start: int
    end: int
    score: float


class System(Protocol):
    """Anything that finds passages."""

    def __call__(self, question: str, earlier: Sequence[str], limit: int) -> Sequence[Hit]:
        """At most `limit` passages for a question, best first; `earlier` are the questions that it leans on."""
        ...


@dataclass(frozen=True, slots=True)
class Choice:
    """What a command is asked to measure; no embedding stands for the one of the settings, no limit for all."""

    baselines: Sequence[str] = ()
    embeddings: Sequence[str] = ()
    limit: int | None = None


def embeddings(choice: Choice, settings: RagSettings) -> Iterator[tuple[str, RagSettings]]:
    """The short name of each embedder and the settings with it."""
    for name in dict.fromkeys(choice.embeddings or (settings.embedding,)):
        plain = name if name != "auto" else "minilm" if is_installed() else "static"
        yield re.sub(r"[^\w.-]+", "-", plain), settings.model_copy(update={"embedding": name})


def make_systems(
    documents: Sequence[Document], settings: RagSettings, name: str, choice: Choice, *, closely: bool = False
) -> dict[str, System]:
    """Footnote and the baselines chosen, over the documents; `name` is the embedder's. `closely` adds that search.

    Raises:
        ConfigError: a baseline needs what is not installed.
    """
    chosen = BASELINES if ALL in choice.baselines else choice.baselines
    if "llamaindex" in chosen:
        need("llama_index.vector_stores.chroma")
    index = prepare(documents, settings)
    systems: dict[str, System] = {f"footnote ({name})": Footnote(index)}
    if closely:
        systems[f"footnote, closely ({name})"] = Footnote(index, closely=True)
    if "bm25" in chosen:
        systems["bm25"] = Bm25(index)
    if "dense" in chosen:
        systems[f"dense ({name})"] = Dense(index)
    if "llamaindex" in chosen:
        from evals.baselines import LlamaIndex

        folder = index.settings.data_dir / "llamaindex"
        systems[f"llamaindex ({name})"] = LlamaIndex(documents, folder, index.embedder)
    return systems


def need(package: str) -> None:
    """Raises ConfigError where a package is missing that only measuring needs."""
    try:
        found = find_spec(package) is not None
    except ModuleNotFoundError:  # of a package around it
        found = False
    if not found:
        raise ConfigError(f"{package} is not installed.", "Run: make setup")


class Footnote:
    """The index's own search."""

    def __init__(self, index: Index, *, closely: bool = False) -> None:
        self._index = index
        self._closely = closely

    def __call__(self, question: str, earlier: Sequence[str], limit: int) -> list[Hit]:
        found = self._index.search(question, history=earlier, limit=limit, closely=self._closely)
        return [_hit(one.article, one.chunk, one.score) for one in found]


class Bm25:
    """BM25 over the index's passages, for all the words of the question; it knows no history and takes all of them."""

    def __init__(self, index: Index) -> None:
        self._words = _Words(index.settings.data_dir / CATALOG)
        self._passages = _passages(index)

    def __call__(self, question: str, earlier: Sequence[str], limit: int) -> list[Hit]:
        found = self._words.best(" ".join([*earlier, question]), limit)
        return [_hit(*self._passages[key], score) for key, score in found]


class _Words(Catalog):
    """The words of an index, looked up without what makes that quick in a large one."""

    def best(self, text: str, limit: int) -> list[tuple[str, float]]:
        terms = " OR ".join(f'"{term}"' for term in dict.fromkeys(words(text)))
        if not terms:
            return []
        query = """SELECT id, -rank FROM chunk_words JOIN chunks ON number = chunk_words.rowid
            WHERE chunk_words MATCH ? ORDER BY rank, id LIMIT ?"""
        return self._connection.execute(query, (terms, limit)).fetchall()


class Dense:
    """The nearest vectors of the plain text of the index's passages; it knows no history and takes all of its words."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._passages = _passages(index)
        self._exact = Exact(list(self._passages), self._vectors(index.settings.data_dir / "plain.npz"))

    def __call__(self, question: str, earlier: Sequence[str], limit: int) -> list[Hit]:
        found = self._exact.search(self._index.embed([" ".join([*earlier, question])]), limit)
        return [_hit(*self._passages[key], score) for key, score in found.items()]

    def _vectors(self, file: Path) -> Matrix:
        """Of the passages, one row each; kept between runs."""
        keys = list(self._passages)
        if file.exists():
            with np.load(file) as kept:
                if kept["keys"].tolist() == keys:
                    return np.asarray(kept["vectors"], dtype=np.float32)
        vectors = self._embedded([article.text[one.start : one.end] for article, one in self._passages.values()])
        np.savez(file, keys=np.array(keys), vectors=vectors)
        return vectors

    def _embedded(self, texts: Sequence[str]) -> Matrix:
        parts = [texts[start : start + AT_ONCE] for start in range(0, len(texts), AT_ONCE)]
        return np.concatenate([self._index.embed(part) for part in progress(parts, "Embedding plain text")])


def _passages(index: Index) -> dict[str, tuple[Article, Chunk]]:
    """Every passage by its id, in a lasting order."""
    with Library(index.settings, index.embedder).reading() as catalog:
        articles = {entry.id: article for entry in index.entries() if (article := catalog.article(entry.id))}
        chunks = catalog.chunks(sorted(catalog.chunk_ids()))
        return {key: (articles[one.article_id], one) for key, one in sorted(chunks.items())}


def _hit(article: Article, chunk: Chunk, score: float) -> Hit:
    return Hit(article.sources, chunk.start, chunk.end, score)
