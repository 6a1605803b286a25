"""How quick the chat window is, in a real Chromium over `footnote chat` in a process of its own.

`python scripts/bench_window.py [--only PART …]` prints tables and what is wanted, writes them as JSON to
evals/results/, and its exit code is 1 where a limit is missed. Seconds and milliseconds are the page's own clock's.
"""

import argparse
import asyncio
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from bench_chat import SYLLABLES, boats, place
from playwright.async_api import Browser, async_playwright
from rich.console import Console
from rich.table import Table
from window_visitor import OPEN, Visitor, make_index, window

from evals.bench.command import show, versions
from evals.bench.ground import Ground
from evals.bench.measure import Verdict, machine, median_interval, percentile
from evals.cases import SEEDS, load_cases
from evals.results import PROJECT, RESULTS, commit, short

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
STARTS, WARM, ASKS, TURNS, ENDS, PEOPLE, EACH, OPENINGS = 5, 2, 30, 100, 10, 30, 3, 5
UNNOTICED = 50  # milliseconds
CASES = PROJECT / "evals" / "cases" / "seeds.jsonl"
LONG_TEXT, DEEP = 600_000, 250 / 300  # characters, and how far down the sentence stands that is asked for


def questions() -> list[str]:
    """What the cases ask of the seeds in one turn."""
    return [case.question for case in load_cases(CASES) if not case.history]


def shares(times: Sequence[float]) -> dict[str, float]:
    return {**median_interval(times), "p95": percentile(times, 0.95), "most": max(times)}


async def measure_start(browser: Browser, ground: Ground, embedding: str) -> None:
    """Seconds from starting the command until its socket listens, the page comes, is painted, and can be used."""
    folder = ground.clear("seeds")
    make_index(SEEDS, folder, embedding)
    steps: dict[str, list[float]] = {name: [] for name in ("listens", "page comes", "first paint", "can be asked")}
    for _ in range(STARTS):
        async with window(folder, embedding) as (address, started):
            listens = time.time()
            page = await (await browser.new_context()).new_page()
            await page.goto(address, wait_until="commit")
            shown = await page.wait_for_function("document.querySelector('#chat .welcome') && performance.now()")
            ready = float(await shown.json_value())
            paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
            painted = float(await (await page.wait_for_function(paint)).json_value())
            begun, came = await page.evaluate(
                "[performance.timeOrigin, performance.getEntriesByType('navigation')[0].responseStart]"
            )
            after = [0.0, came, painted, ready]
            for times, milliseconds in zip(steps.values(), after, strict=True):
                times.append((begun + milliseconds) / 1_000 - started)
            steps["listens"][-1] = listens - started
            await page.context.close()
    figures = {name: shares(times) for name, times in steps.items()}
    keep(ground, "start", embedding, figures, "s")
    ground.verdicts.append(Verdict(f"First paint, cold, {embedding}", figures["first paint"]["median"], 6.0))


async def measure_first(browser: Browser, ground: Ground, embedding: str) -> None:
    """Milliseconds from Enter to the first text: with time to read between two questions, and without."""
    folder = ground.clear("seeds")
    make_index(SEEDS, folder, embedding)
    figures = {}
    async with window(folder, embedding) as (address, _):
        for name in ("after a pause", "at once"):
            visitor = await Visitor.at(browser, address)
            times = []
            for question in questions()[: WARM + ASKS]:
                if name == "after a pause":
                    await visitor.settled()
                times.append(await visitor.ask(question))
            figures[name] = shares(times[WARM:])
            await visitor.close()
    keep(ground, "first", embedding, figures, "ms")
    ground.verdicts.append(Verdict(f"First text, {embedding}", figures["after a pause"]["median"], 300, "ms"))


async def measure_long(browser: Browser, ground: Ground, embedding: str) -> None:
    """A long conversation: the same ten questions over and over, its first ten turns against its last."""
    folder = ground.clear("seeds")
    make_index(SEEDS, folder, embedding)
    asked = questions()[:ENDS]
    times, sizes, nodes = [], [], []
    async with window(folder, embedding) as (address, _):
        visitor = await Visitor.at(browser, address)
        for turn in range(TURNS):
            if turn < ENDS or turn >= TURNS - ENDS:
                before = await visitor.settled()
                times.append(await visitor.ask(asked[turn % ENDS]))
                sizes.append(float(await visitor.settled() - before))
                nodes.append(await visitor.page.evaluate("document.querySelectorAll('*').length"))
            else:
                await visitor.ask(asked[turn % ENDS])
        await visitor.page.reload(wait_until="commit")
        shown = f"document.querySelectorAll('#chat .turn').length === {TURNS} && performance.now()"
        restored = float(await (await visitor.page.wait_for_function(shown)).json_value())
        await visitor.close()
    figures: dict[str, Any] = {}
    for name, values in (("first text, ms", times), ("bytes a turn", sizes)):
        figures |= {f"{name}, turns 1-10": shares(values[:ENDS]), f"{name}, turns 91-100": shares(values[-ENDS:])}
    figures |= {"nodes at turn 1": one(nodes[0]), "nodes at turn 100": one(nodes[-1]), "restored, ms": one(restored)}
    slower = median_interval([late - early for early, late in zip(times[:ENDS], times[ENDS:], strict=True)])
    keep(ground, "long", embedding, figures | {"later less earlier, ms": slower}, "")
    claim = f"First text, last ten turns less first ten, end of the interval, {embedding}"
    ground.verdicts.append(Verdict(claim, slower["high"], UNNOTICED, "ms"))


async def measure_article(browser: Browser, ground: Ground, embedding: str) -> None:
    """Opening a quote on page 250 of 300: where the article has to be fetched, and where it is shown already."""
    texts, folder = ground.clear("texts"), ground.clear("long")
    (texts / "long.txt").write_text(long_text(), "utf-8")
    (texts / "other.txt").write_text("Other matters\n\nThe mayor of Winterby keeps 14 geese.\n", "utf-8")
    make_index(texts, folder, embedding)
    fetched, again, sizes = [], [], []
    async with window(folder, embedding) as (address, _):
        visitor = await Visitor.at(browser, address)
        for turn in range(1, 2 * OPENINGS, 2):
            await visitor.ask("How many boats does the harbour of Redport hold?")
            await visitor.ask("How many geese does the mayor of Winterby keep?")
            before = await visitor.settled()
            link = visitor.page.locator(f'.turn[data-turn="{turn}"] .claim a.cite').first
            fetched.append(await link.evaluate(OPEN))
            sizes.append(float(await visitor.settled() - before))
            await visitor.page.evaluate("document.querySelector('#sources .body').scrollTop = 0")
            again.append(await link.evaluate(OPEN))
        await visitor.close()
    figures = {"fetched, ms": shares(fetched), "shown already, ms": shares(again), "bytes": shares(sizes)}
    keep(ground, "article", embedding, figures, "")
    ground.verdicts.append(Verdict("A quote on page 250 of 300 in view", max(fetched) / 1_000, 1.0))


def long_text() -> str:
    """A text without sense; one sentence of it, far down, says something."""
    chance = random.Random(20_160)
    words = [chance.choice(SYLLABLES) + chance.choice(SYLLABLES) for _ in range(2_000)]
    paragraphs, length, told = ["A long text"], 0, False
    while length < LONG_TEXT:
        lines = [" ".join(chance.choices(words, k=chance.randint(6, 20))).capitalize() + "." for _ in range(6)]
        if not told and length > LONG_TEXT * DEEP:
            lines.insert(3, "The harbour of Redport holds 417 boats.")
            told = True
        paragraphs.append(" ".join(lines))
        length += len(paragraphs[-1]) + 2
    return "\n\n".join(paragraphs) + "\n"


async def measure_people(browser: Browser, ground: Ground, embedding: str) -> None:
    """Many browsers at once, each asking about a place of its own."""
    texts, folder = ground.clear("texts"), ground.clear("people")
    for number in range(PEOPLE):
        text = f"{place(number)} by the sea\n\nThe harbour of {place(number)} holds {boats(number)} boats in winter.\n"
        (texts / f"{number}.txt").write_text(text, "utf-8")
    make_index(texts, folder, embedding)
    errors: list[str] = []

    async def converse(visitor: Visitor, number: int) -> list[float]:
        visitor.page.on("pageerror", lambda error: errors.append(str(error)))
        times = []
        for turn in range(1, EACH + 1):
            times.append(await visitor.ask(f"How many boats does the harbour of {place(number)} hold?"))
            told = await visitor.page.locator(f'.turn[data-turn="{turn}"]').inner_text()
            if boats(number) not in told.split("Why this answer?")[0]:
                errors.append(f"{place(number)}: {told[:200]}")
        return times

    async with window(folder, embedding) as (address, _):
        visitors = [await Visitor.at(browser, address) for _ in range(PEOPLE)]
        found = await asyncio.gather(*map(converse, visitors, range(PEOPLE)), return_exceptions=True)
        await asyncio.gather(*(visitor.close() for visitor in visitors))
    errors += [repr(times) for times in found if isinstance(times, BaseException)]
    every = [time_ for times in found if not isinstance(times, BaseException) for time_ in times]
    figures = {"first text, ms": shares(every), "errors and wrong answers": one(len(errors))}
    keep(ground, "people", embedding, figures, "")
    ground.verdicts.append(Verdict(f"Errors and wrong answers of {PEOPLE} browsers at once", len(errors), 0, ""))
    print(*errors[:10], sep="\n", file=sys.stderr)


def one(value: float) -> dict[str, float]:
    return {"runs": 1, "median": value}


def keep(ground: Ground, part: str, embedding: str, figures: dict[str, Any], unit: str) -> None:
    """Into the JSON with the machine's load, and onto the terminal."""
    load = round(os.getloadavg()[0], 2)
    ground.figures.setdefault(part, {})[embedding] = {"load": load, "unit": unit, **figures}
    shown = Table(title=f"{part}, {embedding}{f' ({unit})' if unit else ''}; load {load}")
    for heading in ("", "median", "95% interval", "p95", "most"):
        shown.add_column(heading)
    for name, values in figures.items():
        interval = f"{values['low']:,.2f} to {values['high']:,.2f}" if "low" in values else ""
        rest = [f"{values[key]:,.2f}" if key in values else "" for key in ("p95", "most")]
        shown.add_row(name, f"{values['median']:,.2f}", interval, *rest)
    ground.console.print(shown)


BOTH = ("static", "minilm")
PARTS: dict[str, tuple[Callable[[Browser, Ground, str], Awaitable[None]], tuple[str, ...]]] = {
    "start": (measure_start, BOTH),
    "first": (measure_first, BOTH),
    "long": (measure_long, ("static",)),
    "article": (measure_article, ("static",)),
    "people": (measure_people, ("static",)),
}


async def measure(ground: Ground, parts: Sequence[str], wanted: Sequence[str]) -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    async with async_playwright() as playwright:
        for part in parts:
            function, embeddings = PARTS[part]
            for embedding in [one for one in embeddings if one in wanted]:
                browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
                await function(browser, ground, embedding)
                await browser.close()


def main() -> int:
    """Measure, print, write; 1 where a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--static", action="store_true", help="leave MiniLM out")
    options = parser.parse_args()
    parts = options.only
    with tempfile.TemporaryDirectory(prefix="footnote") as folder:
        ground = Ground(Console(width=100), Path(folder).resolve())
        asyncio.run(measure(ground, parts, ("static",) if options.static else BOTH))
    show(ground)
    result = {
        "commit": commit(),
        "machine": machine(),
        "versions": versions(),
        "settings": {"parts": parts, "starts": STARTS, "asks": ASKS, "turns": TURNS, "people": PEOPLE, "each": EACH},
        "verdicts": [
            {"claim": v.claim, "value": v.value, "limit": v.limit, "unit": v.unit, "met": v.met}
            for v in ground.verdicts
        ],
        **ground.figures,
    }
    name = "bench-window" if parts == list(PARTS) else "-".join(["bench-window", *parts])
    path = RESULTS / f"{name}-{commit()}.json"
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"Written to {short(path)}")
    return int(not all(verdict.met for verdict in ground.verdicts))


if __name__ == "__main__":
    sys.exit(main())
