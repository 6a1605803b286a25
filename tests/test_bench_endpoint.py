"""The bench of endpoints counts rightly: what is mixed up, what is lost, what grows; how fast it is, no test claims."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from evals.bench import endpoint, lasting
from evals.bench.ground import Ground
from evals.bench.lasting import FOR_LONG, faults_of, holds, slope
from evals.bench.measure import median_interval
from evals.bench.paced import Pace, pace_of, paced_server, reply
from index.engine import Index
from rag.assistant import Assistant
from rag.config import RagSettings
from rag.records import Answer

AT_NO_PACE = Pace(first=0, each=0, tokens=30)
QUESTION, OTHER = "How many strikes had US aircraft carried out in Sirte?", "Who led the forces that entered Sirte?"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with paced_server() as running:
        yield running


@pytest.fixture
def ask(seeds_index: Index, address: str) -> Callable[[str], Answer]:
    settings = RagSettings(data_dir=seeds_index.settings.data_dir, base_url=address, model=FOR_LONG.model)
    return Assistant(seeds_index, settings).ask


def test_an_answer_is_known_by_its_question_and_its_citations(ask: Callable[[str], Answer]) -> None:
    answer, other = ask(QUESTION), ask(OTHER)
    assert faults_of(answer, QUESTION) == []
    assert {one.quote for one in answer.citations} != {one.quote for one in other.citations}
    assert faults_of(answer, OTHER) == ["mixed"]
    assert faults_of(replace(answer, citations=answer.citations[:-1]), QUESTION) == ["lost"]
    assert faults_of(replace(answer, claims=answer.claims[:-1]), QUESTION) == ["lost"]
    both = replace(answer, claims=answer.claims[:-1], citations=answer.citations[:-1])
    assert faults_of(both, QUESTION) == ["lost"]
    assert faults_of(replace(answer, citations=(*answer.citations[:-1], other.citations[0])), QUESTION) == ["mixed"]
    assert faults_of(replace(answer, writer="extractive"), QUESTION) == ["quoted"]


def test_every_figure_is_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def directly(function: Callable[..., Any], *arguments: Any) -> Any:
        return function(*arguments)

    monkeypatch.setattr(endpoint, "fresh", directly)
    monkeypatch.setattr(endpoint, "SINGLE", AT_NO_PACE)
    monkeypatch.setattr(lasting, "AT_ONCE", AT_NO_PACE)
    ground = Ground(Console(quiet=True), tmp_path, quick=True)
    endpoint.run(ground)
    figures = ground.figures["endpoint"]
    assert figures["first token"]["difference"]["runs"] == figures["rate"]["runs"] == endpoint.QUICK.runs
    assert figures["first token"]["ours"]["median"] > 0
    at_once = figures["at once"]
    assert at_once.pop("seconds") > 0
    assert at_once == {"conversations": 4, "answers": 8, "mixed": 0, "lost": 0, "quoted": 0}
    assert [one["turn"] for one in figures["for long"]["held"]] == list(range(2, 21))
    assert [one.limit for one in ground.verdicts] == [60, 0.95, 0, 0, 1.02, 0, 1]


def test_a_model_is_named_by_its_pace_and_answers_hang_on_the_question() -> None:
    assert pace_of(Pace(50, 2.5, 60).model) == Pace(50, 2.5, 60)
    sentences = "\n".join(f"[{number}] Sentence number {number} stands here." for number in range(11, 31))
    asked = [f"<articles>\n{sentences}\n</articles>\n\nQuestion: Why {number}?" for number in range(20)]
    answers = ["".join(reply(prompt, 30)) for prompt in asked]
    assert len({answer.partition("\n")[2] for answer in answers}) > 10
    assert answers[3].startswith("Why 3? Here are 5 sentences.\nSentence number ")
    assert len(reply(asked[0], 30)) >= 30
    assert "".join(reply("Last question: And why?", 30)).endswith("And why?")


def test_what_grows_is_told_from_what_does_not() -> None:
    turns = list(range(100, 1_001, 50))
    assert slope(turns, [7.0] * len(turns)) == pytest.approx({"value": 0, "low": 0, "high": 0}, abs=1e-9)
    assert slope(turns, [3.0 * turn for turn in turns]) == pytest.approx({"value": 3, "low": 3, "high": 3})
    waves = slope(turns, [turn + 50.0 * (turn % 100 == 0) for turn in turns])
    assert waves["low"] < 1 < waves["high"]


def test_medians_have_intervals() -> None:
    assert median_interval([4.0] * 5) == {"runs": 5, "median": 4, "low": 4, "high": 4}
    found = median_interval([float(number) for number in range(101)])
    assert found["median"] == 50
    assert 30 < found["low"] < 50 < found["high"] < 70


def test_what_a_process_holds(tmp_path: Path) -> None:
    before = holds()
    with open(tmp_path / "one", "w", encoding="utf-8"):
        assert holds()["files"] == before["files"] + 1
    block = bytearray(50_000_000)
    assert holds()["memory"] > before["memory"] + 0.9 * len(block)
