"""What a question asks of time."""

import pytest

from rag.times.asked import AskedTime, asked_time, within


@pytest.mark.parametrize(
    "question",
    [
        "What is the latest number of strikes?",
        "What do the newest figures say?",
        "What is the most recent count?",
        "How many have died so far?",
        "Who is in charge now?",
        "What is the current price of bread?",
        "Who currently leads the party?",
        "How many strikes are there as of today?",
        "What was the last known position?",
        "Is there a review of the latest iPhone?",
    ],
)
def test_the_latest_is_asked_for(question: str) -> None:
    assert asked_time(question).latest


@pytest.mark.parametrize(
    "question",
    [
        "Who was the last king of Libya?",
        "May I see the report?",
        "Which shows cover current affairs?",
        "How strong is the ocean current?",
        "Who directed Apocalypse Now?",
        "How many people march past the palace?",
        "What did The Sunday Times report?",
        "Who is Theresa May?",
    ],
)
def test_no_time_is_asked_for(question: str) -> None:
    assert asked_time(question) == AskedTime()


@pytest.mark.parametrize(
    ("question", "words", "relation", "first", "last"),
    [
        ("Who died in 2021?", "2021", "in", "2021-01-01", "2021-12-31"),
        ("What had happened by 3 March 2023?", "by 3 March 2023", "until", "", "2023-03-03"),
        ("Of those hurt in 2021, how many had died by 3 March 2023?", "by 3 March 2023", "until", "", "2023-03-03"),
        ("How many strikes as of June 2016?", "as of June 2016", "as of", "", "2016-06-30"),
        ("What was known before May 2016?", "before May 2016", "before", "", "2016-04-30"),
        ("What changed after 2015?", "after 2015", "after", "2016-01-01", ""),
        ("How many since August 1, 2016?", "since August 1, 2016", "since", "2016-08-01", ""),
        ("Who ruled between 2015 and 2017?", "2015 and 2017", "in", "2015-01-01", "2017-12-31"),
        ("What happened from May 2016 to June 2016?", "May 2016 to June 2016", "in", "2016-05-01", "2016-06-30"),
        ("What was built in the 1990s?", "1990s", "in", "1990-01-01", "1999-12-31"),
        ("What happened last week?", "last week", "in", "", ""),
        ("what was known as of june 2016?", "as of June 2016", "as of", "", "2016-06-30"),
    ],
)
def test_a_time_with_its_year_has_days(question: str, words: str, relation: str, first: str, last: str) -> None:
    asked = asked_time(question)
    assert (asked.words, asked.relation, asked.first, asked.last) == (words, relation, first, last)
    assert (asked.month, asked.day, asked.weekday) == (None, None, None)


@pytest.mark.parametrize(
    ("question", "relation", "month", "day", "weekday"),
    [
        ("How many strikes as of June?", "as of", 6, None, None),
        ("What happened on Tuesday 4 May?", "in", 5, 4, 1),
        ("How many strikes since August 1?", "since", 8, 1, None),
        ("Who was killed on Wednesday?", "in", None, None, 2),
        ("what happened in may?", "in", 5, None, None),
        ("How many by Monday?", "until", None, None, 0),
    ],
)
def test_without_a_year_what_is_given_is_told(
    question: str, relation: str, month: int | None, day: int | None, weekday: int | None
) -> None:
    asked = asked_time(question)
    assert (asked.relation, asked.month, asked.day, asked.weekday) == (relation, month, day, weekday)
    assert (asked.first, asked.last) == ("", "")


def test_with_the_day_of_asking_last_week_has_days() -> None:
    asked = asked_time("What happened last week?", "2023-03-03")
    assert (asked.first, asked.last) == ("2023-02-20", "2023-02-26")


@pytest.mark.parametrize(
    ("question", "published", "expected"),
    [
        ("Who died in 2021?", "2021-12-31", True),
        ("Who died in 2021?", "2022-01-01", False),
        ("Who died in 2021?", None, None),
        ("Who died in 2021?", "2021", None),
        ("How many by 3 March 2023?", "2023-03-03T10:00", True),
        ("How many by 3 March 2023?", "2023-03-04", False),
        ("How many before 2021?", "2020-12-31", True),
        ("How many after 2021?", "2021-12-31", False),
        ("How many since 2021?", "2031-01-01", True),
        ("How many in June?", "2016-06-12", True),
        ("How many in June?", "2016-08-11", False),
        ("How many as of June?", "2016-06-12", True),
        ("How many as of June?", "2016-08-11", None),
        ("How many before June?", "2016-06-12", None),
        ("Who was hurt on Tuesday 4 May?", "2021-05-04", True),
        ("Who was hurt on Tuesday 4 May?", "2022-05-04", False),
        ("What is the latest figure?", "2021-05-04", None),
    ],
)
def test_whether_a_day_is_in_the_time_asked_about(question: str, published: str | None, expected: bool | None) -> None:
    assert within(asked_time(question), published) is expected


def test_the_year_can_be_given_later() -> None:
    asked = asked_time("How many strikes as of June?").of_year(2016)
    assert [within(asked, day) for day in ("2016-05-01", "2016-06-30", "2016-08-11")] == [True, True, False]
    assert asked_time("Who was hurt on 29 February?").of_year(2023).first == ""
    assert asked_time("Who was hurt on Monday?").of_year(2023).first == ""
    assert asked_time("Who was hurt in June 2016?").of_year(2023).first == "2016-06-01"
