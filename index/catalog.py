"""Articles, their chunks, vectors and words, and what the index was built with. The truth."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from index.embed import Matrix
from index.filters import condition
from index.records import NO_FILTERS, Article, Chunk, Entry, Filters, SourceState
from index.schema import DATED
from index.terms import query_terms
from index.words import Words

SOURCES = """(SELECT json_group_array(source) FROM
    (SELECT source FROM sources WHERE article_id = articles.id ORDER BY source))"""
ADD_WORDS = "INSERT INTO chunk_words (rowid, title, body)"
WORDS_OF_CHUNK = "SELECT number, title, body FROM chunk_texts WHERE number = ?"
WORDS_OF_ARTICLE = """SELECT number, title, body FROM chunk_texts
    WHERE number IN (SELECT number FROM chunks WHERE article_id = ?)"""
MARKS = 500  # values in one IN (…)
BLOCK = 500  # vectors read at once; more are slower


class Catalog(Words):
    """The tables of one index."""

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
            self._connection.execute(f"{ADD_WORDS} {WORDS_OF_CHUNK}", (row,))
        self.note_new_words(f"{article.title}\n{article.text}")

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
            self._connection.execute(f"{ADD_WORDS} {WORDS_OF_ARTICLE}", (article_id,))
        return dropped

    def _forget_words(self, article_id: str) -> list[str]:
        """An external-content index must be told the words that it forgets."""
        forgotten = WORDS_OF_ARTICLE.replace("SELECT", "SELECT 'delete',", 1)
        self._connection.execute(
            f"INSERT INTO chunk_words (chunk_words, rowid, title, body) {forgotten}", (article_id,)
        )
        rows = self._connection.execute("SELECT id FROM chunks WHERE article_id = ?", (article_id,))
        return [row[0] for row in rows]

    def texts(self, chunks: Iterable[Chunk]) -> dict[str, tuple[str, str, str]]:
        """Chunk id → the title of its article, its text, and the date of the article in words."""
        wanted = list(chunks)
        articles = {
            id_: (title, text, date)
            for id_, title, text, date in self._in(
                f"SELECT id, title, text, substr({DATED}, length(title) + 2) FROM articles WHERE id IN",
                list({chunk.article_id for chunk in wanted}),
            )
        }
        return {
            chunk.id: (article[0], article[1][chunk.start : chunk.end], article[2])
            for chunk in wanted
            if (article := articles.get(chunk.article_id))
        }

    def article(self, article_id: str) -> Article | None:
        return self.articles([article_id]).get(article_id)

    def articles(self, article_ids: Sequence[str]) -> dict[str, Article]:
        """The articles that exist among `article_ids`."""
        query = f"SELECT id, title, text, {SOURCES}, date, date_source, author, url, pages FROM articles WHERE id IN"
        found = {}
        for id_, title, text, sources, date, date_source, author, url, pages in self._in(query, article_ids):
            held, starts = tuple(json.loads(sources)), tuple(json.loads(pages))
            found[id_] = Article(id_, title, text, held, date, date_source, author, url, starts)
        return found

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

    def newest(self, count: int) -> list[str]:
        """The ids of the articles with the latest dates, those without one last."""
        rows = self._connection.execute("SELECT id FROM articles ORDER BY date DESC, id LIMIT ?", (count,))
        return [row[0] for row in rows]

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

    def all_vectors(self, filters: Filters = NO_FILTERS) -> tuple[list[str], Matrix]:
        """The ids of all chunks of the articles that pass, and their vectors, one row each."""
        where, values = condition(filters)
        passing = "" if filters == NO_FILTERS else f"WHERE article_id IN (SELECT id FROM articles WHERE {where})"
        query = f"SELECT id, vector FROM chunks JOIN vectors USING (number) {passing}"
        rows = self._connection.execute(query, values if passing else []).fetchall()
        matrix = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.float32)
        return [row[0] for row in rows], matrix.reshape(len(rows), -1) if rows else matrix.reshape(0, 0)

    def vector_blocks(self) -> Iterator[tuple[list[int], Matrix]]:
        """The numbers of all chunks and their vectors, one row each; some at a time."""
        found = self._connection.execute("SELECT number, vector FROM vectors")
        while rows := found.fetchmany(BLOCK):
            matrix = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.float32)
            yield [row[0] for row in rows], matrix.reshape(len(rows), -1)

    def ids_of(self, numbers: Sequence[str]) -> dict[str, str]:
        """Number, as text → id of the chunks that exist among `numbers`."""
        return dict(self._in("SELECT CAST(number AS TEXT), id FROM chunks WHERE number IN", numbers))

    def _in(self, query: str, values: Sequence[str], others: Sequence[str] = ()) -> Iterator[tuple[Any, ...]]:
        for start in range(0, len(values), MARKS):
            some = values[start : start + MARKS]
            yield from self._connection.execute(f"{query} ({','.join('?' * len(some))})", (*others, *some))

    def is_empty(self) -> bool:
        return not self._connection.execute("SELECT 1 FROM articles").fetchone()

    def article_count(self) -> int:
        return self._count("articles")

    def chunk_count(self) -> int:
        return self._count("chunks")

    def chunk_ids(self) -> list[str]:
        """The ids of all chunks."""
        return [row[0] for row in self._connection.execute("SELECT id FROM chunks")]

    def passing(self, chunk_ids: Sequence[str], filters: Filters) -> set[str]:
        """Those of `chunk_ids` whose articles pass."""
        where, values = condition(filters)
        query = f"SELECT chunks.id FROM chunks JOIN articles ON articles.id = article_id WHERE {where} AND chunks.id IN"
        return {row[0] for row in self._in(query, chunk_ids, values)}


def _metadata(article: Article) -> str:
    """What a source says of its article beside the text, as one value that can be compared."""
    values = article.title, article.date, article.date_source, article.author, article.url, article.pages
    return json.dumps(values, ensure_ascii=False)


def _columns(metadata: str) -> tuple[str | None, ...]:
    """Title, date, date source, author, address, and the pages as JSON."""
    *values, pages = json.loads(metadata)
    return *values, json.dumps(pages)
