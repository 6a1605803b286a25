"""A web site in a thread: `pages` is what it answers, `requests` is what it was asked."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpcore

Handler = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Reply:
    """What one address answers. `status` 0 closes the connection without a word."""

    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class FakeSite:
    """Scripted pages by path: a `Reply`, a list of them (one for each request, the last one stays), or a function."""

    pages: dict[str, Reply | list[Reply] | Handler] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def asked(self) -> list[str]:
        return [path for path, _ in self.requests]

    def __enter__(self) -> "FakeSite":
        site = self

        class _Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        class _Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """Clients that leave early are what some tests are about."""

        self._server = _Server(("127.0.0.1", 0), _Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.requests.append((handler.path, {name.lower(): value for name, value in handler.headers.items()}))
        reply = self.pages.get(handler.path, Reply(status=404))
        if isinstance(reply, list):
            reply = reply.pop(0) if len(reply) > 1 else reply[0]
        if not isinstance(reply, Reply):
            handler.close_connection = True
            reply(handler)
            return
        if not reply.status:
            handler.close_connection = True
            return
        handler.send_response(reply.status)
        if reply.content_type:
            handler.send_header("Content-Type", reply.content_type)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        if reply.status != 304:
            handler.send_header("Content-Length", str(len(reply.body)))
        handler.end_headers()
        if reply.status != 304:
            handler.wfile.write(reply.body)


@dataclass
class Internet(httpcore.NetworkBackend):
    """Every address of the world is this machine; `visited` are those that were connected to.

    `tls` stands in for the handshake of https; without one it is real.
    """

    visited: list[str] = field(default_factory=list)
    tls: Callable[[httpcore.NetworkStream], httpcore.NetworkStream] | None = None

    def connect_tcp(self, host: str, port: int, *args: Any, **options: Any) -> httpcore.NetworkStream:
        self.visited.append(host)
        stream = httpcore.SyncBackend().connect_tcp("127.0.0.1", port, *args, **options)
        if tls := self.tls:
            stream.start_tls = lambda *_, **__: tls(stream)  # type: ignore[method-assign]
        return stream
