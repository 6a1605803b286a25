"""A conversation → a file for other people or programs: Markdown, HTML, JSON or plain text. Pure."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePath

from index.errors import FootnoteError
from rag.records import Answer
from ui.render.document import document
from ui.render.markdown import markdown
from ui.render.outline import NEAREST, NONE, SUGGESTED, TIMES, Outline, Source, outline


def export(answers: Sequence[Answer], name: str) -> str:
    """The conversation in the format that a file's name ends in.

    Raises:
        FootnoteError: the name ends in no known format.
    """
    return FORMATS[suffix_of(name)](answers)


def suffix_of(name: str) -> str:
    """The format that a file's name asks for; raises as `export` does."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in FORMATS:
        raise FootnoteError(f"{name} is no format to export to.", f"End it in {', '.join(FORMATS)}.")
    return suffix


def records(answers: Sequence[Answer]) -> str:
    """The whole records, as JSON."""
    return json.dumps([answer.to_dict() for answer in answers], ensure_ascii=False, indent=2) + "\n"


def plain(answers: Sequence[Answer]) -> str:
    """Text with its sources; of a single answer, what is copied to the clipboard."""
    return "\n\n\n".join("\n\n".join(_parts(outline(answer))) for answer in answers) + "\n"


FORMATS: Mapping[str, Callable[[Sequence[Answer]], str]] = {
    ".md": markdown,
    ".html": document,
    ".json": records,
    ".txt": plain,
}


def _parts(one: Outline) -> Iterator[str]:
    yield one.question
    yield from one.above
    for sentences in one.paragraphs:
        lines = []
        for sentence in sentences:
            runs = (f" [{run.number}]" if run.number else run.text for run in sentence.runs)
            lines += ["".join(runs).strip(), *([f"({sentence.verdict})"] if sentence.verdict else [])]
        yield " ".join(lines)
    yield from one.below
    for table in one.tables:
        rows = [
            f"- {value} ({', '.join(part for part in others if part != NONE)}) [{number}]"
            for (value, *others), number in table.rows
        ]
        yield "\n".join([f"{table.title}:", *rows, *([table.note] if table.note else [])])
    for heading, sources in ((NEAREST, one.nearest), ("Sources:", one.sources)):
        if sources:
            yield "\n".join([heading, *map(_source, sources)])
    if one.suggestions:
        yield "\n".join([SUGGESTED, *(f"- {question}" for question in one.suggestions)])


def _source(source: Source) -> str:
    line = " · ".join([f"[{source.number}] {source.title}", *source.details])
    link = [f"    {source.link}"] if source.link else []
    return "\n".join([line, *link, f"    “{source.quote}”", *(f"    {TIMES}: {line}" for line in source.times)])
