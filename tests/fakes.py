"""Endpoints in a minute: `enqueue` what they shall say, `requests` is what they were asked."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2

from rag.records import Usage


@dataclass(frozen=True)
class PastTurn:
    """An earlier question; its answer's text where a test needs one."""

    question: str
    text: str = ""


@dataclass
class FakeEndpoint(httpx2.BaseTransport):
    """Answers each chat request with the next thing in the queue.

    A list of strings is streamed as they are (bytes are raw events), an int is an HTTP status, an exception is raised,
    and `silence` sends nothing until the test ends.
    """

    queue: list[object] = field(default_factory=list)
    requests: list[dict[str, object]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    usage: Usage | None = None
    finish_reason: str = "stop"

    def enqueue(self, *replies: object) -> "FakeEndpoint":
        self.queue.extend(replies)
        return self

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/models"):
            return httpx2.Response(200, json={"object": "list", "data": [{"id": "first-listed", "object": "model"}]})
        self.requests.append(json.loads(request.content))
        reply = self.queue.pop(0)
        if isinstance(reply, Exception):
            raise reply
        if isinstance(reply, int):
            return httpx2.Response(reply, text="<html>secret-key</html>")
        headers = {"content-type": "text/event-stream"}
        if reply == "silence":
            return httpx2.Response(200, headers=headers, stream=_Stream(self._wait()))
        assert isinstance(reply, Sequence)
        return httpx2.Response(200, headers=headers, stream=_Stream(self._events(reply)))

    def _wait(self) -> Iterator[bytes]:
        self.over.wait(timeout=30)
        yield b"data: [DONE]\n\n"

    def _events(self, pieces: Iterable[object]) -> Iterator[bytes]:
        for piece in pieces:
            if isinstance(piece, Exception):
                raise piece
            if isinstance(piece, bytes):
                yield b"data: " + piece + b"\n\n"
                continue
            if piece == "silence":
                yield from self._wait()
                return
            yield _event({"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]})
        if self.finish_reason:
            yield _event({"choices": [{"index": 0, "delta": {}, "finish_reason": self.finish_reason}]})
        if self.usage:
            counts = {"prompt_tokens": self.usage.prompt_tokens, "completion_tokens": self.usage.completion_tokens}
            yield _event({"choices": [], "usage": {**counts, "total_tokens": sum(counts.values())}})
        yield b"data: [DONE]\n\n"


class _Stream(httpx2.SyncByteStream):
    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        return self._chunks


def _event(fields: dict[str, object]) -> bytes:
    body = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "fake", **fields}
    return f"data: {json.dumps(body)}\n\n".encode()


def letters(text: str) -> list[float]:
    """A vector that tells texts apart: its length, and the letters it begins and ends with."""
    return [float(len(text)), float(ord(text[0])), float(ord(text[-1]))]


def embeddings(texts: Iterable[str]) -> dict[str, object]:
    """What an endpoint answers when all is well."""
    data = [{"object": "embedding", "index": place, "embedding": letters(text)} for place, text in enumerate(texts)]
    return {"object": "list", "data": data, "model": "fake", "usage": {"prompt_tokens": 1, "total_tokens": 1}}


@dataclass
class FakeEmbeddings(httpx2.BaseTransport):
    """Answers each request for embeddings with the next thing in the queue, and rightly when that is empty.

    An int is an HTTP status, an exception is raised, a dictionary is JSON, a string is HTML, a response is itself, and
    a function is given the texts and returns one of these.
    """

    queue: list[object] = field(default_factory=list)
    requests: list[list[str]] = field(default_factory=list)
    bodies: list[dict[str, object]] = field(default_factory=list)
    default: Callable[[list[str]], object] = field(default=embeddings)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def enqueue(self, *replies: object) -> "FakeEmbeddings":
        self.queue.extend(replies)
        return self

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        body = json.loads(request.content)
        texts: list[str] = body["input"]
        with self.lock:
            self.bodies.append(body)
            self.requests.append(texts)
            reply = self.queue.pop(0) if self.queue else self.default
        if callable(reply):
            reply = reply(texts)
        return _response(reply)


def _response(reply: object) -> httpx2.Response:
    if isinstance(reply, Exception):
        raise reply
    if isinstance(reply, httpx2.Response):
        return reply
    if isinstance(reply, int):
        return httpx2.Response(reply, text="<html>secret-key</html>")
    if isinstance(reply, str):
        return httpx2.Response(200, text=reply, headers={"content-type": "text/html"})
    return httpx2.Response(200, json=reply)


@dataclass
class FakeRerank(httpx2.BaseTransport):
    """Gives each document the number of the query's words in it, unless the queue has something else.

    An int is an HTTP status, an exception is raised, a dictionary is JSON, a string is HTML, a response is itself, and
    `silence` says nothing until the test ends. `requests` are the bodies, `asked` the requests.
    """

    queue: list[object] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    asked: list[httpx2.Request] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def enqueue(self, *replies: object) -> "FakeRerank":
        self.queue.extend(replies)
        return self

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        body = json.loads(request.content)
        self.requests.append(body)
        self.asked.append(request)
        reply = self.queue.pop(0) if self.queue else ranked(body["query"], body["documents"], body["top_n"])
        if reply == "silence":
            self.over.wait(timeout=30)
        return _response(reply)


def ranked(query: str, documents: Sequence[str], top: int) -> dict[str, object]:
    """What a rerank endpoint answers when all is well."""
    words = set(query.lower().split())
    results = [
        {"index": place, "relevance_score": -10.0 + len(words & set(text.lower().split()))}
        for place, text in enumerate(documents)
    ]
    return {"model": "fake", "results": sorted(results, key=lambda one: -one["relevance_score"])[:top]}
