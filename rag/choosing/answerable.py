"""Does a sentence hold the answer, or only words of the question? Each check says what is missing. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.choosing.evidence import Candidate, Evidence, new_names
from rag.reading.lexicon import Token, matches, tokenize
from rag.reading.quantities import TIME, quantities, times
from rag.reading.question import ANYONE, ASKED_KIND, Kind, Question, is_title

LEAST_COVERAGE = 0.3
LEAST_OWN = 0.2  # of the question's words by weight, in the sentence itself
MENTIONED = 0.6  # a term matched at least this well is said, not only alluded to
CARRIED = 0.35  # a term matched at least this well is carried
NAME_CARRIED = 0.6  # names alike in meaning (two countries) are not one name
MOSTLY = 0.75  # share of the words of a question: with more than this a missing one is forgiven
YEAR_DIGITS = 4
NAME_REACH = 6  # words between a role and the name of who holds it
SAYING = re.compile(
    r"\b(?:what|how) (?:did|do|does|has|have) (?!the articles?\b)(.+?)"
    r" (?:say|said|tell|told|claim|claimed|announce|announced)\b",
    re.IGNORECASE,
)
SAID = re.compile(
    r"\b(?:said|says?|saying|told|tells|claim(?:s|ed)?|announced?|according|stated?|warned|vow(?:s|ed)|added|argued|called)\b|[\"“]",
    re.IGNORECASE,
)
IDENTITY = re.compile(
    r"^\s*(?:who(?:se|m)?(?:'s|’s| is| was| are| were)|what(?:'s|’s| is| was| are| were) the names? of)\b",
    re.IGNORECASE,
)
SUBJECT = re.compile(r"^\s*who (?!is\b|was\b|are\b|were\b|did\b|do\b|does\b|has\b|have\b)", re.IGNORECASE)
ASKS_OF_ARTICLE = re.compile(r"\b(?:articles?|reports?|published|written|dated)\b", re.IGNORECASE)
# A sentence that says what something is, in one way or another.
SAYS_KIND = re.compile(r"\b(?:is|was|are|were|as|by|become|became)\b|,\s+(?:an?|the)\s|\(", re.IGNORECASE)
LONGEST_DATE = 60  # characters
BE = frozenset("is are was were be been being".split())


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a sentence does not answer, in words. `minor`: it may still stand beside one that does."""

    reason: str
    minor: bool = False


def objection(question: Question, candidate: Candidate, evidence: Evidence) -> Objection | None:
    """What speaks against this sentence as an answer; None where nothing does."""
    if _is_date(candidate.text) and not ASKS_OF_ARTICLE.search(question.text):
        return Objection("is only a date")
    missing = _missing_names(question, evidence)
    if missing:
        return Objection(f"does not mention {missing[0]}")
    if evidence.coverage < LEAST_COVERAGE or _own_share(question, evidence) < LEAST_OWN:
        return Objection("has too little to do with the question")
    tokens = tokenize(candidate.text)
    if question.kind is Kind.NUMBER and not _counts(question, candidate.text, tokens):
        return Objection(f"gives no number of {question.counted[-1].text}" if question.counted else "gives no number")
    if question.kind is Kind.TIME and not times(candidate.text):
        return Objection("gives no time")
    if question.kind is Kind.PERSON and (reason := _nobody(question, candidate.text, tokens)):
        return Objection(reason)
    if (saying := SAYING.search(question.text)) and not SAID.search(candidate.text):
        return Objection(f"does not report what {saying.group(1)} said")
    if ASKED_KIND.search(question.text) and not SAYS_KIND.search(candidate.text):
        return Objection("does not say what it is", minor=True)
    if unsaid := _unsaid(question, evidence):
        return Objection(f"does not say “{unsaid}”", minor=True)
    return None


def _is_date(text: str) -> bool:
    return len(text) <= LONGEST_DATE and not TIME.sub("", text).strip(" ,.-/0123456789")


def mostly_unheard(question: Question, evidence: Sequence[Evidence]) -> bool:
    """Whether most words of the question are in none of the sentences: it is about something else."""
    real = [column for column, term in enumerate(question.terms) if not (term.asking or term.earlier)]
    return sum(not is_heard(column, evidence) for column in real) > len(real) / 2


def is_heard(column: int, evidence: Sequence[Evidence]) -> bool:
    """Whether any sentence carries that word of the question."""
    return any(found.own[column] >= MENTIONED for found in evidence)


def _own_share(question: Question, evidence: Evidence) -> float:
    """The share of the question's words in the sentence itself; it need not say the day that its article is of."""
    pairs = [
        (term.weight, own)
        for term, own, around in zip(question.terms, evidence.own, evidence.around, strict=True)
        if own or not (term.name and around and (term.token.is_number or times(term.token.text)))
    ]
    total = sum(weight for weight, _ in pairs)
    return sum(weight * own for weight, own in pairs) / total if total else 0.0


def _missing_names(question: Question, evidence: Evidence) -> list[str]:
    """Names and years of the question that neither the sentence carries nor its article is about.

    One word of a name stands for it: "Twigg" is Graham Twigg.
    """
    names: list[tuple[str, bool]] = []
    previous: Token | None = None
    for column, (term, own, around) in enumerate(zip(question.terms, evidence.own, evidence.around, strict=True)):
        if not term.name or term.earlier or (term.token.is_number and len(term.token.text) < YEAR_DIGITS):
            continue
        if is_title(question, column):
            continue
        carried = own >= NAME_CARRIED or around > 0
        if previous and term.token.start == previous.end + 1:
            text, before = names.pop()
            names.append((f"{text} {term.token.text}", before or carried))
        else:
            names.append((term.token.text, carried))
        previous = term.token
    if question.names_joined and any(carried for _, carried in names):
        return []
    return [text for text, carried in names if not carried]


def _unsaid(question: Question, evidence: Evidence) -> str:
    """The word that says what is asked of the names, where the sentence lacks it: who-questions have it first ("who
    killed …"), the others last ("when was … built"). A long question may lack a word and be answered all the same.
    """
    if question.kind in (Kind.OTHER, Kind.REASON) or question.counted:
        return ""
    terms = [
        (t, own >= CARRIED) for t, own in zip(question.terms, evidence.own, strict=True) if not (t.asking or t.earlier)
    ]
    said = [(term.token.text, carried) for term, carried in terms if term.says]
    if not said or sum(carried for _, carried in terms) > MOSTLY * len(terms):
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
        return "" if names & near else "does not say who"
    if said and SUBJECT.search(question.text):
        places = [position for position, token in enumerate(tokens) if matches(said[0], token)]
        if places and all(_passive_without_agent(question, tokens, place) for place in places):
            return f"does not say who {said[0].text}"
    return ""


def _passive_without_agent(question: Question, tokens: Sequence[Token], place: int) -> bool:
    """ "was ousted and killed" names nobody; "are led by brigades" does, unless the question speaks of brigades."""
    if not any(token.text.lower() in BE for token in tokens[max(0, place - 4) : place]):
        return False
    after = tokens[place + 1 : place + 8]
    by = next((position for position, token in enumerate(after) if token.text.lower() == "by"), None)
    if by is None:
        return True
    asked = {term.token.stem for term in question.terms}
    return any(token.stem in asked for token in after[by + 1 : by + 2])
