"""Each probe by itself: what it makes of the shapes that answers have."""

import json
import ssl
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from index.address import shown
from index.config import IndexSettings
from index.tokens import knows
from rag.endpoint.profile import Profile
from rag.endpoint.trouble import Trouble
from rag.probes import vectors, wire
from rag.probes.here import check_certificates, check_proxies
from rag.probes.streaming import Streamed, came_together, tokens_per_second
from rag.probes.window import Look, find_window, named_limit
from rag.probes.wire import Endpoint


@given(window=st.integers(40, 20_000))
def test_the_window_is_found_wherever_it_is(window: int) -> None:
    looks: list[int] = []

    def look(tokens: int) -> Look:
        looks.append(tokens)
        return Look("kept" if tokens <= window else "cut")

    found = find_window(look, 16_384)
    if window >= 16_384:
        assert found.tokens is None
    else:
        assert found.tokens is not None
        assert max(0.95 * window, window - 17) >= 0
        assert 0.95 * window - 17 <= found.tokens <= window
    assert len(looks) <= 14


def test_a_refusal_that_names_the_window_is_believed() -> None:
    said = "This model's maximum context length is 4,097 tokens. However, you requested 5032 (4900 in the messages)."
    assert named_limit(said, 5_000) == 4_097
    assert named_limit("Requested tokens (2285) exceed context window of 2048", 2_200) == 2_048
    assert named_limit('{"code": 400, "message": "max_tokens must be at least 1, got -186."}', 4_000) == 0
    assert find_window(lambda tokens: Look("kept") if tokens < 3_000 else Look("refused", 3_100), 9_000).tokens == 3_100


def test_pieces_that_come_together_are_told_from_a_stream() -> None:
    assert came_together([2.0, 2.0, 2.01])
    assert not came_together([0.5, 1.0, 1.5, 2.0])
    assert not came_together([0.2, 0.2, 0.2001])
    assert tokens_per_second(Streamed([1.0, 1.5, 2.0], tokens=21)) == 20
    assert tokens_per_second(Streamed([1.0])) is None


def answering(reply: Callable[[dict[str, Any]], httpx2.Response]) -> Endpoint:
    transport = httpx2.MockTransport(lambda request: reply(json.loads(request.content)))
    return Endpoint("http://m.test/v1", "m", SecretStr(""), embedding_model="e", rerank_model="r", transport=transport)


def test_the_batch_of_embeddings_is_halved_until_it_is_taken() -> None:
    def embed(body: dict[str, Any]) -> httpx2.Response:
        if len(body["input"]) > 20:
            return httpx2.Response(413)
        data = [{"index": place, "embedding": [1.0, 2.0]} for place in range(len(body["input"]))]
        return httpx2.Response(200, json={"data": data})

    found, learnt = vectors.embeddings(answering(embed), Profile("", ""))
    assert (learnt.embedding_dimension, learnt.embedding_batch) == (2, 16)
    assert (found[0].verdict, "at most 16" in found[0].detail) == ("works, but", True)


@pytest.mark.parametrize(
    ("scores", "verdict"),
    [((0.1, 0.9), "ok"), ((0.9, 0.1), "works, but"), ((0.9,), "not offered"), ((), "not offered")],
)
def test_rerank_is_judged_by_its_order(scores: tuple[float, ...], verdict: str) -> None:
    results = [{"index": place, "relevance_score": score} for place, score in enumerate(scores)]
    found, _ = vectors.rerank(answering(lambda _: httpx2.Response(200, json={"results": results})), Profile("", ""))
    assert found[0].verdict == verdict


def test_what_stands_in_the_way_is_named() -> None:
    def untrusted(_: dict[str, Any]) -> httpx2.Response:
        raise httpx2.ConnectError("all connection attempts failed") from ssl.SSLCertVerificationError("self-signed")

    def proxied(_: dict[str, Any]) -> httpx2.Response:
        raise httpx2.ProxyError("403 Forbidden")

    for reply, words in ((untrusted, "certificate"), (proxied, "proxy")):
        with pytest.raises(Trouble, match=words):
            answering(reply).post("chat/completions", {})


@pytest.mark.parametrize(
    ("status", "asked", "said", "requests"),
    [
        (429, "0", "slow down", 3),
        (503, None, "loading", 3),
        (429, "3600", "slow down", 1),
        (429, "0", "You exceeded your current quota", 1),
        (500, "0", "broken", 1),
    ],
)
def test_who_is_busy_is_asked_again_and_only_then_called_so(
    monkeypatch: pytest.MonkeyPatch, status: int, asked: str | None, said: str, requests: int
) -> None:
    monkeypatch.setattr(wire, "FIRST_WAIT", 0.01)
    seen: list[int] = []
    headers = {} if asked is None else {"retry-after": asked}

    def busy(until: int) -> Callable[[dict[str, Any]], httpx2.Response]:
        def reply(_: dict[str, Any]) -> httpx2.Response:
            seen.append(status)
            done = len(seen) >= until
            return (
                httpx2.Response(200, json={"well": True})
                if done
                else httpx2.Response(status, text=said, headers=headers)
            )

        return reply

    with pytest.raises(Trouble, match=str(status)):
        answering(busy(99)).post("chat/completions", {})
    assert len(seen) == requests
    seen.clear()
    if requests > 1:
        assert answering(busy(requests)).post("chat/completions", {}) == {"well": True}


def test_a_body_without_an_end_is_given_up() -> None:
    class Endless(httpx2.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            while True:
                yield b" " * 1_000_000

    began = time.monotonic()
    with pytest.raises(Trouble, match="without an end"):
        answering(lambda _: httpx2.Response(200, stream=Endless())).post("chat/completions", {})
    assert time.monotonic() - began < 10  # it is the size, long before the time is up


def test_a_redirect_takes_no_key_elsewhere() -> None:
    endpoint = answering(lambda _: httpx2.Response(307, headers={"location": "http://elsewhere.test/v1"}))
    with pytest.raises(Trouble, match="HTTP 307"):
        endpoint.post("chat/completions", {})


def test_proxies_and_certificates_that_stand_in_the_way_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://me:pa55-word@proxy.test:3128")
    far = check_proxies(IndexSettings(base_url="https://far.test/v1"))
    assert "http by http://proxy.test:3128" in far.detail
    assert "pa55-word" not in far.detail
    assert "asked without" in check_proxies(IndexSettings(base_url="http://127.0.0.1:11434/v1")).detail
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")
    assert check_certificates(IndexSettings()).setting == "unset SSL_CERT_FILE"


def test_addresses_are_shown_without_secrets() -> None:
    assert shown("https://me:pa55@model.test:1/v1?key=secret") == "https://model.test:1/v1"
    assert shown("http://me:pa/55@model.test/v1") == "http://model.test/v1"
    assert knows("gpt-4o-mini")
    assert not knows("llama3.1:8b")
