"""Do the quoted sentences give different values for the thing asked about? Pure."""

import re
from collections.abc import Sequence

from rag.lexicon import Token, matches, tokenize
from rag.quantities import Quantity, count_of, quantities, times
from rag.question import ANYONE, Kind, Question, Term
from rag.records import Citation, Conflict, Statement

MOSTLY = 0.75  # share of what the question names
DURATION = re.compile(
    r"(?:(?:for|after|in|over) )?(?:the |more than |about |some |around )?"
    r"(?!last|next|this|past|coming)[\w-]+ (?:\w+s|day|week|month|year)",
    re.IGNORECASE,
)
EXACTNESS = re.compile(
    r"\b(?:more than|less than|fewer than|at least|at most|up to|about|around|nearly|almost|over|under|some|a)\s+\Z",
    re.IGNORECASE,
)


def differ(question: Question, chosen: Sequence[str], sentence: str) -> bool:
    """Whether `sentence` gives another number or time than the chosen ones for what is asked."""
    if not _own_terms(question) and not _same_thing(question, sentence):
        return False  # "And since when?" says nothing of what the other time would be of
    given = _keys(values(question, sentence))
    return bool(given) and not any(given & _keys(values(question, other)) for other in chosen)


def find_conflicts(question: Question, citations: Sequence[Citation]) -> tuple[Conflict, ...]:
    """The values that the quotes give for the number or time asked for, where they are not all the same.

    Only quotes that speak of all that the question names count: other figures are of other things.
    """
    statements = []
    for citation in citations:
        given = values(question, citation.quote)[:1] if _same_thing(question, citation.quote) else []
        for value_ in given:
            as_of = next((time for time in times(citation.quote) if time != value_), "")
            statements.append(Statement(citation.number, value_, as_of, citation.date))
    if len({key for statement in statements for key in _keys([statement.value])}) < 2:
        return ()
    newest_first = sorted(statements, key=lambda statement: statement.date or "", reverse=True)
    return (Conflict(_topic(question), tuple(newest_first)),)


def _keys(given: Sequence[str]) -> set[str]:
    """Values as they are compared: "seven people" and "7 people" are one."""
    found = [next((q.value for q in quantities(text) if q.value is not None), None) for text in given]
    return {text.lower() if number is None else str(number) for text, number in zip(given, found, strict=True)}


def _own_terms(question: Question) -> list[Term]:
    return [term for term in question.terms if (term.says or term.name) and not term.earlier]


def _same_thing(question: Question, sentence: str) -> bool:
    asked = _own_terms(question) or [term for term in question.terms if term.earlier and not term.asking]
    tokens = tokenize(sentence)
    heard = sum(any(matches(term.token, token) for token in tokens) for term in asked)
    return bool(asked) and heard >= MOSTLY * len(asked)


def values(question: Question, sentence: str) -> list[str]:
    """What a sentence gives for the number or time asked for, as it is written there.

    Nothing where the question names a time ("on Tuesday") that the sentence does not: its number is of another day.
    """
    if not _same_time(question, sentence):
        return []
    if question.kind is Kind.TIME:
        return [time for time in times(sentence) if not DURATION.fullmatch(time)]
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
    """What the values are of, in the question's words."""
    named = question.counted or tuple(term.token for term in _own_terms(question))
    return " ".join(token.text for token in named) or question.kind.value
