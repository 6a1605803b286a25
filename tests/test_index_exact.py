"""Every vector is compared, and the nearest come first"""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.exact import Exact, Scan


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


class Blocks:
    """The vectors of a catalog, three at a time; one of them has just lost its chunk."""

    def __init__(self, rows, lost):
        self.rows, self.lost = rows, lost

    def vector_blocks(self):
        for start in range(0, len(self.rows), 3):
            yield list(range(start, min(start + 3, len(self.rows)))), self.rows[start : start + 3]

    def ids_of(self, numbers):
        return {number: f"chunk {number}" for number in numbers if number != self.lost}


@given(count=st.integers(1, 40), limit=st.integers(1, 50), seed=st.integers(0, 9))
def test_a_scan_finds_the_same_whatever_the_blocks(count, limit, seed):
    random = np.random.default_rng(seed)
    rows, vector = unit(random.normal(size=(count, 4))), unit(random.normal(size=(1, 4)))
    expected = Exact([f"chunk {place}" for place in range(count)], rows).search(vector, limit)
    expected.pop("chunk 2", None)
    found = Scan(Blocks(rows, "2")).search(vector, limit)
    assert list(found) == list(expected)
    assert np.allclose(list(found.values()), list(expected.values()), atol=1e-6)


def test_nothing_is_found_in_nothing():
    assert Exact([], np.empty((0, 0), dtype=np.float32)).search(np.ones((1, 4), dtype=np.float32), 5) == {}
