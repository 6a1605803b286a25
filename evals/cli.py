"""`footnote eval` and `python -m evals`: one function a command, and nothing imported before it is needed."""

import sys
from pathlib import Path

import click


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


@evaluate.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path))
def train(folders: tuple[Path, ...]) -> None:
    """Choose the weights of the ranking on judged questions, FOLDERS of BEIR's shape."""
    from evals.train import main
    from rag.config import load_settings

    sys.exit(main(folders, load_settings()))


@evaluate.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def bench(arguments: tuple[str, ...]) -> None:
    """Measure speed, size and memory."""
    from evals.bench import command

    sys.exit(command.main(arguments))
