"""Article → chunks: whole neighbouring sentences, packed to a token budget, as exact spans."""

from collections.abc import Callable

from index.records import Article, Chunk, Span
from index.sentences import sentence_runs
from index.tokens import count_tokens


def pack(runs: list[list[Span]], count: Callable[[Span], int], budget: int) -> list[tuple[Span, ...]]:
    """Groups of neighbouring sentences of at most `budget` tokens; a longer sentence is a group of its own."""
    groups: list[tuple[Span, ...]] = []
    for run in runs:
        group: list[Span] = []
        used = 0
        for sentence in run:
            tokens = count(sentence)
            if group and used + tokens > budget:
                groups.append(tuple(group))
                group, used = [], 0
            group.append(sentence)
            used += tokens
        groups.append(tuple(group))
    return groups


def chunk_spans(text: str, chunk_tokens: int) -> list[tuple[Span, ...]]:
    """The sentences of each chunk of a text, in order."""
    return pack(sentence_runs(text), lambda span: count_tokens(text[span[0] : span[1]]), chunk_tokens)


def chunk_article(article: Article, chunk_tokens: int) -> list[Chunk]:
    """The chunks of one article, in order."""
    return [
        Chunk(f"{article.id}:{group[0][0]}-{group[-1][1]}", article.id, group[0][0], group[-1][1], group)
        for group in chunk_spans(article.text, chunk_tokens)
    ]
