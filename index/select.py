"""Ranked passages → those that are shown: nothing twice, and more than one article where several speak. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.terms import STOP_WORDS, split

LENGTHS = 0.9  # texts that differ more in length are two
ALIKE = 0.9  # of the words of two passages: one text printed twice
MOST_OF_ONE = 0.7  # of the places for one article, while others wait that are
AS_GOOD = 0.6  # of the best score


@dataclass(frozen=True, slots=True)
class Choice:
    """A passage that may be shown; `holds_phrase` where it has what the question puts in quotation marks."""

    key: str
    article_id: str
    text: str
    score: float
    holds_phrase: bool = False


def choose(choices: Sequence[Choice], limit: int) -> list[Choice]:
    """At most `limit` of them, best first; those that hold the phrase before all others."""
    ranked = sorted(choices, key=lambda one: (not one.holds_phrase, -one.score, one.key))
    distinct: list[Choice] = []
    for one in ranked:
        if not any(_same(one.text, other.text) for other in distinct):
            distinct.append(one)
    return _spread(distinct, limit)


def _spread(ranked: Sequence[Choice], limit: int) -> list[Choice]:
    """One article leaves a few of the places to others that are nearly as good."""
    least = AS_GOOD * max((one.score for one in ranked), default=0.0)
    most = max(1, round(MOST_OF_ONE * limit))
    held: Counter[str] = Counter()
    first: list[Choice] = []
    later: list[Choice] = []
    for one in ranked:
        fair = one.holds_phrase or (one.score >= least and held[one.article_id] < most)
        held[one.article_id] += fair
        (first if fair else later).append(one)
    chosen = {one.key for one in [*first, *later][:limit]}
    return [one for one in ranked if one.key in chosen]


def _same(first: str, second: str) -> bool:
    """Whether two passages say the same; another number or name makes them two."""
    if min(len(first), len(second)) < LENGTHS * max(len(first), len(second)):
        return False
    words, others = _words(first), _words(second)
    if len(words & others) < ALIKE * max(len(words), len(others), 1):
        return False
    return not any(
        any(map(str.isdigit, word)) or (word[0].isupper() and word.lower() not in STOP_WORDS) for word in words ^ others
    )


@lru_cache(maxsize=256)
def _words(text: str) -> frozenset[str]:
    return frozenset(split(text))
