"""A text → the questions that it answers and that a person may be shown: few, and each good English. Pure."""

import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from index.records import Article
from index.sentences import sentence_runs
from index.terms import STOP_WORDS, plain_words, stem
from rag.offers.clauses import plain
from rag.offers.fit import is_fit, is_unsure
from rag.offers.people import ROLE, what_said, who_is
from rag.offers.templates import WHOLE_NAME, question_of
from rag.prompt import wording
from rag.reading.quantities import TIME

READ = 8_000  # characters of an article: what comes later is no better
ENGLISH = 0.25  # share of stop words; other languages have a tenth by chance
SHOWN_KINDS = frozenset(("number", "time", "place", "reason"))


@dataclass(frozen=True, slots=True)
class Offer:
    """A question, its kind, and the sentence that it comes from: `article.text[start:end]`."""

    question: str
    kind: str
    article_id: str
    start: int
    end: int


def offers(article: Article, near: int = 0) -> Sequence[Offer]:
    """What may be asked of an article around the offset `near`, in its order; nothing of one not in English."""
    return _offers(article, article.text.rfind("\n", 0, max(0, near - READ // 2)) + 1)


@lru_cache(maxsize=64)  # a conversation comes back to the same articles
def _offers(article: Article, start: int) -> tuple[Offer, ...]:
    text = article.text[start : start + READ]
    if not is_english(text):
        return ()
    common = common_stems(text)
    about = False
    found = []
    for since, until in (span for run in sentence_runs(text) for span in run):
        sentence = text[since:until]
        if sentence == article.title:
            continue
        made = _question(sentence, common, text)
        if not made and not about and (name := _name_of_title(article.title, sentence, text)):
            made, about = ("about", f"What do the articles say about {name}?"), True
        if made:
            found.append(Offer(made[1], made[0], article.id, start + since, start + until))
    return tuple(found)


def is_english(text: str) -> bool:
    words = plain_words(text)
    return bool(words) and sum(word in STOP_WORDS for word in words) >= ENGLISH * len(words)


def common_stems(text: str) -> Set[str]:
    """The stems that stand in small letters at least as often as with a capital within a sentence."""
    small = Counter(map(stem, re.findall(r"(?<![\w-])[a-z][a-z-]*", text)))
    small.subtract(map(stem, re.findall(r"(?<=[a-z,] )[A-Z][a-z]+", text)))
    return {word for word, times in small.items() if times >= 0}


def _question(sentence: str, common: Set[str], text: str) -> tuple[str, str] | None:
    if question := who_is(wording(sentence), common):
        return question.split()[0].lower(), question
    words = plain(sentence)
    if not words:
        return None
    if (question := what_said(words, common)) and not is_unsure(question):
        kind, fit = "said", True
    else:
        kind, question = question_of(sentence, common, cloze=False) or ("", "")
        fit = kind in SHOWN_KINDS and is_fit(question, words)
    return (kind, question) if fit and _has_right_capital(words, question, common, text) else None


def _name_of_title(title: str, sentence: str, text: str) -> str:
    """The longest name in the middle of a sentence that its title has too, as the text has it; "" where none does."""
    names = {match.group() for match in re.finditer(rf"(?<=[a-z,] ){WHOLE_NAME}(?! of\b| and\b)", sentence)}
    known = [
        name
        for name in sorted(names)
        if " " in name and not TIME.search(name) and not re.fullmatch(ROLE, name.split()[-1].lower())
        if re.search(rf"(?:^|(?:^|[^\w’'-])[a-z]+ ){re.escape(name)}(?! (?:of|in|and|for|the|to)\b)(?![\w’'-])", title)
    ]
    name = max(known, key=len, default="")
    return f"the {name}" if f" the {name} " in text else name


def _has_right_capital(sentence: str, question: str, common: Set[str], text: str) -> bool:
    """Whether it is known that the sentence's first word keeps its capital within the question, if it stands there."""
    first, _, rest = sentence.partition(" ")
    if not re.search(rf"\b{re.escape(first)}\b", question) or any(letter.isupper() for letter in first[1:]):
        return True
    if rest[:1].isupper():  # "Economist Joseph Stiglitz" begins with no name
        return not (re.fullmatch(ROLE, first.lower()) and first.endswith(("ist", "ian", "er", "or")))
    if first.lower() in STOP_WORDS or stem(first) in common:
        return True
    return bool(re.search(rf"(?<=[a-z,] ){re.escape(first)}\b", text))
