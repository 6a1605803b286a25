"""Question → Answer. `stream` is the one path: `ask` is the same, drained."""

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from threading import Lock

from index.engine import Index
from index.errors import EndpointError, QuestionError
from index.records import NO_FILTERS, Filters
from index.static import StaticEmbedder
from rag import extract
from rag.checks.premise import correction
from rag.citations import quote, resolve
from rag.config import RagSettings
from rag.conflicts import find_conflicts
from rag.endpoint.generate import LanguageModelWriter, Report, WindowExceeded, nothing_written
from rag.endpoint.patience import NotThisTime
from rag.endpoint.rerank import Reranker, candidates
from rag.extract import Selection
from rag.offers.examples import NOTHING_HEARD, Heard, examples, follow_ups, heard_in, places_of
from rag.offers.offered import Offer
from rag.offers.people import who_is
from rag.prompt import REFUSAL, Task, make_task, rewrite_messages, within_budget, wording
from rag.reading.followup import earlier_questions, rewritten, searched_with
from rag.reading.question import analyse
from rag.records import Answer, Turn
from rag.refusal import is_refusal, refuse, suggest, uncovered
from rag.steps.clock import Clock
from rag.steps.filled import fill, show
from rag.steps.marks import SHOWN
from rag.steps.opinion import left_open, opinion_messages, with_opinions
from rag.steps.weighed import left_out, of_prompt, of_selection
from rag.times.meaning import read_quotes

LONGEST_QUESTION = 2_000  # characters
MOST_WORDS = 5  # that a refusal names as not mentioned
NEWEST, EXAMPLES, EXAMPLES_TRIED = 12, 4, 8  # articles read for examples, questions shown, and looked up
FOLLOW_UPS, FOLLOWED = 3, 3  # questions, and articles they come from
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
        self._sentences = StaticEmbedder()
        self._making = Lock()  # of those who come at once one makes the examples, and the others wait for them
        self._examples: tuple[int, tuple[str, ...]] | None = None
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
        generation = self.index.generation()
        with self._making:
            if self._examples is None or self._examples[0] != generation:
                newest = self.index.newest(NEWEST)
                self._examples = generation, examples(newest, self._gives, EXAMPLES, EXAMPLES_TRIED)
            return self._examples[1]

    def follow_ups(self, answer: Answer, history: Sequence[Turn] = (), limit: int = FOLLOW_UPS) -> tuple[str, ...]:
        """Questions about what stands around an answer's quotes that this conversation has not asked or answered.

        To be called once the answer is shown: it takes about as long as answering did.
        """
        heard = heard_in([*history, answer])
        places = [
            (one, at) for id_, at in islice(places_of(answer).items(), FOLLOWED) if (one := self.index.article(id_))
        ]
        return follow_ups(places, heard, lambda offer: self._gives(offer, heard), limit, limit + 2)

    def _gives(self, offer: Offer, heard: Heard = NOTHING_HEARD) -> bool:
        """Whether what is quoted first in answer to a question is the sentence it was made from, or one like that."""
        passages = self.index.search(offer.question, limit=self.settings.passages)
        chosen = self._select(make_task(offer.question, passages), Clock()).chosen
        if not chosen:
            return False
        first = chosen[0].sentence
        if (first.article.id, first.start, first.end) == (offer.article_id, offer.start, offer.end):
            return True
        introduced = who_is(wording(first.text), frozenset()) == offer.question  # elsewhere too
        return introduced and not heard.holds(first.text)

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
                writer=EXTRACTIVE,
                timings=clock.stages,
                done=True,
            )
            return
        task = make_task(asked, passages, earlier, history)
        answer = Answer(question, " ".join([*earlier, asked]), passages=passages, writer=self.writer)
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
        answer = replace(answer, writer=model.name, usage=report.usage, notice=notice)
        words = SHOWN.sub("", resolved.text).strip()
        if is_refusal(words, bool(resolved.citations)):
            return self._refusal(task, answer, self._select(task, clock), clock)
        if not resolved.claims or not resolved.citations:
            return None
        answer = self._judged(model, fill(answer, resolved, task))
        answer = replace(answer, weighed=of_prompt(task, answer.citations))
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

    def _quote(self, task: Task, answer: Answer, clock: Clock) -> Iterator[Answer]:
        selection = self._select(task, clock)
        if not selection.chosen:
            yield self._refusal(task, answer, selection, clock)
            return
        chosen = [scored.sentence for scored in selection.chosen]
        for count in range(1, len(chosen)):
            yield show(answer, quote(chosen[:count]))
        together = frozenset(place for place, one in enumerate(selection.chosen, start=1) if one in selection.sides)
        answer = show(answer, quote(chosen))
        answer = replace(answer, weighed=of_selection(task, selection, answer.citations))
        yield self._finish(task, answer, clock, together)

    def _select(self, task: Task, clock: Clock) -> Selection:
        """All sentences are weighed by the quick vectors, the best once more by MiniLM where it finds the passages."""
        closely = self.index.embed if self.index.embedder.name.startswith("minilm:") else None
        selection = extract.select(task, self._sentences.embed, closely)
        clock.mark("select")
        return selection

    def _answers(self, question: str, task: Task) -> bool:
        """Whether the sentences at hand answer another question."""
        return bool(extract.select(replace(task, asked=analyse(question)), self._sentences.embed).chosen)

    def _finish(self, task: Task, answer: Answer, clock: Clock, together: frozenset[int] = frozenset()) -> Answer:
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
            timings=clock.stages,
            done=True,
        )

    def _refusal(self, task: Task, answer: Answer, selection: Selection, clock: Clock) -> Answer:
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
            weighed=of_selection(task, selection, ()),
            not_found=unmentioned,
            suggestions=suggestions,
            timings=clock.stages,
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
