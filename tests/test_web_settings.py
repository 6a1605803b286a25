"""Settings in the chat window: what is filled in becomes settings or one line, and a key goes where it was meant to."""

import socket
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from quirk_server import QuirkServer
from quirks import SCENES

from index.engine import Index
from index.errors import ConfigError
from rag.assistant import Assistant
from rag.config import RagSettings
from rag.probes.finding import Finding
from ui.render import settings as html

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # third parties', when gradio is imported

STARTED = RagSettings(base_url="https://me:pa55-word@gateway.test/v1?q=k3y", api_key="sk-started", model="one")
TYPED = "sk-typed-by-a-person"


@pytest.fixture(scope="module")
def page() -> Any:
    from ui.web import settings

    return settings


def made(page: Any, started: RagSettings = STARTED, held: Any = None, **values: Any) -> RagSettings:
    filled = {"address": "https://gateway.test/v1", "model": "one", "temperature": 0, "passages": 10} | values
    result = page.settings_from(page.Form(**filled), started, held or page.Held())
    assert isinstance(result, RagSettings)
    return result


def key(settings: RagSettings) -> str:
    return settings.api_key.get_secret_value()


@pytest.mark.parametrize("address", ["https://gateway.test/v1", "", None, " https://gateway.test/v1 "])
def test_the_address_it_was_started_with_keeps_all_that_belongs_to_it(page: Any, address: str | None) -> None:
    settings = made(page, address=address, temperature=0.7, passages=4, model="two")
    assert (settings.base_url, key(settings)) == (STARTED.base_url, "sk-started")
    assert (settings.temperature, settings.passages, settings.model) == (0.7, 4, "two")


def test_no_key_goes_to_an_address_that_it_was_not_given_for(page: Any) -> None:
    held = page.Held().taking("http://127.0.0.1:1/v1", TYPED)
    assert key(made(page, address="http://127.0.0.1:1/v1", held=held)) == TYPED
    for elsewhere in ("http://127.0.0.1:2/v1", "https://127.0.0.1:1/v1", "http://other.test/v1"):
        assert key(made(page, address=elsewhere, held=held)) == ""
    assert key(made(page, address="http://me:word@127.0.0.1:1/v1", held=held)) == TYPED
    assert (
        key(made(page, address="http://127.0.0.1:1/v1", held=page.Held().taking("http://h/@127.0.0.1:1", TYPED))) == ""
    )
    assert key(made(page, held=held)) == "sk-started"
    assert key(made(page, held=page.Held().taking("https://gateway.test/v1", TYPED))) == TYPED
    assert key(made(page, held=page.Held().taking("", TYPED))) == TYPED
    assert held.taking("http://other.test", "  ") == held
    assert TYPED not in repr(held)


def test_a_rerank_model_stays_where_it_was(page: Any) -> None:
    started = STARTED.model_copy(update={"rerank": "ranker"})
    assert made(page, started, address="http://other.test/v1").rerank_url == STARTED.base_url
    assert made(page, address="http://other.test/v1").rerank_url == ""


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"address": "nowhere"}, "address is none"),
        ({"address": "ftp://h/v1"}, "address is none"),
        ({"address": "http://"}, "address is none"),
        ({"address": "http://other.test/@gateway.test/v1"}, "address is none"),  # would be shown as gateway.test
        ({"address": "http://other.test?@gateway.test/v1"}, "address is none"),
        ({"address": "http://[broken"}, "address is none"),
        ({"address": "file:///etc/passwd"}, "address is none"),
        ({"temperature": 3}, "Temperature: Input"),
        ({"temperature": None}, "Temperature: Input"),
        ({"temperature": "hot"}, "Temperature: Input"),
        ({"passages": 0}, "Passages for an answer: Input"),
        ({"passages": 2.5}, "Passages for an answer: Input"),
        ({"passages": 1_000}, "Passages for an answer: Input"),
    ],
)
def test_a_wrong_value_is_one_line(page: Any, wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        made(page, **wrong)
    assert "\n" not in str(caught.value)


@hypothesis_settings(max_examples=150, deadline=None)
@given(address=st.text(), model=st.none() | st.text(), number=st.none() | st.floats() | st.text(), typed=st.text())
def test_whatever_is_typed_becomes_settings_or_one_line(address: str, model: Any, number: Any, typed: str) -> None:
    from ui.web import settings as page

    held = page.Held().taking("http://a.test", typed)
    try:
        settings = made(page, held=held, address=f"http://{address}", model=model, temperature=number, passages=number)
    except ConfigError:
        return
    assert key(settings) in ("", "sk-started", typed.strip())


# --- with an endpoint


@pytest.fixture(scope="module")
def server() -> Any:
    with QuirkServer(SCENES) as running:
        yield running


def opened(index: Index) -> Assistant:
    return Assistant(index, RagSettings(data_dir=index.settings.data_dir, embedding="static"))


def test_models_are_listed_and_what_lists_none_is_one_line(page: Any, seeds_index: Index, server: QuirkServer) -> None:
    desk = page._Desk(opened(seeds_index))
    update, line = desk.list_models(server.url("flawless"), None, 0, 10, page.Held())
    assert update.choices == [("tiny", "tiny")]
    assert line == ""
    update, line = desk.list_models("http://127.0.0.1:9/v1", None, 0, 10, page.Held())
    assert "cannot be reached" in line
    assert desk.list_models("nowhere", None, 0, 10, page.Held())[1].count("<p") == 1


def test_what_is_used_answers_over_the_same_index_with_the_key_that_was_typed(
    page: Any, seeds_index: Index, server: QuirkServer
) -> None:
    assistant = opened(seeds_index)
    desk = page._Desk(assistant)
    url = server.url("flawless")
    chosen, _, used, _, held, field, line = desk.use(url, "tiny", 0.5, 4, TYPED, page.Held())
    assert (chosen.index, chosen.settings.passages) == (assistant.index, 4)
    assert (field.value, line) == ("", "")
    assert TYPED not in f"{used}{line}{field.placeholder}{chosen.settings!r}{vars(chosen)}{held}"
    answer = chosen.ask("How many strikes had US aircraft carried out in Sirte?")
    assert answer.writer == "tiny"
    assert len(answer.passages) == 4
    assert server.asked("flawless")[-1].headers["authorization"] == f"Bearer {TYPED}"
    assert server.asked("flawless")[-1].body["temperature"] == 0.5
    # The field is empty from now on, and the key is still there.
    chosen, *_ = desk.use(url, "tiny", 0, 4, "", held)
    assert key(chosen.settings) == TYPED
    assert key(desk.use(server.url("flawless").replace("127.0.0.1", "localhost"), "", 0, 4, "", held)[0].settings) == ""
    started, _, _, address, *_, forgotten, field, _ = desk.back()
    assert (started, address, forgotten, field.value) == (None, "", page.Held(), "")


def test_an_endpoint_that_will_not_answer_is_used_and_said_to_be_silent(
    page: Any, seeds_index: Index, server: QuirkServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "PATIENCE", 0.3)
    desk = page._Desk(opened(seeds_index))

    def said(url: str) -> str:
        chosen, *_ = desk.use(url, "tiny", 0, 10, "", page.Held())
        assert chosen.settings.base_url == url
        told = desk.reach(chosen)
        return told if isinstance(told, str) else ""

    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes a call and says nothing
        began = time.monotonic()
        shut_up = said(f"http://127.0.0.1:{silent.getsockname()[1]}/v1")
        assert time.monotonic() - began < 5
    assert "Until it answers, answers are quotes." in shut_up
    dead = said("http://127.0.0.1:9/v1")
    assert "127.0.0.1:9/v1: cannot be reached. Is it running? Until" in dead
    assert dead.count("<p") == 1  # what is in use is drawn by what began to use it, once
    assert "key is refused" in said(server.url("key-refused"))
    monkeypatch.setattr(page, "PATIENCE", 10)
    for name in ("flawless", "no-models"):  # a list of models is not needed for an answer
        assert said(server.url(name)) == ""
    _, taken_over, *_ = desk.use("nonsense://here", "tiny", 0, 10, "", page.Held())
    assert taken_over is None
    nothing = [desk.reach(taken_over), desk.reach(opened(seeds_index))]
    assert not any(isinstance(one, str) for one in nothing)


def test_a_test_tells_what_it_does_and_ends_in_the_findings(page: Any, tmp_path: Path, server: QuirkServer) -> None:
    settings = RagSettings(data_dir=tmp_path, embedding="static", first_token_timeout=2)
    desk = page._Desk(Assistant(Index(settings), settings))
    url = server.url("key-refused")
    first, *later = desk.test(url, None, 0, 10, TYPED, page.Held())
    assert first[2].value == ""
    assert any("Looking at: index" in update[0] for update in later)
    assert "key is refused" in later[-1][0]
    assert "Looking at" not in later[-1][0]
    assert TYPED not in str(later) + str(first)
    wrong = list(desk.test("nowhere", None, 0, 10, "", page.Held()))
    assert len(wrong) == 1
    assert "address is none" in wrong[0][3]


# --- what is drawn


def test_what_others_wrote_is_only_text() -> None:
    hostile = "<script>alert(1)</script> **bold** \x1b[31m"
    drawn = html.findings([Finding(hostile, "fails", hostile, hostile)], hostile) + html.said(hostile)
    assert "<script" not in drawn
    assert drawn.count("<tr") == 2


def test_what_is_in_use_is_told_without_secrets() -> None:
    drawn = html.in_use(STARTED, "one", as_started=True)
    assert "gateway" in drawn
    assert not [secret for secret in ("pa55-word", "k3y", "sk-started") if secret in drawn]
    assert "quotes" in html.in_use(RagSettings(), "extractive", as_started=True)
