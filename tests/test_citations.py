"""[n] in a growing text: what is known becomes a citation, what is not never shows."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.records import Article
from rag.citations import CODE, resolve
from rag.prompt import Sentence

TEXT = "The bridge fell on Monday. Nobody was hurt. “It will reopen soon”, the mayor said. Work starts in May."
ARTICLE = Article("a", "Bridge", TEXT, ("a.txt",))
SPANS = {11: (0, 26), 12: (27, 43), 13: (44, 82), 21: (83, 102)}
SENTENCES = {number: Sentence(number, ARTICLE, start, end, "", 1.0) for number, (start, end) in SPANS.items()}


@pytest.mark.parametrize(
    ("written", "shown", "cited"),
    [
        ("It fell [11].", "It fell [1].", [(1,)]),
        ("It fell. [12] It reopens. [11]", "It fell. [1] It reopens. [2]", [(1,), (2,)]),
        ("It fell [11, 12].", "It fell [1][2].", [(1, 2)]),
        ("It fell [11][12] [13].", "It fell [1][2][3].", [(1, 2, 3)]),
        ("It fell [11-13].", "It fell [1][2][3].", [(1, 2, 3)]),
        ("It fell 【11】.", "It fell [1].", [(1,)]),
        ("It fell [[11]].", "It fell [1].", [(1,)]),
        ("It fell [11], and it reopens [12].", "It fell [1], and it reopens [2].", [(1, 2)]),
        ("It fell [11]. Again [11].", "It fell [1]. Again [1].", [(1,), (1,)]),
        ("It fell [3]. It fell [99][11].", "It fell. It fell [1].", [(), (1,)]),
        ("Use `x[11]` here [11].", "Use `x[11]` here [1].", [(1,)]),
        ("<think>[11] perhaps</think>It fell [12].", "It fell [1].", [(1,)]),
        ("<think>[11] never closed", "", []),
        ("It fell. <thinking>[11]</thinking>Nobody was hurt [12].", "It fell. Nobody was hurt [1].", [(), (1,)]),
        ("[11] perhaps</think>It fell [12].", "It fell [1].", [(1,)]),
        ("<think>a <think>b</think> [11]</think>It fell [12].", "It fell [1].", [(1,)]),
        ("`<think>` is a tag [11].", "`<think>` is a tag [1].", [(1,)]),
        ("<think>a ` b</think>It fell `x` [12].", "It fell `x` [1].", [(1,)]),
        ("```\nx[11]\n``` It fell [12].", "```\nx[11]\n``` It fell [1].", None),
        ("It fell [^11].", "It fell [1].", [(1,)]),
        ("It fell (11).", "It fell (11).", [()]),
        ("It \u202efell\u202c \u200b[1\u200b1].", "It fell [1].", [(1,)]),
        ("می\u200cرود [11].", "می\u200cرود [1].", [(1,)]),
        ("It fell [11 and 13].", "It fell [1][2].", [(1, 2)]),
        ("[12] It fell [11].", "It fell [2]. [1]", [(2, 1)]),
        ("It fell [source 1", "It fell", [()]),
        ("[11] It fell.", "It fell. [1]", [(1,)]),
        ("It fell.\n\n[12] It reopens.", "It fell.\n\n It reopens. [1]", [(), (1,)]),
        ("“It will reopen soon”, the mayor said. [13]", "“It will reopen soon”, the mayor said. [1]", [(1,)]),
    ],
)
def test_markers_become_display_numbers(written: str, shown: str, cited: list[tuple[int, ...]] | None) -> None:
    resolved = resolve(written, SENTENCES)
    assert resolved.text == shown
    assert cited is None or [claim.citations for claim in resolved.claims] == cited


PARTS = [
    "The bridge fell ",
    "on Monday. ",
    "[11]",
    "[12, 13]",
    "[99]",
    "[11-13]",
    "[^12]",
    "[11 and 21]",
    "[11, 12, 13, 21, 11, 12, 13, 21, 11, 12, 13, 21]",
    "【21】",
    "［13］",
    "[[11]]",
    "(11)",
    "\u202e",
    "\u200d",
    "می",
    "[sentence 12]",
    "`x[11]`",
    "`",
    "```\ny[12]\n```\n",
    "<think>[13] perhaps</think>",
    "<thinking>[13]</thinking>",
    "\n",
    "Nobody was hurt",
    ". ",
    "a < b ",
    "[a note] ",
    "[1",
    "]",
    "- ",
]
WRITTEN = st.lists(st.sampled_from(PARTS), max_size=12).map("".join)


def bare(text: str) -> str:
    """What is shown but the display numbers, without white space."""
    return re.sub(r"\s|\[\d+\]", "", text)


@settings(deadline=None)  # each of many beginnings is read
@given(WRITTEN)
def test_a_growing_answer_only_grows(written: str) -> None:
    """Nothing of a marker or of a thought shows on the way, and no number changes what it stands for."""
    whole = resolve(written, SENTENCES)
    for cut in range(len(written) + 1):
        part = resolve(written[:cut], SENTENCES, final=False)
        assert bare(whole.text).startswith(bare(part.text))
        assert whole.citations[: len(part.citations)] == part.citations
        assert "perhaps" not in CODE.sub("", part.text)


@settings(deadline=None)
@given(WRITTEN, st.sampled_from(["<think>[12] so", "<thinking>so"]))
def test_an_open_thought_never_shows(written: str, thought: str) -> None:
    for cut in range(len(thought) + 1):
        part = resolve(written.replace("`", "") + thought[:cut], SENTENCES, final=False)
        assert bare(resolve(written.replace("`", ""), SENTENCES).text).startswith(bare(part.text))


@given(WRITTEN)
def test_claims_are_in_order_and_every_marker_lies_in_one(written: str) -> None:
    resolved = resolve(written, SENTENCES)
    ends = [0]
    for claim in resolved.claims:
        assert ends[-1] <= claim.start < claim.end <= len(resolved.text)
        ends.append(claim.end)
    outside = (
        "".join(resolved.text[end : claim.start] for end, claim in zip(ends, resolved.claims, strict=False))
        + resolved.text[ends[-1] :]
    )
    assert not re.search(r"\[\d+\]", outside)


@given(WRITTEN)
def test_every_citation_is_verbatim(written: str) -> None:
    for citation in resolve(written, SENTENCES).citations:
        assert TEXT[citation.start : citation.end] == citation.quote
