"""Which of the passages found is the best one: what speaks for each, and how much that weighs."""

import math
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from index.embed import Matrix
from index.terms import STOP_WORDS, plain_words, split, stem

# What speaks for a passage, each in [0, 1] but for the length:
#   meaning   its vector is near that of the question (scaled over the passages found)
#   words     BM25 (likewise)
#   likeness  each word of the question is, or is like, one of its words or of its date's (weighed by rarity)
#   nearness  they stand close together
#   length    the logarithm of its number of words: a fragment seldom answers
#   company   other passages found under the same title are good too
FEATURES = ("meaning", "words", "likeness", "nearness", "length", "company")
# Learnt by `python -m evals train` on MTRAG's questions alone; evals/LOG.md says what they give on other sets.
WEIGHTS = {
    "static": (0.267, 0.0, 0.405, 0.153, 0.018, 0.156),
    "minilm": (0.581, 0.0, 0.156, 0.154, 0.057, 0.053),
}
WINDOW = 20  # words that stand close together
BEGINNING = re.compile(r".[^i'’]{0,3}")
TABLE = 30_000  # words whose vectors are kept, 30 MB at most


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of a question, and what each weighs."""

    words: tuple[str, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A passage and how well each half of the search liked it, scaled to [0, 1]."""

    title: str
    text: str
    dense: float
    lexical: float
    date: str = ""  # of its article, in words


def rarity(passages: int, of: int) -> float:
    """Inverse document frequency of a word that so many passages have (Robertson and Walker's, kept positive)."""
    return math.log(1 + (of - passages + 0.5) / (passages + 0.5))


def weights_for(embedder: str) -> tuple[float, ...]:
    """The weights of `FEATURES` for the embedder of that name; those of MiniLM for models that are not known."""
    return WEIGHTS.get(embedder.partition(":")[0], WEIGHTS["minilm"])


class WordVectors:
    """The vectors of single words, kept once they are known. Any thread may ask."""

    def __init__(self, embed: Callable[[Sequence[str]], Matrix]) -> None:
        self._embed = embed
        self._lock = threading.Lock()
        self._rows: dict[str, int] = {}
        self._table: Matrix | None = None

    def of(self, words: Sequence[str]) -> Matrix:
        """Unit vectors, shape (len(words), dimension)."""
        if len(set(words)) > TABLE:
            return self._embed(words)
        with self._lock:
            missing = [word for word in dict.fromkeys(words) if word not in self._rows]
            if missing and len(self._rows) + len(missing) > TABLE:
                self._rows.clear()
                missing = list(dict.fromkeys(words))
            if missing:
                vectors = self._embed(missing)
                if self._table is None:
                    self._table = np.empty((TABLE, vectors.shape[1]), dtype=np.float32)
                start = len(self._rows)
                self._table[start : start + len(vectors)] = vectors
                self._rows.update({word: start + place for place, word in enumerate(missing)})
            if self._table is None:
                return np.empty((0, 0), dtype=np.float32)
            return self._table[[self._rows[word] for word in words]]


def features(asked: Asked, found: Sequence[Found], vectors: WordVectors) -> Matrix:
    """A row for each passage, a column for each of `FEATURES`."""
    rows = np.zeros((len(found), len(FEATURES)), dtype=np.float32)
    if not found:
        return rows
    texts = [[word.lower() for word in split(one.text)] for one in found]
    rows[:, 0] = [one.dense for one in found]
    rows[:, 1] = [one.lexical for one in found]
    weights = np.array(asked.weights, dtype=np.float32)
    if asked.words and weights.sum() > 0:
        weights /= weights.sum()
        dates = [plain_words(one.date) for one in found]
        columns = _columns(asked.words, [*texts, *dates])
        best = _likeness(asked.words, texts, columns, vectors)
        for row, words in enumerate(dates):
            best[row, [columns[word] for word in words if word in columns]] = 1.0
        rows[:, 2] = best @ weights
        rows[:, 3] = [_nearness(words, columns, weights) for words in texts]
    rows[:, 4] = [math.log(1 + len(words)) for words in texts]
    rows[:, 5] = _company(found)
    return rows


def likeness(asked: Asked, texts: Sequence[str], vectors: WordVectors) -> list[float]:
    """How like the words of a question those of each text are, weighed by rarity, in [0, 1]."""
    weights = np.array(asked.weights, dtype=np.float32)
    if not (texts and weights.sum() > 0):
        return [0.0] * len(texts)
    given = [[word.lower() for word in split(text)] for text in texts]
    best = _likeness(asked.words, given, _columns(asked.words, given), vectors)
    found: list[float] = (best @ (weights / weights.sum())).tolist()
    return found


def _columns(asked: Sequence[str], texts: Sequence[Sequence[str]]) -> dict[str, int]:
    """Word of a passage → the word of the question that it is a form of."""
    places = {stem(word): place for place, word in enumerate(asked)}
    beginnings = tuple({_beginning(root) for root in places})  # to stem all words would take longest
    known = {word for words in texts for word in words if word.startswith(beginnings)}
    return {word: places[root] for word in known if (root := stem(word)) in places}


def _beginning(root: str) -> str:
    """What every word with this stem begins with; its last letter may be another one ("hope", "hoping"), and y an i."""
    found = BEGINNING.match(root[:-1])
    return found.group() if found else root[:1]


def _likeness(
    asked: Sequence[str], texts: Sequence[Sequence[str]], columns: dict[str, int], vectors: WordVectors
) -> Matrix:
    """How like each word of the question (a column) the words of each passage (a row) are."""
    given = [[word for word in set(words) if word not in STOP_WORDS or word in columns] or [""] for words in texts]
    everything = [word for words in given for word in words]
    rows = {word: row for row, word in enumerate(dict.fromkeys(everything))}
    # Not `@`: for so few numbers its threads only wait for each other, 16 ms on a busy machine instead of 0.2.
    cosines = np.einsum("ij,kj->ik", vectors.of(list(rows)), vectors.of(asked))
    for word, column in columns.items():
        if (row := rows.get(word)) is not None:
            cosines[row, column] = 1.0
    starts = np.cumsum([0, *(len(words) for words in given[:-1])])
    each = cosines[[rows[word] for word in everything]]
    best: Matrix = np.clip(np.maximum.reduceat(each, starts, axis=0), 0, 1)
    return best


def _nearness(words: Sequence[str], columns: dict[str, int], weights: Matrix) -> float:
    """The weight of the question's words in the best stretch of a passage."""
    hits = [(place, column) for place, word in enumerate(words) if (column := columns.get(word)) is not None]
    best = 0.0
    for number, (start, _) in enumerate(hits):
        inside = {column for place, column in hits[number : number + WINDOW] if place - start <= WINDOW}
        best = max(best, float(sum(weights[column] for column in inside)))
    return best


def _company(found: Sequence[Found]) -> list[float]:
    """Half the sum of the best two others under the same title."""
    scores = [(one.dense + one.lexical) / 2 for one in found]
    places: dict[str, list[int]] = {}
    for place, one in enumerate(found):
        places.setdefault(one.title, []).append(place)
    return [
        sum(sorted((scores[other] for other in places[one.title] if other != place), reverse=True)[:2]) / 2
        for place, one in enumerate(found)
    ]
