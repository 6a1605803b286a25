"""Who may come in: people of the passwords file, after a sign-in page; without it nothing behind is reached at all.

Sessions are kept in memory: signing out ends one for good, and a restart ends all.
"""

import hashlib
import secrets
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files
from ipaddress import IPv6Address, ip_address, ip_network
from string import Template
from urllib.parse import parse_qs

from anyio import CapacityLimiter, to_thread
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.passwords import Secret, may_enter
from ui.web.address import Address

COOKIE = "footnote_session"
SESSION_LASTS = 12 * 3600  # seconds without a request
TRIES, TRIES_WITHIN = 5, 60  # wrong passwords from one place, and seconds
PLACES_REMEMBERED = 10_000
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
PAGE = Template(files("ui.web").joinpath("signin.html").read_text("utf-8"))
FORM = """<p class="{kind}" {role}>{message}</p>
  <form method="post" action="signin">
    <label>Name <input name="name" autocomplete="username" autocapitalize="none" required autofocus></label>
    <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
    <button>Sign in</button>
  </form>"""
SIGN_OUT = '<p>{name}, sign out?</p><form method="post" action="signout"><button>Sign out</button></form>'


class Sessions:
    """Token → name, until `SESSION_LASTS` seconds have passed without a request. Only the tokens' hashes are kept."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._open: dict[bytes, tuple[str, float]] = {}

    def begin(self, name: str) -> str:
        """A new token; forgets the sessions that are over."""
        now = self._clock()
        self._open = {token: kept for token, kept in self._open.items() if kept[1] > now}
        token = secrets.token_urlsafe(32)
        self._open[_digest(token)] = name, now + SESSION_LASTS
        return token

    def name(self, token: str) -> str | None:
        """Whose session it is; using it prolongs it."""
        name, until = self._open.get(_digest(token), ("", 0.0))
        if until <= self._clock():
            return None
        self._open[_digest(token)] = name, self._clock() + SESSION_LASTS
        return name

    def end(self, token: str) -> None:
        """Signed out."""
        self._open.pop(_digest(token), None)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


class Tries:
    """How often somebody failed lately. A try counts before it is looked at, so that many at once gain nothing."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._times: dict[str, deque[float]] = {}

    def allow(self, place: str) -> bool:
        """Count one more try, unless there were too many."""
        now = self._clock()
        if len(self._times) > PLACES_REMEMBERED:
            self._times = {one: times for one, times in self._times.items() if times[-1] > now - TRIES_WITHIN}
        times = self._times.setdefault(place, deque(maxlen=TRIES))
        if len(times) == TRIES and times[0] > now - TRIES_WITHIN:
            return False
        times.append(now)
        return True

    def forget(self, place: str) -> None:
        """The right password came."""
        self._times.pop(place, None)


@dataclass
class SignIn:
    """In front of everything that only signed-in people may reach."""

    inner: ASGIApp
    people: Mapping[str, Secret]
    address: Address
    clock: Callable[[], float] = time.monotonic
    one_at_a_time: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(1))  # each check takes its memory

    def __post_init__(self) -> None:
        self.sessions, self.tries = Sessions(self.clock), Tries(self.clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        token = HTTPConnection(scope).cookies.get(COOKIE, "")
        name = self.sessions.name(token)
        if scope["path"] == "/signin":
            response = await self._sign_in(Request(scope, receive))
        elif scope["path"] == "/signout" and name:
            response = self._sign_out(scope["method"], token, name)
        elif name:
            await self.inner(scope, receive, send)
            return
        elif scope["path"] in ("/", "/signout"):
            response = self._go("/signin")
        else:
            response = PlainTextResponse("Sign in first.\n", 401)
        await response(scope, receive, send)

    async def _sign_in(self, request: Request) -> Response:
        if request.method != "POST":
            return _form()
        fields = parse_qs((await request.body()).decode(errors="replace"))  # as long as the gate lets in, 10 kB
        name, password = (fields.get(field, [""])[0] for field in ("name", "password"))
        place = _place(request)
        if not self.tries.allow(place):
            return _form(f"Too many tries. Wait {TRIES_WITHIN} seconds.", 429)
        if not await to_thread.run_sync(may_enter, self.people, name, password, limiter=self.one_at_a_time):
            return _form("This name and this password do not go together.", 403)
        self.tries.forget(place)
        response = self._go("/")
        secure = self.address.origin.startswith("https") or request.url.scheme == "https"
        path = self.address.path or "/"
        response.set_cookie(COOKIE, self.sessions.begin(name), path=path, secure=secure, httponly=True, samesite="lax")
        return response

    def _sign_out(self, method: str, token: str, name: str) -> Response:
        if method != "POST":
            return _page("Sign out", SIGN_OUT.format(name=escape(name)))
        self.sessions.end(token)
        response = self._go("/signin")
        response.delete_cookie(COOKIE, path=self.address.path or "/", httponly=True, samesite="lax")
        return response

    def _go(self, path: str) -> Response:
        return RedirectResponse(self.address.path + path, 303)


def _place(request: Request) -> str:
    """Where a try comes from: an address, or the network that one household has of the long ones."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else host


def _form(message: str = "", status: int = 200) -> Response:
    kind, role = ("wrong", 'role="alert"') if message else ("", "")
    return _page("Sign in", FORM.format(kind=kind, role=role, message=message or "Sign in to ask."), status)


def _page(title: str, body: str, status: int = 200) -> Response:
    return HTMLResponse(PAGE.substitute(title=title, body=body), status, {"Content-Security-Policy": POLICY})
