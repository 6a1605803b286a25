"""A model's opinion may raise what the checks leave open, and nothing that a check fails."""

from collections.abc import Callable

import pytest
from fakes import FakeEndpoint

from index.engine import Index
from rag.assistant import Assistant
from rag.config import RagSettings
from rag.endpoint.generate import LanguageModelWriter
from rag.records import Answer

QUESTION = "How many strikes had US aircraft carried out in Sirte?"
OPEN = (
    "US drones flew 36 risky strikes over Sirte since August 1 [{}]."  # "risky" is in no quote, and no check reads it
)
WRONG = "US drones and fighter jets have carried out 46 strikes over Sirte since August 1 [{}]."


@pytest.fixture
def ask(seeds_index: Index) -> Callable[..., tuple[Answer, FakeEndpoint]]:
    def asked(claim: str, *replies: object, model_checks: bool = True) -> tuple[Answer, FakeEndpoint]:
        settings = RagSettings(
            data_dir=seeds_index.settings.data_dir,
            base_url="http://127.0.0.1:9/v1",
            model="fake",
            model_checks=model_checks,
            chunk_tokens=seeds_index.settings.chunk_tokens,
        )
        from rag.prompt import number_sentences

        numbered = number_sentences(seeds_index.search(QUESTION, limit=settings.passages))
        right = next(number for number, one in numbered.items() if "36 strikes" in one.text)
        endpoint = FakeEndpoint().enqueue([claim.format(right)], *replies)
        return Assistant(seeds_index, settings, LanguageModelWriter(settings, endpoint)).ask(QUESTION), endpoint

    return asked


def test_what_is_left_open_is_supported_where_the_model_says_so(
    ask: Callable[..., tuple[Answer, FakeEndpoint]],
) -> None:
    answer, endpoint = ask(OPEN, ["1: yes"])
    assert [(claim.support, claim.reason) for claim in answer.claims] == [("supported", "judged by fake")]
    told = str(endpoint.requests[1]["messages"])
    assert "<claim>US drones flew 36 risky strikes" in told
    assert "<quote>US drones and fighter jets have carried out 36 strikes" in told


@pytest.mark.parametrize("reply", [["1: no"], ["perhaps"], ["1: yes\n1: no"], ["2: yes"], 401])
def test_it_stays_open_where_the_model_does_not(ask: Callable[..., tuple[Answer, FakeEndpoint]], reply: object) -> None:
    answer, endpoint = ask(OPEN, reply)
    assert [claim.support for claim in answer.claims] == ["partial"]
    assert "is not in the quote" in answer.claims[0].reason
    assert len(endpoint.requests) == 2


def test_what_a_check_fails_is_not_even_asked(ask: Callable[..., tuple[Answer, FakeEndpoint]]) -> None:
    answer, endpoint = ask(WRONG, ["1: yes"])
    assert [claim.support for claim in answer.claims] == ["unsupported"]
    assert len(endpoint.requests) == 1


def test_nobody_is_asked_unless_it_is_set(ask: Callable[..., tuple[Answer, FakeEndpoint]]) -> None:
    answer, endpoint = ask(OPEN, ["1: yes"], model_checks=False)
    assert [claim.support for claim in answer.claims] == ["partial"]
    assert len(endpoint.requests) == 1
