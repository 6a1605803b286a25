"""One window's conversation without a window: what the page sends, and the messages that answer it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from index.engine import Index
from index.errors import QuestionError
from rag.assistant import Assistant
from rag.config import RagSettings
from rag.records import Answer
from ui import feedback
from ui.web import chat
from ui.web.chat import Session

STRIKES = "How many strikes had US aircraft carried out in Sirte?"
PERU = "What is the capital of Peru?"


def ask(assistant: Assistant, session: Session, question: str, **more: Any) -> list[chat.Message]:
    async def messages() -> list[chat.Message]:
        return [one async for one in chat.respond(assistant, session, {"question": question, **more})]

    return asyncio.run(messages())


@pytest.fixture
def session(assistant: Assistant) -> Session:
    session = Session()
    ask(assistant, session, STRIKES)
    ask(assistant, session, PERU)
    return session


def test_the_last_message_of_a_turn_is_done_and_holds_its_record(assistant: Assistant) -> None:
    *growing, last = ask(assistant, Session(), STRIKES)
    assert not any(one["done"] for one in growing)
    assert last["done"]
    assert last["record"]["question"] == STRIKES
    assert len(json.dumps(last)) < 40_000  # a turn's, however many came before


def test_asking_again_takes_the_place_of_a_turn_and_of_all_after_it(assistant: Assistant, session: Session) -> None:
    assert ask(assistant, session, "Who led the forces that entered Sirte?", turn=1)[-1]["turn"] == 1
    assert [one.question for one in session.answers] == ["Who led the forces that entered Sirte?"]


@pytest.mark.parametrize(
    "sent",
    [
        {}, {"question": 7}, {"question": "q", "turn": -1}, {"question": "q", "after": "soon"},
        {"question": "q", "more": 1}, {"question": "q" * 100_001},
    ],
)  # fmt: skip
def test_what_no_page_sends_is_one_line_and_no_turn_is_lost(
    assistant: Assistant, session: Session, sent: dict[str, Any]
) -> None:
    with pytest.raises(QuestionError, match="makes no sense"):
        chat.read(sent)

    async def messages() -> list[chat.Message]:
        return [one async for one in chat.respond(assistant, session, sent)]

    [message] = asyncio.run(messages())
    assert message["done"]
    assert "makes no sense" in message["html"]
    assert [one.question for one in session.answers[:2]] == [STRIKES, PERU]


def test_a_conversation_comes_back_from_its_records_and_rubbish_is_left_out(
    assistant: Assistant, session: Session
) -> None:
    records = [json.loads(json.dumps(chat.turn_message(session.answers, turn)["record"])) for turn in (1, 2)]
    other = Session()
    message = chat.restore(assistant, other, [records[0], {"question": 3}, "x", records[1]])
    assert message["left"] == [0, 3]
    assert [one.question for one in other.answers] == [STRIKES, PERU]
    assert STRIKES in message["html"]
    assert chat.source_message(assistant, other, 1, "1", follow=True) == chat.source_message(
        assistant, session, 1, "1", follow=True
    )


def test_a_conversation_that_is_left_is_not_written_to(assistant: Assistant, session: Session) -> None:
    async def left_meanwhile() -> None:
        messages = chat.respond(assistant, session, {"question": STRIKES})
        await anext(messages)
        chat.restore(assistant, session, [])
        async for _ in messages:
            pass

    asyncio.run(left_meanwhile())
    assert session.answers == []


def test_an_article_that_is_gone_shows_its_quotes(tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "harbour.txt").write_text("Redport harbour\n\nThe harbour of Redport holds 12 boats.\n", "utf-8")
    settings = RagSettings(data_dir=tmp_path / "data", embedding="static")
    index = Index(settings)
    index.sync([articles])
    assistant, session = Assistant(index, settings), Session()
    record = ask(assistant, session, "How many boats does the harbour of Redport hold?")[-1]["record"]
    assert "no longer in the index" not in chat.source_message(assistant, session, 1, "1", follow=True)["html"]
    index.remove([str(articles)])
    removed = chat.source_message(assistant, session, 1, "1", follow=True)["html"]
    message = chat.restore(assistant, session, [json.loads(json.dumps(record))])
    assert "no longer indexed" in message["html"]
    for shown in (removed, chat.source_message(assistant, session, 1, "1", follow=True)["html"]):
        assert "12 boats" in shown
        assert "no longer in the index" in shown


def test_a_quote_that_is_none_opens_the_first_and_a_turn_that_is_none_says_so(
    assistant: Assistant, session: Session
) -> None:
    message = chat.source_message(assistant, session, 1, "99", follow=True)
    assert (message["mark"], message["asked"]) == ("src-1-1", "src-1-99")
    assert chat.source_message(assistant, session, 2, follow=False)["mark"] == "src-2-n1"
    for turn in (0, -1, 3):
        assert chat.source_message(assistant, session, turn, "1", follow=True)["marks"] == []


def test_what_somebody_thinks_is_kept_and_nonsense_is_not(seeds_index: Index, session: Session, tmp_path: Path) -> None:
    settings = RagSettings(data_dir=tmp_path, embedding="static")
    assistant = Assistant(seeds_index, settings)
    chat.rate(assistant, session, {"turn": 1, "verdict": "up", "comment": ""})
    chat.rate(assistant, session, {"turn": 1, "verdict": "down", "comment": "29 is older"})
    for turn in (0, 3, "1", None):
        assert chat.rate(assistant, session, {"turn": turn, "verdict": "up"})["text"] == "There is no such answer."
    [rating] = feedback.ratings(tmp_path)
    assert (rating["good"], rating["comment"], rating["answer"]["question"]) == (False, "29 is older", STRIKES)


@pytest.mark.parametrize("format_", ["md", "html", "json"])
def test_a_conversation_is_saved_in_each_format(session: Session, format_: str) -> None:
    saved = chat.save(session, {"format": format_})
    assert saved["name"] == f"footnote.{format_}"
    assert STRIKES in saved["text"]
    assert PERU in saved["text"]


def test_a_format_that_is_none_is_one_line(session: Session) -> None:
    assert "End it in" in chat.save(session, {"format": "exe"})["text"]


def test_before_the_first_question_there_are_examples_and_after_an_answer_what_to_ask_next(
    assistant: Assistant, session: Session
) -> None:
    assert chat.suggest(assistant, Session())["turn"] == 0
    assert "For example" in chat.suggest(assistant, Session())["html"]
    after = chat.suggest(assistant, session)
    assert after["turn"] == 2
    assert STRIKES not in after["html"]


def test_what_was_looked_for_before_a_question_is_for_the_conversation_without_it(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session()

    def asked_meanwhile(_: Assistant) -> list[str]:
        session.answers.append(Answer("a?", "a?"))
        return ["Who is Warner?"]

    monkeypatch.setattr(Assistant, "examples", asked_meanwhile)
    assert chat.suggest(assistant, session)["turn"] == 0


def test_an_index_that_vanished_suggests_nothing_and_breaks_nothing(
    assistant: Assistant, session: Session, tmp_path: Path
) -> None:
    gone = Assistant(Index(RagSettings(data_dir=tmp_path / "gone", embedding="static")), assistant.settings)
    ask(assistant, session, STRIKES)
    assert chat.suggest(gone, session) == {"kind": "suggested", "turn": 3, "html": ""}
    assert chat.suggest(gone, Session()) == {"kind": "suggested", "turn": 0, "html": ""}
