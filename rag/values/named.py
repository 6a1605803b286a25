"""The names and the few words of a sentence that may answer a question. Pure."""

import re
from collections.abc import Sequence
from operator import or_

from index.terms import STOP_WORDS
from rag.reading.lexicon import Token, matches, tokenize
from rag.reading.question import TITLES, Kind, Question
from rag.values.wanted import (
    BEHIND,
    DEFINITION,
    FAR,
    PRONOUN,
    Value,
    anchors,
    apposition,
    distance,
    flat,
    opens_with_name,
)

PHRASE_END = re.compile(
    r"[,;:.()“”\"–—]|\b(?:who|which|that|by|from|with|for|of|in|on|at|to|based|located|directed|released|published"
    r"|written|and (?:was|is|the)|when|where|after|before|during|since)\b",
    re.IGNORECASE,
)
LONGEST_PHRASE = 8  # words
ASKS_MEANING = re.compile(r"\b(?:mean|refer to|stand for)\b", re.IGNORECASE)
MEANING = re.compile(r"\b(?:means?|meaning|refers? to|stands? for)\s+(?:(?:an?|the)\s+)?[“”\"'‘]*", re.IGNORECASE)
TRAILING = re.compile(r"\w{2,}(?:ed|ly)|often|also", re.IGNORECASE)  # "a film produced", before "in 1952"
GENERIC = frozenset(
    "former first second third new best known person people man woman one member part name kind".split()
)
LINK = re.compile(r"(?:[\s.’'&-]|\b(?:of|de|du|la|von|van|der|al|bin|and the|the)\b)*\Z")
PARTICLES = frozenset("La Le Du De Von Van Der".split())
LINKING = 2  # words at most in one name between two with capitals
MAKER = re.compile(r"\b(?:artist|band|singer|composer|author|writer|poet|painter|sculptor)\b")
# "Lior Haan's third album": whose a work is.
POSSESSIVE = re.compile(r"[’']s?\Z")
WORK = re.compile(
    r"\s+(?:\w+\s+){0,3}?(?:album|record|LP|EP|single|debut|novel|book|poem|painting|opera|symphony|sculpture)\b"
)
PLACING = frozenset("in at near from to of on for with".split())  # "by the old mill in Larn" is no maker
MOST_SAID = 6  # words between "by" and a name
BY = frozenset({"by"})
IN = frozenset("in at near from to of".split())
OPENING = frozenset(
    "the a an in on at it its he she they his her their this that these those as of by for from to and but or with"
    " after before when while there one two three four five six no not i we you if since some all both most many"
    " however according meanwhile also wikipedia".split()
)
TIME_NAME = re.compile(
    r"(?:Jan|Febr)uary|March|April|May|June|July|August|(?:Sept|Nov|Dec)ember|October|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
)


def name_values(question: Question, sentence: str, _: str | None) -> list[Value]:
    """The names that the question does not hold, those that stand by what is asked or after "by" and "in" first."""
    tokens = tokenize(sentence)
    places = anchors(question, tokens)
    cues = IN if question.kind is Kind.PLACE or re.search(r"\b(?:location|located)\b", question.text) else BY
    spans = _name_spans(question, sentence, tokens)
    found = []
    for order, (low, high) in enumerate(spans):
        before = _before(sentence, tokens, low)
        cued = bool(cues & {token.text.lower() for token in before}) and any(not token.is_name for token in before)
        start, end = tokens[low].start, tokens[high - 1].end
        whose = POSSESSIVE.search(sentence, start, end)
        cued = cued or bool(whose and MAKER.search(question.text) and WORK.match(sentence, end))
        far = min((low - place if place < low else place - high + BEHIND for place in places), default=FAR)
        near = cued or far <= 2 * BEHIND
        following = [_keys(tokens, *span) for span in spans[order : order + 3] if _listed(sentence, tokens, high, span)]
        end = whose.start() if whose else end
        value = Value(flat(sentence[start:end]), start, end, (_keys(tokens, low, high), *following), near=near)
        last = FAR * _is_adjective(sentence, tokens, low, high)
        found.append((far - 2 * BEHIND * cued + last + order / 10, value))
    return [value for _, value in sorted(found, key=lambda pair: pair[0])]


def phrase_values(question: Question, sentence: str, _: str | None) -> list[Value]:
    """What a sentence says that the thing named is: "an English footballer"; what stands by the asked words first."""
    asked = [term.token for term in question.terms]
    tokens = tokenize(sentence)
    places = anchors(question, tokens)
    named = opens_with_name(question, sentence) or bool(PRONOUN.match(sentence))
    defined = [match.span() for match in DEFINITION.finditer(sentence)]
    begins = [end for _, end in defined]
    ends = {tokens[place].end for place in places}
    direct = {end for start, end in defined if start - 1 in ends}  # "the mascot is an eagle"
    if match := apposition(question, sentence):
        begins.append(match.end())
    if ASKS_MEANING.search(question.text):
        begins += [match.end() for match in MEANING.finditer(sentence) if match.end() not in begins]
    found = []
    for begin in begins:
        rest = sentence[begin:]
        stop = PHRASE_END.search(rest)
        words = list(tokenize(rest[: stop.start() if stop else len(rest)])[:LONGEST_PHRASE])
        while len(words) > 1 and TRAILING.fullmatch(words[-1].text):
            words.pop()
        told = [w for w in words if not any(matches(w, one) for one in asked) and w.text.lower() not in GENERIC]
        if told:
            start, end = begin + words[0].start, begin + words[-1].end
            keys = (frozenset(w.stem for w in told),)
            value = Value(flat(sentence[start:end]), start, end, keys, near=named or begin in direct)
            found.append((distance(tokens, places, sentence, start, end), value))
    return [value for _, value in sorted(found, key=lambda pair: pair[0])]


def _is_adjective(sentence: str, tokens: Sequence[Token], low: int, high: int) -> bool:
    """Whether a name only tells of what kind something is: "the Acme tower", "by American rock band Tides"."""
    if high - low > 1 or low == 0 or high == len(tokens):
        return False
    if not tokens[low].keys and tokens[low - 1].text.lower() not in ("a", "an", "the"):
        return False
    return tokens[high].text.islower() and sentence[tokens[low].end : tokens[high].start].isspace()


def _before(sentence: str, tokens: Sequence[Token], low: int) -> Sequence[Token]:
    """The two words before a name; all the words before it that say of what kind it is: "by Irish boy band Tides"."""
    start = low
    while start and low - start < MOST_SAID and sentence[tokens[start - 1].end : tokens[start].start].isspace():
        start -= 1
        word = tokens[start].text.lower()
        if word == "by":
            return tokens[start:low]
        if word in PLACING:
            break
    return tokens[max(0, low - 2) : low]


def _listed(sentence: str, tokens: Sequence[Token], end: int, span: tuple[int, int]) -> bool:
    """Whether a name goes on with another after a comma: "Fulton, Illinois"."""
    return bool(re.fullmatch(r"(?:\s*,\s*[\w. ]+)?\s*,\s*", sentence[tokens[end - 1].end : tokens[span[0]].start]))


def _name_spans(question: Question, sentence: str, tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """The names of a sentence that the question does not hold, by the positions of their tokens, the end excluded."""
    asked = [term.token for term in question.terms]
    held = [any(matches(token, term) for term in asked) for token in tokens]
    small = [token.text.lower() in STOP_WORDS for token in tokens]  # "Have" in "Things Have Changed"
    spans: list[tuple[int, int]] = []
    for place, token in enumerate(tokens):
        if not token.text[:1].isupper() or token.text.lower() in OPENING:
            continue
        if (
            spans
            and place - spans[-1][1] <= LINKING
            and LINK.match(sentence[tokens[spans[-1][1] - 1].end : token.start])
        ):
            spans[-1] = (spans[-1][0], place + 1)
        else:
            spans.append((place, place + 1))
    words = [sentence[tokens[low].start : tokens[high - 1].end] for low, high in spans]
    new = zip(spans, words, strict=True)
    return [
        (low, high)
        for (low, high), text in new
        if not (
            (any(held[low:high]) and all(map(or_, held[low:high], small[low:high])))
            or TIME_NAME.fullmatch(text)
            or text in PARTICLES
        )
    ]


def _keys(tokens: Sequence[Token], low: int, high: int) -> frozenset[str]:
    """What a name is compared by: its words and groups without a title ("Captain Reyl")."""
    named = [token for token in tokens[low:high] if token.text.lower() not in TITLES] or tokens[low:high]
    return frozenset(key for token in named for key in ({token.stem} | {f"#{group}" for group in token.keys}))
