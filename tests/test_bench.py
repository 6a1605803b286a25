"""The bench's figures are all there and counted rightly, on tiny sizes; how fast anything is, no test claims."""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from evals.bench import building, command, searching, startup, syncing
from evals.bench.corpus import load_articles, load_questions, recombined, sentences, write_articles
from evals.bench.ground import Ground
from evals.bench.measure import Stopwatch, Verdict, fresh, percentile, recall, spread
from evals.bench.picture import draw
from index.errors import ConfigError
from index.load.files import read_article

WORDS = "harbour minister strike court river vaccine budget engine border storm council treaty forest bridge".split()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two corpora of 20 articles that differ, and questions in both forms."""
    folder = tmp_path_factory.mktemp("data")
    chance = random.Random(1)
    texts = [" ".join(f"The {' '.join(chance.sample(WORDS, 6))} was new." for _ in range(12)) for _ in range(20)]
    for name, some in (("first", texts[:15]), ("second", texts[10:])):
        (folder / name).mkdir()
        rows = [json.dumps({"_id": str(number), "title": text[4:20], "text": text}) for number, text in enumerate(some)]
        (folder / name / "corpus.jsonl").write_text("\n".join(rows) + "\n")
    rows = [json.dumps({"_id": "1", "text": "|user|: which court?\n|user|: and the storm?"}), '{"text": "a bridge"}']
    (folder / "first" / "queries_all.jsonl").write_text("\n".join(rows) + "\n")
    return folder


@pytest.fixture(scope="module")
def ground(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Ground:
    work = tmp_path_factory.mktemp("work")
    return Ground(Console(quiet=True), work, data, articles=20, chunks=200, questions=10, runs={"static": 1})


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything runs in this process, which nobody measures."""

    def directly(function: Callable[..., Any], *arguments: Any) -> Any:
        return function(*arguments)

    for part in (building, syncing, searching):
        monkeypatch.setattr(part, "fresh", directly)
    monkeypatch.setattr(Stopwatch, "watch", lambda *_: None)


def test_both_sides_index_the_same_articles_and_every_figure_is_there(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evals.bench.ground.SETTLED", -0.5)  # nobody needs the files to be old
    building.run(ground)
    ours, theirs = (ground.figures["build"][f"{side} static"] for side in ("ours", "theirs"))
    assert ours["articles"] == theirs["articles"] == 20
    assert ours["chunks"] >= 20
    assert theirs["chunks"] >= 20
    for one in (ours, theirs):
        for name in ("seconds", "cpu", "peak", "disk"):
            assert one[name]["runs"] == 1
            assert one[name]["median"] > 0
    assert set(ours["sections"]) == {"find", "read", "chunk", "embed", "vectors", "catalog", "rest"}
    assert all(part["median"] > 0 for part in ours["sections"].values())
    assert [one.limit for one in ground.verdicts] == [2.0]  # the others need MiniLM


@pytest.mark.usefixtures("here")
def test_syncing_again_is_timed_and_leaves_the_files_as_they_were(ground: Ground) -> None:
    before = {path: path.read_bytes() for path in ground.folder.rglob("*.txt")}
    syncing.run(ground)
    figures = ground.figures["sync"]["static"]
    assert [figures[name]["runs"] for name in ("unchanged", "edited", "added", "deleted")] == [5] * 4
    assert figures["unchanged_share"] == figures["unchanged"]["median"] / figures["build"]
    assert {path: path.read_bytes() for path in ground.folder.rglob("*.txt")} == before


@pytest.mark.usefixtures("here")
def test_searching_is_measured_by_size_with_filters_and_against_exact_search(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(searching, "SMALLER", (4,))
    monkeypatch.setattr(searching, "ASKED", 1)
    monkeypatch.setattr(searching, "footnote", lambda *_: 1.5)
    searching.run(ground)
    figures = ground.figures["search"]
    small, large = figures["sizes"]
    assert small["chunks"] < 100
    assert 150 < large["chunks"] < 250
    assert large["search"]["runs"] == 10
    shares = [one["passing"] for one in large["search"]["filters"].values()]
    assert shares == pytest.approx([0.1, 0.5, 0.1], abs=0.03)
    assert figures["first_answer"] == spread([1.5])
    assert figures["graph"]["recall@10"] > 0.9
    draw(figures["sizes"], tmp_path / "picture.png")
    assert (tmp_path / "picture.png").read_bytes().startswith(b"\x89PNG")


def test_the_command_writes_json_named_by_the_commit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "RESULTS", tmp_path)
    monkeypatch.setattr(command, "commit", lambda: "0123456789ab")
    monkeypatch.setattr(startup, "RUNS", 1)
    monkeypatch.setitem(startup.LIMITS, "footnote ask", 0.0)
    assert command.main([]) == 1
    result = json.loads((tmp_path / "bench-startup-0123456789ab.json").read_text())
    assert result["startup"]["footnote --help"]["runs"] == 1
    assert [one["met"] for one in result["verdicts"]][1] is False
    assert {"system", "processor", "processors", "memory"} == set(result["machine"])
    assert "footnote ask on the seeds: " in capsys.readouterr().out


def test_verdicts_on_made_up_numbers() -> None:
    fast, slow = Verdict("Search", 10.0, 10.0, "ms"), Verdict("Search", 10.1, 10.0, "ms")
    many, few = Verdict("Times", 2.0, 2.0, "times", at_least=True), Verdict("Times", 1.9, 2.0, "times", at_least=True)
    assert [one.met for one in (fast, slow, many, few)] == [True, False, True, False]
    assert command.shortfalls([fast, slow, many, few]) == [
        "Search: 10.10 ms is over 10 ms",
        "Times: 1.90 times is under 2 times",
    ]


def test_recall_counts_what_is_found_in_whatever_order() -> None:
    exact = list("abcdefgh")
    assert recall(list("dcba"), exact, 4) == 1.0
    assert recall(list("axby"), exact, 4) == 0.5
    assert recall(list("hgfe"), exact, 4) == 0.0
    assert recall(list("ab"), list("ab"), 10) == 1.0  # a small index has no ten


def test_spreads_and_percentiles() -> None:
    assert spread([3.0, 1.0, 2.0]) == {"runs": 3, "median": 2.0, "min": 1.0, "max": 3.0}
    values = [float(number) for number in range(100, 0, -1)]
    assert (percentile(values, 0.5), percentile(values, 0.99), percentile([7.0], 0.99)) == (50.0, 99.0, 7.0)


def test_an_inner_section_stops_the_outer_one() -> None:
    watch = Stopwatch()
    with watch.section("outer"):
        time.sleep(0.01)
        with watch.section("inner"):
            time.sleep(0.03)
    assert 0.01 <= watch.seconds["outer"] < watch.seconds["inner"]


def test_a_process_of_its_own_has_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_CHUNK_TOKENS", "50")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1")
    assert fresh(os.getenv, "PATH") == os.getenv("PATH")
    assert [fresh(os.getenv, name) for name in ("FOOTNOTE_CHUNK_TOKENS", "OPENAI_BASE_URL")] == [None, None]


def test_articles_are_distinct_and_questions_come_one_by_one(data: Path) -> None:
    articles = load_articles(data)
    assert len(articles) == len(set(articles)) == 20
    questions = load_questions(data, articles, 5)
    assert {"which court?", "and the storm?", "a bridge"} < set(questions)
    assert len(questions) == 5
    assert questions == load_questions(data, articles, 5)


def test_recombined_articles_are_dated_and_made_of_sentences(data: Path, tmp_path: Path) -> None:
    pool = sentences(load_articles(data))
    some = [text for text, _ in zip(recombined(pool), range(12), strict=False)]
    assert len(set(some)) == 12
    write_articles(tmp_path, some)
    article = read_article(tmp_path / "1" / "000001.txt")
    assert article.date == "2021-09-09"
    assert 850 < len(article.text) < 1_400


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["build"], "Give a folder"),
        (["no-such-folder"], "No such folder: no-such-folder"),
        (["build", "--articles", "x"], "invalid number value: 'x'"),
        (["--picture"], "drawn by the part search"),
        (["one", "two"], "One folder"),
    ],
)
def test_arguments_that_make_no_sense_are_named(arguments: list[str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        command.main(arguments)


def test_a_missing_folder_is_one_line() -> None:
    call = [sys.executable, "-m", "evals", "bench", "no-such-folder"]
    done = subprocess.run(call, cwd=command.PROJECT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == ["evals: No such folder: no-such-folder"]


def test_a_folder_without_articles_enough_is_named(data: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="20 distinct articles, not 10000"):
        _ = Ground(Console(quiet=True), tmp_path, data).folder
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "corpus.jsonl").write_text("{}\n")
    with pytest.raises(ConfigError, match="line 1: no object with a text"):
        load_articles(tmp_path)
