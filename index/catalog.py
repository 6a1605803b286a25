"""SQLite's door: articles, chunks, the full-text index, and what the index was built with. The truth."""

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from index.records import Article, Chunk
from index.terms import query_terms

CatalogError = sqlite3.Error  # what the file itself may raise: full disk, no database
FORMAT = "1"
SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE articles (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, date TEXT, date_source TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE files (
    path TEXT PRIMARY KEY, article_id TEXT NOT NULL REFERENCES articles(id), size INTEGER, modified INTEGER);
CREATE INDEX files_by_article ON files(article_id);
CREATE TABLE chunks (
    number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, article_id TEXT NOT NULL REFERENCES articles(id),
    start INTEGER NOT NULL, end INTEGER NOT NULL, sentences TEXT NOT NULL);
CREATE INDEX chunks_by_article ON chunks(article_id);
CREATE VIEW chunk_texts AS
    SELECT number, title, substr(text, start + 1, end - start) AS body
    FROM chunks JOIN articles ON articles.id = chunks.article_id;
CREATE VIRTUAL TABLE chunk_words USING fts5(
    title, body, content='chunk_texts', content_rowid='number', tokenize='porter unicode61 remove_diacritics 2');
"""
ARTICLE = """
SELECT articles.id, title, text, (SELECT min(path) FROM files WHERE article_id = articles.id), date, date_source
FROM articles
"""


class Catalog:
    """One SQLite file. Reads are safe from any thread; writes happen inside `transaction`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()

    @property
    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._path, isolation_level=None, timeout=10)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            self._local.connection = connection
        return connection

    def is_ready(self) -> bool:
        """Whether the tables are there: a file alone may be a `create` that was cut short."""
        return bool(self._connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone())

    def create(self, recipe: Mapping[str, str]) -> None:
        """Make the tables of a new file and record what the index is built with, all or nothing."""
        with self.transaction():
            for statement in filter(str.strip, SCHEMA.split(";")):
                self._connection.execute(statement)
            for key, value in recipe.items():
                self.set_meta(key, value)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside happen together or not at all; readers see the generation grow by one."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.set_meta("generation", str(self.generation() + 1))
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def meta(self, key: str) -> str:
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def set_meta(self, key: str, value: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def generation(self) -> int:
        """Grows with every finished write, so that a reader knows when to look again."""
        return int(self.meta("generation") or 0)

    def touch(self) -> None:
        """A new generation though nothing here changed: the vectors did, and readers must look at them again."""
        with self.transaction():
            pass

    def files(self) -> dict[str, tuple[str, int, int]]:
        """Path → (article id, size in bytes, modification time in ns)."""
        rows = self._connection.execute("SELECT path, article_id, size, modified FROM files")
        return {path: (article_id, size, modified) for path, article_id, size, modified in rows}

    def put_file(self, path: str, article_id: str, size: int, modified: int) -> None:
        self._connection.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", (path, article_id, size, modified))

    def drop_file(self, path: str) -> None:
        self._connection.execute("DELETE FROM files WHERE path = ?", (path,))

    def has_article(self, article_id: str) -> bool:
        return bool(self._connection.execute("SELECT 1 FROM articles WHERE id = ?", (article_id,)).fetchone())

    def add_article(self, article: Article, chunks: Iterable[Chunk]) -> None:
        """The article, its chunks and their words."""
        self._connection.execute(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?)",
            (article.id, article.title, article.date, article.date_source, article.text),
        )
        for chunk in chunks:
            cursor = self._connection.execute(
                "INSERT INTO chunks (id, article_id, start, end, sentences) VALUES (?, ?, ?, ?, ?)",
                (chunk.id, chunk.article_id, chunk.start, chunk.end, json.dumps(chunk.sentences)),
            )
            self._connection.execute(
                "INSERT INTO chunk_words (rowid, title, body) VALUES (?, ?, ?)",
                (cursor.lastrowid, article.title, article.text[chunk.start : chunk.end]),
            )

    def drop_orphans(self) -> None:
        """Remove every article that no file holds any more, with its chunks and their words."""
        orphan = "article_id NOT IN (SELECT article_id FROM files)"
        numbers = self._connection.execute(f"SELECT number FROM chunks WHERE {orphan}").fetchall()
        for number in numbers:  # an external-content index must be told the words that it forgets
            self._connection.execute(
                "INSERT INTO chunk_words (chunk_words, rowid, title, body) "
                "SELECT 'delete', number, title, body FROM chunk_texts WHERE number = ?",
                number,
            )
        self._connection.execute(f"DELETE FROM chunks WHERE {orphan}")
        self._connection.execute("DELETE FROM articles WHERE id NOT IN (SELECT article_id FROM files)")

    def article(self, article_id: str) -> Article | None:
        row = self._connection.execute(f"{ARTICLE} WHERE articles.id = ?", (article_id,)).fetchone()
        return _article(row) if row else None

    def articles(self) -> list[Article]:
        """Every article, in the order of their paths."""
        return [_article(row) for row in self._connection.execute(f"{ARTICLE} ORDER BY 4")]

    def chunks(self, chunk_ids: Sequence[str]) -> dict[str, Chunk]:
        """The chunks that exist among `chunk_ids`."""
        marks = ",".join("?" * len(chunk_ids))
        rows = self._connection.execute(
            f"SELECT id, article_id, start, end, sentences FROM chunks WHERE id IN ({marks})", list(chunk_ids)
        )
        return {
            id_: Chunk(id_, article_id, start, end, tuple((s, e) for s, e in json.loads(sentences)))
            for id_, article_id, start, end, sentences in rows
        }

    def article_count(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM articles").fetchone()[0])

    def chunk_count(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM chunks").fetchone()[0])

    def chunk_ids(self) -> list[str]:
        return [row[0] for row in self._connection.execute("SELECT id FROM chunks")]

    def chunk_texts(self, chunk_ids: Sequence[str]) -> list[str]:
        """The texts of chunks, in the order of `chunk_ids`."""
        query = "SELECT body FROM chunk_texts WHERE number = (SELECT number FROM chunks WHERE id = ?)"
        return [self._connection.execute(query, (id_,)).fetchone()[0] for id_ in chunk_ids]

    def search_words(self, text: str, limit: int) -> dict[str, float]:
        """Chunk id → BM25 score (higher is better) of the chunks that share a word with `text`."""
        terms = query_terms(text)
        if not terms:
            return {}
        query = " OR ".join(f'"{term}"' for term in terms)
        rows = self._connection.execute(
            "SELECT id, -bm25(chunk_words, 0.5, 1.0) AS score "
            "FROM chunk_words JOIN chunks ON number = chunk_words.rowid "
            "WHERE chunk_words MATCH ? ORDER BY score DESC, id LIMIT ?",
            (query, limit),
        )
        return dict(rows.fetchall())


def _article(row: tuple[str, str, str, str, str | None, str]) -> Article:
    return Article(row[0], row[1], row[2], (row[3],), row[4], row[5])
