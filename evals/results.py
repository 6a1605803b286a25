"""What a measurement gave, as data: written as JSON named by the commit, read again to compare and to report."""

import json
import math
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import ConfigError
from rag.config import RagSettings
from rag.prompt import prompt_versions

PROJECT = Path(__file__).parents[1]
RESULTS = PROJECT / "evals" / "results"
PACKAGES = ("chromadb", "llama-index-core", "openai", "sentencex", "tiktoken", "wordllama")
RESAMPLES = 2_000
SECRET = {"api_key", "base_url", "data_dir", "embedding_url", "rerank_url", "chroma_url"}

Row = Mapping[str, Any]  # of one query or case: "id", a value for each metric (None where it does not apply), and more


@dataclass(frozen=True, slots=True)
class Estimate:
    """The mean of a metric over `count` rows, and its 95% interval."""

    value: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Run:
    """One system under one condition, "footnote (static)" on "last turn"; `metrics` are over rows that have them."""

    system: str
    condition: str
    metrics: Mapping[str, Estimate]
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Result:
    """One command's outcome: `kind` is the command, `name` the data, `lower` the metrics of which less is better."""

    kind: str
    name: str
    runs: Sequence[Run]
    settings: Mapping[str, Any]
    lower: Sequence[str] = ()
    commit: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    machine: Mapping[str, Any] = field(default_factory=dict)
    prompts: Mapping[str, str] = field(default_factory=dict)  # what a model is told: the version of each text
    made: str = ""  # the time in UTC, ISO 8601: of two results of one kind and name the later one is shown


def estimate(values: Sequence[float], seed: int = 0) -> Estimate:
    """Mean with the percentile bootstrap's 95% interval (Efron 1979, "Bootstrap methods"); repeatable by its seed.

    Raises:
        ValueError: there are no values.
    """
    if not len(values):
        raise ValueError("nothing was measured")
    array = np.asarray(values, dtype=float)
    random = np.random.default_rng(seed)
    means = array[random.integers(0, len(array), (RESAMPLES, len(array)))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return Estimate(float(array.mean()), float(low), float(high), len(array))


def make_run(system: str, condition: str, metrics: Sequence[str], rows: Sequence[Row]) -> Run:
    """A run whose estimates are over the rows that have a value; a metric that no row has is left out."""
    found = {name: [float(row[name]) for row in rows if row.get(name) is not None] for name in metrics}
    return Run(system, condition, {name: estimate(values) for name, values in found.items() if values}, rows)


def make_result(kind: str, name: str, runs: Sequence[Run], settings: RagSettings, lower: Sequence[str] = ()) -> Result:
    """The runs with what they were made with: settings (without addresses and keys), versions, machine, prompts."""
    return Result(
        kind,
        name,
        runs,
        settings.model_dump(mode="json", exclude=SECRET),
        lower,
        commit(),
        {"python": platform.python_version(), **{package: version(package) for package in PACKAGES}},
        {"system": platform.platform(), "processors": os.cpu_count()},
        prompt_versions() | prompt_versions("evals"),
        datetime.now(UTC).isoformat(timespec="seconds"),
    )


def write(result: Result, folder: Path = RESULTS) -> Path:
    """The file `<kind>-<name>-<commit>.json` in `folder`; an older one of that name is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{result.kind}-{result.name}-{result.commit}.json"
    path.write_text(json.dumps(asdict(result), indent=1, ensure_ascii=False) + "\n", "utf-8")
    return path


def read(path: Path) -> Result:
    """A result as `write` left it.

    Raises:
        ConfigError: there is no such file, or it is no result.
    """
    try:
        fields = json.loads(path.read_text("utf-8"))
        runs = [
            Run(**{**run, "metrics": {name: Estimate(**one) for name, one in run["metrics"].items()}})
            for run in fields["runs"]
        ]
        return _checked(Result(**{**fields, "runs": runs}))
    except OSError as error:
        raise ConfigError(f"Cannot read {path}: {error.strerror}.") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ConfigError(
            f"{path} is not a result of `footnote eval`.", "Make one, say: footnote eval answers"
        ) from error


def _checked(result: Result) -> Result:
    """The same result; a ValueError where its parts are not what their names say."""
    texts = [result.kind, result.name, result.commit, result.made, *result.lower]
    texts += [text for run in result.runs for text in (run.system, run.condition, *run.metrics)]
    numbers = [number for run in result.runs for one in run.metrics.values() for number in asdict(one).values()]
    rows = [row for run in result.runs for row in run.rows]
    if not (
        all(isinstance(text, str) for text in texts)
        and all(isinstance(number, int | float) for number in numbers)
        and all(isinstance(row, dict) and "id" in row for row in rows)
        and all(isinstance(one, dict) for one in (result.settings, result.versions, result.machine, result.prompts))
    ):
        raise ValueError("not the shape of a result")
    return result


def value_of(row: Row, metric: str) -> float | None:
    """What a row has for a metric; None where it does not apply, or is no number that can be compared."""
    found = row.get(metric)
    return float(found) if isinstance(found, int | float) and math.isfinite(found) else None


def text_of(row: Row) -> str:
    """What the row's query or case asks, where it says so."""
    return next((str(row[name]) for name in ("text", "question", "query") if row.get(name)), "")


def number_as_text(value: float, sign: str = "") -> str:
    """Three decimals for a share, and fewer the larger it is; with the sign "+", one is always there."""
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 10 else 3
    return f"{value:{sign},.{digits}f}"


def one_line(text: str) -> str:
    """Text from data as a terminal may show it: control characters could steer it."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


@lru_cache
def commit() -> str:
    """The first 12 digits of the commit, "-dirty" where files differ from it, "unknown" outside a checkout."""

    def git(*arguments: str) -> str:
        found = subprocess.run(["git", "-C", str(PROJECT), *arguments], capture_output=True, text=True, check=False)
        return found.stdout.strip() if found.returncode == 0 else ""

    try:
        head = git("rev-parse", "--short=12", "HEAD")
        changed = git("status", "--porcelain", "--", ":!evals/results", ":!evals/LOG.md", ":!README.md", ":!docs")
    except OSError:
        return "unknown"
    return f"{head}{'-dirty' if changed else ''}" if head else "unknown"


def short(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
