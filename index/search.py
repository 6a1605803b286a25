"""A question → the passages nearest to it: Chroma's vectors and the catalog's words, fused."""

from collections.abc import Sequence

from index.catalog import Catalog
from index.embed import Matrix
from index.errors import IndexStale
from index.exact import Exact
from index.fuse import convex_fusion
from index.nearest import Nearest
from index.records import NO_FILTERS, Article, Filters, Passage

CANDIDATES = 50  # of each half of the search, before fusion
HISTORY_WEIGHT = 0.5  # an earlier question counts half (measured on MTRAG's conversations)
LONGER_LIST = 1_000  # where filters are given


def search(  # noqa: PLR0913, PLR0917
    catalog: Catalog,
    vectors: Nearest,
    questions: Sequence[tuple[str, Matrix]],
    filters: Filters,
    dense_weight: float,
    limit: int,
) -> list[Passage]:
    """The passages nearest to the first of `questions`, best first; the others are earlier ones, and count half."""
    total: dict[str, float] = {}
    dense: dict[str, float] = {}
    lexical: dict[str, float] = {}
    weights = 0.0
    for place, (text, vector) in enumerate(questions):
        weight = HISTORY_WEIGHT if place else 1.0
        weights += weight
        nearest = _nearest(catalog, vectors, vector, filters)
        if not nearest and filters == NO_FILTERS and catalog.chunk_count():
            raise IndexStale("The vectors are missing.", "Run: footnote index")
        matching = catalog.search_words(text, CANDIDATES, filters)
        # A chunk found by its words is compared by its meaning too, not taken for the farthest of all.
        ids, found = catalog.vectors([key for key in matching if key not in nearest])
        nearest |= dict(zip(ids, (found @ vector.ravel()).tolist(), strict=True)) if ids else {}
        for key, score in convex_fusion(nearest, matching, dense_weight).items():
            total[key] = total.get(key, 0.0) + weight * score
        if not place:
            dense, lexical = nearest, matching
    ranked = sorted(total, key=lambda key: (-total[key], key))
    passages: list[Passage] = []
    articles: dict[str, Article | None] = {}
    for start in range(0, len(ranked), limit):
        chunks = catalog.chunks(ranked[start : start + limit])  # ids that only Chroma has are no chunks
        for key in [key for key in ranked[start : start + limit] if key in chunks]:
            chunk = chunks[key]
            if chunk.article_id not in articles:
                articles[chunk.article_id] = catalog.article(chunk.article_id)
            if (article := articles[chunk.article_id]) and len(passages) < limit:
                scores = round(total[key] / weights, 6), dense.get(key, 0.0), lexical.get(key, 0.0)
                passages.append(Passage(chunk, article, *scores))
        if len(passages) == limit:
            break
    return passages


def _nearest(catalog: Catalog, vectors: Nearest, vector: Matrix, filters: Filters) -> dict[str, float]:
    if filters == NO_FILTERS:
        return vectors.search(vector, CANDIDATES)
    # Most filters let enough of a longer list pass; only for a narrow one all that pass are compared.
    found = vectors.search(vector, LONGER_LIST)
    passing = catalog.passing(list(found), filters)
    if len(passing) < CANDIDATES and len(found) == LONGER_LIST:
        return Exact(*catalog.all_vectors(filters)).search(vector, CANDIDATES)
    return dict([(key, score) for key, score in found.items() if key in passing][:CANDIDATES])
