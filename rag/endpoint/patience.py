"""A stream that never keeps its reader waiting: a pulse while it is silent, an error when that lasts too long."""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from index.errors import EndpointError
from rag.config import RagSettings
from rag.endpoint.wire import Piece

HEARTBEAT = 0.2  # seconds
SILENCE = Piece()


class NotThisTime(EndpointError):
    """This request failed by its own length or the moment's luck: another may succeed."""


def in_time(
    start: Callable[[], Iterator[Piece]], settings: RagSettings, where: str, cut: Callable[[], None]
) -> Iterator[Piece]:
    """The pieces of a stream, and an empty one whenever it is silent for a moment: then the reader can stop.

    A thread reads, since a connection may be silent in ways that no timeout of the client sees. When the reader stops,
    for whatever reason, `cut` ends the thread's connection.

    Raises:
        NotThisTime: the endpoint is silent for too long, or does not come to an end.
        Exception: what `start` and its stream raise.
    """
    pieces: queue.Queue[tuple[str, Any]] = queue.Queue(maxsize=256)
    stopped = threading.Event()
    threading.Thread(target=_pump, args=(start, pieces, stopped), daemon=True, name="footnote-endpoint").start()
    began = heard = time.monotonic()
    patience, setting = settings.first_token_timeout, "FOOTNOTE_FIRST_TOKEN_TIMEOUT"
    try:
        while True:
            if time.monotonic() - began > settings.answer_timeout:
                raise NotThisTime(
                    f"The model at {where} did not finish within {settings.answer_timeout:g} s.",
                    "FOOTNOTE_ANSWER_TIMEOUT gives it longer.",
                )
            try:
                kind, item = pieces.get(timeout=min(HEARTBEAT, patience / 4))
            except queue.Empty:
                if time.monotonic() - heard > patience:
                    silence = f"The model at {where} sent nothing for {patience:g} s."
                    raise NotThisTime(silence, f"{setting} gives it longer.") from None
                yield SILENCE
                continue
            if kind == "end":
                return
            if kind == "error":
                raise item
            heard = time.monotonic()
            patience, setting = settings.token_timeout, "FOOTNOTE_TOKEN_TIMEOUT"
            yield item
    finally:
        stopped.set()
        cut()


def _pump(
    start: Callable[[], Iterator[Piece]], pieces: "queue.Queue[tuple[str, Any]]", stopped: threading.Event
) -> None:
    """Read the stream into the queue until it ends, fails, or nobody wants it any more."""

    def put(kind: str, item: Any) -> None:
        while not stopped.is_set():
            try:
                pieces.put((kind, item), timeout=HEARTBEAT)
                return
            except queue.Full:
                continue

    try:
        for piece in start():
            if piece.alive:  # one with nothing in it is silence too
                put("piece", piece)
            if stopped.is_set():
                return
        put("end", None)
    except Exception as error:  # noqa: BLE001 - it is raised again where the answer is made
        put("error", error)
