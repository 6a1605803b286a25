"""The writer that only quotes: the fewest sentences that answer, best first. Needs no model, and is a writer like any other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.answerable import objection
from rag.conflicts import differ
from rag.evidence import Candidate, Embed, Evidence, weigh
from rag.lexicon import tokenize
from rag.prompt import Sentence, Task
from rag.question import Kind, Question, correct_typos

MOST_QUOTES = 3
NEAR_BEST = 0.75  # of the best score: below it a sentence is no second answer
OTHER_ARTICLE = 0.85  # of the first quote's score: what another article must reach to be heard too
SAME_SENTENCE = 0.8  # share of words in common: one sentence printed twice
LOOKED_AT = 12
MENTIONED = 0.6


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence, how well it answers, and what speaks against it ("" where nothing does)."""

    sentence: Sentence
    evidence: Evidence
    objection: str


@dataclass(frozen=True, slots=True)
class Selection:
    """`chosen` is empty where the articles do not say; `ranked` are the best sentences whatever speaks against them."""

    question: Question
    chosen: tuple[Scored, ...]
    ranked: tuple[Scored, ...]
    unmentioned: tuple[str, ...]  # words of the question that no sentence carries


def select(task: Task, embed: Embed) -> Selection:
    """The sentences that answer the question, and the best ones in any case."""
    sentences = list(task.sentences.values())
    candidates = [
        Candidate(s.article.id, s.text, f"{s.article.title} {s.before}", s.passage_score) for s in sentences
    ]
    question = correct_typos(task.asked, [token for c in candidates for token in tokenize(c.text)])
    evidence = weigh(question, candidates, embed)
    order = sorted(range(len(sentences)), key=lambda row: -evidence[row].score)[:LOOKED_AT]
    ranked = tuple(
        Scored(sentences[row], evidence[row], objection(question, candidates[row], evidence[row])) for row in order
    )
    accepted = [s for s in ranked if not s.objection and s.evidence.score >= NEAR_BEST * ranked[0].evidence.score]
    unmentioned = tuple(
        term.token.text
        for column, term in enumerate(question.terms)
        if (term.name or term.says) and all(found.own[column] < MENTIONED for found in evidence)
    )
    return Selection(question, _fewest(question, accepted), ranked, unmentioned)


def write(selection: Selection) -> Iterator[str]:
    """The chosen sentences, one a line, each with its number."""
    for scored in selection.chosen:
        yield f"{' '.join(scored.sentence.text.split())} [{scored.sentence.number}]\n"


def _fewest(question: Question, accepted: Sequence[Scored]) -> tuple[Scored, ...]:
    """The best sentence, and those that say something else: another value, another article, a part it leaves open."""
    chosen: list[Scored] = []
    for scored in accepted:
        if len(chosen) == MOST_QUOTES:
            break
        if not chosen or (not _repeats(scored, chosen) and _adds(question, scored, chosen)):
            chosen.append(scored)
    return tuple(chosen)


def _adds(question: Question, scored: Scored, chosen: Sequence[Scored]) -> bool:
    first = chosen[0]
    if question.kind in (Kind.NUMBER, Kind.TIME):
        return differ(question, [one.sentence.text for one in chosen], scored.sentence.text)
    elsewhere = all(one.sentence.article.id != scored.sentence.article.id for one in chosen)
    if elsewhere and scored.evidence.score >= OTHER_ARTICLE * first.evidence.score:
        return True
    covered = [max(column) for column in zip(*(one.evidence.own for one in chosen), strict=True)]
    return any(
        term.weight >= 0.5 and not term.earlier and before < 0.35 and now >= MENTIONED
        for term, before, now in zip(question.terms, covered, scored.evidence.own, strict=True)
    )


def _repeats(scored: Scored, chosen: Sequence[Scored]) -> bool:
    words = {token.stem for token in tokenize(scored.sentence.text)}
    for one in chosen:
        others = {token.stem for token in tokenize(one.sentence.text)}
        if len(words & others) >= SAME_SENTENCE * min(len(words), len(others)):
            return True
    return False
