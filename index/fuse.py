"""Two rankings → one."""

from collections.abc import Mapping


def scaled(dense: Mapping[str, float], lexical: Mapping[str, float]) -> tuple[dict[str, float], dict[str, float]]:
    """Both in [0, 1]: cosines from the lowest one found, BM25 scores from 0, which means "no word in common"."""
    return _scale(dense, min(dense.values(), default=0.0)), _scale(lexical, 0.0)


def convex_fusion(dense: Mapping[str, float], lexical: Mapping[str, float], dense_weight: float) -> dict[str, float]:
    """Weighted sum of two scaled rankings; an id that one of them lacks scores 0 there.

    Convex combination (Bruch et al., "An Analysis of Fusion Functions for Hybrid Retrieval", 2023) keeps how far apart
    scores are, which reciprocal rank fusion throws away.
    """
    return {
        key: dense_weight * dense.get(key, 0.0) + (1 - dense_weight) * lexical.get(key, 0.0)
        for key in {**dense, **lexical}
    }


def _scale(scores: Mapping[str, float], lowest: float) -> dict[str, float]:
    width = max(scores.values(), default=0.0) - lowest
    return {key: (score - lowest) / width if width > 0 else 1.0 for key, score in scores.items()}
