"""The `footnote` command: one function a subcommand, and nothing imported before it is needed."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from index.errors import FootnoteError, IndexMissing

if TYPE_CHECKING:
    from index.engine import Index

SEEDS = Path(__file__).parents[1] / "seeds"


def main() -> None:
    """Run the command; a known error is one line and exit code 1."""
    try:
        cli()
    except FootnoteError as error:
        click.echo(f"footnote: {error}", err=True)
        sys.exit(1)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="footnote")
def cli() -> None:
    """Ask questions of your own articles; every sentence of an answer opens its quote."""


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
def index(paths: tuple[Path, ...]) -> None:
    """Bring the index in line with the text and Markdown files in PATHS (default: the two articles in seeds/)."""
    _sync(paths or (SEEDS,))


@cli.command()
@click.argument("question", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print the whole answer as JSON.")
def ask(question: tuple[str, ...], as_json: bool) -> None:
    """Answer QUESTION from the indexed articles, with quotes."""
    from rag import query
    from ui.terminal import render

    answer = query(" ".join(question))
    if as_json:
        click.echo(json.dumps(answer.to_dict(), ensure_ascii=False, indent=2))
    else:
        click.echo(render(answer))


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve at.")
@click.option("--port", default=7860, show_default=True, type=click.IntRange(1, 65535))
def chat(host: str, port: int) -> None:
    """Open the chat window (indexes seeds/ first if nothing is indexed yet)."""
    from rag import open_assistant
    from rag.config import load_settings
    from ui.web import serve

    assistant = open_assistant(load_settings())
    if _nothing_in(assistant.index):
        _sync((SEEDS,))
    serve(assistant, host, port)


@cli.command(name="eval")
@click.argument("cases", required=False, type=click.Path(path_type=Path))
@click.option(
    "--articles", default=SEEDS, type=click.Path(path_type=Path), help="What the cases are about.  [default: seeds/]"
)
def evaluate(cases: Path | None, articles: Path) -> None:
    """Run the CASES (default: those about seeds/) and print the scores; exit code 1 under a threshold."""
    from evals.cases import SEED_CASES
    from evals.run import evaluate as run
    from rag.config import load_settings

    sys.exit(run(cases or SEED_CASES, articles, load_settings()))


def _nothing_in(index: "Index") -> bool:
    try:
        return not index.article_count()
    except IndexMissing:
        return True


def _sync(paths: tuple[Path, ...]) -> None:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from rag import open_assistant
    from rag.config import load_settings
    from ui.terminal import render_sync

    console = Console(stderr=True)
    columns = TextColumn("Indexing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("files", total=None)
        report = open_assistant(load_settings()).index.sync(
            paths, lambda done, total: bar.update(task, completed=done, total=total)
        )
    click.echo(render_sync(report))


if __name__ == "__main__":
    main()
