"""Ranked passages → those that are shown: nothing twice, and more than one article where several speak. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.terms import STOP_WORDS, WORD

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
    words = {one.key: frozenset(WORD.findall(one.text)) for one in ranked}
    distinct: list[Choice] = []
    for one in ranked:
        if not any(_same(words[one.key], words[other.key]) for other in distinct):
            distinct.append(one)
    return _spread(distinct, limit)


def _spread(ranked: Sequence[Choice], limit: int) -> list[Choice]:
    """One article leaves a few of the places to others that are nearly as good."""
    if not ranked:
        return []
    least = AS_GOOD * max(one.score for one in ranked)
    most = max(1, round(MOST_OF_ONE * limit))
    taken: dict[str, int] = {}
    chosen: list[Choice] = []
    late: list[Choice] = []
    for one in ranked:
        others = any(other.article_id != one.article_id and other.score >= least for other in ranked)
        if taken.get(one.article_id, 0) >= most and others:
            late.append(one)
            continue
        taken[one.article_id] = taken.get(one.article_id, 0) + 1
        chosen.append(one)
    places = {one.key: place for place, one in enumerate(ranked)}
    good = [one for one in chosen if one.holds_phrase or one.score >= least]
    rest = sorted([one for one in chosen if one not in good] + late, key=lambda one: places[one.key])
    return sorted([*good, *rest][:limit], key=lambda one: places[one.key])


def _same(first: frozenset[str], second: frozenset[str]) -> bool:
    """Whether two passages say the same; another number or name makes them two."""
    shared = len(first & second)
    if shared < ALIKE * max(len(first), len(second), 1):
        return False
    return not any(
        any(map(str.isdigit, word)) or (word[0].isupper() and word.lower() not in STOP_WORDS) for word in first ^ second
    )
