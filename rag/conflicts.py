"""Do the quoted sentences give different values for the thing asked about? Pure."""

from collections.abc import Sequence

from rag.lexicon import tokenize
from rag.quantities import Quantity, count_of, quantities, times
from rag.question import ANYONE, Kind, Question
from rag.records import Citation, Conflict, Statement


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
    """What a sentence gives for the number or time asked for, as it is written there."""
    if question.kind is Kind.TIME:
        return times(sentence)
    if question.kind is not Kind.NUMBER:
        return []
    nouns = [token for token in question.counted if not token.is_name]
    found = count_of(sentence, nouns) if nouns and nouns[-1].text.lower() not in ANYONE else quantities(sentence)
    return [_phrase(sentence, quantity, question) for quantity in found]


def _phrase(sentence: str, quantity: Quantity, question: Question) -> str:
    """ "145 pro-GNA fighters": the number up to what it counts."""
    end = quantity.token.end
    for token in quantity.counted:
        end = token.end
        if any(token.stem == noun.stem or token.keys & noun.keys for noun in question.counted):
            break
    else:
        end = quantity.counted[0].end if quantity.counted else quantity.token.end
    return " ".join(sentence[quantity.token.start : end].split())


def _topic(question: Question) -> str:
    if question.counted:
        return " ".join(token.text for token in question.counted)
    said = [token.text for token in tokenize(question.text) if any(token is term.token for term in question.terms)]
    return " ".join(said) or question.kind.value
