"""axe-core looks at each state of the window, light and dark, and finds nothing that keeps people out."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from real_servers import SCRIPTS
from test_browser import CHROMIUM, FLAGS, SEEDS, STRIKES, ask, open_assistant
from test_browser_hostile import served

from rag.assistant import Assistant
from ui import passwords
from ui.passwords import Secret
from ui.web.app import Access

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium or google-chrome on the PATH"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # third parties', when gradio and uvicorn are imported
]
SCHEMES = ("light", "dark")
FINDINGS = """async () => (await axe.run()).violations.map(({ id, impact, nodes }) =>
    `${impact} ${id}: ${nodes.map((node) => node.target.join(" ")).slice(0, 5).join("; ")}`)"""


def axe() -> str:
    """Its script; where it has not been fetched the tests are skipped, or may not be."""
    found = subprocess.run([SCRIPTS / "axe.sh", "--found"], capture_output=True, text=True, check=False)
    if found.returncode:
        if os.environ.get("BROWSER_REQUIRED"):
            pytest.fail("scripts/axe.sh has not been run here, and these tests may not be skipped.", pytrace=False)
        pytest.skip("scripts/axe.sh has not been run here", allow_module_level=True)
    return Path(found.stdout.strip()).read_text("utf-8")


AXE = axe()


@pytest.fixture(scope="module")
def browser() -> Iterator["sync_api.Browser"]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return open_assistant(tmp_path_factory.mktemp("axe"), SEEDS, embedding="static")


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    with served(assistant) as address:
        yield address


@pytest.fixture(params=SCHEMES)
def page(browser: "sync_api.Browser", request: pytest.FixtureRequest) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme=request.param)
    yield context.new_page()
    context.close()


def findings(page: Any, state: str) -> list[str]:
    """What axe finds of a state, as "welcome: serious color-contrast: where"."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)
    page.evaluate("Promise.allSettled(document.getAnimations().map((one) => (one.finish(), one.finished)))")
    return [f"{state}: {one}" for one in page.evaluate(FINDINGS)]


def test_nothing_in_the_window_keeps_people_out(page: Any, address: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(address)
    page.wait_for_selector(".welcome .asked button")
    found = findings(page, "welcome")
    ask(page, STRIKES)
    page.locator(".conflict").wait_for()
    page.get_by_text("Why this answer?").click()
    found += findings(page, "answer with disagreement")
    ask(page, "What is the capital of Peru?", turn=2)
    found += findings(page, "refusal")
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("a.near").first.click()
    page.wait_for_selector(".reading mark.open")
    found += findings(page, "panel on a phone")
    page.get_by_role("button", name="Back to the chat").click()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("tab", name="Library").click()
    page.wait_for_selector("#articles h2")
    found += findings(page, "library")
    page.get_by_role("tab", name="Settings").click()
    page.locator("#settings").wait_for()
    found += findings(page, "settings")
    assert found == []


def test_nothing_at_the_door_keeps_people_out(page: Any, assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "COSTS", (16, 8, 1))
    with served(assistant, Access(people={"ann": Secret.of("correct horse")})) as address:
        page.goto(f"{address}/signin")
        found = findings(page, "sign-in")
        page.get_by_label("Name").fill("ann")
        page.get_by_label("Password").fill("wrong horse")
        page.keyboard.press("Enter")
        page.get_by_role("alert").wait_for()
        found += findings(page, "wrong password")
    assert found == []
