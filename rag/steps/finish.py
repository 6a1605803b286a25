"""What ends an answer, whoever wrote it: what differs, what times mean and what is missing; or a refusal."""

from dataclasses import replace

from index.engine import Index
from index.static import StaticEmbedder
from rag import extract
from rag.checks.premise import correction
from rag.conflicts import find_conflicts
from rag.extract import Selection
from rag.prompt import Task
from rag.reading.question import analyse
from rag.records import Answer
from rag.refusal import refuse, suggest, uncovered
from rag.steps.clock import Clock
from rag.steps.weighed import of_selection
from rag.times.meaning import read_quotes

MOST_WORDS = 5  # that a refusal names as not mentioned


class Finisher:
    """Selects the sentences that answer, and ends answers with what is to be said of their quotes."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._sentences = StaticEmbedder()

    def select(self, task: Task, clock: Clock) -> Selection:
        """All sentences are weighed by the quick vectors, the best once more by MiniLM where it finds the passages."""
        closely = self._index.embed if self._index.embedder.name.startswith("minilm:") else None
        selection = extract.select(task, self._sentences.embed, closely)
        clock.mark("select")
        return selection

    def finish(self, task: Task, answer: Answer, clock: Clock, together: frozenset[int] = frozenset()) -> Answer:
        """The answer, done. The citations whose numbers are in `together` are known to be of one thing."""
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

    def refusal(self, task: Task, answer: Answer, selection: Selection, clock: Clock) -> Answer:
        """In place of an answer: what is missing, what is nearest, and what could be asked."""
        unmentioned = tuple(word for word in selection.unmentioned[:MOST_WORDS] if not self._index.mentions(word))
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

    def _answers(self, question: str, task: Task) -> bool:
        """Whether the sentences at hand answer another question."""
        return bool(extract.select(replace(task, asked=analyse(question)), self._sentences.embed).chosen)
