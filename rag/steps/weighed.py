"""What was considered for an answer, and what became of it: for those who ask why. Pure."""

from collections.abc import Sequence

from index.records import Passage
from rag.choosing.choose import repeats
from rag.choosing.scored import Scored
from rag.extract import Selection
from rag.prompt import Task
from rag.records import Citation, Weighed
from rag.times.asked import AskedTime, asked_time, is_too_late

MOST = 10  # sentences


def of_selection(task: Task, selection: Selection, citations: Sequence[Citation]) -> tuple[Weighed, ...]:
    """The sentences quoted and the best of the others, in the order in which they were ranked."""
    numbers = {(one.article_id, one.end): one.number for one in citations}  # one may begin a sentence earlier
    quoted = {number: one for one in selection.ranked if (number := numbers.get(_place(one)))}
    others = [one for one in selection.ranked if _place(one) not in numbers][: max(0, MOST - len(quoted))]
    asked = asked_time(task.asked.text)
    kept = sorted((*quoted.values(), *others), key=selection.ranked.index)
    return tuple(
        Weighed(
            one.sentence.article.id,
            one.sentence.start,
            one.sentence.end,
            one.evidence.score,
            _fate(one, quoted, asked, found=bool(selection.chosen)),
        )
        for one in kept
    )


def of_prompt(task: Task, citations: Sequence[Citation]) -> tuple[Weighed, ...]:
    """The sentences that a model quoted of those it was given."""
    scores = {(one.article.id, one.start): one.passage_score for one in task.sentences.values()}
    return tuple(
        Weighed(one.article_id, one.start, one.end, scores.get((one.article_id, one.start), 0.0), _quoted(one.number))
        for one in citations
    )


def left_out(passages: Sequence[Passage], fitting: Task) -> tuple[Weighed, ...]:
    """The passages that a model was not given."""
    given = {(one.article.id, one.start) for one in fitting.sentences.values()}
    best = max((one.score for one in passages), default=1.0) or 1.0
    return tuple(
        Weighed(one.article.id, one.chunk.start, one.chunk.end, one.score / best, "did not fit into the prompt")
        for one in passages
        if (one.article.id, one.chunk.sentences[0][0]) not in given
    )


def _fate(one: Scored, quoted: dict[int, Scored], asked: AskedTime, *, found: bool) -> str:
    number = next((number for number, other in quoted.items() if other is one), None)
    if number:
        return _quoted(number)
    if is_too_late(asked, one.sentence.article.date):
        return "is from after the time that is asked about"
    if one.objection:
        return one.objection.reason
    if not quoted:
        return "was not used by the model" if found else "is not close enough to be an answer"
    for number, other in sorted(quoted.items()):
        if repeats(one, [other]):
            return f"says nearly the same as [{number}]"
    first = min(quoted)
    weaker = one.evidence.score < quoted[first].evidence.score
    return f"weaker than [{first}]" if weaker else "adds nothing to what is quoted"


def _quoted(number: int) -> str:
    return f"quoted as [{number}]"


def _place(one: Scored) -> tuple[str, int]:
    return one.sentence.article.id, one.sentence.end
