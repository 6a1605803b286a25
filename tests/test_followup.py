"""A follow-up is searched as a model makes it stand alone, and as it was asked where that fails"""

import httpx2
import pytest
from fakes import FakeEndpoint, PastTurn
from hypothesis import given
from hypothesis import strategies as st

from index.engine import Index
from rag import query
from rag.assistant import EXTRACTIVE, Assistant
from rag.config import RagSettings
from rag.endpoint.generate import LanguageModelWriter
from rag.prompt import REFUSAL
from rag.reading.followup import LONGEST_REWRITE, rewritten

STRIKES = "How many strikes had US aircraft carried out in Sirte?"
ALONE = "Since when had US aircraft carried out strikes in Sirte?"
TOO_LONG = [b'{"error": {"code": 400, "message": "the request exceeds the available context size"}}']
BEFORE = [PastTurn(STRIKES, "36 strikes since August 1 [1].")]


def with_model(index: Index, endpoint: FakeEndpoint, rewrite_timeout: float = 5) -> Assistant:
    settings = RagSettings(
        data_dir=index.settings.data_dir,
        base_url="http://model.test/v1",
        model="fake",
        api_key="secret-key",
        rewrite_timeout=rewrite_timeout,
    )
    return Assistant(index, settings, LanguageModelWriter(settings, transport=endpoint))


def test_the_rewrite_is_searched_and_shown(seeds_index: Index) -> None:
    endpoint = FakeEndpoint().enqueue([f'"{ALONE}"'], [REFUSAL])
    answer = with_model(seeds_index, endpoint).ask("And since when?", BEFORE)
    assert (answer.question, answer.searched) == ("And since when?", ALONE)
    first, second = (str(request["messages"]) for request in endpoint.requests)
    assert STRIKES in first
    assert "And since when?" in first
    assert ALONE in second


def test_a_question_that_stands_alone_is_not_rewritten(seeds_index: Index) -> None:
    endpoint = FakeEndpoint().enqueue([REFUSAL])
    answer = with_model(seeds_index, endpoint).ask("How many armed vehicles were seized in Sirte?", BEFORE)
    assert len(endpoint.requests) == 1
    assert answer.searched == answer.question


@pytest.mark.parametrize(
    "failure", ["silence", ["Since when did", "silence"], TOO_LONG, ["Since when", httpx2.ReadError("gone")]]
)
def test_a_rewrite_that_is_too_slow_or_breaks_off_costs_little_time_and_no_answer(
    seeds_index: Index, failure: object
) -> None:
    endpoint = FakeEndpoint().enqueue(failure, [REFUSAL])
    assisted = with_model(seeds_index, endpoint, rewrite_timeout=0.1)
    answer = assisted.ask("And since when?", BEFORE)
    endpoint.over.set()
    assert answer.timings["rewrite"] < 1_000
    assert (answer.writer, answer.notice) == ("fake", "")
    assert answer.searched == f"{STRIKES} And since when?"
    as_quoted = Assistant(seeds_index, RagSettings(data_dir=seeds_index.settings.data_dir))
    assert answer.passages == as_quoted.ask("And since when?", BEFORE).passages
    assert "Question: And since when?" in str(endpoint.requests[-1]["messages"])


@pytest.mark.parametrize("failure", [401, httpx2.ConnectError("nobody is there")])
def test_a_model_that_would_fail_at_the_answer_too_is_not_asked_again(seeds_index: Index, failure: object) -> None:
    endpoint = FakeEndpoint().enqueue(failure, failure)
    answer = with_model(seeds_index, endpoint).ask("And since when?", BEFORE)
    assert len(endpoint.requests) == 1
    assert answer.writer == EXTRACTIVE
    assert answer.notice
    assert answer.done


def test_a_question_is_searched_as_asked_where_the_reader_wants_it(seeds_index: Index) -> None:
    endpoint = FakeEndpoint().enqueue(["The articles do not say."])
    answer = with_model(seeds_index, endpoint).ask("And since when?", BEFORE, as_asked=True)
    assert answer.searched == answer.question == "And since when?"
    [request] = endpoint.requests  # no rewrite
    assert STRIKES not in str(request["messages"])


def test_as_asked_leans_on_nothing_without_a_model_either(assistant: Assistant) -> None:
    leaning = assistant.ask("And the wounded?", BEFORE)
    alone = assistant.ask("And the wounded?", BEFORE, as_asked=True)
    assert leaning.searched == f"{STRIKES} And the wounded?"
    assert alone.searched == "And the wounded?"
    assert alone.passages == assistant.ask("And the wounded?").passages != leaning.passages


def test_a_script_can_ask_as_typed(seeds_index: Index) -> None:
    settings = seeds_index.settings
    assert isinstance(settings, RagSettings)
    assert query("And the wounded?", BEFORE, as_asked=True, settings=settings).searched == "And the wounded?"


@pytest.mark.parametrize(
    ("reply", "meant"),
    [
        (f"  {ALONE}\n", ALONE),
        (f"<think>They mean strikes.\nYes.</think>\n{ALONE}", ALONE),
        (f"**Rewritten question:** {ALONE}", ALONE),
        ("36 strikes since August 1.", "And then?"),
        (f"Sure! Here it is:\n{ALONE}", "And then?"),
        ("", "And then?"),
        ("<think>for ever", "And then?"),
        ("x" * (LONGEST_REWRITE + 1), "And then?"),
    ],
)
def test_what_is_no_question_is_left_out(reply: str, meant: str) -> None:
    assert rewritten(reply, "And then?") == meant


@given(st.text())
def test_any_reply_gives_one_line(reply: str) -> None:
    found = rewritten(reply, "And then?")
    assert found.strip() == found
    assert 0 < len(found) <= LONGEST_REWRITE
