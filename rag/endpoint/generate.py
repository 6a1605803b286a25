"""The writer that is a language model, behind any endpoint that speaks OpenAI's protocol, or most of it."""

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import EndpointError
from index.failure import Failure, refuses_key, until_next
from index.tokens import count_tokens
from rag.config import RagSettings
from rag.endpoint.connect import Connector, Line, proxied
from rag.endpoint.patience import NotThisTime, in_time
from rag.endpoint.profile import first_dialect, load, prompt_budget, reply_budget
from rag.endpoint.wire import Chat, Dialect, Piece, read
from rag.prompt import Task, messages
from rag.records import Usage

if TYPE_CHECKING:
    import httpx2

ANY_MODEL = "default"  # for servers that have one model and list none
ATTEMPTS = 3  # for what may pass
FIRST_WAIT = 0.5  # seconds before the second attempt, about; each further one waits twice as long
LONGEST_WAIT = 10.0  # seconds, also where the endpoint asks for more
LEAST_PROMPT = 200  # tokens
# Tokenizers differ by less than this: where fewer were counted, some of the prompt was not read.
READ_AT_LEAST = 0.5
HINTS = {
    "certificate": "SSL_CERT_FILE names the file of one that is.",
    "timeout": "Is it running, and is the address right?",
    "cut": "Its own log says why.",
    "unreadable": "Does OPENAI_BASE_URL name a chat endpoint, with /v1 at its end?",
}


class WindowExceeded(NotThisTime):
    """The prompt is longer than the model's window."""


@dataclass(slots=True)
class Report:
    """What the endpoint said about its own answer, empty where it says nothing.

    `thought` says that it sent reasoning beside the text, `sent` how many tokens the prompt has, about.
    """

    usage: Usage | None = None
    finish_reason: str = ""
    thought: bool = False
    sent: int = 0

    @property
    def cut_off(self) -> bool:
        """Whether the text ends where a limit was, not where the model meant it to."""
        return self.finish_reason == "length"

    def notice(self, name: str) -> str:
        """What of it a person should know, in one line."""
        if self.cut_off:
            return f"{name} stopped at its limit: the answer is cut off. FOOTNOTE_ANSWER_TOKENS sets the limit."
        if self.usage and 0 < self.usage.prompt_tokens < READ_AT_LEAST * self.sent:
            counted = f"{name} counted {self.usage.prompt_tokens:,} tokens in a prompt of about {self.sent:,}"
            return f"{counted}: it may not have read all. Give it a larger window, or set FOOTNOTE_PROMPT_TOKENS lower."
        return "" if self.finish_reason else f"{name} broke off without an end: the answer may be incomplete."


class LanguageModelWriter:
    """Streams an answer from a chat endpoint.

    What it has learnt about the endpoint it keeps for its next requests: the parts of the protocol that it refuses,
    and in `prompt_tokens` how long a prompt it takes.

    Raises:
        EndpointError: it is down, too slow, refuses, or breaks off; one line says which and what to do.
        NotThisTime: of these, what another request need not meet.
        WindowExceeded: the prompt is too long for it.
    """

    def __init__(self, settings: RagSettings, transport: "httpx2.BaseTransport | None" = None) -> None:
        self._settings = settings
        self._connector = Connector(settings, transport)
        self._model = settings.model
        profile = load(settings)
        self._dialect = first_dialect(profile, self._connector.address)
        self.prompt_tokens = prompt_budget(settings, profile)
        self._answer_tokens = reply_budget(settings, profile)

    @property
    def name(self) -> str:
        return self._model or "a language model"

    def write(self, task: Task, report: "Report") -> Iterator[str]:
        """Pieces of text as they arrive, "" several times a second while none does; `report` is filled on the way."""
        chat = messages(task)
        yield from self._stream(chat, self._settings.temperature, report)
        report.sent = _tokens(chat) if report.usage else 0

    def complete(self, chat: Sequence[Mapping[str, str]], within: float = math.inf) -> str:
        """The whole reply to any chat messages, at temperature 0, in `within` seconds. Raises as `write` does."""
        return "".join(self._stream(chat, 0.0, Report(), within))

    def shorten(self, task: Task) -> None:
        """From now on prompts half as long as this one, which was too long."""
        sent = min(self.prompt_tokens, _tokens(messages(task)))
        self.prompt_tokens = max(LEAST_PROMPT, min(self.prompt_tokens, sent // 2))

    def _stream(self, chat: Chat, temperature: float, report: "Report", within: float = math.inf) -> Iterator[str]:
        connector, settings = self._connector, self._settings
        limits = settings.model_copy(update={"answer_timeout": min(settings.answer_timeout, within)})
        connector.prepare()  # before the clock starts
        line = Line()
        try:
            for piece in in_time(lambda: self._attempts(line, chat, temperature), limits, connector.where, line.cut):
                report.usage = piece.usage or report.usage
                report.finish_reason = piece.finish_reason or report.finish_reason
                report.thought = report.thought or piece.thought
                if piece.text or not piece.alive:
                    yield piece.text
        except Failure as failure:
            raise _explained(failure, connector.where, settings.model or "not set") from None

    def _attempts(self, line: Line, chat: Chat, temperature: float) -> Iterator[Piece]:
        """The one retry loop: in other words where a request is refused, later where it may pass by itself.

        Nothing is tried again once text has come.
        """
        dialect = self._dialect
        must_answer = time.monotonic() + self._settings.first_token_timeout
        attempt = 1
        while True:
            shown = False
            try:
                for piece in self._attempt(line, dialect, chat, temperature):
                    shown = shown or bool(piece.text)
                    yield piece
                return
            except Failure as failure:
                if shown:
                    raise
                if other := dialect.adapted(failure, self._connector.address):
                    dialect = other
                    continue
                wait = _pause(failure, attempt)
                if wait is None or time.monotonic() + wait > must_answer or not line.wait(wait):
                    raise
                attempt += 1

    def _attempt(self, line: Line, dialect: Dialect, chat: Chat, temperature: float) -> Iterator[Piece]:
        model = self._model or self._first_model(line, dialect.path)
        body = dialect.request(model, chat, temperature, self._answer_tokens)
        for payload in self._connector.chat(line, dialect.path, body):
            piece = read(payload)
            if piece.alive:
                self._model, self._dialect = model, dialect
            yield piece

    def _first_model(self, line: Line, path: str) -> str:
        """The first model that the endpoint lists; many local servers have just one and take any name."""
        try:
            return next(iter(self._connector.models(line, path)), ANY_MODEL)
        except Failure as failure:
            if failure.kind in ("status", "unreadable"):
                return ANY_MODEL
            raise


def _tokens(chat: Chat) -> int:
    return sum(count_tokens(message["content"]) for message in chat)


def _pause(failure: Failure, attempt: int) -> float | None:
    """Seconds until the next attempt, None where there is none: it would not help, or not soon enough."""
    again = failure.transient or (failure.kind == "refused" and attempt == 1)
    return until_next(attempt, failure.wait, FIRST_WAIT, LONGEST_WAIT) if again and attempt < ATTEMPTS else None


def nothing_written(name: str, report: Report) -> EndpointError:
    """What to say where a model ended without a word."""
    if report.thought:
        hint = "Switch its reasoning off, or let it write longer with FOOTNOTE_ANSWER_TOKENS."
        return EndpointError(f"{name} sent its reasoning and no answer.", hint)
    return EndpointError(f"{name} sent no text.", "Is that address a chat endpoint, with /v1 at its end?")


def _explained(failure: Failure, where: str, model: str) -> EndpointError:
    """One line: the cause, and what to do about it."""
    the_model, status = f"The model at {where}", failure.status
    if failure.overflow:
        return WindowExceeded(
            f"{the_model} takes no prompt of this length.",
            "Give it a larger window, or set FOOTNOTE_PROMPT_TOKENS lower.",
        )
    if failure.quota:
        return EndpointError(f"{the_model} says that the account's quota is used up.", "See its billing page.")
    said = f"{the_model} {failure.happened}."
    if refuses_key(status, failure.said):
        return EndpointError(said, "Check OPENAI_API_KEY.")
    if hint := HINTS.get(failure.kind):
        kind = NotThisTime if failure.kind == "cut" else EndpointError
        return kind(said, hint)
    if status in (404, 405):
        return EndpointError(said, f"Check FOOTNOTE_MODEL (it is {model}) and that OPENAI_BASE_URL ends in /v1.")
    if status == 429:
        return EndpointError(said, f"It asks to wait {failure.wait:,.0f} s." if failure.wait else "Ask again later.")
    if status:
        hint = "Its own log says why." if status >= 500 else "Is it a model to chat with? FOOTNOTE_MODEL names it."
        return EndpointError(said, hint)
    by_proxy = " NO_PROXY names what is reached without the proxy that is set." if proxied() else ""
    return EndpointError(said, f"Is it running?{by_proxy}")
