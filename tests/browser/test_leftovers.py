"""What a reader comes back to: a pressed thumb, a conversation too long to be opened, the chat behind the panel."""

import json
import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.engine import Index
from rag.assistant import Assistant
from rag.config import RagSettings

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
if CHROMIUM is None and os.environ.get("BROWSER_REQUIRED"):
    pytest.fail("No chromium or google-chrome on the PATH, and the browser tests may not be skipped.", pytrace=False)
sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium or google-chrome on the PATH"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # third parties', when gradio and uvicorn are imported
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
SEEDS = Path(__file__).parents[2] / "seeds"
STRIKES = "How many strikes had US aircraft carried out in Sirte?"
TOO_LONG = "This conversation is too long to be opened again. Here is a new one."


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    import uvicorn

    from ui.web.app import app

    settings = RagSettings(data_dir=tmp_path_factory.mktemp("data"), embedding="static")
    index = Index(settings)
    index.sync([SEEDS])
    assistant = Assistant(index, settings)
    server = uvicorn.Server(uvicorn.Config(app(assistant), port=0, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="module")
def browser() -> Iterator["sync_api.Browser"]:
    with sync_api.sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: "sync_api.Browser", address: str) -> Iterator["sync_api.Page"]:
    """The window as a phone has it, with one answer."""
    context = browser.new_context(viewport={"width": 390, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector("#chat .welcome")
    ask(page)
    yield page
    context.close()
    assert failures == []


def ask(page: "sync_api.Page") -> None:
    page.get_by_label("Question").fill(STRIKES)
    page.keyboard.press("Enter")
    page.wait_for_selector('#sources[data-turn="1"]', state="attached")
    page.get_by_role("button", name="Ask", exact=True).wait_for()


def reading(page: "sync_api.Page") -> bool:
    return bool(page.locator("body.reading").count())


def test_a_thumb_that_was_given_is_pressed_after_a_reload(page: "sync_api.Page") -> None:
    for given, other in (("Good answer", "Bad answer"), ("Bad answer", "Good answer")):
        page.get_by_label(given).click()
        page.reload()
        page.locator(f'[aria-label="{given}"][aria-pressed="true"]').wait_for()
        assert page.get_by_label(other).get_attribute("aria-pressed") == "false"
    page.get_by_role("button", name="Ask again").click()
    page.locator('[aria-label="Bad answer"][aria-pressed="false"]').wait_for()  # it was of another answer


def test_a_conversation_that_is_too_long_is_said_to_be_and_another_one_begins(page: "sync_api.Page") -> None:
    key = page.evaluate("Object.keys(localStorage).find((one) => one.includes('.chat.'))")
    page.evaluate("key => localStorage.setItem(key, JSON.stringify([{ question: '\u4e00'.repeat(3_500_000) }]))", key)
    page.reload()
    assert_new_one(page)


def test_where_less_is_let_through_than_here_it_is_the_same(page: "sync_api.Page") -> None:
    def proxy(route: "sync_api.Route") -> None:
        data = json.loads(route.request.post_data or "{}").get("event_data") or {}
        if isinstance(data, dict) and data.get("records"):
            route.fulfill(status=413, body="<h1>Too large</h1>")
        else:
            route.continue_()

    page.route("**/queue/join*", proxy)
    page.reload()
    assert_new_one(page)


def assert_new_one(page: "sync_api.Page") -> None:
    said = page.get_by_text(TOO_LONG)
    said.wait_for()
    assert said.bounding_box()["height"] > 20  # type: ignore[index]  # to be read, not only to be heard
    assert said.evaluate("one => getComputedStyle(one).clipPath") == "none"
    assert page.locator("#kept .open").count() == 1  # the old one is still kept
    page.wait_for_selector("#chat .welcome")
    ask(page)
    assert page.locator(".turn").count() == 1
    assert page.locator("#kept .open").count() == 2


def test_back_closes_the_panel_and_then_leaves(page: "sync_api.Page") -> None:
    entries = page.evaluate("history.length")
    page.locator("a.cite").first.click()
    page.wait_for_selector("#sources mark.open")
    page.locator("#sources .next").click()
    page.go_back()
    page.wait_for_function("!document.body.classList.contains('reading')")
    assert page.evaluate("document.activeElement.matches('a.cite')")
    page.go_forward()
    page.wait_for_function("document.body.classList.contains('reading')")
    page.get_by_role("button", name="Back to the chat").click()
    page.wait_for_function("history.state === null")
    assert not reading(page)
    assert page.evaluate("history.length") == entries + 1
    page.go_back()
    assert page.url == "about:blank"


def test_a_reload_with_the_panel_open_shows_the_chat_and_back_still_closes_it(page: "sync_api.Page") -> None:
    page.locator("a.cite").first.click()
    page.wait_for_selector("body.reading")
    page.reload()
    page.wait_for_selector("a.cite")
    assert not reading(page)
    page.locator("a.cite").first.click()
    page.wait_for_selector("body.reading")
    page.go_back()
    page.wait_for_function("!document.body.classList.contains('reading')")
    assert page.locator(".turn").count() == 1


def test_an_answer_that_quotes_nothing_has_the_width_of_the_window(page: "sync_api.Page") -> None:
    page.get_by_text("Only some articles").click()
    page.get_by_label("Article, site or file").fill("nowhere")
    page.get_by_label("Question").fill("Who is there?")
    page.keyboard.press("Enter")
    page.wait_for_selector("#sources.empty", state="attached")
    for width in (390, 1024):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.locator("#conversation").bounding_box()["width"] == width  # type: ignore[index]


def test_an_endpoint_that_does_not_answer_is_used_and_said_to_be_silent(page: "sync_api.Page") -> None:
    page.get_by_role("tab", name="Settings").click()
    page.get_by_label("Endpoint address").fill("http://127.0.0.1:9/v1")
    page.keyboard.press("Tab")
    page.locator("#settings-line").get_by_text("cannot be reached").wait_for()
    page.get_by_role("button", name="Use", exact=True).click()
    page.get_by_text("at http://127.0.0.1:9/v1, temperature 0").wait_for()
    page.locator("#settings-line").get_by_text("Is it running? Until it answers, answers are quotes.").wait_for()
    page.get_by_role("tab", name="Chat").click()
    page.get_by_role("button", name="Ask again").click()
    page.locator(".notice", has_text="These are the quotes found without it").wait_for()


def test_what_the_library_takes_in_is_counted_above(page: "sync_api.Page", tmp_path: Path) -> None:
    from playwright.sync_api import expect

    count = page.locator("#top .masthead")
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(count).to_contain_text("2 articles indexed.")
    page.get_by_role("tab", name="Library").click()
    (tmp_path / "boats.txt").write_text("The boats\n\nHere are 12 boats.\n", "utf-8")
    page.locator("#files input[type=file]").set_input_files([tmp_path / "boats.txt"])
    expect(count).to_contain_text("3 articles indexed.")
    page.locator("#articles li", has_text="The boats").locator("summary").click()
    page.get_by_role("button", name="Remove it The boats").click()
    expect(count).to_contain_text("2 articles indexed.")
