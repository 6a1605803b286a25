"""The made-up news and the cases over it: the golds are in the articles, the times parse, the weekdays are right."""

import re
from calendar import day_name
from datetime import date
from itertools import chain
from pathlib import Path

import pytest

from evals.cases import SEED_CASES, Case, load_cases
from index.load.dates import date_of_line

CASES = SEED_CASES.parent
FILES = sorted(CASES.glob("news_*.jsonl"))
ARTICLES = sorted((CASES / "news").glob("*/*.*"))
WEEKDAYS = "|".join(day_name)
DATED = re.compile(rf"\b(?:{WEEKDAYS}),?\s+(?=\d|\S+\s+\d)(?:\w+\.?\s+\w+,?\s+\d{{4}}|\d+[-/.]\d+[-/.]\d+)\b")
BEFORE_SENTENCE = (*".?!:\"'”’–—-", "\n")
SENTENCE_END = tuple(".?!:\"'”’)")

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def articles(path: Path) -> list[str]:
    folder = CASES / "news" / path.stem.removeprefix("news_")
    return [article.read_text("utf-8") for article in sorted(folder.iterdir())]


def is_whole(sentence: str, text: str) -> bool:
    """Whether the text holds the sentence, from its first word to its last."""
    for match in re.finditer(re.escape(sentence), text):
        before, after = text[: match.start()].rstrip(" "), text[match.end() :]
        begins = not before or before.endswith(BEFORE_SENTENCE)
        ends = after[:1] in ("", "\n") or (after[0] == " " and sentence.endswith(SENTENCE_END))
        if begins and ends:
            return True
    return False


def is_time(value: str) -> bool:
    """A question mark, a year, a month, a day, or two days with a slash between them, the earlier first."""
    if value == "?" or re.fullmatch(r"\d{4}", value):
        return True
    if re.fullmatch(r"\d{4}-\d{2}", value):
        value += "-01"
    try:
        days = [date.fromisoformat(day) for day in value.split("/")]
    except ValueError:
        return False
    return len(days) == 1 or (len(days) == 2 and days[0] < days[1])


def has_what_it_needs(case: Case) -> bool:
    if case.refuse:
        return not (case.golds or case.answers or case.conflict or case.times)
    return bool(case.golds) and (not case.conflict or (bool(case.gold_all) and len(case.values) > 1))


@each_file
def test_there_is_enough_to_measure_with(path: Path) -> None:
    assert len(load_cases(path)) >= 120
    assert len(articles(path)) >= 24


@each_file
def test_every_gold_is_a_whole_sentence_of_an_article(path: Path) -> None:
    texts = articles(path)
    golds = {gold for case in load_cases(path) for gold in case.golds}
    assert [gold for gold in sorted(golds) if not any(is_whole(gold, text) for text in texts)] == []


@each_file
def test_every_case_has_what_its_kind_needs(path: Path) -> None:
    assert [case.id for case in load_cases(path) if not has_what_it_needs(case)] == []


@each_file
def test_every_time_parses_and_stands_in_a_gold(path: Path) -> None:
    wrong = []
    for case in load_cases(path):
        text = "\n".join(case.golds).lower()
        for line in case.times:
            words, _, value = line.partition(" = ")
            if words.lower() not in text or not is_time(value):
                wrong.append((case.id, line))
    assert wrong == []


def test_ids_are_unique() -> None:
    ids = [case.id for case in chain.from_iterable(load_cases(path) for path in FILES)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_weekdays_fit_their_dates(path: Path) -> None:
    found = [match.group() for match in DATED.finditer(path.read_text("utf-8"))]
    assert [stretch for stretch in found if date_of_line(stretch) is None] == []
