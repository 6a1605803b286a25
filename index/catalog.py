"""Articles, their chunks, vectors and words, and what the index was built with. The truth."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.database import Database
from index.embed import Matrix
from index.filters import condition
from index.records import NO_FILTERS, Article, Chunk, Entry, Filters, SourceState
from index.schema import COMMON_FROM, DATED, MOST_ROWS
from index.terms import plain_words, query_terms

SOURCES = """(SELECT json_group_array(source) FROM
    (SELECT source FROM sources WHERE article_id = articles.id ORDER BY source))"""
ADD_WORDS = "INSERT INTO chunk_words (rowid, title, body)"
WORDS_OF_CHUNK = "SELECT number, title, body FROM chunk_texts WHERE number = ?"
WORDS_OF_ARTICLE = """SELECT number, title, body FROM chunk_texts
    WHERE number IN (SELECT number FROM chunks WHERE article_id = ?)"""
MARKS = 500  # values in one IN (…)


class Catalog(Database):
    """The tables of one index."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._stems: tuple[int, dict[str, list[str]]] = (-1, {})

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

    def all_vectors(self, filters: Filters = NO_FILTERS) -> tuple[list[str], Matrix]:
        """The ids of all chunks of the articles that pass, and their vectors, one row each."""
        where, values = condition(filters)
        passing = "" if filters == NO_FILTERS else f"WHERE article_id IN (SELECT id FROM articles WHERE {where})"
        query = f"SELECT id, vector FROM chunks JOIN vectors USING (number) {passing}"
        rows = self._connection.execute(query, values if passing else []).fetchall()
        matrix = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.float32)
        return [row[0] for row in rows], matrix.reshape(len(rows), -1) if rows else matrix.reshape(0, 0)

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

    def _count(self, table: str) -> int:
        return int(self._connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def chunk_ids(self) -> list[str]:
        """The ids of all chunks."""
        return [row[0] for row in self._connection.execute("SELECT id FROM chunks")]

    def passing(self, chunk_ids: Sequence[str], filters: Filters) -> set[str]:
        """Those of `chunk_ids` whose articles pass."""
        where, values = condition(filters)
        query = f"SELECT chunks.id FROM chunks JOIN articles ON articles.id = article_id WHERE {where} AND chunks.id IN"
        return {row[0] for row in self._in(query, chunk_ids, values)}

    def frequencies(self, words: Sequence[str]) -> dict[str, int]:
        """How many passages have each word, in whatever form."""
        self._connection.execute("DELETE FROM temp.question")
        self._connection.executemany("INSERT INTO temp.question (rowid, word) VALUES (?, ?)", enumerate(words))
        stems = self._connection.execute(
            "SELECT doc, term, passages FROM temp.question_stems LEFT JOIN common_words ON stem = term"
        ).fetchall()
        found = dict.fromkeys(words, 0)
        rarest: dict[int, int] = {}
        for place, term, passages in stems:
            count = passages or self._passages(term)
            rarest[place] = min(count, rarest.get(place, count))
        return found | {words[place]: count for place, count in rarest.items()}

    def _passages(self, stem: str) -> int:
        row = self._connection.execute("SELECT doc FROM chunk_vocabulary WHERE term = ?", (stem,)).fetchone()
        return int(row[0]) if row else 0

    def stems_from(self, letter: str) -> list[str]:
        """The stems of all words that begin with a letter; read once for each state of the catalog."""
        generation = self.generation()
        if self._stems[0] != generation:
            self._stems = generation, {}
        stems = self._stems[1]
        if letter not in stems:
            query = "SELECT term FROM chunk_vocabulary WHERE term >= ? AND term < ?"
            rows = self._connection.execute(query, (letter, chr(ord(letter) + 1)))
            stems[letter] = [row[0] for row in rows]
        return stems[letter]

    def search_words(self, words: Mapping[str, int], limit: int, filters: Filters = NO_FILTERS) -> dict[str, float]:
        """Chunk id → BM25 score (higher is better) of the chunks that have one of the words, given how common."""
        chosen = _rarest(words) if self._has_common_words() else list(words)
        return self._match(" OR ".join(f'"{word}"' for word in chosen), limit, filters)

    def search_phrases(self, phrases: Sequence[str], limit: int, filters: Filters = NO_FILTERS) -> dict[str, float]:
        """The same of the chunks that have all of the phrases."""
        quoted = (" ".join(plain_words(phrase)) for phrase in phrases)
        return self._match(" AND ".join(f'"{phrase}"' for phrase in quoted if phrase), limit, filters)

    def _match(self, expression: str, limit: int, filters: Filters) -> dict[str, float]:
        if not expression:
            return {}
        passing = ""
        where, values = condition(filters)
        if filters != NO_FILTERS:
            passing = (  # looked at row by row, best first, until there are enough
                "AND EXISTS (SELECT 1 FROM chunks JOIN articles ON articles.id = article_id "
                f"WHERE chunks.number = chunk_words.rowid AND {where})"
            )
        # The best rows first, without a join: what makes a row's id costs more than its score.
        rows = self._connection.execute(
            f"""SELECT id, -score FROM (SELECT rowid AS number, rank AS score FROM chunk_words
                WHERE chunk_words MATCH ? AND rank MATCH 'bm25(0.5, 1.0)' {passing} ORDER BY rank LIMIT ?)
                JOIN chunks USING (number) ORDER BY score, id LIMIT ?""",
            (expression, *values, 2 * limit, limit),  # twice, for those of equal score
        )
        return dict(rows.fetchall())

    def _has_common_words(self) -> bool:
        return bool(self._connection.execute("SELECT 1 FROM common_words").fetchone())


def _rarest(words: Mapping[str, int]) -> list[str]:
    """The least common words, as many as can be looked up quickly, and never none."""
    kept: set[str] = set()
    total = 0
    for word in sorted(words, key=lambda word: words[word]):
        total += words[word]
        if kept and total > MOST_ROWS:
            break
        kept.add(word)
    return [word for word in words if word in kept]


def _metadata(article: Article) -> str:
    """What a source says of its article beside the text, as one value that can be compared."""
    values = article.title, article.date, article.date_source, article.author, article.url, article.pages
    return json.dumps(values, ensure_ascii=False)


def _columns(metadata: str) -> tuple[str | None, ...]:
    """Title, date, date source, author, address, and the pages as JSON."""
    *values, pages = json.loads(metadata)
    return *values, json.dumps(pages)
