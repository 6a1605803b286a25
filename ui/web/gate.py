"""Who may knock: requests for another host's name and from other sites' pages go no further, nor do unknown paths.

Plain ASGI, since Starlette's own base class for middleware would buffer streams.
"""

import re
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.web.address import Address
from ui.web.limits import call_within

MEGABYTE = 1_000_000
UPLOAD_LIMIT = 200 * MEGABYTE  # of one upload, which may hold several files
MISLEADING = b"x-forwarded-host", b"x-gradio-server"  # headers by which anybody could tell Gradio another address


@dataclass(frozen=True)
class Route:
    """A path that somebody may ask for, and the bytes that may be sent to it."""

    method: str
    path: re.Pattern[str]
    limit: int = 0


FILE = r"(/(?!\.)[\w@.-]+)+"  # no name that begins with a dot
ROUTES = [
    Route(method, re.compile(path, re.ASCII), limit)
    for method, path, limit in (
        ("GET", "/", 0),
        ("GET", "/signin", 0),
        ("POST", "/signin", 10_000),
        ("GET", "/signout", 0),
        ("POST", "/signout", 1_000),
        ("GET", "/config", 0),  # read again when the connection comes back
        ("GET", f"/assets{FILE}", 0),
        ("GET", f"/static/(js|img|fonts){FILE}", 0),
        ("GET", "/theme.css", 0),
        ("GET", "/favicon.ico", 0),
        ("GET", "/gradio_api/startup-events", 0),
        ("GET", r"/gradio_api/heartbeat/\w+", 0),
        ("GET", "/gradio_api/queue/data", 0),
        ("POST", "/gradio_api/queue/join", 10 * MEGABYTE),
        ("POST", "/gradio_api/run/predict", 10 * MEGABYTE),
        ("POST", "/gradio_api/cancel", 1_000),
        ("POST", "/gradio_api/reset", 1_000),
        ("POST", "/gradio_api/upload", UPLOAD_LIMIT),
        ("GET", "/gradio_api/upload_progress", 0),
    )
]


class Gate:
    """Lets through what the window itself asks for, with the path that a proxy put in front taken off."""

    def __init__(self, inner: ASGIApp, address: Address) -> None:
        self._inner = inner
        self._address = address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._inner(scope, receive, send)
        elif scope["type"] == "websocket":  # the window has none
            await send({"type": "websocket.close", "code": 1008})
        elif refusal := self._refuse(scope):
            await refusal(scope, receive, send)
        else:
            await self._let_in(scope, receive, send)

    def _refuse(self, scope: Scope) -> ASGIApp | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._address.has_name(hosts[0]):
            hint = "If this name is yours, start Footnote with it: footnote chat --root-path http://NAME"
            return PlainTextResponse(f"Footnote is not served under this name. {hint}\n", 421)
        if self._is_foreign(headers, hosts[0]):
            return PlainTextResponse("Other sites' pages may not ask here.\n", 403)
        return None

    def _is_foreign(self, headers: Headers, host: str) -> bool:
        """Whether a page of another site asks; a link on one may still lead here."""
        origins = headers.getlist("origin")
        if origins:
            return len(origins) > 1 or not self._address.is_own(origins[0], host)
        elsewhere = headers.get("sec-fetch-site") in ("cross-site", "same-site")
        return elsewhere and headers.get("sec-fetch-mode") != "navigate"

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, prefix = scope["path"], self._address.path
        if prefix and path == prefix:
            await RedirectResponse(f"{prefix}/")(scope, receive, send)
            return
        if path.startswith(f"{prefix}/"):
            path = path.removeprefix(prefix)
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        route = next((one for one in ROUTES if one.method == method and one.path.fullmatch(path)), None)
        if route is None:
            await PlainTextResponse("There is nothing here.\n", 404)(scope, receive, send)
            return
        known = [(name, value) for name, value in scope["headers"] if name not in MISLEADING]
        inner_scope = {**scope, "path": path, "raw_path": path.encode(), "root_path": "", "headers": known}
        await call_within(route.limit, self._inner, inner_scope, receive, send)
