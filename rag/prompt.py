"""What a writer is given: numbered sentences of the passages, the question, the conversation."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from index.records import Article, Passage
from index.tokens import count_tokens
from rag.question import Question
from rag.records import Citation, Turn

FIRST_NUMBER = 11
HISTORY_TURNS = 3
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
        return Citation(number, *where, self.start, self.end, self.text)


def wording(text: str) -> str:
    """A sentence on one line, without an article's own footnote marks ("[12]"), which would be taken for citations."""
    return " ".join(re.sub(r"\s?\[\d{1,3}(?:[,–-]\s?\d{1,3})*\]", "", text).split())


@dataclass(frozen=True, slots=True)
class Task:
    """Everything that a writer may use."""

    question: str
    asked: Question
    sentences: Mapping[int, Sentence]
    history: Sequence[Turn] = ()


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


def messages(task: Task, prompt_tokens: int) -> list[dict[str, str]]:
    """Chat messages within about `prompt_tokens`; the least useful passages are left out first."""
    head = rules()
    history = [turn for turn in task.history if turn.text][-HISTORY_TURNS:]
    room = prompt_tokens - count_tokens(head) - count_tokens(task.question)
    room -= sum(count_tokens(turn.question) + count_tokens(turn.text) for turn in history)
    lines: list[str] = []
    article_id = ""
    for sentence in task.sentences.values():
        entry = []
        if sentence.article.id != article_id or not sentence.before:
            article_id = sentence.article.id
            entry.append(f"\n# {sentence.article.title} ({sentence.article.date or 'undated'})")
        entry.append(f"[{sentence.number}] {wording(sentence.text)}")
        room -= sum(map(count_tokens, entry))
        if room < 0 and lines:
            break
        lines += entry
    chat = [{"role": "system", "content": head}]
    for turn in history:
        chat += [{"role": "user", "content": turn.question}, {"role": "assistant", "content": turn.text}]
    sentences = "\n".join(lines).strip()
    chat.append({"role": "user", "content": f"<articles>\n{sentences}\n</articles>\n\nQuestion: {task.question}"})
    return chat
