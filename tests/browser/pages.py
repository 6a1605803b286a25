"""What is done with a window in a browser: it is served, asked a question, waited for and looked at."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Locator, Page
from starlette.types import ASGIApp

from index.engine import Index
from index.static import StaticEmbedder
from rag.assistant import Assistant
from rag.config import RagSettings
from ui.web.app import app

SEEDS = Path(__file__).parents[2] / "seeds"
ARTEFACTS = Path(__file__).parents[1] / "artefacts"
STRIKES = "How many strikes had US aircraft carried out in Sirte?"
THIRTY_SIX = "US drones and fighter jets have carried out 36 strikes over Sirte since August 1."
KILLED = "How many pro-GNA fighters were killed on Tuesday?"
Serve = Callable[..., str]
Visit = Callable[..., Page]


class Size(NamedTuple):
    """Of a window, in pixels, and whether it is light or dark."""

    width: int
    height: int
    scheme: str

    def __str__(self) -> str:
        return f"{self.width}-{self.scheme}"


# The last but one is what a window of 1280 by 800 has where its user zooms to 200%; the last is a phone's.
SIZES = (
    Size(1440, 900, "light"),
    Size(1280, 800, "light"),
    Size(1024, 768, "dark"),
    Size(640, 400, "light"),
    Size(390, 844, "dark"),
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


def open_assistant(
    folder: Path,
    articles: Path | None = None,
    writer: Any = None,
    embedder: StaticEmbedder | None = None,
    **settings: Any,
) -> Assistant:
    """One whose index lies in `folder`, over `articles` or over none."""
    made = RagSettings(data_dir=folder, **settings)
    index = Index(made, embedder)
    if articles:
        index.sync([articles])
    return Assistant(index, made, writer)


@contextmanager
def served(assistant: Assistant, window: Callable[[Assistant], ASGIApp] = app) -> Iterator[str]:
    """The address of its window, on a free port. It is made in the server's thread, where an event loop runs."""
    import uvicorn

    config = uvicorn.Config(
        lambda: window(assistant), factory=True, port=0, log_level="error", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        wait_until(lambda: server.started)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)


def wait_until(true: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def ask(page: Page, question: str, turn: int = 1) -> Locator:
    """Ask, wait for the finished answer (its sources are shown then), and return it."""
    page.get_by_label("Question").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_selector(f'#sources[data-turn="{turn}"]', state="attached")
    page.get_by_role("button", name="Ask", exact=True).wait_for()
    return page.locator(".answer").nth(turn - 1)


def in_view(page: Page, mark: str) -> bool:
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


def fits(page: Page) -> bool:
    """Whether nothing needs sideways scrolling."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def picture(page: Page, name: str, *, whole: bool = False) -> None:
    """Kept for people to look at: what is seen, or the whole page."""
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=whole, animations="disabled")
