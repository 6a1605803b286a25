"""Two rankings become one between 0 and 1."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.fuse import convex_fusion, scaled

COSINES = st.dictionaries(st.sampled_from("abcdef"), st.floats(-1, 1))
SCORES = st.dictionaries(st.sampled_from("abcdef"), st.floats(1e-6, 50))


@settings(deadline=None)
@given(COSINES, SCORES, st.floats(0, 1))
def test_every_id_has_a_score_between_0_and_1(dense, lexical, weight):
    fused = convex_fusion(*scaled(dense, lexical), weight)
    assert set(fused) == {*dense, *lexical}
    assert all(-1e-9 <= score <= 1 + 1e-9 for score in fused.values())


@settings(deadline=None)
@given(COSINES, SCORES)
def test_a_weight_of_0_or_1_keeps_the_order_of_one_ranking(dense, lexical):
    for weight, ranking in ((1.0, dense), (0.0, lexical)):
        fused = convex_fusion(*scaled(dense, lexical), weight)
        order = sorted(ranking, key=lambda key: ranking[key])
        assert all(fused[low] <= fused[high] for low, high in pairwise(order))


def test_an_id_that_one_ranking_lacks_scores_nothing_there():
    fused = convex_fusion(*scaled({"a": 0.9, "b": 0.5, "c": 0.1}, {"b": 4.0, "d": 2.0}), 0.5)
    assert fused == pytest.approx({"a": 0.5, "b": 0.75, "c": 0.0, "d": 0.25})


def test_equal_scores_all_count_in_full_and_nothing_fuses_to_nothing():
    assert convex_fusion(*scaled({"a": 0.3, "b": 0.3}, {}), 0.5) == {"a": 0.5, "b": 0.5}
    assert convex_fusion(*scaled({}, {}), 0.5) == {}
