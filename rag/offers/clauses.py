"""Enough English grammar to turn a plain sentence into a question, and to see that it is no plain sentence. Pure."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from index.terms import STOP_WORDS
from index.terms import stem as stem_of
from index.tokens import count_tokens
from rag.prompt import wording
from rag.reading.quantities import TIME

LEAST_WORDS, MOST_WORDS = 7, 45
SUBJECT_WORDS = 9
AUXILIARY = frozenset("is are was were has have had will would can could must".split())
HAVE = frozenset("has have had".split())
LINKING = frozenset("and at by for from in of on or over to under with".split())
BE = frozenset("is are was were be been being".split())
IRREGULAR = dict(
    pair.split(":")
    for pair in (
        "became:become began:begin bought:buy broke:break brought:bring built:build came:come caught:catch chose:choose"
        " drew:draw drove:drive fell:fall flew:fly fought:fight found:find gave:give got:get grew:grow held:hold"
        " kept:keep knew:know left:leave lost:lose made:make met:meet paid:pay ran:run rose:rise said:say sang:sing"
        " sank:sink saw:see sent:send shot:shoot sold:sell sought:seek spent:spend spoke:speak stole:steal stood:stand"
        " struck:strike swam:swim taught:teach threw:throw told:tell took:take went:go withdrew:withdraw won:win"
        " wore:wear wrote:write created:create focused:focus invited:invite cited:cite excited:excite"
    ).split()
)
SAYING = frozenset("said says announced reported claimed wrote warned argued added stated told confirmed".split())
ADVERB = re.compile(r"^(?:so|far|already|now|since|recently|[a-z]+ly)$")
PARTICIPLE = re.compile(
    r"^(?:[a-z]{2,}(?:ed|[ow]n|un|ld|nt|ght)|made|won|lost|shot|cut|put|hit|set|seen|left|lent|led|met|kept|felt|taken"
    r"|given|written|driven|broken|chosen|spoken|stolen|hidden|beaten|eaten|fallen|risen|struck)$"
)
# What a question must not hold: nobody can tell whom it means without the article.
POINTING = re.compile(
    r"\b(?:he|she|(?-i:[Ii]t|us|I)|they|we|you|him|her|them|me|his|hers|its|their|theirs|our|ours|my|your|this|these"
    r"|those|here|there|such|former|latter|another|others?|same|itself|himself|herself|themselves)\b",
    re.IGNORECASE,
)
OPENING = re.compile(
    r"^(?:and|but|or|so|yet|then|also|however|meanwhile|instead|still|thus|therefore|moreover|besides|not|if|when|while"
    r"|although|though|because|as(?! of\b)|with|by|for|to|after|before|in addition|what|which|who|how|why|where|that"
    r"|[a-z]{2,}(?:ed|ing)(?! [a-z]+s\b))\b",
    re.IGNORECASE,
)
UNPLAIN = re.compile(r"[“”\"„«»‘:;?!\[\]{}<>|*_#=@/\\]|…|\.\.\.|--|—|\s[-–]\s|https?:|www\.|[a-z]'[^a-z]")
DATE_LINE = re.compile(r"^[A-Z][A-Z .,'/-]{2,40}(?:\([A-Za-z]+\)\s*)?\s*[-–—]+\s+")
# Where a clause ends; between two names a comma or "and" only goes on with a list.
ENDING = re.compile(
    r",(?!\s(?:and\s|or\s)?[A-Z])|(?<!,)\s(?:and|or)\s(?![A-Z])"
    r"|\s(?:but|as|while|when|where|after|before|because|which|who|whose|that|if|although|though)\s"
)
# Verbs that lose an "e" before "-ed": "oppos-ed", "arriv-ed", "complet-ed", and the short ones ("nam-ed").
SILENT_E = re.compile(
    r"(?:[cvuz]|[^s]s|[^gn]g|[ae]ng|[^aeiou]in|[bcdfgkptz]l|[^aeiou][aiu][dkm]|[^aeiou]ok|[iu]r|[^aeo]ar|[^ao]ut|let|[^aeiou]il)$"
    r"|^[^aeiou]*[aeiouy][^aeiouwxy]$"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """ "As of Wednesday, jets had carried out 29 strikes": the time in front, the subject, its verb, and the rest."""

    lead: str
    subject: str
    verb: str
    rest: str

    def asked(self, rest: str | None = None) -> str:
        """The words after "how many …" or "when": "had jets carried out", "did the fire begin"."""
        rest = self.rest if rest is None else rest
        if self.verb == "would":
            return f"did {self.subject} {rest}".strip()
        if self.verb in AUXILIARY:
            return f"{self.verb} {self.subject} {rest}".strip()
        return f"did {self.subject} {base(self.verb)} {rest}".strip()


def plain(sentence: str) -> str:
    """The sentence on one line without its date line and what stands in brackets; empty where it is no plain one."""
    text = re.sub(r"\s*\([^()]*\)", "", DATE_LINE.sub("", wording(sentence)))
    count = len(text.split())
    if not text.endswith(".") or not LEAST_WORDS <= count <= MOST_WORDS or UNPLAIN.search(text):
        return ""
    first, *_ = text.split()
    begun = text[time.end() :].lstrip(" ,") if (time := TIME.match(text)) else text
    if any(pattern.match(one) for pattern in (OPENING, POINTING) for one in (text, begun)):
        return ""
    return text if first[:1].isupper() or first[:1].isdigit() else ""


def clause_of(text: str, common: Set[str]) -> Clause | None:
    """The first clause of a plain sentence; None where it cannot be told safely.

    `common` are stems of words that are no names: one at the start has its capital from there alone.
    """
    lead = ""
    text = text.rstrip(".")
    if (time := TIME.match(text)) and time.group().split()[0].lower() in ("on", "in", "as", "since", "by"):
        lead, text = time.group(), text[time.end() :].lstrip(" ,")
    words = text.split()
    place = next((number for number, word in enumerate(words) if _is_verb(word)), None)
    if not place or place > SUBJECT_WORDS or any("," in word for word in words[:place]):
        return None
    subject, verb, rest = words[:place], words[place], words[place + 1 :]
    if (verb.endswith("ed") and _is_modifier(subject, rest)) or (verb in HAVE and not is_participle(rest[:1])):
        return None
    if any(word in ("the", "a", "an") and subject[n] not in LINKING for n, word in enumerate(subject[1:])):
        return None  # two nouns without a link: a verb that is not known stands between them
    if any(re.fullmatch(r"who|which|that|whose|as|than|not|[a-z]+ing", word) for word in subject):
        return None
    return Clause(lower_start(lead, common), lower_start(" ".join(subject), common), verb, " ".join(rest))


def first_part(text: str) -> str:
    """What comes before the first comma or joining word."""
    return ENDING.split(f"{text} ", maxsplit=1)[0].strip()


def is_participle(words: Sequence[str]) -> bool:
    """Whether a participle comes next, perhaps after an adverb: "has so far left"."""
    return any(PARTICIPLE.match(word) or ADVERB.match(word) for word in words[:1])


def has_verb(text: str) -> bool:
    """Whether some word could be a finite verb: then it is more than the rest of one clause."""
    return any(_is_verb(word) or word in SAYING for word in text.split())


def base(verb: str) -> str:
    """The infinitive of a past form; where rules say nothing, the spelling that a large vocabulary knows best."""
    if verb in IRREGULAR:
        return IRREGULAR[verb]
    if verb.endswith("ied"):
        return f"{verb[:-3]}y" if len(verb) > 4 else verb[:-1]
    stem = verb[:-2]
    if len(stem) > 2 and stem[-1] == stem[-2]:
        if stem[-1] in "sz":
            return stem
        return min(stem, stem[:-1], key=_pieces) if stem[-1] == "l" else stem[:-1]
    if SILENT_E.search(stem):
        return f"{stem}e"
    return min(stem, f"{stem}e", key=_pieces)


def _pieces(word: str) -> int:
    return count_tokens(f" {word}")


def lower_start(text: str, common: Set[str]) -> str:
    """In the middle of a sentence "Forces" and "The" are small, and "Sirte" stays as it is."""
    first, _, others = text.partition(" ")
    small = first.lower() in STOP_WORDS
    if not small and not re.match(r"(?:of (?:the )?)?[A-Z]", others):  # "Government of National Accord", "Storm Bonnie"
        small = stem_of(first) in common
    return f"{first.lower()} {others}".strip() if small and not (first.isupper() and len(first) > 1) else text


def _is_verb(word: str) -> bool:
    return word in AUXILIARY or word in IRREGULAR or bool(re.fullmatch(r"[a-z]{2,}(?<!e)ed", word))


def _is_modifier(before: list[str], after: list[str]) -> bool:
    """Whether "-ed" may be no verb there: "the increased campaign", "forces based in Tripoli entered"."""
    last = before[-1].lower()
    return last in ("the", "a", "an", "of", "and", "in", "by", "newly", "more") or has_verb(first_part(" ".join(after)))
