"""Sentences are exact spans of the text, and nothing that a page puts around its article is one."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.sentences import LONGEST_SENTENCE, blocks, front_matter, is_litter, sentence_runs, split_sentences

SEEDS = Path(__file__).parent.parent / "seeds"
MARKS = "Share|Advertisement|# |- |> |1. |---|```|“We won”, he said. |Dr. Smith paid 3.5 US$. |你好。|🙂|. |title: x"
ODD = ["| ", "\n", "\r\n", "\r", "\n\n", "\t", "\ufeff", "\u2028", "\u200b", "e\u0301", "a" * 2_100]
PIECES = st.sampled_from([*MARKS.split("|"), *ODD])
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=30).map("".join),
)
PROSE = "The council met on Monday evening and heard what the engineers had found under the bridge."


def sentences(text: str) -> list[str]:
    return [text[start:end] for run in sentence_runs(text) for start, end in run]


def seed(number: str) -> str:
    return next(SEEDS.glob(f"{number}_*")).read_bytes().decode()


@settings(deadline=None)
@given(TEXTS)
def test_spans_are_trimmed_in_order_apart_and_inside_any_text(text):
    last = 0
    for start, end in (span for run in sentence_runs(text) for span in run):
        assert last <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert any(map(str.isalnum, text[start:end]))
        assert end - start <= LONGEST_SENTENCE
        last = end


@settings(deadline=None)
@given(TEXTS)
def test_blocks_cover_every_word_after_the_front_matter(text):
    covered = {place for start, end in blocks(text) for place in range(start, end)}
    head = len(front_matter(text))
    assert all(place in covered for place in range(head, len(text)) if text[place].isalnum())


@settings(deadline=None)
@given(st.lists(st.sampled_from(["Share", "Advertisement", PROSE, "“Never”, she said.", "Read more"]), max_size=12))
def test_no_run_crosses_litter_and_none_is_empty(lines):
    text = "\n\n".join(lines)
    for run in sentence_runs(text):
        assert run
        within = text[run[0][0] : run[-1][1]]
        assert not any(is_litter(line) for line in within.split("\n\n"))


def test_seed_000_loses_its_litter_and_its_caption_and_nothing_else():
    text = seed("000")
    found = sentences(text)
    assert "Share" not in found
    assert "Advertisement" not in found
    assert not any(sentence.startswith("A man loyal") for sentence in found)
    left = text
    for sentence in found:
        left = left.replace(sentence, "", 1)
    assert left.split()[:3] == ["Share", "Advertisement", "Advertisement"]
    assert " ".join(left.split()[3:]).startswith("A man loyal to the Libyan armed forces")
    assert len(sentence_runs(text)) == 3


def test_seed_004_loses_nothing():
    text = seed("004")
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@pytest.mark.parametrize("line", ["Share", "ADVERTISEMENT", "Read more:", "  Share  ", "***", "```sh", "![a](b.png)"])
def test_litter_is_no_sentence(line):
    assert sentences(f"{PROSE}\n\n{line}\n\n{PROSE}") == [PROSE, PROSE]


def test_a_caption_glued_to_its_credit_is_no_sentence():
    assert sentences(f"{PROSE}\n\nLibyaLibya forces face resistance in the port\n\n{PROSE}") == [PROSE, PROSE]


def test_a_sentence_that_holds_a_litter_word_stays():
    assert sentences("Share prices fell by a third. More is to come.") == [
        "Share prices fell by a third.",
        "More is to come.",
    ]


def test_a_short_note_without_full_stops_is_kept():
    lines = ["Groceries for the whole of the coming week and more", "Call the plumber about the tap in the bath"]
    assert sentences("\n\n".join(lines)) == lines


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_hard_wrapped_prose_stays_one_sentence(newline):
    text = PROSE.replace("heard what ", f"heard what{newline}")
    assert sentences(text) == [text]


def test_headings_and_short_lines_stand_alone():
    assert sentences(f"# The bridge of the council and its engineers now\n{PROSE}\nShort\nAnother") == [
        "The bridge of the council and its engineers now",
        PROSE,
        "Short",
        "Another",
    ]


def test_list_items_and_quotations_are_sentences_without_their_marks():
    assert sentences("- First thing\n* Second thing\n1. Third thing\n> Fourth thing") == [
        "First thing",
        "Second thing",
        "Third thing",
        "Fourth thing",
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_front_matter_is_no_sentence(newline):
    assert sentences(newline.join(["---", "title: A bridge", "---", "", PROSE])) == [PROSE]


def test_text_between_two_rules_of_dashes_is_no_front_matter():
    assert sentences(f"---\n\n{PROSE}\n\n---\n\nThe end came soon.") == [PROSE, "The end came soon."]


@pytest.mark.parametrize(
    "text",
    [
        "“The centre is in our hands”, a spokesman said.",
        '"Is it over?" she asked.',
        "As of Wednesday, U.S. drones had carried out 29 strikes.",
        "Dr. Smith paid $3.5 million.",
    ],
)
def test_quotes_and_abbreviations_do_not_end_a_sentence(text):
    assert sentences(text) == [text]


def test_an_endless_line_is_cut_at_white_space():
    text = "\t".join(["word"] * 2_000)
    spans = split_sentences(text)
    assert max(end - start for start, end in spans) <= LONGEST_SENTENCE
    assert " ".join(text[start:end] for start, end in spans).split() == text.split()


def test_the_month_of_may_ends_a_sentence_and_a_name_does_not():
    text = "It was built in May. Nobody cared. Theresa May. Smith said on 3 May. Then on 30 May. All left."
    assert [text[start:end] for start, end in split_sentences(text)] == [
        "It was built in May.", "Nobody cared.", "Theresa May. Smith said on 3 May.", "Then on 30 May.", "All left.",
    ]  # fmt: skip
