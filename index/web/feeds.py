"""RSS, Atom and sitemaps → the pages they list (feedparser's door). Reads bytes, opens nothing."""

import io
import re
from collections.abc import Iterable
from datetime import datetime
from html import unescape
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from index.errors import LoadError
from index.records import Item
from index.web.addresses import shown

KINDS = {"rss": "feed", "feed": "feed", "rdf": "feed", "urlset": "sitemap", "sitemapindex": "sitemap index"}
HEAD = 65_536  # bytes in which the first element has to stand
# What may stand before it. Each part is taken whole or not at all, so that no text makes this slow.
PROLOG = re.compile(
    r"(?>\s+|<\?(?>.*?\?>)|<!--(?>.*?-->)|<!DOCTYPE[^\[>]*+(?>\[.*?\]\s*+)?+>)*+<(?>[\w.-]+:)?+([\w.-]++)",
    re.DOTALL | re.IGNORECASE,
)
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
LARGEST_FEED = 5_000_000  # bytes; feedparser takes seconds for each million
LONGEST_LINK = 2_000  # characters
LONGEST_LINE = 500  # characters of a title or a name
# What feedparser raises on bytes that are far from any feed; it promises none of them.
FEEDPARSER_ERRORS = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RecursionError,
)


def kind_of(body: bytes) -> str:
    """ "feed", "sitemap" or "sitemap index" by the first element, whatever the server calls it; "" for all else."""
    match = PROLOG.match(_head(body))
    return KINDS.get(match.group(1).lower(), "") if match else ""


def _head(body: bytes) -> str:
    """The first characters, enough to know the markup by: its names are ASCII in every encoding in use."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body[:HEAD].decode("utf-16", "ignore")
    return body[:HEAD].removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def _refuse_entities(body: bytes, url: str) -> None:
    """No feed needs entities of its own, and a few lines of them can unfold to gigabytes."""
    match = PROLOG.match(_head(body))
    if match and "<!entity" in match.group().lower():
        raise LoadError(f"{shown(url)}: defines entities, which is not safe to read.")


def read_feed(body: bytes, url: str, content_type: str = "") -> list[Item]:
    """The items of an RSS or Atom feed at `url`, in its order, each address once.

    Raises:
        LoadError: it cannot be read, or lists no pages.
    """
    import feedparser

    _refuse_entities(body, url)
    if len(body) > LARGEST_FEED:
        raise LoadError(f"{shown(url)}: a feed of {len(body) / 1e6:.0f} MB, more than {LARGEST_FEED / 1e6:.0f} MB.")
    headers = {"content-location": url}
    if "charset" in content_type.lower():
        headers["content-type"] = content_type
    try:
        # A stream: feedparser would take bytes for the name of a file, and a text for an address to visit.
        feed = feedparser.parse(
            io.BytesIO(body), response_headers=headers, resolve_relative_uris=False, sanitize_html=False
        )
        items = [_feed_item(entry, url) for entry in feed.entries]
    except FEEDPARSER_ERRORS as error:
        raise LoadError(f"{shown(url)}: a broken feed.") from error
    return _listed(items, url, "feed")


def _feed_item(entry: dict[str, Any], base: str) -> Item | None:
    url = _link(entry.get("link"), base)
    if not url:
        return None
    date = _day(entry.get("published"))
    return Item(
        url=url,
        # `get` would pass a publication off as an update.
        stamp=_line(entry["updated"]) or "" if "updated" in entry else "",
        title=_title(entry),
        date=date,
        date_source="feed" if date else "",
        author=_line(entry.get("author_detail", {}).get("name") or entry.get("author")),
    )


def _title(entry: dict[str, Any]) -> str | None:
    title = entry.get("title") or ""
    if entry.get("title_detail", {}).get("type") != "text/plain":
        title = unescape(re.sub(r"<[^<>]*>", "", title))
    return _line(title)


def read_sitemap(body: bytes, url: str) -> list[Item]:
    """The pages of a sitemap, or the parts of a sitemap index, at `url`, in its order, each address once.

    Raises:
        LoadError: it is not well-formed XML, or lists nothing.
    """
    from lxml import etree

    _refuse_entities(body, url)
    rows = _Rows()
    parser = etree.XMLParser(target=rows, resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        etree.fromstring(body.strip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise LoadError(f"{shown(url)}: a broken sitemap ({shown(str(error))}).") from error
    return _listed((_sitemap_item(row, url) for row in rows.found), url, "sitemap")


class _Rows:
    """Told of each element by the parser, keeps the few texts that count: no tree is built, however large the file."""

    def __init__(self) -> None:
        self.found: list[dict[str, str]] = []
        self._row: dict[str, str] | None = None
        self._text: list[str] = []
        self._namespace = ""

    def start(self, tag: str, _attributes: object) -> None:
        self._text = []
        namespace, name = _split(tag)
        if name in ("url", "sitemap") and self._row is None:
            self._row, self._namespace = {}, namespace

    def data(self, text: str) -> None:
        if self._row is not None:
            self._text.append(text)

    def end(self, tag: str) -> None:
        namespace, name = _split(tag)
        if self._row is None or namespace not in (self._namespace, NEWS):  # images and videos have a "loc" of their own
            return
        if name in ("url", "sitemap"):
            self.found.append(self._row)
            self._row = None
        elif name in ("loc", "lastmod", "publication_date", "title"):
            self._row.setdefault(name, "".join(self._text))

    def close(self) -> None:
        pass


def _split(tag: str) -> tuple[str, str]:
    namespace, brace, name = tag.rpartition("}")
    return namespace + brace, name


def _sitemap_item(row: dict[str, str], base: str) -> Item | None:
    url = _link(row.get("loc"), base)
    if not url:
        return None
    date = _day(row.get("publication_date"))  # of a news sitemap; `lastmod` is no publication
    return Item(
        url=url,
        stamp=_line(row.get("lastmod")) or "",
        title=_line(row.get("title")),
        date=date,
        date_source="sitemap" if date else "",
    )


def _listed(items: Iterable[Item | None], url: str, kind: str) -> list[Item]:
    unique: dict[str, Item] = {}
    for item in items:
        if item:
            unique.setdefault(item.url, item)
    if not unique:
        raise LoadError(f"{shown(url)}: this {kind} lists no pages.", "Give the address of a page instead.")
    return list(unique.values())


def _link(link: object, base: str) -> str | None:
    """`link` as a whole address without its fragment, or None if it is not one to visit."""
    if not isinstance(link, str) or not 0 < len(link := link.strip()) <= LONGEST_LINK or not link.isprintable():
        return None
    try:
        url = urldefrag(urljoin(base, link)).url
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    except ValueError:
        return None
    return url if fits and url != base else None  # an empty link leads back to the list


def _day(text: object) -> str | None:
    """The day that a date and time names, by the clock of the one who wrote it; None if it cannot be read."""
    from email.utils import parsedate_to_datetime

    value = text.strip() if isinstance(text, str) else ""
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return parse(value).date().isoformat()
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _line(text: object) -> str | None:
    """One line without control characters, as titles and names are; None for nothing."""
    if not isinstance(text, str):
        return None
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST_LINE] or None
