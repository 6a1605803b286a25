"""A limit on what is sent, enforced while it comes: nothing over it is read, whatever the headers promised."""

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOO_LARGE = PlainTextResponse("This is more than may be sent at once.\n", 413, {"Connection": "close"})


async def call_within(limit: int, inner: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Call `inner`, or answer 413 once the body has more than `limit` bytes; `inner` then sees a lost connection."""
    if int(Headers(scope=scope).get("content-length") or 0) > limit:
        await TOO_LARGE(scope, receive, send)
        return
    came, refused, answered = 0, False, False

    async def receive_counted() -> Message:
        nonlocal came, refused
        message = {"type": "http.disconnect"} if refused else await receive()
        came += len(message.get("body", b""))
        if came > limit and not refused:
            refused = True
            if not answered:
                await TOO_LARGE(scope, receive, send)
            return {"type": "http.disconnect"}
        return message

    async def send_once(message: Message) -> None:
        nonlocal answered
        answered = True
        if not refused:
            await send(message)

    try:
        await inner(scope, receive_counted, send_once)
    except ClientDisconnect:
        if not refused:
            raise
