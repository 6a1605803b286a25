"""Several people at once: each asks the running chat window about an article of their own, over the network.

`python scripts/bench_chat.py --people 30 --turns 3` prints one line of JSON, and fails where somebody gets an error,
no answer, or anything of what another one asked. It speaks Gradio's queue protocol, as the page does.
"""

import argparse
import asyncio
import json
import re
import secrets
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

SYLLABLES = "bran dor fel gar hol ket lum mor nim per quil ros sen tav ul vor wes yar zim".split()
PATIENCE = 120  # seconds


@dataclass(frozen=True)
class Turn:
    """One answer as it came: seconds to the first sign and to the end, and all that was sent."""

    first: float
    done: float
    sent: str


@dataclass(frozen=True)
class Event:
    """What the page sends when a question is asked: which of Gradio's events, of which part, with how many values."""

    number: int
    part: int
    values: int

    @classmethod
    def of(cls, config: dict[str, Any]) -> "Event":
        """The event that is called "ask"."""
        for one in config["dependencies"]:
            for part, name in one["targets"]:
                if name == "ask":
                    return cls(one["id"], part, len(one["inputs"]))
        raise RuntimeError("the window has no event to ask with")


def place(number: int) -> str:
    """A name that no other number has."""
    return (SYLLABLES[number % len(SYLLABLES)] + SYLLABLES[number // len(SYLLABLES)] + "ness").capitalize()


def boats(number: int) -> str:
    """How many boats that place has: a figure that no other one has."""
    return str(70_003 + 17 * number)


async def ask(client: httpx.AsyncClient, event: Event, session: str, question: str, turn: int) -> Turn:
    """Send one question and read what comes until it is answered."""
    begin = time.monotonic()
    body = {
        "data": [None] * event.values,
        "event_data": {"question": question, "turn": turn},
        "fn_index": event.number,
        "trigger_id": event.part,
        "session_hash": session,
    }
    (await client.post("gradio_api/queue/join", json=body)).raise_for_status()
    sent, first = [], 0.0
    async for line in _messages(client, session):
        message = json.loads(line)
        sent.append(line)
        if message["msg"] == "process_generating":
            first = first or time.monotonic() - begin
        if message["msg"] == "process_completed":
            if not message["success"]:
                raise RuntimeError(line)
            return Turn(first, time.monotonic() - begin, "\n".join(sent))
    raise RuntimeError("the stream ended before the answer")


async def _messages(client: httpx.AsyncClient, session: str) -> AsyncIterator[str]:
    async with client.stream("GET", "gradio_api/queue/data", params={"session_hash": session}) as stream:
        stream.raise_for_status()
        async for line in stream.aiter_lines():
            if line.startswith("data:"):
                yield line[5:]


async def visit(address: str, person: int, turns: int) -> list[Turn]:
    """One person: opens the window, and asks about their place `turns` times."""
    async with httpx.AsyncClient(base_url=address, timeout=PATIENCE) as client:
        (await client.get("")).raise_for_status()
        event = Event.of((await client.get("config")).json())
        session = secrets.token_hex(6)
        question = f"How many boats does the harbour of {place(person)} hold?"
        return [await ask(client, event, session, question, turn) for turn in range(1, turns + 1)]


async def visit_all(address: str, people: int, turns: int) -> list[list[Turn] | BaseException]:
    """All at once."""
    return await asyncio.gather(*(visit(address, one, turns) for one in range(people)), return_exceptions=True)


def shows_question(sent: str, person: int) -> bool:
    """Whether the person's question is in it; their article, which everybody may be shown, says "holds"."""
    return re.search(rf"harbour of {place(person)} hold\b", sent) is not None


def problems(visits: list[list[Turn] | BaseException]) -> list[str]:
    """What went wrong, for whom."""
    found = []
    for person, turns in enumerate(visits):
        if isinstance(turns, BaseException):
            found.append(f"{place(person)}: {turns!r}")
            continue
        strangers = [other for other in range(len(visits)) if other != person]
        for turn in turns:
            if not shows_question(turn.sent, person):
                found.append(f"{place(person)}: the question was not shown")  # and nothing could be said of strangers
            if boats(person) not in turn.sent:
                found.append(f"{place(person)}: not answered")
            found += [f"{place(person)} saw {place(other)}" for other in strangers if shows_question(turn.sent, other)]
    return found


@contextmanager
def served(people: int) -> Iterator[str]:
    """The address of a window over one article a person."""
    import uvicorn

    from index.engine import Index
    from rag.assistant import Assistant
    from rag.config import RagSettings
    from ui.web.app import app

    with tempfile.TemporaryDirectory() as folder:
        articles = Path(folder) / "articles"
        articles.mkdir()
        for one in range(people):
            text = f"{place(one)} by the sea\n\nThe harbour of {place(one)} holds {boats(one)} boats in winter.\n"
            (articles / f"{one}.txt").write_text(text, "utf-8")
        settings = RagSettings(data_dir=Path(folder) / "data", model="", base_url="")
        index = Index(settings)
        index.sync([articles])
        config = uvicorn.Config(app(Assistant(index, settings)), port=0, log_level="error", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        serving = threading.Thread(target=server.run)
        serving.start()
        try:
            while not server.started:
                time.sleep(0.02)
            yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
        finally:
            server.should_exit = True
            serving.join()


def main() -> int:
    """Ask, print, and say by the exit code whether all went well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=30, choices=range(1, len(SYLLABLES) ** 2), metavar="N")
    parser.add_argument("--turns", type=int, default=3)
    given = parser.parse_args()
    with served(given.people) as address:
        begin = time.monotonic()
        visits = asyncio.run(visit_all(address, given.people, given.turns))
        seconds = time.monotonic() - begin
    wrong = problems(visits)
    turns = [turn for one in visits if not isinstance(one, BaseException) for turn in one]
    result = {"people": given.people, "turns": given.turns, "problems": len(wrong), "seconds": round(seconds, 2)}
    for name in ("first", "done") if len(turns) > 1 else ():
        cuts = statistics.quantiles([getattr(turn, name) for turn in turns], n=20)
        result |= {f"{name}_p50_s": round(cuts[9], 2), f"{name}_p95_s": round(cuts[18], 2)}
    result["bytes_p50"] = round(statistics.median(len(turn.sent) for turn in turns)) if turns else 0
    print(json.dumps(result))
    print(*wrong[:20], sep="\n", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
