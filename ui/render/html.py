"""Answer → HTML for the chat window. Pure; what people or models wrote comes out as text, never as markup."""

import re
from collections.abc import Sequence
from pathlib import PurePath

from index.records import Article
from rag.records import Answer, Citation, Claim, Conflict, TimeReading
from ui.render.lines import time_lines, uncovered

MARKUP = re.compile(r"[\x00-\x1f!-/:-@\[-`{-\x7f]")  # all of ASCII that HTML or Markdown could give a meaning
MARKER = re.compile(r"(?<=[ \]])\[(\d+)\]")  # after a space or another one; "x[1]" and "`[1]`" are none of ours
VERDICTS = {"partial": "partly supported", "unsupported": "not supported"}
LONGEST_TOOLTIP = 300  # characters


def escape(text: str) -> str:
    """Text as numeric entities, so that neither Markdown nor HTML nor a template finds anything to interpret."""
    return MARKUP.sub(lambda match: f"&#{ord(match.group())};", text)


NEWLINE = escape("\n")


def question(text: str) -> str:
    """What the person asked, as they typed it."""
    return f'<div class="question">{escape(text)}</div>'


def message(answer: Answer, turn: int) -> str:
    """An answer, a refusal or a notice as one chat message; `turn` counts the questions of a conversation from 1."""
    parts = [
        f'<p class="quiet">Searched: {escape(answer.searched)}</p>' if answer.searched != answer.question else "",
        f'<p class="notice">{escape(answer.notice)}</p>' if answer.notice else "",
        f'<p class="notice">{escape(answer.correction)}</p>' if answer.correction else "",
        f'<div class="text">{_text(answer, turn)}</div>' if answer.text else "",
        f'<p class="quiet">{escape(uncovered(answer))}</p>' if uncovered(answer) else "",
        *(_conflict(conflict, answer.citations, turn) for conflict in answer.conflicts),
        _times(answer.times, answer.citations, turn),
        _nearest(answer, turn) if answer.refused else "",
        '<p class="quiet pending">Searching your articles …</p>' if not (answer.text or answer.notice) else "",
    ]
    return f'<div class="answer">{"".join(parts)}</div>'


def panel(answer: Answer | None = None, turn: int = 0) -> str:
    """The sources panel: each article that an answer cites (a refusal: the nearest), whole, with its quotes marked."""
    body = '<p class="quiet">Ask something: the articles behind the answer open here, at the sentences it quotes.</p>'
    if answer and not _anchors(answer):
        body = '<p class="quiet">This answer quotes no article.</p>'
    elif answer:
        body = _sources(answer, turn)
    return (
        f'<aside id="sources" aria-label="Sources" tabindex="-1" data-turn="{turn}">'
        '<div class="bar"><h2>Sources</h2><button type="button" class="back">Back to the chat</button></div>'
        f"{body}</aside>"
    )


def header(writer: str, article_count: int | None) -> str:
    """The name, who is writing, and how much can be asked about; a count of None says that nothing is indexed."""
    who = f"Answers are written by {writer}, every sentence checked against its quote."
    if writer == "extractive":
        who = "Answers quote your articles; no model is set."
    indexed = "Nothing is indexed yet. Run: footnote index PATH"
    if article_count is not None:
        indexed = f"{article_count:,} {'article' if article_count == 1 else 'articles'} indexed."
    return f'<header class="masthead"><h1>Footnote</h1><p>{escape(who)} {escape(indexed)}</p></header>'


def _text(answer: Answer, turn: int) -> str:
    """The text in paragraphs, each claim in a span of its own."""
    quotes = {citation.number: citation for citation in answer.citations}
    pieces: list[str] = []
    position = 0
    for claim in answer.claims:
        pieces += [escape(answer.text[position : claim.start]), _claim(answer, claim, quotes, turn)]
        position = claim.end
    lines = "".join([*pieces, escape(answer.text[position:])]).split(NEWLINE)
    return "".join(f"<p>{line}</p>" for line in lines if line.strip())


def _claim(answer: Answer, claim: Claim, quotes: dict[int, Citation], turn: int) -> str:
    """One sentence with its links and, once the answer is done, what its quotes do not carry or who says it.

    It stands in an element that isolates its direction, so that it cannot turn the verdict beside it.
    """
    pieces: list[str] = []
    position = claim.start
    for marker in MARKER.finditer(answer.text, claim.start, claim.end):
        number = int(marker[1])
        if number in claim.citations and number in quotes:
            before = answer.text[position : marker.start()]
            pieces += [escape(before.rstrip(" ")), "&#8239;" * before.endswith(" "), _link(quotes[number], turn)]
            position = marker.end()
    body = "".join([*pieces, escape(answer.text[position : claim.end])])
    if not answer.done and not answer.notice:  # a sentence still being written has not come to its citations
        return f'<span class="claim"><bdi>{body}</bdi></span>'
    verdict = f' <small class="quiet">{escape(claim.reason)}</small>' if claim.reason else ""
    if claim.support in VERDICTS:
        verdict = f' <small class="verdict">{VERDICTS[claim.support]}: {escape(claim.reason)}</small>'
    return f'<span class="claim {claim.support}"><bdi>{body}</bdi>{verdict}</span>'


def _link(citation: Citation, turn: int) -> str:
    quote = _shorten(citation.quote)
    label = escape(f"Source {citation.number}: {quote}")
    return (
        f'<a class="cite" href="#src-{turn}-{citation.number}" title="{escape(quote)}" aria-label="{label}">'
        f"{citation.number}</a>"
    )


def _conflict(conflict: Conflict, citations: Sequence[Citation], turn: int) -> str:
    quotes = {citation.number: citation for citation in citations}
    rows = "".join(
        f"<tr><td>{escape(statement.value)}</td><td>{escape(statement.as_of) or '–'}</td>"
        f"<td>{escape(statement.date or 'undated')}</td><td>{_link(quotes[statement.citation], turn)}</td></tr>"
        for statement in conflict.statements
        if statement.citation in quotes
    )
    articles = {quotes[one.citation].article_id for one in conflict.statements if one.citation in quotes}
    note = f'<p class="quiet why">{escape(conflict.note)}</p>' if conflict.note else ""
    differ = "The articles differ on" if len(articles) > 1 else "The article gives more than one value for"
    return (
        f'<div class="conflict"><p>{differ} {escape(conflict.topic)}</p><table><thead><tr><th scope="col">Value</th>'
        '<th scope="col">As of</th><th scope="col">Article date</th><th scope="col">Quote</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>{note}</div>"
    )


def _times(times: Sequence[TimeReading], citations: Sequence[Citation], turn: int) -> str:
    """What "Tuesday" in a quote means, folded away until a reader asks."""
    quotes = {citation.number: citation for citation in citations}
    lines = "".join(
        f'<p class="quiet">{_link(quotes[number], turn)} {escape(line)}</p>' for number, line in time_lines(times)
    )
    return (
        f'<details class="times"><summary class="quiet">Times in the quotes</summary>{lines}</details>' if lines else ""
    )


def _nearest(answer: Answer, turn: int) -> str:
    items = "".join(
        f'<li><a class="near" href="#src-{turn}-n{citation.number}">{escape(citation.title)}</a>'
        f" <small>{escape(citation.date or 'undated')}</small>"
        f"<blockquote>{escape(citation.quote)}</blockquote></li>"
        for citation in answer.nearest
    )
    asked = "".join(f"<li>{escape(question)}</li>" for question in answer.suggestions)
    suggested = f'<p class="quiet">The articles answer, for example:</p><ul class="quiet">{asked}</ul>' if asked else ""
    return f'<div class="nearest"><p>Nearest:</p><ul>{items}</ul>{suggested}</div>' if items else ""


def _anchors(answer: Answer) -> list[tuple[str, Citation]]:
    """What the panel marks, each with the end of its element id."""
    cited = [(str(citation.number), citation) for citation in answer.citations]
    return cited or [(f"n{citation.number}", citation) for citation in answer.nearest]


def _sources(answer: Answer, turn: int) -> str:
    anchors = _anchors(answer)
    articles = {passage.article.id: passage.article for passage in answer.passages}
    cited = dict.fromkeys(citation.article_id for _, citation in anchors if citation.article_id in articles)
    intro = "Quoted for" if answer.citations else "Nearest to"
    return f'<p class="quiet">{intro}: {escape(answer.question)}</p>' + "".join(
        _source(articles[key], [one for one in anchors if one[1].article_id == key], turn) for key in cited
    )


def _source(article: Article, anchors: Sequence[tuple[str, Citation]], turn: int) -> str:
    where = [article.date or "undated", *([article.author] if article.author else [])]
    names = ", ".join(
        f'<span title="{escape(source)}">{escape(source if "://" in source else PurePath(source).name)}</span>'
        for source in article.sources
    )
    pages = sorted({page for _, citation in anchors if (page := citation.page)})
    numbers = f" · page {', '.join(map(str, pages))}" if pages else ""
    return (
        f'<article class="source"><h3>{escape(article.title)}</h3>'
        f'<p class="quiet"><span>{escape(" · ".join(where))}</span> · {names}{numbers}</p>'
        f'<div class="whole">{_marked(article.text, anchors, turn)}</div></article>'
    )


def _marked(text: str, anchors: Sequence[tuple[str, Citation]], turn: int) -> str:
    """The whole text, quotes marked. CSS puts the number before a quote, so that a mark holds the quote alone."""
    pieces: list[str] = []
    position = 0
    for name, citation in sorted(anchors, key=lambda anchor: anchor[1].start):
        if citation.start < position:  # two quotes never overlap unless a writer is broken
            continue
        pieces.append(escape(text[position : citation.start]))
        pieces.append(
            f'<mark id="src-{turn}-{name}" data-number="{citation.number}" tabindex="-1">'
            f"{escape(text[citation.start : citation.end])}</mark>"
        )
        position = citation.end
    return "".join([*pieces, escape(text[position:])])


def _shorten(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST_TOOLTIP else f"{flat[:LONGEST_TOOLTIP].rstrip()} …"
