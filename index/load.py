"""Files → Article. Text and Markdown; the text kept is the file as it is, so that offsets point into it."""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from index.dates import article_date, date_of_line
from index.errors import LoadError
from index.records import Article
from index.sentences import MARKDOWN_PREFIX, blocks, front_matter, is_litter

SUFFIXES = {".txt", ".text", ".md", ".markdown"}
LARGEST_FILE = 50_000_000  # bytes
HEAD_BLOCKS = 8
TITLE_CHARACTERS = 150


def find_files(root: Path) -> Iterator[Path]:
    """The files to index below `root` (or `root` itself), in a stable order; hidden files and folders are left out."""
    if root.is_file():
        yield root
        return
    for path in sorted(root.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
        if not hidden and path.suffix.lower() in SUFFIXES and path.is_file():
            yield path


def article_id(text: str) -> str:
    """The same text has the same id, wherever its file lies."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_article(path: Path) -> Article:
    """One file as an article.

    Raises:
        LoadError: the file cannot be read, is too large, is no UTF-8 text (or its name is none), or has no words.
    """
    text = _read_text(path)
    head = [text[start:end] for start, end in blocks(text)[:HEAD_BLOCKS]]
    metadata = _metadata(text)
    found_date, date_source = _date(metadata, head)
    return Article(
        id=article_id(text),
        title=metadata.get("title") or _title(head) or path.stem,
        date=found_date,
        date_source=date_source,
        sources=(str(path),),
        text=text,
    )


def _read_text(path: Path) -> str:
    shown = str(path).encode(errors="backslashreplace").decode()
    if shown != str(path):
        raise LoadError(f"{shown}: its name is not UTF-8.", "Rename it.")
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise LoadError(f"{path}: {size / 1e6:.0f} MB, more than {LARGEST_FILE / 1e6:.0f} MB.", "Split it.")
        raw = path.read_bytes()
    except OSError as error:
        raise LoadError(f"{path}: cannot be read ({error.strerror}).") from error
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise LoadError(f"{path}: not UTF-8 text (byte {error.start}).", "Save it as UTF-8.") from error
    if "\0" in text:
        raise LoadError(f"{path}: a binary file, not text.")
    if not any(character.isalnum() for character in text):
        raise LoadError(f"{path}: no words in it.")
    return text


def _metadata(text: str) -> dict[str, str]:
    """`title` and `date` of a Markdown front matter; a head that is not YAML is no metadata."""
    head = front_matter(text)
    if not head:
        return {}
    import yaml

    try:
        values = yaml.safe_load(head.strip("\ufeff \r\n-"))
        if not isinstance(values, dict):
            return {}
        plain = {key: str(value) for key, value in values.items() if isinstance(value, str | date | int)}
    except (yaml.YAMLError, ValueError, RecursionError):  # ValueError: a 30 February, a number of 5,000 digits
        return {}
    return {str(key).lower(): " ".join(value.split()) for key, value in plain.items()}


def _title(head: list[str]) -> str:
    """The first heading, or the first line that is not litter if it is short and does not read as a paragraph."""
    for block in head:
        if is_litter(block):
            continue
        title = " ".join(MARKDOWN_PREFIX.sub("", block, count=1).split())
        if block.startswith("#") or (len(title) <= TITLE_CHARACTERS and not title.endswith(".")):
            return title
        return ""
    return ""


def _date(metadata: dict[str, str], head: list[str]) -> tuple[str | None, str]:
    if value := metadata.get("date"):
        try:
            return datetime.fromisoformat(value).date().isoformat(), "front matter"
        except ValueError:
            if found := date_of_line(value):
                return found, "front matter"
    found = article_date(head)
    return found, "date line" if found else ""


class Reader:
    def read(self, paths):
        r = []
        for p in paths:
            try:
                r.append(read_article(p))
            except LoadError as e:
                r.append(e)
        return r

    def close(self): ...
