"""The library tab in a real browser, alone in a window; nothing may be asked of any other host."""

import threading
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from browser.pages import Serve, Size, Visit, fits, open_assistant, picture
from index.embed import Matrix
from index.static import StaticEmbedder
from rag.assistant import Assistant
from ui.library import ON_A_PAGE
from ui.uploads import uploads_of

HOSTILE = '<img src="http://evil.example/a.png" onerror="window.hacked=1"> {{value}} ${window.hacked=1} \u202eboats'


class PatientEmbedder(StaticEmbedder):
    """Waits with the passages until it may `go_on`."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = threading.Event()

    def embed(self, texts: Any) -> Matrix:
        assert self.go_on.wait(30)
        return super().embed(texts)


def write(folder: Path, name: str = "boats.txt", text: str = "The boats\n\n2016-08-31\n\nHere are 12 boats.\n") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder / name


def window(assistant: Assistant, *, may_change: bool = True) -> Any:
    """A server with a tab beside the library's, as the real window has one."""
    from importlib.resources import files

    from fastapi import FastAPI

    from ui.web import library
    from ui.web.security import OwnScripts, SecurityHeaders

    gr = library.gr
    styles = "".join(files("ui.web").joinpath(name).read_text("utf-8") for name in ("page.css", "library.css"))
    with gr.Blocks(analytics_enabled=False, fill_width=True) as blocks, gr.Tabs():
        gr.Tab("Ask")
        library.build_library(gr.Tab("Library"), assistant, may_change=may_change)
    mounted = gr.mount_gradio_app(
        FastAPI(), blocks, path="/", footer_links=[], run_history=False, ssr_mode=False, enable_monitoring=False,
        theme=gr.themes.Base(font=["system-ui"], font_mono=["monospace"]), head=f"<style>{styles}</style>",
    )  # fmt: skip
    return SecurityHeaders(OwnScripts(mounted))


def library(visit: Visit, address: str, **options: Any) -> Page:
    page = visit(address, shows="[role=tab]", **options)
    page.get_by_role("tab", name="Library").click()
    page.wait_for_selector("#articles li")
    return page


def test_files_dragged_in_are_listed_found_and_removed_by_the_keyboard(
    visit: Visit, serve: Serve, tmp_path: Path
) -> None:
    assistant = open_assistant(tmp_path / "data")
    address = serve(assistant, window)
    page = library(visit, address)
    assert page.locator("#articles").inner_text().endswith("There are no articles yet.")
    page.locator("#files input[type=file]").set_input_files(
        [
            write(tmp_path),
            write(tmp_path, "b\u202egpj.txt", f"{HOSTILE}\n\nSome words of somebody.\n"),
            write(tmp_path, "drawing.svg", "<svg onload='window.hacked=1'/>"),
            write(
                tmp_path, "page.html", "<title>A page</title><script>window.hacked=1</script><p>Words of a page.</p>"
            ),
        ]
    )
    page.wait_for_selector("#work.ended")
    page.wait_for_function("document.querySelectorAll('#articles h2').length === 3")
    assert page.locator("#work [role=status]").inner_text() == "Done: 3 added, 1 not taken in."
    assert "drawing.svg: not a kind of file" in page.locator("#work li").inner_text()
    assert page.locator("#library :is(#articles, #work) :is(script, img, a, svg)").count() == 0
    assert page.evaluate("window.hacked") is None
    assert "window.hacked=1" in page.locator("#articles").inner_text()

    kept = uploads_of(assistant.index.settings) / "boats.txt"
    assert sync_api_status(f"{address}/gradio_api/file={kept}") in (403, 404)

    page.get_by_label("Search").fill("boats 12")
    page.wait_for_function("document.querySelector('#articles .count').textContent === '1 of 3 articles'")
    page.locator("#articles summary").focus()
    page.keyboard.press("Enter")
    assert "Its copy here is deleted" in page.locator("#articles .sure").inner_text()
    page.keyboard.press("Escape")
    assert page.locator("#articles details[open]").count() == 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.textContent.startsWith('Removed “The boats”')")
    assert not kept.exists()
    assert len(assistant.index.entries()) == 2


def sync_api_status(address: str) -> int:
    import httpx

    return httpx.get(address).status_code


def test_a_job_is_watched_from_another_browser_and_a_second_start_says_that_one_runs(
    visit: Visit, serve: Serve, tmp_path: Path
) -> None:
    embedder = PatientEmbedder()
    address = serve(open_assistant(tmp_path / "data", embedder=embedder), window)
    one, other = library(visit, address), library(visit, address)
    one.locator("#files input[type=file]").set_input_files([write(tmp_path)])
    for page in (one, other):
        page.wait_for_selector("#work.running progress[value]")
        assert page.locator("#work [role=status]").inner_text() == "Indexing 1 file"
    other.get_by_label("Addresses").fill("https://a.example/")
    other.get_by_role("button", name="Fetch").click()
    other.wait_for_function("document.querySelector('#work').textContent.includes('Indexing 1 file is still going on')")
    assert other.get_by_label("Addresses").input_value() == "https://a.example/"
    embedder.go_on.set()
    for page in (one, other):
        page.wait_for_selector("#articles h2")
        assert page.locator("#work [role=status]").inner_text() == "Done: 1 added."


def test_an_address_that_is_none_or_private_is_one_line(visit: Visit, serve: Serve, tmp_path: Path) -> None:
    page = library(visit, serve(open_assistant(tmp_path / "data"), window))
    page.get_by_label("Addresses").fill("/etc/passwd")
    page.get_by_role("button", name="Fetch").click()
    page.wait_for_selector("#work.problem")
    assert page.locator("#work").inner_text().startswith("/etc/passwd: not a web address.")
    page.get_by_label("Addresses").fill("http://127.0.0.1:9/")
    page.get_by_role("button", name="Fetch").click()
    page.wait_for_selector("#work.ended li")
    assert "private address" in page.locator("#work li").inner_text()
    assert page.get_by_label("Addresses").input_value() == ""


def test_no_file_of_the_machine_can_be_named_as_an_upload(serve: Serve, tmp_path: Path) -> None:
    import httpx

    assistant = open_assistant(tmp_path / "data")
    address = serve(assistant, window)
    parts = httpx.get(f"{address}/config").json()["dependencies"]
    (upload,) = (part["id"] for part in parts if any(event == "upload" for _, event in part["targets"]))
    file = {"path": str(write(tmp_path, "secret.txt")), "meta": {"_type": "gradio.FileData"}}
    asked = {"data": [[file]], "fn_index": upload, "session_hash": "x"}
    assert httpx.post(f"{address}/gradio_api/queue/join", json=asked).status_code == 200
    with httpx.stream("GET", f"{address}/gradio_api/queue/data?session_hash=x", timeout=30) as told:
        ended = next(line for line in told.iter_lines() if "process_completed" in line)
    assert '"success":false' in ended
    assert "boats" not in ended
    assert not uploads_of(assistant.index.settings).exists()


def test_pages_of_the_list_turn_and_nothing_needs_sideways_scrolling(
    visit: Visit, serve: Serve, tmp_path: Path, size: Size
) -> None:
    for number in range(ON_A_PAGE + 2):
        title = "W" * 300 if number == 3 else f"Piece {number:02}"
        text = f"---\ntitle: {title}\nauthor: Ann Lee\n---\n\nWords {number}.\n"
        write(tmp_path / "in", f"piece-{number:02}.md", text)
    write(tmp_path / "in", "broken.pdf", "%PDF-1.4 no")
    address = serve(open_assistant(tmp_path / "data", tmp_path / "in"), window)
    page = library(visit, address, width=size.width, height=size.height, color_scheme=size.scheme)
    page.locator("#order").get_by_text("Title").click()
    page.get_by_role("button", name="Next").click()
    page.wait_for_function("document.activeElement.matches('.count')")
    assert page.locator("#articles h2").count() == 2
    assert page.locator("#articles nav").inner_text().split("\n")[1] == "Page 2 of 2"
    assert page.get_by_role("button", name="Next").is_disabled()
    page.locator(".failed summary").click()
    assert "broken.pdf: a damaged PDF" in page.locator(".failed li").inner_text()
    page.locator("#articles summary").last.click()
    keep, remove = (page.locator(f"#articles details[open] {one}").bounding_box() for one in ("summary", "button"))
    assert keep
    assert remove
    assert (
        remove["x"] + remove["width"] < keep["x"] or keep["y"] + keep["height"] < remove["y"]
    )  # neither over the other
    assert fits(page)
    picture(page, f"library-{size}", whole=True)


def test_a_removed_article_leaves_its_page_open_and_a_new_search_begins_at_the_first(
    visit: Visit, serve: Serve, tmp_path: Path
) -> None:
    for number in range(2 * ON_A_PAGE + 3):
        write(tmp_path / "in", f"piece-{number:03}.txt", f"Piece {number:03}\n\nWords of number {number}.\n")
    page = library(visit, serve(open_assistant(tmp_path / "data", tmp_path / "in"), window))
    where, counted = page.locator("#articles nav"), page.locator("#articles .count")
    page.locator("#order").get_by_text("Title").click()
    for number in (2, 3):
        page.get_by_role("button", name="Next").click()
        expect(where).to_contain_text(f"Page {number} of 3")
    page.locator("#articles summary").first.click()
    page.get_by_role("button", name="Remove it Piece 100").click()
    expect(counted).to_have_text("102 articles")
    added = write(tmp_path, "zebra.txt", "Zebras\n\nWords of them.\n")
    page.locator("#files input[type=file]").set_input_files([added])
    expect(counted).to_have_text("103 articles")
    expect(where).to_contain_text("Page 3 of 3")
    page.get_by_label("Search").fill("words")
    expect(where).to_contain_text("Page 1 of 3")


def test_who_may_not_change_anything_sees_the_list_only(visit: Visit, serve: Serve, tmp_path: Path) -> None:
    import httpx

    write(tmp_path / "in")
    address = serve(open_assistant(tmp_path / "data", tmp_path / "in"), partial(window, may_change=False))
    page = library(visit, address)
    assert "The boats" in page.locator("#articles").inner_text()
    assert page.locator("#library").get_by_role("button").count() == 0
    assert page.locator("input[type=file], #work, #about, details").count() == 0
    info = httpx.get(f"{address}/gradio_api/info").json()
    assert not info["named_endpoints"]
    assert not info["unnamed_endpoints"]
