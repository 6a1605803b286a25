"""`footnote eval` and `python -m evals`: one function a command, and nothing imported before it is needed."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)


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


def _choosing(command: Callable[..., None]) -> Callable[..., Any]:
    """The options of all commands that measure a search."""
    limit = click.option("--limit", type=click.IntRange(min=1), help="Ask the first so many questions only.")
    embedding = click.option(
        "--embedding", "embeddings", multiple=True, help="static, minilm …; may be given again.  [default: the setting]"
    )
    baseline = click.option(
        "--baseline",
        "baselines",
        multiple=True,
        type=click.Choice(["bm25", "dense", "llamaindex", "all"]),
        help="Measure this too; may be given again.",
    )
    return baseline(embedding(limit(command)))


@evaluate.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--queries", type=FILE, help="[default: queries.jsonl in DIR, or queries_rewrite.jsonl]")
@click.option("--qrels", type=FILE, help="[default: qrels.tsv in DIR]")
@_choosing
def retrieval(folder: Path, queries: Path | None, qrels: Path | None, **choice: Any) -> None:
    """Score the search on BEIR-shaped data in DIR: corpus.jsonl, queries.jsonl, qrels.tsv."""
    from evals.retrieval import evaluate as run
    from evals.systems import Choice

    run(folder, queries, qrels, Choice(**choice))


@evaluate.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@_choosing
def conversation(folder: Path, **choice: Any) -> None:
    """Score the search for follow-up questions: DIR has queries_lastturn, _questions and _rewrite.jsonl."""
    from evals.conversation import evaluate as run
    from evals.systems import Choice

    run(folder, Choice(**choice))


@evaluate.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--count", type=click.IntRange(min=1), default=5, show_default=True, help="Passages for each question.")
@_choosing
def chunks(folder: Path, count: int, **choice: Any) -> None:
    """Score passages by their characters: DIR has corpora/*.md and questions_df.csv."""
    from evals.chunks import evaluate as run
    from evals.systems import Choice

    run(folder, count, Choice(**choice))


@evaluate.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def bench(arguments: tuple[str, ...]) -> None:
    """Measure speed, size and memory."""
    from evals.bench import command

    sys.exit(command.main(arguments))
