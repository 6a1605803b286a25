"""A question → the passages nearest to it: Chroma's vectors and the catalog's words, fused; the best ones ranked."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from index.catalog import Catalog
from index.embed import Matrix
from index.errors import IndexStale
from index.exact import Exact
from index.fuse import convex_fusion, scaled
from index.nearest import Nearest
from index.rank import WEIGHTS, Asked, Found, WordVectors, features, rarity
from index.records import NO_FILTERS, Article, Chunk, Filters, Passage
from index.select import Choice, choose
from index.terms import query_terms
from index.typos import meant

CANDIDATES = 50  # of each half of the search, before fusion
RANKED = 24  # of the fused ones are looked at closely; more gain nothing
HISTORY_WEIGHT = 0.5  # an earlier question counts half (measured on MTRAG's conversations)
LONGER_LIST = 1_000  # where filters are given
PHRASE = re.compile(r"[\"“”„«»]([^\"“”„«»]*\w[^\"“”„«»]*)[\"“”„«»]")


@dataclass
class _Candidates:
    """What the halves of the search found: raw scores for the question, scaled ones over all questions."""

    dense: dict[str, float] = field(default_factory=dict)
    lexical: dict[str, float] = field(default_factory=dict)
    meaning: dict[str, float] = field(default_factory=dict)
    words: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ranking:
    """How candidates become a ranking: `dense_weight` of the fusion, the vectors of single words, and the weights."""

    dense_weight: float
    vectors: WordVectors
    weights: tuple[float, ...] = WEIGHTS


def search(  # noqa: PLR0913, PLR0917
    catalog: Catalog,
    vectors: Nearest,
    questions: Sequence[tuple[str, Matrix]],
    filters: Filters,
    ranking: Ranking,
    limit: int,
) -> list[Passage]:
    """The passages nearest to the first of `questions`, best first; the others are earlier ones, and count half."""
    asked, found = gather(catalog, vectors, questions, filters)
    fused = convex_fusion(found.meaning, found.words, ranking.dense_weight)
    phrases = [match.group(1).strip() for match in PHRASE.finditer(questions[0][0])]
    holding = catalog.search_phrases(phrases, CANDIDATES, filters) if phrases else {}
    order = sorted({*fused, *holding}, key=lambda key: (key not in holding, -fused.get(key, 0.0), key))
    looked_at = catalog.chunks(order[: max(RANKED, limit)])  # ids that only Chroma has are no chunks
    texts = catalog.texts(looked_at.values())
    choices = []
    ids = [key for key in order if key in texts]
    rows = features(asked, [_found(found, key, *texts[key]) for key in ids], ranking.vectors)
    scores = dict(zip(ids, (rows @ np.array(ranking.weights, dtype=np.float32)).tolist(), strict=True))
    for key in ids:
        holds = bool(phrases) and all(_plain(phrase) in _plain(texts[key][1]) for phrase in phrases)
        choices.append(Choice(key, looked_at[key].article_id, texts[key][1], scores[key], holds))
    chosen = choose(choices, limit)
    return list(_passages(catalog, found, [(looked_at[one.key], one.score) for one in chosen]))


def gather(
    catalog: Catalog, vectors: Nearest, questions: Sequence[tuple[str, Matrix]], filters: Filters
) -> tuple[Asked, _Candidates]:
    """The words of the questions with their weights, and what each half of the search finds."""
    found = _Candidates()
    weights: dict[str, float] = {}
    size = catalog.chunk_count()
    total = 1 + HISTORY_WEIGHT * (len(questions) - 1)
    for place, (text, vector) in enumerate(questions):
        share = (HISTORY_WEIGHT if place else 1.0) / total
        words = _known_words(catalog, query_terms(text))
        for word, passages in words.items():
            weights[word] = max(weights.get(word, 0.0), share * rarity(passages, size))
        nearest = _nearest(catalog, vectors, vector, filters)
        if not nearest and filters == NO_FILTERS and size:
            raise IndexStale("The vectors are missing.", "Run: footnote index")
        matching = catalog.search_words(words, CANDIDATES, filters)
        # A chunk found by its words is compared by its meaning too, not taken for the farthest of all.
        ids, rows = catalog.vectors([key for key in matching if key not in nearest])
        nearest |= dict(zip(ids, (rows @ vector.ravel()).tolist(), strict=True)) if ids else {}
        if not place:
            found.dense, found.lexical = nearest, matching
        for sums, half in zip((found.meaning, found.words), scaled(nearest, matching), strict=True):
            for key, score in half.items():
                sums[key] = sums.get(key, 0.0) + share * score
    return Asked(tuple(weights), tuple(weights.values())), found


def _known_words(catalog: Catalog, words: Iterable[str]) -> dict[str, int]:
    """How many passages have each word; one that none has brings the word along that it must mean."""
    found = catalog.frequencies(list(words))
    for word in [word for word, passages in found.items() if not passages]:
        if (other := meant(word, catalog.stems_from)) and other not in found:
            found |= catalog.frequencies([other])
    return found


def _nearest(catalog: Catalog, vectors: Nearest, vector: Matrix, filters: Filters) -> dict[str, float]:
    if filters == NO_FILTERS:
        return vectors.search(vector, CANDIDATES)
    # Most filters let enough of a longer list pass; only for a narrow one all that pass are compared.
    found = vectors.search(vector, LONGER_LIST)
    passing = catalog.passing(list(found), filters)
    if len(passing) < CANDIDATES and len(found) == LONGER_LIST:
        return Exact(*catalog.all_vectors(filters)).search(vector, CANDIDATES)
    return dict([(key, score) for key, score in found.items() if key in passing][:CANDIDATES])


def _found(found: _Candidates, key: str, title: str, text: str) -> Found:
    return Found(title, text, found.meaning.get(key, 0.0), found.words.get(key, 0.0))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _passages(catalog: Catalog, found: _Candidates, chosen: Sequence[tuple[Chunk, float]]) -> Iterable[Passage]:
    articles: dict[str, Article | None] = {}
    for chunk, score in chosen:
        if chunk.article_id not in articles:
            articles[chunk.article_id] = catalog.article(chunk.article_id)
        if article := articles[chunk.article_id]:
            scores = round(score, 6), found.dense.get(chunk.id, 0.0), found.lexical.get(chunk.id, 0.0)
            yield Passage(chunk, article, *scores)
