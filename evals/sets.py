"""Public shapes of data → records: BEIR folders (documents, queries, judgements), conversations, chunking, answers."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from index.errors import ConfigError, LoadError

DOCUMENTS = ("corpus.jsonl", "corpus_articles.jsonl")
USER = "|user|: "  # before each question of a conversation in MTRAG's files
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Document:
    """What can be found; `id` is that of the judgements."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: the turns of one person, oldest first, the last one now. `fields`: what else its line says."""

    id: str
    turns: tuple[str, ...]
    fields: Mapping[str, Any]

    @property
    def text(self) -> str:
        return self.turns[-1]


def documents(folder: Path) -> list[Document]:
    """The documents of a BEIR folder, in their order.

    Raises:
        ConfigError: there is no such file, or a line of it is no document.
    """
    for name in DOCUMENTS:
        if (path := folder / name).is_file():
            rows = rows_of(path, ("_id", "text"))
            return [Document(str(row["_id"]), str(row.get("title", "")), row["text"]) for row in rows]
    raise ConfigError(f"No {' or '.join(DOCUMENTS)} in {folder}.", "Give a folder of BEIR's shape.")


def queries(path: Path) -> list[Query]:
    """The queries of a file; a line a turn where each begins with the mark of MTRAG."""
    return [
        Query(str(row["_id"]), _turns(row["text"]), {name: row[name] for name in row if name not in ("_id", "text")})
        for row in rows_of(path, ("_id", "text"))
    ]


def _turns(text: str) -> tuple[str, ...]:
    if not text.startswith(USER.strip()):
        return (text.strip(),)
    return tuple(turn for part in f"\n{text}".split(f"\n{USER.strip()}") if (turn := part.strip()))


def judgements(path: Path) -> dict[str, dict[str, int]]:
    """Query id → document id → relevance, of a `qrels.tsv` with or without a heading.

    Raises:
        ConfigError: there is no such file, or a line of it is no judgement.
    """
    found: dict[str, dict[str, int]] = {}
    for number, line in enumerate(_read(path).splitlines(), start=1):
        if not line.strip() or (number == 1 and line.startswith("query-id")):
            continue
        try:
            query, document, score = line.split("\t")
            found.setdefault(query, {})[document] = int(score)
        except ValueError as error:
            raise ConfigError(f"{path}, line {number}: not query, document and score between tabs.") from error
    return found


def rows_of(path: Path, needed: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """The objects of a file of JSON lines; each must have the fields `needed`.

    Raises:
        ConfigError: there is no such file, or a line of it is something else; the message names the line.
    """
    return (row for _, row in _numbered(path, needed))


def parse(path: Path, needed: tuple[str, ...], make: Callable[[dict[str, Any]], Made], what: str) -> list[Made]:
    """What `make` makes of each object of a file of JSON lines; `what` names it: "a case".

    Raises:
        ConfigError: as `rows_of`, or there is no line, or `make` cannot make one of it.
    """
    made = []
    for number, row in _numbered(path, needed):
        try:
            made.append(make(row))
        except (ValueError, TypeError, LookupError, AttributeError, LoadError) as error:
            raise ConfigError(f"{path}, line {number}: not {what} ({error}).") from error
    if not made:
        raise ConfigError(f"{path} is empty.")
    return made


def strings(value: object) -> tuple[str, ...]:
    """A list of strings as a tuple.

    Raises:
        TypeError: it is none.
    """
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise TypeError(f"a list of strings is wanted, not {value!r:.60}")
    return tuple(value)


def truth(value: object) -> bool:
    """True or false as JSON has them.

    Raises:
        TypeError: it is neither.
    """
    if not isinstance(value, bool):
        raise TypeError(f"true or false is wanted, not {value!r:.60}")
    return value


def _numbered(path: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(_read(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise ConfigError(f"{path}, line {number}: not JSON ({error}).") from error
        if not isinstance(row, dict) or any(name not in row for name in needed):
            raise ConfigError(f"{path}, line {number}: not an object with {', '.join(needed)}.")
        if "text" in needed and not isinstance(row["text"], str):
            raise ConfigError(f"{path}, line {number}: its text is no text.")
        yield number, row


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError as error:
        raise ConfigError(f"No such file: {path}") from error
    except (OSError, ValueError) as error:
        raise ConfigError(f"Cannot read {path}: {error}.") from error
