"""Enough English grammar to turn a plain sentence into a question, and to see that it is no plain sentence. Pure."""

import re
from collections.abc import Set
from dataclasses import dataclass

from index.tokens import count_tokens
from rag.prompt import wording
from rag.quantities import TIME

LEAST_WORDS, MOST_WORDS = 8, 40
SUBJECT_WORDS = 9
AUXILIARY = frozenset("is are was were has have had will would can could must".split())
BE = frozenset("is are was were be been being".split())
IRREGULAR = dict(
    pair.split(":")
    for pair in (
        "became:become began:begin bought:buy broke:break brought:bring built:build came:come caught:catch chose:choose"
        " drew:draw drove:drive fell:fall flew:fly fought:fight found:find gave:give got:get grew:grow held:hold"
        " kept:keep knew:know left:leave lost:lose made:make met:meet paid:pay ran:run rose:rise said:say sang:sing"
        " sank:sink saw:see sent:send shot:shoot sold:sell sought:seek spent:spend spoke:speak stole:steal stood:stand"
        " struck:strike swam:swim taught:teach threw:throw told:tell took:take went:go withdrew:withdraw won:win"
        " wore:wear wrote:write"
    ).split()
)
SAYING = frozenset("said says announced reported claimed wrote warned argued added stated told confirmed".split())
# What a question must not hold: nobody can tell whom it means without the article.
POINTING = re.compile(
    r"\b(?:he|she|(?-i:[Ii]t|us|I)|they|we|you|him|her|them|me|his|hers|its|their|theirs|our|ours|my|your|this|these"
    r"|those|here|there|such|former|latter|another|others?|same|itself|himself|herself|themselves)\b",
    re.IGNORECASE,
)
OPENING = re.compile(
    r"^(?:and|but|or|so|yet|then|also|however|meanwhile|instead|still|thus|therefore|moreover|besides|not|if|when|while"
    r"|although|though|because|as(?! of\b)|with|by|for|to|after|before|in addition|what|which|who|how|why|where|that)\b",
    re.IGNORECASE,
)
UNPLAIN = re.compile(r"[“”\"„«»‘:;?!\[\]{}<>|*_#=@/\\]|…|\.\.\.|--|—|\s[-–]\s|https?:|www\.|[a-z]'[^a-z]")
DATE_LINE = re.compile(r"^[A-Z][A-Z .,'/-]{2,40}(?:\([A-Za-z]+\)\s*)?\s*[-–—]+\s+")
ENDING = re.compile(
    r",|\s(?:and|but|or|as|while|when|where|after|before|because|which|who|whose|that|if|although|though|than|so|to)\s"
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
    if OPENING.match(text) or POINTING.match(text) or not (first[:1].isupper() or first[:1].isdigit()):
        return ""
    return text


def clause_of(text: str, common: Set[str]) -> Clause | None:
    """The first clause of a plain sentence; None where it cannot be told safely.

    `common` are the words that the articles have in small letters: such a word at the start is no name.
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
    if _is_modifier(subject, rest) and verb.endswith("ed"):
        return None
    if any(re.fullmatch(r"who|which|that|whose|to|as|than|not|[a-z]+ing", word) for word in subject):
        return None
    return Clause(_lower_start(lead, common | {"as", "on"}), _lower_start(" ".join(subject), common), verb, " ".join(rest))


def first_part(text: str) -> str:
    """What comes before the first comma or joining word."""
    return ENDING.split(f"{text} ", maxsplit=1)[0].strip()


def has_verb(text: str) -> bool:
    """Whether some word could be a finite verb: then it is more than the rest of one clause."""
    return any(_is_verb(word) or word in SAYING for word in text.split())


def base(verb: str) -> str:
    """The infinitive of a past form: the spelling that a large vocabulary knows best."""
    if verb in IRREGULAR:
        return IRREGULAR[verb]
    if verb.endswith("ied"):
        return f"{verb[:-3]}y"
    stem = verb[:-2]
    choices = [stem, f"{stem}e"]
    if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsz":
        choices.insert(0, stem[:-1])
    return min(choices, key=lambda word: count_tokens(f" {word}"))


def _lower_start(text: str, common: Set[str]) -> str:
    """In the middle of a sentence "Forces" and "The" are small, and "Sirte" stays as it is."""
    first, _, others = text.partition(" ")
    return f"{first.lower()} {others}".strip() if first.lower() in common and not first.isupper() else text


def _is_verb(word: str) -> bool:
    return word in AUXILIARY or word in IRREGULAR or bool(re.fullmatch(r"[a-z]{2,}(?<!e)ed", word))


def _is_modifier(before: list[str], after: list[str]) -> bool:
    """Whether "-ed" may be no verb there: "the increased campaign", "forces based in Tripoli entered"."""
    last = before[-1].lower()
    return last in ("the", "a", "an", "of", "and", "in", "by", "newly", "more") or has_verb(first_part(" ".join(after)))
