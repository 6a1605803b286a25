"""Conversations that the browser keeps: they outlive a reload, are listed, and none loses or mixes anything."""

from pathlib import Path

import pytest

from browser.pages import KILLED, SEEDS, STRIKES, Serve, Visit, ask, in_view, open_assistant, wait_until


def test_a_conversation_outlives_a_reload_and_is_listed(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    ask(page, STRIKES)
    page.get_by_role("button", name="New chat").click()
    page.wait_for_selector("#chat .welcome")
    ask(page, KILLED)
    page.reload()
    page.wait_for_selector(".turn .answer")
    assert page.locator(".question").inner_text() == KILLED
    assert "wounded" in ask(page, "And the wounded?", turn=2).inner_text()  # it goes on from what was kept
    page.locator("#kept .open", has_text=STRIKES[:20]).click()
    wait_until(lambda: page.locator(".question").all_inner_texts() == [STRIKES])
    page.locator(".claim a.cite").first.click()
    wait_until(lambda: in_view(page, "src-1-1"))
    page.locator("#kept li", has_text=STRIKES[:20]).hover()
    page.get_by_role("button", name=f"Delete: {STRIKES}").click()
    assert page.locator("#kept .open").count() == 2  # it asks once more
    page.get_by_role("button", name=f"Delete: {STRIKES}").click()
    page.wait_for_selector("#chat .welcome")
    assert page.locator("#kept .open").count() == 1


def test_a_conversation_that_the_server_forgot_is_handed_in_and_goes_on(
    visit: Visit, serve: Serve, tmp_path: Path
) -> None:
    from ui.web import window

    served = []
    build = window.build
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(window, "build", lambda *arguments: served.append(build(*arguments)) or served[0])
        page = visit(serve(open_assistant(tmp_path, SEEDS)))
    ask(page, STRIKES)
    ask(page, "Who is Fayez al-Sarraj?", 2)
    served[0].state_holder.session_data.clear()  # as after an hour without the page
    ask(page, "Who is Warner?", 3)
    asked = [STRIKES, "Who is Fayez al-Sarraj?", "Who is Warner?"]
    assert page.locator(".turn .question").all_inner_texts() == asked
    kept = (
        "Object.entries(localStorage).filter(([key]) => key.includes('.chat.')).map(([, value]) => JSON.parse(value))"
    )
    assert [[one["question"] for one in chat] for chat in page.evaluate(kept)] == [asked]


def test_of_two_conversations_that_are_opened_at_once_the_last_is_and_none_is_mixed(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    ask(page, STRIKES)
    page.get_by_role("button", name="New chat").click()
    page.wait_for_selector("#chat .welcome")
    ask(page, "Who is Fayez al-Sarraj?")
    page.evaluate("document.querySelectorAll('#kept .open').forEach(one => one.click())")
    page.get_by_label("Question").fill("Who is Warner?")
    page.keyboard.press("Enter")
    page.locator(".turn .question").nth(1).wait_for()
    assert page.locator(".turn .question").all_inner_texts() == [STRIKES, "Who is Warner?"]
    assert page.locator("#kept [aria-current]").inner_text() == STRIKES


def test_rubbish_in_the_browser_is_dropped_with_a_word(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    ask(page, STRIKES)
    page.evaluate(
        """() => {
            const name = Object.keys(localStorage).find((one) => one.includes(".chat."));
            const records = JSON.parse(localStorage[name]);
            localStorage[name] = JSON.stringify([{question: "<img src=x onerror=alert(1)>", text: 7}, ...records, 5]);
        }"""
    )
    page.reload()
    page.wait_for_selector(".turn .answer")
    wait_until(lambda: "2 of the kept answers could not be read" in page.locator("#told").inner_text())
    assert page.locator(".question").all_inner_texts() == [STRIKES]


def test_two_tabs_with_one_conversation_lose_nothing_of_it(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    ask(page, STRIKES)
    other = page.context.new_page()
    other.goto(seeds)
    other.locator("#kept .open").first.click()
    other.wait_for_selector(".turn .answer")
    ask(other, KILLED, turn=2)
    ask(page, "What is the capital of Peru?", turn=2)
    wait_until(lambda: other.locator("#kept .open").count() == 2)
    kept = page.evaluate(
        "Object.keys(localStorage).filter((one) => one.includes('.chat.')).map((one) => localStorage[one])"
    )
    assert sorted(one.count('"question":') for one in kept) == [2, 2]
