"""What the reader of a format found in a document, and how that becomes an Article: one rule for all formats."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise, takewhile
from urllib.parse import urlsplit

from index.errors import LoadError
from index.load.dates import article_date, date_of_line
from index.records import Article
from index.sentences import MARKDOWN_PREFIX, blocks, front_matter, is_litter

HEAD_BLOCKS = 8
HEAD_CHARACTERS = 20_000  # title and date line stand before this
LONGEST_LINE = 500  # characters of a block that are looked at; no title or date line is as long
TITLE_CHARACTERS = 150
AUTHOR_CHARACTERS = 200
LIST_MARK, ROW_MARK = "- ", "| "  # as in Markdown: the sentence splitter knows them and leaves them out of quotes
NO_NAMES = frozenset(
    "admin administrator anonymous author default editor guest me none owner python-docx root staff unknown user "
    "windows webmaster".split()
)
BY = re.compile(r"^(?:(?:written |posted )?by|author)\b[:\s]+", re.IGNORECASE)
# A line of its own under the title: "By Ada Quist", "*2 June 2023, by Ada Quist and Bo Chen*".
BY_LINE = re.compile(
    r"[\W_]*(?P<before>.*?)(?:^|(?<=[\W_]))[Bb][Yy]\s+"
    r"(?P<names>[^\W\d_a-z][\w.'’-]*(?:,?\s+(?:[^\W\d_a-z][\w.'’-]*|and|de|da|der|la|van|von))+?)[\W_]*"
)
UNPRINTABLE = {code: None for code in (*range(32), *range(127, 160), 0xFFFE, 0xFFFF) if chr(code) not in "\n\t"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A document as its reader found it; empty where nothing was.

    `dates` are (what is written, where it was found), the best first; `weak_dates` count only where the text itself has
    no date line. `text_date` names a date that the text gives.
    """

    text: str
    title: str = ""
    author: str = ""
    dates: tuple[tuple[str, str], ...] = ()
    weak_dates: tuple[tuple[str, str], ...] = ()
    text_date: str = "date line"
    url: str = ""
    pages: tuple[int, ...] = ()


def article_id(text: str) -> str:
    """The same text has the same id, wherever its file lies."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def finish(draft: Draft, source: str, name: str) -> Article:
    """The draft as an article of `source`, called `name` where nothing in it is a title.

    Raises:
        LoadError: it has no words.
    """
    draft = replace(draft, text=whole(draft.text), url=whole(draft.url))
    if not any(map(str.isalnum, draft.text)):
        raise LoadError("no words in it.")
    head = head_blocks(draft.text)
    found, where = _first_date(draft.dates)
    if not found and (found := plausible(article_date(head))):
        where = draft.text_date
    if not found:
        found, where = _first_date(draft.weak_dates)
    return Article(
        id=article_id(draft.text),
        title=one_line(draft.title) or title_of(head) or name,
        text=draft.text,
        sources=(source,),
        date=found,
        date_source=where,
        author=author_of(draft.author) or by_line(head),
        url=draft.url if is_web_address(draft.url) else None,
        pages=draft.pages,
    )


def head_blocks(text: str) -> list[str]:
    """The first few blocks, each cut to a length that a title or a date line never has."""
    beginning = text[: len(front_matter(text)) + HEAD_CHARACTERS]
    return [text[start : min(end, start + LONGEST_LINE)] for start, end in blocks(beginning)[:HEAD_BLOCKS]]


def title_of(head: Iterable[str]) -> str:
    """The first heading, or the first line that is not litter if it is short and does not read as a paragraph.

    A by-line right below it is no part of it.
    """
    for block in head:
        if is_litter(block):
            continue
        first, *more = block.split("\n")
        heading = "\n".join([first, *takewhile(lambda line: not _names_of(line), more)])
        prefix = MARKDOWN_PREFIX.match(heading)
        title = one_line(heading[prefix.end() :] if prefix else heading)
        if block.startswith("#") or (len(title) <= TITLE_CHARACTERS and not title.endswith(".")):
            return title
        return ""
    return ""


def author_of(written: str) -> str | None:
    """Plain names, separated by commas; None for addresses, accounts and whatever else is no name."""
    names: list[str] = []
    for part in re.split(r"\s*[;|\n]\s*", written.translate(UNPRINTABLE)):
        name = BY.sub("", one_line(part), count=1).strip(" ,")
        odd = re.search(r"https?:|www\.|[@/\\<>{}]|\.(?:com|org|net)\b", name)
        if name and not odd and name.casefold() not in NO_NAMES and re.search(r"[^\W\d_]{2}", name):
            names.append(name)
    joined = ", ".join(dict.fromkeys(names))
    return joined if 0 < len(joined) <= AUTHOR_CHARACTERS else None


def by_line(head: Iterable[str]) -> str | None:
    """Who the first by-line names; the first line of all is none: it is the title."""
    lines = [line for block in head for line in block.split("\n")]
    return next((names for line in lines[1:] if (names := _names_of(line))), None)


def _names_of(line: str) -> str | None:
    """Who a line names that says nothing but by whom, and perhaps when."""
    found = BY_LINE.fullmatch(line.strip())
    if not found or (found["before"] and not date_of_line(found["before"])):
        return None
    return author_of(found["names"])


def written_date(written: str) -> str | None:
    """ISO date of one that is written in full, in ISO form or as `date_of_line` reads it; else None."""
    written = written.strip()[:LONGEST_LINE]
    if re.match(r"\d{4}-?\d{2}-?\d{2}(?!\d)", written):
        try:
            return plausible(datetime.fromisoformat(written).date().isoformat())
        except ValueError:
            pass
    return plausible(date_of_line(written))


def plausible(day: str | None) -> str | None:
    """The date, if something can have been written on it: not before the year 1000, not after tomorrow."""
    return day if day and "1000" <= day <= (date.today() + timedelta(days=1)).isoformat() else None


def is_web_address(url: str) -> bool:
    try:
        return re.fullmatch(r"https?://\S+", url) is not None and bool(urlsplit(url).hostname)
    except ValueError:  # "http://["
        return False


def one_line(text: str) -> str:
    return " ".join(whole(text).translate(UNPRINTABLE).split())


def whole(text: str) -> str:
    """Half surrogates, which no database takes, become "?"; offsets stay."""
    return text.encode(errors="replace").decode()


def join_blocks(found: Iterable[str]) -> str:
    """The blocks with blank lines between them; the items of a list and the rows of a table stay together."""
    kept = [block for block in map(clean, found) if any(map(str.isalnum, block))]
    pieces = kept[:1]
    for before, block in pairwise(kept):
        mark = block[:2]
        together = mark in (LIST_MARK, ROW_MARK) and before.startswith(mark)
        pieces += ["\n" if together else "\n\n", block]
    return "".join(pieces)


def clean(block: str) -> str:
    """Without control characters and half surrogates, and with single spaces; line ends stay."""
    # By way of UTF-16, because PDFs give rare letters as two halves.
    block = block.encode("utf-16", "surrogatepass").decode("utf-16", "ignore").translate(UNPRINTABLE)
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in block.split("\n"))
    return "\n".join(line for line in lines if line)


def _first_date(candidates: Iterable[tuple[str, str]]) -> tuple[str | None, str]:
    for written, where in candidates:
        if found := written_date(written):
            return found, where
    return None, ""
