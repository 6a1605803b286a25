"""The chat window as a server: where it listens, what every response says, what is mounted."""

import os
import socket
import sys
import webbrowser
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from fastapi import FastAPI
from starlette.types import ASGIApp

from index.errors import FootnoteError
from rag.assistant import Assistant
from ui.passwords import Secret
from ui.web.address import Address
from ui.web.gate import Gate
from ui.web.security import OwnScripts, SecurityHeaders
from ui.web.signin import SignIn
from ui.web.uploads import Uploads, folder_in, sweep
from ui.web.window import Options, mount


@dataclass(frozen=True)
class Access:
    """By which address the window is reached, and who may come in: `None` means everybody.

    A `shared` one is reached by other machines, itself or through a proxy: where nobody signs in, nobody changes
    settings or library.
    """

    address: Address = field(default_factory=Address)
    people: Mapping[str, Secret] | None = None
    shared: bool = False


OPEN = Access()


def serve(
    assistant: Assistant,
    host: str = "127.0.0.1",
    port: int = 7860,
    access: Access = OPEN,
    trace: Path | None = None,
) -> None:
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
        url = (access.address.origin or f"http://{address}:{port}") + access.address.path
        print(f"Footnote is at {url} (Ctrl+C stops it)", flush=True)
        if access.shared and access.people is None:
            print(f"Whoever reaches {url} can read these articles: --auth FILE asks for a password.", file=sys.stderr)
        if _has_screen():
            webbrowser.open(url)  # the socket listens already: the page waits for the server
        # An open window keeps a connection: stopping must not wait for it, nor print the traceback of cutting it off.
        config = uvicorn.Config(
            app(assistant, access, trace),
            log_level="critical",
            timeout_graceful_shutdown=1,
            server_header=False,
        )
        try:
            uvicorn.Server(config).run(sockets=[listener])
        finally:
            sweep(folder_in(assistant.index.settings.data_dir), 0)


def is_shared(host: str) -> bool:
    """Whether other machines reach an address."""
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"


def _has_screen() -> bool:
    """Whether a person sits here: without a screen, `webbrowser` would start a text browser in the terminal."""
    screen = sys.platform in ("darwin", "win32") or "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ
    return screen and sys.stdout.isatty()


def app(assistant: Assistant, access: Access = OPEN, trace: Path | None = None) -> ASGIApp:
    """The chat window as an ASGI application: outermost the headers, then who may knock, then who may come in."""
    uploads = folder_in(assistant.index.settings.data_dir)
    os.environ["GRADIO_TEMP_DIR"] = str(uploads)  # Gradio asks for it whenever it keeps a file
    server = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    signed_in = access.people is not None
    options = Options(
        access.address.root,
        sign_out=f"{access.address.root}/signout" if signed_in else "",
        may_change=signed_in or not access.shared,
        trace=trace,
    )
    window = mount(server, assistant, options)
    inner: ASGIApp = Uploads(OwnScripts(window), uploads, wanted=options.may_change)
    if access.people is not None:
        inner = SignIn(inner, access.people, access.address)
    return SecurityHeaders(Gate(inner, access.address))
