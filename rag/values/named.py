"""The names and the few words of a sentence that may answer a question. Pure."""

import re
from collections.abc import Sequence

from rag.reading.lexicon import Token, matches, tokenize
from rag.reading.question import Kind, Question
from rag.values.wanted import BEHIND, DEFINITION, FAR, PRONOUN, Value, anchors, flat, opens_with_name

PHRASE_END = re.compile(
    r"[,;:.()“”\"–—]|\b(?:who|which|that|by|from|with|for|of|in|on|at|to|based|located|directed|released|published"
    r"|written|and (?:was|is|the)|when|where|after|before|during|since)\b",
    re.IGNORECASE,
)
LONGEST_PHRASE = 8  # words
GENERIC = frozenset(
    "former first second third new best known person people man woman one member part name kind".split()
)
LINK = re.compile(r"\s*(?:[\s.’'&-]|\b(?:of|de|du|la|von|van|der|al|bin|and the|the)\b)*\s*\Z")
BY = frozenset({"by"})
IN = frozenset("in at near from to of".split())
TITLES = frozenset("captain mayor minister president general dr mr mrs ms inspector judge".split())
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
        before = {token.text.lower() for token in tokens[max(0, low - 2) : low]}
        cued = bool(cues & before) and any(not token.is_name for token in tokens[max(0, low - 2) : low])
        far = min((low - place if place < low else place - high + BEHIND for place in places), default=FAR)
        near = cued or far <= 2 * BEHIND
        following = [_keys(tokens, *span) for span in spans[order : order + 3] if _listed(sentence, tokens, high, span)]
        start, end = tokens[low].start, tokens[high - 1].end
        value = Value(flat(sentence[start:end]), start, end, (_keys(tokens, low, high), *following), near=near)
        found.append((far - 2 * BEHIND * cued + order / 10, value))
    return [value for _, value in sorted(found, key=lambda pair: pair[0])]


def phrase_values(question: Question, sentence: str, _: str | None) -> list[Value]:
    """What a sentence says that the thing named is: "an English footballer"."""
    asked = [term.token for term in question.terms]
    found: list[Value] = []
    named = opens_with_name(question, sentence) or bool(PRONOUN.match(sentence))
    for match in DEFINITION.finditer(sentence):
        rest = sentence[match.end() :]
        stop = PHRASE_END.search(rest)
        words = tokenize(rest[: stop.start() if stop else len(rest)])[:LONGEST_PHRASE]
        told = [w for w in words if not any(matches(w, one) for one in asked) and w.text.lower() not in GENERIC]
        if told:
            start, end = match.end() + words[0].start, match.end() + words[-1].end
            keys = (frozenset(w.stem for w in told),)
            found.append(Value(flat(sentence[start:end]), start, end, keys, near=named))
    return sorted(found, key=lambda value: not value.near)


def _listed(sentence: str, tokens: Sequence[Token], end: int, span: tuple[int, int]) -> bool:
    """Whether a name goes on with another after a comma: "Fulton, Illinois"."""
    return bool(re.fullmatch(r"(?:\s*,\s*[\w. ]+)?\s*,\s*", sentence[tokens[end - 1].end : tokens[span[0]].start]))


def _name_spans(question: Question, sentence: str, tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """The names of a sentence that the question does not hold, by the positions of their tokens, the end excluded."""
    asked = [term.token for term in question.terms]
    held = [any(matches(token, term) for term in asked) for token in tokens]
    spans: list[tuple[int, int]] = []
    for place, token in enumerate(tokens):
        if not token.text[:1].isupper() or token.text.lower() in OPENING:
            continue
        if spans and spans[-1][1] == place and LINK.match(sentence[tokens[place - 1].end : token.start]):
            spans[-1] = (spans[-1][0], place + 1)
        else:
            spans.append((place, place + 1))
    words = [sentence[tokens[low].start : tokens[high - 1].end] for low, high in spans]
    new = zip(spans, words, strict=True)
    return [(low, high) for (low, high), text in new if not (all(held[low:high]) or TIME_NAME.fullmatch(text))]


def _keys(tokens: Sequence[Token], low: int, high: int) -> frozenset[str]:
    """What a name is compared by: its words and groups without a title ("Captain Reyl")."""
    named = [token for token in tokens[low:high] if token.text.lower() not in TITLES] or tokens[low:high]
    return frozenset(key for token in named for key in ({token.stem} | {f"#{group}" for group in token.keys}))
