"""A growing answer, brought from the thread that writes it to the page."""

import asyncio
import threading
import traceback
from collections import deque
from collections.abc import AsyncIterator, Generator
from concurrent.futures import ThreadPoolExecutor

from index.errors import FootnoteError
from rag.records import Answer

INTERVAL = 0.05  # seconds between two updates of a growing answer
CHATS_AT_ONCE = 16
DRAWING = ThreadPoolExecutor(CHATS_AT_ONCE, "footnote-chat")  # a chat holds a thread as long as it is answered


async def newest(stream: Generator[Answer, None, None]) -> AsyncIterator[Answer]:
    """The growing answer, at most 20 times a second and always its last state.

    One thread alone draws from the stream and closes it, since a generator cannot be closed while another thread
    runs it; a cancelled chat only tells that thread to stop.
    """
    latest: deque[Answer] = deque(maxlen=1)
    cancelled = threading.Event()

    def draw() -> None:
        for answer in () if cancelled.is_set() else stream:  # it may have waited for this thread for long
            latest.append(answer)
            if cancelled.is_set():
                break
        stream.close()

    drawing = asyncio.get_running_loop().run_in_executor(DRAWING, draw)
    try:
        ended = False
        while not ended:
            ended = bool((await asyncio.wait([drawing], timeout=INTERVAL))[0])
            if latest:
                yield latest.pop()
        if problem := drawing.exception():
            raise problem if isinstance(problem, FootnoteError) else _bug(problem)
    finally:
        cancelled.set()
        drawing.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody waits for it any more


def _bug(problem: BaseException) -> FootnoteError:
    traceback.print_exception(problem)
    return FootnoteError("Something went wrong in Footnote;", "the terminal says what.")
