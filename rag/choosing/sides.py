"""Which sentences give another value for what is asked than the first one does, or deny it? Pure."""

import re
from collections.abc import Sequence

import numpy as np

from index.records import Article
from rag.choosing.evidence import Embed
from rag.choosing.scored import Scored
from rag.reading.question import Question
from rag.values.given import RETRACTED, differ, given_values
from rag.values.polarity import charges, denies_what_was_said
from rag.values.wanted import Wanted, wanted

# Of the first sentence's score and coverage: a value of another article of the same story is heard from here on.
OTHER_SCORE, OTHER_COVERAGE = 0.65, 0.6
SAME_STORY = 0.45  # cosine of the openings of two articles
ASKS_CLAIMS = re.compile(r"\b(?:say|said|claim|allege|accuse|answer|respond|reply|react)(?:s|d|ed)?\b", re.IGNORECASE)
# It takes back what the sentence before it said: "The true number was 71, the council said later."
CORRECTS = re.compile(
    r"\b(?:true|correct|actual|real|right|revised|new|final)"
    r" (?:number|figure|toll|count|total|sum|date|time|name|amount|cost|price|age|place)\b"
    r"|\b(?:in fact|in reality|(?:was|were) (?:wrong|mistaken|incorrect)|should have (?:said|been|read)"
    r"|correct(?:s|ed|ion)|retract(?:s|ed|ion)|withdrew|withdrawn|took (?:that|it) back)\b",
    re.IGNORECASE,
)
STORY_TEXT = 400  # characters in which a report says what it is about


def sides(question: Question, first: Scored, ranked: Sequence[Scored], embed: Embed) -> list[Scored]:
    """Of each article the best sentence that gives a value not heard so far; or what corrects or denies the first."""
    behind = [one for one in ranked if _follows(one, first)]
    retracted = RETRACTED.search(first.sentence.text)
    if corrected := [one for one in behind if retracted or CORRECTS.search(one.sentence.text)]:
        return corrected
    if wanted(question) is Wanted.POLAR or (wanted(question) is Wanted.NOTHING and ASKS_CLAIMS.search(question.text)):
        return [one for one in ranked if _denies(one, first) or _denies(first, one)][:1]
    given = given_values(question, first.sentence.text, first.sentence.article.date)
    if wanted(question) not in (Wanted.NUMBER, Wanted.TIME) or first.objection or not given:
        return []
    found: list[Scored] = []
    for key in dict.fromkeys(one.sentence.article.id for one in ranked):
        own = [one for one in ranked if one.sentence.article.id == key]
        for scored in own:
            heard = [(one.sentence.text, one.sentence.article.date) for one in (first, *found)]
            text, date = scored.sentence.text, scored.sentence.article.date
            if scored is first or not differ(question, heard, text, date):
                continue
            if _is_of_one_story(first, scored, embed):
                found.append(scored)
                break
    return found


def _denies(denial: Scored, charge: Scored) -> bool:
    """Whether a sentence denies the one before it, as "The company rejected that" does."""
    said = denies_what_was_said(denial.sentence.text) and charges(charge.sentence.text)
    return said and _follows(denial, charge)


def _follows(one: Scored, other: Scored) -> bool:
    """Whether a sentence stands right behind another one."""
    later, earlier = one.sentence, other.sentence
    return later.article.id == earlier.article.id and later.before.strip() == earlier.text.strip()


def _is_of_one_story(first: Scored, other: Scored, embed: Embed) -> bool:
    """Whether two sentences answer one question about as well, from two articles about one thing."""
    one, two = first.sentence.article, other.sentence.article
    near = other.evidence.score >= OTHER_SCORE * first.evidence.score
    covers = other.evidence.coverage >= OTHER_COVERAGE * first.evidence.coverage
    return near and covers and not other.objection and one.id != two.id and _alike(one, two, embed)


def _alike(one: Article, other: Article, embed: Embed) -> bool:
    vectors = embed([f"{article.title} {article.text[:STORY_TEXT]}" for article in (one, other)])
    return bool(np.dot(vectors[0], vectors[1]) >= SAME_STORY)
