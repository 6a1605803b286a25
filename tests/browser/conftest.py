"""One browser for all of these tests, and pages in it that ask no other host and in which no script fails."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Route, sync_playwright

from browser.pages import SIZES, Serve, Size, Visit, served
from rag.assistant import Assistant

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
# What Gradio was fetching when its page was left; until that page is gone it may ask for its events once more, in vain.
# Of a page that nobody leaves, the same would be a fault.
CUT_OFF = "AbortError", "Connection errored out", "Unexpected error 404", "queue/data", "TypeError: network error"
LEAVING = "This page is being left."  # said before anything in it hears of that
SAYING_SO = f"if (self === top) addEventListener('beforeunload', () => console.debug({LEAVING!r}))"


def pytest_itemcollected(item: pytest.Item) -> None:
    item.add_marker(pytest.mark.filterwarnings("ignore::DeprecationWarning"))  # Gradio's use of pandas, as it serves


# Not for the session: while it is open an event loop runs in this thread, and tests elsewhere run their own.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        reason = "no chromium or google-chrome on the PATH"
        if os.environ.get("BROWSER_REQUIRED"):
            pytest.fail(f"{reason}, and the browser tests may not be skipped", pytrace=False)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def seeds(assistant: Assistant) -> Iterator[str]:
    """The window over the articles in seeds/."""
    with served(assistant) as address:
        yield address


@pytest.fixture
def serve() -> Iterator[Serve]:
    """As `served`, until the test is done."""
    with ExitStack() as servers:
        yield lambda *arguments: servers.enter_context(served(*arguments))


@pytest.fixture
def problems() -> list[str]:
    """What another host was asked for, and what went wrong or up in a page, so far."""
    return []


@pytest.fixture
def open_page(browser: Browser, serve: Serve, problems: list[str]) -> Iterator[Visit]:  # noqa: ARG001
    """Opens an empty page of its own, `meant` to log nothing but what has one of these in it; see `problems`.

    It asks for `serve` so that pages are closed before their servers: else they complain of that.
    """
    contexts = []
    left: set[Page] = set()

    def open_page(width: int = 1280, height: int = 800, meant: tuple[str, ...] = (), **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce", **options)
        contexts.append(context)
        watch(context, problems, meant, left)
        return context.new_page()

    yield open_page
    for context in contexts:
        left.update(context.pages)
        context.close()
    assert problems == []


def watch(context: BrowserContext, problems: list[str], meant: tuple[str, ...], left: set[Page]) -> None:
    """Lists the problems of its pages; `left` holds those that are being left, until another document has loaded."""

    def only_here(route: Route) -> None:
        if urlsplit(route.request.url).hostname in ("127.0.0.1", None):
            route.continue_()
        else:
            problems.append(route.request.url)
            route.abort()

    def hear(line: ConsoleMessage) -> None:
        if line.text == LEAVING and line.page:
            left.add(line.page)
        said = f"{line.text} {line.location['url']}"
        passed_over = (*meant, *CUT_OFF) if line.page in left else meant
        if line.type == "error" and not any(one in said for one in passed_over):
            problems.append(said)

    def dismiss(dialog: Dialog) -> None:
        problems.append(dialog.message)
        dialog.dismiss()

    def loaded(page: Page) -> None:
        left.discard(page)

    def enter(page: Page) -> None:
        page.on("load", loaded)
        page.on("popup", lambda popup: problems.append(popup.url))

    context.route("**/*", only_here)
    context.on("console", hear)
    context.on("weberror", lambda error: problems.append(str(error.error)))
    context.on("dialog", dismiss)
    context.on("page", enter)
    context.add_init_script(SAYING_SO)


@pytest.fixture(params=SIZES, ids=str)
def size(request: pytest.FixtureRequest) -> Size:
    return request.param


@pytest.fixture
def visit(open_page: Visit) -> Visit:
    """Opens an address in a page of its own, and waits for what it `shows`."""

    def visit(address: str, shows: str = "#chat .welcome", **options: Any) -> Page:
        page = open_page(**options)
        page.goto(address)
        page.wait_for_selector(shows)
        return page

    return visit
