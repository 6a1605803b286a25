"""Answers from one's own articles. `query("Who led the forces that entered Sirte?")` is all that a script needs."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.records import Filters
    from rag.assistant import Assistant
    from rag.config import RagSettings
    from rag.records import Answer, Turn

__all__ = ["query", "stream"]


def query(
    question: str,
    history: "Sequence[Turn]" = (),
    *,
    filters: "Filters | None" = None,
    as_asked: bool = False,
    settings: "RagSettings | None" = None,
) -> "Answer":
    """The answer to a question from the indexed articles.

    Args:
        question: what to ask.
        history: earlier answers of the conversation, oldest first.
        filters: the articles to answer from; none stands for all.
        as_asked: search the question as it is typed, without leaning on the history.
        settings: in place of those from the environment.

    Raises:
        FootnoteError: nothing is indexed, the question is empty or too long, or a setting makes no sense.
    """
    *_, answer = stream(question, history, filters=filters, as_asked=as_asked, settings=settings)
    return answer


def stream(
    question: str,
    history: "Sequence[Turn]" = (),
    *,
    filters: "Filters | None" = None,
    as_asked: bool = False,
    settings: "RagSettings | None" = None,
) -> "Iterator[Answer]":
    """The same, as it grows; the last one is `done`."""
    from index.records import Filters
    from rag.config import load_settings

    assistant = open_assistant(settings or load_settings())
    return assistant.stream(question, history, filters or Filters(), as_asked=as_asked)


@lru_cache(maxsize=4)
def open_assistant(settings: "RagSettings") -> "Assistant":
    """The assistant for these settings; opened once, since loading vectors takes longer than answering."""
    from index.engine import Index
    from rag.assistant import Assistant

    return Assistant(Index(settings), settings)
