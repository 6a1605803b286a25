"""Cases are data: a question and what its answer must quote, one JSON object a line, written by hand."""

from calendar import monthrange
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from evals.sets import parse, strings

SEEDS = Path(__file__).parents[1] / "seeds"
SEED_CASES = Path(__file__).parent / "cases" / "seeds.jsonl"


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what its answer must quote.

    `gold_any`: sentences of which one must be among the first quotes; `gold_all`: sentences that must all be quoted
    (both articles, or both sides); `history`: the earlier questions of the conversation; `values`: the values that
    differ, for a reader; `answers`: words that answer, any of which is right. A case with `refuse` is one that the
    articles do not answer; with `conflict`, one on which they disagree: all sides must be shown. `source` is part of
    the sources of the articles that the question is put to; empty: all. `times`: what times in the quotes mean, as
    "Tuesday = 2023-02-28": a day, a month ("2023-02"), a year, or two days with a slash between them; "?" where the
    article does not let one tell.
    """

    id: str
    category: str
    question: str
    history: tuple[str, ...] = ()
    gold_any: tuple[str, ...] = ()
    gold_all: tuple[str, ...] = ()
    refuse: bool = False
    values: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    conflict: bool = False
    source: str = ""
    times: tuple[str, ...] = ()

    @property
    def golds(self) -> tuple[str, ...]:
        return (*self.gold_any, *self.gold_all)

    @property
    def wanted(self) -> str:
        """What an answer should hold, in short, for a person who reads why it failed."""
        if self.refuse:
            return "a refusal"
        return " | ".join(self.answers or self.gold_all or self.gold_any)


def load_cases(path: Path) -> list[Case]:
    """The cases of a file.

    Raises:
        ConfigError: the file is missing or a line is no case; the message names the line.
    """
    return parse(path, ("id", "question"), _case, "a case")


def days_of(written: str) -> tuple[str, str]:
    """First and last ISO day of "2023-02-28", "2023-02", "2023" or two days with a slash; both empty for "?".

    Raises:
        ValueError: it is none of these.
    """
    if written == "?":
        return "", ""
    first, _, last = written.partition("/")
    year, month, day = [*map(int, first.split("-")), 0, 0][:3]
    if last or day:
        return date.fromisoformat(first).isoformat(), date.fromisoformat(last or first).isoformat()
    span = (month or 1), (month or 12)
    return f"{year:04}-{span[0]:02}-01", f"{year:04}-{span[1]:02}-{monthrange(year, span[1])[1]}"


def _case(row: dict[str, Any]) -> Case:
    expected = {field.name: field.type for field in fields(Case)}
    given = {"category": "", **row}
    for name, value in given.items():
        if expected.get(name) == tuple[str, ...]:
            given[name] = strings(value)
        elif name in expected and type(value) is not expected[name]:
            raise TypeError(f"{name} is {value!r:.60}")
    case = Case(**given)
    for entry in case.times:
        days_of(entry.rpartition("=")[2].strip())
    if not (case.refuse or case.golds or case.answers):
        raise ValueError("it says neither what answers nor that it is to be refused")
    return case
