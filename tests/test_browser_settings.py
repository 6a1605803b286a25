"""The settings' tab in a real browser: another endpoint is tried, used and left again, and its key is seen nowhere."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from quirk_server import QuirkServer, Scene, Visit, list_models
from test_browser import ARTEFACTS, CHROMIUM, FLAGS, wait_until

from index.engine import Index
from rag.assistant import Assistant
from rag.config import RagSettings

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium or google-chrome on the PATH"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # third parties', when gradio and uvicorn are imported
]
SEEDS = Path(__file__).parents[1] / "seeds"
WEB = Path(__file__).parents[1] / "ui" / "web"
KEY = "sk-typed-by-a-person"


def echo(visit: Visit) -> Any:
    """Answers from articles; else says what it was sent, header and all: a page that showed it would show the key."""
    if "<articles>" in visit.prompt:
        return visit.answer()
    return visit.answer(f"5 {visit.headers['authorization']}")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[QuirkServer]:
    with QuirkServer({"echo": Scene("echo", "none", echo, list_models)}) as running:
        yield running


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[bool], str]]:
    """Serves a window that has nothing but the settings and what they lead to; returns its address."""
    import gradio as gr
    import uvicorn
    from fastapi import FastAPI

    from ui.web.security import OwnScripts, SecurityHeaders
    from ui.web.settings import QUIET, build_settings

    settings = RagSettings(data_dir=tmp_path_factory.mktemp("data"), embedding="static", first_token_timeout=5)
    index = Index(settings)
    index.sync([SEEDS])
    assistant = Assistant(index, settings)
    running: list[tuple[Any, threading.Thread]] = []

    def start(may_change: bool) -> str:
        blocks = gr.Blocks(analytics_enabled=False, fill_width=True)
        with blocks:
            chosen = gr.State(None)
            with gr.Tab("Settings"):
                build_settings(assistant, chosen, may_change=may_change)
            with gr.Tab("Answer"):
                ask = gr.Button("Ask")
                answer = gr.HTML("", elem_id="answer")
            ask.click(lambda chosen: (chosen or assistant).ask("Who led the forces?").writer, chosen, answer, **QUIET)
        css = "".join((WEB / name).read_text("utf-8") for name in ("page.css", "settings.css"))
        app = gr.mount_gradio_app(
            FastAPI(), blocks, path="/", footer_links=[], run_history=False, mcp_server=False, ssr_mode=False,
            theme=gr.themes.Base(font=["system-ui", "sans-serif"]), head=f"<style>{css}</style>",
        )  # fmt: skip
        serving = uvicorn.Server(
            uvicorn.Config(SecurityHeaders(OwnScripts(app)), port=0, log_level="error", timeout_graceful_shutdown=1)
        )
        thread = threading.Thread(target=serving.run, daemon=True)
        thread.start()
        running.append((serving, thread))
        wait_until(lambda: serving.started)
        return f"http://127.0.0.1:{serving.servers[0].sockets[0].getsockname()[1]}"

    yield start
    for serving, thread in running:
        serving.should_exit = True
        thread.join(timeout=10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def writer(page: Any, name: str) -> None:
    page.get_by_role("tab", name="Answer").click()
    page.get_by_role("button", name="Ask").click()
    page.locator("#answer", has_text=name).wait_for()
    page.get_by_role("tab", name="Settings").click()


def test_an_endpoint_is_tried_used_and_left_again_and_its_key_is_seen_nowhere(
    browser: Any, start: Callable[[bool], str], endpoint: QuirkServer
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(start(True))
    field = page.get_by_label("Key")
    assert field.get_attribute("type") == "password"
    page.get_by_label("Endpoint address").fill("nowhere")
    field.focus()
    page.locator("#settings-line", has_text="That address is none.").wait_for()
    page.get_by_label("Endpoint address").fill(endpoint.url("echo"))
    field.fill(KEY)
    page.get_by_label("Temperature").focus()
    wait_until(lambda: field.input_value() == "")
    assert "kept for" in str(field.get_attribute("placeholder"))
    page.get_by_label("Model").click()
    page.get_by_role("option", name="tiny").click()
    page.get_by_role("button", name="Test").click()
    page.locator("#findings tr", has_text="window").wait_for(timeout=60_000)
    page.locator("#findings tr", has_text="profile").wait_for(timeout=60_000)
    page.get_by_role("button", name="Use").click()
    page.locator("#settings", has_text="In use, for this window").wait_for()
    writer(page, "tiny")
    assert endpoint.asked("echo")[-1].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in page.content() + str(page.evaluate("JSON.stringify([localStorage, sessionStorage])"))
    ARTEFACTS.mkdir(exist_ok=True)
    for width, scheme in ((1280, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("dark => document.body.classList.toggle('dark', dark)", scheme == "dark")
        assert page.evaluate("document.documentElement.scrollWidth") == width
        page.screenshot(path=ARTEFACTS / f"settings-{width}-{scheme}.png", full_page=True)
    page.get_by_role("button", name="Back to how it was started").click()
    page.locator("#settings", has_text="In use, as it was started").wait_for()
    writer(page, "extractive")
    assert failures == []
    page.close()


def test_where_strangers_may_come_nothing_can_be_changed(browser: Any, start: Callable[[bool], str]) -> None:
    page = browser.new_page()
    page.goto(start(False))
    page.locator("#settings", has_text="It is changed where Footnote was started.").wait_for()
    assert page.locator("#settings :is(input, button)").count() == 0
    page.close()
