"""A word that no article has is taken for the one that it is one letter away from."""

import pytest

from index.typos import meant

STEMS = ["hospit", "hors", "govern", "parliament", "bridg", "2016", "zebra"]


def stems_from(letter):
    return [stem for stem in STEMS if stem.startswith(letter)]


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("hosptal", None),  # two letters from "hospit", and the word is not a long one
        ("hospitl", "hospit"),
        ("hopsital", "hospit"),  # a swap is one step
        ("zebrra", "zebra"),
        ("zzebra", "zebra"),
        ("govenment", "govern"),
        ("parlaiment", "parliament"),
        ("parlaimet", "parliament"),  # two letters of a long word
    ],
)
def test_the_nearest_stem_is_meant(word, stem):
    assert meant(word, stems_from) == stem
