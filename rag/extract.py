"""The writer that only quotes: the fewest sentences that answer, best first. Needs no model."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answerable import Objection, is_heard, mostly_unheard, objection
from rag.choose import Scored, choose
from rag.evidence import Candidate, Embed, Evidence, weigh
from rag.prompt import Sentence, Task

LOOKED_AT = 12
OF_EACH_ARTICLE = 4  # its best ones are looked at in any case: it may say something else


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
    order = _looked_at(sentences, evidence)
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


def _looked_at(sentences: Sequence[Sentence], evidence: Sequence[Evidence]) -> list[int]:
    """The rows of the best sentences, and of the best ones of each article, best first."""
    order = sorted(range(len(sentences)), key=lambda row: -evidence[row].score)
    seen: Counter[str] = Counter()
    kept = []
    for place, row in enumerate(order):
        seen[sentences[row].article.id] += 1
        if place < LOOKED_AT or seen[sentences[row].article.id] <= OF_EACH_ARTICLE:
            kept.append(row)
    return kept
