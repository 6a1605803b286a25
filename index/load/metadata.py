"""What a web page says of itself: its address, title, authors and dates. No library here; the tree is lxml's."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from index.load.dates import date_of_line
from index.load.draft import is_web_address, one_line

DATE_NAMES = (
    "article:published_time og:article:published_time datepublished date.published publication_date published "
    "publishdate publish-date publish_date pubdate article.published sailthru.date parsely-pub-date citation_date "
    "citation_publication_date dc.date.issued dcterms.issued dcterms.created dc.date.created dc.date dcterms.date date"
).split()
ADDRESS_DATE = re.compile(r"/((?:1[5-9]|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?:[/-]|$)")
BYLINE = re.compile(r"(?<![a-z])(?:date|dateline|byline|publish\w*|posted|pubdate|timestamp|meta)(?![a-z])")
SAVED_FROM = re.compile(r"saved from url=\(\d+\)(\S+)|\bPage saved with SingleFile\s+url:\s*(\S+)")


def structured(tree: Any) -> list[dict[str, Any]]:
    """The schema.org records of the article and of its page, in this order; not those of what the page lists."""
    found: list[dict[str, Any]] = []
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        try:
            waiting = [json.loads(script.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        while waiting:
            value = waiting.pop(0)
            if isinstance(value, list):
                waiting += value
            elif isinstance(value, dict):
                waiting += [value[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in value]
                found.append(value)
    kinds = [str(record.get("@type", "")) for record in found]
    return [
        record
        for wanted in (("Article", "Posting", "Report"), ("WebPage",))
        for record, kind in zip(found, kinds, strict=True)
        if any(word in kind for word in wanted)
    ]


def meta_values(tree: Any) -> dict[str, str]:
    """The first value of each `<meta>`, by its name in small letters."""
    named: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        named.setdefault(name, meta.get("content") or "")
    return named


def address_of(tree: Any, beginning: str, url: str) -> str:
    """The canonical address, else the one that the page shares, else the one it was saved from."""
    saved = SAVED_FROM.search(beginning)
    origin = url or (next(filter(None, saved.groups()), "") if saved else "")
    named = tree.xpath('//link[@rel="canonical"]/@href') + tree.xpath('//meta[@property="og:url"]/@content')
    for address in (url, *(_joined(origin, str(name).strip()) for name in named), origin):
        if is_web_address(address):
            return address
    return ""


def _joined(origin: str, address: str) -> str:
    try:
        return urljoin(origin, address)
    except ValueError:  # "http://[": no address
        return ""


def title_of_page(named: dict[str, str], data: list[dict[str, Any]]) -> str:
    """The title that the page's metadata give, without the name of the site; empty where there is none."""
    headlines = (record["headline"] for record in data if isinstance(record.get("headline"), str))
    title = next(filter(None, (*headlines, named.get("og:title"), named.get("citation_title"))), "")
    return without_site(title, named.get("og:site_name", ""))


def without_site(title: str, site: str) -> str:
    """The "Bridges" of "Bridges | The Daily"."""
    title = one_line(title)
    match = re.search(rf"\s+[|–—·:-]\s+{re.escape(site)}$", title, re.IGNORECASE) if site else None
    return title[: match.start()] if match else title


def authors_of_page(data: list[dict[str, Any]]) -> Iterator[str]:
    """The names of those who wrote it, in the page's own record."""
    for record in data:
        listed = record.get("author")
        for person in listed if isinstance(listed, list) else [listed]:
            name = person.get("name") if isinstance(person, dict) else person
            if isinstance(name, str):
                yield name


def dates_of_page(
    tree: Any, named: dict[str, str], data: list[dict[str, Any]], url: str
) -> tuple[tuple[str, str], ...]:
    """(a date of publication as it is written, where it stands), the best first."""
    found = [(written, "page metadata") for written in _dates(tree, named, data)]
    if match := ADDRESS_DATE.search(urlsplit(url).path):
        year, month, day = map(int, match.groups())
        found.append((f"{year:04}-{month:02}-{day:02}", "page address"))
    return tuple(found)


def _dates(tree: Any, named: dict[str, str], data: list[dict[str, Any]]) -> Iterator[str]:
    for name in ("datePublished", "dateCreated"):
        yield from (record[name] for record in data if isinstance(record.get(name), str))
    yield from (named[name] for name in DATE_NAMES if name in named)
    for element in tree.xpath('//*[@itemprop="datePublished" or (self::time and @pubdate)]'):
        yield element.get("datetime") or element.get("content") or one_line(element.text_content())


def bylines(tree: Any) -> Iterator[str]:
    """Short texts that their name or their element calls a date, before any of the page's lists of other articles."""
    for element in tree.iter("time", "p", "div", "span", "li"):
        names = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
        if "update" in names or "modif" in names or not (element.tag == "time" or BYLINE.search(names)):
            continue
        line = one_line(element.text_content())
        if len(line) <= 120:
            yield (element.get("datetime") or line) if element.tag == "time" else (date_of_line(line) or "")
