"""How fast, how large, how soon: `python -m evals bench [PART …] [DATA]`, with tables, verdicts and a JSON file."""

import json
import platform
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

from evals.bench import building, endpoint, searching, startup, syncing
from evals.bench.ground import RUNS, Ground
from evals.bench.measure import Verdict, machine
from evals.bench.picture import draw
from evals.results import PROJECT, RESULTS, commit, short
from index.config import IndexSettings
from index.errors import ConfigError
from index.minilm import is_installed
from rag.prompt import prompt_versions

PARTS = {
    "startup": startup.run,
    "build": building.run,
    "sync": syncing.run,
    "search": searching.run,
    "endpoint": endpoint.run,
}
WITHOUT_DATA = {"startup", "endpoint"}
PACKAGES = (
    "chromadb",
    "llama-index-core",
    "llama-index-vector-stores-chroma",
    "numpy",
    "onnxruntime",
    "openai",
    "sentencex",
    "tiktoken",
    "tokenizers",
    "wordllama",
)
PICTURE = PROJECT / "docs" / "index-scale.png"


class _Parser(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise ConfigError(f"{message}.", "See: python -m evals bench --help")


def main(arguments: Sequence[str]) -> int:
    """Measure; the exit code is 1 where a limit is missed.

    Raises:
        ConfigError: the arguments make no sense.
    """
    from rich.console import Console

    options = _options(arguments)
    console = Console()
    with tempfile.TemporaryDirectory(prefix="footnote") as folder:
        ground = Ground(
            console,
            Path(folder).resolve(),
            options.data,
            options.articles,
            options.chunks,
            quick=options.quick,
            runs={name: options.runs or RUNS[name] for name in options.embeddings},
        )
        for part in options.parts:
            PARTS[part](ground)
    show(ground)
    name = "bench" if list(PARTS) == options.parts else "-".join(["bench", *options.parts])
    path = _write(name, ground, options)
    if "search" in options.parts:
        pictures = [path.with_suffix(".png"), *([PICTURE] if options.picture else [])]
        for picture in pictures:
            draw(ground.figures["search"]["sizes"], picture)
            console.print(f"Drawn in {short(picture)}", highlight=False)
    console.print(f"Written to {short(path)}", highlight=False)
    return int(not all(one.met for one in ground.verdicts))


def _options(arguments: Sequence[str]) -> Namespace:
    parser = _Parser(prog="python -m evals bench", description=__doc__)
    parser.add_argument("what", nargs="*", help=f"{', '.join(PARTS)}, and a folder of */corpus.jsonl files")
    parser.add_argument("--articles", type=_number, default=10_000, help="of build and sync (default: 10000)")
    parser.add_argument("--chunks", type=_number, default=100_000, help="of the largest search (default: 100000)")
    parser.add_argument("--runs", type=_number, help="of each build (default: 3 with static, 1 with minilm)")
    parser.add_argument("--static", action="store_true", help="leave MiniLM out")
    parser.add_argument("--quick", action="store_true", help="of endpoint: as little as shows that it runs")
    parser.add_argument("--picture", action="store_true", help="draw docs/index-scale.png too")
    options = parser.parse_args(arguments)
    parts = {one for one in options.what if one in PARTS}
    places = [Path(one).expanduser() for one in options.what if one not in PARTS]
    if len(places) > 1:
        raise ConfigError(f"One folder of corpora is enough: {' '.join(map(str, places))}")
    options.data = places[0] if places else None
    chosen = parts or (set(PARTS) if places else {"startup"})
    options.parts = [name for name in PARTS if name in chosen]
    options.embeddings = ["static"] if options.static or not is_installed() else ["static", "minilm"]
    _check(options)
    return options


def _check(options: Namespace) -> None:
    """Everything that would stop the run later, said before it starts."""
    if options.picture and "search" not in options.parts:
        raise ConfigError("The picture is drawn by the part search.")
    if set(options.parts) <= WITHOUT_DATA:
        return
    if options.data is None:
        raise ConfigError("Give a folder with */corpus.jsonl files too.")
    if not options.data.is_dir():
        raise ConfigError(f"No such folder: {options.data}")
    for package in ("llama_index.vector_stores.chroma", "matplotlib"):
        if _missing(package):
            raise ConfigError(f"{package} is not installed.", "Run: make setup")


def _missing(package: str) -> bool:
    try:
        return find_spec(package) is None
    except ModuleNotFoundError:  # of a package around it
        return True


def _number(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise ValueError(text)
    return int(text)


_number.__name__ = "number"  # in argparse's message


def show(ground: Ground) -> None:
    """What was wanted, what was found, and in words what was missed."""
    from rich.table import Table

    shown = Table(title="What is wanted")
    for heading in ("", "measured", "limit", ""):
        shown.add_column(heading, justify="right" if heading else "left")
    for one in ground.verdicts:
        sign = "≥" if one.at_least else "≤"
        verdict = "[green]met[/]" if one.met else "[red]missed[/]"
        shown.add_row(one.claim, f"{one.value:.2f} {one.unit}", f"{sign} {one.limit:g} {one.unit}", verdict)
    ground.console.print(shown)
    if len(ground.runs) == 1:
        ground.console.print("MiniLM was left out: what is wanted of it is not judged.", style="dim")
    for line in shortfalls(ground.verdicts):
        ground.console.print(line, style="red", highlight=False)


def shortfalls(verdicts: Sequence[Verdict]) -> list[str]:
    return [
        f"{one.claim}: {one.value:.2f} {one.unit} is {'under' if one.at_least else 'over'} {one.limit:g} {one.unit}"
        for one in verdicts
        if not one.met
    ]


def versions() -> dict[str, str]:
    """Of Python and of the packages whose speed is measured."""
    return {"python": platform.python_version(), **{package: _version(package) for package in PACKAGES}}


def _write(name: str, ground: Ground, options: Namespace) -> Path:
    result: dict[str, Any] = {
        "commit": commit(),
        "machine": machine(),
        "versions": versions(),
        "prompts": prompt_versions(),
        "settings": {
            **{key: getattr(options, key) for key in ("parts", "articles", "chunks", "quick", "embeddings")},
            "runs": ground.runs,
            "chunk_tokens": IndexSettings.model_fields["chunk_tokens"].default,
        },
        "verdicts": [
            {"claim": v.claim, "value": v.value, "limit": v.limit, "unit": v.unit, "at_least": v.at_least, "met": v.met}
            for v in ground.verdicts
        ],
        **ground.figures,
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}-{commit()}.json"
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return path


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
