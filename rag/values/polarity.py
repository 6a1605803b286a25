"""Whether a sentence says yes or no to what a question asks, and whether it denies what another one says. Pure."""

import re
from collections.abc import Sequence
from functools import lru_cache

from rag.reading.lexicon import Token, matches, tokenize
from rag.reading.question import Question

NEGATIVE = re.compile(
    r"\b(?:not|no|never|nobody|none|neither|nor|without|cannot|nothing|hardly)\b|n[’']t\b"
    r"|\b(?:refus|declin|fail(?:ed|s|ing)? to|ruled? out|ruling out|lack)\w*",
    re.IGNORECASE,
)
_CHARGE = (
    r"(?:that\b|it\b|this\b"
    r"|(?:the |these |those |all |any )*(?:charge|claim|accusation|allegation|report|suggestion)s?)"
)
DENIAL = re.compile(
    rf"\bden(?:y|ies|ied|ying)\b|\buntrue\b|\b(?:not true|false|baseless|unfounded)\b"
    rf"|\b(?:reject(?:s|ed)|disput(?:es?|ed)|dismiss(?:es|ed)|refut(?:es|ed)|contradict(?:s|ed)) {_CHARGE}",
    re.IGNORECASE,
)
# What is denied stands in another sentence: "The company rejected that, saying …", "He said the claim was untrue."
BACK = re.compile(
    r"\b(?:denies|denied|reject(?:s|ed)|disput(?:es|ed)|dismiss(?:es|ed)|refut(?:es|ed)|contradict(?:s|ed)) "
    r"(?:(?:that|it|this|them)(?=[,.;:]|\s+(?:and|but|as)\b)"
    r"|(?:the |these |those |all |any )*(?:charge|claim|accusation|allegation|report|suggestion)s?\b)"
    r"|\b(?:that|this|it|they|(?:charge|claim|accusation|allegation|report|suggestion)s?) (?:is|was|are|were)"
    r" (?:untrue|false|not true|wrong|baseless|unfounded|nonsense)\b",
    re.IGNORECASE,
)
CHARGE = re.compile(r"\b(?:accus\w+|alleg\w+|claim\w*|blam\w+|said|says|charg\w+)\b", re.IGNORECASE)
# Words of which the right one says no to the left one, by the beginning of a word.
OPPOSITES = tuple(
    tuple(side.split() for side in pair.split(" | "))
    for pair in (
        "open reopen | close closed closing shut",
        "accept approve agree back admit conced | reject refus oppos den",
        "win won | lose lost defeat",
        "rise rose risen increas grow grew grown climb"
        " | fall fell fallen drop decreas declin cut shrank shrunk less fewer",
        "allow permit legal | ban bann forbid forbade prohibit illegal",
        "begin began begun start resum | end ended stop halt suspend",
        "alive surviv | dead die died kill",
        "guilty convict | innocent acquit clear cleared",
        "safe | unsafe danger dangerous",
        "true | false untrue",
        "work works worked functioning | failed broke broken fault faulty off",
        "arriv enter | leave left depart",
        "include includ | exclud except",
        "present attend | absent",
        "support favour favor | oppos against",
    )
)
HEARD = 0.7  # share of the words of a question that say what is asked
REACH = 7  # words between a "not" and what it denies
CLAUSE = re.compile(r"[,;:]|\b(?:but|because|although|while|whereas)\b")


@lru_cache(maxsize=4_096)
def polarity(question: Question, sentence: str) -> int:
    """1 where a sentence says yes to a question, -1 where it says the contrary, 0 where it says neither."""
    said = [term.token for term in question.terms if term.says]
    tokens = tokenize(sentence)
    heard = [any(matches(word, token) or _opposed(word, token) for token in tokens) for word in said]
    if sum(heard) < HEARD * len(said):
        return 0
    turned = len(NEGATIVE.findall(question.text)) % 2
    for word in reversed(said):
        for place, token in enumerate(tokens):
            opposite = _opposed(word, token)
            if opposite or matches(word, token):
                no = opposite ^ _negated(sentence, tokens, place) ^ bool(turned)
                return -1 if no else 1
    return 0


def denies(sentence: str) -> bool:
    """Whether a sentence tells of somebody who denies what was said."""
    return bool(DENIAL.search(sentence))


def denies_what_was_said(sentence: str) -> bool:
    """Whether what a sentence denies is in the one before it."""
    return bool(BACK.search(sentence))


def charges(sentence: str) -> bool:
    """Whether a sentence tells of somebody who says or charges something."""
    return bool(CHARGE.search(sentence)) and not denies(sentence)


def _opposed(word: Token, token: Token) -> bool:
    left, right = word.text.lower(), token.text.lower()
    return any(
        (_begins(left, one) and _begins(right, other)) or (_begins(left, other) and _begins(right, one))
        for one, other in OPPOSITES
    )


def _begins(word: str, stems: Sequence[str]) -> bool:
    return any(word == stem or (len(stem) > 3 and word.startswith(stem)) for stem in stems)


def _negated(sentence: str, tokens: Sequence[Token], place: int) -> bool:
    """Whether a "not" stands before a word in its clause, an even number of them cancelling out."""
    start = tokens[max(0, place - REACH)].start
    clause = CLAUSE.split(sentence[start : tokens[place].start])[-1]
    after = sentence[tokens[place].end : tokens[place].end + 14]
    return bool((len(NEGATIVE.findall(clause)) + bool(re.match(r"\s+(?:no|not|nothing)\b", after))) % 2)
