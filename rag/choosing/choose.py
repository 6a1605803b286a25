"""Which sentences make the answer: the best one, and what else must be heard. Pure."""

from collections.abc import Mapping, Sequence

from rag.choosing.answerable import CARRIED, MENTIONED
from rag.choosing.scored import Scored
from rag.reading.lexicon import Token, tokenize
from rag.reading.question import Kind, Question, is_title
from rag.values.given import differ, given_values
from rag.values.wanted import OPENING_TEXT, SAID_ITSELF, Wanted, defines, opens_with_name, wanted

MOST_QUOTES, MOST_VALUES = 3, 6
NAMED = 0.6  # a name matched at least this well is that name
NEAR_BEST = 0.75  # of the best score: below it a sentence is no second answer
# Of the first quote's score and coverage: another article is heard from here on.
OTHER_ARTICLE, OTHER_COVERAGE = 0.70, 0.80
VALUED = 0.9  # of the first one's score: a sentence that gives the number asked for goes before it
SAME_SENTENCE = 0.8  # share of words in common: one sentence printed twice
AS_GOOD = 0.9  # of the best score: a sentence that may answer as well as the first


def first_of(question: Question, ranked: Sequence[Scored]) -> Scored:
    """The best sentence that nothing speaks against, where it is about as good as the best one.

    Where a number is asked for, one with that number goes before one without.
    """
    unopposed = [one for one in ranked if not one.objection]
    least = NEAR_BEST * ranked[0].evidence.score
    first = next((one for one in unopposed if one.evidence.score >= least), ranked[0])
    if wanted(question) is not Wanted.NUMBER or _gives_value(question, first):
        return first
    heard = [one for one in ranked if not one.objection or one.objection.minor]
    valued = [one for one in heard if one.evidence.score >= VALUED * first.evidence.score]
    return next((one for one in valued if _gives_value(question, one)), first)


def _gives_value(question: Question, scored: Scored) -> bool:
    return bool(given_values(question, scored.sentence.text, scored.sentence.article.date))


def choose(question: Question, ranked: Sequence[Scored], first: Scored, sides: Sequence[Scored]) -> tuple[Scored, ...]:
    """The first sentence, then what else must be heard: other values for what is asked, or other articles and parts."""
    chosen = [first, *sides]
    if wanted(question) is not Wanted.NOTHING:
        chosen += [one for one in _other_values(question, ranked, first) if one not in chosen]
    chosen = chosen[:MOST_VALUES]
    for must_add in (_another_article, _another_part, _close_second):
        for scored in ranked:
            if len(chosen) < MOST_QUOTES and not repeats(scored, chosen) and must_add(question, scored, chosen):
                chosen.append(scored)
    return tuple(chosen)


def _other_values(question: Question, ranked: Sequence[Scored], first: Scored) -> list[Scored]:
    """Of each article the best sentence that gives a value not heard so far."""
    found: list[Scored] = []
    article = first.sentence.article
    about = opens_with_name(question, article.text[:OPENING_TEXT])
    if not (about or _speaks_of(question, first, [one for one in ranked if one.sentence.article.id == article.id])):
        return found
    for key in dict.fromkeys(one.sentence.article.id for one in ranked):
        own = [one for one in ranked if one.sentence.article.id == key]
        for scored in own:
            heard = [(one.sentence.text, one.sentence.article.date) for one in (first, *found)]
            text, date = scored.sentence.text, scored.sentence.article.date
            if scored is not first and _speaks_of(question, scored, own) and differ(question, heard, text, date):
                found.append(scored)
                break
    return found[: MOST_VALUES - 1]


def _speaks_of(question: Question, scored: Scored, article: Sequence[Scored]) -> bool:
    """Whether a sentence is about what is asked: it says so itself, and its article names what the question names."""
    text = scored.sentence.text
    about = opens_with_name(question, scored.sentence.article.text[:OPENING_TEXT])
    said = []
    for column, term in enumerate(question.terms):
        own, around = scored.evidence.own[column], scored.evidence.around[column]
        named = about or around > 0 or max(one.evidence.own[column] for one in article) >= NAMED
        if term.name and not (term.earlier or named or is_title(question, column)):
            return False
        if term.says:
            said.append(own)
    if defines(question, text):
        return True
    last = 0.0 if question.counted else CARRIED if about else MENTIONED  # what is counted is looked for by its number
    return bool(said) and said[-1] >= last and sum(own >= CARRIED for own in said) >= SAID_ITSELF * len(said)


def _another_article(question: Question, scored: Scored, chosen: Sequence[Scored]) -> bool:
    """An article not yet heard, whose sentence is about as good; where a value is asked, it would give another one."""
    first = chosen[0]
    if any(one.sentence.article.id == scored.sentence.article.id for one in chosen):
        return False
    if scored.objection and not scored.objection.minor:
        return False
    if wanted(question) in (Wanted.NUMBER, Wanted.TIME):
        return False
    near = scored.evidence.score >= OTHER_ARTICLE * first.evidence.score
    return near and scored.evidence.coverage >= OTHER_COVERAGE * first.evidence.coverage


def _another_part(question: Question, scored: Scored, chosen: Sequence[Scored]) -> bool:
    """A word of the question that the chosen ones leave open."""
    if question.kind in (Kind.NUMBER, Kind.TIME) or scored.objection:
        return False
    if scored.evidence.score < NEAR_BEST * chosen[0].evidence.score:
        return False
    covered = [max(column) for column in zip(*(one.evidence.own for one in chosen), strict=True)]
    about = [max(column) for column in zip(*(one.evidence.around for one in chosen), strict=True)]
    return any(
        term.weight >= 0.5 and not term.earlier and before < CARRIED and now >= MENTIONED and not (term.name and around)
        for term, before, around, now in zip(question.terms, covered, about, scored.evidence.own, strict=True)
    )


def _close_second(_: Question, scored: Scored, chosen: Sequence[Scored]) -> bool:
    """A sentence that is as good as the first: which of them answers cannot be told."""
    return not scored.objection and scored.evidence.score >= AS_GOOD * chosen[0].evidence.score


def repeats(scored: Scored, chosen: Sequence[Scored]) -> bool:
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
