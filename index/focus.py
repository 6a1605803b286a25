"""Passages → what of them is near the question: few where few are, neighbours as one, far ends cut off. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from index.records import Chunk, Passage

NEAR = 0.68  # of what the best passage scores; what scores less is left out
CLOSE = 0.4  # of how like the question the best sentence is; what is less so is cut off at both ends


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage, and how like the words of the question those of all of it and of each sentence are, in [0, 1]."""

    passage: Passage
    likeness: float
    sentences: Sequence[float]
    holds_phrase: bool = False

    @property
    def score(self) -> float:
        """A passage whose words are all there, and together in one sentence, leaves the others far behind."""
        return (self.passage.score + self.likeness + max(self.sentences, default=0.0)) / 3


def focus(candidates: Sequence[Candidate], limit: int) -> list[Passage]:
    """At most `limit` of what is near the question, best first; each is scored like the best passage in it."""
    ranked = sorted(candidates, key=lambda one: (not one.holds_phrase, -one.score, one.passage.chunk.id))
    least = NEAR * max((one.score for one in ranked), default=0.0)
    groups: list[list[Candidate]] = []
    for one in ranked:
        if one.holds_phrase or one.score >= least:
            beside = [group for group in groups if any(_are_neighbours(one.passage, other.passage) for other in group)]
            if beside:
                beside[0] += [one, *chain(*beside[1:])]
                groups = [group for group in groups if group not in beside[1:]]
            elif len(groups) < limit:
                groups.append([one])
    return [_cut(group) for group in groups]


def _are_neighbours(one: Passage, other: Passage) -> bool:
    """Whether nothing stands between two passages."""
    if one.article.id != other.article.id:
        return False
    first, second = sorted((one.chunk, other.chunk), key=lambda chunk: chunk.start)
    return not one.article.text[first.end : second.start].strip()


def _cut(group: Sequence[Candidate]) -> Passage:
    """Neighbours, best first → one passage, from the first sentence that is close to the last."""
    in_order = sorted(group, key=lambda one: one.passage.chunk.start)
    sentences = [span for one in in_order for span in one.passage.chunk.sentences]
    likeness = [value for one in in_order for value in one.sentences]
    close = [place for place, value in enumerate(likeness) if value >= CLOSE * max(likeness)]
    kept = tuple(sentences[close[0] : close[-1] + 1])
    article, start, end = group[0].passage.article, kept[0][0], kept[-1][1]
    chunk = Chunk(f"{article.id}:{start}-{end}", article.id, start, end, kept)
    return replace(group[0].passage, chunk=chunk, score=round(group[0].score, 6))
