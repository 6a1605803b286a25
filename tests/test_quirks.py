"""Every way in which an endpoint is known to misbehave ends in the verdict written here, and no secret is told."""

import asyncio
import html
import json
import logging
import re
import subprocess
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from quirk_server import CITED, QuirkServer
from quirks import ODD_MODEL, SCENES

from index.engine import Index
from index.errors import EndpointError
from rag.assistant import EXTRACTIVE, Assistant
from rag.config import RagSettings
from rag.endpoint import generate
from rag.endpoint.generate import ATTEMPTS, LanguageModelWriter
from rag.records import Answer

STRIKES = "How many strikes had US aircraft carried out in Sirte?"
KEY, PASSWORD, QUERY = "sk-secret-key", "pa55word", "k3y-in-the-address"
# Plain, and as an Authorization header has them where a name and a password are sent.
SECRETS = (
    KEY,
    PASSWORD,
    QUERY,
    *(b64encode(one.encode()).decode().rstrip("=") for one in (KEY, f"somebody:{PASSWORD}")),
)
LOGGERS = {"openai._base_client", "httpx2", "httpcore2.connection", "httpcore2.http11"}
PATIENCE = 0.4  # seconds; only what is silent needs them
RIGHT = f"{CITED} [1]."


@dataclass(frozen=True)
class Verdict:
    """`requests` for one answer and `later` for the next; `said` are words of the notice, none stands for no notice.

    The answer is the model's and says `text`, or with `quotes` it is the one that needs no model.
    """

    said: str = ""
    requests: int = 1
    later: int = 1
    quotes: bool = False
    text: str = RIGHT


HARMLESS = Verdict()
LEARNT = Verdict(requests=2)  # said in another way, and from then on at once


def without_it(said: str, requests: int = 1, later: int | None = None) -> Verdict:
    return Verdict(said, requests, requests if later is None else later, quotes=True)


SHORTER = Verdict("passages", requests=2)
VERDICTS = {
    "flawless": HARMLESS,
    "silent-truncation": Verdict("it may not have read all. Give it a larger window", text=" [1]"),
    "json-object-refused": HARMLESS,
    "free-text-for-a-schema": HARMLESS,
    "think-block": HARMLESS,
    "think-unclosed": without_it("cited none of the sentences"),
    "think-unopened": HARMLESS,
    "reasoning-only": without_it("sent its reasoning and no answer. Switch its reasoning off"),
    "stopped-at-the-limit": Verdict("stopped at its limit"),
    "empty-choices": without_it("sent no text"),
    "empty-choices-first": HARMLESS,
    "null-content": without_it("sent no text"),
    "unasked-tool-calls": HARMLESS,
    "endless": without_it("did not finish within"),
    "usage-missing": HARMLESS,
    "usage-in-the-last-chunk": HARMLESS,
    "system-role-refused": LEARNT,
    "roles-must-alternate": LEARNT,
    "stream-options-refused": LEARNT,
    "usage-refused": LEARNT,
    "max-tokens-refused": Verdict(requests=3),
    "refused-without-a-word": LEARNT,
    "always-refused": without_it("answered with HTTP 400", 2),
    "no-models": HARMLESS,
    "odd-model-name": HARMLESS,
    "model-not-found": without_it("was not found. Check FOOTNOTE_MODEL (it is not set)"),
    "key-refused": without_it("refused the key. Check OPENAI_API_KEY"),
    "key-refused-with-400": without_it("refused the key. Check OPENAI_API_KEY"),
    "key-refused-by-google": without_it("refused the key. Check OPENAI_API_KEY"),
    "quota-used-up": without_it("the account's quota is used up"),
    "quota-as-too-many": without_it("the account's quota is used up"),
    "overflow-llama-cpp": SHORTER,
    "overflow-llama-cpp-500": SHORTER,
    "overflow-llama-cpp-python": SHORTER,
    "overflow-vllm": SHORTER,
    "overflow-vllm-negative": SHORTER,
    "overflow-openai": SHORTER,
    "overflow-ollama": SHORTER,
    "overflow-in-the-stream": SHORTER,
    "window-too-small-for-anything": without_it("takes no prompt of this length. Give it a larger window", 2),
    "too-many-requests": LEARNT,
    "too-many-for-an-hour": without_it("has too much to do (HTTP 429). It asks to wait 3,600 s"),
    "loading": Verdict(requests=3),
    "broken": without_it("answered with HTTP 500", ATTEMPTS),
    "error-before-the-first-token": LEARNT,
    "error-in-the-stream": Verdict("answered with HTTP 500"),
    "cut-in-the-stream": Verdict("broke off"),
    "cut-at-once": without_it("broke off"),
    "slow-first-token": without_it("sent nothing for 0.4 s. FOOTNOTE_FIRST_TOKEN_TIMEOUT"),
    "slow-with-comments": without_it("sent nothing for 0.4 s. FOOTNOTE_FIRST_TOKEN_TIMEOUT"),
    "silence-between-tokens": Verdict("sent nothing for 0.4 s. FOOTNOTE_TOKEN_TIMEOUT"),
    "comments-and-crlf": HARMLESS,
    "split-characters": HARMLESS,
    "html-page": without_it("sent something unreadable. Does OPENAI_BASE_URL name a chat endpoint"),
    "wrong-content-type": HARMLESS,
    "whole-for-a-stream": HARMLESS,
    "whole-in-a-stream": HARMLESS,
}


@pytest.fixture(scope="module")
def running() -> Iterator[QuirkServer]:
    with QuirkServer(SCENES) as server:
        yield server


@pytest.fixture
def server(running: QuirkServer) -> QuirkServer:
    """The one that runs, with nothing remembered."""
    running.visits.clear()
    running.deserted.clear()
    return running


def settings_for(index: Index, address: str, **more: object) -> RagSettings:
    silent = any(word in address for word in ("slow", "silence"))
    patience = PATIENCE if silent else 20
    values = {
        "data_dir": index.settings.data_dir,
        "embedding": "static",
        "base_url": address,
        "api_key": KEY,
        "first_token_timeout": patience,
        "token_timeout": patience,
        "answer_timeout": PATIENCE if "endless" in address else 30,
    }
    return RagSettings.model_validate(values | more)


def assistant_at(index: Index, address: str, **more: object) -> Assistant:
    return Assistant(index, settings_for(index, address, **more))


def assert_right(answer: Answer, text: str = RIGHT) -> None:
    assert text in answer.text, answer.notice
    assert len(answer.citations) == 1
    assert "supported" in {claim.support for claim in answer.claims}
    assert answer.writer in ("tiny", ODD_MODEL, "default")


def assert_quotes(answer: Answer) -> None:
    assert answer.writer == EXTRACTIVE
    assert "29 strikes" in answer.text
    assert "36 strikes" in answer.text


def assert_as_written(answer: Answer, verdict: Verdict) -> None:
    assert_quotes(answer) if verdict.quotes else assert_right(answer, verdict.text)
    assert verdict.said in answer.notice
    assert bool(verdict.said) == bool(answer.notice)
    assert "\n" not in answer.notice


@pytest.mark.parametrize("name", SCENES)
def test_each_scene_ends_in_its_verdict(
    seeds_index: Index,
    server: QuirkServer,
    name: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    verdict = VERDICTS[name]
    address = server.url(name, f"/v1?key={QUERY}")
    assistant = assistant_at(seeds_index, address)
    started = time.monotonic()
    answer = assistant.ask(STRIKES)
    assert time.monotonic() - started < 5
    assert_as_written(answer, verdict)
    requests = len(server.asked(name))
    assert requests == verdict.requests
    # What was learnt is remembered, and what failed fails in the same words.
    assert_as_written(assistant.ask(STRIKES), verdict)
    assert len(server.asked(name)) - requests == verdict.later
    told = repr(answer) + caplog.text + repr(assistant.model) + repr(vars(assistant.model)) + str(assistant.settings)
    told += json.dumps(answer.to_dict()) + repr(vars(assistant)) + "".join(capfd.readouterr())
    for secret in SECRETS:
        assert secret not in told
    assert {record.name for record in caplog.records} >= LOGGERS  # else nothing would have been seen


def test_every_scene_names_the_public_thread_it_comes_from() -> None:
    assert set(VERDICTS) == set(SCENES)
    assert all(scene.thread and scene.chat.__name__ for scene in SCENES.values())


# --- addresses, certificates, proxies


@pytest.mark.parametrize("path", ["", "/", "/v1", "/v1/", "/v1/chat/completions", " /v1 "])
def test_an_address_is_taken_with_and_without_its_end(seeds_index: Index, server: QuirkServer, path: str) -> None:
    assistant = assistant_at(seeds_index, server.url("flawless", path.strip()) + path[len(path.rstrip()) :])
    assert_right(assistant.ask(STRIKES))
    assert_right(assistant.ask(STRIKES))
    assert assistant.writer == "tiny"
    assert len(server.asked("flawless")) == 2


@pytest.mark.parametrize(
    "address", ["http://[", "nonsense", "http://127.0.0.1:abc", "http://127.0.0.1:99999/v1", "http://me:pa55/word@host"]
)
def test_an_address_that_is_none_is_one_line(seeds_index: Index, address: str) -> None:
    answer = assistant_at(seeds_index, address).ask(STRIKES)
    assert_quotes(answer)
    assert "cannot be" in answer.notice
    assert not {"pa55", "word"} & set(re.findall(r"\w+", answer.notice))


def test_an_address_of_nothing_is_asked_twice_and_named(seeds_index: Index, server: QuirkServer) -> None:
    answer = assistant_at(seeds_index, server.url("not-a-scene", "")).ask(STRIKES)
    assert_quotes(answer)
    assert "Check FOOTNOTE_MODEL (it is not set) and that OPENAI_BASE_URL ends in /v1" in answer.notice


def test_a_password_in_the_address_goes_to_the_server_and_nowhere_else(
    seeds_index: Index, server: QuirkServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("flawless", "key-refused", "broken"):
        assistant = assistant_at(seeds_index, server.url(name).replace("//", f"//somebody:{PASSWORD}@"))
        answer = assistant.ask(STRIKES)
        assert server.asked(name)[-1].headers["authorization"].startswith("Basic ")
        told = caplog.text + repr(answer) + repr(assistant.settings)
        assert not any(secret in told for secret in SECRETS)


def test_the_model_that_is_named_is_asked_for_as_it_is(seeds_index: Index, server: QuirkServer) -> None:
    assert_right(assistant_at(seeds_index, server.url("odd-model-name"), model=ODD_MODEL).ask(STRIKES))
    answer = assistant_at(seeds_index, server.url("odd-model-name"), model="tiny").ask(STRIKES)
    assert "Check FOOTNOTE_MODEL (it is tiny)" in answer.notice


def test_a_dead_proxy_is_not_asked_for_what_runs_on_this_machine(
    seeds_index: Index, server: QuirkServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ollama/ollama#4674, run-llama/llama_index#14880"""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert_right(assistant_at(seeds_index, server.url("flawless")).ask(STRIKES))
    answer = assistant_at(seeds_index, "http://model.invalid/v1").ask(STRIKES)
    assert_quotes(answer)
    assert "cannot be reached. Is it running? NO_PROXY names" in answer.notice
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    assert_right(assistant_at(seeds_index, server.url("flawless")).ask(STRIKES))


def test_a_proxy_that_is_no_address_is_one_line(seeds_index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"nonsense://somebody:{PASSWORD}@127.0.0.1:9")
    answer = assistant_at(seeds_index, "https://model.invalid/v1").ask(STRIKES)
    assert_quotes(answer)
    assert "cannot be set up" in answer.notice
    assert PASSWORD not in answer.notice


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("certificate")
    paths = folder / "certificate.pem", folder / "key.pem"
    names = "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"
    curve = "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"
    try:
        made = [
            "openssl",
            "req",
            "-x509",
            *curve,
            "-days",
            "2",
            *names,
            "-out",
            str(paths[0]),
            "-keyout",
            str(paths[1]),
        ]
        subprocess.run(made, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"openssl makes no certificate here: {error}")
    return paths


def test_a_certificate_of_ones_own_is_refused_until_it_is_named(
    seeds_index: Index, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """open-webui/open-webui#12906, mlflow/mlflow#14190"""
    with QuirkServer(SCENES, certificate=certificate) as server:
        answer = assistant_at(seeds_index, server.url("flawless")).ask(STRIKES)
        assert_quotes(answer)
        assert "shows a certificate that is not trusted. SSL_CERT_FILE" in answer.notice
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        assert_right(assistant_at(seeds_index, server.url("flawless")).ask(STRIKES))
        stream = assistant_at(seeds_index, server.url("slow-first-token"), first_token_timeout=20).stream(STRIKES)
        next(stream)
        stream.close()
        assert server.saw_client_leave("slow-first-token")
        monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/at-all.pem")
        assert "cannot be set up" in assistant_at(seeds_index, server.url("flawless")).ask(STRIKES).notice


def test_a_port_where_nobody_listens_is_asked_twice(seeds_index: Index) -> None:
    answer = assistant_at(seeds_index, "http://127.0.0.1:9/v1").ask(STRIKES)
    assert_quotes(answer)
    assert "cannot be reached. Is it running?" in answer.notice


# --- stopping and waiting


@pytest.mark.parametrize("name", ["endless", "slow-first-token", "slow-with-comments", "silence-between-tokens"])
def test_who_stops_closes_the_connection(seeds_index: Index, server: QuirkServer, name: str) -> None:
    patience = {"first_token_timeout": 20, "token_timeout": 20, "answer_timeout": 30}
    stream = assistant_at(seeds_index, server.url(name), **patience).stream(STRIKES)
    next(stream)
    assert server.asked(name)
    stream.close()
    assert server.saw_client_leave(name)


def test_an_endpoint_that_is_given_up_is_left(seeds_index: Index, server: QuirkServer) -> None:
    for name in ("endless", "slow-first-token", "silence-between-tokens"):
        assistant_at(seeds_index, server.url(name)).ask(STRIKES)
        assert server.saw_client_leave(name)


def test_no_attempt_is_made_that_could_not_answer_in_time(
    seeds_index: Index, server: QuirkServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generate, "FIRST_WAIT", 10.0)
    answer = assistant_at(seeds_index, server.url("broken"), first_token_timeout=1).ask(STRIKES)
    assert "answered with HTTP 500" in answer.notice
    assert len(server.asked("broken")) == 1


def test_who_stops_while_an_attempt_is_waited_for_ends_the_waiting(
    seeds_index: Index, server: QuirkServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generate, "FIRST_WAIT", 10.0)
    stream = assistant_at(seeds_index, server.url("broken"), first_token_timeout=60).stream(STRIKES)
    next(stream)
    stream.close()
    for thread in [one for one in threading.enumerate() if one.name == "footnote-endpoint"]:
        thread.join(timeout=5)
        assert not thread.is_alive()
    assert len(server.asked("broken")) <= 1


def test_what_one_request_learnt_helps_all_that_follow(seeds_index: Index, server: QuirkServer) -> None:
    writer = LanguageModelWriter(settings_for(seeds_index, server.url("max-tokens-refused")))
    assert writer.complete([{"role": "user", "content": "Ping?"}]) == "Pong."
    asked = len(server.asked("max-tokens-refused"))
    assert writer.complete([{"role": "system", "content": "Say pong."}, {"role": "user", "content": "Ping?"}])
    assert len(server.asked("max-tokens-refused")) == asked + 1


def test_a_system_message_that_is_refused_leads_the_first_message_of_the_person(
    seeds_index: Index, server: QuirkServer
) -> None:
    assistant = assistant_at(seeds_index, server.url("roles-must-alternate"))
    first = assistant.ask(STRIKES)
    assert_right(assistant.ask(STRIKES, [first]))
    messages = server.asked("roles-must-alternate")[-1].body["messages"]
    assert [message["role"] for message in messages] == ["user", "assistant", "user"]
    assert messages[0]["content"].startswith("You answer questions from the numbered sentences")
    assert messages[0]["content"].endswith(STRIKES)


def test_an_error_says_nothing_of_its_cause(seeds_index: Index, server: QuirkServer) -> None:
    writer = LanguageModelWriter(settings_for(seeds_index, server.url("key-refused")))
    with pytest.raises(EndpointError) as raised:
        writer.complete([{"role": "user", "content": "Ping?"}])
    assert raised.value.__suppress_context__
    assert KEY not in str(raised.getrepr(style="long", showlocals=False))


# --- in the command and in the chat window


SHOWN = ["flawless", "system-role-refused", "cut-in-the-stream", "key-refused", "html-page"]


@pytest.mark.parametrize("name", SHOWN)
def test_the_command_shows_the_verdict(
    seeds_index: Index,
    server: QuirkServer,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from ui.cli import cli

    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(seeds_index.settings.data_dir))
    monkeypatch.setenv("OPENAI_BASE_URL", server.url(name))
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    cli(["ask", STRIKES], standalone_mode=False)
    shown = capsys.readouterr()
    assert VERDICTS[name].said in shown.out
    assert ("29 strikes" if VERDICTS[name].quotes else RIGHT) in shown.out
    assert KEY not in shown.out + shown.err
    assert "Traceback" not in shown.out + shown.err


@pytest.mark.parametrize("name", SHOWN)
def test_the_chat_window_shows_the_verdict(seeds_index: Index, server: QuirkServer, name: str) -> None:
    from ui.web.chat import Session, respond

    session = Session()

    async def messages() -> list[dict[str, Any]]:
        asked = {"question": STRIKES}
        return [one async for one in respond(assistant_at(seeds_index, server.url(name)), session, asked)]

    last = asyncio.run(messages())[-1]
    [answer] = session.answers
    assert last["done"]
    assert_as_written(answer, VERDICTS[name])
    assert VERDICTS[name].said in html.unescape(last["html"])
    assert KEY not in html.unescape(last["html"])
