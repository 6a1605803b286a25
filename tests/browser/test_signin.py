"""Signing in, asking and signing out in a real browser, below a path; and markup that finds its way in runs nothing."""

import pytest
from playwright.sync_api import Page

from browser.pages import Serve, Visit, picture
from rag.assistant import Assistant
from ui import passwords
from ui.passwords import Secret
from ui.web.address import parse_address
from ui.web.app import Access, app

HOSTILE = """
  <img src="x" onerror="window.hacked = 'a handler'"><svg onload="window.hacked = 'a drawing'"></svg>
  <a id="trap" href="javascript:window.hacked='a link'">x</a><iframe srcdoc="<script>parent.hacked='a frame'</script>">
"""


@pytest.fixture
def address(assistant: Assistant, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> str:
    """A window below /footnote, for Ann alone."""
    monkeypatch.setattr(passwords, "COSTS", (16, 8, 1))
    access = Access(parse_address("/footnote", "127.0.0.1"), {"ann": Secret.of("correct horse")})
    return serve(assistant, lambda one: app(one, access)) + "/footnote"


def sign_in(page: Page, password: str) -> None:
    page.get_by_label("Name").fill("ann")
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


def test_sign_in_ask_and_sign_out(address: str, open_page: Visit) -> None:
    meant = f"{address}/signin", "/favicon.ico"  # a wrong password; above the path
    page = open_page(width=390, height=844, color_scheme="dark", meant=meant)
    page.goto(address)
    assert page.url == f"{address}/signin"
    sign_in(page, "wrong horse")
    assert "do not go together" in page.get_by_role("alert").inner_text()
    picture(page, "signin")
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


def test_the_form_needs_no_script_and_markup_runs_none(address: str, open_page: Visit) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(address)
    sign_in(page, "correct horse")
    page.wait_for_url(f"{address}/")
    meant = "Content Security Policy", f"{address}/x"  # what is not run, and the image that is none
    page = open_page(storage_state=page.context.storage_state(), meant=meant)
    page.goto(address)
    page.wait_for_selector("#chat .welcome")
    page.evaluate("markup => document.body.insertAdjacentHTML('beforeend', markup)", HOSTILE)
    page.evaluate("document.getElementById('trap').click()")
    page.evaluate("document.head.append(Object.assign(document.createElement('script'), {text: 'hacked = `text`'}))")
    page.wait_for_timeout(300)
    assert page.evaluate("window.hacked") is None
