"""The chat window without a network: its whole stack as an ASGI application, and what a request gets from it."""

import asyncio
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from index.engine import Index
from rag.assistant import Assistant
from rag.config import RagSettings
from ui.web.app import Access, app
from ui.web.window import mount

HERE = "http://127.0.0.1:7860"
Made = TypeVar("Made")
PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")


class Reached:
    """Stands where Gradio would: answers everything, and remembers what came through."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            for _ in ("startup", "shutdown"):
                await send({"type": f"{(await receive())['type']}.complete"})
            return
        self.paths.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": b"the articles"})


def empty_assistant(folder: Path) -> Assistant:
    settings = RagSettings(data_dir=folder, embedding="static")
    return Assistant(Index(settings), settings)


def window(assistant: Assistant | Path, access: Access | None = None) -> ASGIApp:
    """The whole stack, over an assistant or over nothing in a folder."""
    made = empty_assistant(assistant) if isinstance(assistant, Path) else assistant
    return in_a_loop(lambda: app(made, access or Access()))


def in_a_loop(make: Callable[[], Made]) -> Made:
    """What is made while an event loop runs: outside of one, Gradio would make some and leave them open."""

    async def made() -> Made:
        return make()

    return asyncio.run(made())


def visit(served: ASGIApp, address: str = HERE) -> TestClient:
    """Asks as a browser at this address would; redirects are shown, not followed, and bugs are their 500."""
    machine = "198.51.100.7", 50_000
    return TestClient(served, address, raise_server_exceptions=False, follow_redirects=False, client=machine)


def mounted_routes(folder: Path) -> Iterator[tuple[str, str]]:
    """Method and path of every route that Gradio brings, with something in the place of each parameter."""
    server = in_a_loop(lambda: mount(FastAPI(docs_url=None, openapi_url=None), empty_assistant(folder)))
    for route in iter_route_contexts(server.routes[-1].app.routes):  # type: ignore[attr-defined]
        for method in route.methods or ():
            yield method, PARAMETER.sub("x", route.path or "")
