"""Answers → Markdown with footnotes. Pure; what people, articles or models wrote comes out as text, never as markup."""

import re
from collections.abc import Iterator, Sequence

from rag.records import Answer
from ui.render.outline import (
    HEADING,
    NEAREST,
    SUGGESTED,
    TIMES,
    Outline,
    Sentence,
    Source,
    Table,
    outline,
)

# What CommonMark and its usual extensions give a meaning: some characters anywhere, others where they begin something.
SPECIAL = re.compile(r"[\\`*_\[\]<>&|~$^#!=@{}]|:(?=\S)|(?<!\S)[-+:]|(?<=\d)[.)](?=\s|$)|(?<=www)\.|^\(", re.IGNORECASE)


def markdown(answers: Sequence[Answer]) -> str:
    """A conversation; footnotes are counted through all of it."""
    parts: list[str] = []
    notes: list[str] = []
    count = 0
    for one in map(outline, answers):
        parts += _parts(one, count)
        notes += [_note(source, count) for source in one.sources]
        count += max((source.number for source in one.sources), default=0)
    return "\n\n".join([f"# {HEADING}", *parts, *notes]) + "\n"


def escape(text: str) -> str:
    """One line of text in which Markdown finds nothing to interpret."""
    return SPECIAL.sub(r"\\\g<0>", text)


def _parts(one: Outline, count: int) -> Iterator[str]:
    yield f"## {escape(one.question)}"
    yield from (f"*{escape(line)}*" for line in one.above)
    yield from (" ".join(_sentence(sentence, count) for sentence in lines) for lines in one.paragraphs)
    yield from map(escape, one.below)
    for table in one.tables:
        yield _table(table, count)
    if one.nearest:
        yield "\n".join([NEAREST, "", *(f"- {_where(source)}\n  “{escape(source.quote)}”" for source in one.nearest)])
    if one.suggestions:
        yield "\n".join([SUGGESTED, "", *(f"- {escape(question)}" for question in one.suggestions)])


def _sentence(sentence: Sentence, count: int) -> str:
    text = "".join(f"[^{run.number + count}]" if run.number else escape(run.text) for run in sentence.runs).strip()
    if not sentence.verdict:
        return text
    mark = "" if sentence.support in ("", "supported") else "**"
    return f"{text} {mark}({escape(sentence.verdict)}){mark}"


def _table(table: Table, count: int) -> str:
    rows = [" | ".join(["", *map(escape, cells), f"[^{number + count}]", ""]).strip() for cells, number in table.rows]
    head = [f"| {' | '.join(table.columns)} |", "|---" * len(table.columns) + "|"]
    note = ["", escape(table.note)] if table.note else []
    return "\n".join([escape(table.title), "", *head, *rows, *note])


def _note(source: Source, count: int) -> str:
    lines = [f"[^{source.number + count}]: {_where(source)}", f"    “{escape(source.quote)}”"]
    return "\n".join([*lines, *(f"    {TIMES}: {escape(line)}" for line in source.times)])


def _where(source: Source) -> str:
    title = escape(source.title)
    named = f"[{title}](<{source.link}>)" if source.link else title
    return f"{named} · {escape(' · '.join(source.details))}"
