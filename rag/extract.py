"""The writer that only quotes: the fewest sentences that answer, best first. Needs no model."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from rag.checks.premise import correction
from rag.choosing.answerable import Objection, is_heard, mostly_unheard, objection
from rag.choosing.antecedent import with_antecedents
from rag.choosing.choose import choose, first_of
from rag.choosing.confidence import THRESHOLD, Signs, read_signs
from rag.choosing.evidence import Candidate, Embed, weigh
from rag.choosing.scored import Scored
from rag.choosing.sides import sides
from rag.prompt import Sentence, Task
from rag.times.asked import AskedTime, asked_time, is_too_late

LOOKED_AT = 6
OF_EACH_ARTICLE = 4  # its best ones are looked at in any case: it may say something else
OPPOSED = 0.05  # of the score, where something speaks against a sentence
CLOSELY = 0.33  # weight of the cosine by a better embedder, where one looks at the best sentences once more
NEAR_BEST = 0.12  # a sentence so much below the best one may still answer


@dataclass(frozen=True, slots=True)
class Selection:
    """`chosen` is empty where the articles do not say; `ranked` are the best sentences whatever speaks against them."""

    chosen: tuple[Scored, ...]
    ranked: tuple[Scored, ...]
    unmentioned: tuple[str, ...]  # words of the question that no sentence carries
    signs: Signs | None = None
    sides: tuple[Scored, ...] = ()  # of the chosen ones those that give different values for one thing

    @property
    def confidence(self) -> float:
        """How much speaks for it that the articles answer, in [0, 1]."""
        return self.signs.confidence if self.signs else 0.0


def select(task: Task, embed: Embed, closely: Embed | None = None) -> Selection:
    """The sentences that answer the question, and the best ones in any case.

    `embed` weighs all sentences and must be quick; `closely` looks at the best of them once more.
    """
    question, sentences, candidates = task.asked, list(task.sentences.values()), candidates_of(task)
    evidence = weigh(question, candidates, embed)
    foreign = Objection("has too little to do with the question") if mostly_unheard(question, evidence) else None
    ranked = []
    for row, found in enumerate(evidence):
        against = objection(question, candidates[row], found) or foreign
        if against and correction(question, candidates[row].text):
            against = None  # a question that takes something wrong for granted is answered by what denies it
        score = found.score - (OPPOSED if against and not against.minor else 0)
        ranked.append(Scored(sentences[row], replace(found, score=score), against))
    ranked = _looked_at(sorted(ranked, key=lambda one: -one.evidence.score))
    if closely and ranked:
        ranked = _look_closely(question.text, ranked[:LOOKED_AT], closely) + ranked[LOOKED_AT:]
    ranked = _in_time(asked_time(question.text), ranked)
    least = max((one.evidence.score for one in ranked), default=0.0) - NEAR_BEST
    unopposed = any(one.objection is None and one.evidence.score >= least for one in ranked)
    signs = read_signs(question, evidence, _best_passage(question.text, sentences, embed), unopposed=unopposed)
    unmentioned = tuple(
        term.token.text
        for column, term in enumerate(question.terms)
        if (term.name or term.says) and not is_heard(column, evidence)
    )
    if not ranked or signs.confidence < THRESHOLD:
        return Selection((), tuple(ranked), unmentioned, signs)
    first = first_of(question, ranked)
    others = sides(question, first, ranked, embed)
    chosen = choose(question, ranked, first, others)
    shown = with_antecedents(question, chosen)
    differing = (first, *others) if others else ()
    differ = tuple(led for one, led in shown if one in differing)
    return Selection(tuple(led for _, led in shown), tuple(ranked), unmentioned, signs, differ)


def candidates_of(task: Task) -> list[Candidate]:
    """The sentences of a task as they are weighed, in its order."""
    return [
        Candidate(
            s.article.id,
            s.text,
            f"{s.article.title} {s.before}",
            s.passage_score,
            s.text == s.article.title,
            s.article.date,
        )
        for s in task.sentences.values()
    ]


def _in_time(asked: AskedTime, ranked: Sequence[Scored]) -> list[Scored]:
    """Last what was written past the day that the question sets; for the latest, the newest of the best ones first."""
    late = [is_too_late(asked, one.sentence.article.date) for one in ranked]
    ordered = [one for one, past in zip(ranked, late, strict=True) if not past]
    ordered += [one for one, past in zip(ranked, late, strict=True) if past]
    if asked.latest and ordered:
        least = ordered[0].evidence.alone - NEAR_BEST  # an old article may be found better, and say the same
        best = [one for one in ordered if not one.objection and one.evidence.alone >= least]
        newest = sorted(best, key=lambda one: one.sentence.article.date or "", reverse=True)
        ordered = newest + [one for one in ordered if one not in best]
    return ordered


def _looked_at(ranked: Sequence[Scored]) -> list[Scored]:
    """The best of all sentences and of each article, best first."""
    heard: Counter[str] = Counter()
    kept = []
    for place, one in enumerate(ranked):
        heard[one.sentence.article.id] += 1
        if place < LOOKED_AT or heard[one.sentence.article.id] <= OF_EACH_ARTICLE:
            kept.append(one)
    return kept


def _look_closely(question: str, ranked: Sequence[Scored], embed: Embed) -> list[Scored]:
    """The same sentences in the order that a better embedder's cosines add to."""
    vectors = embed([question, *(one.sentence.text for one in ranked)])
    looked = [
        replace(one, evidence=replace(one.evidence, score=one.evidence.score + CLOSELY * float(cosine)))
        for one, cosine in zip(ranked, vectors[1:] @ vectors[0], strict=True)
    ]
    return sorted(looked, key=lambda one: -one.evidence.score)


def _best_passage(question: str, sentences: Sequence[Sentence], embed: Embed) -> float:
    """The highest cosine of a passage's sentences together with the question."""
    passages: list[list[str]] = []
    for sentence in sentences:
        if not sentence.before or not passages:
            passages.append([])
        passages[-1].append(sentence.text)
    if not passages:
        return 0.0
    vectors = embed([question, *(" ".join(passage) for passage in passages)])
    return float(np.clip(vectors[1:] @ vectors[0], 0, 1).max())
