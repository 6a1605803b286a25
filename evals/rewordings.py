"""Sentences → the same in other words. Each change is "" where it is not safe. Pure."""

import re
from collections.abc import Mapping
from random import Random

from evals.contraries import Change
from evals.corpus import Subject, put
from evals.falsehoods import PRONOUN
from evals.typography import retyped
from evals.wrong_numbers import MONTH, MONTHS, NUMBER_WORD, WORDS, YEAR, counts_in
from index.terms import STOP_WORDS
from rag.offers.clauses import AUXILIARY, DATE_LINE
from rag.offers.templates import NAME

DIGITS = {str(value): word for word, value in WORDS.items() if value > 1}
DAY_FIRST = re.compile(rf"\b(\d{{1,2}}) ({MONTH})(?: ({YEAR}))?\b")
MONTH_FIRST = re.compile(rf"\b({MONTH}) (\d{{1,2}})(?!\d)(?:, ({YEAR})\b)?")
LARGE = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
LEAD = re.compile(rf"^(In|On|Since|By|Until) ([^,]*?(?:{YEAR}|{MONTH}|day)) ?, (.+?) ?\.$")
ACCORDING = re.compile(r"^According to ((?:\S+ ){0,5}[^\s,]+) ?, (?!who|whom|which|whose)([^“”\"]+?) ?\.$")
ACCORDING_LAST = re.compile(r"^([^“”\"]+?) ?, according to ([^,.]{3,50}?) ?\.$")
SAID_LAST = re.compile(
    rf"^([^“”\"]+?) ?, ((?:the |his |her )?(?:{NAME}|[a-z]+ (?:officials|sources)|it|he|she|they) said) ?\.$"
)
COORDINATED = re.compile(
    r"^(?P<first>[^,;:“”\"()]{25,}?) ?, (?:and|but) "
    r"(?P<second>(?:the|it|they|he|she|its|their|his|her|[A-Z]\w+) [^;:“”\"()]{20,}?) ?\.$"
)
DEPENDENT = re.compile(
    r"\b(?:if|although|though|while|when|whether|unless|that|because|said|says|according|which|who|not|neither|both"
    r"|either|not)\b",
    re.IGNORECASE,
)
FINITE = re.compile(rf"\b(?:{'|'.join(sorted(AUXILIARY))})\b")
LIMITING = r"(?![^()]*\b(?:not|except|excluding|only|if|unless|but|allegedly|no)\b)"
PASSIVE = re.compile(
    rf"^{PRONOUN}(?P<done>(?:The )?{NAME}) (?:was|were) (?P<verb>[a-z]+ed) by (?P<doer>(?:the )?{NAME})"
    r"(?P<rest>(?: (?:in|on) [^,]+?)?) ?\.$"
)


def itself(subject: Subject, _: Random) -> str:
    return subject.words


def typeset(subject: Subject, random: Random) -> str:
    return retyped(subject.words, random)


def digits_for_words(subject: Subject, random: Random) -> str:
    found = list(NUMBER_WORD.finditer(subject.words))
    match = random.choice(found) if found else None
    return put(subject.words, match, str(WORDS[match.group()])) if match else ""


def words_for_digits(subject: Subject, random: Random) -> str:
    found = [
        match
        for match in counts_in(subject.words)
        if match.group() in DIGITS
        and re.match(r" (?!out )[a-z]{3}", subject.words[match.end() :])
        and not re.search(r"[$€£¥]\s?$", subject.words[: match.start()])
    ]
    match = random.choice(found) if found else None
    return put(subject.words, match, DIGITS[match.group()]) if match else ""


def other_digits(subject: Subject, random: Random) -> str:
    """ "1,200" → "1200", "1.5 million" → "1,500,000"."""
    found = list(re.finditer(r"(?<![\w.,–-])(\d+(?:\.\d+)?) (thousand|million|billion)\b(?!-)", subject.words))
    if found:
        match = random.choice(found)
        return put(subject.words, match, f"{round(float(match[1]) * LARGE[match[2]]):,}")
    found = list(re.finditer(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?![\w.,]\d)", subject.words))
    if not found:
        return ""
    match = random.choice(found)
    return put(subject.words, match, match.group().replace(",", ""))


def other_date(subject: Subject, random: Random) -> str:
    """ "12 June 2016" → "June 12, 2016" or "2016-06-12", and back."""
    found = [(match, match[1], match[2], match[3], True) for match in DAY_FIRST.finditer(subject.words)]
    found += [(match, match[2], match[1], match[3], False) for match in MONTH_FIRST.finditer(subject.words)]
    if not found:
        return ""
    match, day, month, year, day_first = random.choice(found)
    if year and random.random() < 0.3:
        return put(subject.words, match, f"{year}-{MONTHS.index(month) + 1:02}-{int(day):02}")
    new = f"{month} {day}{f', {year}' if year else ''}" if day_first else f"{day} {month}{f' {year}' if year else ''}"
    return put(subject.words, match, new)


def lead_moved(subject: Subject, _: Random) -> str:
    """ "In 1998, the league grew." → "The league grew in 1998.\""""
    match = LEAD.match(subject.words)
    if not match or re.search(r"[,;:“”\"(]| and | but |\b(?:that|who|which|when|before|after)\b", match[3]):
        return ""
    return f"{_upper(match[3])} {match[1].lower()} {match[2]}."


def attribution_moved(subject: Subject, random: Random) -> str:
    text = subject.words
    if re.search(r"\b(?:but|while|although|said .*said|[Aa]ccording .*according)\b", text):
        return ""  # it may be no more than the first part that somebody said
    if match := ACCORDING.match(text):
        return f"{_upper(match[2])}, according to {match[1]}."
    if (match := ACCORDING_LAST.match(text)) and (start := _lower(match[1])):
        return f"According to {match[2]}, {start}."
    if (match := SAID_LAST.match(text)) and (start := _lower(match[1])):
        return f"{_upper(match[2])} {random.choice(['', 'that '])}{start}."
    return ""


def one_clause(subject: Subject, random: Random) -> str:
    """One of two clauses that stand beside each other."""
    match = COORDINATED.match(subject.words)
    if (
        not match
        or DEPENDENT.search(match["first"])
        or not all(FINITE.search(match[part]) for part in ("first", "second"))
    ):
        return ""
    if re.match(r"(?:To|By|For|With|In order|[A-Z][a-z]+ing)\b", match["first"]):
        return ""
    second = not re.search(r",|\b(?:not|neither)\b", match["second"]) and random.random() < 0.5
    return f"{_upper(match['second'])}." if second else f"{match['first']}."


def shortened(subject: Subject, _: Random) -> str:
    """Without its date line and what stands in brackets."""
    text = subject.words
    short = re.sub(rf"\s\({LIMITING}[^()]*\)(?=[\s,.])", "", DATE_LINE.sub("", text))
    return short if short != text and len(short.split()) > 5 else ""


def active(subject: Subject, _: Random) -> str:
    """ "Rome was founded by Romulus." → "Romulus founded Rome.\""""
    match = PASSIVE.match(subject.words)
    return f"{_upper(match['doer'])} {match['verb']} {_small_the(match['done'])}{match['rest']}." if match else ""


def _lower(text: str) -> str:
    """As it goes on in a sentence; "" where nobody can tell whether it begins with a name."""
    first, _, others = text.partition(" ")
    if first.lower() in STOP_WORDS and first != "I":
        return f"{first.lower()} {others}"
    return text if re.match(rf"{NAME} (?:{NAME}|is|was|has|had|will)\b", text) else ""


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _small_the(text: str) -> str:
    return re.sub(r"^The ", "the ", text)


TRUE: Mapping[str, Change] = {
    "itself": itself,
    "typeset": typeset,
    "digits for words": digits_for_words,
    "words for digits": words_for_digits,
    "other digits": other_digits,
    "other date": other_date,
    "lead moved": lead_moved,
    "attribution moved": attribution_moved,
    "one clause": one_clause,
    "shortened": shortened,
    "active": active,
}
