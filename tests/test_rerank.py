"""A rerank model has the last word on the order of the passages, and where it has none the index's own order stands."""

import json
import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from fakes import FakeEndpoint, FakeRerank
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from index.engine import Index
from index.errors import ConfigError
from index.records import Passage
from index.reply import Unreadable, read_ranking
from rag.assistant import Assistant
from rag.config import RagSettings
from rag.endpoint import rerank
from rag.endpoint.generate import LanguageModelWriter
from rag.endpoint.rerank import OWN_ORDER, Reranker, candidates

QUESTION = "How many strikes had US aircraft carried out in Sirte?"
ADDRESS = "http://user:pa55@rank.test/v1"
SECRETS = "secret-key", "pa55", "<html>"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rerank, "FIRST_WAIT", 0.01)


@pytest.fixture
def fake() -> Iterator[FakeRerank]:
    endpoint = FakeRerank()
    yield endpoint
    endpoint.over.set()


@pytest.fixture
def passages(seeds_index: Index) -> list[Passage]:
    return seeds_index.search(QUESTION, limit=12)


def settings_for(index: Index, **more: Any) -> RagSettings:
    values = {"rerank": "ranker", "rerank_url": ADDRESS, "passages": 5, "data_dir": index.settings.data_dir}
    return RagSettings.model_validate({**values, **more})


def reranker(index: Index, fake: FakeRerank, **more: Any) -> Reranker:
    return Reranker(settings_for(index, **more), fake)


def upside_down(count: int) -> dict[str, object]:
    return {"results": [{"index": place, "relevance_score": place} for place in range(count)]}


def test_the_models_order_is_taken_with_the_scores_of_the_index(
    seeds_index: Index, fake: FakeRerank, passages: list[Passage]
) -> None:
    fake.enqueue(upside_down(len(passages)))
    best, notice = reranker(seeds_index, fake).best(QUESTION, passages)
    assert [one.chunk.id for one in best] == [one.chunk.id for one in passages[::-1][:5]]
    assert [one.score for one in best] == [one.score for one in passages[:5]]
    assert not notice
    asked = fake.requests[0]
    assert (asked["model"], asked["query"], asked["top_n"]) == ("ranker", QUESTION, 5)
    assert len(asked["documents"]) == len(passages)
    assert all(one.text in text for one, text in zip(passages, asked["documents"], strict=True))
    assert fake.asked[0].url.path == "/v1/rerank"


@pytest.mark.parametrize(
    ("replies", "words", "requests"),
    [
        ([503, 503], "HTTP 503", 2),
        ([429, 429], "too much to do", 2),
        ([httpx2.ConnectError("x"), httpx2.ConnectError("y")], "cannot be reached", 2),
        ([httpx2.ReadTimeout("x")], "in time", 1),
        ([401], "refused the key", 1),
        ([501], "Does it rank documents?", 1),
        ([404], "was not found", 1),
        ([httpx2.Response(429, headers={"retry-after": "3600"})], "too much to do", 1),
        ([{}], "no list of scores", 1),
        ([[]], "no list of scores", 1),
        ([{"results": []}], "0 scores for 9", 1),
        ([{"results": [{"index": 99, "relevance_score": 1.0}] * 12}], "12 scores for 9", 1),
        (["a page"], "no list of scores", 1),
    ],
)
def test_whatever_it_does_the_index_has_an_order_of_its_own(  # noqa: PLR0913, PLR0917
    seeds_index: Index,
    fake: FakeRerank,
    passages: list[Passage],
    caplog: pytest.LogCaptureFixture,
    replies: list[object],
    words: str,
    requests: int,
) -> None:
    caplog.set_level(logging.DEBUG)
    fake.enqueue(*replies)
    best, notice = reranker(seeds_index, fake).best(QUESTION, passages)
    assert list(best) == passages[:5]
    assert words in notice
    assert notice.endswith(OWN_ORDER)
    assert "\n" not in notice
    assert len(fake.requests) == requests
    assert not [secret for secret in SECRETS if secret in notice + caplog.text]


def test_what_passes_is_asked_for_once_more(seeds_index: Index, fake: FakeRerank, passages: list[Passage]) -> None:
    fake.enqueue(503, upside_down(len(passages)))
    best, notice = reranker(seeds_index, fake).best(QUESTION, passages)
    assert (best[0].chunk, notice) == (passages[-1].chunk, "")


def test_an_address_without_v1_is_asked_with_it(seeds_index: Index, fake: FakeRerank, passages: list[Passage]) -> None:
    fake.enqueue(404)
    assert reranker(seeds_index, fake, rerank_url="http://rank.test").best(QUESTION, passages)[1] == ""
    assert [one.url.path for one in fake.asked] == ["/rerank", "/v1/rerank"]


def test_it_has_its_time_and_no_more(seeds_index: Index, fake: FakeRerank, passages: list[Passage]) -> None:
    fake.enqueue("silence")
    began = time.monotonic()
    best, notice = reranker(seeds_index, fake, rerank_timeout=0.1).best(QUESTION, passages)
    assert time.monotonic() - began < 5
    assert list(best) == passages[:5]
    assert "did not answer within 0.1 s. FOOTNOTE_RERANK_TIMEOUT" in notice


@pytest.mark.parametrize(
    ("address", "key"), [("https://chat.test/v1", "secret-key"), ("https://rank.test/v1", "none"), ("", "secret-key")]
)
def test_the_key_goes_only_to_the_server_that_it_was_set_for(
    seeds_index: Index, fake: FakeRerank, passages: list[Passage], address: str, key: str
) -> None:
    more = {"rerank_url": address, "base_url": "https://chat.test/v1", "api_key": "secret-key"}
    reranker(seeds_index, fake, **more).best(QUESTION, passages)
    assert fake.asked[0].headers["authorization"] == f"Bearer {key}"
    assert fake.asked[0].url.host == ("rank.test" if "rank" in address else "chat.test")


def test_without_an_address_no_passage_is_sent_anywhere(seeds_index: Index) -> None:
    with pytest.raises(ConfigError, match="FOOTNOTE_RERANK_URL"):
        Assistant(seeds_index, settings_for(seeds_index, rerank_url="", api_key="secret-key"))


def test_an_answer_is_made_from_the_best_of_many(seeds_index: Index, fake: FakeRerank) -> None:
    settings = settings_for(seeds_index, passages=3)
    assert candidates(settings) == rerank.CANDIDATES
    answer = Assistant(seeds_index, settings, reranker=Reranker(settings, fake)).ask(QUESTION)
    found = len(seeds_index.search(QUESTION, limit=rerank.CANDIDATES))
    assert len(fake.requests[0]["documents"]) == found > 3
    assert len(answer.passages) == 3
    assert "rerank" in answer.timings
    assert not answer.notice
    assert "29" in answer.text


def test_an_answer_says_that_nothing_ranked_its_passages(seeds_index: Index, fake: FakeRerank) -> None:
    settings = settings_for(seeds_index, base_url="http://model.test/v1", model="m")
    fake.enqueue(501, 501)
    for reply, writer in ([["The strikes [11]."], "m"], [401, "extractive"]):
        model = LanguageModelWriter(settings, FakeEndpoint([reply]))
        answer = Assistant(seeds_index, settings, model, Reranker(settings, fake)).ask(QUESTION)
        assert answer.writer == writer
        assert answer.notice.startswith("The rerank model 'ranker' at http://rank.test/v1 answered with HTTP 501.")
        plain = replace(answer, notice="")
        assert [one.chunk.id for one in plain.passages] == [
            one.chunk.id for one in seeds_index.search(QUESTION, limit=rerank.CANDIDATES)[:5]
        ]


NUMBERS = st.integers(-3, 6) | st.floats() | st.integers(10**400, 10**400 + 1) | st.booleans() | st.none() | st.text()
ENTRIES = st.fixed_dictionaries({"index": NUMBERS | st.lists(st.none()), "relevance_score": NUMBERS}) | st.none()


@hypothesis_settings(max_examples=300, deadline=None)
@given(
    reply=st.fixed_dictionaries({"results": st.lists(ENTRIES, max_size=5)}) | st.none() | st.text(),
    count=st.integers(1, 4),
)
def test_whatever_comes_back_is_a_ranking_or_unreadable(reply: object, count: int) -> None:
    try:
        places = read_ranking(reply, count, 1)
    except Unreadable:
        return
    assert places[0] in range(count)


@given(scores=st.lists(st.floats(-50, 50), min_size=1, max_size=8))
def test_a_ranking_is_by_score_and_takes_equal_ones_as_they_come(scores: list[float]) -> None:
    reply = json.loads(json.dumps({"results": [{"index": i, "relevance_score": s} for i, s in enumerate(scores)]}))
    places = read_ranking({"results": reply["results"][::-1]}, len(scores), len(scores))
    assert places == sorted(range(len(scores)), key=lambda place: (-scores[place], place))
