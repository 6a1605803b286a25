"""What a model thinks of the answers is asked once for each claim and answer, read strictly, and kept apart"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from fakes import FakeEndpoint
from hypothesis import given
from hypothesis import strategies as st

from evals import judge
from evals.cases import Case
from evals.cli import evaluate
from evals.judge import Judge, row, verdict
from evals.results import read
from index.errors import ConfigError, EndpointError
from rag.config import RagSettings
from rag.endpoint.generate import LanguageModelWriter
from rag.prompt import REFUSAL, prompt_versions, rules
from rag.records import Answer, Citation, Claim

CASE = Case("c", "number", "How many strikes?", (), ("There were 29 strikes.",), (), refuse=False)
ANSWER = Answer(
    "How many strikes?",
    "How many strikes?",
    text="29 strikes. [1] Sirte fell. [2]",
    claims=(Claim(0, 15, (1,), "supported"), Claim(16, 31, (2,), "supported")),
    citations=(
        Citation(1, "a", "T", None, "a.txt", 0, 22, "There were 29 strikes."),
        Citation(2, "a", "T", None, "a.txt", 30, 50, "Sirte did not fall."),
    ),
    done=True,
)


@pytest.fixture
def endpoint() -> Iterator[FakeEndpoint]:
    fake = FakeEndpoint()
    yield fake
    fake.over.set()


@pytest.fixture
def model(endpoint: FakeEndpoint) -> LanguageModelWriter:
    settings = RagSettings(base_url="http://model.test/v1", model="fake", api_key="secret-key", temperature=1.5)
    return LanguageModelWriter(settings, endpoint)


@pytest.mark.parametrize(
    ("reply", "worth"),
    [
        ("yes", 1),
        ("**Partly.**\n", 0.5),
        (" No!", 0),
        ("Yes, because the quote says so.", None),
        ("yes no", None),
        ("not", None),
        ("", None),
    ],
)
def test_a_verdict_is_one_word_and_all_else_is_none(reply: str, worth: float | None) -> None:
    assert verdict(reply) == worth


@given(st.text())
def test_any_reply_is_a_verdict_or_none(reply: str) -> None:
    assert verdict(reply) in (0, 0.5, 1, None)


def test_each_claim_is_held_against_its_own_quotes_and_the_answer_against_the_case(
    endpoint: FakeEndpoint, model: LanguageModelWriter
) -> None:
    endpoint.enqueue(["yes"], ["n", "o"], ["partly"])
    found = row(CASE, ANSWER, Judge(model))
    assert (found["faithful"], found["correct"], found["judged"]) == (0.5, 0.5, 1)
    assert [one["verdict"] for one in found["claims"]] == [1, 0]
    chats = [request["messages"] for request in endpoint.requests]
    assert [chat[0]["content"] for chat in chats] == [rules(n, "evals") for n in ("claim", "claim", "answer")]  # type: ignore[index]
    first, second, third = (chat[1]["content"] for chat in chats)  # type: ignore[index]
    assert "There were 29 strikes." in first
    assert "Sirte" not in first
    assert "Sirte did not fall." in second
    assert "one of: There were 29 strikes." in third
    assert all(request["temperature"] == 0 for request in endpoint.requests)


def test_what_cannot_be_read_is_not_judged_and_counts_in_no_mean(
    endpoint: FakeEndpoint, model: LanguageModelWriter
) -> None:
    endpoint.enqueue(["yes"], ["It depends."], 500)
    found = row(CASE, ANSWER, Judge(model))
    assert (found["faithful"], found["correct"]) == (1, None)
    assert found["judged"] == pytest.approx(1 / 3)


def test_a_refusal_and_a_claim_without_a_quote_need_no_model(
    endpoint: FakeEndpoint, model: LanguageModelWriter
) -> None:
    refused = replace(ANSWER, text=REFUSAL, claims=(), citations=(), refused=True)
    found = row(CASE, refused, Judge(model))
    assert (found["faithful"], found["correct"], found["judged"]) == (None, 0, None)
    assert row(replace(CASE, refuse=True), refused, Judge(model))["correct"] is None
    assert endpoint.requests == []
    bare = replace(ANSWER, claims=(Claim(0, 15, (), "unsupported"),))
    endpoint.enqueue(["yes"])
    assert row(CASE, bare, Judge(model))["faithful"] == 0


def test_an_endpoint_that_is_down_ends_it(endpoint: FakeEndpoint, model: LanguageModelWriter) -> None:
    asked = Judge(model)
    for _ in range(2):  # a failure here and there is none
        endpoint.enqueue(500, ["yes"], 500)
        row(CASE, ANSWER, asked)
    endpoint.enqueue(500, 500)
    with pytest.raises(EndpointError):
        row(CASE, ANSWER, asked)


def test_opinions_are_a_result_of_their_own_without_the_key(
    tmp_path: Path, endpoint: FakeEndpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "article.txt").write_text("The Harbour\n\nThe harbour of Brannoc reopened on 3 May 2019.")
    cases = tmp_path / "mine.jsonl"
    plain: dict[str, object] = {"category": "x", "history": [], "gold_all": [], "refuse": False}
    gold = "The harbour of Brannoc reopened on 3 May 2019."
    cases.write_text(
        json.dumps({"id": "one", "question": "When did the harbour of Brannoc reopen?", "gold_any": [gold], **plain})
    )
    endpoint.enqueue(["It reopened on 3 May 2019 [12]."], ["no"], ["Well."])
    settings = RagSettings(
        data_dir=tmp_path / "data",
        embedding="static",
        base_url="http://model.test/v1",
        model="fake",
        api_key="secret-key",
    )
    model = LanguageModelWriter(settings, endpoint)
    path = judge.evaluate(cases, tmp_path / "article.txt", settings, model, tmp_path / "results")
    result = read(path)
    assert (result.kind, result.name) == ("judge", "mine")
    assert {"rag/instructions", "rag/question", "evals/claim"} <= set(result.prompts)
    assert result.prompts.items() >= prompt_versions().items()
    (run,) = result.runs
    assert set(run.metrics) == {"faithful", "judged"}
    assert run.metrics["faithful"].value == 0
    assert run.rows[0]["claims"][0]["quotes"] == [gold]
    told = capsys.readouterr().out
    assert "not carried (one): It reopened on 3 May 2019" in told
    assert "Not judged, in whole or in part: one" in told
    assert "secret" not in path.read_text() + told


def test_without_a_model_it_is_one_line() -> None:
    caught = CliRunner().invoke(evaluate, ["judge"]).exception
    assert isinstance(caught, ConfigError)
    assert "FOOTNOTE_MODEL" in str(caught)
