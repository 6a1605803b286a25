"""Differing values for one thing, and nothing that only looks like them."""

from rag.conflicts import find_conflicts
from rag.question import analyse
from rag.records import Citation


def quotes(*sentences: str) -> list[Citation]:
    return [Citation(n, f"a{n}", "T", None, "a.txt", 0, len(s), s) for n, s in enumerate(sentences, start=1)]


def values(question: str, *sentences: str) -> set[str]:
    return {
        one.value for conflict in find_conflicts(analyse(question), quotes(*sentences)) for one in conflict.statements
    }


def test_two_figures_for_one_thing_differ() -> None:
    assert values("How many people were hurt?", "Seven people were hurt.", "More than 12 people were hurt.") == {
        "Seven people were hurt",
        "More than 12 people were hurt",
    }


def test_one_figure_in_words_and_in_digits_is_one() -> None:
    assert values("How many tugs came?", "Seven tugs came.", "On Monday 7 tugs came.") == set()


def test_figures_of_other_things_are_no_conflict() -> None:
    asked = "How many tons of grain did the Aurora carry?"
    assert values(asked, "The Aurora carried 840 tons of grain.", "The Boreas carried 847 tons of coal.") == set()


def test_a_figure_of_another_day_is_no_conflict() -> None:
    asked = "How many guards were killed on Tuesday?"
    assert values(asked, "Five guards were killed on Tuesday.", "So far 145 guards were killed.") == set()


def test_times_differ_and_durations_are_no_times() -> None:
    asked = "When did the bridge reopen?"
    assert values(asked, "The bridge reopened on Sunday.", "The bridge reopened in May.") == {"on Sunday", "in May"}
    assert values(asked, "The bridge reopened on Sunday.", "The bridge reopened after two years.") == set()
