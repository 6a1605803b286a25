"""An answer as a browser keeps it, and back again. What comes back may be anything, and is believed in nothing.

The texts stay here: a kept passage is an offset into an article. What a quote is from is read anew from the index. An
article that is no longer there, or in which a quote does not stand, is not attached: `ui.render.lines.gone` says so.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

from pydantic import TypeAdapter, ValidationError

from index.errors import FootnoteError
from index.records import Article, Chunk, Passage
from rag.prompt import Sentence
from rag.records import Answer, Citation

LONGEST = 200_000  # bytes of a kept answer; those about the seeds have up to 5,000
MOST_FOUND = 100  # passages and sentences considered; a setting allows 50 passages, a model may quote any of them
LARGEST = 10_000_000  # of any number that is counted

Find = Callable[[str], Article | None]  # by id


@dataclass(frozen=True, slots=True)
class _Kept:
    """A passage without its text: `article.text[start:end]`."""

    id: str
    article_id: str
    start: int
    end: int
    score: float
    dense: float
    lexical: float


ANSWER = TypeAdapter(Answer)
PASSAGES = TypeAdapter(tuple[_Kept, ...])


def kept(answer: Answer) -> dict[str, Any]:
    """The answer as plain data without the texts of its passages; what is empty is left out."""
    passages = [
        {
            "id": one.chunk.id,
            "article_id": one.article.id,
            "start": one.chunk.start,
            "end": one.chunk.end,
            "score": one.score,
            "dense": one.dense,
            "lexical": one.lexical,
        }
        for one in answer.passages
    ]
    return {name: value for name, value in (answer.to_dict() | {"passages": passages}).items() if value}


def restored(data: Any, article: Find) -> Answer:
    """The answer that was kept; `article` finds one in the index, as `Index.article` does.

    A chunk comes back without its sentences. The answer's own words are taken as they are: they are not checked again.

    Raises:
        FootnoteError: the data is no answer that was kept; nothing of it is in the message.
    """
    fields = _plain(data)
    try:
        answer = ANSWER.validate_json(_json(fields | {"passages": []}), strict=True)
        passages = PASSAGES.validate_json(_json(fields.get("passages", [])), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise _unusable(f"{(*first['loc'], 'passages')[0]}: {first['msg']}") from error
    for problem in _problems(answer, passages):
        raise _unusable(problem)
    quotes = (*answer.citations, *answer.nearest)
    wanted = dict.fromkeys([*(one.article_id for one in quotes), *(one.article_id for one in passages)])
    found = {key: one for key in wanted if (one := article(key)) and _holds(one, quotes, passages)}
    return replace(
        answer,
        citations=tuple(_renewed(one, found) for one in answer.citations),
        nearest=tuple(_renewed(one, found) for one in answer.nearest),
        passages=tuple(_passage(one, found[one.article_id]) for one in passages if one.article_id in found),
    )


def _plain(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise _unusable("it is no answer")
    if len(_json(data)) > LONGEST:
        raise _unusable(f"it is longer than {LONGEST:,} bytes")
    return data


def _json(data: Any) -> bytes:
    try:
        return json.dumps(data, ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise _unusable("it is no JSON") from error


def _unusable(problem: str) -> FootnoteError:
    return FootnoteError(f"A kept answer cannot be read ({problem}).", "Ask the question again.")


def _problems(answer: Answer, passages: Sequence[_Kept]) -> Iterator[str]:
    """What no answer has that Footnote made, though every type is right."""
    if not answer.question:
        yield "question: there is none"
    for name, citations in (("citations", answer.citations), ("nearest", answer.nearest)):
        if any(not _is_possible(one) for one in citations) or len({one.number for one in citations}) < len(citations):
            yield f"{name}: a number or an offset"
    ends = [0, *(end for claim in answer.claims for end in (claim.start, claim.end)), len(answer.text)]
    if ends != sorted(ends):
        yield "claims: they do not lie in the text"
    if any(not 0 <= one.start <= one.end <= len(answer.text) for one in answer.quotations):
        yield "quotations: they do not lie in the text"
    if _named(answer) - {one.number for one in answer.citations}:
        yield "citations: one is missing"
    for name, found in (("passages", passages), ("weighed", answer.weighed)):
        if len(found) > MOST_FOUND or any(not 0 <= one.start < one.end for one in found):
            yield f"{name}: their number or an offset"
    counts = [answer.usage.prompt_tokens, answer.usage.completion_tokens] if answer.usage else []
    scores = [score for one in passages for score in (one.score, one.dense, one.lexical)]
    scores += [one.score for one in answer.weighed]
    if not all(isfinite(value) and abs(value) <= LARGEST for value in (*counts, *scores, *answer.timings.values())):
        yield "a number is out of bounds"


def _is_possible(one: Citation) -> bool:
    in_bounds = 0 < one.number <= LARGEST and 0 <= one.start < one.end and 0 < (one.page or 1) <= LARGEST
    return in_bounds and one.end - one.start == len(one.quote)


def _named(answer: Answer) -> set[int]:
    """The numbers of the citations that something in the answer points to."""
    return {
        *(number for claim in answer.claims for number in claim.citations),
        *(one.citation for conflict in answer.conflicts for one in conflict.statements),
        *(one.citation for one in answer.quotations if one.citation is not None),
        *(one.citation for one in answer.times),
    }


def _holds(article: Article, quotes: Sequence[Citation], passages: Sequence[_Kept]) -> bool:
    """Whether all that was kept of an article lies in it, and every quote stands where it stood."""
    own = [one for one in quotes if one.article_id == article.id]
    fits = all(one.end <= len(article.text) for one in passages if one.article_id == article.id)
    return fits and all(article.text[one.start : one.end] == one.quote for one in own)


def _renewed(one: Citation, found: Mapping[str, Article]) -> Citation:
    article = found.get(one.article_id)
    return Sentence(one.number, article, one.start, one.end, "", 0).cite(one.number) if article else one


def _passage(one: _Kept, article: Article) -> Passage:
    chunk = Chunk(one.id, article.id, one.start, one.end, ())
    return Passage(chunk, article, one.score, one.dense, one.lexical)
