"""Answer → how it came about, as a fold-out for the chat window. Pure; what others wrote comes out as text."""

from collections.abc import Iterable, Sequence

from index.records import Passage
from rag.records import Answer
from ui.render.html import VERDICTS, escape
from ui.render.lines import counted

LONGEST_BEGINNING = 80  # characters of a passage
QUOTATIONS = {
    "exact": "stand in the quote",
    "folded": "stand in the quote, up to its typography",
    "misattributed": "stand in an article that is not cited: the marks were taken away",
    "stitched": "stand in the articles in pieces only: the marks were taken away",
    "not found": "are not in the articles: the marks were taken away",
}


def why(answer: Answer) -> str:
    """What was searched, found, left out and checked, how long it took and who wrote it; "" before any of it."""
    if not answer.passages and not answer.timings:
        return ""
    parts = [_facts(answer), _passages(answer), _weighed(answer), _claims(answer), _quotations(answer)]
    return f'<details class="why"><summary class="quiet">Why this answer?</summary>{"".join(parts)}</details>'


def _facts(answer: Answer) -> str:
    used = answer.usage
    times = [f"{name} {milliseconds:g} ms" for name, milliseconds in answer.timings.items()]
    facts = {
        "Searched": answer.searched,
        "Written by": answer.writer,
        "Time": ", ".join(times),
        "Tokens": f"{used.prompt_tokens:,} read, {used.completion_tokens:,} written" if used else "",
        "Not in the quotes": ", ".join(answer.not_found),
    }
    return f"<dl>{''.join(f'<dt>{name}</dt><dd>{escape(said)}</dd>' for name, said in facts.items() if said)}</dl>"


def _passages(answer: Answer) -> str:
    cited = [one for one in answer.passages if _numbers(answer, one)]
    caption = f"{counted(len(answer.passages), 'passage')} found, {len(cited)} of them quoted"
    rows = (
        (
            one.article.title,
            one.article.date or "undated",
            _beginning(one.text),
            f"{one.score:.3f}",
            f"{one.dense:.3f}",
            f"{one.lexical:.2f}",
            _numbers(answer, one) or "not quoted",
        )
        for one in answer.passages
    )
    return _table(
        caption, ("Article", "Date", "Begins", "Score", "Meaning (cosine)", "Words (BM25)", "Quoted as"), rows
    )


def _numbers(answer: Answer, passage: Passage) -> str:
    """The numbers of the quotes that lie in a passage."""
    chunk = passage.chunk
    return " ".join(
        f"[{one.number}]"
        for one in answer.citations or answer.nearest
        if one.article_id == chunk.article_id and one.start < chunk.end and chunk.start < one.end
    )


def _weighed(answer: Answer) -> str:
    """What was considered and what became of it; of an article that is no longer indexed nothing can be shown."""
    texts = {passage.article.id: passage.article.text for passage in answer.passages}
    rows = (
        (_beginning(texts[one.article_id][one.start : one.end]), f"{one.score:.2f}", one.fate)
        for one in answer.weighed
        if one.article_id in texts
    )
    return _table("Sentences considered", ("Sentence", "Score", "What became of it"), rows)


def _claims(answer: Answer) -> str:
    rows = (
        (answer.text[claim.start : claim.end], VERDICTS.get(claim.support, claim.support), claim.reason or "–")
        for claim in answer.claims
    )
    return _table("Sentences and their checks", ("Sentence", "Verdict", "Reason"), rows)


def _quotations(answer: Answer) -> str:
    rows = ((answer.text[one.start : one.end], QUOTATIONS[one.verdict]) for one in answer.quotations)
    return _table("Words in quotation marks", ("Words", "Where they stand"), rows)


def _table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{column}</th>' for column in columns)
    body = "".join(f"<tr>{''.join(f'<td><bdi>{escape(cell)}</bdi></td>' for cell in row)}</tr>" for row in rows)
    table = f"<caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    return f'<table tabindex="0">{table}</table>' if body else ""


def _beginning(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST_BEGINNING else f"{flat[:LONGEST_BEGINNING].rstrip()} …"
