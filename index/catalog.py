"""SQLite's door: articles, their chunks, vectors and words, and what the index was built with. The truth."""

import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from index.embed import Matrix
from index.filters import condition
from index.records import NO_FILTERS, Article, Chunk, Entry, Filters, SourceState
from index.schema import COMMON_FROM, MOST_ROWS, QUESTION, SCHEMA
from index.terms import query_terms

CatalogError = sqlite3.Error  # what the file itself may raise: full disk, no database
SOURCES = """(SELECT json_group_array(source) FROM
    (SELECT source FROM sources WHERE article_id = articles.id ORDER BY source))"""
ADD_WORDS = "INSERT INTO chunk_words (rowid, title, body)"
MARKS = 500  # values in one IN (…)


class Catalog:
    """One SQLite file. Reads are safe from any thread; writes happen inside `transaction`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()

    @property
    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None or self._local.frozen not in (None, self._state()):
            frozen = self._state() if self._is_frozen() else None
            connection = self._connect(frozen=frozen is not None)
            self._local.frozen = frozen
            connection.executescript(QUESTION)
            connection.create_function("folded", 1, lambda text: text and text.casefold(), deterministic=True)
            self._local.connection = connection
        return connection

    def _is_frozen(self) -> bool:
        """Whether this user cannot write there; SQLite would want to make files beside the catalog."""
        return not os.access(self._path.parent, os.W_OK) and not self._path.with_name(f"{self._path.name}-wal").exists()

    def _state(self) -> tuple[int, int, bool]:
        status = self._path.stat()
        return status.st_mtime_ns, status.st_size, self._is_frozen()

    def _connect(self, *, frozen: bool) -> sqlite3.Connection:
        if frozen:  # read as it stands, until somebody else changes it
            return sqlite3.connect(f"{self._path.absolute().as_uri()}?immutable=1", uri=True, isolation_level=None)
        connection = sqlite3.connect(self._path, isolation_level=None, timeout=30)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection

    def is_ready(self) -> bool:
        """Whether the tables are there: a file alone may be a `create` that was cut short."""
        return bool(self._connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone())

    def create(self, recipe: Mapping[str, str], roots: Iterable[str] = ()) -> None:
        """Make the tables and record what the index is built with, all or nothing; what was there before is gone."""
        with self.transaction():
            generation = self.generation()
            for kind in ("CREATE VIEW%", "CREATE VIRTUAL%", "CREATE TABLE%"):  # tables under a virtual one go with it
                rows = self._connection.execute("SELECT type, name FROM sqlite_master WHERE sql LIKE ?", (kind,))
                for type_, name in rows.fetchall():
                    self._connection.execute(f'DROP {type_} "{name}"')
            for statement in filter(str.strip, SCHEMA.split(";")):
                self._connection.execute(statement)
            for key, value in {**recipe, "generation": str(generation)}.items():
                self.set_meta(key, value)
            self.add_roots(roots)

    def discard(self) -> None:
        """Delete a file that is no database, and what SQLite left beside it."""
        self._local = threading.local()
        for end in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + end).unlink(missing_ok=True)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside happen together or not at all; readers see the generation grow by one."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.set_meta("generation", str(self.generation() + 1))
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:  # a full disk has ended it already
                self._connection.execute("ROLLBACK")
            raise

    def meta(self, key: str) -> str:
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def set_meta(self, key: str, value: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def generation(self) -> int:
        """Grows with every finished write, so that a reader knows when to look again."""
        return int(self.meta("generation") or 0) if self.is_ready() else 0

    def roots(self) -> list[str]:
        """The files, folders and addresses that the index was made from."""
        return [row[0] for row in self._connection.execute("SELECT root FROM roots ORDER BY rowid")]

    def add_roots(self, roots: Iterable[str]) -> None:
        self._connection.executemany("INSERT OR IGNORE INTO roots VALUES (?)", [(root,) for root in roots])

    def drop_roots(self, roots: Iterable[str]) -> None:
        self._connection.executemany("DELETE FROM roots WHERE root = ?", [(root,) for root in roots])

    def sources(self) -> dict[str, SourceState]:
        """Every file and page that was ever read and is still there."""
        rows = self._connection.execute("SELECT source, article_id, stamp, failure FROM sources ORDER BY source")
        return {row[0]: SourceState(*row[1:]) for row in rows}

    def sources_of(self, root: str) -> list[str]:
        """The sources that `root`, say a feed, listed."""
        return [row[0] for row in self._connection.execute("SELECT source FROM sources WHERE root = ?", (root,))]

    def put_source(self, source: str, root: str, stamp: str, article: Article | None, failure: str = "") -> None:
        """Record a file or page and its article, or why it has none."""
        self._connection.execute(
            "INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?, ?)",
            (source, root, article and article.id, stamp, failure, _metadata(article) if article else ""),
        )

    def keep_source(self, source: str, failure: str) -> None:
        """Record why a page could not be read again; it keeps the article that it had."""
        self._connection.execute("UPDATE sources SET failure = ? WHERE source = ?", (failure, source))

    def drop_sources(self, sources: Iterable[str]) -> None:
        self._connection.executemany("DELETE FROM sources WHERE source = ?", [(source,) for source in sources])

    def has_article(self, article_id: str) -> bool:
        return bool(self._connection.execute("SELECT 1 FROM articles WHERE id = ?", (article_id,)).fetchone())

    def add_article(self, article: Article, chunks: Sequence[Chunk], vectors: Matrix) -> None:
        """The article, its chunks, their vectors (one row each) and their words."""
        metadata = _metadata(article)
        self._connection.execute(
            "INSERT INTO articles (id, text, metadata, title, date, date_source, author, url, pages) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (article.id, article.text, metadata, *_columns(metadata)),
        )
        for chunk, vector in zip(chunks, vectors, strict=True):
            cursor = self._connection.execute(
                "INSERT INTO chunks (id, article_id, start, end, sentences) VALUES (?, ?, ?, ?, ?)",
                (chunk.id, chunk.article_id, chunk.start, chunk.end, json.dumps(chunk.sentences)),
            )
            row = cursor.lastrowid
            self._connection.execute("INSERT INTO vectors VALUES (?, ?)", (row, vector.astype(np.float32).tobytes()))
            words = row, article.title, article.text[chunk.start : chunk.end]
            self._connection.execute(f"{ADD_WORDS} VALUES (?, ?, ?)", words)

    def settle(self, article_ids: Iterable[str]) -> list[str]:
        """Make articles follow their sources; the ids of the chunks that are gone.

        An article without a source goes, with its chunks, vectors and words; one that has several takes its title, date
        and author from the first of them, whatever came and went before.
        """
        dropped: list[str] = []
        for article_id in article_ids:
            first = "SELECT metadata FROM sources WHERE article_id = articles.id ORDER BY source LIMIT 1"
            row = self._connection.execute(
                f"SELECT metadata, ({first}) FROM articles WHERE id = ?", (article_id,)
            ).fetchone()
            if row is None or row[0] == row[1]:
                continue
            chunk_ids = self._forget_words(article_id)
            if row[1] is None:
                numbers = "(SELECT number FROM chunks WHERE article_id = ?)"
                self._connection.execute(f"DELETE FROM vectors WHERE number IN {numbers}", (article_id,))
                self._connection.execute("DELETE FROM chunks WHERE article_id = ?", (article_id,))
                self._connection.execute("DELETE FROM articles WHERE id = ?", (article_id,))
                dropped += chunk_ids
                continue
            self._connection.execute(
                "UPDATE articles SET metadata = ?, title = ?, date = ?, date_source = ?, author = ?, url = ?, "
                "pages = ? WHERE id = ?",
                (row[1], *_columns(row[1]), article_id),
            )
            self._connection.executemany(f"{ADD_WORDS} VALUES (?, ?, ?)", self._words(article_id))
        return dropped

    def _words(self, article_id: str) -> list[tuple[int, str, str]]:
        title, text = self._connection.execute(
            "SELECT title, text FROM articles WHERE id = ?", (article_id,)
        ).fetchone()
        rows = self._connection.execute("SELECT number, start, end FROM chunks WHERE article_id = ?", (article_id,))
        return [(number, title, text[start:end]) for number, start, end in rows.fetchall()]

    def _forget_words(self, article_id: str) -> list[str]:
        """An external-content index must be told the words that it forgets."""
        self._connection.executemany(
            "INSERT INTO chunk_words (chunk_words, rowid, title, body) VALUES ('delete', ?, ?, ?)",
            self._words(article_id),
        )
        rows = self._connection.execute("SELECT id FROM chunks WHERE article_id = ?", (article_id,))
        return [row[0] for row in rows]

    def note_common_words(self) -> None:
        """Remember how common the common words are, where the library has grown or shrunk by a tenth."""
        count = self.chunk_count()
        if abs(count - int(self.meta("common_at") or 0)) <= count / 10:
            return
        self._connection.execute("DELETE FROM common_words")
        if count >= COMMON_FROM:
            self._connection.execute(
                "INSERT INTO common_words SELECT term, doc FROM chunk_vocabulary WHERE doc > ?", (MOST_ROWS / 50,)
            )
        self.set_meta("common_at", str(count))

    def article(self, article_id: str) -> Article | None:
        rows = self._connection.execute(
            f"SELECT id, title, text, {SOURCES}, date, date_source, author, url, pages FROM articles WHERE id = ?",
            (article_id,),
        )
        for id_, title, text, sources, date, date_source, author, url, pages in rows:
            held, starts = tuple(json.loads(sources)), tuple(json.loads(pages))
            return Article(id_, title, text, held, date, date_source, author, url, starts)
        return None

    def entries(self, filters: Filters, words: str = "") -> list[Entry]:
        """The articles that pass, in the order of their sources; with `words`, those that have all of them."""
        where, values = condition(filters)
        if terms := [f'"{term}"' for term in query_terms(words)]:
            matching = "SELECT article_id FROM chunk_words JOIN chunks ON number = chunk_words.rowid WHERE chunk_words"
            where += f" AND id IN ({matching} MATCH ?)" * len(terms)
            values += terms
        rows = self._connection.execute(
            f"SELECT id, title, {SOURCES} AS held, date, date_source, author, url, length(text) FROM articles "
            f"WHERE {where} ORDER BY held",
            values,
        )
        return [Entry(id_, title, tuple(json.loads(sources)), *rest) for id_, title, sources, *rest in rows]

    def chunks(self, chunk_ids: Sequence[str]) -> dict[str, Chunk]:
        """The chunks that exist among `chunk_ids`."""
        rows = self._in("SELECT id, article_id, start, end, sentences FROM chunks WHERE id IN", chunk_ids)
        return {
            id_: Chunk(id_, article_id, start, end, tuple((s, e) for s, e in json.loads(sentences)))
            for id_, article_id, start, end, sentences in rows
        }

    def vectors(self, chunk_ids: Sequence[str]) -> tuple[list[str], Matrix]:
        """The chunks that exist among `chunk_ids`, and their vectors, one row each."""
        query = "SELECT id, vector FROM chunks JOIN vectors USING (number) WHERE id IN"
        rows = list(self._in(query, chunk_ids))
        return [row[0] for row in rows], np.array([np.frombuffer(row[1], dtype=np.float32) for row in rows])

    def all_vectors(self) -> tuple[list[str], Matrix]:
        """The ids of all chunks, and their vectors, one row each."""
        rows = self._connection.execute("SELECT id, vector FROM chunks JOIN vectors USING (number)").fetchall()
        matrix = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.float32)
        return [row[0] for row in rows], matrix.reshape(len(rows), -1) if rows else matrix.reshape(0, 0)

    def _in(self, query: str, values: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        for start in range(0, len(values), MARKS):
            some = values[start : start + MARKS]
            yield from self._connection.execute(f"{query} ({','.join('?' * len(some))})", some)

    def article_count(self) -> int:
        return self._count("articles")

    def chunk_count(self) -> int:
        return self._count("chunks")

    def _count(self, table: str) -> int:
        return int(self._connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def chunk_ids(self, filters: Filters = NO_FILTERS) -> list[str]:
        """The ids of all chunks of the articles that pass."""
        where, values = condition(filters)
        query = f"SELECT id FROM chunks WHERE article_id IN (SELECT id FROM articles WHERE {where})"
        return [row[0] for row in self._connection.execute(query, values)]

    def search_words(self, text: str, limit: int, filters: Filters = NO_FILTERS) -> dict[str, float]:
        """Chunk id → BM25 score (higher is better) of the chunks that share a word with `text`."""
        terms = self._uncommon(query_terms(text))
        if not terms:
            return {}
        passing = ""
        where, values = condition(filters)
        if filters != NO_FILTERS:
            passing = (
                f"AND rowid IN (SELECT number FROM chunks WHERE article_id IN (SELECT id FROM articles WHERE {where}))"
            )
        # The best rows first, without a join: what makes a row's id costs more than its score.
        rows = self._connection.execute(
            f"""SELECT id, -score FROM (SELECT rowid AS number, rank AS score FROM chunk_words
                WHERE chunk_words MATCH ? AND rank MATCH 'bm25(0.5, 1.0)' {passing} ORDER BY rank LIMIT ?)
                JOIN chunks USING (number) ORDER BY score, id LIMIT ?""",
            (" OR ".join(f'"{term}"' for term in terms), *values, 2 * limit, limit),  # twice, for those of equal score
        )
        return dict(rows.fetchall())

    def _uncommon(self, terms: list[str]) -> list[str]:
        """The least common words, as many as can be looked up quickly; in a small library all of them."""
        if not self._count("common_words"):
            return terms
        self._connection.execute("DELETE FROM temp.question")
        self._connection.executemany("INSERT INTO temp.question (rowid, word) VALUES (?, ?)", enumerate(terms))
        rows = self._connection.execute(
            "SELECT doc, min(coalesce(passages, 0)) FROM temp.question_stems LEFT JOIN common_words ON stem = term "
            "GROUP BY doc ORDER BY 2, 1"
        ).fetchall()
        kept: set[int] = set()
        total = 0
        for place, passages in rows:
            total += passages
            if kept and total > MOST_ROWS:
                break
            kept.add(place)
        return [term for place, term in enumerate(terms) if place in kept]


def _metadata(article: Article) -> str:
    """What a source says of its article beside the text, as one value that can be compared."""
    values = article.title, article.date, article.date_source, article.author, article.url, article.pages
    return json.dumps(values, ensure_ascii=False)


def _columns(metadata: str) -> tuple[str | None, ...]:
    """Title, date, date source, author, address, and the pages as JSON."""
    *values, pages = json.loads(metadata)
    return *values, json.dumps(pages)
