"""Which sentences make the answer: the best one, and what else must be heard. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.answerable import CARRIED, MENTIONED, Objection
from rag.conflicts import differ
from rag.evidence import Evidence
from rag.lexicon import Token, tokenize
from rag.prompt import Sentence
from rag.question import Kind, Question

MOST_QUOTES, MOST_VALUES = 3, 4
NEAR_BEST = 0.75  # of the best score: below it a sentence is no second answer
# Of the first quote's score and coverage: another article is heard from here on.
OTHER_ARTICLE, OTHER_COVERAGE = 0.70, 0.80
OTHER_VALUE = 0.65  # of the first quote's score: another value is heard from here on
SAME_SENTENCE = 0.8  # share of words in common: one sentence printed twice
AS_GOOD = 0.9  # of the best score: a sentence that may answer as well as the first


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence, how well it answers, and what speaks against it."""

    sentence: Sentence
    evidence: Evidence
    objection: Objection | None


def choose(question: Question, ranked: Sequence[Scored]) -> tuple[Scored, ...]:
    """The best sentence, then what else must be heard: first other articles, then other values and parts left open."""
    least = NEAR_BEST * ranked[0].evidence.score if ranked else 0.0
    if not ranked:
        return ()
    first = next((one for one in ranked if not one.objection and one.evidence.score >= least), ranked[0])
    chosen = [first]
    most = MOST_VALUES if question.kind is Kind.NUMBER else MOST_QUOTES
    for must_add in (_another_article, _another_value, _another_part, _close_second):
        for scored in ranked:
            if len(chosen) < most and not _repeats(scored, chosen) and must_add(question, scored, chosen):
                chosen.append(scored)
    return tuple(chosen)


def _another_article(question: Question, scored: Scored, chosen: Sequence[Scored]) -> bool:
    """An article not yet heard, whose sentence is about as good; for a number or time it must give another one."""
    first = chosen[0]
    if any(one.sentence.article.id == scored.sentence.article.id for one in chosen):
        return False
    if scored.objection and not scored.objection.minor:
        return False
    if question.kind in (Kind.NUMBER, Kind.TIME):
        return not scored.objection and _another_value(question, scored, chosen)
    near = scored.evidence.score >= OTHER_ARTICLE * first.evidence.score
    return near and scored.evidence.coverage >= OTHER_COVERAGE * first.evidence.coverage


def _another_value(question: Question, scored: Scored, chosen: Sequence[Scored]) -> bool:
    """Another number or time for what is asked."""
    near = scored.evidence.score >= OTHER_VALUE * chosen[0].evidence.score
    return (
        near and not scored.objection and differ(question, [one.sentence.text for one in chosen], scored.sentence.text)
    )


def _another_part(question: Question, scored: Scored, chosen: Sequence[Scored]) -> bool:
    """A word of the question that the chosen ones leave open."""
    if question.kind in (Kind.NUMBER, Kind.TIME) or scored.objection:
        return False
    if scored.evidence.score < NEAR_BEST * chosen[0].evidence.score:
        return False
    covered = [max(column) for column in zip(*(one.evidence.own for one in chosen), strict=True)]
    return any(
        term.weight >= 0.5 and not term.earlier and before < CARRIED and now >= MENTIONED
        for term, before, now in zip(question.terms, covered, scored.evidence.own, strict=True)
    )


def _close_second(_: Question, scored: Scored, chosen: Sequence[Scored]) -> bool:
    """A sentence that is as good as the first: which of them answers cannot be told."""
    return not scored.objection and scored.evidence.score >= AS_GOOD * chosen[0].evidence.score


def _repeats(scored: Scored, chosen: Sequence[Scored]) -> bool:
    """Whether a sentence is printed twice; where each has a number or name that the other lacks, they are two."""
    tokens = {token.stem: token for token in tokenize(scored.sentence.text)}
    for one in chosen:
        others = {token.stem: token for token in tokenize(one.sentence.text)}
        alike = len(tokens.keys() & others.keys()) >= SAME_SENTENCE * min(len(tokens), len(others))
        if alike and not (_tells(tokens, others) and _tells(others, tokens)):
            return True
    return False


def _tells(tokens: Mapping[str, Token], others: Mapping[str, Token]) -> bool:
    """Whether some have a number or name that the others lack."""
    return any(token.is_number or token.is_name for stem, token in tokens.items() if stem not in others)
