"""A chat endpoint on a loopback port, in a process of its own, that writes at the pace that its model's name states."""

import json
import re
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection

NUMBERED = re.compile(r"^(\[\d+\]) (.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Pace:
    """Milliseconds until the first token and between two, and how many tokens (words here) an answer has at least."""

    first: float
    each: float
    tokens: int

    @property
    def model(self) -> str:
        """The name of the model that writes so."""
        return f"paced:{self.first:g}:{self.each:g}:{self.tokens}"


def pace_of(model: str) -> Pace:
    """The pace that a model's name states."""
    _, first, each, tokens = model.split(":")
    return Pace(float(first), float(each), int(tokens))


def reply(prompt: str, least: int) -> list[str]:
    """An answer in tokens: it names the question, counts its sentences, and copies them with their numbers.

    Which they are hangs on the question, so that no two answers are alike; a prompt without sentences is echoed.
    """
    question = prompt.rpartition("Question: ")[2].strip()
    numbered = NUMBERED.findall(prompt)
    if not numbered:
        return re.findall(r"\s*\S+", question.rpartition("\n")[2])
    start = zlib.crc32(question.encode()) % len(numbered)
    chosen: list[str] = []
    for number, text in islice(cycle(numbered), start, start + len(numbered)):
        chosen.append(f"{text} {number}")
        if sum(len(one.split()) for one in chosen) >= least:
            break
    return re.findall(r"\s*\S+", "\n".join([heading(question, len(chosen)), *chosen]))


def heading(question: str, sentences: int) -> str:
    """The first line of the answer to a question."""
    return f"{question} Here are {sentences} sentences."


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        pace = pace_of(body["model"])
        tokens = reply(body["messages"][-1]["content"], pace.tokens)
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        began = time.perf_counter()
        try:
            for place, token in enumerate(tokens):
                due = began + (pace.first + place * pace.each) / 1000
                time.sleep(max(0.0, due - time.perf_counter()))
                self._send({"delta": {"content": token}, "finish_reason": None})
            self._send({"delta": {}, "finish_reason": "stop"})
            self._write(b"data: [DONE]\n\n")
            self._write(b"")
        except ConnectionError:  # the client has left
            self.close_connection = True

    def _send(self, choice: dict[str, object]) -> None:
        head = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "paced"}
        self._write(f"data: {json.dumps({**head, 'choices': [{'index': 0, **choice}]})}\n\n".encode())

    def _write(self, event: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


class _Server(ThreadingHTTPServer):
    request_queue_size = 128  # all conversations may connect at once

    def handle_error(self, *_: object) -> None:
        """A client that has left is none."""


def _serve(told: Connection) -> None:
    server = _Server(("127.0.0.1", 0), _Handler)
    told.send(server.server_address[1])
    server.serve_forever()


@contextmanager
def paced_server() -> Iterator[str]:
    """The address of a running server."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}/v1"
    finally:
        process.terminate()
        process.join()
