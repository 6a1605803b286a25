"""Rankings are scored as trec_eval does, whatever is measured: Footnote, baselines, conversations, broken systems."""

import json
import random
from collections.abc import Mapping, Sequence
from io import StringIO
from math import log2
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from evals import conversation, prepared, retrieval, shown, systems
from evals.cli import evaluate
from evals.prepared import prepare
from evals.ranking import METRICS, ranked, scores
from evals.results import Estimate, estimate, make_run, read
from evals.sets import Document, documents
from evals.systems import BASELINES, Bm25, Choice, Dense, Footnote, Hit
from index import words
from index.config import IndexSettings
from index.engine import Index
from index.errors import ConfigError, FootnoteError
from index.static import StaticEmbedder
from rag.config import RagSettings

TOPICS = "harbour minister river vaccine engine storm treaty forest bridge museum orchard glacier".split()
DOCUMENTS = [
    Document(f"d{number}", f"The {topic}", f"In {1900 + number} the {topic} was opened. Many people came to see it.")
    for number, topic in enumerate(TOPICS)
]


def write_lines(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A conversation of two turns about each of the first three documents; the last query is not judged."""
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(shown, "RESULTS", tmp_path / "results")
    folder = tmp_path / "tiny"
    folder.mkdir()
    write_lines(folder / "corpus.jsonl", [{"_id": one.id, "title": one.title, "text": one.text} for one in DOCUMENTS])
    forms = {
        "lastturn": "|user|: and when was it opened?",
        "questions": "|user|: what of the {}?\n|user|: and when was it opened?",
        "rewrite": "|user|: when was the {} opened?",
    }
    for name, form in forms.items():
        rows = [{"_id": f"q{n}", "text": form.format(topic)} for n, topic in enumerate(TOPICS[:4])]
        write_lines(folder / f"queries_{name}.jsonl", rows)
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq0\td0\t1\nq1\td1\t1\nq2\td2\t1\nq3\td3\t0\n")
    return folder


def run(*arguments: str | Path) -> str:
    done = CliRunner().invoke(evaluate, list(map(str, arguments)), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_metrics_counted_by_hand() -> None:
    found = scores({"q": list("xaybzcdefg")}, {"q": {"a": 1, "b": 2, "g": 1, "w": 1}})["q"]
    ideal = 2 / log2(2) + 1 / log2(3) + 1 / log2(4) + 1 / log2(5)
    assert found["nDCG@5"] == pytest.approx((1 / log2(3) + 2 / log2(5)) / ideal)
    assert found["nDCG@10"] == pytest.approx((1 / log2(3) + 2 / log2(5) + 1 / log2(11)) / ideal)
    assert (found["recall@5"], found["recall@10"]) == (0.5, 0.75)
    assert (found["MRR@10"], found["hit@10"]) == (0.5, 1.0)


def test_what_comes_after_the_tenth_is_worth_nothing() -> None:
    late = scores({"q": [*"0123456789", "a"]}, {"q": {"a": 1}})["q"]
    assert late == dict.fromkeys(METRICS, 0.0)


@settings(max_examples=40, deadline=None)
@given(st.permutations(list("abcdefghijklmno")), st.dictionaries(st.sampled_from("acegikz"), st.integers(0, 3)))
def test_the_library_counts_as_plain_code_does(ranking: list[str], judged: dict[str, int]) -> None:
    judged["z"] = 1
    found = scores({"q": ranking}, {"q": judged})["q"]
    right = [name for name, relevance in judged.items() if relevance > 0]
    places = [rank for rank, name in enumerate(ranking, start=1) if name in right]
    for depth in (5, 10):
        gains = [judged.get(name, 0) / log2(rank + 1) for rank, name in enumerate(ranking[:depth], start=1)]
        ideal = sorted(judged.values(), reverse=True)[:depth]
        most = sum(gain / log2(rank + 1) for rank, gain in enumerate(ideal, start=1))
        assert found[f"nDCG@{depth}"] == pytest.approx(sum(gains) / most)
        assert found[f"recall@{depth}"] == pytest.approx(sum(place <= depth for place in places) / len(right))
    first = min(places, default=11)
    assert found["MRR@10"] == pytest.approx(1 / first if first <= 10 else 0)
    assert found["hit@10"] == (first <= 10)


def test_a_document_ranks_by_its_best_passage_and_texts_held_twice_stand_together() -> None:
    hits = [Hit(("b",), 0, 5, 0.9), Hit(("a", "c"), 0, 5, 0.8), Hit(("b",), 5, 9, 0.7), Hit(("d",), 0, 5, 0.6)]
    assert ranked(hits) == ["b", "a", "c", "d"]


class Broken:
    """Finds the same number of documents for every question, chosen without looking at it."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._chance = random.Random(7)

    def __call__(self, question: str, earlier: Sequence[str], limit: int) -> list[Hit]:  # noqa: ARG002
        names = [f"d{number}" for number in range(100)]
        if self._kind == "shuffled":
            self._chance.shuffle(names)
        return [] if self._kind == "empty" else [Hit((name,), 0, 1, 0.0) for name in names[:limit]]


@pytest.mark.parametrize(("kind", "recall"), [("empty", 0.0), ("constant", 0.1), ("shuffled", 0.1)])
def test_broken_systems_score_what_they_should(kind: str, recall: float) -> None:
    asked = [retrieval.Asked(f"q{number}", "?") for number in range(1000)]
    judged = {one.id: {f"d{number % 100}": 1} for number, one in enumerate(asked)}
    metrics = retrieval.measure("broken", "queries", Broken(kind), asked, judged).metrics
    expected = recall * np.mean([1 / log2(rank + 1) for rank in range(1, 11)])
    tolerance = 0.03 if kind == "shuffled" else 1e-9
    assert metrics["recall@10"].value == pytest.approx(recall, abs=tolerance)
    assert metrics["hit@10"].value == metrics["recall@10"].value
    assert metrics["recall@5"].value == pytest.approx(recall / 2, abs=tolerance)
    assert metrics["nDCG@10"].value == pytest.approx(expected, abs=tolerance)


def test_a_run_has_a_row_a_query_with_what_was_found() -> None:
    asked = [retrieval.Asked("q", "how?", ("what?",))]
    (row,) = retrieval.measure("one", "queries", Broken("constant"), asked, {"q": {"d1": 1}}).rows
    assert (row["id"], row["text"], row["earlier"]) == ("q", "how?", ("what?",))
    assert row["top"] == [f"d{number}" for number in range(10)]
    assert row["MRR@10"] == 0.5
    assert row["milliseconds"] >= 0


def test_the_command_measures_footnote_and_all_baselines(folder: Path, tmp_path: Path) -> None:
    output = run("retrieval", folder, "--baseline", "all", "--embedding", "static")
    result = read(next((tmp_path / "results").glob("retrieval-tiny-static-*.json")))
    names = ["footnote (static)", "bm25", "dense (static)", "llamaindex (static)"]
    assert [one.system for one in result.runs] == names
    for one in result.runs:
        assert [row["id"] for row in one.rows] == ["q0", "q1", "q2"]  # of q3 nothing is relevant
        assert one.metrics["recall@5"].value == 1.0
        assert all(word in output for word in one.system.split())
    assert result.settings["embedding"] == "static"
    assert "3 queries, 12 documents" in output
    assert "Worst of footnote (static) by nDCG@10" in output
    assert "Slowest of footnote (static)" in output


def test_the_second_run_embeds_only_questions(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []
    embed = StaticEmbedder.embed

    def counted(self: StaticEmbedder, some: Sequence[str]) -> Any:
        texts.extend(some)
        return embed(self, some)

    monkeypatch.setattr(StaticEmbedder, "embed", counted)
    run("retrieval", folder, "--baseline", "all")
    assert sum("was opened" in text for text in texts) == 3 * len(DOCUMENTS)  # once by each that has vectors
    texts.clear()
    run("retrieval", folder, "--baseline", "all")
    asked = {text for text in texts if " " in text}  # single words are those of the ranking
    assert asked == {f"when was the {topic} opened?" for topic in TOPICS[:3]}


def test_files_are_found_in_the_folder_and_named_in_the_result(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("retrieval", folder, "--queries", "queries_lastturn.jsonl", "--limit", "2")
    (file,) = (tmp_path / "results").glob("*.json")
    assert file.name.startswith("retrieval-tiny-queries_lastturn-static-")
    (only,) = read(file).runs
    assert [row["text"] for row in only.rows] == ["and when was it opened?"] * 2
    (folder / "queries.jsonl").write_text('{"_id": "q1", "text": "the minister"}\n')
    monkeypatch.chdir(tmp_path)
    Path("other.tsv").write_text("q1\td1\t1\n")
    run("retrieval", folder, "--qrels", "other.tsv")
    (file,) = (tmp_path / "results").glob("retrieval-tiny-static-*.json")
    assert [row["text"] for row in read(file).runs[0].rows] == ["the minister"]


def test_history_is_what_the_assistant_would_take(folder: Path) -> None:
    asked = {name: some[1] for name, some in conversation.conditions(folder, "minilm:x")}
    assert asked == {
        "last turn": retrieval.Asked("q1", "and when was it opened?"),
        "last turn with history": retrieval.Asked("q1", "and when was it opened?", ("what of the minister?",)),
        "all turns": retrieval.Asked("q1", "what of the minister? and when was it opened?"),
        "rewrite": retrieval.Asked("q1", "when was the minister opened?"),
    }
    alone = '{"_id": "q1", "text": "|user|: a river\\n|user|: who opened the old bridge"}\n'
    (folder / "queries_questions.jsonl").write_text(alone)
    earlier = [
        dict(conversation.conditions(folder, embedder))["last turn with history"][0].earlier
        for embedder in ("minilm:x", "static:x")
    ]
    assert earlier == [(), ("a river",)]


def test_a_table_fits_a_terminal_and_says_how_sure_its_figures_are() -> None:
    cells = {
        shown.cell(Estimate(*values, 9)) for values in ((0.73449, 0.694, 0.75), (0.05, 0.0469, 0.0534), (1, 0.5, 1))
    }
    assert cells == {".734\n[.69 .75]", ".050\n[.047 .053]", "1.00\n[.50 1.0]"}
    assert len({len(cell.split("\n")[1]) for cell in cells}) == 2


def test_the_worst_and_the_slowest_queries_are_shown_in_one_line_each() -> None:
    rows = [{"id": f"q{n}", "text": f"[red]\n{n} " + "x" * 90, "m": n / 10, "milliseconds": n} for n in range(9)]
    rows.append({"id": "a-very-long-name-of-a-query", "text": "none", "m": None, "milliseconds": 99})
    console = Console(width=80, file=StringIO())
    shown.look_at(console, make_run("one", "c", ["m"], rows), "m")
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert lines[0].strip() == "Worst of one by m"
    assert [line.split()[:3] for line in lines[1:6]] == [[f".{n}0", f"q{n}", "[red]"] for n in range(5)]
    assert lines[6].strip() == "Slowest of one"
    assert lines[7].split() == ["99", "ms", "a-very-long-nam…", "none"]
    assert [line.split()[0] for line in lines[8:]] == ["8", "7", "6", "5"]
    assert all(len(line) <= 80 for line in lines)


def test_conversations_are_measured_in_all_forms_and_compared(folder: Path, tmp_path: Path) -> None:
    output = run("conversation", folder, "--baseline", "bm25")
    result = read(next((tmp_path / "results").glob("conversation-tiny-static-*.json")))
    conditions = ["last turn", "last turn with history", "all turns", "rewrite"]
    assert [(one.system, one.condition) for one in result.runs] == [
        (system, condition) for system in ("footnote (static)", "bm25") for condition in conditions
    ]
    recall = [one.metrics["recall@5"].value for one in result.runs]
    assert recall[1:4] == recall[5:] == [1.0, 1.0, 1.0]
    assert recall[0] < 1  # nothing says what "it" is
    assert "last turn with history − rewrite, recall@5: +0.000 [+0.000, +0.000]" in output


def test_differences_are_paired() -> None:
    first = [{"id": name, "m": value} for name, value in (("a", 1.0), ("b", 0.5), ("c", 0.0))]
    second = [{"id": name, "m": value} for name, value in (("b", 0.0), ("a", 0.75), ("x", 1.0))]
    found = conversation.difference(make_run("s", "1", ["m"], first), make_run("s", "2", ["m"], second), ["m"])
    assert found == {"m": estimate([0.25, 0.5])}


def test_baselines_do_not_follow_the_limits_of_the_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "COMMON_FROM", 0)
    monkeypatch.setattr(words, "MOST_ROWS", 5)
    index = prepare(DOCUMENTS, RagSettings(data_dir=tmp_path))
    with systems.Library(index.settings).reading() as held:
        assert "d3" not in str(held.search_words(held.frequencies(["opened", "glacier"]), 50))
        assert len(held.search_words(held.frequencies(["opened", "glacier"]), 50)) == 1  # "opened" is common
    found = Bm25(index)("opened glacier", (), 50)
    assert found[0].documents == ("d11",)
    assert len(found) == len(DOCUMENTS)
    assert Bm25(index)("?!", (), 50) == []
    assert Bm25(index)("when?", ("the glacier",), 1) == found[:0] + Bm25(index)("the glacier when?", (), 1)


def test_dense_compares_every_plain_passage(tmp_path: Path) -> None:
    index = prepare(DOCUMENTS, RagSettings(data_dir=tmp_path))
    question = "people in the old forest"
    found = Dense(index)(question, (), 50)
    cosines = {one.id: float(index.embed([one.text])[0] @ index.embed([question])[0]) for one in DOCUMENTS}
    assert [hit.documents[0] for hit in found] == sorted(cosines, key=lambda name: -cosines[name])
    assert [hit.score for hit in found] == pytest.approx(sorted(cosines.values(), reverse=True), abs=1e-5)


def test_a_text_under_two_ids_counts_as_both(tmp_path: Path) -> None:
    twice = [*DOCUMENTS[:3], Document("twin", "", DOCUMENTS[1].text)]
    index = prepare(twice, RagSettings(data_dir=tmp_path))
    for system in (Footnote(index), Bm25(index), Dense(index)):
        assert system("the minister", (), 5)[0].documents == ("d1", "twin")


def test_spans_are_those_of_the_document(tmp_path: Path) -> None:
    text = (
        "\ufeffOne storm came.\r\n\r\n\tThe  harbour\u2028fell\ud83d silent.\r\nA bridge\u00a0stood.\n\n\nThe end\r\n"
    )
    odd = Document("odd", "", text)
    index = prepare([odd], RagSettings(data_dir=tmp_path, chunk_tokens=20))
    for system in (Footnote(index), Bm25(index), Dense(index)):
        hits = system("the harbour fell silent", (), 5)
        assert any("The  harbour" in text[hit.start : hit.end] for hit in hits)
        for found in (text[hit.start : hit.end] for hit in hits):
            assert found.startswith(("One", "The", "A"))
            assert found.endswith((".", "end"))


def test_a_text_that_would_change_is_not_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finish = prepared.finish
    monkeypatch.setattr(
        prepared, "finish", lambda draft, *names: finish(type(draft)(draft.text.replace("\r\n", "\n")), *names)
    )
    with pytest.raises(FootnoteError, match="text of odd does not go into the index as it is"):
        prepare([Document("odd", "", "One.\r\nTwo.")], RagSettings(data_dir=tmp_path))


def test_each_embedder_has_a_name_that_fits_a_file() -> None:
    choice = Choice(embeddings=["static", "static", "org/model 2"])
    given = list(systems.embeddings(choice, RagSettings()))
    assert [(name, one.embedding) for name, one in given] == [("static", "static"), ("org-model-2", "org/model 2")]
    ((name, _),) = systems.embeddings(Choice(), RagSettings(embedding="auto"))
    assert name in ("minilm", "static")


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("corpus.jsonl", '{"_id": "d0", "text": "x"}\n{"_id": "d1", "text": 7}', r"corpus.jsonl, line 2: its text"),
        ("corpus.jsonl", '{"_id": "d0", "text": "x"}\n{"_id": ', r"corpus.jsonl, line 2: not JSON"),
        ("queries_rewrite.jsonl", '{"text": "x"}', r"queries_rewrite.jsonl, line 1: not an object with _id, text"),
        ("queries_rewrite.jsonl", '{"_id": "q9", "text": "x"}', r"None of the queries in .* is judged"),
        ("qrels.tsv", "q0\td0\t1\nq0 d1 1", r"qrels.tsv, line 2: not query, document and score"),
        ("qrels.tsv", "q0\tz\t1", r"None of the documents that .*qrels.tsv judges is in the corpus"),
    ],
)
def test_malformed_data_is_named_in_one_line(folder: Path, file: str, content: str, message: str) -> None:
    (folder / file).write_text(content)
    with pytest.raises(ConfigError, match=message) as raised:
        run("retrieval", folder)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("file", ["corpus.jsonl", "queries_rewrite.jsonl", "qrels.tsv"])
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    with pytest.raises(ConfigError, match=r"corpus.jsonl|queries|qrels.tsv"):
        run("retrieval", folder)
    with pytest.raises(ConfigError, match=file):
        run("conversation", folder)


@pytest.mark.parametrize("package", ["ir_measures", "llama_index.vector_stores.chroma"])
def test_what_is_not_installed_is_named_with_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    installed = systems.find_spec

    def find_spec(name: str) -> Any:
        return None if name == package else installed(name)

    monkeypatch.setattr(systems, "find_spec", find_spec)
    for command in ("retrieval", "conversation"):
        with pytest.raises(ConfigError, match=f"{package} is not installed. Run: make setup"):
            run(command, folder, *(f"--baseline={name}" for name in BASELINES))
    assert not (folder.parent / "data").exists()  # said before anything takes long


def test_a_package_around_a_missing_one_may_be_missing_too() -> None:
    with pytest.raises(ConfigError, match=r"no_such_package\.part is not installed"):
        systems.need("no_such_package.part")


def test_documents_keep_their_ids(folder: Path, tmp_path: Path) -> None:
    index = prepare(documents(folder), RagSettings(data_dir=tmp_path))
    assert isinstance(index, Index)
    assert isinstance(index.settings, IndexSettings)
    assert {entry.sources for entry in index.entries()} == {(one.id,) for one in DOCUMENTS}
