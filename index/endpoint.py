"""Vectors from a model at an OpenAI-compatible /v1/embeddings: checked, since a wrong one is never noticed later."""

import re
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from pydantic import SecretStr

from index.address import shown
from index.client import base_of, failures, open_client, read_certificates
from index.embed import Matrix, unit_rows
from index.errors import EndpointError
from index.failure import MAY_OVERFLOW, TRANSIENT, Failure, until_next
from index.reply import Unreadable, read_reply

if TYPE_CHECKING:
    import httpx2

    from index.client import Client

Vector = NDArray[np.float32]
BATCH_TEXTS = 64
BATCH_CHARACTERS = 50_000
REQUESTS = 4  # at a time
ATTEMPTS = 5
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0  # seconds between two attempts; what is allowed is often counted by the minute
PATIENCE, PATIENCE_A_TEXT = 10, 2  # seconds for an answer (the server may have nothing but a slow processor)
HALVINGS = 3  # of a text that is too long for the model
KEPT = 20_000  # vectors of a call that failed, so that its repetition goes on from there
PROBE = "text"  # sent only where there is nothing to send and the dimension is unknown
TOO_LONG = re.compile(r"too (large|long|many tokens)|exceed|context length|maximum length|less than \d+ tokens", re.I)
MAY_PASS = {"refused", "unreachable", "timeout", "cut"}
CONNECT_TIMEOUT = 5  # seconds


class _TooLong(Exception):
    """The server takes no input of this size."""


@dataclass(frozen=True)
class _Call:
    """One call of `embed`: its vectors so far, and whether it has failed, so that nobody tries any longer."""

    done: dict[str, Vector]
    failed: threading.Event = field(default_factory=threading.Event)


class EndpointEmbedder:
    """A model behind an address.

    Args:
        model: its name there.
        base_url: the address up to /v1; OpenAI's own when empty.
        api_key: sent to that address and shown nowhere; local servers need none.
        transport: what carries the requests, for tests.
        sleep: waits between two attempts, given seconds; by default until another request has failed for good.

    Raises:
        EndpointError: from `embed`. What it had finished is kept, so that a repetition does only the rest.
    """

    dense_weight = 0.7
    notice = ""

    def __init__(
        self,
        model: str,
        base_url: str,
        api_key: SecretStr,
        transport: "httpx2.BaseTransport | None" = None,
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        self.name = f"endpoint:{model}"
        self._model = model
        self._base_url = base_url
        self._api_key = api_key
        self._transport = transport
        self._sleep = sleep
        self._dimension = 0  # unknown until the first answer
        self._kept: dict[str, Vector] = {}
        self._what = f"The embedding model {model!r} at {shown(base_of(base_url)) or 'OpenAI'}"

    def embed(self, texts: Sequence[str]) -> Matrix:
        call = _Call({text: self._kept[text] for text in texts if text in self._kept})
        # A text of nothing but spaces is not sent: its vector is zero.
        missing = [text for text in dict.fromkeys(texts) if text.strip() and text not in call.done]
        if texts and not (missing or call.done or self._dimension):
            missing = [PROBE]
        try:
            self._run(list(_batches(missing)), call)
        except BaseException:
            self._kept = dict([*self._kept.items(), *call.done.items()][-KEPT:])
            raise
        self._kept = {}
        rows = np.zeros((len(texts), self._dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            if text in call.done:
                row[:] = call.done[text]
        return rows

    def _run(self, batches: list[list[str]], call: _Call) -> None:
        """Several requests at a time. When one fails no other is begun, and those under way still count."""
        pool = ThreadPoolExecutor(REQUESTS, thread_name_prefix="footnote-embedding")
        try:
            for future in as_completed([pool.submit(self._embed, batch, call) for batch in batches]):
                future.result()
        finally:
            call.failed.set()
            pool.shutdown(cancel_futures=True)

    def _embed(self, texts: list[str], call: _Call) -> None:
        """Texts that are too long together are sent in halves; one that is too long alone loses its end."""
        try:
            vectors = self._ask(texts, call) if len(texts) > 1 else self._ask_for_one(texts[0], call)
        except _TooLong:
            middle = len(texts) // 2
            self._embed(texts[:middle], call)
            self._embed(texts[middle:], call)
            return
        if self._dimension not in (0, vectors.shape[1]):
            raise EndpointError(
                f"{self._what} gave vectors of {vectors.shape[1]} numbers, before that of {self._dimension}.",
                "Is it the same model?",
            )
        self._dimension = vectors.shape[1]
        call.done.update(zip(texts, vectors, strict=True))

    def _ask_for_one(self, text: str, call: _Call) -> Matrix:
        for halving in range(HALVINGS + 1):
            try:
                return self._ask([text[: max(1, len(text) >> halving)]], call)
            except _TooLong:
                continue
        raise EndpointError(
            f"{self._what} takes not even {len(text) >> HALVINGS:,} characters of a text of {len(text):,}.",
            "Set FOOTNOTE_CHUNK_TOKENS lower.",
        )

    def _ask(self, texts: list[str], call: _Call) -> Matrix:
        """Unit vectors of a batch, tried again while it may still succeed."""
        sleep = self._sleep or call.failed.wait
        attempt = 1
        while True:
            try:
                return unit_rows(read_reply(self._request(texts), len(texts)))
            except Unreadable as error:
                hint = "Does it serve embeddings, and does the address end in /v1?"
                raise EndpointError(f"{self._what} answered with something unreadable: {error}.", hint) from error
            except Failure as failure:
                if _is_too_long(failure):
                    raise _TooLong from None
                wait = until_next(attempt, failure.wait, FIRST_WAIT, LONGEST_WAIT)
                if attempt == ATTEMPTS or wait is None or not _is_transient(failure) or call.failed.is_set():
                    raise self._explain(failure) from None
                sleep(wait)
                attempt += 1

    def _request(self, texts: list[str]) -> bytes:
        client, patience = self._client, PATIENCE + PATIENCE_A_TEXT * len(texts)
        with failures():
            answer = client.embeddings.with_raw_response.create(
                model=self._model, input=texts, encoding_format="float", timeout=patience
            )
            return answer.content

    @cached_property
    def _client(self) -> "Client":
        import httpx2

        timeout = httpx2.Timeout(PATIENCE, connect=CONNECT_TIMEOUT)
        try:
            client = open_client(self._base_url, self._api_key, timeout, read_certificates(), transport=self._transport)
        except (ValueError, OSError, httpx2.InvalidURL):  # none of their texts: it may hold a password
            hint = "Check its address, the proxy variables and SSL_CERT_FILE."
            raise EndpointError(f"{self._what}: the connection cannot be set up.", hint) from None
        weakref.finalize(self, client.close)  # before the collector comes to the sockets of its connections
        return client

    def _explain(self, failure: Failure) -> EndpointError:
        """One line; never the server's words, which may repeat a key or be a page of HTML."""
        hints = {
            401: "Check OPENAI_API_KEY.",
            403: "Check OPENAI_API_KEY.",
            404: "FOOTNOTE_EMBEDDING is auto, minilm, static or a model there; the address ends in /v1.",
            501: "Does the server serve embeddings?",
            "certificate": "SSL_CERT_FILE names the file of one that is.",
            "timeout": "Is it overloaded?",
            "unreachable": "Is it running?",
            "refused": "Is it running?",
        }
        asks = f"It asks to wait {failure.wait:,.0f} s." if failure.wait else ""
        return EndpointError(f"{self._what} {failure.happened}.", hints.get(failure.status or failure.kind, asks))


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """In order, each bounded by the number of texts and of characters; a longer text is alone."""
    batch: list[str] = []
    size = 0
    for text in texts:
        if batch and (len(batch) == BATCH_TEXTS or size + len(text) > BATCH_CHARACTERS):
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch


def _is_too_long(failure: Failure) -> bool:
    return failure.status == 413 or (failure.status in MAY_OVERFLOW and bool(TOO_LONG.search(failure.said)))


def _is_transient(failure: Failure) -> bool:
    return failure.status in TRANSIENT or failure.kind in MAY_PASS
