"""A word that no article has is taken for the one that it is a letter away from."""

import pytest

from index.typos import meant

STEMS = ["2016", "bird", "bridg", "govern", "hors", "hospit", "parliament", "zebra"]


def stems_from(letter):
    return [stem for stem in STEMS if stem.startswith(letter)]


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("hosptal", "hospit"),  # its stem is "hosptal": too short for the ending to be cut
        ("hospitl", "hospit"),
        ("hopsital", "hospit"),  # a swap is one step
        ("zzebra", "zebra"),
        ("govenment", "govern"),
        ("parlaimet", "parliament"),  # two letters of a long word
    ],
)
def test_the_nearest_stem_is_meant(word, stem):
    assert meant(word, stems_from) == stem


@pytest.mark.parametrize(
    "word",
    [
        "bord",  # too short
        "2017x",
        "20166",
        "ghospital",  # typos seldom begin a word
        "zberxa",  # two letters of a short word
        "parlxxxment",
        "xylophone",
        "",
    ],
)
def test_other_words_are_left_alone(word):
    assert meant(word, stems_from) is None


def test_the_nearest_of_several_is_meant():
    assert meant("corridors", lambda _: ["corrupt", "corrido", "corridor"]) == "corridor"
