"""How well quotations and claims are checked: made pairs, true and false, and what the checks say of them."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from evals.cases import SEEDS
from evals.corpus import bare, read_corpus
from evals.pairs import ACCEPTED, GROUPS, Check, Pair, make_pairs
from evals.results import Row, Run, make_result, make_run, one_line, short, write
from rag.config import RagSettings

if TYPE_CHECKING:
    from rich.table import Table

NEWS = Path(__file__).parent / "cases" / "news"
SHOWN = 10  # pairs of a kind
WORST = 30  # slips on the screen; the JSON has all
LOWER = ("wrongly_accepted", "unsupported", "check_ms")
# What the checks must reach: the least of the first, the most of the others.
TRUE_QUOTES, FALSE_QUOTES, FALSE_CLAIMS, SLOWEST = 0.999, 0.0, 0.005, 5.0


@dataclass(frozen=True, slots=True)
class Told:
    """What a check says of a pair; `is_sound` is False where it shows words at a place that does not have them."""

    verdict: str
    reason: str = ""
    is_sound: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """A pair, what was said of it, and the processor time that it took: others on the machine do not count."""

    pair: Pair
    told: Told
    milliseconds: float

    @property
    def accepted(self) -> bool:
        """Whether the words pass as true: a quotation that stands where it is shown, a claim that is fully carried."""
        return self.told.is_sound and self.told.verdict in (*ACCEPTED, "supported")

    @property
    def slips(self) -> bool:
        return not self.told.is_sound or self.told.verdict not in self.pair.wanted

    @property
    def matters(self) -> bool:
        """A slip that is no mere matter of the right name: something true refused, or something false accepted."""
        return self.slips and (self.pair.is_true or self.accepted)


Checks = Mapping[Check, Callable[[Pair], Told]]


def evaluate(paths: Sequence[Path], count: int, seed: int, show: str, settings: RagSettings) -> int:
    """Check made pairs, print the rates by kind and write all; the exit code: 1 where a wanted figure is missed.

    With `show`, pairs of that kind are printed to be read, and nothing is checked.

    Raises:
        ConfigError: there is no text in any of the paths.
        LoadError: at a path are no articles.
    """
    from rich.console import Console
    from rich.progress import track

    console, progress = Console(), Console(stderr=True)
    paths = paths or [path for path in (SEEDS, NEWS) if path.is_dir()]
    made = make_pairs(read_corpus(paths, seed), count, seed)
    pairs = list(track(made, "Making pairs", total=count, transient=True, console=progress))
    if show:
        console.print("\n\n".join(pages(pairs, show, seed)), highlight=False, markup=False)
        return 0
    outcomes = check(track(pairs, "Checking", transient=True, console=progress), the_checks())
    name = "-".join(path.name.removesuffix(".jsonl") for path in paths)
    written = write(make_result("checks", name, runs(outcomes), settings, LOWER))
    console.print(by_kind(outcomes))
    missed = 0
    for line, is_met in figures(outcomes):
        console.print(line if is_met else f"{line}  MISSED", style="" if is_met else "red", highlight=False)
        missed += not is_met
    for line in worst(outcomes):
        console.print(line, style="dim", highlight=False, markup=False, soft_wrap=True)
    console.print(f"Written to {short(written)}", highlight=False)
    return 1 if missed else 0


def the_checks() -> Checks:
    """Those that answers go through."""
    from rag.reading.quotations import find_quotation
    from rag.support import check as check_claim

    def of_quote(pair: Pair) -> Told:
        found = find_quotation(pair.words, pair.texts, pair.cited)
        if found.verdict not in ACCEPTED:
            return Told(found.verdict)
        source = found.source or ""
        place = pair.texts.get(source, "")[found.start : found.end]
        is_sound = source in pair.cited and bare(place) == bare(pair.words)
        return Told(found.verdict, f"shown at “{place}” of {source}", is_sound)

    return {"quotes": of_quote, "claims": lambda pair: Told(*check_claim(pair.words, pair.quotes))}


def check(pairs: Iterable[Pair], checks: Checks) -> list[Outcome]:
    """What the checks say of each pair."""
    found = []
    for pair in pairs:
        started = time.thread_time()
        told = checks[pair.check](pair)
        found.append(Outcome(pair, told, (time.thread_time() - started) * 1000))
    return found


def runs(outcomes: Sequence[Outcome]) -> list[Run]:
    """A run a group."""
    metrics = ("accepted", "wrongly_accepted", "partial", "unsupported", "check_ms")
    return [make_run(group, "all", metrics, [_row(one) for one in of_group(outcomes, group)]) for group in GROUPS]


def _row(outcome: Outcome) -> Row:
    pair, told = outcome.pair, outcome.told
    row = {
        "id": pair.id,
        "kind": pair.kind,
        "verdict": told.verdict,
        "accepted" if pair.is_true else "wrongly_accepted": outcome.accepted,
        "check_ms": round(outcome.milliseconds, 4),
    }
    if pair.is_true and pair.check == "claims":
        row |= {name: told.verdict == name for name in ("partial", "unsupported")}
    if outcome.slips:
        row |= {"slip": True, "text": pair.words, "original": pair.original, "home": pair.home, "reason": told.reason}
        row |= {"cited": pair.cited or [one.quote for one in pair.quotes], "wanted": sorted(pair.wanted)}
    return row


def of_group(outcomes: Iterable[Outcome], group: str) -> list[Outcome]:
    return [one for one in outcomes if one.pair.group == group]


def by_kind(outcomes: Sequence[Outcome]) -> "Table":
    """A row a kind: how many, how many pass, and all verdicts."""
    from rich.box import SIMPLE
    from rich.table import Table

    shown = Table(box=SIMPLE, padding=(0, 1))
    for heading in ("", "kind", "pairs", "accepted", "rate", "verdicts"):
        shown.add_column(heading, justify="right" if heading in ("pairs", "accepted", "rate") else "left")
    for group, kinds in GROUPS.items():
        found = of_group(outcomes, group)
        for place, kind in enumerate(kinds):
            alike = [one for one in found if one.pair.kind == kind]
            accepted = sum(one.accepted for one in alike)
            verdicts = Counter(one.told.verdict if one.told.is_sound else "misplaced" for one in alike).most_common()
            rate = f"{accepted / len(alike):.3f}" if alike else "-"
            listed = " · ".join(f"{verdict} {times}" for verdict, times in verdicts)
            shown.add_row("" if place else group, kind, str(len(alike)), str(accepted), rate, listed)
        shown.add_section()
    return shown


def figures(outcomes: Sequence[Outcome]) -> list[tuple[str, bool]]:
    """The figures over all as lines, and whether each is what is wanted; a group without pairs meets it."""
    group = {name: of_group(outcomes, name) for name in GROUPS}
    true_quotes, false_quotes = _rate(group["true quotes"]), _rate(group["false quotes"])
    false_claims = _rate(group["false claims"])
    said = Counter(one.told.verdict for one in group["true claims"])
    shares = ", ".join(
        f"{name} {said[name] / max(1, said.total()):.4f}" for name in ("supported", "partial", "unsupported")
    )
    lines = [
        (f"true quotes accepted: {true_quotes:.4f} (wanted ≥ {TRUE_QUOTES})", true_quotes >= TRUE_QUOTES),
        (f"false quotes accepted: {false_quotes:.4f} (wanted {FALSE_QUOTES:.0f})", false_quotes <= FALSE_QUOTES),
        (f"false claims supported: {false_claims:.4f} (wanted ≤ {FALSE_CLAIMS})", false_claims <= FALSE_CLAIMS),
        (f"true claims: {shares}", True),
    ]
    for name in ("quotes", "claims"):
        times = [one.milliseconds for one in outcomes if one.pair.check == name] or [0.0]
        half, most = np.quantile(times, (0.5, 0.95))
        took = f"p50 {half:.2f} ms, p95 {most:.2f} ms of processor time"
        lines.append((f"a check of {name}: {took} (wanted p95 ≤ {SLOWEST:.0f})", most <= SLOWEST))
    return lines


def _rate(outcomes: Sequence[Outcome]) -> float:
    """The share accepted; of none, that which is wanted of a group."""
    return sum(one.accepted for one in outcomes) / len(outcomes) if outcomes else 0.0


def worst(outcomes: Sequence[Outcome]) -> list[str]:
    """Lines for the slips, one of each kind in turn, those kinds first in which the most of them are."""
    slips = sorted((one for one in outcomes if one.matters), key=lambda one: (one.pair.group, one.pair.kind))
    kinds = [list(found) for _, found in groupby(slips, key=lambda one: (one.pair.group, one.pair.kind))]
    kinds.sort(key=len, reverse=True)
    each = max(1, WORST // max(1, len(kinds)))
    lines = []
    for found in kinds:
        first = found[0].pair
        lines.append(f"{first.group}, {first.kind}: {len(found)} slips")
        for one in found[:each]:
            reason = f" ({one_line(one.told.reason)})" if one.told.reason else ""
            lines.append(f"  {one.told.verdict}{reason}: {one_line(one.pair.words)}")
            lines += [f"    {line}" for line in _origin(one.pair)]
    return lines


def pages(pairs: Sequence[Pair], kind: str, seed: int) -> list[str]:
    """Some pairs of a kind as a person reads them: the words, and what they are held against."""
    found = [pair for pair in pairs if pair.kind == kind]
    shown = Random(seed).sample(found, min(SHOWN, len(found)))
    counts = Counter(pair.group for pair in found)
    head = f"{kind}: {', '.join(f'{times} {group}' for group, times in counts.items()) or 'no pairs'}"
    return [head, *map(_page, shown)]


def _page(pair: Pair) -> str:
    lines = [f"{pair.id} · wanted: {', '.join(sorted(pair.wanted))}", f"  words: {one_line(pair.words)}"]
    return "\n".join([*lines, *(f"  {line}" for line in _origin(pair))])


def _origin(pair: Pair) -> list[str]:
    """The sentence that the words were made of, and what else is cited for them."""
    others = [one.quote for one in pair.quotes if one.quote != pair.original]
    return [f"from: {one_line(pair.original)}", *(f"cited: {one_line(quote)}" for quote in others)]
