"""Many conversations at once and a long one, through one Assistant: what gets mixed up or lost, and what grows."""

import os
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from evals.bench.paced import Pace, heading
from evals.results import RESAMPLES
from index.engine import Index
from index.errors import FootnoteError
from rag.assistant import Assistant
from rag.config import RagSettings
from rag.prompt import harmless
from rag.records import Answer

AT_ONCE = Pace(first=50, each=20, tokens=60)
FOR_LONG = Pace(first=0, each=0, tokens=30)
CONVERSATION = 10  # turns, then another one begins: what a person sees is kept by the window, not by us
SETTLED = 0.1  # the share of turns before memory is looked at
SAMPLES = 50


def make_assistant(folder: Path, address: str, pace: Pace) -> Assistant:
    settings = RagSettings(data_dir=folder, embedding="static", base_url=address, model=pace.model)
    return Assistant(Index(settings), settings)


def at_once(folder: Path, address: str, questions: Sequence[str], count: int, turns: int) -> dict[str, Any]:
    """As many conversations as `count` with one Assistant. Runs in a process of its own."""
    assistant = make_assistant(folder, address, AT_ONCE)
    assistant.ask(questions[0])
    together = threading.Barrier(count)

    def converse(number: int) -> list[list[str]]:
        history: list[Answer] = []
        faults = []
        together.wait()
        for turn in range(turns):
            question = f"{questions[(number + turn) % len(questions)]} (Reader {number}, question {turn}.)"
            history.append(assistant.ask(question, history))
            faults.append(faults_of(history[-1], question))
        return faults

    started = time.perf_counter()
    with ThreadPoolExecutor(count) as pool:
        found = [faults for some in pool.map(converse, range(count)) for faults in some]
    counts = {name: sum(name in faults for faults in found) for name in ("mixed", "lost", "quoted")}
    return {"answers": len(found), "seconds": time.perf_counter() - started, **counts}


def faults_of(answer: Answer, question: str) -> list[str]:
    """Whether an answer is another question's ("mixed"), lacks a citation ("lost"), or is no model's ("quoted")."""
    if not answer.writer.startswith("paced"):
        return ["quoted"]
    cited = len(answer.citations)
    mixed = not answer.text.startswith(question) or any(
        harmless(one.quote) not in answer.text for one in answer.citations
    )
    lost = (
        not cited
        or heading("", cited) not in answer.text
        or {n for c in answer.claims for n in c.citations} != set(range(1, cited + 1))
    )
    return [*(["mixed"] if mixed else []), *(["lost"] if lost else [])]


def for_long(folder: Path, address: str, questions: Sequence[str], turns: int, new: bool) -> list[dict[str, int]]:
    """What this process holds after every so many turns through one Assistant. Runs in a process of its own.

    Where every question is `new`, what is kept of the last ones fills up to its bounds; where they come again, nothing
    may grow.
    """
    assistant = make_assistant(folder, address, FOR_LONG)
    held, history = [], list[Answer]()
    for turn in range(1, turns + 1):
        history = history if turn % CONVERSATION else []
        question = questions[turn % len(questions)]
        history.append(assistant.ask(f"{question} (Question {turn}.)" if new else question, history))
        if turn >= SETTLED * turns and not turn % max(1, turns // SAMPLES):
            held.append({"turn": turn, **holds()})
    return held


def holds() -> dict[str, int]:
    """Bytes of memory, open files and threads of this process.

    Raises:
        FootnoteError: the system does not say.
    """
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
        files = len(os.listdir("/proc/self/fd"))
    except OSError as error:
        raise FootnoteError("This system does not tell what a process holds; Linux does.") from error
    return {"memory": pages * os.sysconf("SC_PAGE_SIZE"), "files": files, "threads": threading.active_count()}


def grown(held: Sequence[dict[str, int]]) -> dict[str, float]:
    """Kilobytes of memory by turn."""
    return slope([one["turn"] for one in held], [one["memory"] / 1000 for one in held])


def slope(turns: Sequence[float], values: Sequence[float]) -> dict[str, float]:
    """The least-squares growth of a value by turn, and its 95% interval by the bootstrap over the samples."""
    random = np.random.default_rng(0)
    drawn = np.vstack([np.arange(len(turns)), random.integers(0, len(turns), (RESAMPLES, len(turns)))])
    x, y = (np.asarray(some, dtype=float)[drawn] for some in (turns, values))
    x, y = (some - some.mean(axis=1, keepdims=True) for some in (x, y))
    slopes = (x * y).sum(axis=1) / np.maximum((x * x).sum(axis=1), 1e-9)  # one turn alone has no slope
    low, high = np.quantile(slopes[1:], (0.025, 0.975))
    return {"value": float(slopes[0]), "low": float(low), "high": float(high)}
