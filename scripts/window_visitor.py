"""The chat window in a process of its own, and somebody at it in a real Chromium."""

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page

from evals.bench.measure import bare_environment
from index.engine import Index
from index.errors import FootnoteError
from rag.config import RagSettings

PATIENCE = 120  # seconds
PAUSE = 0.5  # seconds without a byte after which nothing more comes
# When a question is sent and when the first text of its answer stands on the page.
WATCH = """() => {
    addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        const turn = document.querySelectorAll("#chat .turn").length + 1;
        const begun = performance.now();
        window.firstText = new Promise((found) => new MutationObserver((_, observer) => {
            if (!document.querySelector(`.turn[data-turn="${turn}"] .answer .text`)) return;
            observer.disconnect();
            found(performance.now() - begun);
        }).observe(document.querySelector("#chat"), { childList: true, subtree: true }));
    }, true);
}"""
# From a click on a number to its mark standing in view, in milliseconds.
OPEN = """(link) => new Promise((found) => {
    const begun = performance.now();
    link.click();
    const look = () => {
        const mark = document.getElementById(link.getAttribute("href").slice(1))?.getBoundingClientRect();
        const room = document.querySelector("#sources .body").getBoundingClientRect();
        if (mark && mark.top >= room.top && mark.bottom <= room.bottom) found(performance.now() - begun);
        else requestAnimationFrame(look);
    };
    look();
})"""


def make_index(articles: Path, folder: Path, embedding: str) -> None:
    """A ready index."""
    Index(RagSettings(data_dir=folder, embedding=embedding, model="", base_url="")).sync([articles])


@asynccontextmanager
async def window(folder: Path, embedding: str) -> AsyncIterator[tuple[str, float]]:
    """`footnote chat` over an index: its address as soon as its socket listens, and when it was started."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).parent / "footnote"), "chat", "--port", str(port)]
    environment = bare_environment(FOOTNOTE_DATA_DIR=str(folder), FOOTNOTE_EMBEDDING=embedding)
    started = time.time()
    with subprocess.Popen(command, env=environment, cwd=folder, stdout=subprocess.DEVNULL) as process:
        try:
            while True:
                with socket.socket() as client:
                    if client.connect_ex(("127.0.0.1", port)) == 0:
                        break
                if process.poll() is not None or time.time() > started + PATIENCE:
                    raise FootnoteError("The window does not start.")
                await asyncio.sleep(0.01)
            yield f"http://127.0.0.1:{port}", started
        finally:
            process.terminate()


class Visitor:
    """Somebody at the window, and the bytes that come to them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.bytes = 0
        self.last = 0.0

    @classmethod
    async def at(cls, browser: Browser, address: str) -> "Visitor":
        context = await browser.new_context(viewport={"width": 1280, "height": 800})
        context.set_default_timeout(PATIENCE * 1_000)
        self = cls(await context.new_page())
        wire = await context.new_cdp_session(self.page)
        await wire.send("Network.enable")
        wire.on("Network.dataReceived", self._count)
        await self.page.goto(address)
        await self.page.wait_for_selector("#chat .welcome")
        await self.page.evaluate(WATCH)
        return self

    def _count(self, event: dict[str, Any]) -> None:
        self.bytes += event["dataLength"]
        self.last = time.monotonic()

    async def ask(self, question: str) -> float:
        """Milliseconds to the first text of the answer; returns once the answer is finished."""
        await self.page.get_by_label("Question").fill(question)
        await self.page.keyboard.press("Enter")
        first: float = await self.page.evaluate("window.firstText")
        await self.page.locator("#ask [type=submit]").wait_for()
        return first

    async def settled(self) -> int:
        """The bytes so far, once nothing more comes."""
        self.last = time.monotonic()
        while time.monotonic() < self.last + PAUSE:
            await asyncio.sleep(0.05)
        return self.bytes

    async def close(self) -> None:
        await self.page.context.close()
