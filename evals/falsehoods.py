"""Sentences → words that the text does not say. Each change is "" where it cannot be made with certainty. Pure."""

import re
from collections.abc import Mapping
from random import Random

from evals import wrong_numbers as numbers
from evals.contraries import (
    Change,
    bound,
    currency,
    denial,
    direction,
    hedge_added,
    hedge_removed,
    quantifier,
    relation,
    small_word,
    unit,
)
from evals.corpus import SAID, SAYING, Subject, before_name, names_in, put
from rag.offers.clauses import IRREGULAR, is_participle
from rag.offers.templates import AFTER_NAME, NAME

PRONOUN = r"(?!(?:Thus|So|Then|If|Some|Others|He|She|They|It|We|I|You|This|That|Who|Which|But|And|As|When|The)\b)"
ATTRIBUTION = re.compile(
    rf"{PRONOUN}\b(?P<first>{NAME})(?= {SAYING}\b)"
    rf"|(?<=ccording to )(?P<second>{NAME})|(?<= said )(?P<third>{NAME})(?=[.,])"
)
# Of "A met B" the reverse holds as well: no verb of which it may.
MUTUAL = (
    "allied agreed battled called collaborated combined competed confronted coupled engaged fought faced joined"
    " linked located married matched merged met named needed paired played styled tied titled translated united"
).split()
TRANSITIVE = (
    rf"(?:(?:has|have|had) )?(?:(?!(?:{'|'.join(MUTUAL)})\b)[a-z]{{2,}}ed|beat|lost to|won against|bought|sold"
    r"|taught|led|paid|struck|left|contains|includes|owns|produces"
    r"|(?:is|was|were|are) (?:part|north|south|east|west|ahead|larger|older"
    r"|[a-z]+ed) (?:of|than|after|by))"
)
EXCHANGE = re.compile(
    rf"(?<!St\. )(?<!the )(?<!- ){PRONOUN}\b(?P<one>{NAME})(?<!['’]s) (?P<verb>{TRANSITIVE}) (?P<the>the )?"
    rf"(?P<other>{NAME})(?<!['’]s)(?=[.,;]| [.,;]| (?:{'|'.join(AFTER_NAME)})\b)"
)
AUXILIARY = re.compile(
    r"(?<![\w’'-])(?<!\bas )(?P<word>is|are|was|were|will|would|should|must|did|does|do|has|have|had)(?= [a-z])"
    r"(?! (?:not|never|no|only|hardly|rarely|neither|nor|to|what|that|why|how)\b)"
)
NOT = re.compile(
    r"(?<=is|re|as|ve|ad|id|es|do|ll|ld|st|an) not(?= [a-z])"
    r"(?! (?:only|just|merely|simply|solely|necessarily|until|least|to mention|yet|even|always|all|every|both"
    r"|exactly)\b)"
)
CONTRACTED = re.compile(r"\b(?:is|are|was|were|would|should|could|must|did|does|do|has|have|had)(n['’]t)\b")
NEGATIVE = re.compile(
    r"\b(?:not|never|neither|nor|no|none|nothing|hardly|any|either|without|whether|than)\b|n['’]t\b|\?"
)
WORD = re.compile(r"(?<![\w’'&-])[a-z]{4,}(?![\w’'&;-])")


def negation_added(subject: Subject, random: Random) -> str:
    """Where nothing else denies; "have" only as an auxiliary."""
    if NEGATIVE.search(subject.words):
        return ""
    found = [
        match
        for match in AUXILIARY.finditer(subject.words)
        if not match.group().startswith(("ha", "d")) or is_participle(subject.words[match.end() :].split()[:1])
    ]
    if not found:
        return ""
    place = random.choice(found).end()
    return f"{subject.words[:place]} not{subject.words[place:]}"


def negation_removed(subject: Subject, random: Random) -> str:
    found = [match.span() for match in NOT.finditer(subject.words)]
    found += [match.span(1) for match in CONTRACTED.finditer(subject.words)]
    if not found or re.search(r"\bbut\b|\b(?:if|or) not\b|\?|\bany\b", subject.words):
        return ""
    start, end = random.choice(found)
    return subject.words[:start] + subject.words[end:]


def name(subject: Subject, random: Random) -> str:
    """A name of another text, of which this one never speaks, where one of its kind stands."""
    found = names_in(subject.words)
    if not found:
        return ""
    start, end = random.choice(found)
    new = _foreign(subject, subject.words[start:end], before_name(subject.words, start), random)
    return f"{subject.words[:start]}{new}{subject.words[end:]}" if new else ""


def attribution(subject: Subject, random: Random) -> str:
    """Another one is said to have said it: one of the sentence, or of another text."""
    found = list(ATTRIBUTION.finditer(subject.words))
    if not found:
        return ""
    match = random.choice(found)
    speaker = match.group()
    names = [subject.words[start:end] for start, end in names_in(subject.words)]
    apart = [one for one in names if _words(one).isdisjoint(_words(speaker))]
    new = random.choice(apart) if apart and random.random() < 0.5 else ""
    new = new or _foreign(subject, speaker, SAID, random) or _foreign(subject, speaker, "", random)
    return put(subject.words, match, new) if new else ""


def roles_exchanged(subject: Subject, random: Random) -> str:
    """ "A beat B" → "B beat A"."""
    found = [one for one in EXCHANGE.finditer(subject.words) if _words(one["one"]).isdisjoint(_words(one["other"]))]
    if not found:
        return ""
    match = random.choice(found)
    new = f"{match['other']} {match['verb']} {match['the'] or ''}{match['one']}"
    return put(subject.words, match, new)


def _foreign(subject: Subject, old: str, before: str, random: Random) -> str:
    """Another name of as many words; "" where the corpus has none that this text does not know."""
    known = _words(f"{subject.home.title} {subject.home.text}")
    initials = {"".join(word[0] for word in old.split()).casefold(), old.casefold()}
    for new in random.sample(names := subject.corpus.names.get((before, len(old.split())), []), min(20, len(names))):
        if _words(new).isdisjoint(known) and "".join(word[0] for word in new.split()).casefold() not in initials:
            return new
    return ""


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def word_replaced(subject: Subject, random: Random) -> str:
    """By another word with the same ending that stands often in the texts."""
    found = list(WORD.finditer(subject.words))
    if not found:
        return ""
    match = random.choice(found)
    others = [word for word in subject.corpus.frequent.get(match.group()[-2:], []) if word not in subject.words]
    return put(subject.words, match, random.choice(others)) if others else ""


def word_added(subject: Subject, random: Random) -> str:
    match = _inner(subject.words, random)
    word = random.choice("also now only still then often soon again".split())
    return put(subject.words, match, f"{word} {match.group()}") if match and word not in subject.words else ""


def words_dropped(subject: Subject, random: Random) -> str:
    """One to three words from the middle."""
    words = subject.words.split()
    count = random.randint(1, 3)
    if len(words) < count + 6:
        return ""
    first = random.randint(2, len(words) - count - 2)
    return " ".join(words[:first] + words[first + count :])


def order(subject: Subject, random: Random) -> str:
    """Two neighbouring words in each other's place."""
    found = list(re.finditer(r"(?<![\w’'-])([a-z]{3,}) ([a-z]{3,})(?![\w’'-])", subject.words))
    match = random.choice(found) if found else None
    return put(subject.words, match, f"{match[2]} {match[1]}") if match else ""


def ending(subject: Subject, random: Random) -> str:
    """ "kills" → "killed", "forces" → "force", "says" → "say"."""
    match = _inner(subject.words, random)
    if not match:
        return ""
    word = match.group()
    if word in IRREGULAR:
        new = IRREGULAR[word]
    elif word.endswith("ed"):
        new = random.choice([f"{word[:-1]}s", f"{word[:-2]}ing"])
    elif word.endswith("s") and not word.endswith("ss"):
        new = word[:-1]
    else:
        new = f"{word}es" if word.endswith(("s", "x", "ch", "sh")) else f"{word}s"
    return put(subject.words, match, new)


def stitched(subject: Subject, random: Random) -> str:
    """This sentence, or its beginning, and another one of the text that is not the next."""
    return _stitched(subject, random, " ")


def stitched_with_dots(subject: Subject, random: Random) -> str:
    return _stitched(subject, random, random.choice([" … ", " ... ", "… ", " [...] "]))


def _stitched(subject: Subject, random: Random, between: str) -> str:
    texts = [subject.home.sentence(number) for number in range(len(subject.home.sentences))]
    here = next((number for number, text in enumerate(texts) if subject.words in text), None)
    others = [text for number, text in enumerate(texts) if here is not None and number not in (here, here + 1)]
    long = [text for text in others if len(text.split()) > 4]
    if not long:
        return ""
    words, other = subject.words.split(), random.choice(long).split()
    first = words[: random.randint(4, len(words))] if random.random() < 0.5 else words
    second = other[-random.randint(4, len(other)) :] if random.random() < 0.5 else other
    return f"{' '.join(first)}{between}{' '.join(second)}"


def _inner(text: str, random: Random) -> re.Match[str] | None:
    found = list(WORD.finditer(text))
    return random.choice(found) if found else None


# What makes a quotation wrong, and a claim too.
FALSE: Mapping[str, Change] = {
    "negation added": negation_added,
    "negation removed": negation_removed,
    "denial": denial,
    "digit": numbers.digit,
    "size of number": numbers.size,
    "sign": numbers.sign,
    "number word": numbers.number_word,
    "ordinal": numbers.ordinal,
    "numbers exchanged": numbers.exchanged,
    "month": numbers.month,
    "weekday": numbers.day_of_week,
    "year": numbers.year,
    "day": numbers.day_of_month,
    "name": name,
    "speaker": attribution,
    "roles exchanged": roles_exchanged,
    "unit": unit,
    "currency": currency,
    "direction": direction,
    "hedge removed": hedge_removed,
    "quantifier": quantifier,
    "bound": bound,
    "relation": relation,
}
# What makes a quotation wrong, though the claim may still hold.
MISWORDED: Mapping[str, Change] = {
    "hedge added": hedge_added,
    "small word": small_word,
    "word replaced": word_replaced,
    "word added": word_added,
    "words dropped": words_dropped,
    "order": order,
    "ending": ending,
    "stitched": stitched,
    "stitched with dots": stitched_with_dots,
}
