"""Does the quoted sentence carry the claim? What fails a check is marked, with the reason in words. Pure."""

import re
from collections.abc import Sequence

from index.terms import STOP_WORDS
from rag.lexicon import Token, matches, tokenize
from rag.prompt import wording
from rag.quantities import is_number, value
from rag.records import Citation, Support

ENOUGH, SOME = 0.6, 0.4  # share of the claim's words that the quotes carry
NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|false|untrue|fail(?:s|ed)? to|den(?:y|ies|ied)"
    r"|refus(?:e|es|ed))\b|n['’]t\b",
    re.IGNORECASE,
)


def check(claim: str, quotes: Sequence[Citation]) -> tuple[Support, str]:
    """How well the cited sentences carry a claim, and why not fully ("" where they do)."""
    claim = wording(claim)
    if not quotes:
        return "unsupported", "cites no sentence of the articles"
    if any(claim == wording(citation.quote) for citation in quotes):
        return "supported", ""
    first, *_ = [*tokenize(claim), None]
    said = [t for t in tokenize(claim) if t.text.lower() not in STOP_WORDS or (t.is_name and t is not first)]
    given = [token for citation in quotes for token in tokenize(f"{citation.quote} {citation.title}")]
    for token in said:
        if value(token) not in (None, 1) and not _has_number(token, given):
            return "unsupported", f"“{token.text}” is not in the quote"
        if token.is_name and token is not first and not any(matches(token, other) for other in given):
            return "unsupported", f"“{token.text}” is not in the quote"
    if bool(NEGATION.search(claim)) != any(NEGATION.search(citation.quote) for citation in quotes):
        return "unsupported", "one of claim and quote denies something, the other does not"
    carried = sum(any(matches(token, other) for other in given) for token in said) / max(len(said), 1)
    if carried >= ENOUGH:
        return "supported", ""
    if carried >= SOME:
        return "partial", "the quote carries only some of its words"
    return "unsupported", "the quote says something else"


def _has_number(token: Token, given: Sequence[Token]) -> bool:
    number = value(token)
    return any(
        token.stem == other.stem or (number is not None and is_number(other) and value(other) == number)
        for other in given
    )
