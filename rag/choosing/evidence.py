"""How well a sentence answers a question: words, their meaning, and the kind of answer asked for. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from index.embed import Matrix
from rag.reading.lexicon import Token, matches, same_deed, tokenize
from rag.reading.quantities import is_number, times, value
from rag.reading.question import Kind, Question
from rag.values.numbers import POPULATED

Embed = Callable[[Sequence[str]], Matrix]

SAME_GROUP = 0.85
ALIKE, IDENTICAL = 0.40, 0.85  # cosine of two words: below the first they differ, from the second on they are one word
CONTEXT_CREDIT = 0.5
# A name tells which article is asked, not which of its sentences: what stands around one names it almost as well.
CONTEXT_NAME, CONTEXT_NAME_OWN = 0.9, 0.6
# What a sentence is weighed by: the share of the question's words that it and what stands around it carry, that it
# carries itself, the cosines of the question with it and with it in its context, how well its passage was found,
# whether it holds the kind of answer asked for, and whether it is more than the title of its article.
FEATURES = ("coverage", "own", "cosine", "context", "passage", "kind", "text")
# `python -m evals train-answers` finds them: listwise, on XQuAD, CLAPNQ, RAMDocs and the seeds (evals/LOG.md).
WEIGHTS = (0.21, 0.14, 0.075, 0.195, 0.275, 0.105, 0.13)
UNHEARD = 0.7  # weight of a plain word that no sentence has: the articles may say it in another
# A word in so many of an article's sentences is what the article is about: its other sentences imply it.
TOPIC_SENTENCES, TOPIC_SHARE = 2, 0.1
ACRONYM = re.compile(r"[A-Z]{3,6}")
LIFE = frozenset("born birth birthday die died death".split())
# "Sir Horace Rumbold (2 July 1829 – 3 November 1913)", with nothing but a name before it.
LIFESPAN = re.compile(
    r"((?:(?:[A-Z“\"][^\s(),]*|\d\w*|of|de|la|von|van|der|\([^()\d]*\)),?\s+)+)\([^()]*\d{4}\s?[-–—]\s?[^()]*\d{4}\)"
)
REASON = re.compile(
    r"\b(?:because|due to|owing to|thanks to|so that|in order to|in a bid|as a result"
    r"|aim(?:s|ed|ing)? (?:to|at)|reflect\w*|caused?|following|after|since|struggl\w*|complicat\w*|prevent\w*|for fear"
    r"|credit\w*|blam\w+|attribut\w+"
    r"|to (?!the|a|an|its|their|his|her)[a-z]+)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that might answer; `context` is what stands around it: the title and the sentence before."""

    article_id: str
    text: str
    context: str
    passage_score: float
    is_title: bool = False
    day: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """How well one candidate answers.

    `score` ranks, `features` (in the order of FEATURES) make it up; `coverage` is the share of the question's words
    carried; `own` and `around` say for each term how well the sentence itself, and what stands around it, carry it.
    """

    score: float
    coverage: float
    own: tuple[float, ...]
    around: tuple[float, ...]
    features: tuple[float, ...] = ()

    @property
    def alone(self) -> float:
        """The score without what the passage adds to it, which only compares passages of one search."""
        passage = FEATURES.index("passage")
        return self.score - WEIGHTS[passage] * self.features[passage] if self.features else 0.0


def weigh(question: Question, candidates: Sequence[Candidate], embed: Embed) -> list[Evidence]:
    """Evidence for each candidate, in their order."""
    if not candidates or not question.terms:
        return [Evidence(0.0, 0.0, (), ()) for _ in candidates]
    own, around = _match_all(question, candidates, embed)
    weights = np.array([term.weight for term in question.terms]) * _rarity(own)
    unheard = np.array([not term.name for term in question.terms]) & (own.max(axis=0) < ALIKE)
    weights = np.where(unheard, UNHEARD * weights, weights)
    names = np.array([term.name and not term.earlier for term in question.terms])
    carried = np.maximum(own, np.where(names, CONTEXT_NAME, CONTEXT_CREDIT) * around)
    said = np.maximum(own, np.where(names, CONTEXT_NAME_OWN, 0) * around)
    texts = [candidate.text for candidate in candidates]
    in_context = [f"{candidate.context} {candidate.text}" for candidate in candidates]
    vectors = embed([question.text, *texts, *in_context])
    cosines = np.clip(vectors[1:] @ vectors[0], 0, 1)
    features = np.column_stack(
        [
            carried @ weights / weights.sum(),
            said @ weights / weights.sum(),
            cosines[: len(texts)],
            cosines[len(texts) :],
            [candidate.passage_score for candidate in candidates],
            [kind_fit(question, text) for text in texts],
            [not candidate.is_title for candidate in candidates],
        ]
    )
    scores = features @ np.array(WEIGHTS)
    return [
        Evidence(float(scores[row]), float(features[row, 0]), _row(own, row), _row(around, row), _row(features, row))
        for row in range(len(candidates))
    ]


def kind_fit(question: Question, sentence: str) -> float:
    """1 where the sentence holds the kind of answer asked for, 0 where it does not, between where one cannot tell."""
    if question.kind is Kind.NUMBER:
        return 1.0 if any(is_number(token) for token in tokenize(sentence)) else 0.0
    if question.kind is Kind.TIME:
        return 1.0 if times(sentence) else 0.0
    if question.kind is Kind.REASON:
        return 1.0 if REASON.search(sentence) else 0.4
    if question.kind in (Kind.PERSON, Kind.PLACE):
        return 1.0 if new_names(question, sentence) else 0.6
    return 1.0


def new_names(question: Question, sentence: str) -> list[Token]:
    """The names in a sentence that the question does not hold already; its first word counts if it is no plain word."""
    asked = [term.token for term in question.terms]
    return [
        token
        for position, token in enumerate(tokenize(sentence))
        if token.text[:1].isupper()
        and (position or (len(token.text) > 3 and not token.keys))
        and not any(matches(token, term) for term in asked)
    ]


def _row(matrix: Matrix, row: int) -> tuple[float, ...]:
    return tuple(float(value) for value in matrix[row])


def _rarity(own: Matrix) -> Matrix:
    """Inverse document frequency over the candidates: a word that every sentence carries tells little."""
    frequency = own.sum(axis=0)
    rarity: Matrix = np.log(1 + (len(own) - frequency + 0.5) / (frequency + 0.5))
    return rarity


def _match_all(question: Question, candidates: Sequence[Candidate], embed: Embed) -> tuple[Matrix, Matrix]:
    """How well each candidate (row), and what stands around it, carries each term (column)."""
    terms, dated = question.terms, question.kind is Kind.TIME
    named = [term.token for term in terms if term.name and not term.earlier]
    tokens = [tokenize(candidate.text) for candidate in candidates]
    contexts = [(*tokenize(candidate.context), *_date(candidate.day)) for candidate in candidates]
    initials = [_initials(candidate.text) for candidate in candidates]
    words = sorted({token.text for row in tokens for token in row} | {term.token.text for term in terms})
    position = {word: number for number, word in enumerate(words)}
    vectors = embed(words)
    own = np.zeros((len(candidates), len(terms)), dtype=np.float32)
    around = np.zeros_like(own)
    articles = np.array([candidate.article_id for candidate in candidates])
    for column, term in enumerate(terms):
        asked = term.token
        cosines = vectors @ vectors[position[asked.text]]
        for row, given in enumerate(tokens):
            own[row, column] = max((_likeness(asked, t, float(cosines[position[t.text]])) for t in given), default=0)
            if ACRONYM.fullmatch(asked.text) and asked.text in initials[row]:
                own[row, column] = 1
            if asked.text.lower() == "population" and own[row, column] < SAME_GROUP:  # no people are one by themselves
                own[row, column] = SAME_GROUP if POPULATED.search(candidates[row].text) else 0
            if dated and asked.text.lower() in LIFE and _tells_life(named, candidates[row].text):
                own[row, column] = max(own[row, column], SAME_GROUP)
            around[row, column] = any(matches(asked, token) for token in contexts[row])
        for article in set(articles):
            rows = articles == article
            if (own[rows, column] >= SAME_GROUP).sum() >= max(TOPIC_SENTENCES, TOPIC_SHARE * rows.sum()):
                around[rows, column] = 1
    return own, around


def _tells_life(named: Sequence[Token], text: str) -> bool:
    """Whether a sentence opens with a name of the question and the years of a life behind it."""
    life = LIFESPAN.match(text)
    opening = tokenize(life[1]) if life else ()
    return any(matches(name, token) for name in named for token in opening)


def _initials(text: str) -> str:
    """The first letters of the words of each name: "The United Methodist Church met in Rome" → "TUMC R"."""
    names = re.findall(r"(?:[A-Z][\w’'-]*[ \t]*(?:(?:of|and|the|for)[ \t]+(?=[A-Z]))?)+", text)
    return " ".join("".join(re.findall(r"\b[A-Z]", name)) for name in names)


@lru_cache(maxsize=1_000)
def _date(day: str | None) -> tuple[Token, ...]:
    """The year, month and day of an article, as its sentences would name them."""
    return tokenize(f"{date.fromisoformat(day):%d %B %Y}") if day else ()


def _likeness(asked: Token, given: Token, cosine: float) -> float:
    if asked.stem == given.stem or asked.stem in given.parts or given.stem in asked.parts:
        return 1.0
    if asked.keys & given.keys or same_deed(asked, given):
        return SAME_GROUP
    if asked.is_number or given.is_number or cosine < ALIKE:
        return float(asked.is_number and is_number(given) and value(asked) == value(given))
    return SAME_GROUP * min(1.0, 0.4 + 0.6 * (cosine - ALIKE) / (IDENTICAL - ALIKE))
