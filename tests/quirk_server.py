"""A chat endpoint on a loopback port that misbehaves on purpose: one address for each scene of `quirks.py`."""

import asyncio
import json
import re
import socket
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse, StreamingResponse

NUMBERED = re.compile(r"^\[(\d+)\] (.*)$", re.MULTILINE)
CITED = "US drones and fighter jets have carried out 36 strikes over Sirte since August 1"
SSE = "text/event-stream"
CHARACTERS_A_TOKEN = 4
MODEL = "tiny"
DIMENSION = 8

Reply = Callable[[str], str]
Act = Callable[["Visit"], Response]


def cite(prompt: str) -> str:
    """What a model says that follows its instructions: one true sentence with its number, for the strikes question."""
    numbered = NUMBERED.findall(prompt)
    numbers = [number for number, text in numbered if text.startswith("US drones and fighter jets")]
    if numbers:
        return f"{CITED} [{numbers[0]}]."
    return "{1} [{0}]".format(*numbered[-1]) if numbered else "Pong."


def count(text: str) -> int:
    """Tokens, about."""
    return len(text) // CHARACTERS_A_TOKEN


@dataclass(frozen=True)
class Scene:
    """One way to misbehave, the public thread that tells of it, and what its addresses do."""

    name: str
    thread: str
    chat: Act
    models: Act


@dataclass(frozen=True)
class Visit:
    """One request to a scene; `number` counts its chat requests from 1."""

    scene: str
    path: str
    body: dict[str, Any]
    headers: dict[str, str]
    number: int
    server: "QuirkServer"

    @property
    def prompt(self) -> str:
        return "\n".join(str(message["content"]) for message in self.body.get("messages", []))

    def has(self, role: str) -> bool:
        return any(message["role"] == role for message in self.body.get("messages", []))

    def answer(self, text: str | None = None, *, prompt: str | None = None) -> Response:
        """A flawless answer: whole or streamed, as asked for, with counts that are true for `prompt`."""
        prompt = self.prompt if prompt is None else prompt
        text = self.server.reply(prompt) if text is None else text
        if not self.body.get("stream"):
            return JSONResponse(self.whole(text, prompt))
        chunks = [self.chunk(piece) for piece in pieces_of(text)]
        chunks.append(self.chunk(finish="stop"))
        if (self.body.get("stream_options") or {}).get("include_usage"):
            chunks.append({**self.chunk(), "choices": [], "usage": self.usage(prompt, text)})
        return self.stream([event(chunk) for chunk in chunks] + [DONE])

    def whole(self, text: str | None, prompt: str = "", finish: str = "stop", **message: object) -> dict[str, Any]:
        choice = {"index": 0, "message": {"role": "assistant", "content": text, **message}, "finish_reason": finish}
        return {**self._head("chat.completion"), "choices": [choice], "usage": self.usage(prompt, text or "")}

    def chunk(self, text: str | None = "", finish: str | None = None, **delta: object) -> dict[str, Any]:
        """One chunk of a stream; `delta` is what it brings beside text."""
        choice = {"index": 0, "delta": {"content": text, **delta}, "finish_reason": finish}
        return {**self._head("chat.completion.chunk"), "choices": [choice]}

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": "1", "object": kind, "created": 0, "model": self.body.get("model", MODEL)}

    def usage(self, prompt: str, text: str) -> dict[str, int]:
        return {
            "prompt_tokens": count(prompt),
            "completion_tokens": count(text),
            "total_tokens": count(prompt) + count(text),
        }

    def stream(
        self, chunks: Sequence[bytes], *, media_type: str = SSE, then: str = "end", again: bool = False
    ) -> Response:
        """Sends the chunks, for ever with `again`. `then`: "end", "silence" until the client leaves, or "cut"."""

        async def send() -> AsyncIterator[bytes]:
            try:
                while True:
                    for chunk in chunks:
                        yield chunk
                        await asyncio.sleep(0)
                    if not again:
                        break
                if then == "silence":
                    await asyncio.Event().wait()
                if then == "cut":
                    raise ConnectionResetError
            except asyncio.CancelledError:
                self.server.left(self.scene)
                raise

        return StreamingResponse(send(), media_type=media_type)

    def refuse(self, status: int, message: str, headers: dict[str, str] | None = None, **more: object) -> Response:
        """An error in OpenAI's form. It repeats the key, as some gateways do: nobody must show that."""
        said = f"{message} (key: {self.headers.get('authorization', '')})"
        return JSONResponse({"error": {"message": said, "code": status, **more}}, status, headers)


DONE = b"data: [DONE]\n\n"


def event(chunk: object) -> bytes:
    return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n".encode()


def pieces_of(text: str, length: int = 9) -> list[str]:
    return [text[start : start + length] for start in range(0, len(text), length)]


def list_models(_: Visit) -> Response:
    return JSONResponse({"object": "list", "data": [{"id": MODEL, "object": "model"}]})


@dataclass
class QuirkServer:
    """Serves every scene below its name: `with QuirkServer(scenes) as server: server.url("no-models")`.

    `reply` is the model: from the prompt, as far as the scene lets it through, to the answer's text. `visits` are the
    requests for a chat, `deserted` the scenes whose client has left before the end.
    """

    scenes: dict[str, Scene]
    reply: Reply = cite
    certificate: tuple[Path, Path] | None = None
    visits: list[Visit] = field(default_factory=list)
    deserted: dict[str, threading.Event] = field(default_factory=dict)
    port: int = 0

    def url(self, scene: str, path: str = "/v1") -> str:
        return f"{'https' if self.certificate else 'http'}://127.0.0.1:{self.port}/{scene}{path}"

    def asked(self, scene: str) -> list[Visit]:
        return [visit for visit in self.visits if visit.scene == scene]

    def left(self, scene: str) -> None:
        self.deserted.setdefault(scene, threading.Event()).set()

    def saw_client_leave(self, scene: str, timeout: float = 5.0) -> bool:
        return self.deserted.setdefault(scene, threading.Event()).wait(timeout)

    def __enter__(self) -> "QuirkServer":
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        files = dict(zip(("ssl_certfile", "ssl_keyfile"), self.certificate or (), strict=False))
        config = uvicorn.Config(
            self._app(), log_config=None, log_level="critical", lifespan="off", timeout_graceful_shutdown=1, **files
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listener],), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(timeout=10)

    def _app(self) -> FastAPI:
        app = FastAPI(openapi_url=None)

        @app.api_route("/{scene}/{path:path}", methods=["GET", "POST"])
        async def visit(scene: str, path: str, request: Request) -> Response:
            body = await request.body()
            asked = json.loads(body) if body else {}
            number = len(self.asked(scene)) + 1
            visit = Visit(scene, path, asked, dict(request.headers), number, self)
            if scene not in self.scenes:
                return NOT_FOUND
            if path == "v1/chat/completions":
                self.visits.append(visit)
                return self.scenes[scene].chat(visit)
            if path == "v1/models":
                return self.scenes[scene].models(visit)
            return _embed(asked) if path == "v1/embeddings" else NOT_FOUND

        return app


NOT_FOUND = PlainTextResponse("404 page not found", 404)  # Ollama's


def _embed(body: dict[str, Any]) -> Response:
    texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
    vectors = [[float(len(text) % (place + 2)) + 0.5 for place in range(DIMENSION)] for text in texts]
    data = [{"object": "embedding", "index": index, "embedding": vector} for index, vector in enumerate(vectors)]
    return JSONResponse({"object": "list", "model": body.get("model", MODEL), "data": data})
