"""The address of a quote on its web page: its form, and that a real browser scrolls there."""

import os
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.records import Article
from rag.records import Citation
from ui.render.fragment import text_fragment

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FILLER = "".join(f"<p>Paragraph {number} says nothing of interest.</p>" for number in range(200))
LONG = (
    "The commander said on Tuesday that his forces, having crossed the river - twice -, would take the harbour & the "
    "airport before the end of the month, whatever it costs the commander."
)
QUOTES = [
    "It holds 12 boats.",
    "Well-known, “old” & loved: 100% boats, 3-4 of them.",
    LONG,
    "The first line of a poem.\n\nAnd then its second verse, which ends it all.",
]
SOURCE = "https://news.example/a"


def cite(quote: str, source: str = SOURCE, also: tuple[str, ...] = ()) -> Citation:
    return Citation(1, "a", "Title", None, source, 0, len(quote), quote, also)


def words_of(address: str) -> list[str]:
    """The decoded parts of the directive: the whole quote, or its beginning and end."""
    return [unquote(part) for part in address.partition(":~:text=")[2].split(",")]


def test_a_short_quote_stands_in_the_address_whole() -> None:
    assert text_fragment(cite("It's 3-4, you & me.")) == f"{SOURCE}#:~:text=It%27s%203%2D4%2C%20you%20%26%20me."


def test_a_long_quote_is_its_first_and_last_words() -> None:
    assert words_of(text_fragment(cite(LONG))) == ["The commander said on", "it costs the commander."]
    assert len(text_fragment(cite(LONG))) < 100


def test_words_that_stand_elsewhere_too_are_followed_by_more() -> None:
    article = Article("a", "T", f"The commander said on Tuesday that it rained. {LONG}", (SOURCE,))
    assert words_of(text_fragment(cite(LONG), article))[0] == "The commander said on Tuesday that his"


@pytest.mark.parametrize(
    ("source", "also", "url", "begins"),
    [
        ("/a.pdf", (), None, ""),
        ("/a.pdf", (), "https://news.example/b", "https://news.example/b#:~:text="),
        ("/a.pdf", ("http://news.example/c",), None, "http://news.example/c#:~:text="),
        ("javascript://news.example/%0aalert(1)", (), "data:text/html,x", ""),
        ("ftp://news.example/a", (), None, ""),
        (f"{SOURCE}?b=1&c=(2)#part-3", (), None, f"{SOURCE}?b=1&c=(2)#part-3:~:text="),
        (f"{SOURCE}#:~:text=another", (), None, f"{SOURCE}#:~:text=It"),
        ('https://news.example/"><b>\\x', (), None, "https://news.example/%22%3E%3Cb%3E%5Cx#:~:text="),
        ("https://me:secret@news.example/", (), None, "https://news.example/#:~:text="),
    ],
)
def test_only_web_pages_are_linked_and_their_address_is_one(
    source: str, also: tuple[str, ...], url: str | None, begins: str
) -> None:
    article = Article("a", "T", "It holds 12 boats.", (source,), url=url)
    address = text_fragment(cite("It holds 12 boats.", source, also), article)
    assert address.startswith(begins)
    assert bool(address) == bool(begins)


@given(st.text(min_size=1).filter(str.strip))
@example("a" * 80 + " " + "b" * 80)
@example("a" * 80 + " b c d e " + "f" * 80)
def test_the_parts_are_words_of_the_quote_in_their_order(quote: str) -> None:
    address = text_fragment(cite(quote))
    flat = " ".join(quote.split())
    directive = address.partition("#:~:text=")[2]
    assert set(directive) <= set("%,.~_") | set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    if directive:
        start, *end = words_of(address)
        assert flat.startswith(start)
        assert not end or (flat.endswith(end[0]) and len(start) + len(end[0]) < len(flat))


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """Each quote at /0, /1 …, far below the first screen and after a sentence that begins as it does."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.strip("/")
            quote = QUOTES[int(name)] if name.isdecimal() else ""
            marked = "".join(f"<p>{part}</p>" for part in quote.replace("&", "&amp;").split("\n\n"))
            body = f"<meta charset=utf-8><p>The commander said on Monday.</p>{FILLER}<div id=q>{marked}</div>{FILLER}"
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.skipif(CHROMIUM is None and not os.environ.get("BROWSER_REQUIRED"), reason="no chromium on the PATH")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_browser_scrolls_to_the_quote(site: str) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for number, quote in enumerate(QUOTES):
            article = Article("a", "T", f"The commander said on Monday. {quote}", (f"{site}/{number}",))
            page = browser.new_page(viewport={"width": 800, "height": 600})
            page.goto(text_fragment(cite(quote, article.source), article))
            page.wait_for_function("scrollY > 0", timeout=5_000)
            top = page.evaluate("document.querySelector('#q').getBoundingClientRect().top")
            assert 0 <= top < 600, quote
            page.close()
        browser.close()
