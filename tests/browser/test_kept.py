"""Conversations that the browser keeps: they outlive a reload, are listed, and none loses or mixes anything."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.pages import KILLED, SEEDS, STRIKES, Serve, SlowWriter, Visit, ask, in_view, open_assistant, wait_until
from rag.endpoint.patience import NotThisTime


class AtWill(SlowWriter):
    """Comes to no end only while it is `slow`."""

    slow = False

    def write(self, *arguments: object) -> Iterator[str]:
        if self.slow:
            yield from super().write(*arguments)
        yield "It is said [1]."

    def complete(self, *_: object) -> str:
        raise NotThisTime("It is busy.")


@pytest.fixture
def writer() -> AtWill:
    return AtWill()


@pytest.fixture
def page(visit: Visit, serve: Serve, tmp_path: Path, writer: AtWill) -> Page:
    return visit(serve(open_assistant(tmp_path, SEEDS, writer)))


def open_kept(page: Page, questions: list[str]) -> None:
    page.locator("#kept .open", has_text=questions[0][:20]).click()
    expect(page.locator(".question")).to_have_text(questions)


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


def test_a_question_whose_page_is_reloaded_while_it_is_answered_stands_in_the_box_again(
    visit: Visit, serve: Serve, tmp_path: Path
) -> None:
    writer = SlowWriter()
    page = visit(serve(open_assistant(tmp_path, SEEDS, writer)))
    page.get_by_text("Only some articles").click()
    page.get_by_label("to", exact=True).fill("2030-01-01")
    page.get_by_label("Question").fill(STRIKES)
    page.keyboard.press("Enter")
    page.locator(".answer .text").wait_for()
    for _ in range(2):  # it stays until it is asked again
        page.reload()
        page.locator("#ask .state", has_text="The answer to this was cut off").wait_for()
        assert page.get_by_label("Question").input_value() == STRIKES
        assert page.locator(".chosen").inner_text() == "… to 2030-01-01"
    page.keyboard.press("Enter")
    page.locator(".answer .text").wait_for()
    assert page.locator(".question").all_inner_texts() == [STRIKES]
    page.get_by_role("button", name="Stop").click()
    page.locator(".answer .notice").wait_for()  # kept, as it is at its end
    page.reload()
    page.locator(".answer .notice").wait_for()
    assert page.get_by_label("Question").input_value() == ""
    assert not page.locator("#ask .state").is_visible()


def test_a_question_that_was_cut_off_is_offered_in_its_own_conversation_alone(page: Page, writer: AtWill) -> None:
    one, other = [STRIKES, "Who is Warner?"], [KILLED, "Who is Fayez al-Sarraj?"]
    for chat in (one, other):
        for turn, question in enumerate(chat, 1):
            ask(page, question, turn)
        page.get_by_role("button", name="New chat").click()
        page.wait_for_selector("#chat .welcome")
    open_kept(page, one)
    writer.slow = True
    page.get_by_role("button", name="Ask again").last.click()
    page.locator(".answer .text", has_text="word word").wait_for()
    box, offered = page.get_by_label("Question"), page.locator("#ask .state")
    page.reload()
    expect(offered).to_contain_text("Ask it again? Asking it removes the old answer.")
    open_kept(page, other)
    for _ in range(2):
        expect(offered).to_be_hidden()
        expect(box).to_have_value("")
        page.reload()
        expect(page.locator(".question")).to_have_text(other)
    writer.slow = False
    open_kept(page, one)
    expect(offered).to_contain_text("Asking it removes the old answer.")
    expect(box).to_have_value(one[1])
    box.press("Enter")
    page.get_by_role("button", name="Ask", exact=True).wait_for()
    for chat in (other, one):
        open_kept(page, chat)
    expect(offered).to_be_hidden()


def test_a_question_that_was_cut_off_is_asked_as_it_was_or_leaves_nothing(page: Page, writer: AtWill) -> None:
    ask(page, KILLED)
    page.get_by_text("Only some articles").click()
    page.get_by_label("to", exact=True).fill("2030-01-01")
    ask(page, "And the wounded?", 2)
    expect(page.locator(".answer").last).to_contain_text("Searched:")
    writer.slow = True
    page.get_by_role("button", name="Search only my words").click()
    page.locator(".answer .text", has_text="word word").wait_for()
    writer.slow = False
    page.reload()
    expect(page.locator(".chosen")).to_have_text("… to 2030-01-01")
    page.get_by_label("Question").press("Enter")
    page.get_by_role("button", name="Ask", exact=True).wait_for()
    expect(page.locator(".answer")).to_have_count(2)
    expect(page.locator(".answer").last).to_contain_text("Asked only of")
    expect(page.locator(".answer").last).not_to_contain_text("Searched:")
    writer.slow = True
    page.get_by_role("button", name="Ask again").last.click()
    page.locator(".answer .text", has_text="word word").wait_for()
    page.reload()
    expect(page.locator(".chosen")).to_have_text("… to 2030-01-01")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".chosen")).to_have_text("")
    expect(page.get_by_label("Question")).to_have_value("")


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
