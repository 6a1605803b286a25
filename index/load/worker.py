"""Documents are parsed in processes of our own, so that one that hangs, crashes or fills the memory harms nothing else.

A request is one line of JSON and the document's bytes; a reply is one line of JSON. A process that takes too long or
dies is replaced, and its document is a LoadError.
"""

import contextlib
import faulthandler
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from index.errors import LoadError
from index.records import Article

SECONDS_PER_FILE = 60.0
MEMORY_LIMIT = 2_000_000_000  # bytes of address space
FILES_PER_PROCESS = 500  # then a fresh one, whatever the libraries may have kept


@dataclass(frozen=True, slots=True)
class Request:
    """A document to read: `kind` is one of html, mhtml, pdf, docx, epub; `name` is its title where it has none."""

    kind: str
    source: str
    name: str
    body: bytes
    encoding: str = ""
    url: str = ""


class Workers:
    """A few processes that start when they are needed; `ask` may be called from as many threads."""

    def __init__(self, seconds_per_file: float = SECONDS_PER_FILE) -> None:
        self.seconds_per_file = seconds_per_file
        self._idle: queue.LifoQueue[_Process] = queue.LifoQueue()
        self._all: set[_Process] = set()
        self._closed = False

    def ask(self, request: Request) -> Article:
        """The article in the request's document; waits for it.

        Raises:
            LoadError: it is none, took too long, or stopped the process.
        """
        process = self._take()
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self.seconds_per_file, stop)
        timer.start()
        try:
            reply = process.ask(request)
        finally:
            timer.cancel()
            self._give_back(process, reusable=not late.is_set())
        if reply is not None:
            return _article(reply)
        if late.is_set():
            raise LoadError(f"took longer than {self.seconds_per_file:g} s to read.", "Save it in a simpler form.")
        raise LoadError("could not be read (the reader stopped: out of memory?).", "Save it in a simpler form.")

    def close(self) -> None:
        """End every process, also those that are still reading."""
        self._closed = True
        for process in list(self._all):
            process.kill()
        while not self._idle.empty():
            self._end(self._idle.get())

    def _take(self) -> "_Process":
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            if self._closed:
                raise LoadError("not read: the reader was closed.") from None
            process = _Process()
            self._all.add(process)
            if self._closed:  # meanwhile
                process.kill()
            return process

    def _give_back(self, process: "_Process", *, reusable: bool) -> None:
        if reusable and process.alive and process.served < FILES_PER_PROCESS and not self._closed:
            self._idle.put(process)
        else:
            self._end(process)

    def _end(self, process: "_Process") -> None:
        process.end()
        self._all.discard(process)


class _Process:
    """One running worker, seen from outside."""

    def __init__(self) -> None:
        root = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(
            # -P: a file docx.py in the folder where the program was started is not python-docx.
            [sys.executable, "-P", "-m", "index.load.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": path},
        )
        self.served = 0
        self.alive = True

    def ask(self, request: Request) -> dict[str, Any] | None:
        """The reply, or None if the process died over it."""
        self.served += 1
        self.alive = False  # until the reply is here, so that an interrupt leaves no half a conversation
        head = {name: value for name, value in asdict(request).items() if name != "body"} | {"size": len(request.body)}
        sending, receiving = self._process.stdin, self._process.stdout
        assert sending is not None
        assert receiving is not None
        try:
            sending.write(json.dumps(head).encode() + b"\n")
            sending.write(request.body)
            sending.flush()
            line = receiving.readline()
        except OSError:  # a broken pipe
            line = b""
        if not line.endswith(b"\n"):
            return None
        self.alive = True
        reply: dict[str, Any] = json.loads(line)
        return reply

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):  # closing flushes what a dead process will not read
                pipe.close()
        self._process.wait()


def _article(reply: dict[str, Any]) -> Article:
    if "error" in reply:
        raise LoadError(reply["error"], reply["hint"])
    fields = reply["article"]
    return Article(**fields | {"sources": tuple(fields["sources"]), "pages": tuple(fields["pages"])})


# What follows runs in the worker.


def answer(request: Request) -> dict[str, Any]:
    """The reply to one request."""
    from index.load.draft import finish

    try:
        return {"article": asdict(finish(_reader(request.kind)(request), request.source, request.name))}
    except LoadError as error:
        return {"error": error.message, "hint": error.hint}
    except MemoryError:
        raise  # this process may be short of memory from now on
    except Exception as error:  # noqa: BLE001 - whatever a parser stumbles over, its document is what failed
        return {"error": f"could not be read ({type(error).__name__}).", "hint": "Save it in another form."}


def _reader(kind: str) -> Callable[[Request], Any]:
    if kind in ("html", "mhtml"):
        from index.load.pages import read_html, read_mhtml

        if kind == "mhtml":
            return lambda request: read_mhtml(request.body)
        return lambda request: read_html(request.body, request.encoding, request.url)
    from index.load.documents import read_docx, read_epub, read_pdf

    read = {"pdf": read_pdf, "docx": read_docx, "epub": read_epub}[kind]
    return lambda request: read(request.body)


def _requests(incoming: IO[bytes], waiting: "queue.SimpleQueue[Request]") -> None:
    """Hands the requests over as they come; when the parent is gone, so is this process, whatever it is doing."""
    while line := incoming.readline():
        head = json.loads(line)
        body = incoming.read(head.pop("size"))
        waiting.put(Request(body=body, **head))
    os._exit(0)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    with contextlib.suppress(ValueError, OSError):  # a lower limit is in force
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))


def main() -> None:
    """Answer requests from standard input until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program, which then closes this process
    replies = os.fdopen(os.dup(1), "wb")
    nowhere = open(os.devnull, "w")  # noqa: SIM115 - for as long as the process lives
    os.dup2(nowhere.fileno(), 1)  # what libraries print must not end up between the replies
    sys.stdout = nowhere
    _limit_memory()
    waiting: queue.SimpleQueue[Request] = queue.SimpleQueue()
    threading.Thread(target=_requests, args=(sys.stdin.buffer, waiting), daemon=True).start()
    while True:
        request = waiting.get()
        # A parser stuck inside a C library would not notice that the parent is gone; this clock does.
        faulthandler.dump_traceback_later(2 * SECONDS_PER_FILE, exit=True, file=nowhere)
        reply = answer(request)
        faulthandler.cancel_dump_traceback_later()
        replies.write(json.dumps(reply).encode() + b"\n")
        replies.flush()


if __name__ == "__main__":
    main()
