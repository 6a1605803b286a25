"""The words of all passages: how common each is, and which passages have them (SQLite's full-text index)."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from index.database import Database
from index.filters import condition
from index.records import NO_FILTERS, Filters
from index.schema import COMMON, COMMON_FROM, MOST_ROWS
from index.terms import plain_words

COUNTED_AT = "words_at"  # the catalog's note: how many chunks there were when all words were counted


class Words(Database):
    """What the catalog knows of words."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._stems: tuple[int, dict[str, list[str]]] = (-1, {})

    def note_common_words(self) -> None:
        """Remember the words and how common each is, where the library has grown or shrunk by a tenth."""
        count = self._count("chunks")
        if abs(count - int(self.meta(COUNTED_AT) or 0)) <= count / 10:
            return
        self._connection.execute("DELETE FROM common_words")
        if count >= COMMON_FROM:
            self._connection.execute("INSERT INTO common_words SELECT term, doc FROM chunk_vocabulary")
        self.set_meta(COUNTED_AT, str(count))

    def note_new_words(self, text: str) -> None:
        """Remember the words of a text that came since, so that a typo is mended to them too."""
        if self._has_common_words():
            self._take_apart([text])
            self._connection.execute("INSERT OR IGNORE INTO common_words SELECT term, 0 FROM temp.question_stems")

    def _take_apart(self, texts: Sequence[str]) -> None:
        """Fill `question_stems` with the stems of the texts, numbered from 0."""
        self._connection.execute("DELETE FROM temp.question")
        self._connection.executemany("INSERT INTO temp.question (rowid, word) VALUES (?, ?)", enumerate(texts))

    def frequencies(self, words: Sequence[str]) -> dict[str, int]:
        """How many passages have each word, in whatever form."""
        self._take_apart(words)
        stems = self._connection.execute(
            "SELECT doc, term, passages FROM temp.question_stems "
            "LEFT JOIN common_words ON stem = term AND passages > ?",
            (COMMON,),  # what is rare now may have been rarer when it was counted
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
            # The full-text index gives a word only after counting all the places where it stands.
            noted = self.meta(COUNTED_AT) and self._has_common_words()
            table, column = ("common_words", "stem") if noted else ("chunk_vocabulary", "term")
            query = f"SELECT {column} FROM {table} WHERE {column} >= ? AND {column} < ? ORDER BY {column}"
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
