"""Nothing is shown twice, a phrase goes first, and one article leaves places to others that are nearly as good."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.select import AS_GOOD, Choice, choose

LONG = "On that day the old bridge over the wide river near the quiet town was opened by a man with grey hair"


def keys(chosen):
    return "".join(one.key for one in chosen)


def two(first, second):
    return keys(choose([Choice("a", "1", first, 0.9), Choice("b", "2", second, 0.8)], 8))


@pytest.mark.parametrize(
    ("other", "shown"),
    [
        (LONG, "a"),
        (f"{LONG} .", "a"),
        (LONG.replace("quiet", "silent"), "a"),
        (LONG.replace("On that", "That"), "a"),  # a word that begins a sentence is no name
        (f"{LONG} 7", "ab"),
        (f"{LONG} Smith", "ab"),
        (LONG.replace("river", "Danube"), "ab"),
        (LONG.split(" over ", maxsplit=1)[0], "ab"),
        ("Something else entirely.", "ab"),
        ("", "ab"),
    ],
)
def test_a_text_printed_twice_is_shown_once_but_another_number_or_name_makes_two(other, shown):
    assert two(LONG, other) == shown


def test_a_number_in_place_of_another_makes_two():
    assert two(f"{LONG} in 1990", f"{LONG} in 1991") == "ab"
    assert two("", "") == "ab"  # without words nothing is the same


def test_of_two_alike_the_better_one_stays():
    assert keys(choose([Choice("a", "1", LONG, 0.1), Choice("b", "2", LONG, 0.2)], 8)) == "b"


def test_what_holds_the_phrase_comes_first_and_is_never_pushed_out():
    plain = [Choice(key, key, key, 0.9) for key in "abcdefgh"]
    holder = Choice("z", "z", "z", 0.1, holds_phrase=True)
    assert keys(choose([*plain, holder], 8)) == "zabcdefg"
    assert keys(choose([*plain, holder], 1)) == "z"


def made(text):
    """ "A9 B5": a passage of article A whose score is 0.9, one of B with 0.5; their keys are their places."""
    parts = enumerate(text.split())
    return [Choice(f"{place:02}", part[0], f"w{place}", int(part[1:]) / 100) for place, part in parts]


@pytest.mark.parametrize(
    ("scores", "articles"),
    [
        ("A90 A89 A88 A87 A86 A85 A84 A83 A82 A81", "AAAAAAAAAA"),  # nobody else is there
        ("A90 A89 A88 A87 A86 A85 A84 A83 A82 A81 B60 C60 D60", "AAAAAAABCD"),  # 0.6 is good enough
        ("A90 A89 A88 A87 A86 A85 A84 A83 A82 A81 B50 C50 D50", "AAAAAAAAAA"),  # 0.5 is much worse
        ("A90 A89 A88 A87 A86 A85 A84 A83 A82 A81 B60 C50 D50", "AAAAAAAAAB"),  # one place is enough for one
    ],
)
def test_one_article_leaves_places_to_others_nearly_as_good_and_to_none_much_worse(scores, articles):
    assert "".join(one.article_id for one in choose(made(scores), 10)) == articles


CHOICES = st.lists(
    st.builds(
        Choice,
        st.text("abcdefghij", min_size=1, max_size=3),
        st.sampled_from("12345"),
        st.lists(st.sampled_from("the bridge River 7 1990 opened Danube wide".split()), max_size=6).map(" ".join),
        st.floats(0, 1.2),
        st.booleans(),
    ),
    max_size=12,
    unique_by=lambda one: one.key,
)


@settings(deadline=None)
@given(CHOICES, st.integers(1, 10))
def test_of_any_choices_at_most_so_many_are_shown_in_order_each_once(choices, limit):
    chosen = choose(choices, limit)
    assert len(chosen) <= limit
    assert len({one.key for one in chosen}) == len(chosen)
    assert set(chosen) <= set(choices)
    assert [(not one.holds_phrase, -one.score) for one in chosen] == sorted(
        (not one.holds_phrase, -one.score) for one in chosen
    )
    if choices:
        assert chosen[0] == min(choices, key=lambda one: (not one.holds_phrase, -one.score, one.key))
    assert choose(chosen, limit) == chosen or len({one.article_id for one in choices}) > 1


@settings(deadline=None)
@given(CHOICES, st.integers(1, 10))
def test_a_place_stays_empty_only_where_nothing_is_left_that_is_new(choices, limit):
    everything = choose(choices, 100)
    assert len(choose(choices, limit)) == min(limit, len(everything))


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 100)), max_size=20), st.integers(2, 10))
def test_nothing_much_worse_takes_the_place_of_something_better(scores, limit):
    choices = made(" ".join(f"{article}{score}" for article, score in scores))
    chosen = choose(choices, limit)
    best = max((one.score for one in choices), default=0)
    left = [one.score for one in choices if one not in chosen]
    worst = [one.score for one in chosen if one.score < AS_GOOD * best]
    assert not left or not worst or min(worst) >= max(left)
