"""Articles → questions that their sentences answer, made from templates. What might read badly is left out. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, zip_longest

from evals.clauses import BE, SAYING, Clause, clause_of, first_part, has_verb, plain
from evals.clauses import POINTING as POINTING
from index.records import Article
from index.sentences import sentence_runs
from index.terms import STOP_WORDS
from rag.lexicon import tokenize
from rag.quantities import TIME, is_number

BLANK = "____"
LEAST_TELLING = 3  # words of a question that say something: with fewer, too much would answer it
LONGEST_QUESTION = 28  # words
HEDGE = r"(?:(?:at least|more than|fewer than|less than|about|some|nearly|almost|around|over|up to|roughly|only|a total of)\s+)?"
NUMBER = (
    r"(?:\d[\d,]*(?:\.\d+)?(?:\s(?:thousand|million|billion))?|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety)(?:-[a-z]+)?)"
)
# What is counted: up to three words before a plural in small letters ("pro-government fighters", "people").
COUNTED = re.compile(
    rf"^{HEDGE}{NUMBER}\s+((?:(?!(?:of|and|or|in|on|at|to|per|cent)\b)[\w’'-]+\s+){{0,3}}?"
    r"(?:[a-z][a-z-]+[a-rt-z]s|[a-z]*(?:people|women|men|children|police|aircraft|feet|lives))\b)(?:\s+|$)(.*)$"
)
SPAN = re.compile(r"\b(?:seconds|minutes|hours|days|nights|weeks|months|years|decades|times|ones|percent|points)$")
PARTICIPLE = re.compile(r"^(?:[a-z]+(?:ed|en|wn|un|ld|nt|ght)|made|won|lost|shot|cut|put|hit|set|seen|done|gone|held)$")
PARTICLE = frozenset("out off up down in over away".split())
MONTH_OR_YEAR = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December|1[0-9]\d\d|20\d\d)\b"
)
ASKED_TIME = {"in": "When", "on": "When", "since": "Since when", "until": "Until when", "by": "By when"}
NAME = r"[A-Z][\w’'-]*[a-z](?:\s(?:al-|de |von |van |of )?[A-Z][\w’'-]*[a-z])*"
PLACE = re.compile(rf"\b(in|at|near|from|over|outside)\s({NAME})")
TIME_OF_DAY = re.compile(r"\b(?:today|yesterday|tomorrow|tonight|last|next|recent|this|ago|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b")


@dataclass(frozen=True, slots=True)
class Draft:
    """A question and the sentence that answers it, exactly as the article has it; a refusal has no such sentence."""

    kind: str
    question: str
    sentence: str
    title: str
    refuse: bool = False


@dataclass(frozen=True)
class Material:
    """The articles as sentences, and what tells one sentence from all others."""

    articles: Sequence[Article]

    @cached_property
    def sentences(self) -> list[list[str]]:
        """Those of each article."""
        return [
            [article.text[start:end] for run in sentence_runs(article.text) for start, end in run]
            for article in self.articles
        ]

    @cached_property
    def common(self) -> frozenset[str]:
        """The words that stand in small letters somewhere."""
        return frozenset(word for group in self.sentences for one in group for word in re.findall(r"\b[a-z][\w-]*", one))

    @cached_property
    def _holding(self) -> dict[str, set[str]]:
        """Stem → the sentences that hold it, on one line."""
        found = defaultdict(set)
        for sentence in chain.from_iterable(self.sentences):
            for one in stems(sentence):
                found[one].add(" ".join(sentence.split()))
        return found

    def alike(self, words: Set[str]) -> set[str]:
        """The sentences that hold all of these words."""
        return set.intersection(*(self._holding.get(word, set()) for word in words)) if words else set()


def drafts(articles: Sequence[Article]) -> Iterator[Draft]:
    """Drafts in an order worth reading: from every article in turn, questions before clozes, a refusal after each four."""
    material = Material(articles)
    by_article = [_of_article(material, number) for number in range(len(articles))]
    questions = [[one for one in found if one.kind != "cloze"] for found in by_article]
    clozes = [[one for one in found if one.kind == "cloze"] for found in by_article]
    ordered = [*_in_turn(questions), *_in_turn(clozes)]
    refusals = iter(list(_refusals(material, questions)))
    for number, one in enumerate(ordered, start=1):
        yield one
        if number % 4 == 0 and (refusal := next(refusals, None)):
            yield refusal
    yield from refusals


def stems(text: str) -> set[str]:
    """What a text is about: the stems of its telling words."""
    return {token.stem for token in tokenize(text) if token.text.lower() not in STOP_WORDS or token.text.isupper()}


def question_of(sentence: str, common: Set[str]) -> tuple[str, str] | None:
    """(kind, question) that a sentence answers; None where no template fits it well."""
    text = plain(sentence)
    if not text:
        return None
    candidates: list[tuple[str, str | None]] = []
    if found := clause_of(text, common):
        candidates = [("number", _how_many(found)), ("time", _when(found)), ("name", _who_said(found, text))]
    candidates.append(("number", _how_many_subject(text, common)))
    candidates.append(("cloze", _cloze(text, common)))
    return next(((kind, question) for kind, question in candidates if question and _reads_well(question)), None)


def _of_article(material: Material, number: int) -> list[Draft]:
    article = material.articles[number]
    found = []
    for sentence in dict.fromkeys(material.sentences[number]):
        made = question_of(sentence, material.common) if sentence != article.title else None
        if made and not material.alike(stems(made[1])) - {" ".join(sentence.split())}:
            found.append(Draft(made[0], made[1], sentence, article.title))
    return found


def _how_many(clause: Clause) -> str | None:
    """ "Jets have carried out 36 strikes over Sirte" → "How many strikes have jets carried out over Sirte?" """
    rest = first_part(clause.rest)
    words = rest.split()
    before: list[str] = []
    while words and len(before) < 2 and (PARTICIPLE.match(words[0]) or (before and words[0] in PARTICLE)):
        before.append(words.pop(0))
    if clause.verb in BE or (clause.verb not in BE and bool(before) != _takes_participle(clause.verb)):
        return None
    match = COUNTED.match(" ".join(words))
    if not match or SPAN.search(match.group(1)) or has_verb(match.group(2)):
        return None
    asked = clause.asked(" ".join(part for part in (*before, match.group(2)) if part))
    return f"How many {match.group(1)} {asked}{_lead(clause)}?"


def _how_many_subject(text: str, common: Set[str]) -> str | None:
    """ "Khalifa said 16 fighters had been killed" → "How many fighters had been killed, according to Khalifa?" """
    speaker, said = "", text.rstrip(".")
    if match := re.match(rf"^((?:\S+\s){{1,6}}?)(?:{'|'.join(SAYING)})\s(?:that\s)?(?={HEDGE}{NUMBER}\s)(.*)$", said):
        clause = clause_of(text, common)
        speaker, said = (clause.subject if clause else ""), match.group(2)
        if not speaker:
            return None
    said = said[:1].lower() + said[1:]
    counted = COUNTED.match(first_part(said))
    if not counted or SPAN.search(counted.group(1)):
        return None
    verb, _, rest = counted.group(2).partition(" ")
    if not has_verb(verb) or len(rest.split()) < 2 - bool(speaker):
        return None
    return f"How many {counted.group(1)} {verb} {rest}{f', according to {speaker}' if speaker else ''}?"


def _when(clause: Clause) -> str | None:
    """ "Pro-GNA forces entered Sirte in June" → "When did pro-GNA forces enter Sirte?" """
    rest = first_part(clause.rest)
    for match in chain(TIME.finditer(clause.lead), TIME.finditer(rest)):
        before, _, after = rest.partition(match.group()) if match.string == rest else (rest, "", "")
        preposition = match.group().split()[0].lower()
        if preposition not in ASKED_TIME or not MONTH_OR_YEAR.search(match.group()) or TIME.search(before + after):
            continue
        kept = " ".join(f"{before} {after}".split())
        if (len(kept.split()) < 2 and clause.verb not in BE) or not kept or kept.split()[-1] in STOP_WORDS:
            continue
        return f"{ASKED_TIME[preposition]} {clause.asked(kept)}?"
    return None


def _who_said(clause: Clause, text: str) -> str | None:
    """ "Unity head Fayez al-Sarraj said that …" → "Who said that …?", where a name says it and the words are plain."""
    match = re.search(rf"\b{re.escape(clause.verb)}\s+(?:\S+day\s+)?that\s+(.*)\.$", text)
    if clause.verb not in SAYING or not match or not re.search(r"(?:^|\s)[A-Z][a-z]+(?:\s(?:al-)?[A-Z]|$)", clause.subject):
        return None
    said = match.group(1)
    return f"Who {clause.verb} that {said}?" if "," not in said and len(said.split()) >= 6 else None


def _cloze(text: str, common: Set[str]) -> str | None:
    """The sentence with its number, or the longest name within it, left blank."""
    text = text.rstrip(".")
    tokens = [token for token in tokenize(text)[1:] if text.count(token.text) == 1]
    numbers = [(t.start, t.end) for t in tokens if is_number(t) and re.fullmatch(NUMBER, t.text)]
    numbers = [span for span in numbers if not TIME.search(text[max(0, span[0] - 12) : span[1] + 12])]
    names = [match.span() for match in re.finditer(NAME, text) if match.start() and text.count(match.group()) == 1]
    names = [span for span in names if not TIME.fullmatch(text[slice(*span)])]
    if not (numbers or names):
        return None
    start, end = numbers[0] if numbers else max(names, key=lambda span: span[1] - span[0])
    first, _, others = f"{text[:start]}{BLANK}{text[end:]}".partition(" ")
    small = first.lower() in common and not first.isupper()
    return f"According to the article, {first.lower() if small else first} {others}."


def _refusals(material: Material, questions: Sequence[Sequence[Draft]]) -> Iterator[Draft]:
    """Questions with a place of another article in the place of their own: no sentence should speak of both."""
    places = [dict.fromkeys(PLACE.findall(" ".join(group))) for group in material.sentences]
    for number, found in enumerate(questions):
        for place, draft in enumerate(found):
            match = PLACE.search(draft.question)
            foreign = [
                name
                for other, names in enumerate(places)
                for preposition, name in names
                if match and other != number and preposition == match.group(1) and _is_foreign(material, number, name)
            ]
            if match and foreign and not MONTH_OR_YEAR.search(match.group()):
                name = foreign[(number + place) % len(foreign)]
                question = draft.question[: match.start(2)] + name + draft.question[match.end(2) :]
                if not material.alike(stems(name) | set(sorted(stems(draft.question) - stems(match.group(2)))[:2])):
                    yield Draft("refusal", question, "", draft.title, refuse=True)


def _is_foreign(material: Material, number: int, name: str) -> bool:
    """Whether an article never speaks of a name, which is no time and no word that only begins a sentence."""
    own = stems(" ".join(material.sentences[number]))
    return not TIME.search(name) and name.lower() not in material.common and not stems(name) & own


def _reads_well(question: str) -> bool:
    telling = stems(question.replace(BLANK, ""))
    return (
        len(telling) >= LEAST_TELLING
        and len(question.split()) <= LONGEST_QUESTION
        and not POINTING.search(question)
        and (question.startswith("According") or not TIME_OF_DAY.search(question))
    )


def _takes_participle(verb: str) -> bool:
    return verb in ("has", "have", "had")


def _lead(clause: Clause) -> str:
    return f" {clause.lead}" if clause.lead else ""


def _in_turn(groups: Iterable[Iterable[Draft]]) -> Iterator[Draft]:
    return (one for row in zip_longest(*groups) for one in row if one)
