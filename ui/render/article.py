"""An article as HTML, with what an answer quotes from it marked. Pure; its text comes out as text."""

import re
from collections.abc import Sequence
from pathlib import PurePath

from index.records import Article
from index.sentences import front_matter
from rag.records import Answer, Citation
from ui.render.fragment import text_fragment
from ui.render.html import direction, escape

WEB = "Open the web page at this sentence"
PART = 4_000  # characters after which a new part begins: only parts in sight are laid out
# Markdown's signs stay, as every letter does, and are drawn quietly.
SIGNS = re.compile(r"^#{1,6}(?= )|(?<!\S)\*{1,3}(?=[^\s*])|(?<=[^\s*])\*{1,3}(?![\w*])", re.MULTILINE)

Anchor = tuple[str, Citation]  # the end of a mark's id ("2", or "n2" for a refusal's nearest), and what it marks


def anchors(answer: Answer) -> list[Anchor]:
    """What of an answer can be opened: its citations, or the nearest sentences of a refusal."""
    cited = [(str(citation.number), citation) for citation in answer.citations]
    return cited or [(f"n{citation.number}", citation) for citation in answer.nearest]


def source(article: Article | None, answer: Answer, opened: Anchor, turn: int) -> str:
    """The article of the opened quote, whole, all that the answer quotes from it marked.

    Without an article (it has left the index) the quotes alone.
    """
    marked = [one for one in anchors(answer) if one[1].article_id == opened[1].article_id]
    body = (
        '<p class="notice">This article has changed or is no longer in the index; this is what was quoted from it.</p>'
        + "".join(
            f'<div class="whole" dir="auto">{_mark(anchor, anchor[1].quote, turn, None)}</div>' for anchor in marked
        )
    )
    if article:
        body = f'<div class="whole" dir="auto">{_whole(article, marked, turn)}</div>'
    return f'{_others(answer, opened, turn)}<article class="source">{_head(article, opened[1])}{body}</article>'


def _head(article: Article | None, citation: Citation) -> str:
    """Title, date, author, where it is from, and the web page at the quote where there is one.

    A step to another quote of the article changes page and address, which each mark has of its own.
    """
    names = ", ".join(
        f'<span title="{escape(one)}">{escape(one if "://" in one else PurePath(one).name)}</span>'
        for one in (citation.source, *citation.also)
    )
    author = f"{escape(article.author)} · " if article and article.author else ""
    page = f' · <span class="own page">page {citation.page}</span>' if citation.page else ""
    address = text_fragment(citation, article)
    web = f'<a class="web" href="{escape(address)}" target="_blank" rel="noopener noreferrer">{WEB}</a>' * bool(address)
    only = f'<button type="button" class="plain" data-only="{escape(citation.source)}">Ask only this article</button>'
    only = only if article else ""
    return (
        f'<header dir="{direction(citation.title)}"><h3>{escape(citation.title)}</h3>'
        f'<p class="quiet"><span class="own">{escape(citation.date or "undated")}</span> · {author}{names}{page}</p>'
        "</header>"
        f'<p class="quiet ways">{web}{only}</p>'
    )


def _others(answer: Answer, opened: Anchor, turn: int) -> str:
    """The articles of the answer, where it has several, each leading to its first quote."""
    quoted: dict[str, list[Anchor]] = {}
    for anchor in anchors(answer):
        quoted.setdefault(anchor[1].article_id, []).append(anchor)
    if len(quoted) < 2:
        return ""
    items = "".join(
        f'<li><a href="#src-{turn}-{marks[0][0]}"{" aria-current=true" if key == opened[1].article_id else ""}>'
        f"<span>{' '.join(str(citation.number) for _, citation in marks)}</span> "
        f"<bdi>{escape(marks[0][1].title)}</bdi></a></li>"
        for key, marks in quoted.items()
    )
    return f'<nav class="others" aria-label="Articles of this answer"><ul>{items}</ul></nav>'


def _whole(article: Article, marked: Sequence[Anchor], turn: int) -> str:
    """The whole text in parts, quotes marked. A part ends with a line, never inside a quote."""
    text = article.text
    head = front_matter(text)
    folded = (
        f'<details class="head"><summary aria-label="Front matter"></summary>{escape(head)}</details>' if head else ""
    )
    pieces = [folded, '<div class="part">']
    position = began = len(head)
    for anchor in sorted(marked, key=lambda one: one[1].start):
        citation = anchor[1]
        if citation.start < position:  # two quotes never overlap unless a writer is broken
            continue
        began = _append(pieces, text, position, citation.start, began)
        pieces.append(_mark(anchor, text[citation.start : citation.end], turn, article))
        position = citation.end
    _append(pieces, text, position, len(text), began)
    return "".join([*pieces, "</div>"])


def _append(pieces: list[str], text: str, start: int, end: int, began: int) -> int:
    """Adds plain text, in new parts where the one that began at `began` is long; returns where the last began."""
    while (cut := text.find("\n", max(start, began + PART), end) + 1) > 0:
        pieces += [_plain(text[start:cut]), '</div><div class="part">']
        start = began = cut
    pieces.append(_plain(text[start:end]))
    return began


def _plain(text: str) -> str:
    return SIGNS.sub(r'<span class="sign">\g<0></span>', escape(text))


def _mark(anchor: Anchor, quote: str, turn: int, article: Article | None) -> str:
    """CSS puts the number before a quote, so that a mark holds the quote alone."""
    name, citation = anchor
    address = text_fragment(citation, article)
    where = f' data-page="{citation.page}"' if citation.page else ""
    where += f' data-web="{escape(address)}"' if address else ""
    return f'<mark id="src-{turn}-{name}" data-number="{citation.number}"{where} tabindex="-1">{escape(quote)}</mark>'
