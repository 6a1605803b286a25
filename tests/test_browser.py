"""The chat window in a real browser, over the articles in seeds/; nothing may be asked of any other host."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from index.engine import Index
from index.errors import FootnoteError
from rag.assistant import Assistant
from rag.config import RagSettings
from rag.prompt import REFUSAL

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
if CHROMIUM is None and os.environ.get("BROWSER_REQUIRED"):
    pytest.fail("No chromium or google-chrome on the PATH, and the browser tests may not be skipped.", pytrace=False)
sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium or google-chrome on the PATH"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # third parties', when gradio and uvicorn are imported
]
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
SEEDS = Path(__file__).parents[1] / "seeds"
ARTEFACTS = Path(__file__).parent / "artefacts"
STRIKES = "How many strikes had US aircraft carried out in Sirte?"
THIRTY_SIX = "US drones and fighter jets have carried out 36 strikes over Sirte since August 1."
TWENTY_NINE = "As of Wednesday, U.S. drones and fighter jets had carried out 29 strikes in Sirte"
HOSTILE = (
    'Redport harbour holds 12 boats <script>window.hacked=1</script> <img src="http://evil.example/a.png" '
    'onerror="window.hacked=1"> ![boat](http://evil.example/b.png) [click](http://evil.example/c) **bold** '
    '<div style="position:fixed;inset:0">overlay</div> {{value}} ${window.hacked=1} $$x^2$$ `code`.'
)


class SlowWriter:
    """A language model that never comes to an end; `closed` is set once nobody reads it any more."""

    name = "slow"
    prompt_tokens = 3_000

    def __init__(self) -> None:
        self.closed = threading.Event()

    def write(self, *_: object) -> Iterator[str]:
        try:
            while True:
                time.sleep(0.01)
                yield "word "
        finally:
            self.closed.set()


class BrokenWriter(SlowWriter):
    """A bug in the program."""

    name = "broken"

    def write(self, *_: object) -> Iterator[str]:
        yield "word "
        raise RuntimeError("a bug")


def open_assistant(folder: Path, articles: Path, writer: SlowWriter | None = None, **settings: object) -> Assistant:
    made = RagSettings(data_dir=folder, **settings)
    index = Index(made)
    index.sync([articles])
    return Assistant(index, made, writer)  # type: ignore[arg-type]


def is_failure(line: "sync_api.ConsoleMessage") -> bool:
    """Whether the page complains; not of what a reload cut off while Gradio was fetching it."""
    return line.type == "error" and not any(one in line.text for one in ("AbortError", "Connection errored out"))


def wait_until(true: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def start() -> Iterator[Callable[[Assistant], str]]:
    """Serves an assistant on a free port until the module is done; returns its address."""
    import uvicorn

    from ui.web.app import app

    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(assistant: Assistant) -> str:
        config = uvicorn.Config(app(assistant), port=0, log_level="error", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        running.append((server, thread))
        wait_until(lambda: server.started)
        return f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"

    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join(timeout=10)


@pytest.fixture(scope="module")
def seeds(start: Callable[[Assistant], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    return start(open_assistant(tmp_path_factory.mktemp("seeds"), SEEDS))


@pytest.fixture(scope="module")
def browser() -> Iterator["sync_api.Browser"]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: "sync_api.Browser") -> Iterator[Callable[..., "sync_api.Page"]]:
    """Opens the window; afterwards no other host may have been asked for anything and no script have failed."""
    elsewhere: list[str] = []
    failures: list[str] = []
    contexts = []

    def visit(address: str, width: int = 1280, height: int = 800) -> "sync_api.Page":
        context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
        contexts.append(context)

        def only_here(route: "sync_api.Route") -> None:
            if urlsplit(route.request.url).hostname in ("127.0.0.1", "localhost", None):
                route.continue_()
            else:
                elsewhere.append(route.request.url)
                route.abort()

        context.route("**/*", only_here)
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on("console", lambda line: failures.append(line.text) if is_failure(line) else None)
        page.goto(address)
        page.wait_for_selector("#chat .welcome")
        return page

    yield visit
    for context in contexts:
        context.close()
    assert elsewhere == []
    assert failures == []


def ask(page: "sync_api.Page", question: str, turn: int = 1) -> "sync_api.Locator":
    """Ask, wait for the finished answer (its sources are shown then), and return it."""
    page.get_by_label("Question").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_selector(f'#sources[data-turn="{turn}"]', state="attached")
    page.get_by_role("button", name="Ask", exact=True).wait_for()
    return page.locator(".answer").nth(turn - 1)


def in_view(page: "sync_api.Page", mark: str) -> bool:
    """Whether the mark is inside both the window and the panel."""
    return bool(
        page.evaluate(
            """id => {
                const box = document.getElementById(id)?.getBoundingClientRect();
                const room = document.querySelector("#sources .body").getBoundingClientRect();
                const [top, bottom] = [Math.max(room.top, 0), Math.min(room.bottom, innerHeight)];
                return Boolean(box) && box.top >= top && box.bottom <= bottom;
            }""",
            mark,
        )
    )


def test_each_number_opens_its_quote(visit: Callable[..., "sync_api.Page"], seeds: str) -> None:
    page = visit(seeds)
    answer = ask(page, STRIKES)
    said = answer.inner_text()
    assert "29" in said
    assert "36" in said
    opened = []
    links = answer.locator(".claim a.cite")
    for position in range(links.count()):
        link = links.nth(position)
        link.click()
        mark = str(link.get_attribute("href"))[1:]
        wait_until(lambda mark=mark: in_view(page, mark))
        opened.append(page.locator(f"#{mark}").text_content() or "")
        assert page.locator("mark.open").count() == 1
    assert THIRTY_SIX in opened
    assert any(quote.startswith(TWENTY_NINE) and quote.endswith("Africa Command.") for quote in opened)
    assert page.locator(".conflict").inner_text().count("undated") == 2
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / "strikes.png")


def test_an_example_is_asked_at_a_click_and_a_new_chat_begins_again(
    visit: Callable[..., "sync_api.Page"], seeds: str
) -> None:
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


def test_hostile_articles_are_only_text(
    visit: Callable[..., "sync_api.Page"], start: Callable[[Assistant], str], tmp_path: Path
) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "harbour.txt").write_text(f"The <b>harbour</b> ![t](http://evil.example/t.png)\n\n{HOSTILE}\n", "utf-8")
    page = visit(start(open_assistant(tmp_path / "data", articles)))
    answer = ask(page, "How many boats does Redport harbour hold? <img src=x onerror=window.hacked=1>")
    assert HOSTILE in " ".join((answer.text_content() or "").split())
    assert HOSTILE in (page.locator("#sources .whole").text_content() or "")
    assert "<img src=x onerror=window.hacked=1>" in page.locator(".question").inner_text()
    for place in ("#chat", "#sources"):
        foreign = "script, img, iframe, form:not(.comment), b, strong, .katex, [style*=fixed]"
        assert page.locator(f"{place} :is({foreign})").count() == 0
        links = page.locator(f"{place} a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        assert all(link.startswith("#src-") for link in links)
    assert page.evaluate("window.hacked") is None


def test_a_citation_of_an_earlier_answer_brings_back_its_sources(
    visit: Callable[..., "sync_api.Page"], seeds: str
) -> None:
    page = visit(seeds)
    first = ask(page, "How many pro-GNA fighters were killed on Tuesday?")
    second = ask(page, "And the wounded?", turn=2)
    assert "Searched: " in second.inner_text()
    assert "wounded" in second.inner_text()
    first.locator("a.cite").first.click()
    page.wait_for_selector('#sources[data-turn="1"]')
    wait_until(lambda: in_view(page, "src-1-1"))
    assert "killed" in (page.locator("#src-1-1").text_content() or "")
    second.locator("a.cite").first.click()
    wait_until(lambda: in_view(page, "src-2-1"))


def test_a_refusal_shows_what_is_nearest(visit: Callable[..., "sync_api.Page"], seeds: str) -> None:
    page = visit(seeds)
    answer = ask(page, "What is the capital of Peru?")
    assert REFUSAL in answer.inner_text()
    assert "Nearest:" in answer.inner_text()
    answer.locator("a.near").last.click()
    mark = str(answer.locator("a.near").last.get_attribute("href"))[1:]
    wait_until(lambda: in_view(page, mark))
    assert page.locator(f"#{mark}").text_content() == answer.locator("blockquote").last.text_content()


def test_an_endpoint_that_is_down_is_a_notice_and_the_quotes_still_come(
    visit: Callable[..., "sync_api.Page"], start: Callable[[Assistant], str], tmp_path: Path
) -> None:
    page = visit(start(open_assistant(tmp_path, SEEDS, base_url="http://127.0.0.1:9/v1", model="x")))
    assert "written by x" in page.locator(".masthead").inner_text()
    answer = ask(page, STRIKES)
    assert "quotes" in answer.locator(".notice").inner_text()
    assert "36 strikes" in answer.locator(".text").inner_text()
    assert REFUSAL not in answer.inner_text()


def test_an_index_that_is_not_there_is_one_line_in_the_chat(
    visit: Callable[..., "sync_api.Page"], start: Callable[[Assistant], str], tmp_path: Path
) -> None:
    settings = RagSettings(data_dir=tmp_path)
    page = visit(start(Assistant(Index(settings), settings)))
    answer = ask(page, STRIKES)
    assert answer.inner_text().strip() == "Nothing is indexed yet. Run: footnote index PATH"
    assert page.locator(".question").inner_text() == STRIKES


def test_stop_keeps_what_has_come_and_closes_the_writer(
    visit: Callable[..., "sync_api.Page"], start: Callable[[Assistant], str], tmp_path: Path
) -> None:
    writer = SlowWriter()
    page = visit(start(open_assistant(tmp_path, SEEDS, writer)))
    page.get_by_label("Question").fill(STRIKES)
    page.keyboard.press("Enter")
    page.locator(".answer .text").wait_for()
    page.get_by_role("button", name="Stop").click()
    page.locator(".answer .notice").wait_for()
    assert page.locator(".answer .notice").inner_text() == "Stopped."
    assert "word word" in page.locator(".answer .text").inner_text()
    page.get_by_role("button", name="Ask", exact=True).wait_for()
    assert writer.closed.wait(5)


def test_a_bug_leaves_a_window_that_can_be_asked_again(
    visit: Callable[..., "sync_api.Page"], start: Callable[[Assistant], str], tmp_path: Path
) -> None:
    page = visit(start(open_assistant(tmp_path, SEEDS, BrokenWriter())))
    page.get_by_label("Question").fill(STRIKES)
    page.keyboard.press("Enter")
    page.locator(".answer .notice").wait_for()
    assert "Something went wrong" in page.locator(".answer .notice").inner_text()
    assert "word" in page.locator(".answer .text").inner_text()
    assert "a bug" not in page.content()
    page.get_by_role("button", name="Ask", exact=True).wait_for()


def test_the_keyboard_alone_opens_a_quote_and_comes_back(visit: Callable[..., "sync_api.Page"], seeds: str) -> None:
    page = visit(seeds)
    ask(page, STRIKES)
    page.keyboard.press("Shift+Tab")
    for _ in range(10):
        if page.evaluate("document.activeElement.matches('.claim a.cite')"):
            break
        page.keyboard.press("Shift+Tab")
    mark = page.evaluate("document.activeElement.getAttribute('href').slice(1)")
    page.keyboard.press("Enter")
    wait_until(lambda: in_view(page, mark))
    assert page.evaluate("document.activeElement.id") == mark
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.getAttribute('href').slice(1)") == mark


def test_nothing_needs_sideways_scrolling_on_a_phone(visit: Callable[..., "sync_api.Page"], seeds: str) -> None:
    page = visit(seeds, width=390, height=844)
    answer = ask(page, STRIKES)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    answer.locator(".claim a.cite").last.click()
    mark = str(answer.locator(".claim a.cite").last.get_attribute("href"))[1:]
    wait_until(lambda: in_view(page, mark))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Back to the chat").click()
    wait_until(lambda: bool(page.evaluate("document.activeElement.matches('a.cite')")))


def test_a_screen_reader_hears_that_it_is_answered_and_not_each_word(
    visit: Callable[..., "sync_api.Page"], seeds: str
) -> None:
    page = visit(seeds)
    ask(page, STRIKES)
    wait_until(lambda: page.get_by_role("status").first.inner_text() == "Answered with 2 quotes")
    assert page.locator("#chat").get_attribute("aria-live") is None
    assert page.get_by_role("complementary", name="Sources").count() == 1
    assert page.get_by_role("heading", name=STRIKES).count() == 1


def test_a_quote_is_shown_under_the_pointer_and_at_the_focus(visit: Callable[..., "sync_api.Page"], seeds: str) -> None:
    page = visit(seeds)
    link = ask(page, STRIKES).locator(".claim a.cite").first
    hint = page.get_by_role("tooltip")
    link.hover()
    assert THIRTY_SIX in hint.inner_text()
    assert "Libyan forces recapture" in hint.inner_text()
    page.mouse.move(0, 0)
    wait_until(lambda: not hint.is_visible())
    link.focus()
    assert THIRTY_SIX in hint.inner_text()
    assert link.get_attribute("aria-describedby") == "hint"


def test_the_quotes_of_an_answer_are_stepped_through_with_their_articles(
    visit: Callable[..., "sync_api.Page"], seeds: str
) -> None:
    page = visit(seeds)
    ask(page, STRIKES)
    steps = page.locator("#sources .steps")
    assert "1 of 2" in steps.inner_text()
    page.get_by_role("button", name="Next quote").click()
    wait_until(lambda: in_view(page, "src-1-2"))
    assert "2 of 2" in steps.inner_text()
    assert page.locator("#sources mark").count() == 2  # of one article, both marked in one view
    page.get_by_role("button", name="Next quote").click()
    wait_until(lambda: in_view(page, "src-1-1"))
    assert page.locator("#sources header").inner_text().startswith("Libyan forces recapture")


def test_a_conversation_outlives_a_reload_and_is_listed(visit: Callable[..., "sync_api.Page"], seeds: str) -> None:
    page = visit(seeds)
    ask(page, STRIKES)
    page.get_by_role("button", name="New chat").click()
    page.wait_for_selector("#chat .welcome")
    ask(page, "How many pro-GNA fighters were killed on Tuesday?")
    page.reload()
    page.wait_for_selector(".turn .answer")
    assert page.locator(".question").inner_text() == "How many pro-GNA fighters were killed on Tuesday?"
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
    visit: Callable[..., "sync_api.Page"], start: Callable[[Assistant], str], tmp_path: Path
) -> None:
    from ui.web import window

    served = []
    build = window.build
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(window, "build", lambda *arguments: served.append(build(*arguments)) or served[0])
        page = visit(start(open_assistant(tmp_path, SEEDS)))
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


def test_of_two_conversations_that_are_opened_at_once_the_last_is_and_none_is_mixed(
    visit: Callable[..., "sync_api.Page"], seeds: str
) -> None:
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


def test_rubbish_in_the_browser_is_dropped_with_a_word(visit: Callable[..., "sync_api.Page"], seeds: str) -> None:
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


def test_the_last_question_is_edited_and_asked_again_in_its_place(
    visit: Callable[..., "sync_api.Page"], seeds: str
) -> None:
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


def test_only_some_articles_are_asked_and_it_says_which(visit: Callable[..., "sync_api.Page"], seeds: str) -> None:
    page = visit(seeds)
    assert "36" in ask(page, STRIKES).inner_text()
    page.get_by_text("Only some articles").click()
    page.get_by_label("Published from").fill("2016-06-01")
    page.get_by_label("to", exact=True).fill("2016-06-30")
    assert page.locator(".chosen").inner_text() == "2016-06-01 to 2016-06-30"
    assert "36" not in ask(page, STRIKES, turn=2).inner_text()  # that article has no date
    page.get_by_role("button", name="All articles").click()
    assert page.locator(".chosen").inner_text() == ""
    page.locator(".turn").first.locator(".claim a.cite").first.click()
    page.get_by_role("button", name="Ask only this article").click()
    assert page.locator(".chosen").inner_text().endswith(".txt")


def test_what_was_searched_can_be_searched_as_typed(visit: Callable[..., "sync_api.Page"], seeds: str) -> None:
    page = visit(seeds)
    ask(page, "How many pro-GNA fighters were killed on Tuesday?")
    ask(page, "And the wounded?", turn=2)
    page.get_by_role("button", name="Search only my words").click()
    page.wait_for_selector(".pending", state="detached")
    assert "Searched:" not in page.locator(".answer").nth(1).inner_text()


def test_two_tabs_with_one_conversation_lose_nothing_of_it(visit: Callable[..., "sync_api.Page"], seeds: str) -> None:
    page = visit(seeds)
    ask(page, STRIKES)
    other = page.context.new_page()
    other.goto(seeds)
    other.locator("#kept .open").first.click()
    other.wait_for_selector(".turn .answer")
    ask(other, "How many pro-GNA fighters were killed on Tuesday?", turn=2)
    ask(page, "What is the capital of Peru?", turn=2)
    wait_until(lambda: other.locator("#kept .open").count() == 2)
    kept = page.evaluate(
        "Object.keys(localStorage).filter((one) => one.includes('.chat.')).map((one) => localStorage[one])"
    )
    assert sorted(one.count('"question":') for one in kept) == [2, 2]


def test_asking_again_asks_the_same_articles(visit: Callable[..., "sync_api.Page"], seeds: str) -> None:
    page = visit(seeds)
    page.get_by_text("Only some articles").click()
    page.get_by_label("Published from").fill("2016-06-01")
    answer = ask(page, STRIKES)
    assert "Asked only of: from 2016-06-01." in answer.inner_text()
    page.get_by_role("button", name="All articles").click()
    page.get_by_role("button", name="Ask again").click()
    page.wait_for_selector(".pending", state="detached")
    assert "Asked only of: from 2016-06-01." in page.locator(".answer").inner_text()


def test_the_list_of_conversations_closes_on_a_phone(visit: Callable[..., "sync_api.Page"], seeds: str) -> None:
    page = visit(seeds, width=390, height=844)
    kept = page.locator("#kept")
    for close in (lambda: page.keyboard.press("Escape"), lambda: page.mouse.click(370, 400)):
        page.get_by_role("button", name="Chats").click()
        wait_until(kept.is_visible)
        close()
        wait_until(lambda: not kept.is_visible())


def test_every_response_forbids_other_hosts_and_no_endpoint_is_public(seeds: str) -> None:
    import httpx

    page = httpx.get(seeds)
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"
    assert httpx.get(f"{seeds}/gradio_api/info").status_code == 404


def test_a_port_that_is_taken_is_one_line(tmp_path: Path) -> None:
    from ui.web.app import serve

    settings = RagSettings(data_dir=tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(FootnoteError, match=f"Cannot serve at 127.0.0.1:{port}: .* footnote chat --port"):
            serve(Assistant(Index(settings), settings), port=port)
