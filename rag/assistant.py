"""Question → Answer. `stream` is the one path: `ask` is the same, drained."""

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace

from index.engine import Index
from index.errors import EndpointError, QuestionError
from index.records import NO_FILTERS, Filters
from index.static import StaticEmbedder
from rag import extract
from rag.citations import Resolved, quote, resolve
from rag.config import RagSettings
from rag.conflicts import find_conflicts
from rag.extract import Selection
from rag.followup import earlier_questions, rewritten, searched_with
from rag.generate import LanguageModelWriter, Report, WindowExceeded, nothing_written
from rag.marks import SHOWN, settle
from rag.opinion import left_open, opinion_messages, with_opinions
from rag.premise import correction
from rag.prompt import REFUSAL, Task, make_task, rewrite_messages, within_budget
from rag.question import analyse
from rag.records import Answer, Turn
from rag.refusal import refuse, suggest, uncovered
from rag.support import check
from rag.times import read_quotes

LONGEST_QUESTION = 2_000  # characters
MOST_WORDS = 5  # that a refusal names as not mentioned
UPDATE_INTERVAL = 0.04  # seconds between two states of a growing answer
EXTRACTIVE = "extractive"
QUOTES_FOUND = "These are the quotes found without it."
NOTHING_CARRIED = "No sentence of this answer is carried by what it cites: rely on the quotes alone."


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
        self._sentences = StaticEmbedder()
        self.model = model or (LanguageModelWriter(settings) if settings.has_endpoint else None)

    @property
    def writer(self) -> str:
        """Which writer answers."""
        return self.model.name if self.model else EXTRACTIVE

    def ask(self, question: str, history: Sequence[Turn] = (), filters: Filters = NO_FILTERS) -> Answer:
        """The whole answer, from the articles that pass the filters.

        Raises:
            QuestionError: the question is empty or too long.
            IndexMissing: nothing has been indexed.
        """
        *_, answer = self.stream(question, history, filters)
        return answer

    def stream(self, question: str, history: Sequence[Turn] = (), filters: Filters = NO_FILTERS) -> Iterator[Answer]:
        """The answer as it grows; the last one is `done`. Raises as `ask` does."""
        question = _valid(question)
        clock = _Clock()
        earlier = earlier_questions(question, history)
        asked, model, notice = question, self.model, ""
        if model and earlier:
            try:
                asked = rewritten(model.complete(rewrite_messages(question, history)), question)
                clock.mark("rewrite")
            except EndpointError as error:
                model, notice = None, f"{error} {QUOTES_FOUND}"
        earlier = earlier if asked == question else ()
        before = searched_with(question, history, self.index.embedder.name) if asked == question else ()
        passages = tuple(self.index.search(asked, history=before, limit=self.settings.passages, filters=filters))
        clock.mark("search")
        if not passages:
            yield Answer(
                question,
                asked,
                text=f"{REFUSAL} No article passes the filters.",
                refused=True,
                writer=EXTRACTIVE,
                done=True,
            )
            return
        task = make_task(asked, passages, earlier, history)
        answer = Answer(question, " ".join([*earlier, asked]), passages=passages, writer=self.writer)
        if model:
            try:
                written = yield from self._write_fitting(model, task, answer, clock)
                if written is not None:
                    yield written
                    return
                notice = f"{self.writer} cited none of the sentences it was given. These are the quotes found."
            except EndpointError as error:
                notice = f"{error} {QUOTES_FOUND}"
        answer = replace(answer, writer=EXTRACTIVE, notice=notice)
        yield from self._quote(task, answer, clock)

    def _write_fitting(
        self, model: LanguageModelWriter, task: Task, answer: Answer, clock: _Clock
    ) -> Generator[Answer, None, Answer | None]:
        """Writes from as much as the model takes: once more from half of it where that was too much."""
        fitting = within_budget(task, model.prompt_tokens)
        try:
            written = yield from self._write_with_model(model, fitting, answer, clock)
        except WindowExceeded:
            model.shorten(fitting)
            fitting = within_budget(task, model.prompt_tokens)
            written = yield from self._write_with_model(model, fitting, answer, clock)
        # Only the finished answer says so: a growing one with a notice is one that was stopped.
        notices = filter(None, (_left_out(task, fitting), written.notice if written else ""))
        return written and replace(written, notice=" ".join(notices))

    def _write_with_model(
        self, model: LanguageModelWriter, task: Task, answer: Answer, clock: _Clock
    ) -> Generator[Answer, None, Answer | None]:
        """Yields the growing answer and returns the finished one; None where nothing in it can be trusted."""
        report = Report()
        written = ""
        shown = 0.0
        broken_off: EndpointError | None = None
        try:
            for piece in model.write(task, report):
                if piece:
                    clock.mark("first token")
                    written += piece
                if time.monotonic() - shown > UPDATE_INTERVAL:  # each update reads the whole text again
                    yield _fill(answer, resolve(written, task.sentences, final=False), task)
                    shown = time.monotonic()
        except EndpointError as error:
            broken_off = error
        clock.mark("write")
        resolved = resolve(written, task.sentences)
        if broken_off and not resolved.citations:
            raise broken_off
        if not written.strip():
            raise nothing_written(model.name, report)
        notice = f"{broken_off} The answer is cut off." if broken_off else report.notice(model.name)
        answer = replace(answer, writer=model.name, usage=report.usage, notice=notice)
        words = SHOWN.sub("", resolved.text).strip()
        if words == REFUSAL or (words.startswith(REFUSAL) and not resolved.citations):
            return self._refusal(task, answer, self._select(task), clock)
        if not resolved.claims or not resolved.citations:
            return None
        answer = self._judged(model, _fill(answer, resolved, task))
        if all(claim.support == "unsupported" for claim in answer.claims):
            answer = replace(answer, notice=f"{answer.notice} {NOTHING_CARRIED}".strip())
        return self._finish(task, answer, clock)

    def _judged(self, model: LanguageModelWriter, answer: Answer) -> Answer:
        """With the model's opinion of what the checks leave open, where it is asked for and can be had."""
        claims = left_open(answer) if self.settings.model_checks else []
        if not claims:
            return answer
        try:
            reply = model.complete(opinion_messages(answer, claims))
        except EndpointError:
            return answer  # the claims stay as they are
        return with_opinions(answer, claims, reply, model.name)

    def _quote(self, task: Task, answer: Answer, clock: _Clock) -> Iterator[Answer]:
        selection = self._select(task)
        clock.mark("select")
        if not selection.chosen:
            yield self._refusal(task, answer, selection, clock)
            return
        chosen = [scored.sentence for scored in selection.chosen]
        for count in range(1, len(chosen)):
            yield _show(answer, quote(chosen[:count]))
        together = frozenset(place for place, one in enumerate(selection.chosen, start=1) if one in selection.sides)
        yield self._finish(task, _show(answer, quote(chosen)), clock, together)

    def _select(self, task: Task) -> Selection:
        """All sentences are weighed by the quick vectors, the best once more by MiniLM where it finds the passages."""
        closely = self.index.embed if self.index.embedder.name.startswith("minilm:") else None
        return extract.select(task, self._sentences.embed, closely)

    def _answers(self, question: str, task: Task) -> bool:
        """Whether the sentences at hand answer another question."""
        return bool(extract.select(replace(task, asked=analyse(question)), self._sentences.embed).chosen)

    def _finish(self, task: Task, answer: Answer, clock: _Clock, together: frozenset[int] = frozenset()) -> Answer:
        conflicts = find_conflicts(task.asked, answer.citations, together)
        times = read_quotes(answer.citations, answer.passages)
        denied = next(filter(None, (correction(task.asked, one.quote) for one in answer.citations)), "")
        clock.mark("check")
        return replace(
            answer,
            conflicts=conflicts,
            times=times,
            correction=denied,
            not_found=uncovered(task.asked, answer.citations)[:MOST_WORDS],
            timings=dict(clock.marks),
            done=True,
        )

    def _refusal(self, task: Task, answer: Answer, selection: Selection, clock: _Clock) -> Answer:
        unmentioned = tuple(word for word in selection.unmentioned[:MOST_WORDS] if not self.index.mentions(word))
        text, nearest = refuse(selection.ranked, unmentioned)
        suggestions = suggest(task.asked, nearest, lambda question: self._answers(question, task))
        clock.mark("check")
        return replace(
            answer,
            text=text,
            claims=(),
            citations=(),
            refused=True,
            nearest=nearest,
            not_found=unmentioned,
            suggestions=suggestions,
            timings=dict(clock.marks),
            done=True,
        )


def _left_out(task: Task, fitting: Task) -> str:
    """How many of the passages the model is given, where it is not all; each begins with a sentence of its own."""
    found, used = (sum(not one.before for one in some.sentences.values()) for some in (task, fitting))
    limits = "the model's window or FOOTNOTE_PROMPT_TOKENS takes no more"
    return f"Used {used} of {found} passages: {limits}." if used < found else ""


def _valid(question: str) -> str:
    question = question.strip()
    if not any(character.isalnum() for character in question):
        raise QuestionError("The question is empty.", "Ask something about your articles.")
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(question):,} characters; {LONGEST_QUESTION:,} is the most.", "Ask it shorter."
        )
    return question


def _fill(answer: Answer, resolved: Resolved, task: Task) -> Answer:
    """The answer with what has been written so far: quotation marks settled, every claim checked against its quotes."""
    settled = settle(resolved, task.sentences, task.question)
    resolved = settled.resolved
    by_number = {citation.number: citation for citation in resolved.citations}
    claims = []
    for claim in resolved.claims:
        text = resolved.text[claim.start : claim.end]
        support, reason = check(text, [by_number[number] for number in claim.citations])
        if support != "unsupported" and claim.start in settled.doubts:
            support, reason = "partial", settled.doubts[claim.start]
        claims.append(replace(claim, support=support, reason=reason))
    return _show(replace(answer, quotations=settled.quotations), replace(resolved, claims=tuple(claims)))


def _show(answer: Answer, resolved: Resolved) -> Answer:
    return replace(answer, text=resolved.text, claims=resolved.claims, citations=resolved.citations)
