"""Sentences of articles → words that their text holds and words that it does not, each with what it is held against.

All is drawn by a seed. A false pair that its text should hold after all is left out, and so is one made twice.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import islice
from random import Random
from typing import Literal

from evals.contraries import Change
from evals.corpus import Corpus, Place, Subject, Text, holds, meaning, telling, usable
from evals.falsehoods import FALSE, MISWORDED
from evals.rewordings import TRUE
from evals.typography import HELD, WRITTEN, retyped, several, stretch
from evals.typography import Change as Retype
from rag.prompt import wording
from rag.records import Citation

Check = Literal["quotes", "claims"]
ACCEPTED = frozenset({"exact", "folded"})
REFUSED = frozenset({"misattributed", "stitched", "not found"})
CARRIED = frozenset({"supported", "partial"})  # a true claim may lose something, and no more
DENIED = frozenset({"partial", "unsupported"})
PASSES = 3  # over the sentences: a change may fall on another word each time
OTHERS = 4  # texts sent beside the one
MOST_HELD = 500  # sentences that hold a word: one that more of them hold says nothing
LEAST_PART = 7  # words of a part of a sentence that is still changed
RETYPED = 0.3  # of the false pairs: their typography is changed too
REWORDED = 0.4  # of the false claims: they are made from another wording
LEAST_OWN = 3  # words of a claim that the sentence cited for it lacks


@dataclass(frozen=True, slots=True)
class Pair:
    """Words, and what they are held against: the texts sent and the ids cited of them, or the sentences cited.

    `original` is the sentence of the text `home` that the words were made from; `wanted` are the verdicts that are
    right.
    """

    id: str
    check: Check
    kind: str
    is_true: bool
    words: str
    original: str
    home: str
    wanted: frozenset[str]
    texts: Mapping[str, str]
    cited: tuple[str, ...] = ()
    quotes: tuple[Citation, ...] = ()

    @property
    def group(self) -> str:
        return f"{'true' if self.is_true else 'false'} {self.check}"


Make = Callable[["Generator", Place, Random], Pair | None]


def make_pairs(corpus: Corpus, count: int, seed: int = 0) -> Iterator[Pair]:
    """At most `count` pairs, a quarter of each group as far as the texts go, all kinds of a group in turn."""
    generator = Generator(corpus)
    for name, group in GROUPS.items():
        streams = [generator.stream(make, f"{seed} {name} {kind}") for kind, make in group.items()]
        yield from islice(_in_turn(streams), count // len(GROUPS))


def _in_turn(streams: Iterable[Iterator[Pair]]) -> Iterator[Pair]:
    """One of each, again and again, until all are at their end."""
    waiting = deque(streams)
    while waiting:
        stream = waiting.popleft()
        if (pair := next(stream, None)) is not None:
            yield pair
            waiting.append(stream)


@dataclass(frozen=True)
class Generator:
    """Makes the pairs of one corpus."""

    corpus: Corpus

    @cached_property
    def places(self) -> list[Place]:
        return [place for text in self.corpus.texts for place in usable(text)]

    @cached_property
    def holding(self) -> dict[str, list[int]]:
        """Word → the numbers of the places that hold it."""
        found = defaultdict(list)
        for number, place in enumerate(self.places):
            for word in telling(place.sentence):
                found[word].append(number)
        return found

    def stream(self, make: Make, seed: str) -> Iterator[Pair]:
        """The pairs of a kind, no two alike."""
        random = Random(seed)
        seen: set[tuple[object, ...]] = set()
        places = self.places
        for _ in range(PASSES):
            fruitful = []  # where nothing could be made, nothing can the next time
            for place in random.sample(places, len(places)):
                if not (pair := make(self, place, random)):
                    continue
                fruitful.append(place)
                if (key := (pair.words, pair.texts.get(pair.home), pair.quotes)) not in seen:
                    seen.add(key)
                    yield replace(pair, id=f"{pair.group}, {pair.kind}, {len(seen)}")
            places = fruitful

    def sent(self, home: Text, random: Random) -> dict[str, str]:
        """A text among some others, at no place of its own."""
        others = random.sample(self.corpus.texts, min(OTHERS, len(self.corpus.texts)))
        found = [home, *(one for one in others if one.id != home.id)]
        return {one.id: one.text for one in random.sample(found, len(found))}

    def quoted(self, kind: str, place: Place, words: str, random: Random, *, is_true: bool) -> Pair:
        """Words between marks with their own text cited, and at times another one."""
        texts = self.sent(place.text, random)
        more = random.choice(list(texts))
        cited = tuple(dict.fromkeys([place.text.id, *([more] if random.random() < 0.3 else [])]))
        right = ACCEPTED if is_true else REFUSED
        return Pair("", "quotes", kind, is_true, words, place.sentence, place.text.id, right, texts, cited)

    def beside(self, place: Place, random: Random) -> list[Place]:
        """The place, and at times one next to it, in any order."""
        other = place.neighbour(random.choice([-1, 1])) if random.random() < 0.3 else None
        found = [place, other] if other else [place]
        return random.sample(found, len(found))

    def closest(self, place: Place) -> Place | None:
        """The sentence of another text that shares the most words."""
        shared: Counter[int] = Counter()
        for word in sorted(telling(place.sentence)):
            if len(numbers := self.holding[word]) <= MOST_HELD:
                shared.update(dict.fromkeys(numbers, 1))
        apart = (self.places[number] for number, _ in shared.most_common())
        return next((one for one in apart if one.text.title != place.text.title and one.text.id != place.text.id), None)


def cite(place: Place, number: int) -> Citation:
    start, end = place.text.sentences[place.number]
    text = place.text
    return Citation(number, text.id, text.title, None, text.id, start, end, place.sentence)


def claimed(kind: str, place: Place, words: str, cited: Sequence[Place], *, is_true: bool) -> Pair:
    quotes = tuple(cite(one, number) for number, one in enumerate(cited, start=1))
    wanted = CARRIED if is_true else DENIED
    return Pair("", "claims", kind, is_true, words, place.sentence, place.text.id, wanted, {}, quotes=quotes)


def true_quote(kind: str, generator: Generator, place: Place, random: Random) -> Pair | None:
    """Typography alone is changed: of the words, or of the text that holds them."""
    if kind in HELD:
        held = HELD[kind](place.sentence, random)
        if held == place.sentence:
            return None
        pair = generator.quoted(kind, place, place.sentence, random, is_true=True)
        start, end = place.text.sentences[place.number]
        whole = f"{place.text.text[:start]}{held}{place.text.text[end:]}"
        return replace(pair, texts={**pair.texts, place.text.id: whole})
    words = WRITTEN_TOO[kind](place.sentence, random)
    if not words or (words == place.sentence and kind != "itself"):
        return None
    return generator.quoted(kind, place, words, random, is_true=True)


def false_quote(kind: str, generator: Generator, place: Place, random: Random) -> Pair | None:
    """Another meaning, or words that are not so in the text: of a whole sentence or of a part."""
    part = stretch(place.sentence, random) if random.random() < 0.3 else ""
    base = part if len(part.split()) > LEAST_PART else place.sentence
    words = MISQUOTED[kind](Subject(base, place.text, generator.corpus), random)
    if not words or meaning(words) == meaning(base):
        return None
    pair = generator.quoted(kind, place, words, random, is_true=False)
    if any(holds(pair.texts[id], words) for id in pair.cited):
        return None
    return replace(pair, words=retyped(words, random)) if random.random() < RETYPED else pair


def wrong_text(kind: str, generator: Generator, place: Place, random: Random) -> Pair | None:
    """True words of one text beside another: that was sent too, or was not."""
    texts = generator.sent(place.text, random)
    others = [id for id in texts if id != place.text.id]
    if not others:
        return None
    if kind == "text not sent":
        del texts[place.text.id]
    cited = tuple(random.sample(others, min(len(others), random.randint(1, 2))))
    words = stretch(place.sentence, random) if random.random() < 0.5 else place.sentence
    unheard = others if kind == "text not sent" else cited
    if len(words.split()) < 6 or any(holds(texts[id], words) for id in unheard):
        return None
    wanted = frozenset({"not found" if kind == "text not sent" else "misattributed"})
    return Pair("", "quotes", kind, False, words, place.sentence, place.text.id, wanted, texts, cited)


def true_claim(kind: str, generator: Generator, place: Place, random: Random) -> Pair | None:
    """The sentence, or the same in other words; at times another one is cited beside it."""
    sentence = wording(place.sentence)
    words = TRUE[kind](Subject(sentence, place.text, generator.corpus), random)
    if not words or (words == sentence and kind != "itself"):
        return None
    return claimed(kind, place, words, generator.beside(place, random), is_true=True)


def false_claim(kind: str, generator: Generator, place: Place, random: Random) -> Pair | None:
    """A change of meaning, in the sentence itself or in a true rewording of it."""
    base = wording(place.sentence)
    if random.random() < REWORDED:
        reword = TRUE[random.choice([one for one in TRUE if one != "typeset"])]
        base = reword(Subject(base, place.text, generator.corpus), random) or base
    words = FALSE[kind](Subject(base, place.text, generator.corpus), random)
    cited = generator.beside(place, random)
    if not words or meaning(words) == meaning(base) or any(holds(one.sentence, words) for one in cited):
        return None
    words = retyped(words, random) if random.random() < RETYPED else words
    return claimed(kind, place, words, cited, is_true=False)


def wrong_sentence(kind: str, generator: Generator, place: Place, random: Random) -> Pair | None:
    """A true sentence with another one cited for it, which lacks some of its words."""
    other = generator.closest(place) if kind == "closest sentence" else place.neighbour(random.choice([-1, 1]))
    words = wording(place.sentence)
    if other is None or len(telling(words) - telling(f"{other.sentence} {other.text.title}")) < LEAST_OWN:
        return None
    return claimed(kind, place, words, [other], is_true=False)


WRITTEN_TOO: Mapping[str, Retype] = {"itself": lambda text, _: text, **WRITTEN, "several": several}
MISQUOTED: Mapping[str, Change] = {**FALSE, **MISWORDED}
GROUPS: Mapping[str, Mapping[str, Make]] = {
    "true quotes": {kind: partial(true_quote, kind) for kind in (*WRITTEN_TOO, *HELD)},
    "false quotes": {
        **{kind: partial(false_quote, kind) for kind in MISQUOTED},
        **{kind: partial(wrong_text, kind) for kind in ("text not cited", "text not sent")},
    },
    "true claims": {kind: partial(true_claim, kind) for kind in TRUE},
    "false claims": {
        **{kind: partial(false_claim, kind) for kind in FALSE},
        **{kind: partial(wrong_sentence, kind) for kind in ("next sentence", "closest sentence")},
    },
}
