"""Typography is folded, what is said is not, and every folded character knows where it stood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.reading.fold import fold, plain_letters

TEXTS = st.text(alphabet="ab É\u0301½²①５.,'’‘\"“”«»-–—…[]123 \u00a0\u00ad\u200b\nﬁ", max_size=40)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“Aye,” he said", '"Aye," he said'),
        ("«\u00a0Aye\u00a0»", '"Aye"'),
        ("He said ‘aye’ now", "He said “aye” now"),
        ("it’s the dogs' turn", "it's the dogs’ turn"),
        ("10–12 days — or so", "10-12 days—or so"),
        ("aye -- or so", "aye – or so"),
        ("aye … or so", "aye . . . or so"),
        ("ﬁne oﬃce", "fine office"),
        ("co\u00adoperate", "cooperate"),
        ("an exam-\nple", "an example"),
        ("a\u00a0b\u2009c\u3000d\r\n\te", "a b c d e"),
        ("e\u0301té", "été"),
        ("５％", "5%"),
        ("−5", "-5"),
    ],
)
def test_what_only_looks_different_is_the_same(one: str, other: str) -> None:
    assert fold(one).text == fold(other).text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("6½", "61⁄2"),
        ("6½", "612"),
        ("10²", "102"),
        ("①", "1"),
        ("-5", "5"),
        ("3.5", "35"),
        ("été", "ete"),
        ("May", "may"),
        ("can't", "cant"),
        ("5′", "5″"),
        ("½", "1/2"),
    ],
)
def test_what_says_something_else_stays_different(one: str, other: str) -> None:
    assert fold(one).text != fold(other).text


def test_footnote_marks_go_only_where_they_are_asked_to() -> None:
    text = "It fell [12] on Monday.[3, 4]"
    assert fold(text).text == text
    assert fold(text, without_notes=True).text == "It fell on Monday."


def test_a_hyphen_at_a_lines_end_can_stay() -> None:
    assert fold("well-\nknown", joined=False).text == "well-known"


@given(TEXTS, st.booleans(), st.booleans())
def test_every_folded_character_points_at_what_it_was(text: str, without_notes: bool, joined: bool) -> None:
    folded = fold(text, without_notes=without_notes, joined=joined)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    previous = 0
    for character, start, end in zip(folded.text, folded.starts, folded.ends, strict=True):
        assert previous <= start < end <= len(text)
        previous = start
        if character.isascii() and character.isalnum():
            assert character in fold(text[start:end]).text


def test_plain_letters_keep_dashes_and_marks() -> None:
    assert plain_letters("ﬁne\u200b — “e\u0301”") == "fine — “é”"
