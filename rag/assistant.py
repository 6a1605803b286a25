"""Question → Answer. `stream` is the one path: `ask` is the same, drained."""

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace

from index.engine import Index
from index.errors import EndpointError, QuestionError
from index.records import NO_FILTERS, Filters
from rag.citations import quote, resolve
from rag.config import RagSettings
from rag.endpoint.generate import LanguageModelWriter, Report, WindowExceeded, nothing_written
from rag.endpoint.patience import NotThisTime
from rag.endpoint.rerank import Reranker, candidates
from rag.prompt import REFUSAL, Task, make_task, rewrite_messages, within_budget
from rag.reading.followup import earlier_questions, rewritten, searched_with
from rag.records import Answer, Turn
from rag.refusal import is_refusal
from rag.steps.clock import Clock
from rag.steps.filled import fill, show
from rag.steps.finish import Finisher
from rag.steps.marks import SHOWN
from rag.steps.offering import Offering
from rag.steps.opinion import left_open, opinion_messages, with_opinions
from rag.steps.weighed import left_out, of_prompt, of_selection

LONGEST_QUESTION = 2_000  # characters
FOLLOW_UPS = 3  # questions
UPDATE_INTERVAL = 0.04  # seconds between two states of a growing answer
EXTRACTIVE = "extractive"
QUOTES_FOUND = "These are the quotes found without it."
NOTHING_CARRIED = "No sentence of this answer is carried by what it cites: rely on the quotes alone."


class Assistant:
    """Answers from an index, with a language model where one is set and by quoting alone where none is."""

    def __init__(
        self,
        index: Index,
        settings: RagSettings,
        model: LanguageModelWriter | None = None,
        reranker: Reranker | None = None,
    ) -> None:
        self.index = index
        self.settings = settings
        self._finisher = Finisher(index)
        self._offering = Offering(index, self._finisher, settings.passages)
        self._reranker = reranker or (Reranker(settings) if settings.rerank else None)
        self.model = model or (LanguageModelWriter(settings) if settings.has_endpoint else None)

    @property
    def writer(self) -> str:
        """Which writer answers."""
        return self.model.name if self.model else EXTRACTIVE

    def ask(
        self, question: str, history: Sequence[Turn] = (), filters: Filters = NO_FILTERS, *, as_asked: bool = False
    ) -> Answer:
        """The whole answer, from the articles that pass the filters.

        `as_asked` takes the question for itself, whatever was said before: searched as typed, and never rewritten.

        Raises:
            QuestionError: the question is empty or too long.
            IndexMissing: nothing has been indexed.
        """
        *_, answer = self.stream(question, history, filters, as_asked=as_asked)
        return answer

    def examples(self) -> tuple[str, ...]:
        """Questions that the newest articles answer; fewer or none where none read well. Made once for each state.

        The first call takes up to a second in a large library: no page should wait for it.

        Raises:
            IndexMissing: nothing has been indexed.
        """
        return self._offering.examples()

    def follow_ups(self, answer: Answer, history: Sequence[Turn] = (), limit: int = FOLLOW_UPS) -> tuple[str, ...]:
        """Questions about what stands around an answer's quotes that this conversation has not asked or answered.

        To be called once the answer is shown: it takes about as long as answering did.
        """
        return self._offering.follow_ups(answer, history, limit)

    def stream(
        self, question: str, history: Sequence[Turn] = (), filters: Filters = NO_FILTERS, *, as_asked: bool = False
    ) -> Iterator[Answer]:
        """The answer as it grows; the last one is `done`. Raises as `ask` does."""
        question = _valid(question)
        history = () if as_asked else history
        clock = Clock()
        earlier = earlier_questions(question, history)
        asked, model, notice = question, self.model, ""
        if model and earlier:
            try:
                asked = self._rewritten(model, question, history)
            except EndpointError as error:
                model, notice = None, f"{error} {QUOTES_FOUND}"
            clock.mark("rewrite")
        earlier = earlier if asked == question else ()
        before = searched_with(question, history, self.index.embedder.name) if asked == question else ()
        count = candidates(self.settings)
        passages = tuple(self.index.search(asked, history=before, limit=count, filters=filters))
        clock.mark("search")
        unranked = ""
        if self._reranker:
            passages, unranked = self._reranker.best(" ".join([*earlier, asked]), passages)
            clock.mark("rerank")
        if not passages:
            yield Answer(
                question,
                asked,
                text=f"{REFUSAL} No article passes the filters.",
                refused=True,
                filters=filters,
                writer=EXTRACTIVE,
                timings=clock.stages,
                done=True,
            )
            return
        task = make_task(asked, passages, earlier, history)
        searched = " ".join([*earlier, asked])
        answer = Answer(question, searched, passages=passages, filters=filters, writer=self.writer)
        if model:
            try:
                written = yield from self._write_fitting(model, task, answer, clock)
                if written is not None:
                    yield replace(written, notice=f"{unranked} {written.notice}".strip())
                    return
                notice = f"{self.writer} cited none of the sentences it was given. These are the quotes found."
            except EndpointError as error:
                notice = f"{error} {QUOTES_FOUND}"
        answer = replace(answer, writer=EXTRACTIVE, notice=f"{unranked} {notice}".strip())
        yield from self._quote(task, answer, clock)

    def _rewritten(self, model: LanguageModelWriter, question: str, history: Sequence[Turn]) -> str:
        """What the model makes of a follow-up; the question itself where it takes too long or breaks off."""
        try:
            reply = model.complete(rewrite_messages(question, history), self.settings.rewrite_timeout)
        except NotThisTime:
            return question
        return rewritten(reply, question)

    def _write_fitting(
        self, model: LanguageModelWriter, task: Task, answer: Answer, clock: Clock
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
        weighed = (*written.weighed, *left_out(answer.passages, fitting)) if written else ()
        return written and replace(written, notice=" ".join(notices), weighed=weighed)

    def _write_with_model(
        self, model: LanguageModelWriter, task: Task, answer: Answer, clock: Clock
    ) -> Generator[Answer, None, Answer | None]:
        """Yields the growing answer and returns the finished one; None where nothing in it can be trusted."""
        report = Report()
        written = ""
        shown = 0.0
        broken_off: EndpointError | None = None
        try:
            for piece in model.write(task, report):
                if piece and not written:
                    clock.mark("first token")
                    shown = 0.0  # the first word is shown at once
                written += piece
                if time.monotonic() - shown > UPDATE_INTERVAL:  # each update reads the whole text again
                    yield fill(answer, resolve(written, task.sentences, final=False), task)
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
        cut_off = bool(broken_off) or report.cut_off
        answer = replace(answer, writer=model.name, usage=report.usage, notice=notice, cut_off=cut_off)
        words = SHOWN.sub("", resolved.text).strip()
        if is_refusal(words, bool(resolved.citations)):
            return self._finisher.refusal(task, answer, self._finisher.select(task, clock), clock)
        if not resolved.claims or not resolved.citations:
            return None
        answer = self._judged(model, fill(answer, resolved, task))
        answer = replace(answer, weighed=of_prompt(task, answer.citations))
        if all(claim.support == "unsupported" for claim in answer.claims):
            answer = replace(answer, notice=f"{answer.notice} {NOTHING_CARRIED}".strip())
        return self._finisher.finish(task, answer, clock)

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

    def _quote(self, task: Task, answer: Answer, clock: Clock) -> Iterator[Answer]:
        selection = self._finisher.select(task, clock)
        if not selection.chosen:
            yield self._finisher.refusal(task, answer, selection, clock)
            return
        chosen = [scored.sentence for scored in selection.chosen]
        for count in range(1, len(chosen)):
            yield show(answer, quote(chosen[:count]))
        together = frozenset(place for place, one in enumerate(selection.chosen, start=1) if one in selection.sides)
        answer = show(answer, quote(chosen))
        answer = replace(answer, weighed=of_selection(task, selection, answer.citations))
        yield self._finisher.finish(task, answer, clock, together)


def _left_out(task: Task, fitting: Task) -> str:
    """How many of the passages the model is given, where it is not all; each begins with a sentence of its own."""
    found, used = (sum(not one.before for one in some.sentences.values()) for some in (task, fitting))
    limits = "The model's window or FOOTNOTE_PROMPT_TOKENS sets how many."
    return f"Used {used} of {found} passages: no more fit. {limits}" if used < found else ""


def _valid(question: str) -> str:
    question = question.strip()
    if not any(character.isalnum() for character in question):
        raise QuestionError("The question is empty.", "Ask something about your articles.")
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(question):,} characters; {LONGEST_QUESTION:,} is the most.", "Ask it shorter."
        )
    return question
