"""A chat endpoint that follows a script: what a model says, how it arrives and how it ends. No network."""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import cycle, repeat

import httpx2

NUMBERED = re.compile(r"^\[(\d+)\] (.*)$", re.MULTILINE)
PLACEHOLDER = re.compile(r"\{quote: ([^{}]+)\}")
FOR_EVER = "never"  # the finish reason of a model that does not end


class ScriptedEndpoint(httpx2.BaseTransport):
    """Sends one reply, whatever is asked, and `rewritten` where no articles are given: then the question is wanted.

    "{quote: As of Wednesday}" in the reply is the number of the sentence that begins so; `lacking` are the beginnings
    that no sentence of the prompt had.
    """

    def __init__(self, reply: str, pieces: Sequence[int], finish_reason: str, rewritten: str) -> None:
        """`pieces` are the lengths of the stream's chunks in characters, in turn; none sends all in one."""
        self._reply, self._pieces, self._finish_reason, self._rewritten = reply, pieces, finish_reason, rewritten
        self.lacking: list[str] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """The stream of events that a chat endpoint answers with."""
        prompt = json.loads(request.content)["messages"][-1]["content"]
        answers = prompt.startswith("<articles>")
        events = self._answer(self._resolve(prompt)) if answers else _events([self._rewritten], "stop")
        return httpx2.Response(200, headers={"content-type": "text/event-stream"}, stream=_Stream(events))

    def _resolve(self, prompt: str) -> str:
        """The reply with the numbers that the prompt gives to the sentences it names."""
        sentences = NUMBERED.findall(prompt)

        def number(match: re.Match[str]) -> str:
            found = next((number for number, text in sentences if text.startswith(match[1])), "")
            self.lacking += [] if found else [match[1]]
            return found

        return PLACEHOLDER.sub(number, self._reply)

    def _answer(self, reply: str) -> Iterator[bytes]:
        if self._finish_reason == FOR_EVER:
            return _events(repeat(reply), "")
        return _events(_cut(reply, self._pieces), self._finish_reason)


class _Stream(httpx2.SyncByteStream):
    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        return self._chunks


def _cut(text: str, lengths: Sequence[int]) -> Iterator[str]:
    position = 0
    for length in cycle(lengths or [len(text) or 1]):
        if position >= len(text):
            return
        yield text[position : position + length]
        position += length


def _events(pieces: "Iterator[str] | Sequence[str]", finish_reason: str) -> Iterator[bytes]:
    for piece in pieces:
        yield _event({"delta": {"content": piece}, "finish_reason": None})
    if finish_reason:
        yield _event({"delta": {}, "finish_reason": finish_reason})
    yield b"data: [DONE]\n\n"


def _event(choice: dict[str, object]) -> bytes:
    body = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "scripted"}
    return f"data: {json.dumps({**body, 'choices': [{'index': 0, **choice}]})}\n\n".encode()
