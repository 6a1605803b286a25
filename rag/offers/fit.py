"""Whether a question made from a sentence may be shown: understood without its article, and good English. Pure."""

import re

from index.terms import STOP_WORDS
from rag.offers.clauses import AUXILIARY, BE, IRREGULAR, PARTICIPLE, SAYING
from rag.offers.people import SPEAKER
from rag.reading.quantities import TIME

LEAST_WORDS, MOST_WORDS = 5, 18
OPENINGS = ("How many", "When", "Where", "Why")
DEFINITE = re.compile(r"\bthe ((?:[\w’'-]+\s?)+)")
MEASURE = re.compile(
    r"\b(?:\w*met(?:re|er)s?|kilomet\w+|miles|feet|inches|yards|acres|hectares|tons|tonnes|kilos|pounds|dollars|euros"
    r"|litres|liters|gallons|degrees|cents|barrels|points|percent|copies|watts|hours|minutes|seconds|others|more)\b"
)
UNSURE = re.compile(
    r",|\b(?:not|also|even|too|so far|therefore|however|thus|only|once|again|soon|just|first|then|later|still"
    r"|initially|originally|further|more|most|today|now|respectively|example|following|above|below|figure|table|section|told)\b"
    r"|\s['’]s?\b|\s[,.)]|(?-i:\b[A-Z]\.?\s*$|(?:\b[A-Z]\w*\s){5})",
    re.IGNORECASE,
)
DEMONYM = re.compile(r"[A-Z]\w+(?:ian|ish|ese|can)")  # "the Panamanian branch" is no more known than "the branch"
INDEFINITE = re.compile(r"^\W*(?:an?|no|some|many|most|one|two|three|several|all|each|every|both|few|any|what|part)\b")
BELONGS = r"(?:as|that|which|who|whose|where|to|of|and|or)"
REPORTING = SAYING | frozenset("say announce report claim write warn argue add state tell confirm".split())


def is_fit(question: str, sentence: str) -> bool:
    """Whether a person could have asked this; `sentence` is the plain one that it was made from."""
    asked, _, speaker = question.rstrip("?").partition(", according to ")
    if not LEAST_WORDS <= len(asked.split()) <= MOST_WORDS or not asked.startswith(OPENINGS):
        return False
    if UNSURE.search(asked) or (speaker and not SPEAKER.fullmatch(speaker)):
        return False
    return _is_known(asked) and _is_whole(asked, sentence) and _has_subject(asked)


def is_unsure(question: str) -> bool:
    """Whether a question holds a word that leans on what stood around its sentence, or a trace of its layout."""
    return bool(UNSURE.search(question.rstrip("?")))


def _is_known(asked: str) -> bool:
    """Whether it names what it is about: somebody or something, and no "game" that only the article knows."""
    bare = TIME.sub("", asked).strip()
    named = re.search(r"\s[A-Z]", bare) and not any(word in REPORTING for word in asked.split())
    return bool(named) and not any(_is_vague(match.group(1)) for match in DEFINITE.finditer(bare))


def _is_whole(asked: str, sentence: str) -> bool:
    """Whether the question ends where a phrase of its sentence does: nothing that belongs to it was cut off."""
    last = asked.rsplit(maxsplit=1)[-1]
    if last in STOP_WORDS or TIME.sub("", asked).strip()[-1:].isdigit() or re.search(r" (?:to|an?|the) [a-z]+$", asked):
        return False
    return not re.search(rf"\b{re.escape(last)} {BELONGS}\b", sentence)


def _has_subject(asked: str) -> bool:
    """Whether somebody or something known does what is asked about, and no measure is counted."""
    opening = next(one for one in OPENINGS if asked.startswith(one))
    rest = asked.removeprefix(opening).split()
    if opening == "How many":
        end = next((n for n, word in enumerate(rest) if word in AUXILIARY | IRREGULAR.keys() | {"did"}), None)
        if end is None or MEASURE.search(" ".join(rest[:end])):
            return False
        return not INDEFINITE.match(" ".join(rest[end + 1 :]))
    if opening in ("When", "Where") and rest[0] in BE:
        done = next((place for place, word in enumerate(rest) if PARTICIPLE.match(word)), None)
        if done is None or {"a", "an"} & set(rest[:done]) or (opening == "When" and rest[0] in ("is", "are")):
            return False
    if opening == "Where" and not PARTICIPLE.match(rest[-1]):
        return False
    return rest[0] in AUXILIARY | {"did"} and not INDEFINITE.match(" ".join(rest[1:]))


def _is_vague(phrase: str) -> bool:
    """ "game begin development": no name and no "of" says which game."""
    for word in phrase.split()[:3]:
        if word in ("of", "between") or (word[:1].isupper() and not DEMONYM.fullmatch(word)):
            return False
        if word in STOP_WORDS or PARTICIPLE.match(word):
            return True
    return True
