"""Does the quote carry the claim? Each verdict has its reason in words."""

import pytest

from rag.records import Citation
from rag.support import check


def quote(text: str) -> Citation:
    return Citation(1, "a", "Harbour news", None, "a.txt", 0, len(text), text)


FERRY = quote("The ferry Aurora carried 212 passengers and seven crew to Brannoc on Tuesday, the operator said.")


@pytest.mark.parametrize(
    ("claim", "verdict", "reason"),
    [
        ("The ferry Aurora carried 212 passengers and seven crew to Brannoc on Tuesday [1].", "supported", ""),
        ("The Aurora carried 212 passengers [1].", "supported", ""),
        ("The ferry carried 7 crew [1].", "supported", ""),
        ("The ferry carried 213 passengers [1].", "unsupported", "213"),
        ("The ferry carried 212 passengers to Torsk [1].", "unsupported", "Torsk"),
        ("The ferry did not carry passengers on Tuesday [1].", "unsupported", "denies"),
        ("A storm destroyed the whole lighthouse overnight [1].", "unsupported", "something else"),
        ("The ferry later sank after an explosion below deck [1].", "unsupported", "something else"),
    ],
)
def test_verdicts(claim: str, verdict: str, reason: str) -> None:
    assert check(claim, [FERRY])[0] == verdict
    assert reason in check(claim, [FERRY])[1]


def test_no_citation_is_no_support() -> None:
    assert check("The ferry carried 212 passengers.", []) == ("unsupported", "cites no sentence of the articles")


def test_a_verbatim_quote_is_supported_whatever_it_says() -> None:
    denial = quote("The operator denied that nobody had been told.")
    assert check("The operator denied that nobody had been told. [1]", [denial]) == ("supported", "")


def test_two_quotes_carry_a_claim_together() -> None:
    other = quote("Brannoc harbour reopened on Friday.")
    assert (
        check("The Aurora carried 212 passengers and the harbour reopened on Friday [1][2].", [FERRY, other])[0]
        == "supported"
    )


def test_a_claim_inside_a_denial_is_not_carried() -> None:
    for denial in ("Officials denied that the Aurora sank.", "It is false that the Aurora sank."):
        assert check("The Aurora sank [1].", [quote(denial)])[0] == "unsupported"


def test_small_words_are_no_figures() -> None:
    assert check("One guard was hurt in Brannoc [1].", [quote("A guard was hurt in Brannoc.")])[0] == "supported"
