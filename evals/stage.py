"""Scenes are played through the real assistant, over an index of their own, and what came is held against them."""

import tempfile
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from evals.results import Row, Run, make_result, make_run, one_line, short, write
from evals.scenes import MODEL, NO_CLAIM, Expected, Scene, load_scenes
from evals.scripted import FOR_EVER, ScriptedEndpoint
from index.engine import Index
from index.errors import ConfigError
from rag.assistant import EXTRACTIVE, NOTHING_CARRIED, Assistant
from rag.config import RagSettings
from rag.endpoint.generate import LanguageModelWriter
from rag.records import Answer

if TYPE_CHECKING:
    from rich.table import Table

SCRIPTED = "scripted"  # the name of the model
ENDLESS_SECONDS = 1.0  # all that a model gets which does not end


def make_index(path: Path, articles: Path, folder: Path) -> Index:
    """An index in `folder` of `articles` and of those that a file of scenes brings: `scenes.jsonl` has `scenes/`."""
    index = Index(RagSettings(data_dir=folder, embedding="static", chroma_url=""))
    own = path.with_suffix("")
    index.sync([articles, *([own] if own.is_dir() else [])])
    return index


def play(scene: Scene, index: Index) -> Answer:
    """The answer that comes of a scene.

    Raises:
        ConfigError: the scene refers to a sentence that the model is not shown.
    """
    settings = RagSettings(
        data_dir=index.settings.data_dir,
        embedding="static",
        base_url="http://scripted.invalid/v1",
        model=SCRIPTED,
    )
    if scene.finish == FOR_EVER:
        settings = settings.model_copy(update={"answer_timeout": ENDLESS_SECONDS})
    endpoint = ScriptedEndpoint(scene.reply, scene.pieces, scene.finish, scene.rewritten or scene.question)
    assistant = Assistant(index, settings, LanguageModelWriter(settings, endpoint))
    answer = assistant.ask(scene.question, scene.history)
    if endpoint.lacking:
        raise ConfigError(f"Scene {scene.id}: no sentence in the prompt begins “{endpoint.lacking[0]}”.")
    return answer


def misses(expected: Expected, answer: Answer) -> list[str]:
    """What is not as it must be, a line each."""
    found = []
    writer = EXTRACTIVE if answer.writer == EXTRACTIVE else MODEL
    if writer != expected.writer:
        found.append(f"written by {writer}, not {expected.writer}")
    if answer.refused != expected.refused:
        found.append("refused" if answer.refused else "not refused")
    if expected.citations not in (None, len(answer.citations)):
        found.append(f"{len(answer.citations)} citations, not {expected.citations}")
    if not answer.refused and writer == expected.writer == MODEL:
        found += [*_claim_misses(expected, answer), *_quotation_misses(expected, answer)]
    found += [f"lacks “{words}”" for words in expected.present if words not in answer.text]
    found += [f"shows “{words}”" for words in expected.absent if words in answer.text]
    doubted = bool(answer.claims) and all(claim.support == "unsupported" for claim in answer.claims)
    if doubted != (NOTHING_CARRIED in answer.notice) and writer == MODEL:
        found.append("does not say that nothing is carried" if doubted else "says that nothing is carried")
    notice = answer.notice.replace(NOTHING_CARRIED, "").strip()
    if not expected.notice and notice and expected.writer == MODEL:
        found.append(f"says “{notice}”")
    return [*found, *(f"does not say “{words}”" for words in expected.notice if words not in answer.notice)]


def _claim_misses(expected: Expected, answer: Answer) -> list[str]:
    found = []
    unseen = dict(expected.claims)
    for claim in answer.claims:
        text = answer.text[claim.start : claim.end]
        words = next((words for words in expected.claims if words in text), None)
        if words is None:
            found.append(f"claim “{text:.60}” ({claim.support}) is not expected")
            continue
        unseen.pop(words, None)
        if claim.support not in expected.claims[words]:
            wanted = " or ".join(expected.claims[words])
            found.append(f"“{words}” is {claim.support}, not {wanted}: {claim.reason or 'no reason'}")
        elif expected.reasons.get(words, "") not in claim.reason:
            found.append(f"“{words}” because “{claim.reason}”, without “{expected.reasons[words]}”")
    return [*found, *(f"no claim “{words}”" for words, verdicts in unseen.items() if NO_CLAIM not in verdicts)]


def _quotation_misses(expected: Expected, answer: Answer) -> list[str]:
    given = {answer.text[one.start : one.end]: one.verdict for one in answer.quotations}
    return [
        f"quotation “{words}” is {verdict}, not {' or '.join(verdicts)}"
        for words, verdicts in expected.quotations.items()
        if (verdict := next((given[text] for text in given if words in text), "not seen")) not in verdicts
    ]


def evaluate(path: Path, articles: Path) -> int:
    """Play each scene, print and write what came; the exit code: 1 where one does not go as it must.

    Raises:
        ConfigError: as `load_scenes` and `play`.
    """
    from rich.console import Console
    from rich.progress import track

    scenes = load_scenes(path)
    with tempfile.TemporaryDirectory() as folder:
        index = make_index(path, articles, Path(folder))
        answers = [play(scene, index) for scene in track(scenes, "Playing", transient=True)]
    run = summarise(scenes, answers)
    written = write(make_result("scenes", path.stem, [run], RagSettings(embedding="static", model=SCRIPTED)))
    console = Console()
    console.print(table(run.rows), markup=False)
    for line in missed_scenes(run.rows):
        console.print(line, style="dim", highlight=False, markup=False)
    console.print(f"{sum(row['ok'] for row in run.rows)} of {len(scenes)} scenes go as they must.", highlight=False)
    console.print(f"Written to {short(written)}", highlight=False)
    return 0 if all(row["ok"] for row in run.rows) else 1


def summarise(scenes: Sequence[Scene], answers: Sequence[Answer]) -> Run:
    """A row a scene: what was expected, what came, and each miss."""
    rows: list[Row] = []
    for scene, answer in zip(scenes, answers, strict=True):
        missed = misses(scene.expected, answer)
        rows.append(
            {
                "id": scene.id,
                "question": scene.question,
                "plays": scene.plays,
                "expected": _wanted(scene.expected),
                "got": _came(answer),
                "text": answer.text,
                "misses": missed,
                "ok": not missed,
            }
        )
    return make_run("footnote", "all", ("ok",), rows)


def _wanted(expected: Expected) -> str:
    if expected.refused or expected.writer == EXTRACTIVE:
        return "refused" if expected.refused else EXTRACTIVE
    return ", ".join("/".join(verdicts) for verdicts in expected.claims.values())


def _came(answer: Answer) -> str:
    if answer.refused or answer.writer == EXTRACTIVE:
        return "refused" if answer.refused else EXTRACTIVE
    runs = [(support, len(list(claims))) for support, claims in groupby(claim.support for claim in answer.claims)]
    return ", ".join(f"{count} {support}" if count > 1 else support for support, count in runs)


def table(rows: Sequence[Row]) -> "Table":
    """A row a scene."""
    from rich.box import SIMPLE
    from rich.table import Table

    shown = Table(box=SIMPLE, padding=0)
    shown.add_column("scene", no_wrap=True)
    for heading in ("expected", "got", "ok"):
        shown.add_column(heading)
    for row in rows:
        shown.add_row(*(one_line(row[name]) for name in ("id", "expected", "got")), "ok" if row["ok"] else "no")
    return shown


def missed_scenes(rows: Sequence[Row]) -> list[str]:
    """A line for each thing that went otherwise."""
    return [f"  missed: {row['id']} · {one_line(missed)}" for row in rows for missed in row["misses"]]
