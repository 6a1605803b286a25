"""Words in quotation marks are found letter by letter up to typography, or not at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.reading.fold import DASHES
from rag.reading.quotations import Found, find_quotation

TEXTS = {
    "bridge": (
        "The mayor said the bridge will reopen—in 10–12 days. It cost €3.5 million [12], “a lot” for us. He did not"
        " re-\nsign; the exam-\nple is ﬁne. It’s 5% or -7 degrees, 10² and 6½ in São Paulo. The non-violent march"
        " went on. It fell 5.5 metres in 1871."
    ),
    "police": "Nobody was hurt in the collapse, police say.",
}


def found(words: str) -> Found:
    return find_quotation(words, TEXTS, {"bridge"})


@pytest.mark.parametrize(
    ("words", "verdict", "at"),
    [
        ("The mayor said the bridge", "exact", "The mayor said the bridge"),
        ("in São Paulo", "exact", "in São Paulo"),
        ("the mayor said the bridge will reopen", "folded", "The mayor said the bridge will reopen"),
        ("the bridge will reopen - in 10-12 days.", "folded", "the bridge will reopen—in 10–12 days."),
        ("[T]he mayor said", "exact", "he mayor said"),
        ("The mayor said,", "folded", "The mayor said"),
        ("It cost €3.5 million, 'a lot' for us", "folded", "It cost €3.5 million [12], “a lot” for us"),
        ("the example is fine", "folded", "the exam-\nple is ﬁne"),
        ("He did not resign", "folded", "He did not re-\nsign"),
        ("It's 5% or −7 degrees", "folded", "It’s 5% or -7 degrees"),
        ("It’s ５% or", "folded", "It’s 5% or"),
        ("in\u00a01871", "folded", "in 1871"),
        ("The Mayor said", "folded", "The mayor said"),
        ("It fell 5.5 metres in 1871…", "folded", "It fell 5.5 metres in 1871"),
    ],
)
def test_what_the_cited_article_says_is_found_where_it_stands(words: str, verdict: str, at: str) -> None:
    one = found(words)
    if words.startswith("["):
        assert one == Found("exact", "bridge", 0, 14)
        return
    assert (one.verdict, one.source) == (verdict, "bridge")
    assert TEXTS["bridge"][one.start : one.end] == at


@pytest.mark.parametrize(
    "words",
    [
        "The mayor said the bridge will not reopen",
        "It cost €3",
        "It cost €3.",
        ".5 million",
        "3.5 million",
        "It cost €3.6 million",
        "or 7 degrees",
        "It’s 5",
        "5 metres in 1871",
        "10 and 6½",
        "102 and 6½",
        "10² and 61⁄2",
        "10² and 6",
        "in Sao Paulo",
        "The MAYOR said",
        "violent march went on",
        "million [13], “a lot”",
        "12 days",
        "The mayor say",
        "mayor said the bridg",
        "will reopen, in",
        "",
        "…",
    ],
)
def test_what_no_article_says_is_not_found(words: str) -> None:
    assert found(words) == Found("not found")


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("It's the law", "It&#x27;s the law"),
        ("law & order", "law &amp; order"),
        ("“no more”", "&ldquo;no more&rdquo;"),
        ('"no more"', "&ldquo;no more&rdquo;"),
        ("“no more”, he", "&ldquo;no more&rdquo;, he"),
        ("It&#39;s the law &amp; order", "It&#x27;s the law &amp; order"),
        ("order of 5", "order of&nbsp;5"),
        ("&foo; &bar", "&foo; &bar"),
    ],
)
def test_html_entities_are_read_and_the_place_is_that_of_the_text_with_them(words: str, at: str) -> None:
    text = "It&#x27;s the law &amp; order of&nbsp;5: &ldquo;no more&rdquo;, he said of the dog&#x27;s tail &foo; &bar."
    one = find_quotation(words, {"a": text}, {"a"})
    assert one.verdict in ("exact", "folded")
    assert text[one.start : one.end] == at
    assert find_quotation("of the dog", {"a": text}, {"a"}).verdict == "not found"  # it is the dog's


def test_another_mark_at_the_end_may_stand_within_the_quotation_marks() -> None:
    text = "He said: “It will go.” Then he went."
    assert find_quotation("“It will go…”", {"a": text}, {"a"}).verdict == "folded"


def test_what_another_article_says_is_misattributed() -> None:
    assert found("nobody was hurt in the collapse.") == Found("misattributed", "police", 0, 31)
    assert found("Nobody was hurt").verdict == "misattributed"


@pytest.mark.parametrize(
    "words",
    [
        "The mayor said … the example is fine",
        "The mayor said [...] in São Paulo",
        "The mayor said nobody was hurt",
        "will reopen—in 10–12 days the example is fine",
    ],
)
def test_what_is_put_together_from_pieces_is_stitched(words: str) -> None:
    one = found(words)
    assert one.verdict == "stitched"
    assert one.source
    assert words.lower().startswith(TEXTS[one.source][one.start : one.end].lower())


WORDS = "the mayor’s well-known “bridge” fell — all 1,200 tonnes (10–12 days’ work) of it on 3 May … she said".split()
CHANGES = {
    " ": " \u00a0\u2009\n",
    "’": "'’ʼ",
    "“": '"„«',
    "”": '"“»',
    "-": "-‐‑",
    "…": ["…", "..."],
    "k": ["k", "\u00adk"],
}
CHANGES |= dict.fromkeys("—–", DASHES)


@settings(deadline=None)
@given(st.data())
def test_typography_alone_never_hides_a_quotation(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(WORDS) - 2))
    end = data.draw(st.integers(start + 2, len(WORDS)))
    text, plain = " ".join(WORDS), " ".join(WORDS[start:end]).strip(" —…")
    changed = "".join(data.draw(st.sampled_from(CHANGES.get(character, [character]))) for character in plain)
    assert find_quotation(changed, {"a": text}, {"a"}).verdict in ("exact", "folded")


@settings(deadline=None)
@given(st.data())
def test_one_letter_or_digit_more_or_less_is_never_accepted(data: st.DataObject) -> None:
    text = " ".join(WORDS)
    at = data.draw(st.sampled_from([place for place, character in enumerate(text) if character.isalnum()]))
    other = data.draw(
        st.sampled_from(["", "x", "7", "½", "é", text[at].swapcase() if text[at - 1 : at].isalpha() else "x"])
    )
    changed = text[:at] + other + text[at + 1 :]
    if changed != text:
        assert find_quotation(changed, {"a": text}, {"a"}).verdict not in ("exact", "folded")
