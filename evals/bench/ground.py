"""Where the parts of the bench meet: the options, a temporary folder, the articles in it, and what was built."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.bench.corpus import load_articles, read_all, write_articles
from evals.bench.measure import Verdict
from index.config import IndexSettings
from index.errors import ConfigError
from index.sources import SETTLED

if TYPE_CHECKING:
    from rich.console import Console

RUNS = {"static": 3, "minilm": 1}  # builds; one with MiniLM takes minutes


@dataclass
class Ground:
    """What the parts share. `figures` go into the JSON, `verdicts` decide over the exit code."""

    console: "Console"
    work: Path
    data: Path | None = None
    articles: int = 10_000
    chunks: int = 100_000
    questions: int = 500
    quick: bool = False  # as little as shows that it runs
    runs: dict[str, int] = field(default_factory=lambda: dict(RUNS))  # of the embeddings to measure
    figures: dict[str, Any] = field(default_factory=dict)
    verdicts: list[Verdict] = field(default_factory=list)
    builds: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # "ours static" → one a run

    @cached_property
    def texts(self) -> list[str]:
        """The articles of the corpora."""
        assert self.data is not None
        return load_articles(self.data)

    @cached_property
    def folder(self) -> Path:
        """The files that both sides index: written once, read once, and old enough that nobody reads them twice."""
        if len(self.texts) < self.articles:
            raise ConfigError(
                f"{self.data} has {len(self.texts)} distinct articles, not {self.articles}.", "Set --articles."
            )
        folder = self.work / "articles"
        with self.working(f"Writing {self.articles:,} articles"):
            write_articles(folder, self.texts[: self.articles])
            read_all(folder)
            time.sleep(SETTLED + 0.5)  # a sync does not trust the times of a file that has just been written
        return folder

    def clear(self, name: str) -> Path:
        """An empty folder of this name."""
        folder = self.work / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder

    @contextmanager
    def working(self, what: str) -> Iterator[None]:
        """A bar that moves, and the time, while something runs that does not tell how far it is."""
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
        with Progress(*columns, console=self.console, transient=True, disable=not self.console.is_terminal) as progress:
            progress.add_task(what, total=None)
            yield


def our_settings(folder: Path, embedding: str) -> IndexSettings:
    """The defaults, in this folder with this embedder."""
    return IndexSettings(data_dir=folder, embedding=embedding)
