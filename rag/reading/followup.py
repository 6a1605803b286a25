"""What is really being asked, given the conversation: by rules, or as a model says it. Pure."""

import re
from collections.abc import Sequence

from index.terms import query_terms
from rag.records import Turn

EARLIER_QUESTIONS = 2
REFERS_BACK = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|this|those|these|then)\b"
    r"|\b(?:is|was|were|did|do|does|about|like|after|before|of|for|by|why|how) that\b|\bthat\W*$|^that\b"
    r"|(?<!is )(?<!are )(?<!was )(?<!were )\bthere\W*$",
    re.IGNORECASE,
)
CONTINUES = re.compile(
    r"^\s*(?:(?:and|but|or|so|also|what about|how about|since when|in what way)\b|(?:why|when|where|who|how)\W*$)",
    re.IGNORECASE,
)
ENOUGH_WORDS = 2
LONGEST_REWRITE = 300  # characters; a longer reply is no question
QUESTION_MARKS = "?", "？", "؟"
LABEL = re.compile(r"^\W*(?:\w+ ){0,3}question\W*:", re.IGNORECASE)  # what some models say first
THOUGHT = re.compile(r"<think>.*?(?:</think>|$)", re.DOTALL)


def earlier_questions(question: str, history: Sequence[Turn]) -> tuple[str, ...]:
    """The questions that this one leans on, oldest first; none where it stands alone."""
    return () if stands_alone(question) else _last(history)


def searched_with(question: str, history: Sequence[Turn], embedder: str) -> tuple[str, ...]:
    """The questions that the search looks at too, oldest first.

    Static vectors find more with them even where the question stands alone, MiniLM less (evals/LOG.md).
    """
    return _last(history) if embedder.startswith("static:") else earlier_questions(question, history)


def _last(history: Sequence[Turn]) -> tuple[str, ...]:
    return tuple(turn.question for turn in history[-EARLIER_QUESTIONS:])


def stands_alone(question: str) -> bool:
    """Whether the question can be understood without the ones before it."""
    if CONTINUES.search(question) or len(query_terms(question)) < ENOUGH_WORDS:
        return False
    return not REFERS_BACK.search(question)


def rewritten(reply: str, question: str) -> str:
    """The question that a model's reply gives, or the one that was asked where the reply is none."""
    lines = [" ".join(line.split()) for line in THOUGHT.sub("", reply).splitlines() if line.strip()]
    said = LABEL.sub("", lines[0]).strip(' "“”*') if len(lines) == 1 else ""
    answered = question.endswith(QUESTION_MARKS) and not said.endswith(QUESTION_MARKS)
    return said if 0 < len(said) <= LONGEST_REWRITE and not answered else question
