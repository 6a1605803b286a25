"""A quote that denies what a question takes for granted is found, and only such a quote."""

import pytest

from rag.checks.premise import correction
from rag.reading.question import analyse


@pytest.mark.parametrize(
    ("question", "quote", "denied"),
    [
        ("When did the mayor resign?", "The mayor did not resign, her office said.", "not resign"),
        (
            "Why was the bridge closed in May?",
            "The bridge was never closed, whatever the leaflet says.",
            "never closed",
        ),
        ("Who signed the treaty for Orlen?", "Orlen’s envoy refused to sign the treaty.", "refused to sign"),
        ("How many people did the flood kill?", "Nobody was killed in the flood.", "Nobody was killed"),
    ],
)
def test_what_a_quote_denies_is_named(question: str, quote: str, denied: str) -> None:
    assert f"“{denied}”" in correction(analyse(question), quote)


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("When did the mayor resign?", "The mayor resigned on Monday."),
        ("Did the mayor resign?", "The mayor did not resign."),
        ("Why did the mayor not resign?", "The mayor did not resign because the council backed her."),
        ("When did the mayor resign?", "The council did not meet, and the mayor resigned on Monday."),
        ("When did the mayor resign?", "No date was set, but the mayor has said that she will resign."),
        ("When will the mayor resign?", "The mayor will not resign before the spring."),
        ("Which town had the strongest wind?", "Town | Homes without power | Wind |"),
    ],
    ids=["said", "yes or no", "asked as denied", "another clause", "after but", "only later", "another column"],
)
def test_what_is_not_denied_is_left_alone(question: str, quote: str) -> None:
    assert correction(analyse(question), quote) == ""
