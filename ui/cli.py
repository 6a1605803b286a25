"""The `footnote` command: one function a subcommand, and nothing imported before it is needed."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evals.cli import evaluate
from index.errors import FootnoteError

if TYPE_CHECKING:
    from rag.records import Answer


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


def _filters(command: Any) -> Any:
    """The options that say which articles to look at."""
    for option, help_ in (
        ("--before", "Of this day or earlier, as 2016-08-31."),
        ("--after", "Of this day or later, as 2016-08-01."),
        ("--path", "A file, a folder, or a pattern with *."),
        ("--author", "Part of an author's name."),
        ("--source", "Part of a path or an address, such as a site's name."),
    ):
        command = click.option(option, default="", metavar="TEXT", help=help_)(command)
    return command


def _made_ready(_: click.Context, __: click.Parameter, path: Path | None) -> Path | None:
    """A file that no line can be added to is known before anything is asked."""
    if path:
        from ui.journal import make_ready

        make_ready(path)
    return path


_trace = click.option(
    "--trace",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=_made_ready,
    metavar="FILE",
    help="Add to FILE how each answer came about, as a line of JSON.",
)


@cli.command()
@click.argument("paths", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Change nothing, only say what would be done.")
@click.option("--watch", is_flag=True, help="Stay, and index again whenever something changes.")
@click.option("--status", is_flag=True, help="Say what is in the index and what could not be read.")
@click.option("--rebuild", is_flag=True, help="Build the index anew, as after a change of the embedding.")
@click.option("--allow-private", is_flag=True, help="Fetch from addresses of this machine and its network too.")
def index(  # noqa: PLR0913, PLR0917
    paths: tuple[str, ...], dry_run: bool, watch: bool, status: bool, rebuild: bool, allow_private: bool
) -> None:
    """Bring the index in line with PATHS: files, folders, web pages, feeds and sitemaps.

    Without PATHS, with all that was given before; the first time, with the two articles in seeds/.
    """
    from ui.indexing import show_status, sync, watch_and_sync

    if sum((dry_run, watch, status, rebuild)) > 1:
        raise click.UsageError("--dry-run, --watch, --status and --rebuild do not go together.")
    if status:
        show_status()
    elif watch:
        watch_and_sync(paths, allow_private=allow_private)
    else:
        sync(paths, dry_run=dry_run, rebuild=rebuild, allow_private=allow_private)


@cli.command()
@click.argument("targets", nargs=-1, required=True)
def remove(targets: tuple[str, ...]) -> None:
    """Take TARGETS out of the index: files, folders, addresses or article ids. The files themselves stay."""
    from ui.indexing import open_index

    removed = open_index().remove(targets)
    click.echo(f"{len(removed)} removed from the index; what is indexed again comes back.")


@cli.command()
@click.argument("words", nargs=-1)
@_filters
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def articles(words: tuple[str, ...], as_json: bool, **filters: str) -> None:
    """List what is in the index, or the articles that have all of the WORDS."""
    from ui.indexing import list_articles

    list_articles(" ".join(words), filters, as_json=as_json)


@cli.command()
@click.argument("question", nargs=-1, required=True)
@_filters
@click.option("--json", "as_json", is_flag=True, help="Print the whole answer as JSON.")
@click.option("--export", "file", default="", metavar="FILE", help="Write it to FILE too: .md, .html, .json or .txt.")
@_trace
def ask(question: tuple[str, ...], as_json: bool, file: str, trace: Path | None, **filters: str) -> None:
    """Answer QUESTION from the indexed articles, with quotes."""
    from rag import query
    from ui.indexing import make_filters
    from ui.render.terminal import render

    if file:  # what is wrong with it is known before anything is asked
        from ui.render.export import suffix_of

        suffix_of(file)
        _check(Path(file))
    answer = query(" ".join(question), filters=make_filters(filters))
    if as_json:
        click.echo(json.dumps(answer.to_dict(), ensure_ascii=False, indent=2))
    else:
        click.echo(render(answer))
    if file:
        _export(answer, Path(file))
    if trace:
        from rag.config import load_settings
        from ui.trace import append

        append(trace, answer, load_settings())


def _check(path: Path) -> None:
    """Whether the file could be written; it stays as it was."""
    new = not path.exists()
    with _telling(path):
        path.open("a").close()
        if new:
            path.unlink()


def _export(answer: "Answer", path: Path) -> None:
    from ui.render.export import export

    with _telling(path):
        path.write_text(export([answer], path.name), "utf-8", "replace")


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FootnoteError(f"Cannot write to {path}: {error.strerror}.") from error


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print all that was kept, the answers too, as JSON.")
def feedback(as_json: bool) -> None:
    """List the answers that were rated in the chat window, with their comments."""
    from rag.config import load_settings
    from ui.feedback import ratings
    from ui.render.terminal import render_ratings

    rated = ratings(load_settings().data_dir)
    click.echo(json.dumps(rated, ensure_ascii=False, indent=2) if as_json else render_ratings(rated))


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve at.")
@click.option("--port", default=7860, show_default=True, type=click.IntRange(1, 65535))
@click.option("--auth", type=click.Path(path_type=Path), help="Only for the people of this file (see `password`).")
@click.option("--root-path", default="", metavar="PATH", help="Behind a proxy: /footnote or https://host/footnote.")
@_trace
def chat(host: str, port: int, auth: Path | None, root_path: str, trace: Path | None) -> None:
    """Open the chat window (indexes seeds/ first if nothing is indexed yet)."""
    from ui.passwords import read_people
    from ui.web.address import parse_address

    people, address = read_people(auth) if auth else None, parse_address(root_path, host)

    from rag import open_assistant
    from rag.config import load_settings
    from ui.indexing import nothing_in, sync
    from ui.web.app import Access, is_shared, serve

    assistant = open_assistant(load_settings())
    if nothing_in(assistant.index):
        sync((), dry_run=False, rebuild=False, allow_private=False)
    shared = is_shared(host) or bool(root_path)  # whom a proxy lets through, nobody here knows
    serve(assistant, host, port, Access(address, people, shared), trace)


@cli.command()
@click.argument("name")
@click.option("--file", required=True, type=click.Path(path_type=Path), help="The file for `chat --auth`.")
def password(name: str, file: Path) -> None:
    """Give NAME a password for the chat window; asks for it twice. Who may no longer come in: delete the line."""
    from ui.passwords import set_password

    set_password(file, name, click.prompt("Password", hide_input=True, confirmation_prompt="Again"))
    click.echo(f"{name} may sign in: footnote chat --auth {file}")


@cli.command()
@click.option("--url", default="", metavar="URL", help="An endpoint to look at in place of the configured one.")
@click.option("--model", default="", metavar="NAME", help="A model in place of the configured one.")
@click.option("--no-scan", is_flag=True, help="Leave the usual ports of this machine alone.")
@click.option("--window", default=16_384, show_default=True, type=click.IntRange(512), help="Longest prompt, tokens.")
@click.option("--json", "as_json", is_flag=True, help="Print the same as JSON.")
def doctor(url: str, model: str, no_scan: bool, window: int, as_json: bool) -> None:
    """Say what works, what does not, and the setting to change; exit code 1 if no answer can be had."""
    from ui.doctor import doctor as examine

    sys.exit(0 if examine(url=url, model=model, scan=not no_scan, longest=window, as_json=as_json) else 1)


cli.add_command(evaluate)


if __name__ == "__main__":
    main()
