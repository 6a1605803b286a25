"""The best passages come first: likeness, nearness, length and company."""

import math
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import rank
from index.rank import FEATURES, WEIGHTS, WINDOW, Asked, Found, WordVectors, _columns, features, rarity, weights_for
from index.static import StaticEmbedder
from index.terms import query_terms, stem

# A hound is like a dog (their cosine is 0.8); no other two words have anything in common.
DIRECTIONS = {"dog": (1, 0, 0, 0), "hound": (0.8, 0.6, 0, 0), "river": (0, 0, 1, 0)}
BEGINNINGS = "hop try dy di ly tie sk cri plan be organ possib gentl o'neil o’neil joe' u a ag qu île 7 19".split()
ENDINGS = ["", *"e y s ies ied ying ing ed ping ly ization izing ility ble ational 's ’s i ous edly iveness".split()]
FORMS = [beginning + ending for beginning in BEGINNINGS for ending in ENDINGS]
MEANING, WORDS, LIKENESS, NEARNESS, LENGTH, COMPANY = range(len(FEATURES))


class Dictionary:
    """The vectors of a few words; any other word has none. Remembers what it was asked."""

    def __init__(self):
        self.asked = []

    def __call__(self, words):
        self.asked.append(list(words))
        return np.array([DIRECTIONS.get(word, (0, 0, 0, 0)) for word in words], dtype=np.float32).reshape(-1, 4)


def row(asked, text):
    return features(Asked(tuple(asked), tuple(asked.values())), [Found("", text, 0, 0)], WordVectors(Dictionary()))[0]


@pytest.mark.parametrize(
    ("text", "likeness"),
    [
        ("The dog sleeps.", 1),
        ("Dogs sleep.", 1),  # the same stem
        ("A hound sleeps.", 0.8),
        ("A hound and a dog.", 1),  # the best counts
        ("The river.", 0),
        ("Tables and chairs.", 0),
    ],
)
def test_a_word_is_found_as_it_stands_in_another_form_or_as_a_like_one(text, likeness):
    assert row({"dog": 2.0}, text)[LIKENESS] == pytest.approx(likeness)


def test_a_rare_word_weighs_more():
    asked = {"dog": 3.0, "river": 1.0}
    assert row(asked, "A dog.")[LIKENESS] == pytest.approx(0.75)
    assert row(asked, "A river.")[LIKENESS] == pytest.approx(0.25)
    assert row(asked, "A hound at the river.")[LIKENESS] == pytest.approx(0.75 * 0.8 + 0.25)
    assert rarity(1, 1000) > rarity(10, 1000) > rarity(1000, 1000) > 0
    assert rarity(1, 3) == pytest.approx(math.log(1 + 2.5 / 1.5))


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_every_form_of_a_word_is_found(beginning):
    for word in (beginning + ending for ending in ENDINGS):
        assert _columns([word], [FORMS]) == {form: 0 for form in FORMS if stem(form) == stem(word)}


def test_a_name_that_looks_like_a_stop_word_is_found():
    assert row({"us": 1.0}, "Planes of the US flew.")[LIKENESS] == 1


def test_the_date_of_an_article_counts_as_its_words():
    found = [Found("", "A band played.", 0, 0, date) for date in ("10 August 2016", "11 August 2016", "")]
    rows = features(Asked(("10", "august"), (3.0, 1.0)), found, WordVectors(Dictionary()))
    assert rows[:, LIKENESS] == pytest.approx([1, 0.25, 0])


def test_words_are_near_within_a_window():
    asked = {"dog": 3.0, "river": 1.0}
    assert row(asked, "The dog swam in the river.")[NEARNESS] == pytest.approx(1)
    assert row(asked, f"River {'x ' * (WINDOW - 1)} dogs")[NEARNESS] == pytest.approx(1)
    assert row(asked, f"River {'x ' * WINDOW} dogs")[NEARNESS] == pytest.approx(0.75)
    assert row(asked, f"River river {'x ' * WINDOW} river")[NEARNESS] == pytest.approx(0.25)  # one word counts once
    assert row(asked, "A hound.")[NEARNESS] == 0  # a like word is not the word


def test_the_length_is_the_logarithm_of_the_number_of_words():
    assert row({}, "One two three!")[LENGTH] == pytest.approx(math.log(4))


def test_company_is_half_of_the_best_two_others_under_the_same_title():
    found = [Found("A", "x", *scores) for scores in ((1.0, 0.0), (0.8, 0.8), (0.2, 0.4), (0.0, 0.2))]
    found += [Found("B", "x", 0.6, 0.2), Found("C", "x", 0.1, 0.1), Found("C", "x", 0.0, 0.4)]
    rows = features(Asked((), ()), found, WordVectors(Dictionary()))
    assert rows[:, COMPANY] == pytest.approx([0.55, 0.4, 0.65, 0.65, 0, 0.1, 0.05])
    assert rows[:, MEANING] == pytest.approx([one.dense for one in found])
    assert rows[:, WORDS] == pytest.approx([one.lexical for one in found])


def test_a_question_or_passages_without_words_are_no_mistake():
    for asked in ({}, {"dog": 0.0}):
        assert row(asked, "The dog.")[[LIKENESS, NEARNESS]].tolist() == [0, 0]
    for text in ("", "… — !", "The of and."):
        assert row({"dog": 1.0}, text)[[LIKENESS, NEARNESS]].tolist() == [0, 0]
    assert features(Asked(("dog",), (1.0,)), [], WordVectors(Dictionary())).shape == (0, len(FEATURES))


def test_each_feature_has_a_weight_for_every_embedder():
    assert weights_for("endpoint:any") == WEIGHTS["minilm"]
    for weights in WEIGHTS.values():
        assert len(weights) == len(FEATURES)
        assert sum(weights) == pytest.approx(1, abs=0.01)
        assert min(weights) >= 0


def test_vectors_are_kept():
    embed = Dictionary()
    vectors = WordVectors(embed)
    first = vectors.of(["dog", "river", "dog"])
    assert first.tolist() == [list(DIRECTIONS[word]) for word in ("dog", "river", "dog")]
    assert vectors.of(["river", "dog"]).tolist() == first[[1, 0]].tolist()
    assert embed.asked == [["dog", "river"]]
    assert vectors.of([]).shape == (0, 4)
    assert WordVectors(embed).of([]).size == 0


def number_vectors(calls, words):
    """The vector of "17" is (17, 1)."""
    calls.append(list(words))
    return np.array([(float(word), 1) for word in words], dtype=np.float32)


@pytest.mark.parametrize("table", [4, 5, 7])
def test_vectors_are_right_when_there_are_more_than_can_be_kept(monkeypatch, table):
    monkeypatch.setattr(rank, "TABLE", table)
    calls = []
    vectors = WordVectors(partial(number_vectors, calls))
    for asked in ([1, 2, 3], [3, 4, 5], [1, 5], list(range(20)), [4, 4, 19, 2], [6, 7, 8, 9], [6, 9]):
        assert vectors.of([str(one) for one in asked])[:, 0].tolist() == asked
    assert len(vectors._rows) <= table
    assert len(calls) < 7  # the last ones were still known


def test_eight_threads_may_ask_at_once(monkeypatch):
    monkeypatch.setattr(rank, "TABLE", 40)
    vectors = WordVectors(partial(number_vectors, []))

    def ask(seed):
        random = np.random.default_rng(seed)
        for _ in range(200):
            asked = random.integers(0, 100, 12)
            if vectors.of([str(one) for one in asked])[:, 0].tolist() != asked.tolist():
                return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(8)))


STATIC = WordVectors(StaticEmbedder().embed)
TEXTS = st.one_of(st.text(max_size=60), st.lists(st.sampled_from("the dog dogs River 7 US it's".split())).map(" ".join))
UNIT = st.floats(0, 1)


@settings(deadline=None, max_examples=60)
@given(st.data(), TEXTS, st.lists(st.builds(Found, st.sampled_from("AB"), TEXTS, UNIT, UNIT), max_size=5))
def test_features_of_any_text_are_finite_and_within_bounds(data, question, found):
    words = tuple(query_terms(question))
    weights = tuple(data.draw(st.floats(0, 12)) for _ in words)
    rows = features(Asked(words, weights), found, STATIC)
    assert rows.shape == (len(found), len(FEATURES))
    assert np.isfinite(rows).all()
    bounded = np.delete(rows, LENGTH, axis=1)
    assert (bounded >= 0).all()
    assert (bounded <= 1 + 1e-5).all()
    assert (rows[:, LENGTH] >= 0).all()
