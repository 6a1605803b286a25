"""A sentence as it stands among those that may answer."""

from dataclasses import dataclass

from rag.choosing.answerable import Objection
from rag.choosing.evidence import Evidence
from rag.prompt import Sentence


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence, how well it answers, and what speaks against it."""

    sentence: Sentence
    evidence: Evidence
    objection: Objection | None
