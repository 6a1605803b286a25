"""What a chat endpoint is sent and what it sends back, in every form that endpoints give it. Pure."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from index.address import has_version
from index.failure import Failure, refuses_key
from rag.records import Usage

Chat = Sequence[Mapping[str, str]]

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
LONGEST = 4_000_000  # bytes of one line or document; what is longer is no answer
OTHER_FIELD = re.compile(rb"(?::|(?:event|id|retry)\b)")
# What a refusal names, by the part of the request that it is about.
REFUSED = {
    "counts": re.compile(r"stream_options|include_usage", re.IGNORECASE),
    "limit": re.compile(r"max_tokens|max_completion_tokens", re.IGNORECASE),
    "temperature": re.compile(r"temperature", re.IGNORECASE),
    "system": re.compile(r"\bsystem\b|\broles?\b", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Dialect:
    """The parts of the protocol that an endpoint takes; `path` is what its address lacks."""

    path: str = ""
    counts: bool = True
    system: bool = True
    temperature: bool = True
    limit: str = "max_tokens"

    def request(self, model: str, chat: Chat, temperature: float, answer_tokens: int) -> dict[str, Any]:
        """The request's body."""
        body: dict[str, Any] = {
            "model": model,
            "messages": list(chat) if self.system else _folded(chat),
            self.limit: answer_tokens,
            "stream": True,
        }
        body |= {"temperature": temperature} if self.temperature else {}
        return body | ({"stream_options": {"include_usage": True}} if self.counts else {})

    def adapted(self, failure: Failure, address: str) -> "Dialect | None":
        """How to say it after this failure; None where nothing else is left to try.

        What the refusal names is changed; one that names nothing gets the plainest request there is.
        """
        if failure.status in (404, 405):
            lacks = not self.path and address and not has_version(address)
            return replace(self, path="/v1") if lacks else None
        if failure.status not in (400, 422, 500) or failure.overflow or refuses_key(failure.status, failure.said):
            return None
        for name, words in REFUSED.items():
            if getattr(self, name) != getattr(PLAINEST, name) and words.search(failure.said):
                return replace(self, **{name: getattr(PLAINEST, name)})
        plainest = replace(PLAINEST, path=self.path, limit=self.limit)
        return plainest if failure.status != 500 and plainest != self else None


PLAINEST = Dialect(counts=False, system=False, temperature=False, limit="max_completion_tokens")


def _folded(chat: Chat) -> list[Mapping[str, str]]:
    """The same without a system message: what it says leads the first message of the person."""
    told = "\n\n".join(message["content"] for message in chat if message["role"] == "system")
    rest = [message for message in chat if message["role"] != "system"]
    return [{**rest[0], "content": f"{told}\n\n{rest[0]['content']}"}, *rest[1:]] if told and rest else list(chat)


@dataclass(frozen=True, slots=True)
class Piece:
    """What one part of an answer brought; `alive` is False where it brought nothing, reasoning (`thought`) included."""

    text: str = ""
    usage: Usage | None = None
    finish_reason: str = ""
    thought: bool = False
    alive: bool = False


def payloads(received: Iterable[bytes]) -> Iterator[Any]:
    """The JSON of each event of a stream, or of a body that is one JSON document by itself.

    Raises:
        ValueError: it is neither.
    """
    document: list[bytes] = []
    size, events = 0, False
    for line in _lines(received):
        if line.startswith(b"data:"):
            data = line.removeprefix(b"data:").strip()
            if data == b"[DONE]":
                return
            if data:
                events = True
                yield json.loads(data.decode("utf-8", "replace"))
        elif not events and line.strip() and not OTHER_FIELD.match(line):
            document.append(line)
            size += len(line)
            if size > LONGEST:
                raise ValueError("a document that does not end")
    if document and not events:
        yield json.loads(b"\n".join(document).decode("utf-8", "replace"))


def _lines(received: Iterable[bytes]) -> Iterator[bytes]:
    begun: list[bytes] = []
    size = 0
    for part in received:
        first, *others = part.split(b"\n")
        begun.append(first)
        size += len(first)
        for following in others:
            yield b"".join(begun).removeprefix(BYTE_ORDER_MARK).rstrip(b"\r")
            begun, size = [following], len(following)
        if size > LONGEST:
            raise ValueError("a line that does not end")
    yield b"".join(begun).removeprefix(BYTE_ORDER_MARK)


def read(payload: Any) -> Piece:
    """The text and the counts of a chunk or of a whole answer, whatever shape it has; what is not text is none.

    Raises:
        Failure: it is an error, sent where an answer should be.
    """
    if not isinstance(payload, dict):
        return Piece()
    if payload.get("error") or payload.get("object") == "error":
        raise _failure(payload)
    text = reason = ""
    thought = False
    choices = payload.get("choices")
    for choice in choices if isinstance(choices, list) else ():
        if not isinstance(choice, dict):
            continue
        said = choice.get("delta") or choice.get("message")
        said = said if isinstance(said, dict) else {}
        content = said.get("content")
        if isinstance(content, str):
            text += content.encode("utf-8", "replace").decode("utf-8")  # half of a split character
        thought = thought or any(said.get(name) for name in ("reasoning", "reasoning_content"))
        reason = str(choice.get("finish_reason") or reason)
    usage = _usage(payload.get("usage"))
    return Piece(text, usage, reason, thought, alive=bool(text or usage or reason or thought))


def _usage(counted: Any) -> Usage | None:
    counts = counted if isinstance(counted, dict) else {}
    prompt, completion = counts.get("prompt_tokens"), counts.get("completion_tokens")
    return Usage(prompt, completion) if isinstance(prompt, int) and isinstance(completion, int) else None


def _failure(payload: dict[str, Any]) -> Failure:
    error = payload.get("error")
    code = str((error if isinstance(error, dict) else payload).get("code"))  # a number, digits, or a name
    return Failure("status", int(code) if re.fullmatch("[1-5][0-9]{2}", code) else 500, json.dumps(payload))
