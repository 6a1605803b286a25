"""The chat window as a server: where it listens, what every response says, what is mounted."""

import os
import socket
import sys
import webbrowser
from contextlib import suppress
from pathlib import Path

from fastapi import FastAPI

from index.errors import FootnoteError
from rag.assistant import Assistant
from ui.trace import Traced
from ui.web.security import SecurityHeaders
from ui.web.window import mount


def serve(assistant: Assistant, host: str = "127.0.0.1", port: int = 7860, trace: Path | None = None) -> None:
    """Serve the chat window until interrupted; each answer leaves a line in `trace`.

    Raises:
        FootnoteError: the address cannot be served at.
    """
    import uvicorn

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise FootnoteError(
            f"Cannot serve at {host}:{port}: {error.strerror}.", f"Try: footnote chat --port {port % 65535 + 1}"
        ) from error
    with listener, suppress(KeyboardInterrupt):
        address = f"[{host}]" if ":" in host else host
        url = f"http://{address}:{port}"
        print(f"Footnote is at {url} (Ctrl+C stops it)", flush=True)
        if _has_screen():
            webbrowser.open(url)  # the socket listens already: the page waits for the server
        # An open window keeps a connection: stopping must not wait for it, nor print the traceback of cutting it off.
        config = uvicorn.Config(app(assistant, trace), log_level="critical", timeout_graceful_shutdown=1)
        uvicorn.Server(config).run(sockets=[listener])


def _has_screen() -> bool:
    """Whether a person sits here: without a screen, `webbrowser` would start a text browser in the terminal."""
    screen = sys.platform in ("darwin", "win32") or "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ
    return screen and sys.stdout.isatty()


def app(assistant: Assistant, trace: Path | None = None) -> FastAPI:
    """The chat window as an ASGI application; each answer leaves a line in `trace`."""
    server = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    server.add_middleware(SecurityHeaders)
    return mount(server, Traced(assistant, trace) if trace else assistant)
