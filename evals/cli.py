"""`footnote eval` and `python -m evals`: one function a command, and nothing imported before it is needed."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from evals.drafts import Draft
    from evals.make_cases import Decision

PATH = click.Path(path_type=Path)


@click.group(name="eval", invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def evaluate(context: click.Context) -> None:
    """Measure how well answers are found, on your own cases or on public data; without a command: answers."""
    if context.invoked_subcommand is None:
        context.invoke(answers)


@evaluate.command()
@click.argument("cases", required=False, type=click.Path(path_type=Path))
@click.option("--articles", type=click.Path(path_type=Path), help="What the cases are about.  [default: seeds/]")
def answers(cases: Path | None = None, articles: Path | None = None) -> None:
    """Score answers to CASES (default: those about seeds/); exit code 1 under a threshold."""
    from evals.answers import evaluate as run
    from evals.cases import SEED_CASES, SEEDS
    from rag.config import load_settings

    sys.exit(run(cases or SEED_CASES, articles or SEEDS, load_settings()))


@evaluate.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def bench(arguments: tuple[str, ...]) -> None:
    """Measure speed, size and memory."""
    from evals.bench import command

    sys.exit(command.main(arguments))


@evaluate.command()
@click.argument("old", type=PATH)
@click.argument("new", type=PATH)
@click.option("--cases", default=20, show_default=True, type=click.IntRange(0), help="The most cases shown of a run.")
def compare(old: Path, new: Path, cases: int) -> None:
    """Say what changed from OLD to NEW, two results of one command; exit code 1 on a significant loss."""
    from evals.compare import show
    from evals.results import read

    sys.exit(show(read(old), read(new), cases))


@evaluate.command()
@click.argument("results", nargs=-1, type=PATH)
@click.option("--out", default="report.html", show_default=True, type=PATH, help="Where the page goes.")
def report(results: tuple[Path, ...], out: Path) -> None:
    """Make one HTML page of RESULTS (default: the newest of each kind in evals/results)."""
    from evals.report import show

    show(results, out)


@evaluate.command(name="make-cases")
@click.argument("paths", nargs=-1, required=True, type=PATH)
@click.option("--out", required=True, type=PATH, help="The file of cases; one that exists is gone on with.")
@click.option("--count", default=30, show_default=True, type=click.IntRange(1), help="The cases wanted.")
@click.option("--accept-all", is_flag=True, help="Ask nothing and keep every draft.")
def make_cases(paths: tuple[Path, ...], out: Path, count: int, accept_all: bool) -> None:
    """Draft cases from your articles at PATHS, for you to accept or reject.

    A language model writes the questions where one is set; without one they are made from templates.
    """
    from evals import make_cases as making
    from index.errors import ConfigError
    from rag.config import load_settings

    if not accept_all and not sys.stdin.isatty():
        raise ConfigError("Nobody is there to say which drafts are good.", "In a script, give --accept-all.")
    made = making.make(paths, out, count, making.accept_all if accept_all else _decide, load_settings())
    wanting = "" if made >= count else f" ({count} were wanted)"
    click.echo(f"{made} cases in {out}{wanting}. Measure them:\n  {making.next_step(out, paths)}")


def _decide(draft: "Draft", number: int) -> "Decision":
    """Show a draft, and ask what shall become of it."""
    from evals.make_cases import Decision
    from evals.results import one_line

    click.echo(f"\n{number + 1}. {click.style(one_line(draft.question), bold=True)}")
    expected = draft.sentence or "To be refused. Check that no article says this: nobody has."
    click.echo(f"   {one_line(draft.title)}: {one_line(expected)}")
    choice = click.prompt(
        "   accept, edit, reject or quit", type=click.Choice(["a", "e", "r", "q"]), default="a", show_choices=True
    )
    if choice == "e":
        return Decision(click.prompt("   question", default=draft.question, show_default=False))
    return Decision(draft.question if choice == "a" else "", stop=choice == "q")


@evaluate.command()
@click.argument("cases", required=False, type=PATH)
@click.option("--articles", type=PATH, help="What the cases are about.  [default: seeds/]")
def judge(cases: Path | None, articles: Path | None) -> None:
    """Have a language model judge answers to CASES: is each claim carried by its quote, is the answer right?

    Its opinions stand beside the measures of `answers` and change none of them.
    """
    from evals.cases import SEED_CASES, SEEDS
    from evals.judge import evaluate as run
    from rag.config import load_settings

    run(cases or SEED_CASES, articles or SEEDS, load_settings())
