"""The command as a person types it: output, errors in one line, and nothing heavy loaded before it is needed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rag.config import RagSettings
from rag.records import Answer
from ui import cli
from ui.feedback import rate

SEEDS = Path(__file__).parents[1] / "seeds"


@pytest.fixture(autouse=True)
def _data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(tmp_path / "data"))


class Result:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def footnote(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    def run(*arguments: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["footnote", *arguments])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        captured = capsys.readouterr()
        return Result(int(stopped.value.code or 0), captured.out, captured.err)

    return run


def assert_one_line(result: Result, *words: str) -> None:
    assert result.code == 1
    assert len(result.err.strip().splitlines()) == 1, result.err
    assert "Traceback" not in result.err
    for word in words:
        assert word in result.err


def test_index_then_ask(footnote) -> None:  # type: ignore[no-untyped-def]
    assert "2 added" in footnote("index").out
    again = footnote("index").out
    assert "2 unchanged" in again
    assert "0 passages embedded" in again
    answer = footnote("ask", "How many strikes had US aircraft carried out in Sirte?").out
    assert "36 strikes over Sirte since August 1. [1]" in answer
    assert "29 strikes" in answer
    assert "[2] Libyan forces recapture ISIL headquarters in Sirte · undated ·" in answer


def test_chat_indexes_the_seeds_where_nothing_is_indexed(footnote, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    served = []
    monkeypatch.setattr("ui.web.app.serve", lambda assistant, host, port, *_: served.append((assistant, host, port)))
    assert "2 added" in footnote("chat").out
    assert "added" not in footnote("chat").out
    assert [(assistant.index.article_count(), host, port) for assistant, host, port in served] == [
        (2, "127.0.0.1", 7860)
    ] * 2


def test_a_password_lets_somebody_into_the_chat(footnote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    served, file = [], tmp_path / "people"
    monkeypatch.setattr("ui.web.app.serve", lambda *arguments: served.append(arguments))
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _: "correct horse")
    assert "ann may sign in" in footnote("password", "ann", "--file", str(file)).out
    footnote("chat", "--auth", str(file), "--root-path", "https://news.example/footnote")
    access = served[0][3]
    assert list(access.people) == ["ann"]
    assert access.people["ann"].opens("correct horse")
    assert access.address.root == "https://news.example/footnote"
    assert access.shared  # by whoever the proxy lets through
    assert_one_line(footnote("chat", "--auth", str(tmp_path / "none")), "none", "footnote password")
    assert_one_line(footnote("chat", "--root-path", "footnote"), "--root-path", "/footnote")
    assert len(served) == 1
    footnote("chat")
    assert not served[1][3].shared


def test_a_window_is_shared_where_other_machines_reach_it() -> None:
    from ui.web.app import is_shared

    assert not any(map(is_shared, ("127.0.0.1", "localhost", "::1")))
    assert all(map(is_shared, ("0.0.0.0", "::", "192.168.0.7", "news.example")))


def test_ask_prints_what_it_did_not_find(footnote) -> None:  # type: ignore[no-untyped-def]
    footnote("index")
    answer = footnote("ask", "What is the capital of Peru?").out
    assert "do not mention “Peru”" in answer
    assert "Nearest in your articles:" in answer
    assert "· 2016-06-12 ·" in answer


def test_json_is_the_whole_answer_and_its_quotes_open_in_the_files(footnote) -> None:  # type: ignore[no-untyped-def]
    footnote("index")
    answer = json.loads(footnote("ask", "--json", "When did pro-GNA forces enter Sirte?").out)
    assert {
        "question",
        "searched",
        "text",
        "claims",
        "citations",
        "conflicts",
        "passages",
        "refused",
        "nearest",
    } <= set(answer)
    assert {"writer", "usage", "timings", "done"} <= set(answer)
    for citation in answer["citations"]:
        text = Path(citation["source"]).read_bytes().decode()
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_mistakes_are_one_line(footnote, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert_one_line(footnote("ask", "Anything?"), "Nothing is indexed yet", "footnote index")
    assert_one_line(footnote("index", str(tmp_path / "nowhere")), "nowhere")
    (tmp_path / "empty").mkdir()
    assert_one_line(footnote("index", str(tmp_path / "empty")), "No articles")
    footnote("index")
    assert_one_line(footnote("ask", ""), "question is empty")
    assert_one_line(footnote("ask", "why " * 25_000), "characters")
    assert_one_line(footnote("eval", str(tmp_path / "none.jsonl")), "none.jsonl")


def test_a_bad_setting_is_named(footnote, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("FOOTNOTE_PASSAGES", "many")
    assert_one_line(footnote("ask", "Anything?"), "FOOTNOTE_PASSAGES")
    monkeypatch.delenv("FOOTNOTE_PASSAGES")
    monkeypatch.setenv("FOOTNOTE_PASAGES", "3")
    assert_one_line(footnote("ask", "Anything?"), "FOOTNOTE_PASAGES")


def test_an_unreadable_file_is_named_and_the_others_go_in(footnote, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "good.txt").write_text("The harbour of Brannoc reopened on Friday.")
    (folder / "binary.txt").write_bytes(b"\x00\x01\x02\xff")
    result = footnote("index", str(folder))
    assert result.code == 0
    assert "1 added" in result.out
    assert "binary.txt" in result.out
    assert "reopened on Friday" in footnote("ask", "When did the harbour of Brannoc reopen?").out


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import ui.cli", ("chromadb", "openai", "gradio", "llama_index", "numpy", "pydantic", "rich")),
        ("import rag.assistant, index.engine", ("chromadb", "openai", "gradio", "llama_index", "tiktoken")),
    ],
)
def test_heavy_libraries_stay_out_of_the_way(code: str, absent: tuple[str, ...]) -> None:
    script = f"{code}\nimport sys\nprint(*(name for name in {absent!r} if name in sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == []


def test_an_answer_is_exported_in_the_format_that_the_file_s_name_ends_in(footnote, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    footnote("index")
    assert footnote("ask", "--export", str(tmp_path / "a.md"), "When did pro-GNA forces enter Sirte?").code == 0
    assert "[^1]: " in (tmp_path / "a.md").read_text("utf-8")
    footnote("ask", "--export", str(tmp_path / "a.html"), "When did pro-GNA forces enter Sirte?")
    assert (tmp_path / "a.html").read_text("utf-8").startswith("<!doctype html>")
    assert_one_line(footnote("ask", "--export", "a.docx", "When?"), "a.docx", ".md, .html, .json, .txt")


def test_a_trace_grows_by_a_line_an_answer(footnote, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    footnote("index")
    for question in ("When did pro-GNA forces enter Sirte?", "Who led them?"):
        footnote("ask", "--trace", str(tmp_path / "trace.jsonl"), question)
    lines = [json.loads(line) for line in (tmp_path / "trace.jsonl").read_text("utf-8").splitlines()]
    assert [line["question"] for line in lines] == ["When did pro-GNA forces enter Sirte?", "Who led them?"]


def test_a_file_that_cannot_be_written_is_refused_before_anything_is_asked(  # type: ignore[no-untyped-def]
    footnote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.query", lambda *_, **__: pytest.fail("it was asked"))
    monkeypatch.setattr("ui.web.app.serve", lambda *_: pytest.fail("it was served"))
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.md").mkdir()
    beneath = str(tmp_path / "file" / "a.md")
    for file in (beneath, str(tmp_path / "no" / "a.md"), str(tmp_path / "folder.md")):
        assert_one_line(footnote("ask", "--export", file, "When?"), "Cannot write", file)
    for command in (["ask", "When?"], ["chat"]):
        assert_one_line(footnote(*command, "--trace", beneath), "Cannot write", beneath)


def test_a_file_is_left_as_it_was_where_the_question_fails(footnote, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "old.md").write_text("kept")
    for name in ("old.md", "new.md"):
        assert_one_line(footnote("ask", "--export", str(tmp_path / name), "?"), "The question is empty")
    assert (tmp_path / "old.md").read_text() == "kept"
    assert not (tmp_path / "new.md").exists()


def test_the_chat_is_given_the_trace(footnote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    served: list[object] = []
    monkeypatch.setattr("ui.web.app.serve", lambda *arguments: served.extend(arguments[1:]))
    footnote("chat", "--trace", str(tmp_path / "trace.jsonl"))
    assert served[-1] == tmp_path / "trace.jsonl"


def test_what_was_rated_is_listed(footnote, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert "0 answers rated" in footnote("feedback").out
    settings = RagSettings(data_dir=tmp_path / "data")
    rate(Answer("How many boats?", "How many boats?", text="12."), settings, good=True, comment="Right.")
    assert "up    How many boats?" in footnote("feedback").out
    [kept] = json.loads(footnote("feedback", "--json").out)
    assert kept["answer"]["text"] == "12."
