"""A question is asked, stopped, put otherwise and asked of some articles only; what goes wrong is said in a line."""

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import APIResponse, Page, Route, expect

from browser.pages import KILLED, SEEDS, STRIKES, Serve, SlowWriter, Visit, ask, open_assistant, wait_until
from index.engine import Index
from rag.assistant import Assistant
from rag.config import RagSettings
from rag.prompt import REFUSAL


class BrokenWriter(SlowWriter):
    """A bug in the program."""

    name = "broken"

    def write(self, *_: object) -> Iterator[str]:
        yield "word "
        raise RuntimeError("a bug")


class OnceWriter(SlowWriter):
    """Answers one question, and never the second."""

    name = "once"
    answered = False

    def write(self, *arguments: object) -> Iterator[str]:
        if self.answered:
            yield from super().write(*arguments)
        self.answered = True
        yield "It is said [1]."


def test_an_example_is_asked_at_a_click_and_a_new_chat_begins_again(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    example = page.locator(".welcome .asked button").first
    asked = example.inner_text()
    example.click()
    page.wait_for_selector('#sources[data-turn="1"]')
    assert page.locator(".question").inner_text() == asked
    assert page.locator(".answer a.cite").count() > 0
    page.get_by_role("button", name="New chat").click()
    page.wait_for_selector("#chat .welcome")
    assert page.locator(".answer").count() == 0
    assert "29" in ask(page, STRIKES).inner_text()


def test_a_question_that_is_too_long_is_not_cut_but_said_to_be_and_kept(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    long = f"{'word ' * 500}?"
    page.get_by_label("Question").fill(long)
    page.keyboard.press("Enter")
    page.wait_for_selector(".answer .notice")
    for _ in range(2):
        assert "The question has 2,501 characters" in page.locator(".answer .notice").inner_text()
        assert page.locator(".question").inner_text() == long
        page.reload()
        page.wait_for_selector(".answer .notice")


def test_an_endpoint_that_is_down_is_a_notice_and_the_quotes_still_come(
    visit: Visit, serve: Serve, tmp_path: Path
) -> None:
    page = visit(serve(open_assistant(tmp_path, SEEDS, base_url="http://127.0.0.1:9/v1", model="x")))
    assert "written by x" in page.locator(".masthead").inner_text()
    answer = ask(page, STRIKES)
    assert "quotes" in answer.locator(".notice").inner_text()
    assert "36 strikes" in answer.locator(".text").inner_text()
    assert REFUSAL not in answer.inner_text()


def test_an_index_that_is_not_there_is_one_line_in_the_chat(visit: Visit, serve: Serve, tmp_path: Path) -> None:
    settings = RagSettings(data_dir=tmp_path)
    page = visit(serve(Assistant(Index(settings), settings)))
    answer = ask(page, STRIKES)
    assert answer.inner_text().strip() == "Nothing is indexed yet. Run: footnote index PATH"
    assert page.locator(".question").inner_text() == STRIKES


def test_stop_keeps_what_has_come_and_closes_the_writer(visit: Visit, serve: Serve, tmp_path: Path) -> None:
    writer = SlowWriter()
    page = visit(serve(open_assistant(tmp_path, SEEDS, writer)))
    page.get_by_label("Question").fill(STRIKES)
    page.keyboard.press("Enter")
    page.locator(".answer .text").wait_for()
    page.get_by_role("button", name="Stop").click()
    page.locator(".answer .notice").wait_for()
    assert page.locator(".answer .notice").inner_text() == "Stopped."
    assert "word word" in page.locator(".answer .text").inner_text()
    page.get_by_role("button", name="Ask", exact=True).wait_for()
    assert writer.closed.wait(5)


def test_a_bug_leaves_a_window_that_can_be_asked_again(visit: Visit, serve: Serve, tmp_path: Path) -> None:
    page = visit(serve(open_assistant(tmp_path, SEEDS, BrokenWriter())))
    page.get_by_label("Question").fill(STRIKES)
    page.keyboard.press("Enter")
    page.locator(".answer .notice").wait_for()
    assert "Something went wrong" in page.locator(".answer .notice").inner_text()
    assert "word" in page.locator(".answer .text").inner_text()
    assert "a bug" not in page.content()
    page.get_by_role("button", name="Ask", exact=True).wait_for()


def test_a_screen_reader_hears_that_it_is_answered_and_not_each_word(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    ask(page, STRIKES)
    wait_until(lambda: page.get_by_role("status").first.inner_text() == "Answered with 2 quotes")
    assert page.locator("#chat").get_attribute("aria-live") is None
    assert page.get_by_role("complementary", name="Sources").count() == 1
    assert page.get_by_role("heading", name=STRIKES).count() == 1


def test_the_last_question_is_edited_and_asked_again_in_its_place(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    ask(page, "What is the capital of Peru?")
    page.get_by_role("button", name="Edit question").click()
    assert page.get_by_label("Question").input_value() == "What is the capital of Peru?"
    answer = ask(page, STRIKES)
    assert "36 strikes" in answer.inner_text()
    assert page.locator(".turn").count() == 1
    page.get_by_role("button", name="Ask again").click()
    page.wait_for_selector(".pending", state="detached")
    assert "36 strikes" in page.locator(".answer").inner_text()
    assert page.locator(".turn").count() == 1


def test_what_was_typed_before_a_question_is_edited_comes_back(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    ask(page, "What is the capital of Peru?")
    box = page.get_by_label("Question")
    box.fill("Who is")
    for _ in range(2):  # a second press does not take the question for what was typed
        page.get_by_role("button", name="Edit question").click()
    page.get_by_role("button", name="Cancel").click()
    assert box.input_value() == "Who is"
    page.get_by_role("button", name="Edit question").click()
    ask(page, STRIKES)
    assert page.locator(".question").all_inner_texts() == [STRIKES]
    assert box.input_value() == "Who is"


def test_what_was_typed_before_comes_back_once_however_the_editing_ends(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    box, state = page.get_by_label("Question"), page.locator("#ask .state")

    def another() -> None:
        page.locator("#chat .asked button").first.click()
        page.get_by_role("button", name="Ask", exact=True).wait_for()

    for leave in (another, page.get_by_role("button", name="New chat").click):
        ask(page, STRIKES)
        page.wait_for_selector("#chat .asked")
        box.fill("Who is")
        page.get_by_role("button", name="Edit question").click()
        leave()
        expect(state).to_be_hidden()
        expect(box).to_have_value("Who is")
        page.get_by_role("button", name="New chat").click()
        page.wait_for_selector("#chat .welcome")
        ask(page, KILLED)
        expect(box).to_have_value("")
        page.get_by_role("button", name="New chat").click()
        page.wait_for_selector("#chat .welcome")


def test_only_some_articles_are_asked_and_it_says_which(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    assert "36" in ask(page, STRIKES).inner_text()
    page.get_by_text("Only some articles").click()
    page.get_by_label("Published from").fill("2016-06-01")
    page.get_by_label("to", exact=True).fill("2016-05-30")
    page.get_by_label("Question").fill(STRIKES)
    page.keyboard.press("Enter")
    page.locator("#told", has_text="The first day lies after the last.").wait_for()
    assert page.get_by_label("Question").input_value() == STRIKES  # nothing is lost that was not asked
    page.get_by_label("to", exact=True).fill("2016-06-30")
    assert page.locator(".chosen").inner_text() == "2016-06-01 to 2016-06-30"
    assert "36" not in ask(page, STRIKES, turn=2).inner_text()  # that article has no date
    page.get_by_role("button", name="All articles").click()
    assert page.locator(".chosen").inner_text() == ""
    page.locator(".turn").first.locator(".claim a.cite").first.click()
    page.get_by_role("button", name="Ask only this article").click()
    assert page.locator(".chosen").inner_text().endswith(".txt")


def test_what_was_searched_can_be_searched_as_typed(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    ask(page, KILLED)
    ask(page, "And the wounded?", turn=2)
    page.get_by_role("button", name="Search only my words").click()
    page.wait_for_selector(".pending", state="detached")
    assert "Searched:" not in page.locator(".answer").nth(1).inner_text()


def test_asking_again_asks_the_same_articles(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    page.get_by_text("Only some articles").click()
    page.get_by_label("Published from").fill("2016-06-01")
    answer = ask(page, STRIKES)
    assert "Asked only of: from 2016-06-01." in answer.inner_text()
    page.get_by_role("button", name="All articles").click()
    page.get_by_role("button", name="Ask again").click()
    page.wait_for_selector(".pending", state="detached")
    assert "Asked only of: from 2016-06-01." in page.locator(".answer").inner_text()


def test_a_question_that_is_sent_the_moment_it_can_be_is_asked(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    ask_the_moment_it_can_be(page, KILLED)
    ask(page, STRIKES, turn=2)
    assert page.locator(".question").all_inner_texts() == [STRIKES, KILLED]
    assert "five of their fighters" in page.locator(".answer").nth(1).inner_text()


def test_an_answer_that_is_told_again_does_not_end_the_wait_for_the_next(
    visit: Visit, serve: Serve, tmp_path: Path
) -> None:
    page = visit(serve(open_assistant(tmp_path, SEEDS, OnceWriter())))
    ask_the_moment_it_can_be(page, KILLED)
    page.get_by_label("Question").fill(STRIKES)
    page.keyboard.press("Enter")
    page.locator(".turn").nth(1).wait_for()
    page.wait_for_selector('#sources[data-turn="1"]')  # it comes with the first answer, told again
    assert page.get_by_role("button", name="Stop").is_visible()
    assert not page.get_by_role("button", name="Ask", exact=True).is_visible()
    page.get_by_role("button", name="Stop").click()
    page.locator(".turn").nth(1).locator(".notice").wait_for()


def ask_the_moment_it_can_be(page: Page, question: str) -> None:
    """Once the first answer is there; before a person could."""
    page.evaluate(
        """second => new MutationObserver((_, observer) => {
            const form = document.querySelector("#ask");
            if (form.querySelector("[type=submit]").hidden || !document.querySelector(".answer")) return;
            observer.disconnect();
            form.elements.question.value = second;
            form.requestSubmit();
        }).observe(document.querySelector("#page"), { attributes: true, childList: true, subtree: true })""",
        question,
    )


def test_an_answer_is_shown_that_came_before_the_page_knew_its_number(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        if STRIKES in (route.request.post_data or ""):
            held.append((route, route.fetch()))
        else:
            route.continue_()

    streams: list[str] = []
    for ending in ("requestfinished", "requestfailed"):  # the server ends it once all has come, or the page does
        page.on(ending, lambda request: streams.append(request.url))
    page.route("**/queue/join*", hold)
    page.get_by_label("Question").fill(STRIKES)
    page.keyboard.press("Enter")
    page.wait_for_selector(".pending")
    page.get_by_role("tab", name="Library").click()
    wait_until(lambda: page.locator("#articles li").count() > 0 and any("queue/data" in one for one in streams))
    page.get_by_role("tab", name="Chat").click()
    for route, response in held:
        route.fulfill(response=response)
    assert "36 strikes" in page.locator(".answer").inner_text()
