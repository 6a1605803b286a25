"""The writer that only quotes: the fewest sentences that answer, best first. Needs no model."""

from dataclasses import dataclass

from rag.answerable import Objection, is_heard, mostly_unheard, objection
from rag.choose import Scored, choose
from rag.evidence import Candidate, Embed, weigh
from rag.prompt import Task

LOOKED_AT = 12


@dataclass(frozen=True, slots=True)
class Selection:
    """`chosen` is empty where the articles do not say; `ranked` are the best sentences whatever speaks against them."""

    chosen: tuple[Scored, ...]
    ranked: tuple[Scored, ...]
    unmentioned: tuple[str, ...]  # words of the question that no sentence carries

    @property
    def confidence(self) -> float:
        """How much speaks for it that the articles answer, in [0, 1]: one half and more where a sentence is chosen.

        The first sentence's own score places it within its half. It orders questions; it is no probability.
        """
        best = next(iter(self.chosen or self.ranked), None)
        score = min(max(best.evidence.score, 0.0), 1.0) if best else 0.0
        return (1 + score) / 2 if self.chosen else score / 2


def select(task: Task, embed: Embed) -> Selection:
    """The sentences that answer the question, and the best ones in any case."""
    question, sentences = task.asked, list(task.sentences.values())
    candidates = [
        Candidate(s.article.id, s.text, f"{s.article.title} {s.before}", s.passage_score, s.text == s.article.title)
        for s in sentences
    ]
    evidence = weigh(question, candidates, embed)
    order = sorted(range(len(sentences)), key=lambda row: -evidence[row].score)[:LOOKED_AT]
    foreign = Objection("has too little to do with the question") if mostly_unheard(question, evidence) else None
    ranked = tuple(
        Scored(sentences[row], evidence[row], objection(question, candidates[row], evidence[row]) or foreign)
        for row in order
    )
    unmentioned = tuple(
        term.token.text
        for column, term in enumerate(question.terms)
        if (term.name or term.says) and not is_heard(column, evidence)
    )
    return Selection(choose(question, ranked), ranked, unmentioned)
