"""Quotation marks in a model's text stay only around what an article says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.records import Article
from rag.citations import resolve
from rag.prompt import Sentence
from rag.steps.marks import Settled, quoted, settle

BRIDGE = Article(
    "a", "Bridge", "The bridge fell on Monday. It will reopen soon, the mayor said. Work starts in May.", ("a.txt",)
)
POLICE = Article("b", "Police", "Nobody was hurt in the collapse. A “safe haven”, police say.", ("b.txt",))
SENTENCES = {
    11: Sentence(11, BRIDGE, 0, 26, "", 1.0),
    12: Sentence(12, BRIDGE, 27, 63, BRIDGE.text[0:26], 1.0),
    21: Sentence(21, POLICE, 0, 32, "", 0.5),
    22: Sentence(22, POLICE, 33, 60, POLICE.text[0:32], 0.5),
}


def settled(written: str, question: str = "What of the so-called bridge?") -> Settled:
    return settle(resolve(written, SENTENCES), SENTENCES, question)


def verdicts(written: str) -> list[tuple[str, str, int | None]]:
    one = settled(written)
    return [(one.resolved.text[q.start : q.end], q.verdict, q.citation) for q in one.quotations]


@pytest.mark.parametrize(
    ("written", "shown", "expected"),
    [
        (
            "“It will reopen soon”, he said [12].",
            "“It will reopen soon”, he said [1].",
            [("It will reopen soon", "exact", 1)],
        ),
        (
            '"it will reopen soon," he said [12].',
            '"it will reopen soon," he said [1].',
            [("it will reopen soon,", "folded", 1)],
        ),
        ("He said: «The bridge fell» [12].", "He said: «The bridge fell» [1].", [("The bridge fell", "exact", None)]),
        ("„The bridge fell“ [11].", "„The bridge fell“ [1].", [("The bridge fell", "exact", 1)]),
        ("He said ‘the bridge fell’ [11].", "He said ‘the bridge fell’ [1].", [("the bridge fell", "folded", 1)]),
        (
            "“The bridge fell [11].” So it did.",
            "“The bridge fell [1].” So it did.",
            [("The bridge fell [1].", "folded", 1)],
        ),
        (
            "“Nobody was hurt”, he said [11].",
            "Nobody was hurt, he said [1].",
            [("Nobody was hurt", "misattributed", None)],
        ),
        ("“The bridge never fell” [11].", "The bridge never fell [1].", [("The bridge never fell", "not found", None)]),
        (
            "“The bridge fell … the mayor said” [11]. “It will reopen” [12].",
            "The bridge fell … the mayor said [1]. “It will reopen” [2].",
            [("The bridge fell … the mayor said", "stitched", None), ("It will reopen", "exact", 2)],
        ),
        ("A “zombie” bridge [11].", "A zombie bridge [1].", [("zombie", "not found", None)]),
    ],
)
def test_what_is_quoted_keeps_its_marks_and_what_is_not_loses_them(
    written: str, shown: str, expected: list[tuple[str, str, int | None]]
) -> None:
    assert settled(written).resolved.text == shown
    assert verdicts(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "The “bridge” fell [11].",
        "A “safe haven” [11].",
        "The “so-called” bridge [11].",
        "It isn't the mayors' fault, it's the boys' [11].",
        'A 5" pipe and a 6" pipe burst [11].',
        '`print("no such words here")` [11].',
        "```\n“no such words here”\n``` [11].",
        "He said “it will reopen [11]",
        "“One paragraph\n\nand another” [11].",
    ],
)
def test_what_is_no_quotation_is_left_alone(written: str) -> None:
    one = settled(written)
    assert one.quotations == ()
    assert one.resolved == resolve(written, SENTENCES)


def test_the_claim_that_holds_false_marks_is_doubted_and_no_other() -> None:
    one = settled("It fell [11]. “Nobody was hurt” [11]. “No such words at all” [11].")
    doubts = [one.doubts.get(claim.start, "") for claim in one.resolved.claims]
    assert doubts == [
        "",
        "the words in quotation marks are in “Police”, which is not cited",
        "the words in quotation marks are not in the articles",
    ]


UNMARKED = str.maketrans(dict.fromkeys('“”‘’"', ""))
PARTS = [
    "“The bridge fell”",
    '"It will reopen soon"',
    "“no such words here”",
    '"Nobody was hurt"',
    " [11]",
    " [21]",
    ". ",
    "\n\n",
    "He said ",
    "“",
    '"',
    "it's ",
    "`x`",
    "‘the bridge fell’ ",
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=10).map("".join))
def test_everything_points_to_what_it_pointed_to_before_the_marks_went(written: str) -> None:
    before, after = resolve(written, SENTENCES), settled(written)
    text = after.resolved.text
    assert len(before.claims) == len(after.resolved.claims)
    for old, new in zip(before.claims, after.resolved.claims, strict=True):
        kept = before.text[old.start : old.end]
        assert text[new.start : new.end].translate(UNMARKED) == kept.translate(UNMARKED)
    words = {before.text[start + 1 : end - 1] for start, end in quoted(before.text)}
    for quotation in after.quotations:
        assert text[quotation.start : quotation.end] in words
        if quotation.verdict in ("exact", "folded"):
            assert text[quotation.start - 1] in '“"‘'
