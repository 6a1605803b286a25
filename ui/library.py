"""What the library tab does: list and search articles, take in files and pages, remove, index again."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from index.engine import Index
from index.errors import FootnoteError, IndexMissing, LoadError
from index.records import Entry, Failure, Progress, Status, SyncReport
from index.web.addresses import HOW_TO_ALLOW, shown
from ui.jobs import Outcome
from ui.uploads import keep, shown_name, uploads_of

Order = Literal["Newest", "Oldest", "Title"]
ORDERS: tuple[Order, ...] = get_args(Order)
ON_A_PAGE = 50  # articles
MOST_FILES = 200  # at once
MOST_ADDRESSES = 50  # at once
LONGEST_ADDRESS = 2_000  # characters
LONGEST_WORDS = 200  # characters of a search


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the articles found among `total`; `number` counts pages from 0."""

    entries: tuple[Entry, ...] = ()
    found: int = 0
    total: int = 0
    number: int = 0

    @property
    def pages(self) -> int:
        return -(-self.found // ON_A_PAGE)


class Shelf:
    """The articles of an index, read again only when it has changed, since that is slow. Any thread may look."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._held: tuple[int, list[Entry]] = (-1, [])

    def look(self, words: str = "", order: Order = "Newest", number: int = 0) -> Listing:
        """A page of the articles that have all words: in their text or, even in part, in title, author or name."""
        try:
            entries = self._all()
            fitting = self._fitting(entries, words[:LONGEST_WORDS])
        except IndexMissing:
            return Listing()
        fitting.sort(key=lambda entry: entry.title.casefold())
        if order != "Title":
            fitting.sort(key=lambda entry: entry.date or "", reverse=order == "Newest")
            fitting.sort(key=lambda entry: entry.date is None)
        number = min(max(number, 0), max(0, (len(fitting) - 1) // ON_A_PAGE))
        start = number * ON_A_PAGE
        return Listing(tuple(fitting[start : start + ON_A_PAGE]), len(fitting), len(entries), number)

    def _all(self) -> list[Entry]:
        generation, entries = self._held
        now = self._index.generation()
        if now != generation:
            entries = self._index.entries()
            self._held = now, entries
        return entries

    def _fitting(self, entries: list[Entry], words: str) -> list[Entry]:
        parts = words.casefold().split()
        if not parts:
            return list(entries)
        matching = {entry.id for entry in self._index.entries(words=words)}

        def fits(entry: Entry) -> bool:
            names = (name_of(source) for source in entry.sources)  # a folder's would find all that lies in it
            named = " ".join([entry.title, entry.author or "", *names]).casefold()
            return entry.id in matching or all(part in named for part in parts)

        return [entry for entry in entries if fits(entry)]


def name_of(source: str) -> str:
    """What a source goes by: a file by its name, a page by its address."""
    return source if "://" in source else Path(source).name


def status_of(index: Index) -> Status | None:
    """What is in the index; None where there is none."""
    try:
        return index.status()
    except IndexMissing:
        return None


def addresses_in(text: str) -> list[str]:
    """The web addresses of a text that has one a line, each once.

    Raises:
        LoadError: there are none, or too many, or a line is none; paths of this machine are never taken.
    """
    lines = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if not lines:
        raise LoadError("There is no address to fetch.", "Paste one or several, one a line.")
    if len(lines) > MOST_ADDRESSES:
        raise LoadError(f"{len(lines)} addresses; {MOST_ADDRESSES} at once are the most.")
    for line in lines:
        if not re.match(r"https?://\S+$", line, re.IGNORECASE) or len(line) > LONGEST_ADDRESS:
            raise LoadError(f"{shown(line)}: not a web address.", "One begins with https:// and has no spaces.")
    return lines


def add_files(index: Index, files: Sequence[Path], progress: Progress) -> Outcome:
    """Keep the files and index them; what cannot be read is not kept, and only counted."""
    if len(files) > MOST_FILES:
        raise LoadError(f"{len(files)} files; {MOST_FILES} at once are the most.")
    folder = uploads_of(index.settings)
    kept: set[str] = set()
    notes: list[str] = []
    refused = 0
    for file in files:
        try:
            place, new = keep(file, file.name, folder)
        except LoadError as error:
            notes.append(str(error))
            refused += 1
            continue
        kept.add(str(place))
        if not new:
            notes.append(f"{place.name} is here already.")
        elif place.name != (name := shown_name(file.name)):
            notes.append(f"{name} is kept as {place.name}.")
    if not kept:
        return Outcome("No file was added.", tuple(notes))
    try:
        report = index.sync([folder], progress)
    except FootnoteError as error:
        return Outcome(f"{error} The files are kept: index again to take them in.", tuple(notes))
    unread = [failure for failure in report.failed if failure.path in kept]
    notes += [failure.reason.replace(f"{folder}{os.sep}", "", 1) for failure in unread]
    if unread:
        index.remove(failure.path for failure in unread)
        _delete(index, [failure.path for failure in unread])
    return Outcome(_told([report], (), refused + len(unread)), tuple(notes))


def add_pages(index: Index, addresses: Sequence[str], progress: Progress) -> Outcome:
    """Fetch and index pages, feeds and sitemaps; an address that gives nothing is not remembered, and only counted."""
    try:
        known = index.roots()
    except IndexMissing:
        known = []
    reports: list[SyncReport] = []
    notes: list[str] = []
    unread: list[Failure] = []
    refused = 0
    for done, address in enumerate(addresses):

        def tell(part: float, total: int, done: int = done) -> None:
            progress(done + part / max(total, 1), len(addresses))

        progress(done, len(addresses))
        try:
            report = index.sync([address], tell)
        except LoadError as error:  # it cannot be an address; the others still go in
            notes.append(str(error))
            refused += 1
            continue
        reports.append(report)
        # A window has no options.
        notes += [failure.reason.removesuffix(f" {HOW_TO_ALLOW}") for failure in report.failed]
        if address not in known and not (report.added or report.edited or report.unchanged):
            index.remove([address])
            refused += 1
        else:
            unread += report.failed
    return Outcome(_told(reports, unread, refused), tuple(notes))


def index_again(index: Index, progress: Progress) -> Outcome:
    """Bring the index in line with all that it was made from, and with files that were kept but never indexed."""
    uploads = uploads_of(index.settings)
    try:
        roots = index.roots()
    except IndexMissing:
        roots = []
    if str(uploads) not in roots and _has_files(uploads):
        index.sync([uploads], progress)
    elif not roots:
        raise IndexMissing("There is nothing to index yet.", "Drag files in, or paste addresses.")
    report = index.sync((), progress)
    return Outcome(_told([report], report.failed))  # why is in a list of its own


def after_removal(sources: Sequence[str], uploads: Path) -> str:
    """What becomes of an article's sources when it is removed, in one or two sentences."""
    copies = [source for source in sources if Path(source).is_relative_to(uploads)]
    pages = [source for source in sources if "://" in source]
    files = len(sources) - len(copies) - len(pages)
    said = {
        "Its copy here is deleted: drag the file in again to bring it back.": len(copies) == 1,
        "Its copies here are deleted: drag one of the files in again to bring it back.": len(copies) > 1,
        "The page is no longer followed: paste its address to bring it back.": len(pages) == 1,
        "The pages are no longer followed: paste the address of one to bring it back.": len(pages) > 1,
        "Its file stays where it is: indexing again brings it back.": files == 1,
        "Its files stay where they are: indexing again brings it back.": files > 1,
    }
    return " ".join(text for text, fits in said.items() if fits)


def remove_article(index: Index, article_id: str) -> Outcome:
    """Take an article out of the index, with the copies and the page address that this window brought in.

    Raises:
        LoadError: there is no such article (any more).
    """
    article = index.article(article_id)
    if article is None:
        raise LoadError("This article is not in the index any more.")
    uploads = uploads_of(index.settings)
    copies = [source for source in article.sources if Path(source).is_relative_to(uploads)]
    roots = set(index.roots())
    index.remove([article_id, *(source for source in article.sources if "://" in source and source in roots)])
    _delete(index, copies)
    return Outcome(f"Removed “{' '.join(article.title.split())[:100]}”. {after_removal(article.sources, uploads)}")


def _delete(index: Index, copies: Sequence[str]) -> None:
    """Delete kept files; the index then need not look into an empty folder."""
    for copy in copies:
        Path(copy).unlink(missing_ok=True)
    uploads = uploads_of(index.settings)
    if copies and not _has_files(uploads) and str(uploads) in index.roots():
        index.remove([str(uploads)])


def _has_files(uploads: Path) -> bool:
    return uploads.is_dir() and any(not one.name.startswith(".") for one in uploads.iterdir())


def _told(reports: Sequence[SyncReport], unread: Sequence[Failure], refused: int = 0) -> str:
    """What has changed; how much the index lists as `unread`, and how much was `refused` and left no trace in it."""
    counts = {
        "added": sum(report.added for report in reports),
        "changed": sum(report.edited for report in reports),
        "renamed": sum(report.renamed for report in reports),
        "gone": sum(report.deleted for report in reports),
        "could not be read": len({failure.path for failure in unread}),
        "not taken in": refused,
    }
    said = ", ".join(f"{number:,} {what}" for what, number in counts.items() if number)
    return f"Done: {said}." if said else "Done: nothing has changed."
