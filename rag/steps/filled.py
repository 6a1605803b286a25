"""What a writer wrote, with its citations resolved → the answer as far as it has come. Pure."""

from dataclasses import replace

from rag.citations import Resolved
from rag.prompt import Task
from rag.records import Answer
from rag.steps.marks import settle
from rag.support import check


def fill(answer: Answer, resolved: Resolved, task: Task) -> Answer:
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
    return show(replace(answer, quotations=settled.quotations), replace(resolved, claims=tuple(claims)))


def show(answer: Answer, resolved: Resolved) -> Answer:
    """The answer with these words, claims and citations."""
    return replace(answer, text=resolved.text, claims=resolved.claims, citations=resolved.citations)
