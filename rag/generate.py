"""The writer that is a language model: OpenAI's door, for any endpoint that speaks its protocol."""

import queue
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.errors import EndpointError
from rag.config import RagSettings
from rag.prompt import Task, messages
from rag.records import Usage

if TYPE_CHECKING:
    import httpx2
    from openai import OpenAI

ANY_MODEL = "default"  # for servers that have one model and list none
HEARTBEAT = 0.2  # seconds
LOCAL_KEY = "none"  # the client insists on a key; local servers ignore it


@dataclass(frozen=True, slots=True)
class Piece:
    """What one chunk of the stream brought; `alive` is False where it brought nothing."""

    text: str = ""
    usage: Usage | None = None
    finish_reason: str = ""
    alive: bool = False


SILENCE = Piece()


@dataclass(slots=True)
class Report:
    """What the endpoint said about its own answer; both stay empty where it says nothing."""

    usage: Usage | None = None
    finish_reason: str = ""


class LanguageModelWriter:
    """Streams an answer from a chat endpoint.

    Raises:
        EndpointError: it is down, too slow, refuses, or breaks off; one line says which and what to do.
    """

    def __init__(self, settings: RagSettings, transport: "httpx2.BaseTransport | None" = None) -> None:
        self._settings = settings
        self._transport = transport
        self._model = settings.model

    @property
    def name(self) -> str:
        return self._model or "a language model"

    def write(self, task: Task, report: "Report") -> Iterator[str]:
        """Pieces of text as they arrive, "" several times a second while none does; `report` is filled on the way."""
        yield from self._stream(messages(task), self._settings.temperature, report)

    def complete(self, chat: Sequence[Mapping[str, str]]) -> str:
        """The whole reply to any chat messages, at temperature 0. Raises as `write` does."""
        return "".join(self._stream(chat, 0.0, Report()))

    def _stream(self, chat: Any, temperature: float, report: "Report") -> Iterator[str]:
        settings = self._settings
        try:
            client = self._client()
            complete = client.chat.completions.create  # before the clock starts: the library loads when first used
        except (ValueError, OSError) as error:  # a proxy or certificate setting that makes no sense
            raise EndpointError(f"The connection to {self._where()} cannot be set up: {error}.") from error

        def start() -> Iterator[Any]:
            self._model = self._model or _first_model(client)
            return iter(
                complete(
                    model=self._model,
                    messages=chat,
                    temperature=temperature,
                    max_tokens=settings.answer_tokens,
                    stream=True,
                    stream_options={"include_usage": True},
                )
            )

        for piece in _in_time(start, settings, self._where()):
            report.usage = piece.usage or report.usage
            report.finish_reason = piece.finish_reason or report.finish_reason
            if piece.text or not piece.alive:
                yield piece.text

    def _client(self) -> "OpenAI":
        import httpx2
        from openai import OpenAI

        settings = self._settings
        patience = max(settings.first_token_timeout, settings.token_timeout)
        timeout = httpx2.Timeout(patience, connect=settings.connect_timeout)
        return OpenAI(
            base_url=settings.base_url or None,
            api_key=settings.api_key.get_secret_value() or LOCAL_KEY,
            max_retries=0,
            timeout=timeout,
            http_client=httpx2.Client(transport=self._transport, timeout=timeout) if self._transport else None,
        )

    def _where(self) -> str:
        """The address without a name and password in it."""
        return re.sub(r"//[^/@]*@", "//", self._settings.base_url) or "OpenAI"


def _first_model(client: "OpenAI") -> str:
    """The first model that the endpoint lists; many local servers have just one and take any name."""
    import openai

    try:
        return next((model.id for model in client.models.list()), ANY_MODEL)
    except openai.APIStatusError:
        return ANY_MODEL


def _read(chunk: Any) -> Piece:
    """A chunk's text and counts, whatever shape it has; what is not text is none."""
    text = reason = ""
    alive = False
    choices = getattr(chunk, "choices", None)
    for choice in choices if isinstance(choices, list) else ():
        delta = getattr(choice, "delta", None)
        content = getattr(delta, "content", None)
        if isinstance(content, str):
            text += content.encode("utf-8", "replace").decode("utf-8")  # half of a split character
        alive = alive or any(getattr(delta, name, None) for name in ("content", "reasoning", "reasoning_content"))
        reason = str(getattr(choice, "finish_reason", None) or reason)
    counted = getattr(chunk, "usage", None)
    prompt, completion = (getattr(counted, f"{name}_tokens", None) for name in ("prompt", "completion"))
    usage = Usage(prompt, completion) if isinstance(prompt, int) and isinstance(completion, int) else None
    return Piece(text, usage, reason, alive=alive or bool(usage or reason))


def _in_time(start: Callable[[], Iterator[Any]], settings: RagSettings, where: str) -> Iterator[Piece]:
    """The pieces of a stream, and an empty one whenever it is silent for a moment: then the reader can stop.

    A thread reads, since a connection may be silent in ways that no timeout of the client sees.
    """
    chunks: queue.Queue[tuple[str, Any]] = queue.Queue(maxsize=256)
    stopped = threading.Event()
    threading.Thread(target=_pump, args=(start, chunks, stopped), daemon=True, name="footnote-endpoint").start()
    began = heard = time.monotonic()
    patience, setting = settings.first_token_timeout, "FOOTNOTE_FIRST_TOKEN_TIMEOUT"
    try:
        while True:
            if time.monotonic() - began > settings.answer_timeout:
                raise EndpointError(
                    f"The model at {where} did not finish within {settings.answer_timeout:g} s.",
                    "FOOTNOTE_ANSWER_TIMEOUT gives it longer.",
                )
            try:
                kind, item = chunks.get(timeout=min(HEARTBEAT, patience / 4))
            except queue.Empty:
                if time.monotonic() - heard > patience:
                    silence = f"The model at {where} sent nothing for {patience:g} s."
                    raise EndpointError(silence, f"{setting} gives it longer.") from None
                yield SILENCE
                continue
            if kind == "end":
                return
            if kind == "error":
                raise _explain(item, where) from item
            heard = time.monotonic()
            patience, setting = settings.token_timeout, "FOOTNOTE_TOKEN_TIMEOUT"
            yield item
    finally:
        stopped.set()


def _pump(start: Callable[[], Iterator[Any]], chunks: "queue.Queue[tuple[str, Any]]", stopped: threading.Event) -> None:
    """Read the stream into the queue until it ends, fails, or nobody wants it any more."""

    def put(kind: str, item: Any) -> None:
        while not stopped.is_set():
            try:
                chunks.put((kind, item), timeout=HEARTBEAT)
                return
            except queue.Full:
                continue

    try:
        for chunk in start():
            if (piece := _read(chunk)).alive:  # a chunk with nothing in it is silence too
                put("piece", piece)
            if stopped.is_set():
                return
        put("end", None)
    except Exception as error:  # noqa: BLE001 - it is raised again where the answer is made
        put("error", error)


def _explain(error: Exception, where: str) -> Exception:
    """One line for whatever the client raised; never its text whole, which may hold a key or a page of HTML."""
    import httpx2
    import openai

    if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
        return EndpointError(f"The model at {where} refused the key.", "Check OPENAI_API_KEY.")
    if isinstance(error, openai.NotFoundError):
        return EndpointError(
            f"The model at {where} was not found.", "Check FOOTNOTE_MODEL and that OPENAI_BASE_URL ends in /v1."
        )
    if isinstance(error, openai.APIStatusError):
        return EndpointError(f"The model at {where} answered with HTTP {error.status_code}.")
    if isinstance(error, openai.APITimeoutError):
        return EndpointError(f"The model at {where} did not answer in time.")
    if isinstance(error, openai.APIConnectionError):
        return EndpointError(f"The model at {where} cannot be reached.", "Is it running?")
    unreadable = (
        openai.OpenAIError,
        httpx2.HTTPError,
        ValueError,
        TypeError,
        AttributeError,
        LookupError,
        RecursionError,
    )
    if isinstance(error, unreadable):  # the client's own code trips over answers that are no chat chunks
        return EndpointError(f"The model at {where} broke off or sent something unreadable.")
    return error
