"""What stands in the way of a usable answer, in words; and the time limit of whatever may never answer."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

Result = TypeVar("Result")
REFUSED_FIELD = {400, 404, 405, 415, 422, 500, 501}  # what servers answer to a field or a path that they do not know


class Trouble(Exception):
    """No usable answer. `detail` and `setting` are for people; `message` is the server's own text, never shown."""

    def __init__(
        self, detail: str, setting: str = "", *, status: int = 0, message: str = "", late: bool = False
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.setting = setting
        self.status = status
        self.message = message
        self.late = late

    @property
    def answered(self) -> bool:
        """Whether anything came back at all."""
        return bool(self.status or self.message)

    @property
    def refuses(self) -> bool:
        """Whether the endpoint answers, but not to this."""
        return self.status in REFUSED_FIELD


def within(seconds: float, function: Callable[[], Result]) -> Result:
    """What the function returns, or Trouble when the time is up: a connection can be silent in ways no timeout sees."""
    future: Future[Result] = Future()

    def run() -> None:
        try:
            future.set_result(function())
        except BaseException as error:  # noqa: BLE001 - it is raised again where it is waited for
            future.set_exception(error)

    Thread(target=run, daemon=True, name="footnote-probe").start()
    try:
        return future.result(seconds)
    except TimeoutError as error:
        raise Trouble(f"no end within {seconds:g} s", late=True) from error
