"""Does a sentence hold the answer, or only words of the question? Each check says what is missing. Pure."""

import re
from collections.abc import Sequence

from rag.evidence import Candidate, Evidence, new_names
from rag.lexicon import Token, matches, tokenize
from rag.quantities import quantities, times
from rag.question import ANYONE, Kind, Question

LEAST_COVERAGE = 0.32
CARRIED = 0.35  # a term matched at least this well is carried
NAME_CARRIED = 0.6  # names alike in meaning (two countries) are not one name
NAME_REACH = 6  # words between a role and the name of who holds it
SAYING = re.compile(
    r"\b(?:what|how) (?:did|do|does|has|have) (?!the articles?\b)(.+?) (?:say|said|tell|told|claim|claimed|announce|announced)\b", re.IGNORECASE
)
SAID = re.compile(
    r"\b(?:said|says?|saying|told|tells|claim(?:s|ed)?|announced?|according|stated?|warned|vow(?:s|ed)|added|argued|called)\b|[\"“]",
    re.IGNORECASE,
)
IDENTITY = re.compile(r"^\s*(?:who(?:se|m)?(?:'s|’s| is| was| are| were)|what(?:'s|’s| is| was) the names? of)\b", re.IGNORECASE)
SUBJECT = re.compile(r"^\s*who (?!is\b|was\b|are\b|were\b|did\b|do\b|does\b|has\b|have\b)", re.IGNORECASE)
BE = frozenset("is are was were be been being".split())


def objection(question: Question, candidate: Candidate, evidence: Evidence) -> str:
    """Why this sentence does not answer the question, in words; empty where nothing speaks against it."""
    missing = _missing_names(question, evidence)
    if missing:
        return f"does not mention {missing[0]}"
    if evidence.coverage < LEAST_COVERAGE:
        return "has too little to do with the question"
    tokens = tokenize(candidate.text)
    if question.kind is Kind.NUMBER and not _counts(question, candidate.text, tokens):
        return f"gives no number of {question.counted[-1].text}" if question.counted else "gives no number"
    if question.kind is Kind.TIME and not times(candidate.text):
        return "gives no time"
    if question.kind is Kind.PERSON and (reason := _nobody(question, candidate.text, tokens)):
        return reason
    if (saying := SAYING.search(question.text)) and not _says(saying.group(1), candidate.text):
        return f"does not report what {saying.group(1)} said"
    if unsaid := _unsaid(question, evidence):
        return f"does not say “{unsaid}”"
    return ""


def _missing_names(question: Question, evidence: Evidence) -> list[str]:
    """Names and numbers of the question that neither the sentence carries nor its article is about."""
    rows = [
        (term.token.text, own >= NAME_CARRIED or around > 0)
        for term, own, around in zip(question.terms, evidence.own, evidence.around, strict=True)
        if term.name and not term.earlier
    ]
    if question.names_joined and any(carried for _, carried in rows):
        return []
    return [text for text, carried in rows if not carried]


def _unsaid(question: Question, evidence: Evidence) -> str:
    """The word that says what is asked of the names, where the sentence lacks it: who-questions have it first ("who
    killed …"), the others last ("when was … built")."""
    if question.kind in (Kind.OTHER, Kind.REASON) or question.counted:
        return ""
    said = [
        (term.token.text, own >= CARRIED)
        for term, own, around in zip(question.terms, evidence.own, evidence.around, strict=True)
        if term.says
    ]
    if not said:
        return ""
    text, carried = said[0] if question.kind is Kind.PERSON else said[-1]
    return "" if carried else text


def _counts(question: Question, sentence: str, tokens: Sequence[Token]) -> bool:
    """Whether a number stands with what is counted: "16 pro-government fighters", "five of their fighters"."""
    found = quantities(sentence)
    nouns = [token for token in question.counted if not token.is_name]
    if not found or (question.unit and not re.search(question.unit, sentence, re.IGNORECASE)):
        return False
    if not nouns or nouns[-1].text.lower() in ANYONE:
        return True
    for quantity in found:
        at = next((i for i, t in enumerate(quantity.counted) if any(matches(noun, t) for noun in nouns)), None)
        if at is not None and _same_kind(question, tokens, quantity.token, quantity.counted[: at + 1]):
            return True
    return False


def _same_kind(question: Question, tokens: Sequence[Token], number: Token, phrase: Sequence[Token]) -> bool:
    """Whether the name asked with the noun ("Islamic State fighters") stands with it too ("145 pro-GNA fighters")."""
    asked = [token for token in question.counted if token.is_name]
    near = [token for token in phrase if any(character.isupper() for character in token.text)]
    if not near:
        end = phrase[-1].end
        near = [t for t in tokens if t.start < number.start] + [t for t in tokens if t.start >= end][:NAME_REACH]
    return not asked or any(matches(name, token) for name in asked for token in near)


def _nobody(question: Question, text: str, tokens: Sequence[Token]) -> str:
    """Why a who-question finds nobody in this sentence; empty where it may."""
    said = [term.token for term in question.terms if term.says]
    places = [position for position, token in enumerate(tokens) if any(matches(word, token) for word in said)]
    if said and IDENTITY.search(question.text):
        names = {token.start for token in new_names(question, text) if not token.keys}
        near = {t.start for place in places for t in tokens[max(0, place - NAME_REACH) : place + NAME_REACH + 1]}
        return "" if names & near else f"does not name the {said[-1].text}"
    if said and SUBJECT.search(question.text):
        places = [position for position, token in enumerate(tokens) if matches(said[0], token)]
        if places and all(_passive_without_agent(question, tokens, place) for place in places):
            return f"does not say who {said[0].text}"
    return ""


def _passive_without_agent(question: Question, tokens: Sequence[Token], place: int) -> bool:
    """ "was ousted and killed" names nobody; "are led by brigades" does, unless the question itself speaks of brigades."""
    if not any(token.text.lower() in BE for token in tokens[max(0, place - 4) : place]):
        return False
    after = tokens[place + 1 : place + 8]
    by = next((position for position, token in enumerate(after) if token.text.lower() == "by"), None)
    if by is None:
        return True
    asked = {term.token.stem for term in question.terms}
    return any(token.stem in asked for token in after[by + 1 : by + 2])


def _says(speaker: str, sentence: str) -> bool:
    return bool(SAID.search(sentence))
