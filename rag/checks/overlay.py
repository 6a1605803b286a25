"""Laying a claim's units over a quote's, where the same may be said in other words. Pure."""

from collections.abc import Iterator

from index.terms import stem
from rag.checks.amounts import Unit
from rag.checks.carry import has_verb, insertion_ends, may_end, reaches
from rag.checks.fragments import STOPPING
from rag.checks.units import carries
from rag.checks.ways import BE, HAVE, LONGEST_SUBJECT, Units, is_verb
from rag.checks.words import (
    AUXILIARIES,
    CONJUNCTIONS,
    FUNCTION_WORDS,
    PREPOSITIONS,
    PRONOUNS,
    QUANTIFIERS,
    RELATIVES,
    SEPARATING,
    wider,
)

DO = frozenset("do does did".split())
REFUSING = frozenset("refuse refuses refused fail fails failed decline declines declined".split())
WHERE = frozenset("in at over".split())  # of a place, one is as good as the other
SUBJECTS = frozenset("it he she they".split())
# They name a subject anew that has been named before.
GENERIC = frozenset("group company city country party agency team club council organisation man woman".split())
PLACES = frozenset("town city village capital port island state province district".split())
TURNING = frozenset("former ex anti non pro fake false so-called acting deputy vice future late".split())
OF_OTHERS = {  # what somebody says of himself, as told of him
    "our": "its their his her".split(),
    "my": "his her its".split(),
    "we": "they it he she".split(),
    "i": "he she it".split(),
}
LONGEST_PHRASE = 6  # units of a phrase that a claim may leave out or put elsewhere


class Overlay:
    """How units are laid over one another; `negated`: a wider word would say more than a narrower one."""

    def __init__(self, published: str | None, titles: frozenset[str], negated: bool) -> None:
        self.published, self.titles, self.negated = published, titles, negated

    def alike(self, given: Unit, said: Unit) -> bool:
        if carries(given, said, self.published):
            return True
        if said.low in OF_OTHERS.get(given.low, ()):
            return True
        if given.is_name and given.kind == "word" and said.article == "the" and said.low in GENERIC:
            return True
        if given.kind != "word" or said.kind != "word" or given.is_name or said.is_name:
            return False
        forms = given.low.endswith("ing"), said.low.endswith("ing")
        if any(forms) and not all(forms) and (is_verb(given) or is_verb(said)):
            return stem(given.low) == stem(said.low)
        return not self.negated and given.low in wider(said.low)

    def is_known(self, said: Unit, quote: Units) -> bool:
        """Whether a word means nothing of its own, or stands in the quote at all."""
        if said.kind == "word" and (said.low in FUNCTION_WORDS | GENERIC or said.key in self.titles):
            return True
        return said.key == "number:1" or any(self.alike(given, said) for given in quote)

    def among(self, given: Unit, phrase: Units) -> bool:
        return any(carries(given, said, self.published) for said in phrase)

    def stands(self, phrase: Units, quote: Units, at: int) -> bool:
        if at + len(phrase) > len(quote) or quote[at].kind != phrase[0].kind:
            return False
        if not all(map(self.alike, quote[at + 1 :], phrase[1:])):
            return False
        of_place = quote[at].low in WHERE and phrase[0].low in WHERE and phrase[1:] and phrase[1].is_name
        return bool(of_place) or self.alike(quote[at], phrase[0])

    def follows(self, claim: Units, quote: Units, start: int, *, has_agent: bool = True) -> bool:
        """Whether the claim's units stand in the quote from `start` on, or from a verb on that has its agent before."""
        states = [(0, start), *self._subjects(claim, quote, start)]
        first = start if has_agent else 0
        return reaches(
            states,
            len(claim),
            lambda said, given: self._moves(claim, quote, said, given),
            lambda end: may_end(quote, first, end),
        )

    def _moves(self, claim: Units, quote: Units, said: int, given: int) -> Iterator[tuple[int, int]]:
        unit = claim[said]
        if given < len(quote):
            other = quote[given]
            if self.alike(other, unit) and _same_voice(claim, said, quote, given):
                yield said + 1, self._past_kinds(quote, given, unit)
            if unit.key == "number:1" and other.article in ("a", "an"):
                yield said + 1, given
            if unit.low == "not" and other.low in REFUSING and quote[given + 1 : given + 2]:
                yield said + 1, given + 1 + (quote[given + 1].low == "to")
            if said and _is_free(quote, given):
                yield said, given + 1
            if said:
                yield from ((said, end) for end in insertion_ends(quote, given))
                yield from ((said, end) for end in _phrase_ends(quote, given))
            if said and not has_verb(claim[:said]):
                yield from ((said, at) for at in _shared_verbs(quote, given))
        if said and _is_free(claim, said):
            yield said + 1, given
        if said and unit.low in ("of", "in", "at"):
            end = next((at for at in range(said + 1, len(claim)) if claim[at].key not in self.titles), len(claim))
            if end > said + 1:
                yield end, given

    def _subjects(self, claim: Units, quote: Units, start: int) -> Iterator[tuple[int, int]]:
        """ "It" or "the group" for the name that the quote's clause begins with."""
        generic = claim[0].article == "the" and claim[0].low in GENERIC
        end = next((at for at in range(start + 1, len(quote)) if quote[at].low in AUXILIARIES or is_verb(quote[at])), 0)
        subject = quote[start:end]
        if (generic or claim[0].low in SUBJECTS) and 0 < len(subject) <= LONGEST_SUBJECT:
            named = any(unit.is_name for unit in subject) or (subject[0].article == "the" and not generic)
            if named and not any(unit.marks or unit.low in PREPOSITIONS | STOPPING for unit in subject[1:]):
                yield 1, end

    def _past_kinds(self, quote: Units, given: int, said: Unit) -> int:
        """Past "drones and fighter jets", where the claim says "aircraft"."""
        end = given + 1
        narrower = wider(said.low)
        if quote[given].low not in narrower:
            return end
        for at in range(end, min(end + 3, len(quote))):
            if quote[at].low in narrower and quote[end].low in ("and", "or"):
                return at + 1
        return end


def _is_free(units: Units, at: int) -> bool:
    """Whether this is an auxiliary that only makes a tense: "have carried", "does not recognise", "has been"."""
    low = units[at].low
    if low in BE | DO:
        return True
    return low in HAVE and any(is_verb(after) or after.low in BE | {"not"} for after in units[at + 1 : at + 2])


def _same_voice(claim: Units, said: int, quote: Units, given: int) -> bool:
    """Whether a verb is done to the subject in both or in neither: "was killed" is not "killed"."""
    if not is_verb(claim[said]) or said == 0:
        return True
    return _is_passive(claim, said) == _is_passive(quote, given)


def _is_passive(units: Units, at: int) -> bool:
    before = [unit.low for unit in units[max(at - 3, 0) : at]]
    return any(word in BE for word in before)


def _phrase_ends(quote: Units, start: int) -> Iterator[int]:
    """Where a phrase ends that begins here and only adds something: "on Twitter", "in Sirte", "nearby" of a place."""
    unit, before = quote[start], quote[start - 1]
    if "," in unit.marks and is_verb(unit):  # "the tunnel, opened in 2019, cost …"
        end = next((at for at in range(start + 1, len(quote)) if "," in quote[at].marks), 0)
        if end and not any(one.low in STOPPING | CONJUNCTIONS for one in quote[start:end]):
            yield end
    if unit.marks:
        return
    if unit.low in PLACES and [one.low for one in quote[start + 1 : start + 2]] == ["of"]:  # "the town of Vell"
        yield start + 2
    named = start + 1 < len(quote) and quote[start + 1].is_name and not quote[start + 1].marks
    plain = unit.kind == "word" and not unit.is_name and unit.low not in FUNCTION_WORDS | TURNING | STOPPING
    if named and plain and not is_verb(unit) and (unit.article or before.low in PREPOSITIONS):
        yield start + 1
    if not (unit.low in PREPOSITIONS | {"of"} or unit.kind == "date") or before.kind == "number":
        return
    if before.low in FUNCTION_WORDS or before.low in QUANTIFIERS or before.low.endswith("est"):
        return
    for at in range(start + 1, min(start + LONGEST_PHRASE, len(quote))):
        here = quote[at]
        if at > start + 1 or unit.kind == "date":
            opens = here.low in PREPOSITIONS | AUXILIARIES | {"to"} or here.kind == "date"
            if here.marks or opens or is_verb(here):
                yield at
        if here.marks or here.low in STOPPING | QUANTIFIERS | RELATIVES or is_verb(here):
            return


def _shared_verbs(quote: Units, start: int) -> Iterator[int]:
    """Where a later verb begins that has the same subject: after "and", or after a comma as "-ing"."""
    if not (is_verb(quote[start]) or quote[start].low in AUXILIARIES):
        return
    for at in range(start + 1, len(quote)):
        stops = quote[at - 1].low in STOPPING and not quote[at - 1].article  # "an attempted incursion" is none
        if stops or quote[at - 1].low in RELATIVES | PRONOUNS or set(quote[at].marks) & (SEPARATING - set(",")):
            return
        if "," in quote[at].marks and quote[at].low.endswith("ing"):
            yield at
        if (
            quote[at - 1].low == "and"
            and not quote[at - 1].marks
            and (is_verb(quote[at]) or quote[at].low.endswith("ing"))
        ):
            yield at
