"""The writer that is a language model: OpenAI's door, for any endpoint that speaks its protocol."""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from index.errors import EndpointError
from rag.config import RagSettings
from rag.prompt import Task, messages
from rag.records import Usage

if TYPE_CHECKING:
    import httpx2
    from openai import OpenAI

ANY_MODEL = "default"  # for servers that have one model and list none
LOCAL_KEY = "none"  # the client insists on a key; local servers ignore it


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
        return self._model or "language model"

    def write(self, task: Task, report: Callable[[Usage], None]) -> Iterator[str]:
        """Pieces of text as they arrive; `report` gets the token counts if the endpoint gives them."""
        settings = self._settings
        chat: Any = messages(task, settings.prompt_tokens)

        client = self._client()
        complete = client.chat.completions.create  # before the clock starts: the library loads when it is first used

        def start() -> "Iterator[Any]":
            self._model = self._model or _first_model(client)
            return iter(
                complete(
                    model=self._model,
                    messages=chat,
                    temperature=settings.temperature,
                    max_tokens=settings.answer_tokens,
                    stream=True,
                    stream_options={"include_usage": True},
                )
            )

        for chunk in _in_time(start, settings, self._where()):
            if chunk.usage:
                report(Usage(chunk.usage.prompt_tokens or 0, chunk.usage.completion_tokens or 0))
            for choice in chunk.choices or ():
                if choice.delta and choice.delta.content:
                    yield choice.delta.content

    def _client(self) -> "OpenAI":
        import httpx2
        from openai import OpenAI

        settings = self._settings
        timeout = httpx2.Timeout(settings.first_token_timeout, connect=settings.connect_timeout)
        return OpenAI(
            base_url=settings.base_url or None,
            api_key=settings.api_key.get_secret_value() or LOCAL_KEY,
            max_retries=0,
            timeout=timeout,
            http_client=httpx2.Client(transport=self._transport, timeout=timeout) if self._transport else None,
        )

    def _where(self) -> str:
        return self._settings.base_url or "OpenAI"


def _first_model(client: "OpenAI") -> str:
    """The first model that the endpoint lists; many local servers have just one and take any name."""
    import openai

    try:
        return next((model.id for model in client.models.list()), ANY_MODEL)
    except openai.APIStatusError:
        return ANY_MODEL


def _in_time(start: Callable[[], Iterator[Any]], settings: RagSettings, where: str) -> Iterator[Any]:
    """The chunks of a stream, read in a thread so that silence is noticed whatever the connection does."""
    chunks: queue.Queue[tuple[str, Any]] = queue.Queue(maxsize=256)
    stopped = threading.Event()

    def put(kind: str, item: Any) -> bool:
        while not stopped.is_set():
            try:
                chunks.put((kind, item), timeout=0.2)
                return True
            except queue.Full:
                continue
        return False

    def read() -> None:
        import httpx2
        import openai

        try:
            for chunk in start():
                if not put("chunk", chunk):
                    return
            put("end", None)
        except (openai.OpenAIError, httpx2.HTTPError, ValueError) as error:
            put("error", error)

    threading.Thread(target=read, daemon=True, name="footnote-endpoint").start()
    deadline = time.monotonic() + settings.answer_timeout
    patience = settings.first_token_timeout
    try:
        while True:
            left = min(patience, deadline - time.monotonic())
            try:
                kind, item = chunks.get(timeout=max(left, 0.001))
            except queue.Empty:
                raise EndpointError(
                    f"The model at {where} sent nothing for {patience:g} s."
                    if left == patience
                    else f"The model at {where} did not finish within {settings.answer_timeout:g} s.",
                    "Is it overloaded? FOOTNOTE_FIRST_TOKEN_TIMEOUT gives it longer.",
                    retryable=True,
                ) from None
            if kind == "end":
                return
            if kind == "error":
                raise _explain(item, where) from item
            patience = settings.token_timeout
            yield item
    finally:
        stopped.set()


def _explain(error: Exception, where: str) -> EndpointError:
    """One line for whatever the client raised; never its text whole, which may hold a key or a page of HTML."""
    import openai

    if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
        return EndpointError(f"The model at {where} refused the key.", "Check OPENAI_API_KEY.")
    if isinstance(error, openai.NotFoundError):
        return EndpointError(
            f"The model at {where} was not found.", "Check FOOTNOTE_MODEL and that OPENAI_BASE_URL ends in /v1."
        )
    if isinstance(error, openai.APIStatusError):
        return EndpointError(
            f"The model at {where} answered with HTTP {error.status_code}.", retryable=error.status_code in (429, 503)
        )
    if isinstance(error, openai.APITimeoutError):
        return EndpointError(f"The model at {where} did not answer in time.", retryable=True)
    if isinstance(error, openai.APIConnectionError):
        return EndpointError(f"The model at {where} cannot be reached.", "Is it running?", retryable=True)
    return EndpointError(f"The model at {where} broke off or sent something unreadable.", retryable=True)
