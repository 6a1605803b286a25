"""A question → the passages nearest to it: Chroma's vectors and the catalog's words, fused; the best ones ranked."""

import re
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from index.catalog import Catalog
from index.embed import Matrix
from index.errors import IndexStale
from index.exact import Exact
from index.focus import Candidate, focus
from index.fuse import convex_fusion, scaled
from index.nearest import Nearest
from index.rank import FEATURES, Asked, Found, WordVectors, features, likeness, rarity
from index.records import NO_FILTERS, Chunk, Filters, Passage
from index.select import Choice, choose
from index.terms import query_terms, words
from index.typos import meant

CANDIDATES = 50  # of each half of the search, before fusion
RANKED = 16  # of the fused ones are looked at closely; more gain nothing
LIKENESS = FEATURES.index("likeness")
RANKED_CLOSELY = 24  # where neighbours become one there is room for more
HISTORY_WEIGHT = 0.3  # of an earlier question (evals/LOG.md)
LONGER_LIST = 1_000  # where filters are given
PHRASE = re.compile(r"[\"“”„«»]([^\"“”„«»]*[^\W_][^\"“”„«»]*)[\"“”„«»]")


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
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """Passages that were looked at closely, a row of `features` for each; raw scores of both halves by chunk id."""

    asked: Asked
    chunks: Sequence[Chunk]
    texts: Sequence[str]
    features: Matrix
    dense: Mapping[str, float]
    lexical: Mapping[str, float]


def search(  # noqa: PLR0913, PLR0917
    catalog: Catalog,
    vectors: Nearest,
    questions: Sequence[tuple[str, Matrix]],
    filters: Filters,
    ranking: Ranking,
    limit: int,
) -> list[Passage]:
    """The passages nearest to the first of `questions`, best first; the others are earlier ones, and count less."""
    found = look(catalog, vectors, questions, filters, ranking, max(RANKED, limit))
    return [passage for passage, _ in _chosen(catalog, found, questions[0][0], ranking, limit)]


def search_closely(  # noqa: PLR0913, PLR0917
    catalog: Catalog,
    vectors: Nearest,
    questions: Sequence[tuple[str, Matrix]],
    filters: Filters,
    ranking: Ranking,
    limit: int,
) -> list[Passage]:
    """What of the passages is near the first of `questions`: see `index.focus`."""
    found = look(catalog, vectors, questions, filters, ranking, RANKED_CLOSELY)
    chosen = _chosen(catalog, found, questions[0][0], ranking, RANKED_CLOSELY)
    whole = dict(zip((chunk.id for chunk in found.chunks), found.features[:, LIKENESS].tolist(), strict=True))
    spans = [(one.article.text, span) for one, _ in chosen for span in one.chunk.sentences]
    each = iter(likeness(found.asked, [text[start:end] for text, (start, end) in spans], ranking.vectors))
    candidates = [
        Candidate(one, whole[one.chunk.id], list(islice(each, len(one.chunk.sentences))), holds_phrase)
        for one, holds_phrase in chosen
    ]
    return focus(candidates, limit)


def _chosen(catalog: Catalog, found: Looked, question: str, ranking: Ranking, limit: int) -> list[tuple[Passage, bool]]:
    """The passages to be shown, and whether each holds what the question puts in quotation marks."""
    # Rounded, so that no last bit of a sum decides between two that are as good as each other.
    scores = [round(score, 6) for score in (found.features @ np.array(ranking.weights, dtype=np.float32)).tolist()]
    phrases = [_plain(phrase) for phrase in _phrases(question)]
    choices = [
        Choice(chunk.id, chunk.article_id, text, score, bool(phrases) and all(one in _plain(text) for one in phrases))
        for chunk, text, score in zip(found.chunks, found.texts, scores, strict=True)
    ]
    chunks = {chunk.id: chunk for chunk in found.chunks}
    chosen = choose(choices, limit)
    articles = catalog.articles(list({choice.article_id for choice in chosen}))
    passages = []
    for one in chosen:
        if article := articles.get(one.article_id):
            halves = found.dense.get(one.key, 0.0), found.lexical.get(one.key, 0.0)
            passages.append((Passage(chunks[one.key], article, one.score, *halves), one.holds_phrase))
    return passages


def look(  # noqa: PLR0913, PLR0917
    catalog: Catalog,
    vectors: Nearest,
    questions: Sequence[tuple[str, Matrix]],
    filters: Filters,
    ranking: Ranking,
    count: int,
) -> Looked:
    """The `count` best of what both halves of the search find, and what speaks for each."""
    asked, found = _gather(catalog, vectors, questions, filters)
    fused = convex_fusion(found.meaning, found.words, ranking.dense_weight)
    phrases = _phrases(questions[0][0])
    holding = catalog.search_phrases(phrases, CANDIDATES, filters) if phrases else {}
    order = sorted({*fused, *holding}, key=lambda key: (key not in holding, -fused.get(key, 0.0), key))[:count]
    known = catalog.chunks(order)  # ids that only Chroma has are no chunks
    texts = catalog.texts(known.values())
    chunks = [known[key] for key in order if key in texts]
    rows = features(
        asked,
        [
            Found(title, text, found.meaning.get(one.id, 0.0), found.words.get(one.id, 0.0), date)
            for one in chunks
            for title, text, date in [texts[one.id]]
        ],
        ranking.vectors,
    )
    return Looked(asked, chunks, [texts[one.id][1] for one in chunks], rows, found.dense, found.lexical)


def _gather(
    catalog: Catalog, vectors: Nearest, questions: Sequence[tuple[str, Matrix]], filters: Filters
) -> tuple[Asked, _Candidates]:
    """The words of the questions with their weights, and what each half of the search finds."""
    depth = CANDIDATES if filters == NO_FILTERS else LONGER_LIST  # most filters let enough of a longer list pass
    with ThreadPoolExecutor(1) as beside:  # neither Chroma nor SQLite holds the interpreter's lock
        listed = [beside.submit(vectors.search, vector, depth) for _, vector in questions]
        known = [_known_words(catalog, query_terms(text)) for text, _ in questions]
        matched = [catalog.search_words(words, CANDIDATES, filters) for words in known]
    found = _Candidates()
    weights: dict[str, float] = {}
    size = catalog.chunk_count()
    total = 1 + HISTORY_WEIGHT * (len(questions) - 1)
    for place, (_, vector) in enumerate(questions):
        share = (HISTORY_WEIGHT if place else 1.0) / total
        for word, passages in known[place].items():
            weights[word] = max(weights.get(word, 0.0), share * rarity(passages, size))
        nearest, matching = _passing(catalog, listed[place].result(), vector, filters), matched[place]
        if not nearest and filters == NO_FILTERS and size:
            raise IndexStale("The vectors are missing.", "Run: footnote index")
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


def _passing(catalog: Catalog, found: dict[str, float], vector: Matrix, filters: Filters) -> dict[str, float]:
    """The nearest of those found that pass; for a narrow filter all that pass are compared."""
    if filters == NO_FILTERS:
        return found
    passing = catalog.passing(list(found), filters)
    if len(passing) < CANDIDATES and len(found) == LONGER_LIST:
        return Exact(*catalog.all_vectors(filters)).search(vector, CANDIDATES)
    return dict([(key, score) for key, score in found.items() if key in passing][:CANDIDATES])


def _phrases(text: str) -> list[str]:
    """What the question puts in quotation marks."""
    return [match.group(1).strip() for match in PHRASE.finditer(text)]


def _plain(text: str) -> str:
    """The words alone, so that "war" is not found in "toward", nor a phrase missed for a comma."""
    return f" {' '.join(words(text))} "
