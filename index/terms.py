"""The words of a text that say what it is about."""

import re
import threading
from functools import lru_cache

import snowballstemmer

WORD = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*")
STOP_WORDS = frozenset(
    (
        "a about after again all also am an and any are aren as at be because been being both but by can could did"
        " didn do does doesn doing don down during each else ever few for from further get gets got had hadn has"
        " hasn have haven having he her here hers herself him himself his how i if in into is isn it its itself just"
        " let me more most much my myself no nor not of off on once only or other our ours ourselves out over own"
        " please same shall she should so some such t s ll re ve d m tell than that the their theirs them themselves"
        " then there these they this those through to too under until up upon us very was wasn we were weren what"
        " whats when where which while who whom whose why will with would you your yours yourself according articles"
        " article say says said mention describe explain many"
    ).split()
)


_of_thread = threading.local()  # a stemmer keeps the word that it works on: two threads would mix theirs


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The Porter2 stem of a word in lower case, without a possessive ending."""
    plain = re.sub(r"['’]s?$", "", word.lower().replace("’", "'"))
    if not hasattr(_of_thread, "stemmer"):
        _of_thread.stemmer = snowballstemmer.stemmer("english")
    return str(_of_thread.stemmer.stemWord(plain))


def plain_words(text: str) -> list[str]:
    """The words of `text` in lower case as they stand: quicker than `words`."""
    return WORD.findall(text.lower())


@lru_cache(maxsize=256)
def split(text: str) -> tuple[str, ...]:
    """The words of a passage as they stand. Kept, as one search asks twice."""
    return tuple(WORD.findall(text))


def words(text: str) -> list[str]:
    """The words of `text` in lower case, without possessive endings."""
    found = (match.group().lower().replace("’", "'") for match in WORD.finditer(text))
    return [re.sub(r"'s?$", "", word) for word in found]


def query_terms(text: str) -> list[str]:
    """The words of a question worth searching for, each once, in order; "US" is a name where "us" is not."""
    found = (match.group() for match in WORD.finditer(text))
    names = {word.lower() for word in found if len(word) > 1 and word.isupper()}
    if text.isupper():
        names = set()
    return list(dict.fromkeys(word for word in words(text) if word not in STOP_WORDS or word in names))
