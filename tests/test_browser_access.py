"""Signing in, asking and signing out in a real browser, below a path; and markup that finds its way in runs nothing."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from windows import in_a_loop

from rag.assistant import Assistant
from ui import passwords
from ui.passwords import Secret
from ui.web.address import parse_address
from ui.web.app import Access, app

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
if CHROMIUM is None and os.environ.get("BROWSER_REQUIRED"):
    pytest.fail("No chromium or google-chrome on the PATH, and the browser tests may not be skipped.", pytrace=False)
sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium or google-chrome on the PATH"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # third parties', when gradio and uvicorn are imported
]
ARTEFACTS = Path(__file__).parent / "artefacts"
HOSTILE = """
  <img src="x" onerror="window.hacked = 'a handler'"><svg onload="window.hacked = 'a drawing'"></svg>
  <a id="trap" href="javascript:window.hacked='a link'">x</a><iframe srcdoc="<script>parent.hacked='a frame'</script>">
"""


@pytest.fixture
def address(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A window below /footnote, for Ann alone."""
    import uvicorn

    monkeypatch.setattr(passwords, "COSTS", (16, 8, 1))
    access = Access(parse_address("/footnote", "127.0.0.1"), {"ann": Secret.of("correct horse")})
    served = in_a_loop(lambda: app(assistant, access))
    server = uvicorn.Server(uvicorn.Config(served, port=0, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/footnote"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture
def browser() -> Iterator["sync_api.Browser"]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def sign_in(page: "sync_api.Page", password: str) -> None:
    page.get_by_label("Name").fill("ann")
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


def test_sign_in_ask_and_sign_out(address: str, browser: "sync_api.Browser") -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme="dark")
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(address)
    assert page.url == f"{address}/signin"
    sign_in(page, "wrong horse")
    assert "do not go together" in page.get_by_role("alert").inner_text()
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / "signin.png")
    page.on("console", lambda line: problems.append(f"{line.text} {line.location}") if line.type == "error" else None)
    sign_in(page, "correct horse")
    page.wait_for_selector("#chat .welcome")
    page.get_by_label("Question").fill("Who led the forces that entered Sirte?")
    page.keyboard.press("Enter")
    page.wait_for_selector('#sources[data-turn="1"]', state="attached")
    assert "Misrata" in page.locator(".answer").inner_text()
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Password").wait_for()
    page.goto(address)
    assert page.url == f"{address}/signin"
    unmeant = "/favicon.ico", "AbortError", "Connection errored out"  # above the path; cut off by signing out
    assert [problem for problem in problems if not any(one in problem for one in unmeant)] == []


def test_the_form_needs_no_script_and_markup_runs_none(address: str, browser: "sync_api.Browser") -> None:
    scriptless = browser.new_context(java_script_enabled=False)
    page = scriptless.new_page()
    page.goto(address)
    sign_in(page, "correct horse")
    page.wait_for_url(f"{address}/")
    page = browser.new_context(storage_state=scriptless.storage_state()).new_page()
    page.goto(address)
    page.wait_for_selector("#chat .welcome")
    page.evaluate("markup => document.body.insertAdjacentHTML('beforeend', markup)", HOSTILE)
    page.evaluate("document.getElementById('trap').click()")
    page.evaluate("document.head.append(Object.assign(document.createElement('script'), {text: 'hacked = `text`'}))")
    page.wait_for_timeout(300)
    assert page.evaluate("window.hacked") is None
