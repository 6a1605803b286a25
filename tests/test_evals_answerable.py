"""What can be answered: the area under the curve and its points counted by hand, and each shape of data read."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from test_evals import TOWNS, lines

from evals import answerable
from evals.cli import evaluate
from evals.items import load
from evals.metrics import Point, auroc, curve, equal_error, equal_point, placements, under_at
from evals.results import read, write
from index.engine import Index
from index.errors import ConfigError
from index.static import StaticEmbedder
from rag.assistant import Assistant
from rag.config import RagSettings
from rag.extract import Selection, select
from rag.prompt import make_task

SEEDS = Path(__file__).parents[1] / "seeds"
SETTINGS = RagSettings(embedding="static")


def test_the_area_is_the_share_of_pairs_in_order_and_half_of_the_ties() -> None:
    assert auroc([0.9, 0.8], [0.1, 0.2]) == 1
    assert auroc([0.1, 0.2], [0.9, 0.8]) == 0
    assert auroc([0.5, 0.5], [0.5]) == 0.5
    assert auroc([0.8, 0.4, 0.3], [0.5, 0.3]) == (2 + 1 + 0.5) / 6  # above both; above .3; with .3
    assert auroc(np.random.default_rng(0).random(4_000), np.random.default_rng(1).random(4_000)) == pytest.approx(
        0.5, abs=0.02
    )


def test_each_scores_share_of_right_pairs_has_the_area_as_its_mean() -> None:
    scores, labels = [0.8, 0.5, 0.4, 0.3, 0.3], [True, False, True, False, True]
    assert placements(scores, labels) == [1, pytest.approx(1 / 3), 0.5, pytest.approx(2.5 / 3), 0.25]
    assert np.mean(placements(scores, labels)) == pytest.approx(auroc([0.8, 0.4, 0.3], [0.5, 0.3]))


def test_the_curve_counted_by_hand() -> None:
    points = curve([0.8, 0.6, 0.6, 0.2], [0.6, 0.1])
    assert points[:-1] == [
        Point(0.1, 0, 1),
        Point(0.2, 0, 0.5),
        Point(0.6, 0.25, 0.5),
        Point(0.8, 0.75, 0),
    ]
    assert (points[-1].over, points[-1].under) == (1, 0)
    assert 0.8 < points[-1].threshold < 0.800001
    assert equal_point(points) == Point(0.6, 0.25, 0.5)
    assert equal_error([0.8, 0.6, 0.6, 0.2], [0.6, 0.1]) == 0.375
    assert [under_at(points, level) for level in (0.0, 0.3, 0.8)] == [0.5, 0.5, 0]


def test_the_interval_draws_both_groups_anew() -> None:
    positive, negative = [0.9, 0.6, 0.7, 0.3] * 20, [0.1, 0.5, 0.2, 0.8] * 20
    area = answerable.spread(auroc, positive, negative)
    assert area == answerable.spread(auroc, positive, negative)
    assert area.value == 0.75
    assert 0.6 < area.low < area.value < area.high < 0.9
    one = answerable.spread(auroc, [0.5], negative)
    assert one.high > one.low  # the one positive score is always the same, the negative ones are not


def selection(question: str, index: Index) -> Selection:
    task = make_task(question, index.search(question))
    return select(task, StaticEmbedder().embed)


def test_confidence_is_half_and_more_exactly_where_there_is_an_answer(seeds_index: Index, assistant: Assistant) -> None:
    asked = (
        "Who led the forces that entered Sirte?",
        "How many strikes had US aircraft carried out in Sirte?",
        "What is the capital of Peru?",
        "How many strikes hit Paris?",
        "Who backs the GNA and who refuses to accept it?",  # refused, though much speaks for a sentence
    )
    found = [selection(question, seeds_index).confidence for question in asked]
    assert [one >= 0.5 for one in found] == [not assistant.ask(question).refused for question in asked]
    assert [one >= 0.5 for one in found] == [True, True, False, False, False]
    assert all(0 <= one <= 1 for one in found)
    assert Selection((), (), ()).confidence == 0


def test_clapnqs_questions_are_held_against_their_own_passage(tmp_path: Path) -> None:
    rows = [{"_id": name, "title": "", "text": text} for name, text in TOWNS.items()]
    lines(tmp_path / "corpus.jsonl", *rows)
    lines(
        tmp_path / "queries.jsonl",
        {"_id": 1, "text": "When was the mill of Aldery built?", "answerable": True},
        {"_id": 2, "text": "Who lit the lighthouse?", "answerable": False, "related_doc": "south"},
    )
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n1\tnorth\t1\n")
    one, two = load(tmp_path, SEEDS, SETTINGS)
    assert (one.answerable, two.answerable) == (True, False)
    assert [passage.text for passage in (*one.passages, *two.passages)] == list(TOWNS.values())
    lines(tmp_path / "queries.jsonl", {"_id": 2, "text": "Who?", "answerable": False, "related_doc": "west"})
    with pytest.raises(ConfigError, match=r"queries.jsonl, line 1: not a question of known documents \('west'\)"):
        load(tmp_path, SEEDS, SETTINGS)
    lines(tmp_path / "queries.jsonl", {"_id": 1, "text": "Who?", "answerable": "no"})
    with pytest.raises(ConfigError, match=r"line 1: .*true or false is wanted, not 'no'"):
        load(tmp_path, SEEDS, SETTINGS)


def task(**changes: object) -> dict[str, object]:
    plain = {
        "task_id": "t",
        "question": "And by whom?",
        "answerability": ["PARTIAL"],
        "contexts": [{"document_id": "d", "text": TOWNS["north"]}],
        "history": [{"speaker": "user", "text": "When was the mill built?"}, {"speaker": "agent", "text": "In 1731."}],
    }
    return {**plain, **changes}


def test_mtrags_tasks_come_with_their_passages_and_conversation(tmp_path: Path) -> None:
    lines(tmp_path / "tasks.jsonl", task(), task(answerability=["UNANSWERABLE"], history=[]))
    for path in (tmp_path, tmp_path / "tasks.jsonl"):
        one, two = load(path, SEEDS, SETTINGS)
        assert (one.answerable, two.answerable) == (True, False)
        assert [turn.question for turn in one.history] == ["When was the mill built?"]
        assert [passage.text for passage in one.passages] == [TOWNS["north"]]


@pytest.mark.parametrize(
    "changes",
    [
        {"answerability": ["MAYBE"]},
        {"answerability": []},
        {"contexts": [{"text": "x"}]},
        {"contexts": 3},
        {"contexts": [{"document_id": "d", "text": "…"}]},
        {"history": [1]},
    ],
)
def test_a_broken_task_is_named(tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match=r"tasks.jsonl, line 2: not a task"):
        load(lines(tmp_path / "tasks.jsonl", task(), task(**changes)), SEEDS, SETTINGS)


@pytest.fixture
def _written_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(answerable, "write", partial(write, folder=tmp_path / "results"))


@pytest.mark.usefixtures("_written_here")
def test_the_command_tells_the_area_the_curve_and_what_went_wrong(tmp_path: Path) -> None:
    questions = {
        "How many strikes had US aircraft carried out in Sirte?": False,
        "Who led the forces that entered Sirte?": False,
        "What is the capital of Peru?": True,
    }
    cases = [
        {"id": f"c{number}", "question": question, "gold_any": ["x"], "refuse": refuse}
        for number, (question, refuse) in enumerate(questions.items())
    ]
    wrong = {"id": "w", "question": "How many strikes had US aircraft carried out in Sirte?", "refuse": True}
    ran = CliRunner().invoke(evaluate, ["answerable", str(lines(tmp_path / "mine.jsonl", *cases, wrong))])
    assert ran.exit_code == 0, ran.output
    assert "wrongly answered: w" in ran.output
    assert "wrongly refused" not in ran.output
    (path,) = (tmp_path / "results").glob("answerable-mine-static-*.json")
    ours, overlap, cosine = read(path).runs
    assert ours.metrics["over_refusal"].value == 0
    assert ours.metrics["under_refusal"].value == 0.5
    assert ours.metrics["auroc"].value == np.mean([row["auroc"] for row in ours.rows])
    assert [overlap.system, cosine.system] == ["word overlap", "cosine (static)"]
    assert "over_refusal" not in overlap.metrics
    # Of each kind the first: no wrong one among them.
    ran = CliRunner().invoke(evaluate, ["answerable", str(tmp_path / "mine.jsonl"), "--limit", "1"])
    assert read(path).runs[0].metrics["under_refusal"].value == 0


@pytest.mark.usefixtures("_written_here")
def test_questions_of_one_kind_only_are_refused_in_one_line(tmp_path: Path) -> None:
    path = lines(tmp_path / "mine.jsonl", {"id": "c", "question": "What is the capital of Peru?", "refuse": True})
    ran = CliRunner().invoke(evaluate, ["answerable", str(path)])
    assert isinstance(ran.exception, ConfigError)
    assert "both" in str(ran.exception)
    assert "\n" not in str(ran.exception)
