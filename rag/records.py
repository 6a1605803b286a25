"""The one record that leaves this package, and its parts. Frozen and plain; every face reads the same `Answer`."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Protocol

from index.records import NO_FILTERS, Filters, Passage

Support = Literal["supported", "partial", "unsupported"]
Verdict = Literal["exact", "folded", "misattributed", "stitched", "not found"]
Nature = Literal["date", "scope", "open"]


class Turn(Protocol):
    """An earlier question of the conversation and its answer's text; an `Answer` is one."""

    @property
    def question(self) -> str: ...

    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence of an article: `quote == article.text[start:end]`, always.

    `source` is the file's path or the URL, `also` the other ones with the same text; `page` is that of a PDF.
    """

    number: int
    article_id: str
    title: str
    date: str | None
    source: str
    start: int
    end: int
    quote: str
    also: tuple[str, ...] = ()
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of the answer, `answer.text[start:end]`; `citations` are the numbers of what it cites.

    `reason` says why it is not fully supported; of a supported claim, whose word it is where the claim does not say so.
    """

    start: int
    end: int
    citations: tuple[int, ...]
    support: Support
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one citation gives for a thing: "29 strikes", `as_of` "As of Wednesday", and its article's date."""

    citation: int
    value: str
    as_of: str
    date: str | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Different values for one thing among the quotes, newest first.

    `nature` says whether they differ because they speak of different days ("date") or of different parts of the thing
    ("scope"), or whether nothing explains it ("open"); `note` says so in words.
    """

    topic: str
    statements: tuple[Statement, ...]
    nature: Nature = "open"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words that a model put in quotation marks, `answer.text[start:end]` without the marks, and where they stand.

    "folded": up to case, dashes, quotes and white space; "misattributed": in an article that is not cited there;
    "stitched": in pieces only; `citation` is the number of the citation that holds them, where one does.
    """

    start: int
    end: int
    verdict: Verdict
    citation: int | None = None


@dataclass(frozen=True, slots=True)
class TimeReading:
    """What a time in a quote means: "Tuesday" → "Tuesday, 28 February 2023", and from which date that was told.

    `first` and `last` are ISO days, both included; empty where the words give no days, and then `meaning` is too where
    nothing can be told. `reason` says why, and is empty where the words say all themselves ("3 May 2016").
    """

    citation: int
    words: str
    meaning: str
    first: str
    last: str
    reason: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """A sentence or passage that was considered, `article.text[start:end]`, and what became of it, in words.

    `score` compares those of one answer: what speaks for a sentence, or with a model how well its passage was found.
    `fate` is "quoted as [1]", "gives no time", "says nearly the same as [1]", "did not fit into the prompt" and others.
    """

    article_id: str
    start: int
    end: int
    score: float
    fate: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the endpoint counted them."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, whole or (`done` is False) as far as it has come.

    `text` holds display numbers ([1], [2] …) after what they carry. A refusal has `refused=True`, no claims, and the
    closest sentences of the nearest articles in `nearest`. `not_found` lists words of the question that the quotes
    lack, `suggestions` are questions that the articles answer; `correction` says what of the question the quotes deny.
    `weighed` are what was quoted and the best of what was not, with the reason; what a model left aside is not listed.
    `filters` are those that it was asked with. `notice` is one line for the person when something went wrong on the
    way; `cut_off` says that the model broke off or came to its limit. `timings` are the milliseconds of each stage in
    their order ("rewrite", "search", "first token", "write", "select", "check"), those that there were.
    """

    question: str
    searched: str
    text: str = ""
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    times: tuple[TimeReading, ...] = ()
    correction: str = ""
    weighed: tuple[Weighed, ...] = ()
    passages: tuple[Passage, ...] = ()
    refused: bool = False
    nearest: tuple[Citation, ...] = ()
    not_found: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    notice: str = ""
    cut_off: bool = False
    filters: Filters = NO_FILTERS
    writer: str = ""
    usage: Usage | None = None
    timings: dict[str, float] = field(default_factory=dict)
    done: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The whole answer as plain data; a passage has its own text in place of its article's."""
        return {
            **{name: _plain(getattr(self, name)) for name in self.__slots__ if name != "passages"},
            "passages": [_passage(passage) for passage in self.passages],
        }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return asdict(value) if hasattr(value, "__dataclass_fields__") else value


def _passage(passage: Passage) -> dict[str, Any]:
    article = passage.article
    return {
        "chunk": {"id": passage.chunk.id, "start": passage.chunk.start, "end": passage.chunk.end},
        "article": {
            "id": article.id,
            "title": article.title,
            "date": article.date,
            "author": article.author,
            "sources": article.sources,
            "url": article.url,
        },
        "text": passage.text,
        "score": passage.score,
        "dense": passage.dense,
        "lexical": passage.lexical,
    }
