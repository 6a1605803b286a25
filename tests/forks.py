"""Jobs in processes of their own that can be killed at any moment, forked from one that has imported everything."""

import os
import pickle
import select
import signal
import subprocess
import sys
import tempfile
import traceback
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

HANG = 120.0  # seconds after which a job counts as hung


@dataclass(frozen=True)
class Outcome:
    """How a job ended: `done` with its value, `failed` with a traceback, `died`, `killed` as told, or `hung`."""

    how: str
    value: object = None


class Forks:
    """A context manager: `run("module:function", *arguments)` in a fork of a process without threads or open clients.

    `warm` is a job that runs in the parent of all forks; it may import and load, but must open nothing.
    """

    def __init__(self, warm: str) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  # open as long as the process
        self._process = subprocess.Popen(
            [sys.executable, __file__, warm],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
        )

    def __enter__(self) -> "Forks":
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()
        self._errors.close()

    def run(self, job: str, *arguments: object, kill_after: float | None = None) -> Outcome:
        """Run a job to its end, or kill it after so many seconds."""
        pickle.dump((job, arguments, kill_after), self._process.stdin)
        self._process.stdin.flush()
        return pickle.load(self._process.stdout)

    def said(self) -> str:
        """The end of what all jobs wrote to their standard error."""
        return Path(f"/proc/self/fd/{self._errors.fileno()}").read_text("utf-8", errors="replace")[-3_000:]


def _function(job: str) -> object:
    module, _, name = job.partition(":")
    return getattr(__import__(module), name)


def _child(job: str, arguments: tuple[object, ...], end: int) -> None:
    try:
        outcome = Outcome("done", _function(job)(*arguments))
    except BaseException:  # noqa: BLE001  # a panic in Rust is no Exception
        outcome = Outcome("failed", traceback.format_exc())
    with os.fdopen(end, "wb") as pipe:
        pickle.dump(outcome, pipe)


def _run(job: str, arguments: tuple[object, ...], kill_after: float | None) -> Outcome:
    reading_end, writing_end = os.pipe()
    if not (child := os.fork()):
        try:
            os.close(reading_end)
            _child(job, arguments, writing_end)
        finally:
            os._exit(0)
    os.close(writing_end)
    ended = select.select([reading_end], [], [], HANG if kill_after is None else kill_after)[0]
    if not ended:
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading_end, "rb") as pipe:
        written = pipe.read()
    os.waitpid(child, 0)
    if not ended:
        return Outcome("hung" if kill_after is None else "killed")
    with suppress(EOFError, pickle.UnpicklingError):
        return pickle.loads(written)
    return Outcome("died")


def _serve() -> None:
    from forks import Outcome as _  # noqa: F401  # pickled under the name that the caller knows

    orders, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a job prints is no answer
    _function(sys.argv[1])()
    while True:
        try:
            order = pickle.load(orders)
        except EOFError:
            return
        pickle.dump(sys.modules["forks"]._run(*order), answers)
        answers.flush()


if __name__ == "__main__":
    _serve()
