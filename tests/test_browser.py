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
        page.on("console", lambda line: failures.append(line.text) if line.type == "error" else None)
        page.goto(address)
        page.wait_for_selector("#sources")
        page.wait_for_selector("#chat .example")
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
    page.wait_for_selector(f'#sources[data-turn="{turn}"]')
    page.get_by_role("button", name="Ask").wait_for()
    return page.locator(".answer").nth(turn - 1)


def in_view(page: "sync_api.Page", mark: str) -> bool:
    """Whether the mark is inside both the window and the panel."""
    return bool(
        page.evaluate(
            """id => {
                const box = document.getElementById(id)?.getBoundingClientRect();
                const room = document.querySelector("#sources").getBoundingClientRect();
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
    page.get_by_role("button", name="Who led the forces").click()
    page.wait_for_selector('#sources[data-turn="1"]')
    assert "Misrata" in page.locator(".answer").inner_text()
    page.get_by_role("button", name="New chat").click()
    page.wait_for_selector("#chat .example")
    page.wait_for_selector('#sources[data-turn="0"]')
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
        assert page.locator(f"{place} :is(script, img, iframe, form, b, strong, .katex, [style*=fixed])").count() == 0
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
    page.get_by_role("button", name="Ask").wait_for()
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
    page.get_by_role("button", name="Ask").wait_for()


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


def test_a_screen_reader_hears_messages_and_not_their_source(visit: Callable[..., "sync_api.Page"], seeds: str) -> None:
    page = visit(seeds)
    ask(page, STRIKES)
    wait_until(lambda: page.locator("#chat [aria-label*='<div']").count() == 0)
    assert page.locator("#chat [role=log]").get_attribute("aria-live") == "polite"
    assert page.get_by_role("complementary", name="Sources").count() == 1


def test_every_response_forbids_other_hosts_and_no_endpoint_is_public(seeds: str) -> None:
    import httpx

    page = httpx.get(seeds)
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"
    info = httpx.get(f"{seeds}/gradio_api/info").json()
    assert not info["named_endpoints"]
    assert not info["unnamed_endpoints"]


def test_a_port_that_is_taken_is_one_line(tmp_path: Path) -> None:
    from ui.web.app import serve

    settings = RagSettings(data_dir=tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(FootnoteError, match=f"Cannot serve at 127.0.0.1:{port}: .* footnote chat --port"):
            serve(Assistant(Index(settings), settings), port=port)
