"""The settings' tab in a real browser: another endpoint is tried, used and left again, and its key is seen nowhere."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import quirk_server
from playwright.sync_api import Page
from quirk_server import QuirkServer, Scene, list_models

from browser.pages import SEEDS, SIZES, Serve, Visit, fits, open_assistant, picture, wait_until
from rag.assistant import Assistant

WEB = Path(__file__).parents[2] / "ui" / "web"
KEY = "sk-typed-by-a-person"


def echo(visit: quirk_server.Visit) -> Any:
    """Answers from articles; else says what it was sent, header and all: a page that showed it would show the key."""
    if "<articles>" in visit.prompt:
        return visit.answer()
    return visit.answer(f"5 {visit.headers['authorization']}")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[QuirkServer]:
    with QuirkServer({"echo": Scene("echo", "none", echo, list_models)}) as running:
        yield running


def window(assistant: Assistant, *, may_change: bool = True) -> Any:
    """One that has nothing but the settings and what they lead to."""
    import gradio as gr
    from fastapi import FastAPI

    from ui.web.security import OwnScripts, SecurityHeaders
    from ui.web.settings import QUIET, build_settings

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
    return SecurityHeaders(OwnScripts(app))


def writer(page: Page, name: str) -> None:
    page.get_by_role("tab", name="Answer").click()
    page.get_by_role("button", name="Ask").click()
    page.locator("#answer", has_text=name).wait_for()
    page.get_by_role("tab", name="Settings").click()


def test_an_endpoint_is_tried_used_and_left_again_and_its_key_is_seen_nowhere(
    visit: Visit, serve: Serve, endpoint: QuirkServer, tmp_path: Path
) -> None:
    assistant = open_assistant(tmp_path, SEEDS, first_token_timeout=5)
    page = visit(serve(assistant, window), shows="#settings", height=900)
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
    for size in SIZES:
        page.set_viewport_size({"width": size.width, "height": size.height})
        page.evaluate("dark => document.body.classList.toggle('dark', dark)", size.scheme == "dark")
        assert fits(page)
        picture(page, f"settings-{size}", whole=True)
    page.get_by_role("button", name="Back to how it was started").click()
    page.locator("#settings", has_text="In use, as it was started").wait_for()
    writer(page, "extractive")


def test_where_strangers_may_come_nothing_can_be_changed(visit: Visit, serve: Serve, assistant: Assistant) -> None:
    page = visit(serve(assistant, partial(window, may_change=False)), shows="#settings")
    page.locator("#settings", has_text="It is changed where Footnote was started.").wait_for()
    assert page.locator("#settings :is(input, button)").count() == 0
