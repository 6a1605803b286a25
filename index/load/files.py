"""Files and fetched pages → Article. Text is kept as the file has it; documents are read in workers."""

import mimetypes
import os
import stat
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from operator import attrgetter
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from index.errors import LoadError
from index.load.decode import decode_page, decode_text
from index.load.draft import Draft, article_id, finish
from index.load.worker import SECONDS_PER_FILE, Request, Workers
from index.records import Article
from index.sentences import front_matter

__all__ = ["SUFFIXES", "Reader", "article_id", "find_files", "read_article"]

TEXT = {".txt", ".text", ".md", ".markdown"}
KINDS = {
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".mhtml": "mhtml",
    ".mht": "mhtml",
    ".pdf": "pdf",
    ".docx": "docx",
    ".epub": "epub",
}
SUFFIXES = TEXT | set(KINDS)
READS = f"Footnote reads {', '.join(sorted(SUFFIXES))} files."
NO_TEXT = {"image": "a picture", "audio": "a sound recording", "video": "a film", "font": "a font"}
ENDINGS, PAGES = tuple(SUFFIXES), (".html", ".htm", ".xhtml")
CONTENT_TYPES = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "multipart/related": "mhtml",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/epub+zip": "epub",
    "text/plain": "text",
    "text/markdown": "text",
}
LARGEST_FILE = 50_000_000  # bytes
LARGEST_HEAD = 50_000  # characters; YAML is slow
MOST_WORKERS = 4


def find_files(root: Path) -> Iterator[str]:
    """The paths of the files to index below `root` (or `root` itself), in a stable order.

    Hidden files and folders are left out, and so are linked folders, folders that cannot be read, and the folder that a
    browser saves beside a page. No file is asked for more than its name.
    """
    if root.is_file():
        yield str(root)
        return
    yield from _below(str(root))  # text: ten thousand Path objects cost more than the walk


def _below(folder: str) -> Iterator[str]:
    try:
        with os.scandir(folder) as listing:
            shown = [entry for entry in listing if not entry.name.startswith(".")]
    except OSError:
        return
    shown.sort(key=attrgetter("name"))
    names = {entry.name for entry in shown if entry.name.endswith(PAGES)}
    for entry in shown:
        if entry.is_dir(follow_symlinks=False):
            saved = entry.name.removesuffix("_files")
            if saved == entry.name or names.isdisjoint(saved + ending for ending in PAGES):
                yield from _below(entry.path)
        elif entry.name.lower().endswith(ENDINGS) and (
            entry.is_file(follow_symlinks=False) or os.path.isfile(entry.path)  # which is False for links in a circle
        ):
            yield entry.path


def read_article(path: Path) -> Article:
    """One file as an article; for many files a `Reader` is faster.

    Raises:
        LoadError: the file cannot be read, is too large, is damaged or no text, or has no words.
    """
    with Reader(workers=1) as reader:
        (article,) = reader.read([path])
    if isinstance(article, LoadError):
        raise article
    return article


class Reader:
    """Reads files and fetched pages; use it in a `with` block, which ends its processes."""

    def __init__(self, workers: int | None = None, seconds_per_file: float = SECONDS_PER_FILE) -> None:
        self._workers = Workers(seconds_per_file)
        self._threads = ThreadPoolExecutor(workers or min(MOST_WORKERS, os.cpu_count() or 1))

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._workers.close()
        self._threads.shutdown(cancel_futures=True)

    def read(self, paths: Sequence[Path]) -> list[Article | LoadError]:
        """An article or the reason why there is none, for each file, in the order of `paths`."""
        waiting: dict[int, Future[Article | LoadError]] = {}
        results: dict[int, Article | LoadError] = {}
        for number, path in enumerate(paths):
            if path.suffix.lower() in KINDS:
                waiting[number] = self._threads.submit(self._read, path)
        for number, path in enumerate(paths):
            if number not in waiting:
                results[number] = self._read(path)
        results |= {number: future.result() for number, future in waiting.items()}
        return [results[number] for number in range(len(paths))]

    def read_page(self, url: str, body: bytes, content_type: str) -> Article:
        """A page or document that was fetched from `url`, as the article of that address.

        Raises:
            LoadError: it is of a kind that cannot be read, too large, damaged, or has no words.
        """
        try:
            return replace(self._page(url, body, content_type), url=url)
        except LoadError as error:
            raise _named(error, url) from error

    def _page(self, url: str, body: bytes, content_type: str) -> Article:
        declared, encoding = _content_type(content_type)
        kind = "pdf" if body.startswith(b"%PDF-") else CONTENT_TYPES.get(declared, "")
        if not declared:
            kind = kind or ("html" if body.lstrip()[:1] == b"<" else "text")
        if not kind:
            raise LoadError(f"not a page or a document that can be read ({declared}).")
        if len(body) > LARGEST_FILE:
            raise LoadError(f"{len(body) / 1e6:.0f} MB, more than {LARGEST_FILE / 1e6:.0f} MB.")
        place = urlsplit(url)
        name = Path(unquote(place.path)).stem.replace("-", " ").replace("_", " ") or place.netloc or url
        if kind == "text":
            return finish(_text_draft(decode_page(body, encoding)), url, name)
        return self._workers.ask(Request(kind, url, name, body, encoding, url))

    def _read(self, path: Path) -> Article | LoadError:
        try:
            body = _bytes(path)
            kind = "pdf" if body.startswith(b"%PDF-") else KINDS.get(path.suffix.lower())
            if kind is None:
                return finish(_text_draft(_text(body, path)), str(path), path.stem)
            return self._workers.ask(Request(kind, str(path), path.stem, body))
        except LoadError as error:
            return _named(error, str(path))


def _named(error: LoadError, source: str) -> LoadError:
    """The error with the name of its file or page, as it can be printed in one line."""
    shown = source.encode(errors="backslashreplace").decode()
    shown = "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in shown)
    return LoadError(f"{shown}: {error.message}", error.hint)


def _bytes(path: Path) -> bytes:
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        raise LoadError("its name is not UTF-8.", "Rename it.") from error
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise LoadError("not a file.")
        if state.st_size > LARGEST_FILE:
            raise LoadError(f"{state.st_size / 1e6:.0f} MB, more than {LARGEST_FILE / 1e6:.0f} MB.", "Split it.")
        return path.read_bytes()
    except OSError as error:
        raise LoadError(f"cannot be read ({error.strerror}).") from error
    except ValueError as error:  # a NUL in the name
        raise LoadError("no file can have this name.") from error


def _text(body: bytes, path: Path) -> str:
    """Who hands in a picture has no use for the encodings of text."""
    try:
        return decode_text(body)
    except LoadError as error:
        kind = (mimetypes.guess_type(path.name)[0] or "").partition("/")[0]
        if kind not in NO_TEXT:
            raise
        raise LoadError(f"{NO_TEXT[kind]}, not text.", READS) from error


def _content_type(header: str) -> tuple[str, str]:
    """("text/html", "utf-8") of "Text/HTML; charset=UTF-8"; empty where nothing is said."""
    kind, *parameters = (part.strip().lower() for part in header.split(";"))
    encodings = [part.split("=", 1)[1].strip("\"' ") for part in parameters if part.startswith("charset=")]
    return kind, encodings[0] if encodings else ""


def _text_draft(text: str) -> Draft:
    metadata = _metadata(text)
    return Draft(
        text,
        metadata.get("title", ""),
        metadata.get("author") or metadata.get("authors", ""),
        ((metadata.get("date", ""), "front matter"),),
        url=metadata.get("url") or metadata.get("link") or metadata.get("source", ""),
    )


def _metadata(text: str) -> dict[str, str]:
    """The plain values of a Markdown front matter, lists joined by ";"; a head that is not YAML is no metadata."""
    head = front_matter(text)
    if not head or len(head) > LARGEST_HEAD:
        return {}
    import yaml

    try:
        # Its values as text: tags and merge keys of full YAML can fail in many ways, and grow without bound.
        values = yaml.load(head.strip("\ufeff \r\n-"), Loader=yaml.BaseLoader)
        if not isinstance(values, dict):
            return {}
        plain = {str(key).lower(): _plain(value) for key, value in values.items()}
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    return {key: " ".join(value.split()) for key, value in plain.items()}


def _plain(value: Any) -> str:
    """A scalar, or a list of scalars or of `name: …`, as text. Lists in lists are none: aliases make them endless."""
    listed = value[:50] if isinstance(value, list) else [value]
    items = (item.get("name") if isinstance(item, dict) else item for item in listed)
    return ";".join(item for item in items if isinstance(item, str) and item not in ("null", "~"))
