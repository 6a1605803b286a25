"""The address of a quote on its web page scrolls a real browser there."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from test_fragment import LONG, cite

from browser.pages import Visit
from index.records import Article
from ui.render.fragment import text_fragment

FILLER = "".join(f"<p>Paragraph {number} says nothing of interest.</p>" for number in range(200))
QUOTES = [
    "It holds 12 boats.",
    "Well-known, “old” & loved: 100% boats, 3-4 of them.",
    LONG,
    "The first line of a poem.\n\nAnd then its second verse, which ends it all.",
]


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


def test_a_browser_scrolls_to_the_quote(visit: Visit, site: str) -> None:
    for number, quote in enumerate(QUOTES):
        article = Article("a", "T", f"The commander said on Monday. {quote}", (f"{site}/{number}",))
        page = visit(text_fragment(cite(quote, article.source), article), shows="#q", width=800, height=600)
        page.wait_for_function("scrollY > 0", timeout=5_000)
        top = page.evaluate("document.querySelector('#q').getBoundingClientRect().top")
        assert 0 <= top < 600, quote
