"""The bench's part `endpoint`: what answering costs beside the endpoint's own time, many at once, and for long."""

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.bench.ground import Ground
from evals.bench.lasting import AT_ONCE, FOR_LONG, at_once, for_long, grown, make_assistant
from evals.bench.measure import Verdict, fresh, median_interval
from evals.bench.paced import Pace, paced_server
from evals.cases import SEED_CASES, SEEDS, load_cases
from index.engine import Index
from rag.assistant import Assistant
from rag.config import RagSettings
from rag.endpoint.wire import Dialect
from rag.prompt import make_task, messages, within_budget

if TYPE_CHECKING:
    import httpx2

WARM_UP = 3
SINGLE = Pace(first=50, each=5, tokens=150)  # 200 tokens a second
FIRST_TOKEN, RATE, FLAT = 60.0, 0.95, 1.02  # ms, and shares


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    runs: int = 25
    conversations: int = 50
    turns_each: int = 3
    turns: int = 1_000
    new_turns: int = 100


QUICK = Size(runs=2, conversations=4, turns_each=2, turns=20, new_turns=20)


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds until the first text and until the end; `spent` are the processor's in this process until the first."""

    first: float
    end: float
    spent: float

    @property
    def streamed(self) -> float:
        return self.end - self.first


def ours(assistant: Assistant, question: str) -> Timed:
    """A whole answer: found, written, checked."""
    first, spent = 0.0, time.process_time()
    started = time.perf_counter()
    for answer in assistant.stream(question):
        if answer.text and not first:
            first, spent = time.perf_counter() - started, time.process_time() - spent
    return Timed(first, time.perf_counter() - started, spent)


def raw(assistant: Assistant, question: str) -> Callable[["httpx2.Client"], Timed]:
    """A request of the same kind by httpx alone; its prompt is made before the clock starts."""
    assert assistant.model
    settings = assistant.settings
    passages = assistant.index.search(question, limit=settings.passages)
    task = within_budget(make_task(question, passages), assistant.model.prompt_tokens)
    body = Dialect().request(settings.model, messages(task), settings.temperature, settings.answer_tokens)

    def ask(client: "httpx2.Client") -> Timed:
        first, spent = 0.0, time.process_time()
        started = time.perf_counter()
        with client.stream("POST", f"{settings.base_url}/chat/completions", json=body) as response:
            for line in response.iter_lines():
                told = line.startswith("data: {") and json.loads(line[6:])["choices"][0]["delta"].get("content")
                if told and not first:
                    first, spent = time.perf_counter() - started, time.process_time() - spent
        return Timed(first, time.perf_counter() - started, spent)

    return ask


def side_by_side(folder: Path, address: str, questions: Sequence[str]) -> list[tuple[Timed, Timed]]:
    """Ours and the raw client's, in turn, for each question but the first few. Runs in a process of its own.

    The raw client always asks the first one: the other questions are new to us when the clock starts.
    """
    import httpx2

    assistant = make_assistant(folder, address, SINGLE)
    ask = raw(assistant, questions[0])
    pairs = []
    with httpx2.Client(timeout=60, trust_env=False) as client:
        for place, question in enumerate(questions):
            if place % 2:
                theirs = ask(client)
                pairs.append((ours(assistant, question), theirs))
            else:
                own = ours(assistant, question)
                pairs.append((own, ask(client)))
    return pairs[WARM_UP:]


def run(ground: Ground) -> None:
    """All four on an index of the seeds, against a server that is paced alike for both sides."""
    size = QUICK if ground.quick else Size()
    folder = ground.clear("seeds")
    Index(RagSettings(data_dir=folder, embedding="static")).sync([SEEDS])
    asked = [case.question for case in load_cases(SEED_CASES) if not (case.history or case.refuse)]
    some = [asked[place % len(asked)] for place in range(size.runs + WARM_UP)]
    with paced_server() as address:
        with ground.working("Side by side with the raw client"):
            pairs = fresh(side_by_side, folder, address, some)
        with ground.working(f"{size.conversations} conversations at once"):
            many = fresh(at_once, folder, address, asked, size.conversations, size.turns_each)
        with ground.working(f"{size.turns:,} turns"):
            held = fresh(for_long, folder, address, asked, size.turns, False)
        with ground.working(f"{size.new_turns:,} turns, each a new question"):
            filling = fresh(for_long, folder, address, asked, size.new_turns, True)
    ground.figures["endpoint"] = figures = {
        "pace": {"single": SINGLE.model, "at once": AT_ONCE.model, "for long": FOR_LONG.model},
        "load": os.getloadavg(),  # of the whole machine, on average of the last 1, 5 and 15 minutes
        **compared(pairs),
        "at once": {"conversations": size.conversations, **many},
        "for long": {"held": held, "growth": grown(held)},
        "for long, each question new": {"held": filling, "growth": grown(filling)},
    }
    difference, rate = figures["first token"]["difference"]["median"], figures["rate"]["median"]
    files, threads = (held[-1][name] - held[0][name] for name in ("files", "threads"))
    memory = held[-1]["memory"] / held[0]["memory"]
    ground.verdicts += [
        Verdict("First token: ours less the raw client's, p50", difference, FIRST_TOKEN, "ms"),
        Verdict("Streaming rate: ours / the raw client's", rate, RATE, "times", at_least=True),
        Verdict("Answers mixed up or not the model's", many["mixed"] + many["quoted"], 0, "answers"),
        Verdict("Answers that lack a citation", many["lost"], 0, "answers"),
        Verdict(f"Memory at turn {held[-1]['turn']:,} / at turn {held[0]['turn']:,}", memory, FLAT, "times"),
        Verdict("Open files more at the end", files, 0, "files"),
        Verdict("Threads more at the end", threads, 1, "threads"),
    ]
    show(ground, held)


def compared(pairs: Sequence[tuple[Timed, Timed]]) -> dict[str, Any]:
    """Medians with intervals, in milliseconds; of the differences and the rates, each of one pair."""

    def both(name: str) -> dict[str, Any]:
        sides = ([1000 * getattr(pair[side], name) for pair in pairs] for side in (0, 1))
        return dict(zip(("ours", "raw"), map(median_interval, sides), strict=True))

    difference = median_interval([1000 * (ours.first - theirs.first) for ours, theirs in pairs])
    return {
        "first token": {**both("first"), "difference": difference},
        "processor until the first token": both("spent"),
        "rate": median_interval([theirs.streamed / ours.streamed for ours, theirs in pairs]),
    }


def show(ground: Ground, held: Sequence[dict[str, int]]) -> None:
    """The figures with their intervals."""
    from rich.table import Table

    figures = ground.figures["endpoint"]
    shown = Table(title="Answering beside the endpoint (medians and 95% intervals)")
    for column in ("", "measured", "low", "high"):
        shown.add_column(column)
    rows = {f"first token, {name} (ms)": one for name, one in figures["first token"].items()}
    rows |= {
        f"processor until then, {name} (ms)": one for name, one in figures["processor until the first token"].items()
    }
    rows |= {"rate, ours / raw": figures["rate"]}
    for name, one in rows.items():
        shown.add_row(name, *(f"{one[key]:.3f}" for key in ("median", "low", "high")))
    for name in ("for long", "for long, each question new"):
        growth = figures[name]["growth"]
        shown.add_row(f"{name}: KB a turn", *(f"{growth[key]:.3f}" for key in ("value", "low", "high")))
    for one in (held[0], held[-1]):
        told = f"{one['memory'] / 1e6:.1f} MB, {one['files']} files, {one['threads']} threads"
        shown.add_row(f"held after turn {one['turn']:,}", told)
    ground.console.print(shown)
