"""What a reader comes back to: a pressed thumb, a conversation too long to be opened, the chat behind the panel."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from browser.pages import SEEDS, STRIKES, Serve, Visit, ask, open_assistant

TOO_LONG = "This conversation is too long to be opened again. Here is a new one."


@pytest.fixture
def page(serve: Serve, open_page: Visit, tmp_path: Path) -> Page:
    """The window as a phone has it, with one answer, and a page before it to go back to."""
    assistant = open_assistant(tmp_path / "data", SEEDS, embedding="static")
    page = open_page(width=390, meant=("413",))
    page.goto("about:blank")
    page.goto(serve(assistant))
    page.wait_for_selector("#chat .welcome")
    ask(page, STRIKES)
    return page


def reading(page: Page) -> bool:
    return bool(page.locator("body.reading").count())


def test_a_thumb_that_was_given_is_pressed_after_a_reload(page: Page) -> None:
    for given, other in (("Good answer", "Bad answer"), ("Bad answer", "Good answer")):
        page.get_by_label(given).click()
        page.reload()
        page.locator(f'[aria-label="{given}"][aria-pressed="true"]').wait_for()
        assert page.get_by_label(other).get_attribute("aria-pressed") == "false"
    page.get_by_role("button", name="Ask again").click()
    page.locator('[aria-label="Bad answer"][aria-pressed="false"]').wait_for()  # it was of another answer


def test_a_conversation_that_is_too_long_is_said_to_be_and_another_one_begins(page: Page) -> None:
    key = page.evaluate("Object.keys(localStorage).find((one) => one.includes('.chat.'))")
    page.evaluate("key => localStorage.setItem(key, JSON.stringify([{ question: '\u4e00'.repeat(3_500_000) }]))", key)
    page.reload()
    assert_new_one(page)


def test_where_less_is_let_through_than_here_it_is_the_same(page: Page) -> None:
    def proxy(route: Route) -> None:
        data = json.loads(route.request.post_data or "{}").get("event_data") or {}
        if isinstance(data, dict) and data.get("records"):
            route.fulfill(status=413, body="<h1>Too large</h1>")
        else:
            route.continue_()

    page.route("**/queue/join*", proxy)
    page.reload()
    assert_new_one(page)


def assert_new_one(page: Page) -> None:
    said = page.get_by_text(TOO_LONG)
    said.wait_for()
    assert said.bounding_box()["height"] > 20  # type: ignore[index]  # to be read, not only to be heard
    assert said.evaluate("one => getComputedStyle(one).clipPath") == "none"
    assert page.locator("#kept .open").count() == 1  # the old one is still kept
    page.wait_for_selector("#chat .welcome")
    ask(page, STRIKES)
    assert page.locator(".turn").count() == 1
    assert page.locator("#kept .open").count() == 2


def test_back_closes_the_panel_and_then_leaves(page: Page) -> None:
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


def test_a_reload_with_the_panel_open_shows_the_chat_and_back_still_closes_it(page: Page) -> None:
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


def test_an_answer_that_quotes_nothing_has_the_width_of_the_window(page: Page) -> None:
    page.get_by_text("Only some articles").click()
    page.get_by_label("Article, site or file").fill("nowhere")
    page.get_by_label("Question").fill("Who is there?")
    page.keyboard.press("Enter")
    page.wait_for_selector("#sources.empty", state="attached")
    for width in (390, 1024):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.locator("#conversation").bounding_box()["width"] == width  # type: ignore[index]


def test_an_endpoint_that_does_not_answer_is_used_and_said_to_be_silent(page: Page) -> None:
    page.get_by_role("tab", name="Settings").click()
    page.get_by_label("Endpoint address").fill("http://127.0.0.1:9/v1")
    page.keyboard.press("Tab")
    page.locator("#settings-line").get_by_text("cannot be reached").wait_for()
    page.get_by_role("button", name="Use", exact=True).click()
    page.get_by_text("written by a language model at http://127.0.0.1:9/v1, temperature 0").wait_for()
    expect(page.locator("#top")).to_contain_text("written by a language model")  # the same, and at once
    page.get_by_text("Is it running? Until it answers, answers are quotes.").wait_for()
    page.get_by_role("tab", name="Chat").click()
    page.get_by_role("button", name="Ask again").click()
    page.locator(".notice", has_text="These are the quotes found without it").wait_for()
    page.get_by_role("tab", name="Settings").click()
    page.get_by_role("button", name="Back to how it was started").click()
    expect(page.get_by_text("Until it answers")).to_have_count(0)
    expect(page.locator("#top")).to_contain_text("no model is set")


def test_a_quote_of_an_article_that_was_removed_meanwhile_says_so(page: Page) -> None:
    cite = page.locator("a.cite").first
    cite.click()
    page.wait_for_selector("#sources mark.open")
    page.get_by_role("button", name="Back to the chat").click()
    gone = page.locator("#sources .notice", has_text="no longer in the index")
    expect(gone).to_have_count(0)
    title = cite.get_attribute("data-title")
    page.get_by_role("tab", name="Library").click()
    page.locator("#articles li", has_text=title).locator("summary").click()
    page.get_by_role("button", name=f"Remove it {title}").click()
    page.locator("#work", has_text="Removed").wait_for()
    page.get_by_role("tab", name="Chat").click()
    cite.click()
    gone.wait_for()
    expect(page.locator("#sources mark.open")).to_have_text(str(cite.get_attribute("data-quote")))


def test_what_the_library_takes_in_is_counted_above(page: Page, tmp_path: Path) -> None:
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
