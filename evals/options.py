"""What the commands of `footnote eval` are given: paths, and the options that several of them share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

PATH = click.Path(path_type=Path)
FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)
ABOUT = "What the cases are about.  [default: seeds/]"


class Commands(click.Group):
    """Commands of which `answers` is meant where none is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """`footnote eval FILE` is `footnote eval answers FILE`."""
        if not args or args[0] not in {*self.commands, *ctx.help_option_names}:
            args = ["answers", *args]
        return super().parse_args(ctx, args)


def about_answers(command: Callable[..., None]) -> Any:
    """What is asked, about which articles."""
    return _decorated(
        command,
        click.argument("data", required=False, type=PATH),
        click.option("--articles", type=PATH, help=ABOUT),
        click.option("--limit", type=click.IntRange(1), help="The first so many questions only."),
        click.option("--embedding", type=click.Choice(["static", "minilm"]), help="In place of the setting."),
    )


def choosing(command: Callable[..., None]) -> Any:
    """The options of all commands that measure a search."""
    return _decorated(
        command,
        click.option(
            "--baseline",
            "baselines",
            multiple=True,
            type=click.Choice(["bm25", "dense", "llamaindex", "all"]),
            help="Measure this too; may be given again.",
        ),
        click.option(
            "--embedding",
            "embeddings",
            multiple=True,
            help="static, minilm …; may be given again.  [default: the setting]",
        ),
        click.option("--limit", type=click.IntRange(min=1), help="Ask the first so many questions only."),
    )


def _decorated(command: Any, *decorators: Any) -> Any:
    for decorate in reversed(decorators):
        command = decorate(command)
    return command
