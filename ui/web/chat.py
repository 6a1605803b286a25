"""One open window's conversation: what is asked, and the messages that bring the page up to date. Knows no Gradio."""

from collections.abc import AsyncIterator, Generator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path, PurePath
from typing import Any, Literal, cast

from anyio import to_thread
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.errors import FootnoteError, QuestionError
from index.records import Article, Filters
from rag.assistant import Assistant
from rag.records import Answer
from rag.restore import kept, restored
from ui import feedback
from ui.render import article, html
from ui.render.export import export, plain
from ui.render.why import why
from ui.trace import append
from ui.web.streams import newest

TYPES = {".md": "text/markdown", ".html": "text/html", ".json": "application/json"}
MOST_TURNS = 1_000  # of a conversation that is opened again
MOST_SOURCES = 500  # that the filter offers
Message = dict[str, Any]  # plain data for the page's scripts


class Asked(BaseModel):
    """What the page sends with a question: it is from outside, so nothing in it is trusted.

    `turn` is its place in the conversation as the page has it, 0 for the next: what stands there and after it goes.
    `exactly` searches the words as they are typed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str = Field(max_length=100_000)
    turn: int = Field(0, ge=0)
    exactly: bool = False
    source: str = Field("", max_length=4_000)
    after: date | Literal[""] = ""
    before: date | Literal[""] = ""

    @property
    def filters(self) -> Filters:
        return Filters(source=self.source, after=str(self.after), before=str(self.before))


@dataclass
class Session:
    """What the server keeps for one window."""

    answers: list[Answer] = field(default_factory=list)


def read(data: Mapping[str, Any]) -> Asked:
    """What the page sent.

    Raises:
        QuestionError: it is not what a page sends.
    """
    try:
        return Asked.model_validate(data)
    except ValidationError as error:
        place = error.errors()[0]["loc"]
        raise QuestionError(f"This cannot be asked: {place[0] if place else 'question'} makes no sense.") from error


async def respond(
    assistant: Assistant, session: Session, data: Mapping[str, Any], trace: Path | None = None
) -> AsyncIterator[Message]:
    """The answer as it grows, as messages for the turn it is. An error becomes a notice where it would stand.

    Where the page knows of turns that the server does not, the message is `lost`: the page hands them in.
    """
    try:
        asked = read(data)
    except QuestionError as error:
        session.answers.append(Answer("?", "?", notice=str(error)))
        yield turn_message(session.answers, len(session.answers))
        return
    answers = session.answers  # where another conversation is opened meanwhile, this one is written to its end unseen
    if asked.turn > len(answers) + 1:  # a server that was started again, or that forgot who was away for long
        yield {"turn": asked.turn, "lost": True}
        return
    if asked.turn:
        del answers[asked.turn - 1 :]
    earlier = [one for one in answers if one.done]
    answer = Answer(asked.question, asked.question)
    answers.append(answer)
    turn = len(answers)
    try:
        stream = assistant.stream(asked.question, earlier, asked.filters, as_asked=asked.exactly)
        async for answer in newest(cast("Generator[Answer, None, None]", stream)):
            answers[turn - 1] = answer
            if not answer.done:
                yield turn_message(answers, turn)
        if trace:
            await to_thread.run_sync(append, trace, answer, assistant.settings)  # it may wait for another process
    except FootnoteError as error:
        answers[turn - 1] = replace(answer, notice=f"{answer.notice} {error}".strip())
    yield turn_message(answers, turn)


def stopped(session: Session) -> Message:
    """What has come stays, and is no part of what a later question refers to."""
    if not session.answers:  # it was stopped before it began
        return {"turn": 1, "lost": True}
    if not session.answers[-1].done:
        session.answers[-1] = replace(session.answers[-1], notice="Stopped.")
    return turn_message(session.answers, len(session.answers))


def turn_message(answers: Sequence[Answer], turn: int) -> Message:
    """All that the page needs to show a turn, whatever it has seen of it before."""
    answer = answers[turn - 1]
    done = answer.done or bool(answer.notice)
    record = {"record": kept(answer)} if done else {}
    return {"turn": turn, "html": _shown(answer, turn), "done": done, **record}


def source_message(assistant: Assistant, session: Session, turn: int, name: str = "", *, follow: bool) -> Message:
    """The article of a quote for the panel, if it is still indexed; `name` is the end of its mark's id, "" for the
    first of the turn. `asked` in the message is the id that was asked for."""
    asked = f"src-{turn}-{name}"
    answer = session.answers[turn - 1] if 0 < turn <= len(session.answers) else Answer("", "")
    marks = dict(article.anchors(answer))
    name = name if name in marks else next(iter(marks), "")
    if not name:
        told = '<p class="quiet">This answer quotes no article.</p>'
        return {"turn": turn, "asked": asked, "marks": [], "follow": follow, "html": told}
    citation = marks[name]
    found = {one.article.id: one.article for one in answer.passages}.get(citation.article_id)
    found = found if _article(assistant, citation.article_id) else None  # it may have been removed since
    shown = article.source(found, answer, (name, citation), turn)
    return {
        "turn": turn, "asked": asked, "mark": f"src-{turn}-{name}", "marks": [f"src-{turn}-{one}" for one in marks],
        "follow": follow, "html": shown,
    }  # fmt: skip


def restore(assistant: Assistant, session: Session, records: Sequence[Any]) -> Message:
    """Another conversation, from what the browser kept; none is a new one. `left` are the records that serve."""
    answers, left = [], []
    for place, record in enumerate(records[:MOST_TURNS]):
        with suppress(FootnoteError):
            answers.append(restored(record, partial(_article, assistant)))
            left.append(place)
    session.answers = answers
    shown = "".join(_shown(answer, turn) for turn, answer in enumerate(answers, 1))
    return {"kind": "all", "html": shown or _welcome(assistant), "left": left, "sources": _sources(assistant)}


def _shown(answer: Answer, turn: int) -> str:
    """A turn with what a finished one has below it: how it came about, and its text for the clipboard."""
    if not answer.done:
        return html.message(answer, turn)
    return html.message(answer, turn, why(answer), plain([answer]))


def _article(assistant: Assistant, key: str) -> Article | None:
    try:
        return assistant.index.article(key)
    except FootnoteError:  # nothing is indexed
        return None


def suggest(assistant: Assistant, session: Session) -> Message:
    """Questions to ask now: examples where nothing has been asked, else what the last answer leads to."""
    answers = tuple(session.answers)  # looking takes a while, in which something may be asked
    label = "Ask next" if answers else "For example"
    asked: Sequence[str] = ()
    with suppress(FootnoteError):  # the index may be gone; what is shown stays
        if not answers:
            asked = assistant.examples()
        elif answers[-1].done:
            *earlier, last = answers
            asked = assistant.follow_ups(last, earlier)
    return {"kind": "suggested", "turn": len(answers), "html": html.questions(label, asked)}


def rate(assistant: Assistant, session: Session, data: Mapping[str, Any]) -> Message:
    """Keep what somebody thinks of an answer."""
    turn, comment = data.get("turn"), str(data.get("comment", ""))
    if not isinstance(turn, int) or not 0 < turn <= len(session.answers):
        return {"kind": "told", "text": "There is no such answer."}
    try:
        feedback.rate(session.answers[turn - 1], assistant.settings, good=data.get("verdict") == "up", comment=comment)
    except FootnoteError as error:
        return {"kind": "told", "text": str(error)}
    return {"kind": "told", "text": "Thank you: it is kept beside the index."}


def save(session: Session, data: Mapping[str, Any]) -> Message:
    """The conversation as a file for the browser to download."""
    name = f"footnote.{data.get('format')}"
    try:
        text = export(session.answers, name)
    except FootnoteError as error:
        return {"kind": "told", "text": str(error)}
    return {"kind": "save", "name": name, "type": TYPES.get(PurePath(name).suffix, "text/plain"), "text": text}


def _welcome(assistant: Assistant) -> str:
    """What stands in an empty conversation."""
    with suppress(FootnoteError):
        return html.welcome(assistant.index.article_count())
    return html.welcome(None)


def _sources(assistant: Assistant) -> list[str]:
    """What the filter can be set to."""
    try:
        return [entry.sources[0] for entry in assistant.index.entries()[:MOST_SOURCES]]
    except FootnoteError:
        return []
