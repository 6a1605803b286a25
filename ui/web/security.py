"""What the page may load and do, who may frame it and who may keep it, as headers on every response."""

import secrets

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def policy(scripts: str) -> str:
    """A Content-Security-Policy: nothing at all may come from or go to another host."""
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    )


HEADERS = {
    "Content-Security-Policy": policy("'none'"),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # the web pages of articles are not told where their readers come from
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), clipboard-read=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
}
LASTING = "/assets/"  # their names change with what is in them, and they are the same for everybody


class SecurityHeaders:
    """Adds `HEADERS` to every response; plain ASGI, since Starlette's own base class would buffer streams."""

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if LASTING in scope["path"] and message["status"] in (200, 304):
                    headers["Cache-Control"] = "private, max-age=31536000, immutable"
            await send(message)

        await self._inner(scope, receive, send_with_headers)


class OwnScripts:
    """Lets the scripts run that Gradio writes into its page, and no other: each page has a new nonce.

    Gradio makes its templates with `eval`, so that must stay allowed; what an article smuggles in as markup is none
    of its templates.
    """

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/":
            await self._inner(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        start: Message = {}
        page = bytearray()

        async def send_with_nonce(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            if message["type"] != "http.response.body":
                return
            page.extend(message.get("body", b""))
            if not message.get("more_body"):
                body = page.replace(b"<script", f'<script nonce="{nonce}"'.encode())
                headers = MutableHeaders(scope=start)
                headers["Content-Security-Policy"] = policy(f"'self' 'nonce-{nonce}' 'unsafe-eval'")
                if page:  # none after HEAD, where the length is what GET would have
                    headers["Content-Length"] = str(len(body))
                await send(start)
                await send({"type": "http.response.body", "body": bytes(body)})

        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        await self._inner({**scope, "headers": plain}, receive, send_with_nonce)
