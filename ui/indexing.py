"""What `footnote index`, `articles` and `chat` do with the index, and how a person sees it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from index.errors import ConfigError, FootnoteError, IndexMissing, LoadError
from index.records import Filters

if TYPE_CHECKING:
    from index.engine import Index

SEEDS = Path(__file__).parents[1] / "seeds"
LOOK_AGAIN = 300  # seconds after which pages and feeds, and folders that tell no changes, are looked at again


def open_index() -> "Index":
    """The index that the settings name."""
    from rag import open_assistant
    from rag.config import load_settings

    return open_assistant(load_settings()).index


def nothing_in(index: "Index") -> bool:
    """Whether there is no index yet, or no article in it."""
    try:
        return not index.article_count()
    except IndexMissing:
        return True


def sync(paths: Sequence[str], *, dry_run: bool, rebuild: bool, allow_private: bool) -> None:
    """Index with a progress bar, and print what was done.

    Raises:
        LoadError: nothing of `paths` could be read; what of them is new is not remembered.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    from ui.render.terminal import render_sync

    index = open_index()
    known = () if rebuild else _known_roots(index)
    console = Console(stderr=True)
    counts = BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}")
    columns = TextColumn("Indexing"), *counts, TimeElapsedColumn(), TimeRemainingColumn()
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("files", total=None, rate="")

        def show(done: float, total: int) -> None:
            speed = bar.tasks[0].speed
            bar.update(task, completed=done, total=total, rate=f"{speed:.0f} files/s" if speed else "")

        if rebuild:
            report = index.rebuild(paths, show, allow_private=allow_private)
        else:
            roots = () if known else (str(SEEDS),)
            report = index.sync(paths or roots, show, dry_run=dry_run, allow_private=allow_private)
    if index.embedder.notice:
        click.echo(index.embedder.notice, err=True)
    click.echo(render_sync(report, dry_run=dry_run))
    if paths and report.failed and not report.came_to_something:
        if not dry_run:
            index.remove(root for root in _known_roots(index) if root not in known)
        left = "the index is empty now" if rebuild else "nothing was indexed"
        raise LoadError(f"Nothing of this could be read: {left}.")


def _known_roots(index: "Index") -> Sequence[str]:
    try:
        return index.roots()
    except IndexMissing:
        return ()


def watch_and_sync(paths: Sequence[str], *, allow_private: bool) -> None:
    """Index now and after every change, until the person stops it."""
    from watchfiles import Change, DefaultFilter, watch

    from ui.render.terminal import render_sync

    index = open_index()
    sync(paths, dry_run=False, rebuild=False, allow_private=allow_private)
    roots = [root for root in paths or index.status().roots if Path(root).exists()]
    click.echo("Watching. Stop with Ctrl+C.")
    own, usual = index.settings.data_dir.resolve(), DefaultFilter()

    def concerns_articles(change: Change, path: str) -> bool:
        return usual(change, path) and not Path(path).is_relative_to(
            own
        )  # what a sync writes is no reason for the next

    for _ in watch(*roots, watch_filter=concerns_articles, rust_timeout=LOOK_AGAIN * 1_000, yield_on_timeout=True):
        try:
            report = index.sync(paths, allow_private=allow_private)
        except FootnoteError as error:
            click.echo(f"{error} Looking again after the next change.", err=True)
            continue
        if report.added or report.edited or report.renamed or report.deleted:
            click.echo(render_sync(report))


def show_status() -> None:
    """Print what is in the index."""
    from ui.render.terminal import render_status

    click.echo(render_status(open_index().status()))


def list_articles(words: str, filters: Mapping[str, str], *, as_json: bool) -> None:
    """Print the articles that pass the filters and have all of the words."""
    from ui.render.terminal import render_entries

    entries = open_index().entries(make_filters(filters), words)
    if as_json:
        click.echo(json.dumps([asdict(entry) for entry in entries], ensure_ascii=False, indent=2))
    else:
        click.echo(render_entries(entries))


def make_filters(values: Mapping[str, str]) -> Filters:
    """The filters that a person typed.

    Raises:
        ConfigError: a date is none.
    """
    values = {name: value.encode(errors="replace").decode() for name, value in values.items()}
    for name in ("after", "before"):
        try:
            values[name] = values[name] and date.fromisoformat(values[name]).isoformat()
        except ValueError as error:
            raise ConfigError(f"--{name}: {values[name]} is no date.", "Write it as 2016-08-31.") from error
    if values["after"] and values["before"] and values["after"] > values["before"]:
        raise ConfigError("--after is later than --before.", "Exchange them.")
    return Filters(**values)
