"""Opinions are kept whole, whoever else writes at the same time, and the last one of an answer counts."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import FootnoteError
from rag.config import RagSettings
from rag.records import Answer
from ui import journal
from ui.feedback import FILE, LONGEST_COMMENT, rate, ratings
from ui.render.terminal import render_ratings

ANSWER = Answer("How many boats?", "How many boats?", text="12 boats [1].", writer="extractive", done=True)
WRITERS = """
import sys, threading
from pathlib import Path
from ui import journal
def write(name):
    for number in range(25):
        journal.append(Path(sys.argv[1]), {"name": name, "number": number, "text": name * 20_000})
threads = [threading.Thread(target=write, args=(letter,)) for letter in sys.argv[2]]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""


@pytest.fixture
def settings(tmp_path: Path) -> RagSettings:
    return RagSettings(
        data_dir=tmp_path / "data",
        base_url="http://me:hidden@host.example/v1",
        rerank_url="http://me:hidden@host.example/v1",
        api_key="sk-hidden",
        model="qwen",
    )


def test_an_opinion_is_kept_with_the_whole_answer_and_its_circumstances(settings: RagSettings) -> None:
    rate(ANSWER, settings, good=False, comment="  There are 13.\nI counted.  ")
    [kept] = ratings(settings.data_dir)
    assert kept["answer"] == json.loads(json.dumps(ANSWER.to_dict()))
    assert (kept["good"], kept["comment"]) == (False, "There are 13.\nI counted.")
    assert kept["time"].endswith("+00:00")
    assert kept["versions"]["footnote"]
    assert kept["settings"]["model"] == "qwen"


def test_no_secret_is_kept(settings: RagSettings) -> None:
    rate(ANSWER, settings, good=True)
    assert "hidden" not in (settings.data_dir / FILE).read_text("utf-8")


def test_the_last_opinion_of_an_answer_counts_and_both_lines_stay(settings: RagSettings) -> None:
    other = replace(ANSWER, text="13 boats [1].")
    rate(ANSWER, settings, good=True)
    rate(other, settings, good=True)
    rate(replace(ANSWER, timings={"search": 3.0}), settings, good=False, comment="no")
    assert [(one["answer"]["text"], one["good"]) for one in ratings(settings.data_dir)] == [
        (other.text, True),
        (ANSWER.text, False),
    ]
    assert len((settings.data_dir / FILE).read_text("utf-8").splitlines()) == 3


def test_nothing_rated_is_an_empty_list(tmp_path: Path) -> None:
    assert ratings(tmp_path / "none") == []
    assert render_ratings([]) == "0 answers rated, 0 up, 0 down."


def test_a_comment_that_is_too_long_is_refused_and_nothing_is_written(settings: RagSettings) -> None:
    with pytest.raises(FootnoteError, match="4,001 characters"):
        rate(ANSWER, settings, good=True, comment="x" * (LONGEST_COMMENT + 1))
    assert not settings.data_dir.exists()


def test_the_list_shows_question_thumb_comment_and_day_and_steers_no_terminal(settings: RagSettings) -> None:
    rate(replace(ANSWER, question="How\nmany \x1b[2Jboats?"), settings, good=False, comment="no,\n13")
    day = ratings(settings.data_dir)[0]["time"][:10]
    assert render_ratings(ratings(settings.data_dir)) == (
        f"{day}  down  How many [2Jboats?\n{'':18}no, 13\n1 answer rated, 0 up, 1 down."
    )


@pytest.mark.parametrize(
    "line", ["[]", "{}", "x", "[" * 100_000, '{"time": 1, "good": true, "comment": "", "answer": {}}']
)
def test_a_line_that_is_no_opinion_is_left_out(line: str, settings: RagSettings) -> None:
    rate(ANSWER, settings, good=True)
    with (settings.data_dir / FILE).open("a") as file:
        file.write(f"{line}\n")
    assert len(ratings(settings.data_dir)) == 1


def test_what_is_written_behind_a_line_cut_short_is_whole(settings: RagSettings) -> None:
    rate(ANSWER, settings, good=True)
    with (settings.data_dir / FILE).open("a") as file:
        file.write('{"time": "20')
    rate(ANSWER, settings, good=False)
    assert [one["good"] for one in ratings(settings.data_dir)] == [False]


def test_half_a_character_and_every_line_break_stay_in_one_line(settings: RagSettings) -> None:
    rate(replace(ANSWER, text="\ud800 \u2028 \x85 \r\n"), settings, good=True)
    assert len((settings.data_dir / FILE).read_bytes().split(b"\n")) == 2
    assert len(ratings(settings.data_dir)) == 1


def test_processes_and_threads_that_write_at_once_leave_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    names = ("abc", "def")
    running = [subprocess.Popen([sys.executable, "-c", WRITERS, str(path), letters]) for letters in names]
    assert [one.wait(timeout=60) for one in running] == [0, 0]
    found = list(journal.records(path))
    assert all(one["text"] == one["name"] * 20_000 for one in found)
    assert sorted((one["name"], one["number"]) for one in found) == [(name, n) for name in "abcdef" for n in range(25)]


def test_a_place_that_cannot_be_written_or_read_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FootnoteError, match="Cannot write to"):
        journal.append(tmp_path / "file" / "lines.jsonl", {})
    (tmp_path / FILE).mkdir()
    with pytest.raises(FootnoteError, match="Cannot read"):
        ratings(tmp_path)
