"""The words worth searching for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.terms import STOP_WORDS, query_terms, words


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("Who led the forces in Sirte?", ["led", "forces", "sirte"]),
        ("What did the US say to us?", ["us"]),
        ("WHAT DID THE US SAY", []),  # capitals say nothing where everything is in capitals
        ("Libya's and Libya’s dogs'", ["libya", "dogs"]),
        ("the of and", []),
        ("Sirte sirte SIRTE", ["sirte"]),
        ('"; DROP -- NEAR(', ["drop", "near"]),
        ("🙂 … —", []),
    ],
)
def test_query_terms(question, terms):
    assert query_terms(question) == terms


@settings(deadline=None)
@given(st.text())
def test_terms_of_any_text_are_its_words_each_once_and_hold_no_quote(text):
    terms = query_terms(text)
    assert len(set(terms)) == len(terms)
    assert set(terms) <= set(words(text))
    assert not any('"' in term or term != term.strip() or not term for term in terms)


def test_stop_words_are_words_as_a_question_has_them():
    assert all(word == word.lower() for word in STOP_WORDS)
