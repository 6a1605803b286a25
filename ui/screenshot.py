"""The README's picture: `python -m ui.screenshot` asks the seeds one question in a browser and writes docs/chat.png."""

import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

from index.engine import Index
from index.errors import FootnoteError
from rag.assistant import Assistant
from rag.config import RagSettings

PROJECT = Path(__file__).parents[1]
QUESTION = "How many strikes had US aircraft carried out in Sirte?"
WIDTH, HEIGHT = 1280, 800
SHARPNESS = 2  # pixels of the picture to a pixel of the page


def main() -> None:
    """Index the seeds in a temporary folder, serve them, and take the picture."""
    import uvicorn

    from ui.web.app import app

    with tempfile.TemporaryDirectory() as folder:
        settings = RagSettings(data_dir=Path(folder), model="", base_url="")
        index = Index(settings)
        index.sync([PROJECT / "seeds"])
        server = uvicorn.Server(
            uvicorn.Config(app(Assistant(index, settings)), port=0, log_level="error", timeout_graceful_shutdown=1)
        )
        serving = threading.Thread(target=server.run, daemon=True)
        serving.start()
        while not server.started:
            time.sleep(0.05)
        try:
            take(f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", PROJECT / "docs" / "chat.png")
        finally:
            server.should_exit = True
            serving.join()


def take(address: str, picture: Path) -> None:
    """Ask the question at `address`, open quote [2], and save what is seen."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        raise FootnoteError("No chromium or google-chrome on the PATH.", "Install one of them.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=SHARPNESS, color_scheme="light",
            reduced_motion="reduce",
        )  # fmt: skip
        page.goto(address)
        page.get_by_label("Question").fill(QUESTION)
        page.keyboard.press("Enter")
        page.wait_for_selector('#sources[data-turn="1"]')
        page.locator(".claim a.cite").nth(1).click()
        page.mouse.move(0, 0)  # no hover in the picture
        page.wait_for_selector("mark.open")
        picture.parent.mkdir(exist_ok=True)
        page.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    try:
        main()
    except FootnoteError as error:
        sys.exit(f"screenshot: {error}")
