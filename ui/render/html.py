"""Answer → HTML for the chat window. Pure; what people or models wrote comes out as text, never as markup."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from html import escape as _escape

from rag.records import Answer, Citation, Claim, Conflict, TimeReading
from ui.render.lines import CUT_OFF, asked_of, counted, differ, gone, in_a_window, is_cut_off, time_lines, uncovered

MARKER = re.compile(r"(?<=[ \]])\[(\d+)\]")  # after a space or another one; "x[1]" and "`[1]`" are none of ours
VERDICTS = {"partial": "partly supported", "unsupported": "not supported"}
LONGEST_TOOLTIP = 300  # characters
CHANGED = str.maketrans({"\r": "&#13;", "\0": "\N{REPLACEMENT CHARACTER}"})  # what reading HTML would change
THUMB = (
    '<svg viewBox="0 0 24 24" width="16" height="16" aria-hidden="true"><path fill="none" stroke="currentColor" '
    'stroke-width="1.6" stroke-linejoin="round" d="M7 11v9H4v-9h3Zm0 0 4-8c1.5 0 2.5 1 2.5 2.5L13 9h6l-1.6 9.2A2 2 0 '
    '0 1 15.4 20H7"/></svg>'
)
COMMENT = (
    '<form class="comment" hidden><label><span class="unseen">Comment</span><input name="comment" maxlength="4000" '
    'placeholder="What about it? (optional)" autocomplete="off"></label><button type="submit">Keep</button></form>'
)


def escape(text: str) -> str:
    """Text as HTML shows it, also inside an attribute."""
    return _escape(text).translate(CHANGED)


def direction(text: str) -> str:
    """ "rtl" or "ltr", as its first letter says. A browser's "auto" would look past what is isolated."""
    classes = map(unicodedata.bidirectional, text)
    return "rtl" if next((one for one in classes if one in ("L", "R", "AL")), "L") != "L" else "ltr"


def message(answer: Answer, turn: int, why: str = "", copied: str = "") -> str:
    """A question and its answer, refusal or notice; `turn` counts the questions of a conversation from 1.

    `why` is a fold-out (HTML) on how the answer came about, `copied` the text for the clipboard.
    """
    parts = [
        _searched(answer) if answer.searched != answer.question else "",
        f'<p class="quiet">{escape(asked_of(answer))}</p>' if asked_of(answer) else "",
        f'<p class="notice">{escape(in_a_window(answer.notice))}</p>' if answer.notice else "",
        *(f'<p class="notice">{escape(line)}</p>' for line in (answer.correction, gone(answer)) if line),
        f'<div class="text" dir="{direction(answer.text)}">{_text(answer, turn)}</div>' if answer.text else "",
        f'<p class="quiet">{escape(uncovered(answer))}</p>' if uncovered(answer) else "",
        *(_conflict(conflict, answer.citations, turn) for conflict in answer.conflicts),
        _times(answer.times, answer.citations, turn),
        _nearest(answer, turn) if answer.refused else "",
        '<p class="quiet pending">Searching your articles …</p>' if not (answer.text or answer.notice) else "",
    ]
    ended = answer.done or bool(answer.notice)
    filters = answer.filters
    named = {"source": filters.source, "after": filters.after, "before": filters.before}
    only = "".join(f' data-{name}="{escape(value)}"' for name, value in named.items() if value)
    return (
        f'<article class="turn" data-turn="{turn}"{only}><h2 class="question" dir="auto">{escape(answer.question)}</h2>'
        f'<div class="answer">{"".join(parts)}</div>'
        f"{why}{_tools(answer, copied) if ended else ''}</article>"
    )


def welcome(article_count: int | None) -> str:
    """What stands where the first answer will; a count of None says that nothing is indexed."""
    said = "Every sentence of an answer opens its quote."
    if not article_count:
        said = "Nothing is indexed yet. Add articles in the library, or run: footnote index PATH"
    return f'<div class="welcome"><h2>Ask your articles</h2><p>{escape(said)}</p></div>'


def questions(label: str, asked: Iterable[str]) -> str:
    """Questions to ask at a click; nothing where there are none."""
    items = "".join(f'<li><button type="button" data-do="ask" dir="auto">{escape(one)}</button></li>' for one in asked)
    return f'<div class="asked"><p class="quiet">{escape(label)}</p><ul>{items}</ul></div>' if items else ""


def header(writer: str, article_count: int | None, sign_out: str = "") -> str:
    """Who is writing, how much can be asked about (None: nothing is indexed), and the way out where people sign in."""
    who = f"Answers are written by {writer}, every sentence checked against its quote."
    if writer == "extractive":
        who = "Answers quote your articles; no model is set."
    indexed = "Nothing is indexed yet."
    if article_count is not None:
        indexed = f"{counted(article_count, 'article')} indexed."
    leave = f'<a href="{escape(sign_out)}">Sign out</a>' if sign_out else ""
    return f'<header class="masthead"><h1>Footnote</h1><p>{escape(who)} {escape(indexed)}</p>{leave}</header>'


def link(citation: Citation, turn: int, name: str = "") -> str:
    """The number that opens a quote; `name` is the end of its mark's id, where it is not the number."""
    return (
        f'<a class="cite" href="#src-{turn}-{name or citation.number}" data-title="{escape(citation.title)}" '
        f'data-date="{escape(citation.date or "undated")}" '
        f'data-quote="{escape(_shorten(citation.quote))}">{citation.number}</a>'
    )


def _searched(answer: Answer) -> str:
    return (
        f'<p class="quiet">Searched: <bdi>{escape(answer.searched)}</bdi> '
        '<button type="button" class="plain" data-do="exactly">Search only my words</button></p>'
    )


def _tools(answer: Answer, copied: str) -> str:
    """What can be done with an answer; the page offers to ask again and to edit for the last one only."""
    rating = "".join(
        f'<button type="button" class="{verdict}" data-do="rate" data-verdict="{verdict}" aria-pressed="false" '
        f'aria-label="{label}" title="{label}">{THUMB}</button>'
        for verdict, label in (("up", "Good answer"), ("down", "Bad answer"))
    )
    copy = f'<button type="button" data-do="copy">Copy</button><pre class="copied" hidden>{escape(copied)}</pre>'
    return (
        f'<div class="tools">{copy if copied else ""}<button type="button" class="last" data-do="retry">Ask again'
        '</button><button type="button" class="last" data-do="edit">Edit question</button>'
        f"{rating if answer.text else ''}</div>{COMMENT if answer.text else ''}"
    )


def _text(answer: Answer, turn: int) -> str:
    """The text in paragraphs, each claim in a span of its own."""
    quotes = {citation.number: citation for citation in answer.citations}
    pieces: list[str] = []
    position = 0
    for claim in answer.claims:
        pieces += [escape(answer.text[position : claim.start]), _claim(answer, claim, quotes, turn)]
        position = claim.end
    lines = "".join([*pieces, escape(answer.text[position:])]).split("\n")
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
            pieces += [escape(before.rstrip(" ")), "&#8239;" * before.endswith(" "), link(quotes[number], turn)]
            position = marker.end()
    body = "".join([*pieces, escape(answer.text[position : claim.end])])
    if not answer.done and not answer.notice:  # a sentence still being written has not come to its citations
        return f'<span class="claim"><bdi>{body}</bdi></span>'
    if is_cut_off(answer, claim):
        return f'<span class="claim"><bdi>{body}</bdi> <small class="quiet">{CUT_OFF}</small></span>'
    verdict = f' <small class="quiet">{escape(claim.reason)}</small>' if claim.reason else ""
    if claim.support in VERDICTS:
        verdict = f' <small class="verdict"><span>{VERDICTS[claim.support]}</span>: {escape(claim.reason)}</small>'
    return f'<span class="claim {claim.support}"><bdi>{body}</bdi>{verdict}</span>'


def _conflict(conflict: Conflict, citations: Sequence[Citation], turn: int) -> str:
    quotes = {citation.number: citation for citation in citations}
    shown = [one for one in conflict.statements if one.citation in quotes]
    columns = {
        "Value": [escape(one.value) for one in shown],
        "As of": [escape(one.as_of) or "–" for one in shown],
        "Published": [escape(one.date or "undated") for one in shown],
        "Article": [escape(quotes[one.citation].title) for one in shown],
        "Quote": [link(quotes[one.citation], turn) for one in shown],
    }
    if not any(one.as_of for one in shown):
        del columns["As of"]
    rows = "".join(_row(dict(zip(columns, cells, strict=True))) for cells in zip(*columns.values(), strict=True))
    note = f'<p class="quiet why">{escape(conflict.note)}</p>' if conflict.note else ""
    heads = "".join(f'<th scope="col">{name}</th>' for name in columns)
    return (
        f'<div class="conflict"><table><caption>{escape(differ(conflict, citations))}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>{note}</div>"
    )


def _row(cells: Mapping[str, str]) -> str:
    """A row whose cells know their column: on a narrow window it becomes a card."""
    shown = "".join(f'<td data-label="{name}"><bdi>{cell}</bdi></td>' for name, cell in cells.items())
    return f"<tr>{shown}</tr>"


def _times(times: Sequence[TimeReading], citations: Sequence[Citation], turn: int) -> str:
    """What "Tuesday" in a quote means, folded away until a reader asks."""
    quotes = {citation.number: citation for citation in citations}
    lines = "".join(
        f'<p class="quiet">{link(quotes[number], turn)} {escape(line)}</p>'
        for number, line in time_lines(times)
        if number in quotes
    )
    return f'<details class="times"><summary>Times in the quotes</summary>{lines}</details>' if lines else ""


def _nearest(answer: Answer, turn: int) -> str:
    items = "".join(
        f'<li dir="{direction(citation.quote)}"><a class="near" href="#src-{turn}-n{citation.number}">'
        f"{escape(citation.title)}</a>"
        f" <small class='own'>{escape(citation.date or 'undated')}</small>"
        f"<blockquote>{escape(citation.quote)}</blockquote></li>"
        for citation in answer.nearest
    )
    suggested = questions("The articles answer, for example:", answer.suggestions)
    return f'<div class="nearest"><p class="quiet">Nearest:</p><ul>{items}</ul>{suggested}</div>' if items else ""


def _shorten(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST_TOOLTIP else f"{flat[:LONGEST_TOOLTIP].rstrip()} …"
