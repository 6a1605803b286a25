"""Cases are data: one JSON object a line, written by hand."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import ConfigError

SEEDS = Path(__file__).parents[1] / "seeds"
SEED_CASES = Path(__file__).parent / "cases" / "seeds.jsonl"


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what its answer must quote.

    `gold_any`: sentences of which one must be among the first quotes; `gold_all`: sentences that must all be quoted
    (both articles, or both sides); `history`: the earlier questions of the conversation; `values`: the values that
    differ, for a reader; `answers`: words that answer, any of which is right. A case with `refuse` is one that the
    articles do not answer.
    """

    id: str
    category: str
    question: str
    history: tuple[str, ...]
    gold_any: tuple[str, ...]
    gold_all: tuple[str, ...]
    refuse: bool
    values: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()


def load_cases(path: Path) -> list[Case]:
    """The cases of a file.

    Raises:
        ConfigError: the file is missing or a line is no case; the message names the line.
    """
    if not path.is_file():
        raise ConfigError(f"No such file of cases: {path}")
    cases = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
            plain: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in fields.items()}
            cases.append(Case(**plain))
        except (ValueError, TypeError, AttributeError) as error:
            raise ConfigError(f"{path}, line {number}: not a case ({error}).") from error
    if not cases:
        raise ConfigError(f"No cases in {path}.")
    return cases
