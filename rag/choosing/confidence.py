"""How sure it is that the passages answer, and from where on they are taken to. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rag.choosing.evidence import Evidence
from rag.reading.question import Question

# Chosen by `footnote eval calibrate` (evals/LOG.md); in the order of `Signs`.
WEIGHTS = (0.78, 0.48, 1.59, 1.18, 1.5)
OFFSET = -3.96
THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for an answer, each in [0, 1].

    `sentence`: the best sentence's evidence without its passage's; `passage`: the best cosine of a passage with the
    question; `words` and `names`: how well the question's plain words are heard anywhere, and the worst heard of its
    names (of a list of names: the best); `unopposed`: whether some sentence near the best has nothing against it.
    """

    sentence: float
    passage: float
    words: float
    names: float
    unopposed: bool

    @property
    def confidence(self) -> float:
        """In [0, 1]; from THRESHOLD on the passages answer. It orders questions; it is no probability."""
        signs = (self.sentence, self.passage, self.words, self.names, float(self.unopposed))
        return 1 / (1 + math.exp(-OFFSET - sum(w * sign for w, sign in zip(WEIGHTS, signs, strict=True))))


def read_signs(question: Question, evidence: Sequence[Evidence], passage: float, *, unopposed: bool) -> Signs:
    """The signs of a question and all its sentences; `passage` is the best cosine of a passage with it."""

    def heard(column: int) -> float:
        return max((found.own[column] for found in evidence), default=0.0)

    words = [heard(column) for column, term in enumerate(question.terms) if term.says]
    names = [heard(column) for column, term in enumerate(question.terms) if term.name and not term.earlier]
    return Signs(
        max((found.alone for found in evidence), default=0.0),
        passage,
        sum(words) / len(words) if words else 1.0,
        (max if question.names_joined else min)(names, default=1.0),
        unopposed,
    )
