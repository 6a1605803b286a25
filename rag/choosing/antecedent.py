"""Who "They" are: a quote with a pronoun begins with the sentence before, where that tells. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.choosing.answerable import CARRIED
from rag.choosing.scored import Scored
from rag.prompt import Sentence
from rag.reading.lexicon import matches, tokenize
from rag.reading.question import Kind, Question

PRONOUN = re.compile(r"[“\"'‘]?(?:He|She|They|It|His|Her|Their|Its|These|Those)\b")
WITHIN = re.compile(r"\b(?:he|him|his|she|her|it|its|they|them|their)\b")
# "It" of these stands for nothing that was said before: "It is not clear whether …".
IMPERSONAL = re.compile(
    r"[“\"'‘]?It (?:is|was|will be|has been|remains)\b[^,;:]{0,40}\b(?:that|whether|how|why|if|when)\b"
)
SOMEBODY = re.compile(r"[“\"'‘]?(?:He|She|They|His|Her|Their)\b")
SENTENCE_END = re.compile(r"[.!?…:][”\"'’)\]]*\s*\Z")  # and no headline, no line with a date
LONGEST = 400  # characters of a sentence that is put before another one


def with_antecedents(question: Question, chosen: Sequence[Scored]) -> list[tuple[Scored, Scored]]:
    """Each as it was and as it is quoted, with the one before it where that explains its pronoun; none twice."""
    shown: list[tuple[Scored, Scored]] = []
    for one in chosen:
        if not any(_within(one, led) for _, led in shown):
            said = any(one.sentence.before == led.sentence.text for _, led in shown)
            shown.append((one, one if said else _led(question, one)))
    return shown


def _led(question: Question, scored: Scored) -> Scored:
    """The sentence from where the one before it begins, if that one names somebody or says what it lacks.

    A pronoun that does not open the sentence ("Ida Holm wrote it") counts where a name is lacking.
    """
    sentence = scored.sentence
    start = _start_of_before(sentence)
    opens = PRONOUN.match(sentence.text) and not IMPERSONAL.match(sentence.text)
    if start < 0 or not (opens or WITHIN.search(sentence.text)):
        return scored
    before = tokenize(sentence.before)
    lacking = (
        term.token
        for term, own in zip(question.terms, scored.evidence.own, strict=True)
        if own < CARRIED and not (term.asking or term.earlier) and (opens or term.name)
    )
    named = SOMEBODY.match(sentence.text) and any(token.is_name for token in before[1:])
    asked_for = opens and question.kind is Kind.PERSON
    if named or asked_for or any(matches(asked, token) for asked in lacking for token in before):
        return replace(scored, sentence=replace(sentence, start=start))
    return scored


def _within(one: Scored, other: Scored) -> bool:
    inner, outer = one.sentence, other.sentence
    return inner.article.id == outer.article.id and outer.start <= inner.start and inner.end <= outer.end


def _start_of_before(sentence: Sentence) -> int:
    """Where the sentence before begins in the article; -1 where there is none, or it is no sentence of its text."""
    before = sentence.before
    if not SENTENCE_END.search(before) or before == sentence.article.title or len(before) > LONGEST:
        return -1
    start = sentence.article.text.rfind(before, 0, sentence.start)
    between = sentence.article.text[start + len(before) : sentence.start]
    return start if start >= 0 and not between.strip() else -1
