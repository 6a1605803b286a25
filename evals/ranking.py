"""How good a ranking of documents is, as trec_eval counts it (ir-measures' door)."""

from collections.abc import Iterable, Mapping, Sequence

from evals.systems import Hit

METRICS = ("nDCG@5", "nDCG@10", "recall@5", "recall@10", "MRR@10", "hit@10")
DEPTH = 10  # documents that count

Judgements = Mapping[str, Mapping[str, int]]  # query id → document id → relevance; from 1 on it is relevant


def ranked(hits: Iterable[Hit]) -> list[str]:
    """The documents in the order of their best passages, each once; those of one text stand together."""
    return list(dict.fromkeys(document for hit in hits for document in hit.documents))


def scores(rankings: Mapping[str, Sequence[str]], judged: Judgements) -> dict[str, dict[str, float]]:
    """Query id → metric → value, for the queries of `rankings`; each must be judged.

    nDCG has the relevance as its gain and log2(1 + rank) as its discount. An empty ranking is worth 0.
    """
    import ir_measures
    from ir_measures import RR, R, Success, nDCG

    measures = dict(zip((nDCG @ 5, nDCG @ 10, R @ 5, R @ 10, RR @ 10, Success @ 10), METRICS, strict=True))
    # Only the order counts: trec_eval sorts by score, and equal ones by name.
    run = {query: {name: -float(rank) for rank, name in enumerate(names)} for query, names in rankings.items()}
    relevance = {query: dict(judged[query]) for query in rankings}
    found: dict[str, dict[str, float]] = {query: dict.fromkeys(METRICS, 0.0) for query in rankings}
    for one in ir_measures.iter_calc(list(measures), relevance, run):
        found[one.query_id][measures[one.measure]] = float(one.value)
    return found
