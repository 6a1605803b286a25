"""Differing values for one thing, why they differ, and nothing that only looks like them."""

from dataclasses import replace

import pytest

from rag.conflicts import find_conflicts
from rag.reading.question import analyse
from rag.records import Citation, Conflict


def quotes(*sentences: str, dates: tuple[str | None, ...] = ()) -> list[Citation]:
    days = dates or (None,) * len(sentences)
    return [
        Citation(number, f"a{number}", "T", day, "a.txt", 0, len(text), text)
        for number, (text, day) in enumerate(zip(sentences, days, strict=True), start=1)
    ]


def conflict(question: str, *sentences: str, dates: tuple[str | None, ...] = ()) -> Conflict | None:
    return next(iter(find_conflicts(analyse(question), quotes(*sentences, dates=dates))), None)


def values(question: str, *sentences: str) -> set[str]:
    found = conflict(question, *sentences)
    return {one.value for one in found.statements} if found else set()


def test_two_figures_for_one_thing_differ() -> None:
    assert values("How many people were hurt?", "Seven people were hurt.", "More than 12 people were hurt.") == {
        "Seven people were hurt",
        "More than 12 people were hurt",
    }


def test_one_figure_in_words_and_in_digits_is_one() -> None:
    assert values("How many tugs came?", "Seven tugs came.", "On Monday 7 tugs came.") == set()


def test_a_figure_in_another_unit_beside_it_hides_no_difference() -> None:
    told = ("The delay cost 2 million crowns.", "The delay cost 3 million crowns, or 40,000 crowns a week.")
    assert values("What did the delay cost?", *told) == {"2 million crowns", "3 million crowns"}


def test_figures_of_other_things_are_no_conflict() -> None:
    asked = "How many tons of grain did the Aurora carry?"
    assert values(asked, "The Aurora carried 840 tons of grain.", "The Boreas carried 847 tons of grain.") == set()
    assert values(asked, "The Aurora carried 840 tons of grain.", "It carried 847 tons of grain.")


def test_a_figure_of_another_day_is_no_conflict() -> None:
    asked = "How many guards were killed on Tuesday?"
    assert values(asked, "Five guards were killed on Tuesday.", "On Friday 145 guards were killed.") == set()


def test_a_figure_of_another_scope_is_no_conflict() -> None:
    asked = "What was the turnout in the city?"
    assert values(asked, "Turnout was 61 percent in the city.", "Turnout was 54 percent in the region.") == set()
    assert values(asked, "Turnout was 61 percent in the city.", "Turnout was 54 percent in the town.")


def test_an_article_contradicts_itself_only_in_nearly_the_same_words() -> None:
    def differ(*sentences: str, of: tuple[str, str]) -> bool:
        asked = analyse("When did Ida Holm die?")
        told = [replace(quote, article_id=one) for quote, one in zip(quotes(*sentences), of, strict=True)]
        return bool(find_conflicts(asked, told))

    died, named = "Ida Holm died in 1943.", "After her death a bridge was named after Ida Holm in 1960."
    assert differ(died, named, of=("a", "b"))
    assert not differ(died, named, of=("a", "a"))
    assert differ(died, "Ida Holm died in the winter of 1944.", of=("a", "a"))
    assert differ(died, "The death of Ida Holm has since been dated to 1944.", of=("a", "a"))


def test_quotes_known_to_be_of_one_thing_are_held_against_each_other() -> None:
    asked, told = (
        analyse("How many firms bid for the Alston quay?"),
        quotes("Four firms took part.", "Five firms came."),
    )
    assert not find_conflicts(asked, told)
    assert {one.value for one in find_conflicts(asked, told, frozenset({1, 2}))[0].statements} == {
        "Four firms",
        "Five firms",
    }
    assert not find_conflicts(asked, quotes("Four firms took part.", "4 firms came."), frozenset({1, 2}))


def test_a_day_of_the_question_may_be_told_in_other_words() -> None:
    asked = "How many boats were lost on 18 September 2003?"
    told = "Six boats were lost on Thursday.", "Nine boats were lost on Thursday."
    assert conflict(asked, *told, dates=("2003-09-19", "2003-09-19"))
    assert not conflict(asked, *told, dates=("2003-09-26", "2003-09-26"))


def test_times_differ_and_durations_are_no_times() -> None:
    asked = "When did the bridge reopen?"
    assert values(asked, "The bridge reopened on Sunday.", "The bridge reopened in May.") == {"Sunday", "May"}
    assert values(asked, "The bridge reopened on Sunday.", "The bridge reopened after two years.") == set()


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("Who directed the film?", "The film was directed by Ida Holm.", "The film was directed by Jon Hill."),
        ("What sport is Tim Lee known for?", "Tim Lee is an English golfer.", "Tim Lee is a Dutch chess player."),
        ("What is the medium of Tides?", "Tides is a Welsh film made in 1952.", "Tides is a Welsh opera by Ida Holm."),
        ("Was the beach closed?", "The beach was closed.", "The beach stayed open."),
        ("Was the pump replaced?", "The pump was replaced.", "The pump was not replaced."),
        ("What did the union say?", "The union accused the firm of theft.", "The firm rejected the charge."),
    ],
)
def test_names_professions_and_outcomes_differ(question: str, one: str, other: str) -> None:
    assert conflict(question, one, other)
    assert not conflict(question, one, one)


@pytest.mark.parametrize("other", ["In Larn, a council voted on Monday.", "On the quay at Larn, a crowd sang."])
def test_what_stands_behind_more_than_a_name_is_no_value(other: str) -> None:
    assert not conflict("What is Larn known for?", "Larn is a fishing town.", other)


def test_a_refused_offer_is_no_denial() -> None:
    assert not conflict("What did the workers do?", "The firm said the deal was fair.", "Workers rejected the deal.")


def test_a_day_is_told_with_its_date() -> None:
    told = ("The bridge reopened on Sunday.", "The bridge reopened in May 2016.")
    found = conflict("When did the bridge reopen?", *told, dates=("2016-08-12", "2016-06-01"))
    assert found
    assert {one.value for one in found.statements} == {"Sunday, 7 August 2016", "May 2016"}


def test_the_newest_comes_first() -> None:
    given = "Five people were hurt.", "Nine people were hurt."
    found = conflict("How many people were hurt?", *given, dates=("2031-01-14", "2031-02-03"))
    assert found
    assert [one.date for one in found.statements] == ["2031-02-03", "2031-01-14"]
    assert found.nature == "open"
    assert "different days" in found.note


def test_a_later_quote_that_tells_of_the_change_explains_it() -> None:
    given = "Four people were hurt.", "The number of people hurt rose to nine, from four people."
    found = conflict("How many people were hurt?", "Five people were hurt.", given[1])
    assert found
    assert found.nature == "date"


def test_values_as_of_different_days_are_told_with_them() -> None:
    given = "As of 3 May 2031, 29 boats had sunk.", "By 7 May 2031, 36 boats had sunk."
    found = conflict("How many boats have sunk?", *given, dates=("2031-05-03", "2031-05-07"))
    assert found
    assert found.nature == "date"
    assert "29 boats" in found.note
    assert "as of 3 May 2031" in found.note


def test_a_question_that_leaves_the_scope_open_is_told_of_both() -> None:
    found = conflict(
        "What was the turnout?", "Turnout was 61 percent in the city.", "Turnout was 54 percent on the coast."
    )
    assert found
    assert found.nature == "scope"


def test_the_day_on_which_somebody_spoke_is_not_the_day_of_the_value() -> None:
    told = (
        "Three people died, the hospital said on Wednesday.",
        "Four people died, one of them in hospital in May.",
    )
    found = conflict("How many people died?", *told, dates=("2024-03-07", "2024-08-01"))
    assert found
    assert [one.as_of for one in found.statements] == ["", ""]
    assert (found.nature, "they differ" in found.note) == ("open", True)


@pytest.mark.parametrize(
    ("question", "one", "other", "topic"),
    [
        ("When did it burn?", "It burned on 3 May 2016.", "It burned on 4 May 2016.", "the time"),
        (
            "Who directed the film?",
            "The film was directed by Ida Holm.",
            "The film was directed by Jon Hill.",
            "the name",
        ),
        ("Was the beach closed?", "The beach was closed.", "The beach stayed open.", "the answer"),
    ],
)
def test_what_the_values_are_of_is_a_plain_word_where_nothing_is_counted(
    question: str, one: str, other: str, topic: str
) -> None:
    found = conflict(question, one, other)
    assert found
    assert found.topic == topic


def test_what_the_values_are_of_is_said_in_the_words_of_the_question() -> None:
    told = ("Three people died in the fire.", "Four people died in the fire.")
    found = conflict("How many people died in the fire?", *told)
    assert found
    assert found.topic == "how many people died"
    told = ("US jets carried out 29 strikes.", "US jets carried out 36 strikes.")
    found = conflict("How many strikes had US jets carried out?", *told)
    assert found
    assert found.topic == "strikes"
