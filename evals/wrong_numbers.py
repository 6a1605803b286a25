"""Numbers and dates, each changed into another one. Numbers of names and of footnotes stay. Pure."""

import re
from collections.abc import Sequence
from itertools import pairwise
from random import Random

from evals.corpus import Subject, put

MONTHS = "January February March April May June July August September October November December".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
SMALL = "zero one two three four five six seven eight nine ten eleven twelve".split()
TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
WORDS = {**{word: value for value, word in enumerate(SMALL)}, **TENS}
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
MONTH = rf"(?:{'|'.join(MONTHS)})"
YEAR = r"(?:1[0-9]|20)\d\d"

NUMERAL = re.compile(
    r"(?<![\w.,/:’'#§+-])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\d+)(?![\w/:’'-]|[.,]\d|\s?[½¼¾]|\]|–\d)"
)
IN_NAME = re.compile(r"(?:\b[A-Z][\w’'.]*|\b(?:no|page|pp|fig|figure|number|chapter|table)\.?|[\[–—-])\s?$")
HEDGED = re.compile(
    r"(?:more than|over|fewer than|less than|at least|at most|up to|under|nearly|almost|about|around|roughly|some"
    r"|approximately|or|between|only|[a-z]+ly)\s[$€£]?$",
    re.IGNORECASE,
)
AT_DATE = re.compile(rf"{MONTH} $")
BEFORE_MONTH = re.compile(rf"\s(?:of )?{MONTH}\b")
NUMBER_WORD = re.compile(rf"(?<![\w’'-])(?:{'|'.join(word for word, value in WORDS.items() if value > 1)})(?![\w’'-])")
ORDINAL_WORD = re.compile(rf"(?<=\bthe |\bhis |\bher |\bits )(?:{'|'.join(ORDINALS)})(?![\w’'-])")
ORDINAL = re.compile(r"\b(\d{1,3})(?:st|nd|rd|th)\b")


def counts_in(text: str, *, years: bool = False) -> list[re.Match[str]]:
    """The numbers in digits that count something; those of names, dates and bounds do not."""
    found = []
    for match in NUMERAL.finditer(text):
        before = text[: match.start()]
        is_date = AT_DATE.search(before) or BEFORE_MONTH.match(text, match.end())
        is_year = re.fullmatch(YEAR, match.group())
        if not (IN_NAME.search(before) or HEDGED.search(before) or is_date or (is_year and not years)):
            found.append(match)
    return found


def digit(subject: Subject, random: Random) -> str:
    found = counts_in(subject.words)
    if not found:
        return ""
    match = random.choice(found)
    number = match.group()
    place = random.choice([place for place, letter in enumerate(number) if letter.isdigit()])
    least = 1 if place == 0 else 0
    new = random.choice([str(value) for value in range(least, 10) if str(value) != number[place]])
    return put(subject.words, match, f"{number[:place]}{new}{number[place + 1 :]}")


def size(subject: Subject, random: Random) -> str:
    """A digit more or fewer, the point elsewhere or gone, the thousands cut off."""
    found = [match for match in counts_in(subject.words) if len(match.group()) > 1]
    if not found:
        return ""
    match = random.choice(found)
    number = match.group()
    if "." in number:
        new = random.choice([number.replace(".", ""), number.partition(".")[0], f"{number[0]}{number}"])
    elif "," in number:
        new = random.choice([number.partition(",")[0], f"{number},000", number[: number.rindex(",")]])
    else:
        new = random.choice([f"{number}0", number[:-1], f"{number[:-1]}.{number[-1]}"])
    return put(subject.words, match, new) if float(new.replace(",", "")) != float(number.replace(",", "")) else ""


def sign(subject: Subject, random: Random) -> str:
    """Of a share or a temperature: "5%" → "-5%", "−40 degrees" → "40 degrees"."""
    found = list(re.finditer(r"(?<![\w.,-])[-−](?=\d[\d.,]*(?:%| ?percent| per cent| ?°| degrees))", subject.words))
    if found:
        return put(subject.words, random.choice(found), "")
    found = [
        match
        for match in counts_in(subject.words)
        if re.match(r"%| ?percent| per cent| ?° ?[CF]| degrees", subject.words[match.end() :])
        and re.search(r"(?<!\ba)(?<!\bthe)(?<!\ban)[a-z] $", subject.words[: match.start()])
    ]
    match = random.choice(found) if found else None
    return put(subject.words, match, f"{random.choice('-−')}{match.group()}") if match else ""


def number_word(subject: Subject, random: Random) -> str:
    found = [
        match
        for match in NUMBER_WORD.finditer(subject.words)
        if not HEDGED.search(subject.words[: match.start()]) and not re.match(r" or ", subject.words[match.end() :])
    ]
    if not found:
        return ""
    match = random.choice(found)
    alike = TENS if match.group() in TENS else SMALL[2:]
    return put(subject.words, match, random.choice([word for word in alike if word != match.group()]))


def ordinal(subject: Subject, random: Random) -> str:
    found = [*ORDINAL_WORD.finditer(subject.words), *ORDINAL.finditer(subject.words)]
    if not found:
        return ""
    match = random.choice(found)
    if match.group() in ORDINALS:
        return put(subject.words, match, random.choice([one for one in ORDINALS if one != match.group()]))
    value = max(1, int(match[1]) + random.choice([-2, -1, 1, 2]))
    ending = "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return put(subject.words, match, f"{value}{ending}")


def exchanged(subject: Subject, random: Random) -> str:
    """Two numbers of one sentence in each other's place: both are in the quote, and neither as it says."""
    found = counts_in(subject.words)
    pairs = [
        (one, other)
        for one, other in pairwise(found)
        if one.group() != other.group() and len(subject.words[one.end() : other.start()].split()) > 2
    ]
    if not pairs:
        return ""
    one, other = random.choice(pairs)
    text = put(subject.words, other, one.group())
    return f"{text[: one.start()]}{other.group()}{text[one.end() :]}"


def month(subject: Subject, random: Random) -> str:
    """Only where it is one: "May" and "March" are also other words, and all are parts of names."""
    found = _matches(rf"(?<=\d ){MONTH}\b|\b{MONTH}(?= \d)|(?<=\b[io][nf] ){MONTH}\b(?! [A-Z])", subject.words)
    return _other(subject.words, found, MONTHS, random)


def day_of_week(subject: Subject, random: Random) -> str:
    found = _matches(rf"\b(?:{'|'.join(DAYS)})\b(?! [A-Z])", subject.words, before=r"(?:^|[^A-Z]\b[a-z]+,? )$")
    return _other(subject.words, found, DAYS, random)


def year(subject: Subject, random: Random) -> str:
    words = r"\b(?:[Ii]n|[Ss]ince|of|[Bb]y|until|[Ff]rom|to|early|late)"
    before = rf"(?:{words}|{MONTH}|{MONTH} \d\d?,|\d {MONTH},?|\()\s?$"
    found = _matches(rf"(?<![\w.,/–-]){YEAR}(?![\w/–-]|[.,]\d|\s?[a-z]+s\b)", subject.words, before=before)
    if not found:
        return ""
    match = random.choice(found)
    new = int(match.group()) + random.choice([-100, -20, -10, -2, -1, 1, 2, 10, 20])
    return put(subject.words, match, str(new))


def day_of_month(subject: Subject, random: Random) -> str:
    found = _matches(r"(?<![\w.,–-])\d{1,2}(?![\w–-])", subject.words)
    dates = [
        match
        for match in found
        if AT_DATE.search(subject.words[: match.start()]) or BEFORE_MONTH.match(subject.words, match.end())
    ]
    return _other(subject.words, dates, [str(day) for day in range(1, 29)], random)


def _matches(pattern: str, text: str, before: str = "") -> list[re.Match[str]]:
    """The places of a pattern behind a text that ends like `before`."""
    return [match for match in re.finditer(pattern, text) if re.search(before, text[: match.start()])]


def _other(text: str, found: Sequence[re.Match[str]], words: Sequence[str], random: Random) -> str:
    """One of the places with another one of the words."""
    if not found:
        return ""
    match = random.choice(found)
    return put(text, match, random.choice([word for word in words if word != match.group()]))
