"""Articles of any kind → texts of the size that is sent, their sentences, and the names and words they have."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import unescape
from pathlib import Path
from random import Random

from evals.make_cases import read_articles
from evals.sets import DOCUMENTS, documents
from evals.shapes import load_set
from index.errors import ConfigError
from index.records import Span
from index.sentences import sentence_runs
from index.terms import STOP_WORDS
from rag.offers.templates import NAME
from rag.reading.quantities import TIME

LONGEST_TEXT = 6_000  # characters: as much of an article as is sent at once
MOST_CHARACTERS = 1_500_000  # of a large collection; from everywhere in it
LEAST_WORDS, MOST_WORDS = 7, 60
TOKEN = re.compile(r"(?<!\w)[-−+]?\d+(?:[.,]\d+)*|[^\W_]+|[$€£¥%°]")
FOOTNOTE = re.compile(r"\[\s?\d{1,3}\s?\]")
NAMED = re.compile(rf"(?<=[a-z,] )(?:{NAME})")
SAYING = (
    r"(?:said|says|told|claimed|claims|announced|argued|argues|warned|believed|believes|wrote|stated|suggested"
    r"|proposed|concluded|explained|insisted|noted)"
)
SAID = "said"  # stands for the word before the names of those who say something
BEFORE_NAME = frozenset("about against and at by for from in near of on over the to with".split())
LEAST_FREQUENT = 2  # times that a word stands in the texts


@dataclass(frozen=True, slots=True)
class Text:
    """An article, or as much of it as is sent at once; `sentences` are spans of `text`."""

    id: str
    title: str
    text: str
    sentences: tuple[Span, ...]

    def sentence(self, number: int) -> str:
        start, end = self.sentences[number]
        return self.text[start:end]


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence of the corpus."""

    text: Text
    number: int

    @property
    def sentence(self) -> str:
        return self.text.sentence(self.number)

    def neighbour(self, step: int) -> "Place | None":
        number = self.number + step
        return Place(self.text, number) if 0 <= number < len(self.text.sentences) else None


@dataclass(frozen=True)
class Corpus:
    """Texts, and what can be put in the place of a name or a word."""

    texts: Sequence[Text]

    @cached_property
    def names(self) -> dict[tuple[str, int], list[str]]:
        """The names by the word before them, where that says what they are, and their number of words."""
        found: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
        for text in self.texts:
            for start, end in names_in(text.text):
                name = text.text[start:end]
                if name.lower() in self.small:
                    continue  # a word with a capital for another reason
                words = len(name.split())
                found[before_name(text.text, start), words][name] += 1
                if re.match(rf" {SAYING}\b", text.text[end : end + 12]):
                    found[SAID, words][name] += 1
        return {key: sorted(counts) for key, counts in found.items()}

    @cached_property
    def small(self) -> Counter[str]:
        """The words in small letters, and how many times each stands there."""
        return Counter(word for text in self.texts for word in re.findall(r"(?<![\w’'-])[a-z]{4,}\b", text.text))

    @cached_property
    def frequent(self) -> dict[str, list[str]]:
        """Those that stand more than once, by their last two letters."""
        found = defaultdict(list)
        for word in sorted(word for word, times in self.small.items() if times >= LEAST_FREQUENT):
            found[word[-2:]].append(word)
        return dict(found)


@dataclass(frozen=True, slots=True)
class Subject:
    """Words to change, and where they are from."""

    words: str
    home: Text
    corpus: Corpus


def read_corpus(paths: Sequence[Path], seed: int = 0) -> Corpus:
    """The texts of articles, of BEIR folders and of files like RAMDocs's.

    Raises:
        ConfigError: there is no text in any of them.
        LoadError: at a path are no articles.
    """
    found = list(make_texts(whole for path in paths for whole in _whole(path)))
    Random(seed).shuffle(found)
    kept, characters = [], 0
    for text in found:
        if characters + len(text.text) <= MOST_CHARACTERS:
            kept.append(text)
            characters += len(text.text)
    if not kept:
        raise ConfigError("There is no text to make pairs of.", "Give a file or folder with articles.")
    return Corpus(kept)


def _whole(path: Path) -> Iterator[tuple[str, str, str]]:
    """Id, title and text of each article."""
    if path.is_dir() and any((path / name).is_file() for name in DOCUMENTS):
        return ((one.id, one.title, one.text) for one in documents(path))
    if path.suffix == ".jsonl":
        return ((one.id, one.title, one.text) for one in load_set(path).documents or ())
    return ((one.id, one.title, one.text) for one in read_articles([path]))


def make_texts(whole: Iterable[tuple[str, str, str]]) -> Iterator[Text]:
    """Texts of id, title and text; a long one is cut between sentences, and its parts are numbered."""
    for id, title, text in whole:
        parts: list[list[Span]] = [[]]
        for start, end in (span for run in sentence_runs(text) for span in run):
            if parts[-1] and end - parts[-1][0][0] > LONGEST_TEXT:
                parts.append([])
            parts[-1].append((start, end))
        for number, spans in enumerate(parts):
            if spans:
                first, last = spans[0][0], spans[-1][1]
                shifted = tuple((start - first, end - first) for start, end in spans)
                yield Text(f"{id}#{number}" if number else id, title, text[first:last], shifted)


def usable(text: Text) -> list[Place]:
    """The sentences that say something: neither a heading nor a table."""
    places = [Place(text, number) for number in range(len(text.sentences))]
    return [
        place
        for place in places
        if LEAST_WORDS <= len(place.sentence.split()) <= MOST_WORDS and re.search(r"[.!][\"'”’)\]\d]*$", place.sentence)
    ]


def names_in(text: str) -> list[Span]:
    """The names within sentences, without a possessive ending; no times, and none that begins a sentence."""
    found = []
    for match in NAMED.finditer(text):
        name = re.sub(r"['’]s?$", "", match.group())
        if re.search(r"\b[A-Z][\w.]* $", text[max(0, match.start() - 20) : match.start()]):
            continue  # the rest of a name that begins a sentence
        if (
            len(name) > 1
            and name == " ".join(name.split())
            and not TIME.search(name)
            and not re.match(r"(?:The|A|An|I|It|He|She|They|We)\b", name)
        ):
            found.append((match.start(), match.start() + len(name)))
    return found


def before_name(text: str, start: int) -> str:
    """The word before a name, where it is one that tells what can stand there; else ""."""
    word = text[max(0, start - 12) : start].split()[-1:]
    return word[0] if word and word[0] in BEFORE_NAME else ""


def bare(text: str) -> str:
    """Letters and digits alone, in one form: what typography never changes."""
    plain = unicodedata.normalize("NFKC", FOOTNOTE.sub("", unescape(text))).casefold()
    return "".join(letter for letter in unicodedata.normalize("NFKC", plain) if letter.isalnum())


@lru_cache(maxsize=10_000)
def meaning(text: str) -> str:
    """Words and numbers with spaces around each: a change of meaning changes these."""
    plain = unicodedata.normalize("NFKC", FOOTNOTE.sub("", unescape(text))).casefold().replace("−", "-")
    return f" {' '.join(TOKEN.findall(plain))} "


def telling(text: str) -> set[str]:
    return {word for word in meaning(text).split() if word not in STOP_WORDS}


def holds(text: str, words: str) -> bool:
    """Whether a text has these words and numbers one after the other."""
    return meaning(words) in meaning(text)


def put(text: str, match: re.Match[str], new: str) -> str:
    """The text with something new in place of what matches."""
    return f"{text[: match.start()]}{new}{text[match.end() :]}"
