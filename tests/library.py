"""Folders of made-up articles that change at random, and what must hold of an index over them."""

import hashlib
import os
import re
from pathlib import Path
from random import Random
from typing import ClassVar

import numpy as np

from index import nearest
from index.config import IndexSettings
from index.engine import Index

WORDS = [a + b + c for a in ("ba", "ko", "mi", "ru", "ze") for b in ("lan", "ter", "vis", "dor") for c in "aeiou"]

DIMENSION = 96


class WordEmbedder:
    """Each word has a direction of its own, and a text their sum; "like" before a word changes nothing."""

    dense_weight, notice = 0.5, ""
    directions: ClassVar[dict[str, np.ndarray]] = {}

    def __init__(self, name: str = "fake:words") -> None:
        self.name = name
        self.seen: list[str] = []

    def _direction(self, word: str) -> np.ndarray:
        if word not in self.directions:
            seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8])
            self.directions[word] = np.random.default_rng(seed).standard_normal(DIMENSION, dtype=np.float32)
        return self.directions[word]

    def embed(self, texts):
        self.seen.extend(texts)
        words = [re.findall(r"\b(?:like)?(\w+)", text.lower()) or [""] for text in texts]
        starts = np.cumsum([0, *map(len, words)])[:-1]
        vectors = np.add.reduceat(np.array([self._direction(word) for some in words for word in some]), starts)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def warm() -> None:
    """Import and load all that a sync needs, but open nothing: an open Chroma has threads, which no fork survives."""
    import chromadb.api.rust
    import chromadb.telemetry.product.posthog  # noqa: F401
    import httpx  # noqa: F401
    import numpy.random  # noqa: F401
    from filelock import ReadWriteLock  # noqa: F401

    import index.sources
    import index.sync  # noqa: F401
    from index.chunk import chunk_article
    from index.records import Article

    chunk_article(Article("1", "", "The zebra lives in Namibia. It eats grass.", ("zebra.txt",)), 20)
    WordEmbedder().embed(WORDS)
    assert len(os.listdir("/proc/self/task")) == 1


def open_index(data: Path, **settings) -> Index:
    """With chunks of about one sentence, searched by Chroma as in a large library."""
    nearest.EXACT_UP_TO = nearest.SCANS = 0
    return Index(IndexSettings(data_dir=data, chunk_tokens=20, **settings), WordEmbedder())


def make_text(random: Random, sentences: int) -> str:
    lines = [f"{' '.join(random.choices(WORDS, k=10)).capitalize()}." for _ in range(sentences)]
    return "\n\n".join(" ".join(lines[start : start + 5]) for start in range(0, len(lines), 5)) + "\n"


def add_files(random: Random, folder: Path, files: int, sentences: int) -> None:
    for _ in range(files):
        path = folder / random.choice("abc") / f"{random.randrange(10**9)}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(make_text(random, sentences), "utf-8")


def change_files(random: Random, folder: Path, changes: int, sentences: int) -> None:
    """Add, edit, delete, rename, double, and exchange files."""
    for _ in range(changes):
        files = sorted(folder.rglob("*.txt"))
        kind = random.choice(["add", "edit", "edit", "delete", "rename", "double", "swap"]) if len(files) > 2 else "add"
        if kind == "add":
            add_files(random, folder, 1, sentences)
            continue
        one, other = random.sample(files, 2)
        new = one.with_name(f"{random.randrange(10**9)}.txt")
        if kind == "edit":
            one.write_text(one.read_text("utf-8") + make_text(random, sentences), "utf-8")
        elif kind == "delete":
            one.unlink()
        elif kind == "rename":
            one.rename(new)
        elif kind == "double":
            new.write_text(one.read_text("utf-8"), "utf-8")
        else:
            first, second = one.read_text("utf-8"), other.read_text("utf-8")
            one.write_text(second, "utf-8")
            other.write_text(first, "utf-8")


def assert_agrees(index: Index, folder: Path, sample: int = 100) -> None:
    """Files, catalog, words and vectors say the same, and every quote is verbatim."""
    from index.sentences import sentence_runs

    texts = {str(path): path.read_bytes().decode() for path in folder.rglob("*.txt")}
    catalog = index._library.catalog
    articles = [index.article(entry.id) for entry in index.entries()]
    assert {source: article.text for article in articles for source in article.sources} == texts
    assert set(catalog.sources()) == set(texts)
    assert sum(len(article.sources) for article in articles) == len(texts)
    assert len({article.text for article in articles}) == len(articles)
    chunk_ids = catalog.chunk_ids()
    chunks = catalog.chunks(chunk_ids)
    expected = {article.id: index.chunk(article) for article in articles}
    assert sorted(chunks) == sorted(chunk.id for some in expected.values() for chunk in some)
    for article in articles:
        spans = [span for chunk in expected[article.id] for span in chunks[chunk.id].sentences]
        assert spans == [span for run in sentence_runs(article.text) for span in run]
    assert catalog._count("vectors") == len(chunk_ids)
    catalog._connection.execute("INSERT INTO chunk_words (chunk_words, rank) VALUES ('integrity-check', 1)")
    assert catalog._connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    held = {article.id: article.text for article in articles}
    assert_vectors(index, {id_: held[one.article_id][one.start : one.end] for id_, one in chunks.items()}, sample)
    assert index.status().agrees


def assert_vectors(index: Index, texts: dict[str, str], sample: int) -> None:
    """Catalog and Chroma hold the vector of each chunk's text, and Chroma's graph finds it."""
    vectors = index._library.open_vectors()
    stored = vectors._collection.get(include=["embeddings"])
    assert sorted(stored["ids"]) == sorted(texts)
    if not texts:
        return
    expected = dict(zip(texts, index.embed(list(texts.values())), strict=True))
    for ids, rows in (index._library.catalog.vectors(list(texts)), (stored["ids"], stored["embeddings"])):
        assert np.allclose(np.array([expected[id_] for id_ in ids]), rows, atol=1e-5)
    for id_ in sorted(texts)[:: max(1, len(texts) // sample)]:
        assert id_ in vectors.search(expected[id_], 50), f"{id_} is not found by its own vector"  # some are equal
