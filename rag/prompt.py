"""What a writer is given: numbered sentences of the passages, the question, the conversation."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files

from index.records import Article, Passage
from index.tokens import count_tokens
from rag.lexicon import tokenize
from rag.question import Question, analyse, correct_typos
from rag.records import Citation, Turn

FIRST_NUMBER = 11
HISTORY_TURNS = 3
LONGEST_TURN = 300  # characters of an earlier answer, where a question is made to stand alone
REFUSAL = "The articles do not say."


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
    return " ".join(re.sub(r"\s?\[\s?\d{1,3}(?:\s?[,–-]\s?\d{1,3})*\s?\]", "", text).split())


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


def rules() -> str:
    """The instructions, a readable text file."""
    return files("rag").joinpath("instructions.md").read_text("utf-8").replace("{refusal}", REFUSAL).strip()


def rewrite_messages(question: str, history: Sequence[Turn]) -> list[dict[str, str]]:
    """What a model is told that is to make a question stand alone."""
    rules = files("rag").joinpath("rewrite.md").read_text("utf-8").strip()
    told = [f"Question: {turn.question}\nAnswer: {turn.text[:LONGEST_TURN]}" for turn in history[-HISTORY_TURNS:]]
    return [
        {"role": "system", "content": rules},
        {"role": "user", "content": "\n\n".join([*told, f"Last question: {question}"])},
    ]


def within_budget(task: Task, prompt_tokens: int) -> Task:
    """The task with what fits into about `prompt_tokens`: the latest turns, at most a third, and the best passages."""
    room = prompt_tokens - count_tokens(rules()) - count_tokens(task.question)
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
    chat = [{"role": "system", "content": rules()}]
    for turn in task.history:
        chat += [{"role": "user", "content": turn.question}, {"role": "assistant", "content": wording(turn.text)}]
    sentences = "\n".join(line for _, line in _lines(task.sentences)).strip()
    chat.append({"role": "user", "content": f"<articles>\n{sentences}\n</articles>\n\nQuestion: {task.question}"})
    return chat


def _lines(sentences: Mapping[int, Sentence]) -> Iterator[tuple[int, str]]:
    """Each sentence with its number, under the title and date of its article where a passage begins."""
    for number, sentence in sentences.items():
        head = "" if sentence.before else f"\n# {sentence.article.title} ({sentence.article.date or 'undated'})\n"
        yield number, f"{head}[{number}] {wording(sentence.text)}"
