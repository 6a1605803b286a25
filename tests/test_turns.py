"""A turn that the page and the server count differently, that never began, or that waits for its thread."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

from rag.assistant import Assistant
from rag.records import Answer
from ui.web.chat import Session, respond, stopped
from ui.web.streams import CHATS_AT_ONCE, newest

STRIKES = "How many strikes had US aircraft carried out in Sirte?"


def messages(assistant: Assistant, session: Session, **data: Any) -> list[dict[str, Any]]:
    async def all_of_them() -> list[dict[str, Any]]:
        return [one async for one in respond(assistant, session, data)]

    return asyncio.run(all_of_them())


def test_a_conversation_that_the_server_forgot_is_asked_for_and_nothing_is_answered(assistant: Assistant) -> None:
    session = Session()
    assert messages(assistant, session, question=STRIKES, turn=3) == [{"turn": 3, "lost": True}]
    assert session.answers == []


def test_a_turn_takes_the_place_of_what_stood_there_and_after_it(assistant: Assistant) -> None:
    old = Answer("a?", "a?", done=True)
    session = Session([old, old, old])
    assert messages(assistant, session, question=STRIKES, turn=2)[-1]["turn"] == 2
    assert [one.question for one in session.answers] == ["a?", STRIKES]
    assert messages(assistant, session, question=STRIKES, turn=3)[-1]["turn"] == 3


def test_what_is_stopped_before_it_began_leaves_an_empty_conversation() -> None:
    assert stopped(Session()) == {"turn": 1, "lost": True}


def test_a_chat_that_is_given_up_while_it_waits_is_never_begun() -> None:
    free = threading.Event()
    begun: list[int] = []

    def answers(number: int) -> Iterator[Answer]:
        begun.append(number)
        free.wait(20)
        yield Answer("", "")

    async def chat(number: int) -> None:
        async for _ in newest(answers(number)):  # type: ignore[arg-type]
            pass

    async def main() -> None:
        chats = [asyncio.create_task(chat(number)) for number in range(CHATS_AT_ONCE + 1)]
        while len(begun) < CHATS_AT_ONCE:
            await asyncio.sleep(0)
        chats[-1].cancel()
        await asyncio.wait(chats[-1:])
        free.set()
        await asyncio.gather(*chats[:-1])
        await chat(100)  # its thread is free only once the one given up has had it

    asyncio.run(main())
    assert CHATS_AT_ONCE not in begun
