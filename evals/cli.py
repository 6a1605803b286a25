"""`footnote eval` and `python -m evals`: one function a command, and nothing imported before it is needed."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evals.options import ABOUT, FILE, FOLDER, PATH, Commands, about_answers, choosing

if TYPE_CHECKING:
    from evals.drafts import Draft
    from evals.make_cases import Decision
    from rag.config import RagSettings


@click.group(name="eval", cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def evaluate() -> None:
    """Measure how well answers are found, on your own cases or on public data; without a command: answers."""


@evaluate.command()
@about_answers
def answers(data: Path | None, articles: Path | None, limit: int | None, embedding: str | None) -> None:
    """Score answers to DATA (default: the cases about seeds/).

    DATA is a file of cases, a folder like XQuAD's or CLAPNQ's, or a file like RAMDocs's. Exit code 1 where cases
    about articles miss a threshold.
    """
    from evals.answers import evaluate as run
    from evals.cases import SEED_CASES, SEEDS

    sys.exit(run(data or SEED_CASES, articles or SEEDS, _settings(embedding), limit))


@evaluate.command()
@about_answers
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


@evaluate.command()
@click.argument("folders", nargs=-1, required=True, type=PATH)
def train(folders: tuple[Path, ...]) -> None:
    """Choose the weights of the ranking on judged questions, FOLDERS of BEIR's shape."""
    from evals.train import main
    from rag.config import load_settings

    sys.exit(main(folders, load_settings()))


@evaluate.command("train-answers")
@click.argument("data", nargs=-1, required=True, type=PATH)
@click.option("--articles", type=PATH, help="What files of cases are about.  [default: seeds/]")
def train_answers(data: tuple[Path, ...], articles: Path | None) -> None:
    """Choose the weights by which sentences are ranked, on DATA such as `answers` takes."""
    from evals.cases import SEEDS
    from evals.train_answers import main
    from rag.config import load_settings

    sys.exit(main(data, articles or SEEDS, load_settings()))


@evaluate.command()
@click.argument("data", nargs=-1, required=True, type=PATH)
@click.option("--articles", multiple=True, type=PATH, help="What the first, second … of DATA is about.")
def calibrate(data: tuple[Path, ...], articles: tuple[Path, ...]) -> None:
    """Choose from where on an answer is given, on DATA such as `answerable` takes."""
    from evals.calibrate import main
    from rag.config import load_settings

    sys.exit(main(data, articles, load_settings()))


@evaluate.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--queries", type=FILE, help="[default: queries.jsonl in DIR, or queries_rewrite.jsonl]")
@click.option("--qrels", type=FILE, help="[default: qrels.tsv in DIR]")
@choosing
def retrieval(folder: Path, queries: Path | None, qrels: Path | None, **choice: Any) -> None:
    """Score the search on BEIR-shaped data in DIR: corpus.jsonl, queries.jsonl, qrels.tsv."""
    from evals.retrieval import evaluate as run
    from evals.systems import Choice

    run(folder, queries, qrels, Choice(**choice))


@evaluate.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@choosing
def conversation(folder: Path, **choice: Any) -> None:
    """Score the search for follow-up questions: DIR has queries_lastturn, _questions and _rewrite.jsonl."""
    from evals.conversation import evaluate as run
    from evals.systems import Choice

    run(folder, Choice(**choice))


@evaluate.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--count", type=click.IntRange(min=1), default=5, show_default=True, help="Passages for each question.")
@choosing
def chunks(folder: Path, count: int, **choice: Any) -> None:
    """Score passages by their characters: DIR has corpora/*.md and questions_df.csv."""
    from evals.chunks import evaluate as run
    from evals.systems import Choice

    run(folder, count, Choice(**choice))


@evaluate.command("all")
@click.argument("data", required=False, type=FOLDER)
@click.option("--embedding", type=click.Choice(["static", "minilm"]), default="static", show_default=True)
def measure_all(data: Path | None, embedding: str) -> None:
    """Run every measure on the cases that come with Footnote, and on the folders in DATA by their shape.

    Exit code 1 where one misses what is wanted of it.
    """
    from evals.everything import measure

    sys.exit(measure(data, embedding))


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
@click.option("--articles", type=PATH, help=ABOUT)
def judge(cases: Path | None, articles: Path | None) -> None:
    """Have a language model judge answers to CASES: is each claim carried by its quote, is the answer right?

    Its opinions stand beside the measures of `answers` and change none of them.
    """
    from evals.cases import SEED_CASES, SEEDS
    from evals.judge import evaluate as run
    from rag.config import load_settings

    run(cases or SEED_CASES, articles or SEEDS, load_settings())


@evaluate.command()
@click.argument("articles", nargs=-1, type=PATH)
@click.option("--pairs", default=20_000, show_default=True, type=click.IntRange(4), help="The most pairs made.")
@click.option("--seed", default=0, show_default=True, help="Another seed makes other pairs.")
@click.option("--show", default="", metavar="KIND", help="Print ten pairs of a kind to be read, and check nothing.")
def checks(articles: tuple[Path, ...], pairs: int, seed: int, show: str) -> None:
    """Score the checks of quotations and claims on true and false pairs made of ARTICLES (default: seeds/).

    ARTICLES are files and folders, folders of BEIR's shape or files like RAMDocs's. Exit code 1 where a wanted figure
    is missed.
    """
    from evals.checks import evaluate as run
    from rag.config import load_settings

    sys.exit(run(articles, pairs, seed, show, load_settings()))


@evaluate.command()
@click.argument("file", required=False, type=PATH)
@click.option("--articles", type=PATH, help="What the scenes are about.  [default: seeds/]")
def scenes(file: Path | None, articles: Path | None) -> None:
    """Play the scenes of FILE: a scripted model answers rightly or wrongly, and each has the verdict that must come.

    A folder beside FILE that is called like it ("scenes/" of "scenes.jsonl") holds further articles. Exit code 1 where
    a scene goes otherwise.
    """
    from evals.cases import SEEDS
    from evals.scenes import SCENES
    from evals.stage import evaluate as run

    sys.exit(run(file or SCENES, articles or SEEDS))
