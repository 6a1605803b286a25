"""Answers → one HTML file that needs nothing else: no script, no image, no request. Pure; what others wrote is text."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from html import escape

from rag.records import Answer
from ui.render.outline import HEADING, NEAREST, SUGGESTED, TIMES, Outline, Sentence, Source, Table, outline

STYLE = """
:root { color-scheme: light dark; --quiet: #5a5f66; --warn: #8a4b00; --bad: #a3142f; --line: #d5d8dc; }
@media (prefers-color-scheme: dark) { :root { --quiet: #a6acb3; --warn: #f0b35e; --bad: #ff8f9f; --line: #444a51; } }
body { font: 1rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; }
article { border-top: 1px solid var(--line); margin-top: 2.5rem; }
h1 { font-size: 1.2rem; } h2 { font-size: 1.3rem; } h3 { font-size: 1rem; }
.quiet, .sources { color: var(--quiet); font-size: .9rem; }
.partial .verdict { color: var(--warn); } .unsupported .verdict { color: var(--bad); }
.partial bdi { text-decoration: underline dotted var(--warn); }
.unsupported bdi { text-decoration: underline wavy var(--bad); }
sup { line-height: 0; } blockquote { margin: .3rem 0 .8rem; padding-left: .8rem; border-left: 3px solid var(--line); }
table { border-collapse: collapse; } caption { text-align: start; font-weight: 600; }
th, td { text-align: start; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); }
li p { margin: 0 0 .8rem; } * { overflow-wrap: anywhere; } th { overflow-wrap: normal; }
@media print { body { max-width: none; margin: 0; } li, table, blockquote { break-inside: avoid; } }
"""
POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'"
)


def document(answers: Sequence[Answer]) -> str:
    """A conversation as a page of its own."""
    outlines = list(map(outline, answers))
    title = escape(outlines[0].question) if outlines else HEADING
    body = "\n".join(_article(one, turn) for turn, one in enumerate(outlines, 1))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<h1>{HEADING}</h1>\n{body}\n</body>\n</html>\n"
    )


def _article(one: Outline, turn: int) -> str:
    parts = [
        f'<article>\n<h2 dir="auto">{escape(one.question)}</h2>',
        *_lines(one.above),
        *(f'<p dir="auto">{" ".join(_sentence(one, turn) for one in lines)}</p>' for lines in one.paragraphs),
        *_lines(one.below),
        *(_table(table, turn) for table in one.tables),
        *_list("ul", NEAREST, (_source(source) for source in one.nearest)),
        *_list("ul", SUGGESTED, (f'<li dir="auto">{escape(question)}</li>' for question in one.suggestions)),
        *_list("ol", "Sources", (_source(source, f"source-{turn}-{source.number}") for source in one.sources)),
        "</article>",
    ]
    return "\n".join(parts)


def _lines(lines: Sequence[str]) -> Iterator[str]:
    return (f'<p class="quiet" dir="auto">{escape(line)}</p>' for line in lines)


def _list(kind: str, heading: str, items: Iterator[str]) -> Iterator[str]:
    if body := "\n".join(items):
        yield f'<h3>{heading}</h3>\n<{kind} class="sources">\n{body}\n</{kind}>'


def _sentence(sentence: Sentence, turn: int) -> str:
    """Its direction is isolated, so that it cannot turn the verdict beside it."""
    text = "".join(_reference(run.number, turn) if run.number else escape(run.text) for run in sentence.runs)
    verdict = f' <small class="verdict">{escape(sentence.verdict)}</small>' if sentence.verdict else ""
    kind = f' class="{sentence.support}"' if sentence.support else ""
    return f"<span{kind}><bdi>{text.strip()}</bdi>{verdict}</span>"


def _reference(number: int, turn: int) -> str:
    return f'<sup><a href="#source-{turn}-{number}" aria-label="Source {number}">{number}</a></sup>'


def _table(table: Table, turn: int) -> str:
    head = "".join(f'<th scope="col">{column}</th>' for column in table.columns)
    rows = "\n".join(
        "<tr>" + "".join(f"<td><bdi>{escape(cell)}</bdi></td>" for cell in cells)
        + f"<td>{_reference(number, turn)}</td></tr>"
        for cells, number in table.rows
    )  # fmt: skip
    note = "".join(_lines([table.note] if table.note else []))
    caption = f'<caption dir="auto">{escape(table.title)}</caption>'
    return f"<table>{caption}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>\n{note}"


def _source(source: Source, place: str = "") -> str:
    title = f"<bdi>{escape(source.title)}</bdi>"
    named = f'<a href="{escape(source.link)}" rel="noreferrer noopener">{title}</a>' if source.link else title
    details = " · ".join(f"<bdi>{escape(detail)}</bdi>" for detail in source.details)
    times = "".join(f'<p dir="auto">{TIMES}: {escape(line)}</p>' for line in source.times)
    anchor = f' id="{place}" value="{source.number}"' if place else ""
    return f'<li{anchor}>{named} · {details}<blockquote dir="auto">{escape(source.quote)}</blockquote>{times}</li>'
