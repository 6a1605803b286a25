"""Scenes: a scripted model answers rightly or wrongly, and what Footnote must make of it. One JSON object a line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from evals.sets import parse, strings, truth
from rag.assistant import EXTRACTIVE
from rag.records import Answer, Support, Verdict

SCENES = Path(__file__).parent / "cases" / "scenes.jsonl"
MODEL = "model"  # the writer, where it is not the one that only quotes
NO_CLAIM = "none"  # an expected verdict: these words need not be a claim
CHUNKS = {"whole": (), "characters": (1,)}
SUPPORTS, VERDICTS = (*get_args(Support), NO_CLAIM), get_args(Verdict)
Accepted = Mapping[str, tuple[str, ...]]  # words → the verdicts that are right for what holds them


@dataclass(frozen=True, slots=True)
class Expected:
    """What must come of a scene; what is None or empty is not looked at.

    `claims`: words of a claim → the verdicts that are right for it, where "none" says that it need not be a claim; a
    claim without any of these words is a miss. `reasons`: words of a claim → words of its reason. `quotations`: words
    in quotation marks → their verdicts. `writer`: "model", or "extractive" where nothing that it sent is used.
    """

    claims: Accepted
    reasons: Mapping[str, str]
    quotations: Accepted
    refused: bool = False
    writer: str = MODEL
    citations: int | None = None
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    notice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """What is asked, what the model sends and how, and what must come of it.

    `history`: earlier questions, each with its answer; `rewritten`: the model's reply when it is asked what the
    question means. `pieces`: the lengths of the stream's chunks, in turn. `finish` is the reason that the model gives
    for its end: "" for none, "never" where it does not end.
    """

    id: str
    plays: str
    question: str
    reply: str
    expected: Expected
    history: tuple[Answer, ...] = ()
    rewritten: str = ""
    pieces: tuple[int, ...] = ()
    finish: str = "stop"


def load_scenes(path: Path) -> list[Scene]:
    """The scenes of a file.

    Raises:
        ConfigError: the file is missing or a line is no scene; the message names the line.
    """
    return parse(path, ("id", "plays", "question", "reply", "expected"), _scene, "a scene")


def _scene(row: dict[str, Any]) -> Scene:
    texts = {name: row[name] for name in row if name not in ("expected", "history", "chunks")}
    for name, value in texts.items():
        if not isinstance(value, str):
            raise TypeError(f"{name} is {value!r:.60}")
    chunks = row.get("chunks", "whole")
    pieces = CHUNKS[chunks] if isinstance(chunks, str) else tuple(chunks)
    if not all(isinstance(length, int) and length > 0 for length in pieces):
        raise ValueError(f"chunks are {chunks!r:.60}")
    history = tuple(Answer(question, question, text=text) for question, text in row.get("history", ()))
    return Scene(**texts, expected=_expected(row["expected"]), history=history, pieces=pieces)


def _expected(row: dict[str, Any]) -> Expected:
    given = {"claims": {}, "quotations": {}, "reasons": {}, **row}
    for name in ("present", "absent", "notice"):
        given[name] = strings(row.get(name, []))
    for name, known in (("claims", SUPPORTS), ("quotations", VERDICTS)):
        given[name] = {words: _verdicts(verdicts, known) for words, verdicts in given[name].items()}
    expected = Expected(**given)
    truth(expected.refused)
    if expected.writer not in (MODEL, EXTRACTIVE):
        raise ValueError(f"the writer is {expected.writer!r:.60}")
    return expected


def _verdicts(value: object, known: Sequence[str]) -> tuple[str, ...]:
    found = (value,) if isinstance(value, str) else strings(value)
    if not found or set(found) - set(known):
        raise ValueError(f"{value!r:.60} is none of {', '.join(known)}")
    return found
