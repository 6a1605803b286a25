"""A sentence → a question that it answers, by templates. What might read badly becomes none. Pure."""

import re
from collections.abc import Callable, Mapping, Set
from itertools import chain

from index.terms import STOP_WORDS, stem
from rag.offers.clauses import (
    ADVERB,
    AUXILIARY,
    BE,
    HAVE,
    PARTICIPLE,
    POINTING,
    SAYING,
    Clause,
    clause_of,
    first_part,
    has_verb,
    lower_start,
    plain,
)
from rag.reading.lexicon import tokenize
from rag.reading.quantities import TIME, is_number

BLANK = "____"
LEAST_TELLING = 3  # words of a question that say something: with fewer, too much would answer it
LONGEST_QUESTION, LONGEST_CLOZE = 26, 36  # words
NAME = r"[A-Z][\w’'-]*\w(?:\s(?:al-|de |von |van |of )?[A-Z][\w’'-]*\w)*"
# A name that stands for itself: not "Mediterranean" in "the Mediterranean city", and not "Haftar" in "Haftar's men".
AFTER_NAME = (
    "about after against and are as at because before between but by during for from had has have if in into is of on"
    " or over said since that to under until was were when where which while who will with"
).split()
WHOLE_NAME = rf"(?<![\w-]){NAME}(?<!['’]s)(?=[,.]|$|\s(?:{'|'.join(AFTER_NAME)})\b)"
HEDGE = (
    r"(?:(?:at least|more than|fewer than|less than|about|some|nearly|almost|around|over|up to|roughly|only"
    r"|a total of)\s+)?"
)
NUMBER = (
    r"(?:\d[\d,]*(?:\.\d+)?(?:\s(?:thousand|million|billion))?|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety)(?:-[a-z]+)?)"
)
# What is counted: up to three words before a plural in small letters ("pro-government fighters", "people").
COUNTED = re.compile(
    rf"^{HEDGE}{NUMBER}\s+((?:(?!(?:of|and|or|in|on|at|to|per|cent)\b)[\w’'-]+\s+){{0,3}}?"
    r"(?:[a-z][a-z-]+[a-rt-z]s|[a-z]*(?:people|women|men|children|police|aircraft|lives))\b)(?:\s+|$)(.*)$"
)
SPAN = re.compile(r"\b(?:seconds|minutes|hours|days|nights|weeks|months|years|decades|times|ones|percent|points)$")
PARTICLE = frozenset("out off up down in over away".split())
MONTH_OR_YEAR = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December|1[0-9]\d\d|20\d\d)\b"
)
ASKED_TIME = {"in": "When", "on": "When", "since": "Since when", "until": "Until when", "by": "By when"}
VAGUE = re.compile(r"\b(?:today|yesterday|tomorrow|tonight|last|next|recent|ago|past|previous|following)\b")
REFERRING = re.compile(r"\b(?:the|these|this) (?:following|previous|above|below|former|latter)\b", re.IGNORECASE)
PLACED = frozenset(
    "arrested based born built buried educated established found founded held killed located raised".split()
)
CAUSE = re.compile(r"\s(?:because(?: of)?|due to|owing to|thanks to|in a bid to|in order to|so as to)\s")


def question_of(sentence: str, common: Set[str], *, cloze: bool = True) -> tuple[str, str] | None:
    """(kind, question) that a sentence answers; None where no template fits it well. `common` as for a clause."""
    text = plain(sentence)
    if not text:
        return None
    if clause := clause_of(text, common):
        for kind, template in TEMPLATES.items():
            if (question := template(clause)) and _reads_well(question):
                return kind, question
    if (question := _how_many_subject(text, common)) and _reads_well(question):
        return "number", question
    question = _cloze(text, common) if cloze else None
    if question and len(question.split()) <= LONGEST_CLOZE and len(telling(question)) > LEAST_TELLING:
        return "cloze", question
    return None


def telling(text: str) -> frozenset[str]:
    """The stems of the words that say what a text is about."""
    tokens = [(token, token.text) for token in tokenize(text.replace(BLANK, " "))]
    return frozenset(t.stem for t, text in tokens if text.lower() not in STOP_WORDS or (text.isupper() and text != "I"))


def _how_many(clause: Clause) -> str | None:
    """ "Jets have carried out 36 strikes over Sirte" → "How many strikes have jets carried out over Sirte?" """
    words, before = first_part(clause.rest).split(), []
    participle = False
    while words and (ADVERB.match(words[0]) or PARTICIPLE.match(words[0]) or (participle and words[0] in PARTICLE)):
        participle = participle or bool(PARTICIPLE.match(words[0]))
        before.append(words.pop(0))
    if clause.verb in BE or participle != (clause.verb in AUXILIARY):
        return None
    match = COUNTED.match(" ".join(words))
    if not match or SPAN.search(match.group(1)) or has_verb(match.group(2)):
        return None
    rest = " ".join(part for part in (*before, match.group(2), clause.lead) if part)
    return f"How many {match.group(1)} {clause.asked(rest)}?"


def _how_many_subject(text: str, common: Set[str]) -> str | None:
    """ "Khalifa said 16 fighters had been killed" → "How many fighters had been killed, according to Khalifa?" """
    speaker, said = "", text.rstrip(".")
    if match := re.match(rf"^(?:\S+\s){{1,6}}?(?:{'|'.join(SAYING)})\s(?:that\s)?(?={HEDGE}{NUMBER}\s)(.*)$", said):
        clause = clause_of(text, common)
        if clause is None or clause.verb not in SAYING:
            return None
        speaker, said = f", according to {clause.subject}", match.group(1)
    counted = COUNTED.match(first_part(said[:1].lower() + said[1:]))
    if not counted or SPAN.search(counted.group(1)):
        return None
    verb, _, rest = counted.group(2).partition(" ")
    if not has_verb(verb) or not rest:
        return None
    return f"How many {counted.group(1)} {verb} {rest}{speaker}?"


def _when(clause: Clause) -> str | None:
    """ "Pro-GNA forces entered Sirte in June" → "When did pro-GNA forces enter Sirte?" """
    rest = first_part(clause.rest)
    for match in chain(TIME.finditer(rest), TIME.finditer(clause.lead)):
        time = match.group()
        others = f"{rest[: match.start()]} {rest[match.end() :]}" if match.string is rest else rest
        kept = " ".join(others.split())
        preposition = time.split()[0].lower()
        if rest[match.end() :][:1].strip(" ,") and match.string is rest:  # "in 1623–25"
            continue
        if preposition not in ASKED_TIME or not MONTH_OR_YEAR.search(time) or TIME.search(kept):
            continue
        if not kept or kept.split()[-1] in STOP_WORDS:
            continue
        return f"{ASKED_TIME[preposition]} {clause.asked(kept)}?"
    return None


def _where(clause: Clause) -> str | None:
    """ "Albert Einstein was born in Ulm" → "Where was Albert Einstein born?" """
    match = re.match(rf"^(\w+) (?:in|at|near|outside) (?:the )?({NAME})(.*)$", first_part(clause.rest))
    if clause.verb not in BE or not match or match.group(1) not in PLACED or TIME.search(match.group(2)):
        return None
    rest = "" if MONTH_OR_YEAR.search(match.group(3)) else match.group(3)
    return f"Where {clause.asked(match.group(1) + rest)}?"


def _why(clause: Clause) -> str | None:
    """ "Powers are backing the GNA in a bid to bring stability" → "Why are powers backing the GNA?" """
    effect, *cause = CAUSE.split(clause.rest, maxsplit=1)
    effect = re.sub(r"\s(?:mainly|largely|partly|mostly|primarily)$", "", effect)
    if not cause or effect != first_part(effect) or len(effect.split()) < 2 or effect.split()[-1] in STOP_WORDS:
        return None
    return f"Why {clause.asked(effect)}?"


def _by_whom(clause: Clause) -> str | None:
    """ "The fighters are led by brigades from Misrata" → "By whom are the fighters led?" """
    match = re.match(r"^((?:been )?\w+) by ((?:the |a |an )?[\w’'-]+)", first_part(clause.rest))
    if not match or clause.verb not in BE | HAVE or not PARTICIPLE.match(match.group(1).split()[-1]):
        return None
    agent = match.group(2).split()[-1]
    if agent.endswith("ing") or any(is_number(token) for token in tokenize(agent)) or agent in ("end", "time"):
        return None
    return f"By whom {clause.asked(match.group(1))}?"


def _who_said(clause: Clause) -> str | None:
    """ "Unity head Fayez al-Sarraj said that …" → "Who said that …?", where a name says it and the words are plain."""
    match = re.match(r"^(?:(?:on\s)?\S+day\s+)?that\s+(.*)$", clause.rest)
    if clause.verb not in SAYING or not match or not re.search(r"\b[A-Z][a-z]+", clause.subject):
        return None
    said = match.group(1)
    return f"Who {clause.verb} that {said}?" if "," not in said and len(said.split()) >= 6 else None


def _who(clause: Clause) -> str | None:
    return _who_said(clause) or _by_whom(clause)


TEMPLATES: Mapping[str, Callable[[Clause], str | None]] = {
    "number": _how_many,
    "time": _when,
    "place": _where,
    "reason": _why,
    "name": _who,
}


def _cloze(text: str, common: Set[str]) -> str | None:
    """The sentence with its number, or the longest name within it, left blank."""
    text = text.rstrip(".")
    numbers = [
        (token.start, token.end)
        for token in tokenize(text)[1:]
        if is_number(token) and re.fullmatch(NUMBER, token.text) and text.count(token.text) == 1
    ]
    times = [match.span() for match in TIME.finditer(text)]
    names = [m.span() for m in re.finditer(WHOLE_NAME, text) if m.start() and text.count(m.group()) == 1]
    names = [span for span in names if stem(text[slice(*span)]) not in common]
    spans = [
        (start, end)
        for start, end in [*numbers, *sorted(names, key=lambda span: span[0] - span[1])]
        if re.search(r"(?<!\ba)(?<!\ban)\s$", text[:start]) and text[end : end + 1] in ("", " ", ",")
        if not any(start < until and end > since for since, until in times)
    ]
    if not spans or REFERRING.search(text):
        return None
    start, end = spans[0]
    return f"According to the article, {lower_start(f'{text[:start]}{BLANK}{text[end:]}', common)}."


def _reads_well(question: str) -> bool:
    return (
        len(telling(question)) >= LEAST_TELLING
        and len(question.split()) <= LONGEST_QUESTION
        and not POINTING.search(question)
        and not VAGUE.search(question)
    )
