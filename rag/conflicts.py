"""Do the quoted sentences give different values for the thing asked about? Pure."""

import re
from collections.abc import Sequence

from rag.lexicon import Token, matches, tokenize
from rag.quantities import Quantity, count_of, quantities, times
from rag.question import ANYONE, Kind, Question
from rag.records import Citation, Conflict, Statement

EXACTNESS = re.compile(
    r"\b(?:more than|less than|fewer than|at least|at most|up to|about|around|nearly|almost|over|under|some|a)\s+\Z",
    re.IGNORECASE,
)


def differ(question: Question, chosen: Sequence[str], sentence: str) -> bool:
    """Whether `sentence` gives another number or time than the chosen ones for what is asked."""
    given = values(question, sentence)
    return bool(given) and all(not set(given) & set(values(question, other)) for other in chosen)


def find_conflicts(question: Question, citations: Sequence[Citation]) -> tuple[Conflict, ...]:
    """The values that the quotes give for the number or time asked for, where they are not all the same."""
    statements = []
    for citation in citations:
        for given in values(question, citation.quote)[:1]:
            as_of = next((time for time in times(citation.quote) if time != given), "")
            statements.append(Statement(citation.number, given, as_of, citation.date))
    if len({statement.value.lower() for statement in statements}) < 2:
        return ()
    newest_first = sorted(statements, key=lambda statement: statement.date or "", reverse=True)
    return (Conflict(_topic(question), tuple(newest_first)),)


def values(question: Question, sentence: str) -> list[str]:
    """What a sentence gives for the number or time asked for, as it is written there.

    Nothing where the question names a time ("on Tuesday") that the sentence does not: its number is of another day.
    """
    if not _same_time(question, sentence):
        return []
    if question.kind is Kind.TIME:
        return times(sentence)
    if question.kind is not Kind.NUMBER:
        return []
    if question.unit:
        measured = [q for q in quantities(sentence) if q.counted]
        return [_phrase(sentence, q, ()) for q in measured if re.match(question.unit, q.counted[0].text, re.IGNORECASE)]
    nouns = [token for token in question.counted if not token.is_name]
    if not nouns or nouns[-1].text.lower() in ANYONE:
        nouns = [term.token for term in question.terms if term.says]
    return [_phrase(sentence, quantity, nouns) for quantity in count_of(sentence, nouns)]


def _same_time(question: Question, sentence: str) -> bool:
    timed = [term for term in question.terms if term.name and times(term.token.text)]
    named = {term.token.stem for term in timed if not term.earlier} or {term.token.stem for term in timed}
    return named <= {token.stem for token in tokenize(sentence)}


def _phrase(sentence: str, quantity: Quantity, nouns: Sequence[Token]) -> str:
    """ "more than 70 wounded": the number, how exact it is, and what it counts."""
    end = quantity.counted[0].end if quantity.counted else quantity.token.end
    for token in quantity.counted:
        if any(matches(noun, token) for noun in nouns):
            end = token.end
            break
    exactness = EXACTNESS.search(sentence, 0, quantity.token.start)
    start = exactness.start() if exactness else quantity.token.start
    return " ".join(sentence[start:end].split())


def _topic(question: Question) -> str:
    if question.counted:
        return " ".join(token.text for token in question.counted)
    said = [token.text for token in tokenize(question.text) if any(token is term.token for term in question.terms)]
    return " ".join(said) or question.kind.value
