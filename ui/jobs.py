"""One job at a time, in a thread of its own, that any number of people may watch."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from index.errors import FootnoteError, IndexBusy
from index.records import Progress

BROKEN = "Something went wrong in Footnote; the terminal says what."


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended, in one line, and what is to be said of single files and pages."""

    text: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """A job as it stands; `outcome` is None while it runs. `number` counts the jobs, 0 stands for none yet."""

    number: int = 0
    title: str = ""
    done: float = 0  # files and pages
    total: int = 0  # 0 while they are being counted
    seconds: float = 0
    outcome: Outcome | None = None

    @property
    def running(self) -> bool:
        return self.number > 0 and self.outcome is None


class Jobs:
    """Any thread may start a job or look at it."""

    def __init__(self) -> None:
        self.work = Work()  # never changed, always replaced
        self._lock = threading.Lock()
        self._started = 0.0

    def start(self, title: str, job: Callable[[Progress], Outcome]) -> None:
        """Run `job` in the background; it goes on when nobody watches, and ends with the program.

        Raises:
            IndexBusy: another one is running.
        """
        self._claim(title)
        threading.Thread(target=self._run, args=(job,), name="footnote-job", daemon=True).start()

    def do(self, title: str, job: Callable[[Progress], Outcome]) -> None:
        """Run a short `job` now. Raises as `start` does."""
        self._claim(title)
        self._run(job)

    def _claim(self, title: str) -> None:
        with self._lock:
            if self.work.running:
                raise IndexBusy(f"{self.work.title} is still going on.", "Try again when it is done.")
            self.work = Work(self.work.number + 1, title)
            self._started = time.monotonic()

    def _run(self, job: Callable[[Progress], Outcome]) -> None:
        outcome = Outcome(BROKEN)  # unless the job comes to an end; a bug is printed by whoever runs the thread
        try:
            outcome = job(self._tell)
        except FootnoteError as error:
            outcome = Outcome(str(error))
        finally:
            self.work = replace(self.work, outcome=outcome)

    def _tell(self, done: float, total: int) -> None:
        self.work = replace(self.work, done=done, total=total, seconds=time.monotonic() - self._started)
