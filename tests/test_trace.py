"""A line for each answer says how it came about, and the fold-out of the page says the same."""

import asyncio
import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from test_export import HOSTILE, Page, conversation

from rag.assistant import Assistant
from rag.records import Answer, Quotation, Usage
from rag.restore import restored
from ui.render.why import why
from ui.trace import append
from ui.web.chat import Session, respond

STRIKES = "How many strikes had US aircraft carried out in Sirte?"


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_each_answer_is_a_line_with_all_that_led_to_it(assistant: Assistant, tmp_path: Path) -> None:
    path = tmp_path / "new" / "trace.jsonl"
    first = assistant.ask(STRIKES)
    second = assistant.ask("What is the capital of Peru?", [first])
    for answer in (first, second):
        append(path, answer, assistant.settings)
    one, two = lines(path)
    assert (one["question"], two["question"]) == (first.question, second.question)
    assert {"time", "versions", "settings", "searched", "passages", "claims", "citations", "timings", "writer"} <= set(
        one
    )
    assert [passage["score"] for passage in one["passages"]] == [passage.score for passage in first.passages]  # type: ignore[attr-defined]
    assert "api_key" not in json.dumps(one)
    assert two["refused"]


def test_a_line_gives_the_answer_back(assistant: Assistant, tmp_path: Path) -> None:
    answer = assistant.ask(STRIKES)
    append(tmp_path / "trace.jsonl", answer, assistant.settings)
    assert restored(lines(tmp_path / "trace.jsonl")[0], assistant.index.article).citations == answer.citations


def test_the_chat_window_leaves_a_line_for_each_answer_that_came_to_its_end(
    assistant: Assistant, tmp_path: Path
) -> None:
    async def asked(path: Path, *questions: str) -> list[Answer]:
        session = Session()
        for question in questions:
            async for _ in respond(assistant, session, {"question": question}, path):
                pass
        return session.answers

    first, second = asyncio.run(asked(tmp_path / "trace.jsonl", STRIKES, " "))
    assert first.done
    assert second.notice.startswith("The question is empty")
    assert [one["question"] for one in lines(tmp_path / "trace.jsonl")] == [STRIKES]
    [answer] = asyncio.run(asked(tmp_path, STRIKES))  # a folder cannot be written to
    assert answer.done
    assert "Cannot write" in answer.notice


def test_a_trace_that_waits_for_another_process_holds_up_nobody_else(
    assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []
    monkeypatch.setattr("ui.web.chat.append", lambda *_: threads.append(threading.current_thread()))

    async def ask() -> None:
        async for _ in respond(assistant, Session(), {"question": STRIKES}, tmp_path / "trace.jsonl"):
            pass

    asyncio.run(ask())
    assert threads
    assert threading.main_thread() not in threads


# --- the fold-out


def test_the_fold_out_says_what_was_searched_found_checked_and_how_long_it_took() -> None:
    answer = replace(
        conversation()[0], usage=Usage(1200, 80), writer="qwen", timings={"search": 12.5, "write": 800.0},
        quotations=(Quotation(0, 3, "not found"),),
    )  # fmt: skip
    shown = Page(why(answer)).text
    for words in (
        "How many boats are there in the harbour?",
        "2 passages found, 2 of them quoted",
        "[2] [3]",
        "0.500",
        "partly supported",
        "no quote says so",
        "search 12.5 ms, write 800 ms",
        "1,200 read, 80 written",
        "qwen",
        "seagulls",
        "are not in the articles",
    ):
        assert words in shown, words


def test_a_passage_that_is_not_quoted_says_so(assistant: Assistant) -> None:
    answer = assistant.ask(STRIKES)
    shown = Page(why(answer)).text
    assert shown.count("not quoted") == sum(
        not any(
            one.article_id == passage.article.id and passage.chunk.start <= one.start < passage.chunk.end
            for one in answer.citations
        )
        for passage in answer.passages
    )
    assert "not quoted" in shown


def test_what_was_considered_is_listed_with_what_became_of_it(assistant: Assistant) -> None:
    answer = assistant.ask(STRIKES)
    shown = Page(why(answer)).text
    assert "quoted as [1]" in shown
    assert all(one.fate in shown for one in answer.weighed)
    assert "Sentences considered" not in Page(why(replace(answer, passages=answer.passages[:0]))).text


def test_hostile_text_is_no_markup_in_the_fold_out() -> None:
    page = Page(why(replace(conversation(HOSTILE, HOSTILE)[0], writer=HOSTILE)))
    known = "details summary dl dt dd table caption thead tbody tr th td bdi"
    assert {tag for tag, _ in page.tags} == set(known.split())
    assert {name for _, attributes in page.tags for name in attributes} <= {"class", "scope", "tabindex"}
    assert HOSTILE in page.text


def test_before_anything_was_found_there_is_nothing_to_say() -> None:
    assert why(Answer("q", "q")) == ""
