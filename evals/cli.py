"""`footnote eval` and `python -m evals`: one function a command, and nothing imported before it is needed."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rag.config import RagSettings


class Commands(click.Group):
    """Commands of which `answers` is meant where none is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """`footnote eval FILE` is `footnote eval answers FILE`."""
        if not args or args[0] not in {*self.commands, *ctx.help_option_names}:
            args = ["answers", *args]
        return super().parse_args(ctx, args)


@click.group(name="eval", cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def evaluate() -> None:
    """Measure how well answers are found, on your own cases or on public data; without a command: answers."""


def _about_answers(command: Any) -> Any:
    """What is asked, about which articles."""
    for decorate in (
        click.option("--embedding", type=click.Choice(["static", "minilm"]), help="In place of the setting."),
        click.option("--limit", type=click.IntRange(1), help="The first so many questions only."),
        click.option(
            "--articles", type=click.Path(path_type=Path), help="What the cases are about.  [default: seeds/]"
        ),
        click.argument("data", required=False, type=click.Path(path_type=Path)),
    ):
        command = decorate(command)
    return command


@evaluate.command()
@_about_answers
def answers(data: Path | None, articles: Path | None, limit: int | None, embedding: str | None) -> None:
    """Score answers to DATA (default: the cases about seeds/).

    DATA is a file of cases, a folder like XQuAD's or CLAPNQ's, or a file like RAMDocs's. Exit code 1 where cases
    about articles miss a threshold.
    """
    from evals.answers import evaluate as run
    from evals.cases import SEED_CASES, SEEDS

    sys.exit(run(data or SEED_CASES, articles or SEEDS, _settings(embedding), limit))


@evaluate.command()
@_about_answers
def answerable(data: Path | None, articles: Path | None, limit: int | None, embedding: str | None) -> None:
    """Score how well it is known which questions of DATA can be answered (default: the cases about seeds/).

    DATA is a file of cases, a folder like CLAPNQ's, each question held against its own passage, or MTRAG's tasks.
    With --limit, the first so many of each kind.
    """
    from evals.answerable import evaluate as run
    from evals.cases import SEED_CASES, SEEDS

    sys.exit(run(data or SEED_CASES, articles or SEEDS, _settings(embedding), limit))


def _settings(embedding: str | None) -> "RagSettings":
    from rag.config import load_settings

    settings = load_settings()
    return settings.model_copy(update={"embedding": embedding}) if embedding else settings


@evaluate.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def bench(arguments: tuple[str, ...]) -> None:
    """Measure speed, size and memory."""
    from evals.bench import command

    sys.exit(command.main(arguments))
