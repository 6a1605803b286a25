"""Does a quote deny what the question takes for granted? Pure."""

import re

from rag.checks.words import NEGATIONS
from rag.reading.lexicon import Token, matches, tokenize
from rag.reading.question import Question

# "Did she resign?" takes nothing for granted: "She did not resign" is its answer.
OPEN = re.compile(r"^\W*(?:who|whom|whose|what|which|when|where|why|how|in what|at what|from|by|since|until)\b", re.I)
DENIALS = frozenset("deny denies denied denying untrue false refuse refuses refused refusing fail fails failed".split())
REACH = 4  # words from a denial to what it denies
CLAUSE_END = re.compile(r"[,;:()|–—]|\s-\s|\b(?:but|and|or|because|although|while|who|which|that)\b")
# "will not reopen before spring" does not deny that it will.
LIMIT = re.compile(r"\W+(?:[\w'’-]+\s+){0,3}?(?:before|until|till|unless|except|without|only|merely|just)\b", re.I)
AFTER_DENIAL = re.compile(r"\b(?:that|reports? of|any|having|to have|being)\b")


def correction(question: Question, quote: str) -> str:
    """A sentence that says what of the question the quote denies; empty where it denies nothing of it."""
    if not OPEN.search(question.text) or any(_denies(token) for token in tokenize(question.text)):
        return ""
    said = [term.token for term in question.terms if term.says]
    tokens = tokenize(quote)
    for position, token in enumerate(tokens):
        if not _denies(token):
            continue
        for after in tokens[position + 1 : position + 1 + REACH]:
            if CLAUSE_END.search(AFTER_DENIAL.sub("", quote[token.end : after.start])):
                break
            if any(matches(asked, after) for asked in said) and not LIMIT.match(quote, after.end):
                return f"The question takes for granted what the quote denies: “{quote[token.start : after.end]}”."
    return ""


def _denies(token: Token) -> bool:
    text = token.text.lower().replace("’", "'")
    return text in NEGATIONS or text in DENIALS or text.endswith("n't")
