"""The measures against examples counted by hand, and against assistants that are broken on purpose."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from evals import answers
from evals.cases import SEED_CASES, Case, load_cases
from evals.metrics import Rate, is_verbatim, score, summarise
from index.engine import Index
from index.errors import ConfigError
from index.records import NO_FILTERS, Filters
from rag.assistant import Assistant
from rag.records import Answer, Citation, Turn

TEXT = "One sentence. Another one. A third."
SEEDS = Path(__file__).parents[1] / "seeds"


def citation(start: int, end: int, quote: str | None = None) -> Citation:
    return Citation(1, "a", "T", None, "a.txt", start, end, quote if quote is not None else TEXT[start:end])


def case(**changes: object) -> Case:
    plain = Case("c", "number", "How?", (), ("Another one.",), (), refuse=False)
    return replace(plain, **changes)  # type: ignore[arg-type]


def answer(*citations: Citation, refused: bool = False) -> Answer:
    return Answer("How?", "How?", citations=citations, refused=refused, done=True)


def test_scores_counted_by_hand() -> None:
    scores = [
        score(case(), answer(citation(14, 26)), lambda _: TEXT, 10),
        score(case(gold_all=("One sentence.", "A third.")), answer(citation(0, 13)), lambda _: TEXT, 20),
        score(case(), answer(refused=True), lambda _: TEXT, 30),
        score(case(refuse=True, gold_any=()), answer(refused=True), lambda _: TEXT, 40),
        score(case(refuse=True, gold_any=()), answer(citation(0, 13, "One sentence!")), lambda _: TEXT, 50),
    ]
    summary = summarise(scores)
    assert (summary.gold_first.hits, summary.gold_first.of) == (1, 3)
    assert [one.gold_all for one in scores] == [None, 0.5, None, None, None]
    assert (summary.verbatim.hits, summary.verbatim.of) == (2, 3)
    assert (summary.rightly_refused.hits, summary.rightly_refused.of) == (1, 2)
    assert (summary.wrongly_refused.hits, summary.wrongly_refused.of) == (1, 3)
    assert summary.latency == 30


def test_only_the_first_three_quotes_count_as_first() -> None:
    late = answer(citation(0, 13), citation(0, 13), citation(27, 35), citation(14, 26))
    assert score(case(), late, lambda _: TEXT, 1).gold_first is False


def test_a_quote_is_verbatim_only_at_its_offsets() -> None:
    assert is_verbatim(citation(14, 26), lambda _: TEXT)
    assert not is_verbatim(citation(0, 12, "Another one."), lambda _: TEXT)
    assert not is_verbatim(citation(5, 5), lambda _: TEXT)


def test_the_interval_is_wilsons() -> None:
    low, high = Rate(8, 10).interval
    assert low == pytest.approx(0.4902, abs=1e-4)
    assert high == pytest.approx(0.9433, abs=1e-4)


def test_the_shipped_cases_are_whole_and_their_gold_stands_in_the_articles() -> None:
    cases = load_cases(SEED_CASES)
    texts = [path.read_bytes().decode() for path in SEEDS.glob("*.txt")]
    assert len(cases) >= 50
    assert sum(one.refuse for one in cases) >= 15
    assert len({one.id for one in cases}) == len(cases)
    for one in cases:
        assert one.refuse or one.gold_any or one.gold_all
        for gold in (*one.gold_any, *one.gold_all):
            assert any(gold in text for text in texts), gold


class Broken(Assistant):
    """Answers every question the same way."""

    def __init__(self, index: Index, reply: Answer) -> None:
        self.index = index
        self.reply = reply

    def stream(
        self,
        question: str,  # noqa: ARG002
        history: Sequence[Turn] = (),  # noqa: ARG002
        filters: Filters = NO_FILTERS,  # noqa: ARG002
    ) -> Iterator[Answer]:
        yield self.reply


def test_an_assistant_that_always_refuses_fails(seeds_index: Index) -> None:
    summary = summarise(answers.run_cases(load_cases(SEED_CASES)[:60], Broken(seeds_index, answer(refused=True))))
    assert summary.gold_first.value == 0
    assert summary.wrongly_refused.value == 1
    assert len(answers.shortfalls(summary)) >= 2


def test_an_assistant_that_makes_quotes_up_fails(seeds_index: Index) -> None:
    source = str(next(SEEDS.glob("000*")).resolve())
    made_up = answer(replace(citation(0, 13, "Sirte was free."), source=source))
    summary = summarise(answers.run_cases(load_cases(SEED_CASES)[:20], Broken(seeds_index, made_up)))
    assert summary.verbatim.value == 0
    assert any("verbatim" in line for line in answers.shortfalls(summary))


def test_the_command_writes_json_named_by_the_commit_and_fails_under_a_threshold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seeds_index: Index
) -> None:
    monkeypatch.setattr(answers, "RESULTS", tmp_path)
    cases = tmp_path / "cases.jsonl"
    easy = load_cases(SEED_CASES)[0]
    lines = [
        {"id": "right", "category": "x", "question": "What is the capital of Peru?", "refuse": True},
        {"id": "wrong", "category": "x", "question": easy.question, "refuse": True},
    ]
    empty: dict[str, list[str]] = {"history": [], "gold_any": [], "gold_all": []}
    cases.write_text("\n".join(json.dumps({**empty, **line}) for line in lines))
    assert answers.evaluate(cases, SEEDS, seeds_index.settings) == 1  # type: ignore[arg-type]
    (result,) = tmp_path.glob("cases-*.json")
    written = json.loads(result.read_text())
    assert written["commit"] in result.name
    assert [row["refused"] for row in written["rows"]] == [True, False]
    assert "api_key" not in written["settings"]


@pytest.mark.parametrize("content", ["", "not json", '{"id": "x"}', "[1]"])
def test_a_file_that_holds_no_cases_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(content)
    with pytest.raises(ConfigError, match="cases"):
        load_cases(path)
