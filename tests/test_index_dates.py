"""A date is read where it can mean one day only, and never guessed."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.load.dates import article_date, date_of_line


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Sunday 12/06/2016", "2016-06-12"),
        ("Tuesday, 06/12/2016", "2016-12-06"),
        ("25/12/2020", "2020-12-25"),
        ("12/25/2020", "2020-12-25"),
        ("03.04.2021", "2021-04-03"),
        ("3. April 2021", "2021-04-03"),
        ("2016-06-12T10:00:00Z", "2016-06-12"),
        ("Published: 3rd May 2021", "2021-05-03"),
        ("May 3, 2021", "2021-05-03"),
        ("Sept. 9, 2021", "2021-09-09"),
        ("Monday, 3 May, 2021", "2021-05-03"),
    ],
)
def test_forms_of_a_date(line, expected):
    assert date_of_line(line) == expected


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("03/04/2020", "March or April"),
        ("Saturday 03/04/2020", "neither day was a Saturday"),
        ("Monday 12 June 2016", "it was a Sunday"),
        ("30/02/2020", "no such day"),
        ("04.13.2020", "dots put the day first"),
        ("version 1.2.2023.4", "four numbers are no date"),
        ("12 June", "no year"),
        ("12 Mayors 2016", "no month"),
        ("Mayor 12, 2016", "no month"),
        ("", "nothing"),
    ],
)
def test_no_date(line, why):
    assert date_of_line(line) is None, why


@settings(deadline=None)
@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_weekday_settles_the_order_or_leaves_it_open(day):
    """Where the other order falls on the same weekday, both fit and the answer is None."""
    found = date_of_line(f"{day:%A} {day.day}/{day.month}/{day.year}")
    assert found in (day.isoformat(), None)
    if day.day > 12:
        assert found == day.isoformat()


@settings(deadline=None)
@given(st.dates(min_value=date(1000, 1, 1)))
def test_written_months_and_iso_dates_are_always_read(day):
    for form in ("%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%A, %d %b %Y"):
        assert date_of_line(day.strftime(form)) == day.isoformat()


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_line_is_read_without_an_error(line):
    date_of_line(line)


def test_a_date_inside_a_paragraph_is_not_the_date_of_the_article():
    told = "The war that began on 3 May 2021 and was to end within weeks went on for many years after it"
    assert article_date([told]) is None
    assert article_date(["A title", "By a writer", "3 May 2021"]) == "2021-05-03"


@pytest.mark.parametrize("place", ["PARIS, 3 May 2021 -", "PARIS, 3 May 2021 --", "Paris, 3 May 2021 (AFP) --"])
def test_the_date_of_a_place_line_counts(place):
    told = f"{place} The war that was to end within weeks went on for many years after it had begun."
    assert article_date([told]) == "2021-05-03"


def test_a_life_is_no_place_line():
    told = "Ann Lee, 3 May 1910 – 2 June 1980, was a clockmaker of the north who lived for many years by the sea."
    assert article_date([told]) is None
