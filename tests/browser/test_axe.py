"""axe-core looks at each state of the window, light and dark, and finds nothing that keeps people out."""

import os
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page
from real_servers import SCRIPTS

from browser.pages import STRIKES, Serve, Visit, ask
from rag.assistant import Assistant
from ui import passwords
from ui.passwords import Secret
from ui.web.app import Access, app

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


@pytest.fixture(params=SCHEMES)
def page(open_page: Visit, request: pytest.FixtureRequest) -> Page:
    return open_page(color_scheme=request.param, meant=("/signin",))  # where a wrong password is tried


def findings(page: Page, state: str) -> list[str]:
    """What axe finds of a state, as "welcome: serious color-contrast: where"."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)
    page.evaluate("Promise.allSettled(document.getAnimations().map((one) => (one.finish(), one.finished)))")
    return [f"{state}: {one}" for one in page.evaluate(FINDINGS)]


def test_nothing_in_the_window_keeps_people_out(page: Page, seeds: str) -> None:
    page.goto(seeds)
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


def test_nothing_at_the_door_keeps_people_out(
    page: Page, serve: Serve, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "COSTS", (16, 8, 1))
    access = Access(people={"ann": Secret.of("correct horse")})
    address = serve(assistant, lambda one: app(one, access))
    page.goto(f"{address}/signin")
    found = findings(page, "sign-in")
    page.get_by_label("Name").fill("ann")
    page.get_by_label("Password").fill("wrong horse")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    found += findings(page, "wrong password")
    assert found == []
