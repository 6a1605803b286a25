"""[n] in a growing text: what is known becomes a citation, what is not never shows."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Article
from rag.citations import resolve
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
        ("[11] It fell.", "It fell. [1]", [(1,)]),
        ("It fell.\n\n[12] It reopens.", "It fell.\n\n It reopens. [1]", [(), (1,)]),
        ("“It will reopen soon”, the mayor said. [13]", "“It will reopen soon”, the mayor said. [1]", [(1,)]),
    ],
)
def test_markers_become_display_numbers(written: str, shown: str, cited: list[tuple[int, ...]]) -> None:
    resolved = resolve(written, SENTENCES)
    assert resolved.text == shown
    assert [claim.citations for claim in resolved.claims] == cited


WRITTEN = st.lists(
    st.sampled_from(
        [
            "The bridge fell ",
            "on Monday. ",
            "[11]",
            "[12, 13]",
            "[99]",
            "【21】",
            "[[11]]",
            "\n",
            "Nobody was hurt",
            ". ",
            "[1",
            "]",
            "- ",
        ]
    ),
    max_size=14,
).map("".join)


@given(WRITTEN)
def test_however_the_stream_is_cut_no_number_shows_that_is_not_cited_in_the_end(written: str) -> None:
    whole = resolve(written, SENTENCES)
    for cut in range(len(written) + 1):
        part = resolve(written[:cut], SENTENCES, final=False)
        shown = {int(number) for number in re.findall(r"\[(\d+)\]", part.text)}
        assert shown <= {citation.number for citation in part.citations}
        assert {citation.quote for citation in part.citations} <= {citation.quote for citation in whole.citations}


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
