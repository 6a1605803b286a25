"""A window as it is served: what each response says, what is no endpoint, and a port that is taken."""

import socket
from pathlib import Path

import pytest

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
