"""Every vector is compared, and the nearest come first"""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.exact import Exact


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@given(count=st.integers(1, 40), limit=st.integers(1, 50), seed=st.integers(0, 9))
def test_the_nearest_are_those_that_sorting_all_of_them_gives(count, limit, seed):
    random = np.random.default_rng(seed)
    rows, vector = unit(random.normal(size=(count, 4))), unit(random.normal(size=(1, 4)))
    expected = sorted(range(count), key=lambda place: -float(rows[place] @ vector[0]))[:limit]
    found = Exact([str(place) for place in range(count)], rows).search(vector, limit)
    assert list(found) == [str(place) for place in expected]
    assert np.allclose(list(found.values()), [rows[place] @ vector[0] for place in expected], atol=1e-6)


def test_nothing_is_found_in_nothing():
    assert Exact([], np.empty((0, 0), dtype=np.float32)).search(np.ones((1, 4), dtype=np.float32), 5) == {}
