"""What a writer is given: numbered sentences of the passages, the question, the conversation."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from index.records import Article, Passage
from index.tokens import count_tokens
from rag.reading.lexicon import tokenize
from rag.reading.question import Question, analyse, correct_typos
from rag.records import Citation, Turn

FIRST_NUMBER = 11
HISTORY_TURNS = 3
LONGEST_TURN = 300  # characters of an earlier answer, where a question is made to stand alone
REFUSAL = "The articles do not say."
# The numbers in brackets that `rag.citations` would read as citations; a year is none of them.
FOOTNOTE_MARK = re.compile(
    r"\s?[\[【［]\s*(?:sentences?\s*|source\s*|[#^]\s*)?0*\d{1,3}"
    r"(?:\s*(?:,\s*and\b|[-–,;&/]|\band\b|\bto\b)\s*[#^]?0*\d{1,3})*\s*[\]】］]",
    re.IGNORECASE,
)
TAG = re.compile(r"[<＜﹤](?=[\s/|｜!<]*[^\W\d])")
CHAT_MARK = re.compile(r"\[(/?[A-Z][A-Z_]+)\]")  # "[INST]", which some models take for the start of a turn
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# Characters without a shape of their own: zero-width, directions, tags, selectors. Joiners stay where a script that
# is not Latin needs them, between two of its letters.
UNSEEN = re.compile(
    r"[\xad\u061c\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    r"\U000e0000-\U000e0fff]|(?<![^\W\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\W\x00-\x7f])"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that may be cited, under the number that a writer knows it by."""

    number: int
    article: Article
    start: int
    end: int
    before: str
    passage_score: float

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]

    def cite(self, number: int) -> Citation:
        """This sentence as a citation with the number that people see."""
        article = self.article
        where = article.id, article.title, article.date, article.source
        page = article.page(self.start)
        return Citation(number, *where, self.start, self.end, self.text, article.sources[1:], page)


def wording(text: str) -> str:
    """A sentence on one line, without an article's own footnote marks ("[12]"), which would be taken for citations."""
    while (without := FOOTNOTE_MARK.sub("", text)) != text:  # "[[1]2]" leaves another one
        text = without
    return " ".join(text.split())


def harmless(text: str) -> str:
    """What a model is shown of a text that somebody else wrote: one line that can be taken for nothing but a line.

    Unseen characters and footnote marks are gone, and what could open or close a tag or a turn of the chat has another
    bracket. Only the model sees this; people see the text as it stands.
    """
    seen = wording(CONTROL.sub(" ", UNSEEN.sub("", text)))
    return CHAT_MARK.sub(r"(\1)", TAG.sub("‹", seen))


@dataclass(frozen=True, slots=True)
class Task:
    """Everything that a writer may use."""

    question: str
    asked: Question
    sentences: Mapping[int, Sentence]
    history: Sequence[Turn] = ()


def make_task(
    question: str, passages: Sequence[Passage], earlier: Sequence[str] = (), history: Sequence[Turn] = ()
) -> Task:
    """What a writer needs to answer from these passages; `earlier` are the questions that this one leans on."""
    sentences = number_sentences(passages)
    known = [token for sentence in sentences.values() for token in tokenize(sentence.text)]
    return Task(question, correct_typos(analyse(question, earlier), known), sentences, tuple(history))


def number_sentences(passages: Sequence[Passage]) -> dict[int, Sentence]:
    """The passages' sentences by number.

    Each passage starts a new ten: the numbers that a model makes up (1, 2, 3) are none of ours, and the gaps catch
    those that it counts on by itself.
    """
    best = max((passage.score for passage in passages), default=1.0) or 1.0
    numbered: dict[int, Sentence] = {}
    number = FIRST_NUMBER
    for passage in passages:
        text, before = passage.article.text, ""
        for start, end in passage.chunk.sentences:
            numbered[number] = Sentence(number, passage.article, start, end, before, passage.score / best)
            before = text[start:end]
            number += 1
        number += 10 - (number - FIRST_NUMBER) % 10
    return numbered


@cache
def rules(name: str, package: str = "rag") -> str:
    """What a model is told, a readable text file in the package's folder `prompts`."""
    text = files(package).joinpath("prompts", f"{name}.md").read_text("utf-8")
    return text.replace("{refusal}", REFUSAL).strip()


def prompt_versions(package: str = "rag") -> dict[str, str]:
    """A package's prompts, each with its version: the start of its own hash, which nobody forgets to raise."""
    names = sorted(Path(file.name).stem for file in files(package).joinpath("prompts").iterdir())
    return {f"{package}/{name}": sha256(rules(name, package).encode()).hexdigest()[:12] for name in names}


def rewrite_messages(question: str, history: Sequence[Turn]) -> list[dict[str, str]]:
    """What a model is told that is to make a question stand alone."""
    latest = history[-HISTORY_TURNS:]
    told = [f"Question: {turn.question}\nAnswer: {harmless(turn.text)[:LONGEST_TURN]}" for turn in latest]
    return [
        {"role": "system", "content": rules("rewrite")},
        {"role": "user", "content": "\n\n".join([*told, f"Last question: {question}"])},
    ]


def within_budget(task: Task, prompt_tokens: int) -> Task:
    """The task with what fits into about `prompt_tokens`: the latest turns, at most a third, and the best passages."""
    room = prompt_tokens - sum(map(count_tokens, (rules("instructions"), rules("question"), task.question)))
    history: list[Turn] = []
    for_history = room // 3
    for turn in reversed([turn for turn in task.history if turn.text][-HISTORY_TURNS:]):
        for_history -= count_tokens(turn.question) + count_tokens(turn.text)
        if for_history < 0:
            break
        history.insert(0, turn)
        room -= count_tokens(turn.question) + count_tokens(turn.text)
    kept: dict[int, Sentence] = {}
    for number, line in _lines(task.sentences):
        room -= count_tokens(line)
        if room < 0 and kept:
            break
        kept[number] = task.sentences[number]
    return replace(task, sentences=kept, history=tuple(history))


def messages(task: Task) -> list[dict[str, str]]:
    """The chat messages for a model; the numbers of earlier answers are left out, since they mean nothing here."""
    chat = [{"role": "system", "content": rules("instructions")}]
    for turn in task.history:
        chat += [{"role": "user", "content": turn.question}, {"role": "assistant", "content": harmless(turn.text)}]
    sentences = "\n".join(line for _, line in _lines(task.sentences)).strip()
    asked = rules("question").format(sentences=sentences, question=task.question)
    return [*chat, {"role": "user", "content": asked}]


def _lines(sentences: Mapping[int, Sentence]) -> Iterator[tuple[int, str]]:
    """Each sentence with its number, under the title and date of its article where a passage begins."""
    for number, sentence in sentences.items():
        article = sentence.article
        head = "" if sentence.before else f"\n# {harmless(article.title)} ({article.date or 'undated'})\n"
        yield number, f"{head}[{number}] {harmless(sentence.text)}"
