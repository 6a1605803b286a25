"""A question → what it asks for: its kind of answer, and the words that the answer's sentence should carry. Pure."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise

from index.terms import STOP_WORDS
from rag.reading.lexicon import Token, tokenize


class Kind(Enum):
    """What the answer to a question must hold."""

    NUMBER = "a number"
    TIME = "a time"
    PLACE = "a place"
    PERSON = "a person or group"
    REASON = "a reason"
    OTHER = "anything"


KINDS = (
    (
        Kind.TIME,
        r"^(?:(?:and|so|since|until|by|from|exactly) )*when\b|\bhow (?:long ago|recently)\b"
        r"|\bwhen (?:is|are|was|were|did|do|does|will|has|have|had)\b"
        r"|\b(?:what|which) (?:year|date|day|month|decade|century)\b",
    ),
    (
        Kind.NUMBER,
        r"\bhow (?:many|much|long|old|often|big|large|high|tall|deep|wide|fast|heavy|far(?! into| along))\b"
        r"|\bnumber of\b|\bwhat (?:percentage|share|distance|proportion|age)\b|\bspeed\b"
        r"|\bwhat (?:does|do|did|will|would|has|have|had) .* (?:cost|earn|weigh)\b"
        r"|\bwhat (?:is|was) the (?:cost|price)\b",
    ),
    (Kind.PLACE, r"\bwhere\b|\b(?:what|which) (?:city|country|town|place|state|region|village)\b"),
    (
        Kind.PERSON,
        r"\bwho(?:m|se)?\b|\bnames? of the\b|\b(?:what|which) (?:person|man|woman|leader|president|minister)\b",
    ),
    (Kind.REASON, r"\bwhy\b|\bwhat caused\b|\bhow come\b|\breasons?\b"),
)
LENGTH = (
    r"(?:km|kilomet\w+|miles?|met(?:re|er)s?|feet|foot|yards?|inch\w*|centimet\w+|millimet\w+|blocks?|cm|mm|m|ft)\b"
)
DURATION = (
    r"(?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|decades?|centur\w+|since|until|throughout)\b"
)
UNITS = (
    (r"\bhow (?:far|tall|high|wide|deep)\b|\b(?:distance|height)\b", LENGTH),
    (r"\bhow much (?:longer|time)\b", DURATION),
    (r"\bhow long\b", rf"{LENGTH}|\b{DURATION}"),
    (r"\bhow old\b|\bwhat age\b", r"\baged?\b|\bold\b|-old\b|\bborn\b|centur|, \d{1,3}[,.]"),
    (r"\bhow fast\b|\bspeed\b", r"mph|km/h|per hour|knots|an hour|per second|a second"),
    (r"\bhow heavy\b|\bweigh", r"kg|kilo|tonne|\btons?\b|pound|ounce|grams?"),
)
QUESTION_WORD = re.compile(r"\b(?:what|which|how|is|are|was|were|did|does|do|has|have|had|can|will)\b", re.IGNORECASE)
AUXILIARY = r"(?:is|are|was|were|did|do|does|has|have|had|will|would|can|could|should|there|been|be)\b"
# Words of a question that its answer seldom repeats.
ASKING = frozenset(
    (
        "actual actually additional another anyone anything away began called came carried carry come currently"
        " date day different else exact exactly exist far finally finish first former frequent gave general give"
        " given go going happen happened happening initially kind known last later latest long made main make"
        " makes many money month much name named names need needed needs new now number occur occurred ok okay"
        " ones original originally other outside part people person place please primary recently report reported"
        " said second side since someone something sort still take taken term thing things time times took"
        " total type use used way went word year"
    ).split()
)
NAMED_KINDS = frozenset(  # of what kind a named thing is: "the film Tides"
    (
        "album band bank boat book bridge castle church city club company county district festival ferry film firm game"
        " group hospital hotel island journal lake magazine mountain movie museum newspaper novel opera painting party"
        " play poem programme province restaurant river school series ship show singer single song star station team"
        " theatre town track university vessel village"
    ).split()
)
# What something is, which is said without this word: "What is the profession of Ada Merk?"
ASKED_KIND = re.compile(
    r"\b(?:(?:what|which)(?: (?:is|was|are|were))?|who (?:is|was|are|were))(?: the| an?)?(?: \w+)?"
    r" (?:professions?|occupations?|sports?|medium|genres?|nationality|languages?|rank|artists?|creators?)\b"
    r"|[’']s (?:profession|occupation|sport|genre|nationality|rank)\b|\b(?:associated|affiliated) with\b",
    re.IGNORECASE,
)
ASKED_PLACE = re.compile(r"\b(?:where|which \w+) (?:is|are|was|were)\b.*\b(located|situated)\b", re.IGNORECASE)
CONTRACTED = re.compile(r"(?:n[’']t|[’'](?:s|re|d|ll|ve|m))\Z")
ANYONE = frozenset("people person persons time total number one ones times money".split())  # any number is one of them
COUNTED = re.compile(
    rf"\b(?:how (?:many|much)|number of)\s+(?:of\s+)?(?:the(?:ir)?\s+|its\s+|all\s+)*(?!{AUXILIARY})"
    rf"((?:(?!{AUXILIARY})[\w’'.-]+\s*){{1,4}})",
    re.IGNORECASE,
)
CATEGORY = re.compile(
    rf"\b(?:what|which)(?: (?:kinds?|sorts?|types?|parts?|branch|side) of)?\s+(?!{AUXILIARY})([\w’'-]+)", re.IGNORECASE
)
TITLES = frozenset("captain mayor minister president general dr mr mrs ms inspector judge".split())
PAST = frozenset(
    "became began broke came cost died fell fled gave got left lost made met ran rose said saw took went won".split()
)
# What stands between two names of a list: "Western powers and the EU".
JOINED = re.compile(r"(?:\s+[\w’'-]+)?\s*(?:,|&|,?\s*\b(?:and|or)\b)\s+(?:the\s+)?", re.IGNORECASE)
NAME_WEIGHT, CATEGORY_WEIGHT, ASKING_WEIGHT, EARLIER_WEIGHT = 1.5, 0.5, 0.25, 0.4
TYPO_LIKENESS = 0.85  # difflib's ratio


@dataclass(frozen=True, slots=True)
class Term:
    """A word that the answer's sentence should carry; `weight` is before rarity is counted in."""

    token: Token
    weight: float
    name: bool = False
    asking: bool = False
    category: bool = False
    earlier: bool = False

    @property
    def says(self) -> bool:
        """A plain word of the question itself that tells one fact from another."""
        return not (self.name or self.asking or self.category or self.earlier)


@dataclass(frozen=True, slots=True)
class Question:
    """`counted`: what "how many" counts, its noun last; `names_joined`: of the things it names any may do."""

    text: str
    kind: Kind
    terms: tuple[Term, ...]
    unit: str = ""  # a pattern that a measure asked for must match: "how far" wants a length
    counted: tuple[Token, ...] = ()
    names_joined: bool = False


def analyse(text: str, earlier: Sequence[str] = ()) -> Question:
    """What `text` asks for; the words of `earlier` questions count less, and lend their kind where it has none."""
    kind = _kind(text)
    for previous in reversed(earlier):
        if kind is Kind.OTHER and not QUESTION_WORD.search(text):
            kind = _kind(previous)
    terms = _terms(text)
    seen = {term.token.stem for term in terms}
    for previous in earlier:
        for term in _terms(previous):
            if term.token.stem not in seen:
                seen.add(term.token.stem)
                terms.append(replace(term, weight=term.weight * EARLIER_WEIGHT, earlier=True))
    unit = next((unit for asked, unit in UNITS if re.search(asked, text, re.IGNORECASE)), "")
    return Question(text, kind, tuple(terms), unit, _counted(text), _names_joined(text, terms))


def is_title(question: Question, column: int) -> bool:
    """Whether a term only says what somebody is whose name follows: "Judge Holm" is Holm elsewhere."""
    token, *after = (term.token for term in question.terms[column : column + 2])
    return token.text.lower() in TITLES and any(one.is_name and one.start == token.end + 1 for one in after)


def correct_typos(question: Question, known: Sequence[Token]) -> Question:
    """The question with each longish word that `known` lacks replaced by the one it must mean."""
    stems = {token.stem for token in known}
    words = {token.text.lower(): token for token in known if len(token.text) >= 5}

    def meant(token: Token) -> Token:
        if len(token.text) < 5 or token.keys or token.stem in stems:
            return token
        near = difflib.get_close_matches(token.text.lower(), words, n=1, cutoff=TYPO_LIKENESS)
        return words[near[0]] if near else token

    terms = tuple(replace(term, token=meant(term.token)) for term in question.terms)
    return replace(question, terms=terms, counted=tuple(map(meant, question.counted)))


def _kind(text: str) -> Kind:
    return next((kind for kind, pattern in KINDS if re.search(pattern, text, re.IGNORECASE)), Kind.OTHER)


def _tells(token: Token) -> bool:
    """Whether a word says something; "US" does, "us" does not, nor does "what's"."""
    return CONTRACTED.sub("", token.text.lower()) not in STOP_WORDS or (
        token.text.isupper() and 1 < len(token.text) < 4
    )


def _counted(text: str) -> tuple[Token, ...]:
    """ "armoured vehicles" of "number of armoured vehicles ISIS seized": a name comes before the noun, not after."""
    match = COUNTED.search(text)
    phrase: list[Token] = []
    for token in tokenize(match.group(1)) if match else ():
        verb = token.text.endswith("ed") or token.text.lower() in PAST
        ended = phrase and (verb or (not phrase[-1].is_name and token.is_name))
        if ended or not _tells(token):
            break
        phrase.append(token)
    return tuple(phrase)


def _terms(text: str) -> list[Term]:
    shouting = text.isupper()
    category = CATEGORY.search(text)
    tokens = tokenize(text)
    kinds = [match.span() for match in ASKED_KIND.finditer(text)] + [
        match.span(1) for match in ASKED_PLACE.finditer(text)
    ]
    names = [not shouting and position > 0 and token.is_name for position, token in enumerate(tokens)]
    found: dict[str, Term] = {}
    for position, token in enumerate(tokens):
        if not _tells(token) or (shouting and token.text.lower() in STOP_WORDS):
            continue
        name = names[position] or token.is_number
        after_how = position > 0 and tokens[position - 1].text.lower() == "how"  # "how large": no answer says "large"
        asking = not name and (
            token.text.lower() in ASKING or after_how or any(start <= token.start < end for start, end in kinds)
        )
        is_category = not (name or asking) and (
            bool(category and category.start(1) == token.start) or _describes_name(text, tokens, names, position)
        )
        weight = 1.0
        if name:
            weight = NAME_WEIGHT / _name_length(names, position)
        elif asking or is_category:
            weight = ASKING_WEIGHT if asking else CATEGORY_WEIGHT
        found.setdefault(token.stem, Term(token, weight, name, asking, is_category))
    return list(found.values())


def _describes_name(text: str, tokens: Sequence[Token], names: Sequence[bool], position: int) -> bool:
    """Whether a word only says of what kind the name behind it is: "the film Tides"."""
    if position == 0 or position + 1 == len(tokens) or not names[position + 1]:
        return False
    if tokens[position].text.lower() not in NAMED_KINDS:
        return False
    between = text[tokens[position].end : tokens[position + 1].start]
    return tokens[position - 1].text.lower() in ("the", "a", "an") and between.strip("\"“‘' ") == ""


def _names_joined(text: str, terms: Sequence[Term]) -> bool:
    """Whether two names stand side by side: a sentence about one of them is then part of the answer."""
    names = [term.token for term in terms if term.name and not term.earlier]
    return any(JOINED.fullmatch(text, one.end, two.start) for one, two in pairwise(names))


def _name_length(names: list[bool], position: int) -> int:
    """How many words the name at `position` has: "National Oil Corporation" is one thing, not three."""
    start = end = position
    while start and names[start - 1]:
        start -= 1
    while end + 1 < len(names) and names[end + 1]:
        end += 1
    return end - start + 1
