"""A window as it is served: what each response says, what is no endpoint, and a port that is taken."""

import socket
from pathlib import Path

import pytest

from browser.pages import Visit, wait_until
from index.engine import Index
from index.errors import FootnoteError
from rag.assistant import Assistant
from rag.config import RagSettings


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


def test_what_a_page_says_as_it_is_left_is_passed_over_and_of_a_live_one_it_is_a_problem(
    visit: Visit, seeds: str, problems: list[str]
) -> None:
    page = visit(seeds)
    page.evaluate("addEventListener('beforeunload', () => console.error('AbortError: I was left'))")
    page.reload()
    page.wait_for_selector("#chat .welcome")
    assert problems == []
    page.evaluate("console.error('AbortError: and nobody left')")
    wait_until(lambda: bool(problems))
    assert "and nobody left" in problems.pop()
    assert problems == []
