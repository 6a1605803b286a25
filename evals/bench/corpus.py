"""The articles and questions that the bench measures with, made from a folder of corpora."""

import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from index.errors import ConfigError

SEED = 20_160
CHARACTERS = 900  # of a recombined article
FIRST_DAY, DAYS = date(2020, 1, 1), 1_000  # recombined articles are spread evenly over these days
STEP = 617  # days between an article and the next, so that few articles have all kinds of days too
FOLDERS = 10  # and over so many folders
USER = "|user|: "  # before each question of a conversation in MTRAG's files
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'“])|\n+")


def load_articles(data: Path) -> list[str]:
    """The distinct articles of every */corpus.jsonl below `data`, each as the text of a file: title, empty line, text.

    Raises:
        ConfigError: there is no such folder, no corpus in it, or a line of one is no article.
    """
    if not data.is_dir():
        raise ConfigError(f"No such folder: {data}")
    found: dict[str, str] = {}  # text → title
    for path in sorted(data.glob("*/corpus.jsonl")):
        for row in _rows(path):
            found.setdefault(row["text"], row.get("title", ""))
    if not found:
        raise ConfigError(f"No corpus in {data}: there is no */corpus.jsonl with articles.")
    return [f"{title}\n\n{text}" for text, title in found.items()]


def load_questions(data: Path, articles: Sequence[str], count: int) -> list[str]:
    """`count` questions of the */queries*.jsonl in a random but fixed order; the articles' own words where few are."""
    texts = [row["text"] for path in sorted(data.glob("*/queries*.jsonl")) for row in _rows(path)]
    found = dict.fromkeys(line.strip() for text in texts for line in text.replace(USER, "").splitlines())
    questions = [text for text in found if text]
    chance = random.Random(SEED)
    chance.shuffle(questions)
    questions = questions[:count]
    while len(questions) < count:
        words = chance.choice(articles).split()
        start = chance.randrange(max(1, len(words) - 8))
        questions.append(" ".join(words[start : start + 8]))
    return questions


def sentences(articles: Iterable[str]) -> list[str]:
    """The distinct sentences of articles, without those that are hardly one."""
    pieces = (piece.strip() for text in articles for piece in SENTENCE_END.split(text))
    return [piece for piece in dict.fromkeys(pieces) if 20 <= len(piece) <= 400]


def recombined(pool: Sequence[str]) -> Iterator[str]:
    """Articles without end of about 900 characters: dated, and made of real sentences in a random but fixed order."""
    chance = random.Random(SEED)
    number = 0
    while True:
        chosen: list[str] = []
        while sum(map(len, chosen)) < CHARACTERS:
            chosen.append(chance.choice(pool))
        title = " ".join(chosen[0].split()[:6])
        day = FIRST_DAY + timedelta(days=number * STEP % DAYS)
        yield f"{title} ({number})\n\n{day.isoformat()}\n\n{' '.join(chosen)}"
        number += 1


def write_articles(folder: Path, articles: Iterable[str]) -> None:
    """One .txt file each, in folders 0 to 9 in turn."""
    for number in range(FOLDERS):
        (folder / str(number)).mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(articles):
        (folder / str(number % FOLDERS) / f"{number:06}.txt").write_text(text, "utf-8")


def read_all(folder: Path) -> int:
    """Read every file, so that whoever comes first finds it as fast as who comes second; how many there are."""
    return sum(1 for path in sorted(folder.rglob("*.txt")) if path.read_bytes())


def _rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            row = json.loads(line)
            if not isinstance(row, dict) or not isinstance(row.get("text"), str):
                raise ConfigError(f"{path}, line {number}: no object with a text.")
            yield row
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} cannot be read: {error}.") from error
