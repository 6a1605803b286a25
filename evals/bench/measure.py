"""What any measurement needs: processes of its own, spreads, percentiles, limits, and what machine this is."""

import math
import os
import platform
import signal
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import wraps
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any, ParamSpec, TypeVar

import numpy as np

from evals.results import RESAMPLES
from index.errors import FootnoteError

P = ParamSpec("P")
T = TypeVar("T")
SETTINGS = ("FOOTNOTE_", "OPENAI_")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing that is wanted: a figure and the most (or least) it may be."""

    claim: str
    value: float
    limit: float
    unit: str = "s"
    at_least: bool = False

    @property
    def met(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def spread(values: Sequence[float]) -> dict[str, float]:
    """How many there are, and their median, least and most."""
    return {"runs": len(values), "median": median(values), "min": min(values), "max": max(values)}


def median_interval(values: Sequence[float]) -> dict[str, float]:
    """The median with the percentile bootstrap's 95% interval."""
    array = np.asarray(values, dtype=float)
    drawn = np.random.default_rng(0).integers(0, len(array), (RESAMPLES, len(array)))
    low, high = np.quantile(np.median(array[drawn], axis=1), (0.025, 0.975))
    return {"runs": len(array), "median": float(np.median(array)), "low": float(low), "high": float(high)}


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of all values does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def recall(found: Sequence[str], exact: Sequence[str], count: int) -> float:
    """The share of the `count` best that is among the first `count` found, in whatever order."""
    best = exact[:count]
    return len(set(best) & set(found[:count])) / len(best)


def fresh(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What a function gives in a new process without settings, so that memory and imports are its own."""
    with tempfile.TemporaryDirectory() as folder:
        pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_bare, initargs=(folder,))
        with pool:
            try:
                return pool.submit(function, *args, **kwargs).result()
            except BrokenProcessPool as error:
                raise FootnoteError(f"The process that ran {function.__name__} was ended (out of memory?).") from error


def _bare(folder: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # ends without a word; the parent says what there is to say
    os.chdir(folder)  # where no footnote.toml is
    for name in [name for name in os.environ if name.startswith(SETTINGS)]:
        del os.environ[name]


def bare_environment(**settings: str) -> dict[str, str]:
    """The environment without settings but these, for a command; it runs this very tree."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
    return {**kept, "PYTHONPATH": str(Path(__file__).parents[2]), **settings}


def peak_memory() -> int:
    """The most bytes of memory that this process ever held."""
    try:
        status = Path("/proc/self/status").read_text("utf-8")
    except OSError:
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if platform.system() == "Darwin" else peak * 1024
    # Linux's ru_maxrss starts at what the parent held when it made the process; this does not.
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def disk(folder: Path) -> int:
    """The bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def machine() -> dict[str, Any]:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "system": platform.platform(),
        "processor": models[0] if models else platform.processor(),
        "processors": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
    }


class Stopwatch:
    """Seconds by section; while an inner section runs, the outer one stands still. Each thread has its own sections."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._local = threading.local()

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        inner: list[float] = getattr(self._local, "inner", [])  # seconds spent inside, one for each open section
        self._local.inner = inner
        inner.append(0.0)
        started = time.perf_counter()
        try:
            yield
        finally:
            elapsed = time.perf_counter() - started
            self.seconds[name] += elapsed - inner.pop()
            if inner:
                inner[-1] += elapsed

    def watch(self, methods: Mapping[str, Sequence[tuple[type, str]]]) -> None:
        """Count the calls of methods to sections, for as long as this process lives."""
        for name, some in methods.items():
            for owner, method in some:
                setattr(owner, method, self._watched(name, getattr(owner, method)))

    def _watched(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def timed(*args: Any, **kwargs: Any) -> Any:
            with self.section(name):
                result = method(*args, **kwargs)
            # A context manager has done nothing yet: what it encloses is what counts.
            return self._around(name, result) if isinstance(result, AbstractContextManager) else result

        return timed

    @contextmanager
    def _around(self, name: str, inner: AbstractContextManager[T]) -> Iterator[T]:
        with self.section(name), inner as value:
            yield value
