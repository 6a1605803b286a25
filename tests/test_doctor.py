"""`footnote doctor` says what an endpoint really does, within its time, whatever it is; and shows no secret."""

import json
import logging
import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from fastapi import Response
from fastapi.responses import JSONResponse
from quirk_server import QuirkServer, Scene, Visit, list_models
from quirks import SCENES

from rag.config import RagSettings, choose, load_settings
from rag.endpoint import profile as profiles
from rag.endpoint.generate import LanguageModelWriter
from rag.endpoint.profile import Profile, prompt_budget, reply_budget
from rag.probes import ports
from rag.probes.examine import examine
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


def test_what_can_be_copied_stands_on_one_line(footnote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path / "a-folder-with-a-name/longer-than/the-lines-of/a-terminal"
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(folder))
    monkeypatch.setenv("COLUMNS", "80")
    _, out = footnote("--no-scan")
    assert str(folder) in out
    assert "try: OPENAI_BASE_URL=http://127.0.0.1:11434/v1\n" in out
    assert all(len(line) <= 80 for line in out.splitlines() if str(folder) not in line)


def test_the_lines_say_the_same(footnote, server: QuirkServer) -> None:  # type: ignore[no-untyped-def]
    code, out = footnote("--no-scan", "--window", "2048", url=server.url("forgetful"))
    assert code == 0
    assert re.search(r"chat +ok +answers", out)
    assert re.search(r"window +works, but +about 1,\d\d\d tokens.*\n +try: FOOTNOTE_PROMPT_TOKENS=\d{3,4}\n", out)
    assert "Answers can be had." in out


def test_the_first_question_is_in_the_words_that_were_found(server: QuirkServer, tmp_path: Path) -> None:
    url = server.url("strict", path="/")
    verdicts(url, tmp_path)
    before = len(server.asked("strict"))
    settings = settings_for(url, tmp_path, first_token_timeout=20)
    assert (
        LanguageModelWriter(settings).complete(
            [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "2 + 3"}]
        )
        == "5"
    )
    visit, *others = server.asked("strict")[before:]
    assert not others
    assert "stream_options" not in visit.body
    assert not visit.has("system")


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
        ("key-refused-with-400", "address", ("fails", "key is refused")),
        ("key-refused-by-google", "streaming", ("fails", "key is refused")),
        ("slow-first-token", "streaming", ("fails", "no answer within 0.3 s")),
        ("broken", "streaming", ("fails", "HTTP 500")),
        ("endless", "streaming", ("works, but", "no end within")),
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
    found = verdicts(
        server.url(scene), tmp_path, first_token_timeout=0.3 if scene in ("endless", "slow-first-token") else 2
    )
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


def test_the_configured_port_is_no_news() -> None:
    with listening() as (port, seen):
        assert ports.scan(f"http://localhost:{port}/v1", {port: "Ollama"})[0].verdict == "not offered"
    assert not seen


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
