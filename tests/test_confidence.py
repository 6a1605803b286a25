"""Each sign speaks for an answer, and a missing name speaks against one unless another of a list is heard."""

from dataclasses import astuple, replace

import pytest

from rag.choosing.confidence import THRESHOLD, Signs, read_signs
from rag.choosing.evidence import FEATURES, Evidence
from rag.reading.question import analyse

NOTHING = Signs(0.0, 0.0, 0.0, 0.0, unopposed=False)
EVERYTHING = Signs(1.0, 1.0, 1.0, 1.0, unopposed=True)


def test_the_threshold_lies_between_nothing_and_everything() -> None:
    assert NOTHING.confidence < THRESHOLD < EVERYTHING.confidence


@pytest.mark.parametrize("sign", ["sentence", "passage", "words", "names", "unopposed"])
def test_each_sign_raises_confidence(sign: str) -> None:
    assert replace(NOTHING, **{sign: True if sign == "unopposed" else 1.0}).confidence > NOTHING.confidence


@pytest.mark.parametrize(("question", "names"), [("Who lives in Arle?", 0.0), ("Who lives in Arle or Brin?", 1.0)])
def test_of_a_list_of_names_one_is_enough(question: str, names: float) -> None:
    asked = analyse(question)
    heard = tuple(float(term.token.text != "Arle") for term in asked.terms)
    assert read_signs(asked, [Evidence(0.5, 0.5, heard, heard)], 0.5, unopposed=True).names == names


def test_a_passage_of_one_search_does_not_count_for_the_sentence() -> None:
    asked = analyse("Who lives in Arle?")
    features = tuple(float(name == "passage") for name in FEATURES)
    found = read_signs(asked, [Evidence(0.275, 0.0, (1.0,) * len(asked.terms), (), features)], 0.0, unopposed=False)
    assert astuple(found)[0] == pytest.approx(0)
