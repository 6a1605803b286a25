"""Question → Answer. `stream` is the one path: `ask` is the same, drained."""

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace

from index.engine import Index
from index.errors import EndpointError, QuestionError
from rag import extract
from rag.citations import Resolved, resolve
from rag.config import RagSettings
from rag.conflicts import find_conflicts
from rag.extract import Selection
from rag.followup import earlier_questions
from rag.generate import LanguageModelWriter
from rag.prompt import REFUSAL, Task, number_sentences
from rag.question import analyse
from rag.records import Answer, Claim, Turn, Usage
from rag.refusal import refuse
from rag.support import check

LONGEST_QUESTION = 4_000  # characters
EXTRACTIVE = "extractive"


@dataclass
class _Clock:
    """Milliseconds since the start at which each stage ended."""

    started: float = field(default_factory=time.perf_counter)
    marks: dict[str, float] = field(default_factory=dict)

    def mark(self, stage: str) -> None:
        self.marks.setdefault(stage, round((time.perf_counter() - self.started) * 1000, 1))


class Assistant:
    """Answers from an index, with a language model where one is set and by quoting alone where none is."""

    def __init__(self, index: Index, settings: RagSettings, model: LanguageModelWriter | None = None) -> None:
        self.index = index
        self.settings = settings
        self.model = model or (LanguageModelWriter(settings) if settings.has_endpoint else None)

    @property
    def writer(self) -> str:
        """Which writer answers."""
        return self.model.name if self.model else EXTRACTIVE

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """The whole answer.

        Raises:
            QuestionError: the question is empty or too long.
            IndexMissing: nothing has been indexed.
        """
        *_, answer = self.stream(question, history)
        return answer

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Answer]:
        """The answer as it grows; the last one is `done`. Raises as `ask` does."""
        question = _valid(question)
        clock = _Clock()
        earlier = earlier_questions(question, history)
        passages = tuple(self.index.search(question, history=earlier, limit=self.settings.passages))
        clock.mark("search")
        task = Task(question, analyse(question, earlier), number_sentences(passages), tuple(history))
        answer = Answer(question, " ".join([*earlier, question]), passages=passages, writer=self.writer)
        notice = ""
        if self.model:
            try:
                written = yield from self._write_with_model(self.model, task, answer, clock)
                if written is not None:
                    yield written
                    return
                notice = f"{self.writer} cited none of the sentences it was given; these are the quotes found."
            except EndpointError as error:
                notice = f"{error} These are the quotes found without it."
        answer = replace(answer, writer=EXTRACTIVE, notice=notice)
        yield from self._quote(task, answer, clock)

    def _write_with_model(
        self, model: LanguageModelWriter, task: Task, answer: Answer, clock: _Clock
    ) -> Generator[Answer, None, Answer | None]:
        """Yields the growing answer and returns the finished one; None where nothing in it can be trusted."""
        usage: list[Usage] = []
        written = ""
        for piece in model.write(task, usage.append):
            clock.mark("first token")
            written += piece
            resolved = resolve(written, task.sentences, final=False)
            yield _fill(answer, resolved)
        clock.mark("write")
        answer = replace(answer, writer=model.name, usage=usage[-1] if usage else None)
        resolved = resolve(written, task.sentences)
        if resolved.text.strip().startswith(REFUSAL) and not resolved.citations:
            return self._refusal(answer, extract.select(task, self.index.embed), clock)
        if not resolved.citations:
            return None
        return self._finish(task, _fill(answer, resolved), clock)

    def _quote(self, task: Task, answer: Answer, clock: _Clock) -> Iterator[Answer]:
        selection = extract.select(task, self.index.embed)
        clock.mark("select")
        written = ""
        for line in extract.write(selection):
            written += line
            yield _fill(answer, resolve(written, task.sentences, final=False))
        clock.mark("write")
        if not selection.chosen:
            yield self._refusal(answer, selection, clock)
            return
        yield self._finish(task, _fill(answer, resolve(written, task.sentences)), clock)

    def _finish(self, task: Task, answer: Answer, clock: _Clock) -> Answer:
        conflicts = find_conflicts(task.asked, answer.citations)
        clock.mark("check")
        return replace(answer, conflicts=conflicts, timings=dict(clock.marks), done=True)

    def _refusal(self, answer: Answer, selection: Selection, clock: _Clock) -> Answer:
        unmentioned = tuple(word for word in selection.unmentioned if not self.index.mentions(word))
        text, nearest = refuse(selection.ranked, unmentioned)
        clock.mark("check")
        return replace(
            answer,
            text=text,
            claims=(),
            citations=(),
            refused=True,
            nearest=nearest,
            not_found=unmentioned,
            timings=dict(clock.marks),
            done=True,
        )


def _valid(question: str) -> str:
    question = question.strip()
    if not any(character.isalnum() for character in question):
        raise QuestionError("The question is empty.", "Ask something about your articles.")
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(question):,} characters; {LONGEST_QUESTION:,} is the most.", "Ask it shorter."
        )
    return question


def _fill(answer: Answer, resolved: Resolved) -> Answer:
    """The answer with what has been written so far, every claim checked against its quotes."""
    by_number = {citation.number: citation for citation in resolved.citations}
    claims = []
    for claim in resolved.claims:
        text = resolved.text[claim.start : claim.end]
        support, reason = check(text, [by_number[number] for number in claim.citations])
        claims.append(Claim(claim.start, claim.end, claim.citations, support, reason))
    return replace(answer, text=resolved.text, claims=tuple(claims), citations=resolved.citations)
