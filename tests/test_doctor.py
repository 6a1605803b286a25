"""`footnote doctor` says what an endpoint really does, within its time, whatever it is; and shows no secret."""

import json
import logging
import re
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fakes import FakeEndpoint
from fastapi import Response
from fastapi.responses import JSONResponse
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from quirk_server import QuirkServer, Scene, Visit, list_models
from quirks import SCENES

from index.config import IndexSettings
from index.engine import Index
from index.tokens import count_tokens, knows
from rag import profile as profiles
from rag.assistant import Assistant
from rag.config import RagSettings, load_settings
from rag.generate import LanguageModelWriter
from rag.probe import choose, examine
from rag.probes import ports, vectors
from rag.probes.here import check_certificates, check_proxies
from rag.probes.prose import prose
from rag.probes.streaming import Streamed, came_together, tokens_per_second
from rag.probes.trouble import Trouble
from rag.probes.window import Look, find_window, named_limit
from rag.probes.wire import Endpoint, shown
from rag.profile import Profile, prompt_budget, reply_budget
from ui import cli

KEY = "sk-a-very-secret-key"
WINDOW = 1_500  # tokens of four characters
WORD = re.compile(r"The word to remember is: (\w+)\.")


def obey(visit: Visit, seen: str) -> str:
    """What a model says that does as it is told, and has read `seen`."""
    if visit.has("system"):
        return "BANANA"
    if "response_format" in visit.body:
        return '{"city": "Paris"}'
    if "Count from 1" in seen:
        text = " ".join(map(str, range(1, 21)))
        return text.split(visit.body["stop"][0])[0] if "stop" in visit.body else text
    if "2 + 3" in seen:
        return "5"
    word = WORD.search(seen)
    return word[1] if word else "I do not know."


def good(visit: Visit) -> Response:
    return visit.answer(obey(visit, visit.prompt))


def forgetful(visit: Visit) -> Response:
    """The start of a long prompt is gone, and so it is from the counts."""
    seen = visit.prompt[-4 * WINDOW :]
    return visit.answer(obey(visit, seen), prompt=seen)


def forgetful_without_counts(visit: Visit) -> Response:
    if visit.body.get("stream"):
        return forgetful(visit)
    seen = visit.prompt[-4 * WINDOW :]
    return JSONResponse({name: value for name, value in visit.whole(obey(visit, seen)).items() if name != "usage"})


def strict(visit: Visit) -> Response:
    """Refuses whatever is not plain, and repeats the key."""
    if visit.has("system") or {"response_format", "stream_options", "stop"} & set(visit.body):
        return visit.refuse(400, "Not supported")
    return good(visit)


def echoing(visit: Visit) -> Response:
    """Says what it was sent, header and all, and is called so too."""
    return visit.answer(f"\x1b[31m{visit.headers['authorization']} [bold]")


def nonsense(visit: Visit) -> Response:
    return visit.answer("\x00\x1b]0;title\x07 ngth )( ��� [/bold] " * 3)


OURS: Sequence[Callable[[Visit], Response]] = (
    good, forgetful, forgetful_without_counts, strict, echoing, nonsense,
)  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[QuirkServer]:
    ours = {act.__name__: Scene(act.__name__, "none", act, list_models) for act in OURS}
    with QuirkServer({**SCENES, **ours}) as running:
        yield running


@pytest.fixture
def footnote(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path):  # type: ignore[no-untyped-def]
    """Runs the command as a person does: its exit code, and what it says with --json."""
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FOOTNOTE_FIRST_TOKEN_TIMEOUT", "0.5")
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str, url: str = "", key: str = KEY) -> tuple[int, str]:
        for name, value in (("OPENAI_BASE_URL", url), ("OPENAI_API_KEY", key)):
            monkeypatch.setenv(name, value)
        load_settings.cache_clear()
        monkeypatch.setattr(sys, "argv", ["footnote", "doctor", *arguments])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        assert KEY not in captured.out + captured.err
        return int(stopped.value.code or 0), captured.out

    return run


def settings_for(url: str, folder: Path, **more: Any) -> RagSettings:
    usual = {"first_token_timeout": 2, "answer_timeout": 5, "embedding": "static", "api_key": KEY}
    return RagSettings(base_url=url, data_dir=folder, **{**usual, **more})


def verdicts(url: str, folder: Path, longest: int = 4_096, **more: Any) -> dict[str, tuple[str, str, str]]:
    examination = examine(settings_for(url, folder, **more), scan=False, longest=longest)
    return {finding.what: (finding.verdict, finding.detail, finding.setting) for finding in examination.findings}


# --- the written verdicts


def test_a_good_endpoint_is_ok_in_all_that_it_offers(footnote, server: QuirkServer, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    code, out = footnote("--json", "--no-scan", "--window", "4096", url=server.url("good"))
    data = json.loads(out)
    found = {finding["what"]: finding["verdict"] for finding in data["findings"]}
    assert code == 0
    assert data["works"] is True
    assert {what: verdict for what, verdict in found.items() if verdict != "ok"} == {
        "index": "not offered",
        "rerank": "not offered",
    }
    assert {"embedder", "data folder", "versions", "proxies", "certificates", "window", "streaming"} <= set(found)
    assert "with FTS5" in next(one["detail"] for one in data["findings"] if one["what"] == "versions")
    kept = profiles.load(load_settings())
    assert kept == Profile(**data["profile"])
    assert kept.model == "tiny"
    assert kept.supports_system
    assert kept.supports_stream_usage
    assert kept.supports_json_schema
    assert kept.window is None
    assert kept.window_tested == 4_096
    assert kept.embedding_dimension == 8
    assert kept.characters_per_token == pytest.approx(4, rel=0.02)
    assert list((tmp_path / "data" / "profiles").iterdir())


def test_the_table_says_the_same(footnote, server: QuirkServer) -> None:  # type: ignore[no-untyped-def]
    code, out = footnote("--no-scan", "--window", "2048", url=server.url("forgetful"))
    assert code == 0
    assert re.search(r"chat +ok +answers", out)
    assert re.search(r"window +works, but +about 1,\d\d\d tokens.*FOOTNOTE_PROMPT_TOKENS=\d{3,4}", out)
    assert "Answers can be had." in out


@pytest.mark.parametrize("scene", ["forgetful", "forgetful_without_counts"])
def test_a_silent_cut_is_found_within_a_tenth(server: QuirkServer, tmp_path: Path, scene: str) -> None:
    settings = settings_for(server.url(scene), tmp_path)
    kept = examine(settings, scan=False).profile
    assert kept
    assert kept.cuts_silently
    assert kept.window
    assert kept.characters_per_token
    assert kept.window * kept.characters_per_token == pytest.approx(4 * WINDOW, rel=0.1)
    assert prompt_budget(settings, kept) + reply_budget(settings, kept) <= 1.1 * WINDOW


def test_what_is_refused_is_not_offered_and_the_rest_works(server: QuirkServer, tmp_path: Path) -> None:
    found = verdicts(server.url("strict"), tmp_path)
    for what in ("system message", "JSON object", "JSON schema", "stop", "usage in a stream"):
        assert found[what][0] == "not offered", what
    for what in ("chat", "streaming", "window"):
        assert found[what][0] == "ok", what
    kept = profiles.load(settings_for(server.url("strict"), tmp_path))
    assert kept
    assert (kept.supports_system, kept.supports_stream_usage, kept.supports_stop) == (False, False, False)


def test_a_model_that_talks_nonsense_is_told_so(server: QuirkServer, tmp_path: Path) -> None:
    found = verdicts(server.url("nonsense"), tmp_path)
    for what in ("chat", "system message", "stop"):
        assert found[what][0] == "works, but"
        assert "did not follow: “" in found[what][1]
    assert found["JSON schema"][0] == "works, but"
    assert all(text.isprintable() for line in found.values() for text in line)


@pytest.mark.parametrize(
    ("scene", "what", "expected"),
    [
        ("html-page", "streaming", ("fails", "web page")),
        ("key-refused", "address", ("fails", "key is refused")),
        ("slow-first-token", "streaming", ("fails", "no answer within 0.3 s")),
        ("broken", "streaming", ("fails", "HTTP 500")),
        ("whole-for-a-stream", "streaming", ("works, but", "too short to tell")),
        ("model-not-found", "streaming", ("fails", "not found")),
        ("null-content", "streaming", ("fails", "no text")),
        ("think-unclosed", "reasoning", ("works, but", "not closed")),
        ("think-unclosed", "chat", ("works, but", "no text")),
        ("think-unopened", "reasoning", ("works, but", "in the text")),
        ("reasoning-only", "reasoning", ("works, but", "beside the text")),
        ("max-tokens-refused", "chat", ("works, but", "max_completion_tokens")),
        ("no-models", "models", ("not offered", "404")),
        ("stopped-at-the-limit", "end of a reply", ("works, but", "not reached")),
        ("silent-truncation", "window", ("works, but", "about 300 tokens, and longer prompts lose their start")),
        ("overflow-llama-cpp-python", "window", ("works, but", "2,048 tokens; longer prompts are refused")),
    ],
)
def test_each_scene_has_its_verdict(
    server: QuirkServer, tmp_path: Path, scene: str, what: str, expected: tuple[str, str]
) -> None:
    found = verdicts(server.url(scene), tmp_path, first_token_timeout=0.3 if "slow" in scene else 2)
    assert found[what][0] == expected[0]
    assert expected[1] in found[what][1]
    assert ("window" in found) == (found.get("streaming", ("fails",))[0] != "fails")  # nothing more is asked in vain


@pytest.mark.parametrize("scene", sorted(SCENES))
def test_every_scene_ends_in_time_and_keeps_the_secret(
    server: QuirkServer, tmp_path: Path, caplog: pytest.LogCaptureFixture, scene: str
) -> None:
    caplog.set_level(logging.DEBUG)
    url = server.url(scene).replace("//", "//somebody:pa55-word@")
    began = time.monotonic()
    found = verdicts(url, tmp_path, longest=512, first_token_timeout=0.25, connect_timeout=0.5)
    assert time.monotonic() - began < 12 * 1.0 + 5  # twelve probes of a second, and a window
    assert found["address"][0] in ("ok", "fails")
    written = [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    for secret in (KEY, "pa55-word"):
        assert secret not in f"{found}{written}{caplog.text}"


def test_a_reply_that_repeats_the_key_is_shown_without_it(server: QuirkServer, tmp_path: Path) -> None:
    found = verdicts(server.url("echoing"), tmp_path)
    assert "did not follow: “[31mBearer … [bold]”" in found["chat"][1]
    assert KEY not in str(found)


def test_an_endpoint_on_this_machine_is_asked_without_a_proxy(
    server: QuirkServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert verdicts(server.url("good"), tmp_path)["chat"][0] == "ok"


def test_a_dead_endpoint_fails_at_once(footnote) -> None:  # type: ignore[no-untyped-def]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    code, out = footnote("--no-scan", url=f"http://127.0.0.1:{port}/v1")
    assert code == 1
    assert "cannot be reached" in out
    assert "streaming" not in out
    assert "Answers cannot be had" in out


@pytest.mark.parametrize("scene", ["good", "no-models"])
def test_an_address_without_v1_is_set_right(server: QuirkServer, tmp_path: Path, scene: str) -> None:
    found = verdicts(server.url(scene, path="/?from=here"), tmp_path)
    assert found["address"][0] == "works, but"
    assert found["address"][2] == f"OPENAI_BASE_URL={server.url(scene)}"
    assert found["chat"][0] != "fails"


@pytest.mark.parametrize("url", ["nowhere", "http://[broken", "ftp://127.0.0.1/v1", "http://127.0.0.1:99999/v1"])
def test_an_address_that_is_none_fails_in_words(tmp_path: Path, url: str) -> None:
    assert verdicts(url, tmp_path)["address"][0] == "fails"


def test_a_model_that_is_not_listed_is_named_with_the_nearest(server: QuirkServer, tmp_path: Path) -> None:
    verdict, _, setting = verdicts(server.url("good"), tmp_path, model="tinny")["models"]
    assert (verdict, setting) == ("works, but", "FOOTNOTE_MODEL=tiny")


# --- with nothing configured, and what listens


class Listener(BaseHTTPRequestHandler):
    seen: list[tuple[str, str | None]]

    def do_GET(self) -> None:
        self.seen.append((self.path, self.headers["authorization"]))
        body = b'{"models": [{"name": "llama3:8b"}]}' if self.path == "/api/tags" else b"404 page not found"
        self.send_response(200 if self.path == "/api/tags" else 404)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def listening() -> Iterator[tuple[int, list[tuple[str, str | None]]]]:
    seen: list[tuple[str, str | None]] = []
    with HTTPServer(("127.0.0.1", 0), type("Ours", (Listener,), {"seen": seen})) as local:
        thread = threading.Thread(target=local.serve_forever, args=(0.01,))
        thread.start()
        yield local.server_port, seen
        local.shutdown()
        thread.join()


def test_with_nothing_configured_what_listens_is_found_and_sent_no_key(
    footnote,  # type: ignore[no-untyped-def]
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with listening() as (port, seen):
        monkeypatch.setattr(ports, "PORTS", {port: "Ollama"})
        code, out = footnote()
        assert footnote("--no-scan")[0] == 0
    assert code == 0
    assert f"OPENAI_BASE_URL=http://127.0.0.1:{port}/v1 FOOTNOTE_MODEL=llama3:8b" in " ".join(out.split())
    assert "answers are quotes" in out
    assert seen == [("/v1/models", None), ("/api/tags", None)]


def test_with_nothing_listening_it_says_so(footnote, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    monkeypatch.setattr(ports, "PORTS", {port: "Ollama"})
    assert f"nothing new at the ports {port}" in footnote()[1]


def test_the_key_goes_to_no_other_server() -> None:
    settings = RagSettings(base_url="https://gateway.test/v1", api_key=KEY, model="one")
    other = choose(settings, "http://127.0.0.1:11434/v1", "")
    assert (other.api_key.get_secret_value(), other.model) == ("", "")
    assert choose(settings, "https://gateway.test/v2", "").api_key.get_secret_value() == KEY
    assert choose(settings, "", "two").base_url == settings.base_url


# --- the parts


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


def test_a_profile_fits_prompt_and_reply_into_the_window(tmp_path: Path) -> None:
    settings = settings_for("http://model.test/v1", tmp_path, prompt_tokens=3_000, answer_tokens=600)
    small = Profile("http://model.test/v1", "some-model", window=2_048)
    assert prompt_budget(settings, None) == 3_000
    assert prompt_budget(settings, replace(small, window=None)) == 3_000
    assert prompt_budget(settings, replace(small, window=32_768)) == 3_000
    for model in (small, replace(small, model="gpt-4o"), replace(small, characters_per_token=2.0)):
        assert 300 < prompt_budget(settings, model) < 2_048 - 600
    assert prompt_budget(settings, replace(small, model="gpt-4o")) > prompt_budget(settings, small)
    # A model whose tokens are half as long takes half as much text.
    sample = prose(4_000)
    ours = len(sample) / count_tokens(sample)
    whole, half = (prompt_budget(settings, replace(small, characters_per_token=ratio)) for ratio in (ours, ours / 2))
    assert half == pytest.approx(whole / 2, rel=0.05)
    assert reply_budget(settings, replace(small, window=900)) == 300
    assert prompt_budget(settings, replace(small, window=1)) == 1


def test_a_profile_of_another_version_is_none(tmp_path: Path) -> None:
    settings = settings_for("http://user:pa55-word@model.test/v1", tmp_path)
    path = profiles.save(Profile("http://model.test/v1", "one"), settings)
    assert profiles.load(settings) == Profile("http://model.test/v1", "one")
    path.write_text('{"address": "a", "model": "b", "older": 1}')
    assert profiles.load(settings) is None
    path.write_text("{")
    assert profiles.load(settings) is None


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


def test_a_body_without_an_end_is_given_up() -> None:
    class Endless(httpx2.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            while True:
                yield b" " * 1_000_000

    with pytest.raises(Trouble, match="without an end"):
        answering(lambda _: httpx2.Response(200, stream=Endless())).post("chat/completions", {})


def test_the_prompt_of_an_answer_fits_the_window_found(seeds_index: Index) -> None:
    def tokens_sent(window: int | None) -> int:
        settings = settings_for("http://model.test/v1", seeds_index.settings.data_dir, model="a small one")
        profiles.save(Profile("http://model.test/v1", "a small one", window=window, characters_per_token=4.0), settings)
        endpoint = FakeEndpoint().enqueue(["Nothing."])
        Assistant(seeds_index, settings, LanguageModelWriter(settings, endpoint)).ask("Who led the forces in Sirte?")
        messages = endpoint.requests[0]["messages"]
        assert isinstance(messages, list)
        return sum(count_tokens(message["content"]) for message in messages)

    assert tokens_sent(None) > 1_024
    assert tokens_sent(1_024) < 1_024 - 1_024 // 3


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
    assert knows("gpt-4o-mini")
    assert not knows("llama3.1:8b")
