"""Passages are scored by their characters as in Chroma's chunking evaluation."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from evals import shown
from evals.chunks import Question, corpora, measure, questions, span_scores
from evals.cli import evaluate
from evals.results import read
from evals.systems import Hit
from index.errors import ConfigError

STORM = "# The storm\r\n\r\nOne storm came in 1953.\r\n\r\nThe harbour fell silent for a week.\r\n"
FOREST = "\ufeffThe forest is old.\n\nIts glacier melts – slowly, but every year.\n\nNobody lives there."
SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)).map(lambda one: (one[0], one[0] + one[1])))


def reference(text: str, quote: str) -> dict[str, Any]:
    return {"content": quote, "start_index": text.index(quote), "end_index": text.index(quote) + len(quote)}


def write_questions(path: Path, rows: Sequence[tuple[str, str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("question", "references", "corpus_id"), *rows])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FOOTNOTE_CHUNK_TOKENS", "20")
    monkeypatch.setattr(shown, "RESULTS", tmp_path / "results")
    folder = tmp_path / "tiny"
    (folder / "corpora").mkdir(parents=True)
    (folder / "corpora" / "storm.md").write_bytes(STORM.encode())
    (folder / "corpora" / "forest.md").write_bytes(FOREST.encode())
    harbour, melting = "The harbour fell silent for a week.", "Its glacier melts – slowly"
    rows = [
        ("Was the harbour silent,\r\nand for how long?", json.dumps([reference(STORM, harbour)]), "storm"),
        ("How does the glacier melt?", json.dumps([reference(FOREST, melting)]), "forest"),
    ]
    write_questions(folder / "questions_df.csv", rows)
    return folder


def hit(start: int, end: int, *names: str) -> Hit:
    return Hit(names or ("a",), start, end, 1.0)


def test_spans_counted_by_hand() -> None:
    wanted = [(10, 20), (30, 40)]
    assert span_scores([hit(15, 35)], "a", wanted) == (10 / 20, 10 / 20, 10 / 30)
    assert span_scores([hit(10, 20), hit(30, 40)], "a", wanted) == (1.0, 1.0, 1.0)
    assert span_scores([hit(20, 30)], "a", wanted) == (0.0, 0.0, 0.0)
    assert span_scores([], "a", wanted) == (0.0, 0.0, 0.0)


def test_passages_that_overlap_are_found_once_and_cost_twice() -> None:
    assert span_scores([hit(10, 30), hit(15, 35)], "a", [(10, 20)]) == (1.0, 10 / 40, 10 / 40)


def test_passages_of_other_texts_only_cost() -> None:
    assert span_scores([hit(10, 20), hit(10, 40, "b")], "a", [(10, 20)]) == (1.0, 10 / 40, 10 / 40)
    assert span_scores([hit(10, 20, "b", "a")], "a", [(10, 20)]) == (1.0, 1.0, 1.0)  # both have the same text


def test_characters_that_are_wanted_twice_count_once() -> None:
    assert span_scores([hit(10, 20)], "a", [(10, 20), (15, 25)]) == (10 / 15, 1.0, 10 / 15)


@given(SPANS.filter(len), SPANS, SPANS)
def test_the_three_figures_are_those_of_sets_of_characters(
    wanted: list[tuple[int, int]], found: list[tuple[int, int]], elsewhere: list[tuple[int, int]]
) -> None:
    hits = [hit(*span) for span in found] + [hit(*span, "b") for span in elsewhere]
    recall, precision, overlap = span_scores(hits, "a", wanted)
    relevant = {place for start, end in wanted for place in range(start, end)}
    retrieved = {place for start, end in found for place in range(start, end)}
    cost = sum(end - start for start, end in [*found, *elsewhere])
    assert recall == pytest.approx(len(relevant & retrieved) / len(relevant))
    assert precision == pytest.approx(len(relevant & retrieved) / cost if cost else 0)
    assert overlap == pytest.approx(len(relevant & retrieved) / (cost + len(relevant - retrieved)))
    assert 0 <= overlap <= min(recall, precision) + 1e-12 <= 1 + 1e-12


class Broken:
    """Finds nothing, always the same passage, or whole texts, whatever is asked."""

    def __init__(self, hits: Sequence[Hit]) -> None:
        self._hits = hits

    def __call__(self, question: str, earlier: Sequence[str], limit: int) -> Sequence[Hit]:  # noqa: ARG002
        return self._hits[:limit]


def test_broken_systems_score_what_they_should() -> None:
    asked = [Question("2", "?", "a", ((0, 10),)), Question("3", "?", "b", ((90, 100),))]
    kinds = {
        "empty": ([], (0.0, 0.0, 0.0)),
        "constant": ([hit(0, 10)], (0.5, 0.5, 0.5)),
        "everything": ([hit(0, 100), hit(0, 100, "b")], (1.0, 0.05, 0.05)),
    }
    for name, (hits, expected) in kinds.items():
        run = measure(name, Broken(hits), asked, 5)
        assert tuple(run.metrics) == ("recall@5", "precision@5", "IoU@5")
        assert tuple(one.value for one in run.metrics.values()) == pytest.approx(expected)


def test_the_command_measures_footnote_and_all_baselines(folder: Path, tmp_path: Path) -> None:
    arguments = ["chunks", str(folder), "--baseline", "all", "--count", "1"]
    done = CliRunner().invoke(evaluate, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert "2 questions, 2 texts, 1 passages each" in done.output
    result = read(next((tmp_path / "results").glob("chunks-tiny-static-*.json")))
    runs = {one.system: one for one in result.runs}
    closely = "footnote, closely (static)"
    assert list(runs) == ["footnote (static)", closely, "bm25", "dense (static)", "llamaindex (static)"]
    for one in runs.values():
        assert one.metrics["recall@1"].value == 1.0
    for name in ("footnote (static)", "bm25", "dense (static)"):
        first, second = runs[name].rows
        assert first["top"] == [f"storm:2-{len(STORM) - 2}"]  # without the mark of the heading
        assert first["precision@1"] == len("The harbour fell silent for a week.") / (len(STORM) - 4)
        assert second["top"] == [f"forest:1-{len(FOREST)}"]  # without the byte order mark
    assert runs[closely].rows[0]["precision@1"] == 1.0  # the sentence alone
    whole = runs["llamaindex (static)"].rows[0]["top"][0]  # its passages are as long as these texts
    assert whole == f"storm:0-{len(STORM.strip())}"


def test_texts_keep_their_line_ends_and_marks(folder: Path) -> None:
    texts = corpora(folder)
    assert texts == {"storm": STORM, "forest": FOREST}
    asked = questions(folder / "questions_df.csv", texts)
    assert [one.id for one in asked] == ["2", "4"]  # lines; the first question has two
    ((start, end),) = asked[0].references
    assert STORM[start:end] == "The harbour fell silent for a week."


@pytest.mark.parametrize(
    ("references", "corpus", "message"),
    [
        ('[{"start_index": 0, "end_index": 5}]', "storm", ""),
        ("[]", "storm", "line 2: it refers to nothing"),
        ("[1]", "storm", "line 2: its references are no list"),
        ("{", "storm", "line 2: its references are no list"),
        ('[{"start_index": 0}]', "storm", "line 2: its references are no list"),
        ('[{"start_index": 5, "end_index": 5}]', "storm", "line 2: characters 5 to 5 of storm are not"),
        ('[{"start_index": -5, "end_index": 5}]', "storm", "line 2: characters -5 to 5 of storm are not"),
        ('[{"start_index": 0, "end_index": 999}]', "storm", "line 2: characters 0 to 999 of storm are not"),
        ('[{"start_index": 0, "end_index": 1, "content": "x"}]', "storm", "line 2: characters 0 to 1 of storm"),
        ('[{"start_index": 0, "end_index": 5}]', "sea", "line 2: not a question about one of forest, storm"),
    ],
)
def test_a_malformed_question_is_named_in_one_line(folder: Path, references: str, corpus: str, message: str) -> None:
    path = folder / "questions_df.csv"
    write_questions(path, [("How?", references, corpus)])
    if not message:
        assert questions(path, corpora(folder))[0].references == ((0, 5),)
        return
    with pytest.raises(ConfigError, match=message) as raised:
        questions(path, corpora(folder))
    assert "questions_df.csv" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_missing_and_unreadable_files_are_named(folder: Path) -> None:
    path, texts = folder / "questions_df.csv", corpora(folder)
    path.write_text("question,corpus_id\n")
    with pytest.raises(ConfigError, match=r"questions_df.csv, line 1: no column references"):
        questions(path, texts)
    path.write_text("question,references,corpus_id\n")
    with pytest.raises(ConfigError, match=r"No questions in .*questions_df.csv"):
        questions(path, texts)
    path.write_bytes(b"question,references,corpus_id\n\xff,[],storm\n")
    with pytest.raises(ConfigError, match=r"Cannot read .*questions_df.csv"):
        questions(path, texts)
    path.unlink()
    with pytest.raises(ConfigError, match=r"No such file: .*questions_df.csv"):
        questions(path, texts)
    (folder / "corpora" / "storm.md").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match=r"Cannot read .*storm.md"):
        corpora(folder)
    with pytest.raises(ConfigError, match=r"No corpora/\*\.md in"):
        corpora(folder / "corpora")
