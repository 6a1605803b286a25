"""Vectors from an endpoint: in order, checked, tried again where it helps; one line without the key where it fails."""

import base64
import gc
import json
import logging
import struct
import threading
import weakref
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer

import httpx2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from index import endpoint, failure
from index.endpoint import BATCH_CHARACTERS, BATCH_TEXTS, EndpointEmbedder
from index.errors import EndpointError
from index.reply import Unreadable, read_reply
from tests.fakes import FakeEmbeddings, embeddings, letters

ADDRESS = "http://user:pa55@model.test/v1"
TOO_LARGE = {"error": {"message": "input is too large to process", "code": 500}}


@pytest.fixture
def fake():
    return FakeEmbeddings()


@pytest.fixture
def pauses():
    return []


@pytest.fixture(autouse=True)
def no_chance(monkeypatch):
    monkeypatch.setattr(failure.random, "uniform", lambda *_: 1)


@pytest.fixture
def embedder(fake, pauses):
    return EndpointEmbedder("some-model", ADDRESS, SecretStr("secret-key"), fake, pauses.append)


def rows(texts):
    vectors = np.array([letters(text) for text in texts])
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def refusal(embedder, texts=("a",)):
    """The one line of a call that fails."""
    with pytest.raises(EndpointError) as caught:
        embedder.embed(texts)
    line = str(caught.value)
    assert "\n" not in line
    assert "some-model" in line
    assert "model.test/v1" in line
    assert not any(secret in line for secret in ("secret-key", "pa55", "<html>"))
    return line


def status(code, message):
    return httpx2.Response(code, json={"error": {"message": message}})


def test_rows_have_length_1_and_the_order_of_the_texts(embedder, fake):
    texts = ["first", "second one", "third"]
    vectors = embedder.embed(texts)
    assert vectors.dtype == np.float32
    assert np.allclose(vectors, rows(texts), atol=1e-6)
    assert fake.requests == [texts]
    assert fake.bodies[0]["model"] == "some-model"
    assert fake.bodies[0]["encoding_format"] == "float"


def test_it_has_a_name_to_record(embedder):
    assert embedder.name == "endpoint:some-model"


def test_an_answer_in_another_order_is_sorted(embedder, fake):
    def shuffled(texts):
        answer = embeddings(texts)
        answer["data"] = answer["data"][::-1]
        return answer

    fake.enqueue(shuffled)
    assert np.allclose(embedder.embed(["a", "bb", "ccc"]), rows(["a", "bb", "ccc"]), atol=1e-6)


def test_base64_is_read_too(embedder, fake):
    packed = base64.b64encode(struct.pack("<3f", 3, 4, 0)).decode()
    fake.enqueue({"data": [{"index": 0, "embedding": packed}]})
    assert np.allclose(embedder.embed(["a"]), [[0.6, 0.8, 0]])


def test_texts_of_nothing_are_not_sent_and_equal_texts_once(embedder, fake):
    vectors = embedder.embed(["a", "", " \n", "b", "a"])
    assert fake.requests == [["a", "b"]]
    assert np.allclose(vectors[[0, 3, 4]], rows(["a", "b", "a"]), atol=1e-6)
    assert not vectors[[1, 2]].any()


def test_the_dimension_is_asked_for_where_nothing_else_is(embedder, fake):
    assert embedder.embed([""]).shape == (1, 3)
    assert not embedder.embed(["", ""]).any()
    assert len(fake.requests) == 1


def test_no_texts_ask_for_nothing(embedder, fake):
    assert embedder.embed([]).shape == (0, 0)
    embedder.embed(["a"])
    assert embedder.embed([]).shape == (0, 3)
    assert len(fake.requests) == 1


def test_a_vector_of_zeros_stays_one(embedder, fake):
    fake.enqueue({"data": [{"index": 0, "embedding": [0, 0, 0]}]})
    assert not embedder.embed(["a"]).any()


def test_ten_thousand_texts_go_in_bounded_batches(embedder, fake):
    texts = [f"{number} text" for number in range(10_000)]
    assert np.allclose(embedder.embed(texts), rows(texts), atol=1e-6)
    assert max(map(len, fake.requests)) == BATCH_TEXTS
    assert sum(map(len, fake.requests)) == 10_000


@given(lengths=st.lists(st.integers(1, BATCH_CHARACTERS + 10), max_size=30))
def test_batches_are_bounded_by_characters(lengths):
    texts = ["x" * length for length in lengths]
    batches = list(endpoint._batches(texts))
    assert [text for batch in batches for text in batch] == texts
    assert all(len(batch) == 1 or sum(map(len, batch)) <= BATCH_CHARACTERS for batch in batches)


def test_several_requests_are_under_way_at_once(embedder, fake):
    together = threading.Barrier(endpoint.REQUESTS, timeout=10)

    def meet(texts):
        together.wait()  # breaks where fewer come at the same time
        return embeddings(texts)

    fake.default = meet
    texts = [f"{number} text" for number in range(BATCH_TEXTS * endpoint.REQUESTS)]
    assert np.allclose(embedder.embed(texts), rows(texts), atol=1e-6)


def entries(*vectors):
    return {"data": [{"index": place, "embedding": vector} for place, vector in enumerate(vectors)]}


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (entries([1, 2, 3]), "1 vectors for 2 texts"),
        (entries([1, 2], [1, 2], [1, 2]), "3 vectors for 2 texts"),
        (entries([1, 2], [1, 2, 3]), "no list of vectors"),
        (entries([], []), "no list of vectors"),
        (entries([[1, 2]], [[1, 2]]), "no list of vectors"),
        (entries([1, 2], [1, None]), "."),
        (entries([1, 2], [1, "x"]), "no list of vectors"),
        (entries("AAAA", "AAAAA"), "no list of vectors"),
        (entries([1, 2], [1, 1e300]), "not finite"),
        ({"data": [{"index": 0, "embedding": [1]}] * 2}, "of which text"),
        ({"data": [{"index": place, "embedding": [1]} for place in (1, 2)]}, "of which text"),
        ({"data": [{"embedding": [1]}] * 2}, "no list of vectors"),
        ({"data": None}, "no list of vectors"),
        ({"object": "list"}, "no list of vectors"),
        ([], "no list of vectors"),
        ("<html>secret-key</html>", "no list of vectors"),
        (httpx2.Response(200, text='{"data": [{"index": 0, "embedding": [NaN]}]}'), "1 vectors for 2 texts"),
        (
            httpx2.Response(
                200, text='{"data": [{"index": 0, "embedding": [NaN]}, {"index": 1, "embedding": [Infinity]}]}'
            ),
            "not finite",
        ),
    ],
)
def test_an_answer_that_is_not_one_vector_a_text_is_refused(embedder, fake, pauses, reply, reason):
    fake.enqueue(reply)
    line = refusal(embedder, ["a", "b"])
    assert "unreadable" in line
    assert reason in line
    assert not pauses  # it would come again


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["data", "index", "embedding"]), inner),
    max_leaves=15,
)


@settings(max_examples=200, deadline=None)
@given(content=st.binary(max_size=30) | JSON.map(lambda value: json.dumps(value).encode()), count=st.integers(1, 3))
def test_whatever_comes_back_is_vectors_or_unreadable(content, count):
    try:
        vectors = read_reply(content, count)
    except Unreadable:
        return
    assert vectors.shape[0] == count
    assert np.isfinite(vectors).all()


def test_another_dimension_later_is_refused(embedder, fake):
    embedder.embed(["a"])
    fake.enqueue(entries([1, 2]))
    assert "vectors of 2 numbers, before that of 3" in refusal(embedder, ["b"])


@pytest.mark.parametrize(
    "failure", [408, 409, 429, 500, 502, 503, 504, httpx2.ConnectError("x"), httpx2.ReadError("x")]
)
def test_what_may_pass_is_tried_again(embedder, fake, pauses, failure):
    fake.enqueue(failure, failure)
    assert np.allclose(embedder.embed(["a"]), rows(["a"]), atol=1e-6)
    assert pauses == [1, 2]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7), ("60", 60), ("0", 0), ("-5", 0), ("nan", 0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0), ("soon", 1)],
)
def test_the_wait_that_the_server_asks_for_is_kept(embedder, fake, pauses, header, seconds):
    fake.enqueue(httpx2.Response(429, headers={"retry-after": header}, text="slow down"))
    embedder.embed(["a"])
    assert pauses == [seconds]


def test_a_wait_that_is_too_long_is_told_and_not_kept(embedder, fake, pauses):
    fake.enqueue(httpx2.Response(429, headers={"retry-after": "3600"}, text="slow down"))
    assert "It asks to wait 3,600 s." in refusal(embedder)
    assert not pauses


def test_at_last_it_gives_up(embedder, fake, pauses):
    fake.default = lambda _: 503
    assert "HTTP 503" in refusal(embedder)
    assert len(fake.requests) == endpoint.ATTEMPTS
    assert len(pauses) == endpoint.ATTEMPTS - 1


@pytest.mark.parametrize(
    ("failure", "words"),
    [(400, "HTTP 400"), (401, "OPENAI_API_KEY"), (403, "OPENAI_API_KEY"), (404, "not found"), (501, "HTTP 501")],
)
def test_what_will_not_pass_is_asked_once(embedder, fake, pauses, failure, words):
    fake.enqueue(failure)
    assert words in refusal(embedder)
    assert len(fake.requests) == 1
    assert not pauses


@pytest.mark.parametrize(
    ("failure", "words"), [(httpx2.ReadTimeout("x"), "in time"), (httpx2.ConnectError("x"), "cannot be reached")]
)
def test_silence_and_a_closed_door_are_told_apart(embedder, fake, failure, words):
    fake.default = lambda _: failure
    assert words in refusal(embedder)


@pytest.mark.parametrize(
    "failure",
    [
        (500, "input is too large to process. increase the physical batch size"),
        (400, "This model's maximum context length is 512 tokens"),
        (422, "inputs must have less than 512 tokens"),
        (413, "Payload"),
        (400, "the input exceeds the context length"),
    ],
)
def test_a_text_that_is_too_long_is_found_and_loses_its_end(embedder, fake, pauses, failure):
    fake.default = lambda texts: status(*failure) if any(len(text) > 30 for text in texts) else embeddings(texts)
    texts = ["a", "b" * 100, "c", "d"]
    vectors = embedder.embed(texts)
    assert np.allclose(vectors, rows(["a", "b" * 25, "c", "d"]), atol=1e-6)
    assert not pauses


def test_too_many_texts_at_once_are_sent_in_halves(embedder, fake):
    fake.default = lambda texts: status(413, "") if len(texts) > 10 else embeddings(texts)
    texts = [f"{number} text" for number in range(50)]
    assert np.allclose(embedder.embed(texts), rows(texts), atol=1e-6)


def test_a_text_that_stays_too_long_is_named_by_its_size(embedder, fake):
    fake.default = lambda _: status(500, "input is too large")
    line = refusal(embedder, ["x" * 4_000])
    assert "500 characters of a text of 4,000" in line
    assert "FOOTNOTE_CHUNK_TOKENS" in line
    assert [len(text) for (text,) in fake.requests] == [4_000, 2_000, 1_000, 500]


def test_a_used_up_quota_is_not_a_text_that_is_too_long(embedder, fake, pauses):
    fake.default = lambda _: status(429, "You exceeded your current quota")
    assert "HTTP 429" in refusal(embedder)
    assert pauses


def test_after_a_failure_only_the_rest_is_asked_for(embedder, fake):
    texts = [f"{number} text" for number in range(BATCH_TEXTS * 6)]
    bad = texts[BATCH_TEXTS * 3]
    fake.default = lambda asked: 401 if bad in asked else embeddings(asked)
    refusal(embedder, texts)
    finished = {text for asked in fake.requests if bad not in asked for text in asked}
    assert finished

    fake.requests.clear()
    fake.default = embeddings
    assert np.allclose(embedder.embed(texts), rows(texts), atol=1e-6)
    asked = [text for batch in fake.requests for text in batch]
    assert sorted(asked) == sorted(set(texts) - finished)

    fake.requests.clear()
    embedder.embed(texts[:3])
    assert fake.requests == [texts[:3]]  # nothing is kept once a call has succeeded


def test_what_a_failed_call_leaves_is_bounded(embedder, fake, monkeypatch):
    monkeypatch.setattr(endpoint, "KEPT", 10)
    texts = [f"{number} text" for number in range(BATCH_TEXTS * 3)]
    fake.default = lambda asked: 401 if texts[-1] in asked else embeddings(asked)
    refusal(embedder, texts)
    assert len(embedder._kept) <= 10


def test_one_failure_ends_the_waiting_of_the_others(fake):
    embedder = EndpointEmbedder("some-model", ADDRESS, SecretStr("secret-key"), fake)  # it really waits
    texts = [f"{number} text" for number in range(BATCH_TEXTS * 2)]
    busy = httpx2.Response(429, headers={"retry-after": "30"})
    waiting = threading.Event()

    def answer(asked):
        if texts[0] in asked:
            waiting.set()
            return busy
        waiting.wait(10)
        return 401

    fake.default = answer
    assert "OPENAI_API_KEY" in refusal(embedder, texts)


@pytest.mark.parametrize(
    "address",
    ["http://[", "nonsense", "http://127.0.0.1:pa55", "http://user:pa/55@", "http://user:pa/55@127.0.0.1:99999"],
)
def test_an_address_that_is_none_is_one_line(address):
    embedder = EndpointEmbedder("some-model", address, SecretStr("secret-key"), sleep=lambda _: None)
    with pytest.raises(EndpointError) as caught:
        embedder.embed(["a"])
    assert "\n" not in str(caught.value)
    assert "secret-key" not in str(caught.value)
    assert "55@" not in str(caught.value)


def test_a_proxy_is_not_asked_for_what_runs_on_this_machine_and_its_password_is_not_told(monkeypatch):
    with HTTPServer(("127.0.0.1", 0), Embeds) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, "http://user:pa55@127.0.0.1:9")
        for host in ("127.0.0.1", "localhost"):
            embedder = EndpointEmbedder("m", f"http://{host}:{server.server_port}/v1", SecretStr(""))
            assert np.allclose(embedder.embed(["a"]), rows(["a"]), atol=1e-6)
        server.shutdown()
    monkeypatch.setenv("http_proxy", "nonsense://user:pa55@127.0.0.1:9")
    refusal(EndpointEmbedder("some-model", "http://model.test/v1", SecretStr("secret-key")))


def test_an_embedder_that_nobody_holds_closes_its_connections():
    with KeepsAlive(("127.0.0.1", 0), Keeps) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        embedder = EndpointEmbedder("m", f"http://127.0.0.1:{server.server_port}/v1", SecretStr(""))
        embedder.embed(["a"])
        client = weakref.ref(embedder._client)
        del embedder
        gc.collect()
        assert client() is None
        assert server.left.wait(10)
        server.shutdown()


class KeepsAlive(ThreadingHTTPServer):
    """Hears on a connection until the client leaves it."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.left = threading.Event()

    def shutdown_request(self, request):
        super().shutdown_request(request)
        self.left.set()


class Embeds(BaseHTTPRequestHandler):
    def do_POST(self):
        texts = json.loads(self.rfile.read(int(self.headers["content-length"])))["input"]
        body = json.dumps(embeddings(texts)).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Keeps(Embeds):
    protocol_version = "HTTP/1.1"


def test_no_secret_is_logged(embedder, fake, caplog):
    caplog.set_level(logging.DEBUG)
    fake.enqueue(500)
    embedder.embed(["a"])
    refused = EndpointEmbedder("some-model", f"{ADDRESS}?key=k3y", SecretStr("secret-key"), fake)
    refused.embed(["a"])
    assert "model.test" in caplog.text
    assert not any(secret in caplog.text for secret in ("secret-key", "pa55", "k3y"))


def test_the_key_goes_to_the_server_and_nowhere_else(monkeypatch, fake):
    seen = []
    answer = fake.handle_request
    monkeypatch.setattr(fake, "handle_request", lambda request: seen.append(request.headers) or answer(request))
    embedder = EndpointEmbedder("some-model", "http://model.test/v1", SecretStr("secret-key"), fake)
    embedder.embed(["a"])
    assert [headers["authorization"] for headers in seen] == ["Bearer secret-key"]
    assert "secret-key" not in repr(vars(embedder))
