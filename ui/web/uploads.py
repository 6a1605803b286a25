"""Where uploaded files wait until they are indexed: in the data folder, few at once, for an hour at most."""

import shutil
import time
from contextlib import suppress
from pathlib import Path

from anyio import to_thread
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

PATH = "/gradio_api/upload"
AT_ONCE = 4
ROOM = 2_000_000_000  # bytes that may wait together
KEPT = 3600  # seconds
BUSY = PlainTextResponse("Others are uploading: try again in a moment.\n", 429, {"Retry-After": "5"})
CLOSED = PlainTextResponse("Nobody may add files here.\n", 403)
FULL = PlainTextResponse("Too much waits to be indexed: try again in an hour.\n", 507)


def folder_in(data_dir: Path) -> Path:
    """The folder of what comes in; what is kept for good lies elsewhere."""
    return (data_dir / "incoming").resolve()


class Uploads:
    """Answers for `inner` where an upload cannot be taken now, or never: where they are not `wanted`."""

    def __init__(self, inner: ASGIApp, folder: Path, *, wanted: bool = True) -> None:
        self._inner = inner
        self._folder = folder
        self._wanted = wanted
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("path") != PATH:
            await self._inner(scope, receive, send)
            return
        if not self._wanted:
            await CLOSED(scope, receive, send)
            return
        if self._running >= AT_ONCE:
            await BUSY(scope, receive, send)
            return
        self._running += 1
        try:
            room = await to_thread.run_sync(sweep, self._folder, KEPT) < ROOM
            await (self._inner if room else FULL)(scope, receive, send)
        finally:
            self._running -= 1


def sweep(folder: Path, older_than: float) -> int:
    """Delete what has waited for so many seconds; returns the bytes that stay. Others may delete meanwhile."""
    if not folder.is_dir():
        return 0
    for one in list(folder.iterdir()):
        with suppress(FileNotFoundError):
            if one.lstat().st_mtime <= time.time() - older_than:
                if one.is_dir() and not one.is_symlink():
                    shutil.rmtree(one, ignore_errors=True)
                else:
                    one.unlink()
    return sum(map(_size, folder.rglob("*")))


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except FileNotFoundError:
        return 0
