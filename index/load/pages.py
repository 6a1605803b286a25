"""Web pages → Draft: what a person reads in the article, without what the page puts around it. trafilatura's door."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from itertools import accumulate
from typing import Any

from lxml import etree, html

from index.errors import LoadError
from index.load.decode import decode_page
from index.load.draft import LIST_MARK, ROW_MARK, Draft, head_blocks, join_blocks, one_line
from index.load.metadata import (
    address_of,
    authors_of_page,
    bylines,
    dates_of_page,
    meta_values,
    structured,
    title_of_page,
    without_site,
)

NEVER_TEXT = (
    *("script", "style", "noscript", "template", "svg", "math", "canvas", "iframe", "object", "select", "button"),
    *("textarea", "dialog", "nav", "aside", "footer"),
)
HIDDEN = """.//*[not(self::body)][@hidden or @aria-hidden="true" or contains(translate(@style, ' ', ''), "display:none")
    or contains(translate(@style, ' ', ''), "visibility:hidden")]"""
ROLES = frozenset("banner navigation complementary contentinfo search dialog alertdialog menu menubar toolbar".split())
AROUND = re.compile(  # names that pages give to what is not the article
    r"(?<![a-z])(?:cookies?|consent|gdpr|newsletter|subscri(?:be|ption)|share|sharing|social|related|recommended"
    r"|recommendations|trending|most-?read|read-?more|more-?stories|advert\w*|ads?|promo\w*|sponsor\w*|outbrain|taboola"
    r"|breadcrumbs?|sidebar|comments?|disqus|popup|modal|paywall|menu|pagination|skip-link)(?![a-z])"
)
MOST_OF_PAGE = 0.3  # what is named like that and yet holds more of the words has the article inside
HEADINGS = {f"h{level}": level for level in range(1, 7)}
BLOCKS = frozenset(
    "address article blockquote body dd details div dl dt fieldset figcaption figure form head header hr item li list "
    "main ol p pre quote row section summary table tr ul".split()
) | set(HEADINGS)
DEEPEST = 300  # elements inside each other
NO_TEXT = re.compile(r"<(script|style|template|noscript)\b.*?(?:</\1>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL | re.IGNORECASE)
TAG = re.compile(r"<[a-z/!?][^<>]*>", re.IGNORECASE)
SITE = re.compile(r"site|logo|brand")  # a first heading that is the name of the whole site


def read_html(body: bytes, encoding: str = "", url: str = "") -> Draft:
    """The article of a page whose HTTP header names `encoding` and whose address is `url`, where known.

    Raises:
        LoadError: the page cannot be parsed.
    """
    markup = decode_page(body, encoding)
    tree = parse(markup)
    named, data = meta_values(tree), structured(tree)  # read before the scripts that hold them go
    address = address_of(tree, markup[:4096], url)
    dates = dates_of_page(tree, named, data, address)
    title, author = title_of_page(named, data), ";".join(authors_of_page(data))
    suggested, byline = ("", "") if title and author else _suggested(tree)
    headline = _drop_litter(tree)
    weak_dates = tuple((line, "page text") for line in bylines(tree))
    text = _text(tree)
    if headline and headline not in " ".join(map(one_line, head_blocks(text))):
        text = f"# {headline}\n\n{text}".strip()
    return Draft(text, title or headline or suggested, author or byline, dates, weak_dates, "page text", address)


def read_mhtml(body: bytes) -> Draft:
    """The page inside a web archive, as browsers save it in one file.

    Raises:
        LoadError: there is no page inside.
    """
    message = message_from_bytes(body, policy=policy.default)
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            content = part.get_payload(decode=True)
            place = message.get("Snapshot-Content-Location") or part.get("Content-Location") or ""
            if isinstance(content, bytes):
                return read_html(content, part.get_content_charset() or "", str(place))
    raise LoadError("no page inside this web archive.", "Save the page as HTML.")


def readable_blocks(root: Any) -> Iterator[str]:
    """The text below an HTML or trafilatura element, block by block: headings, items and rows with their marks."""
    pieces: list[str] = []
    mark, row, preformatted = "", 0, 0

    def flush() -> Iterator[str]:
        nonlocal mark
        for block in re.split(r"\v\s*\v\s*", "".join(pieces)):
            if text := re.sub(r" *\v *", "\n", block).strip():
                yield mark + text + (" |" if mark == ROW_MARK else "")
                mark = ""
        pieces.clear()

    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        starts = event == "start"
        if tag in ("tr", "row"):
            yield from flush()
            mark, row = (ROW_MARK, row + 1) if starts else ("", max(0, row - 1))
        elif tag in ("td", "th", "cell"):
            if starts and any(map(str.strip, pieces)):
                pieces.append(" | ")
        elif tag in BLOCKS and row:
            pieces.append(" ")
        elif tag in BLOCKS:
            yield from flush()
            preformatted += (1 if starts else -1) * (tag == "pre")
            own = _mark(element)  # a paragraph inside an item has none, and takes the item's
            mark = own or mark if starts else "" if own else mark
        elif tag in ("br", "lb") and starts:
            pieces.append(" " if row else "\v")
        text = element.text if starts else (element.tail if element is not root else "")
        if text:
            pieces.append(re.sub(r"\r?\n", "\v", text) if preformatted and not row else re.sub(r"\s+", " ", text))
    yield from flush()


def _mark(element: Any) -> str:
    if element.tag in HEADINGS:
        return "#" * HEADINGS[element.tag] + " "
    if element.tag == "head":  # trafilatura's heading; its level is in `rend`
        return "#" * HEADINGS.get(element.get("rend", ""), 2) + " "
    return LIST_MARK if element.tag in ("li", "item") else ""


def parse(markup: str) -> Any:
    """The page's tree; a page that nests without end, as unclosed tags do, keeps its words and loses its elements.

    Raises:
        LoadError: there is no element in it.
    """
    tree = _tree(markup)
    if _depth(tree) > DEEPEST:  # trafilatura's time grows with the square of it, and libxml2 stops at 2,048
        tree = _tree(re.sub(r"(?:<br>\s*){2,}", "<br><br>", TAG.sub("<br>", NO_TEXT.sub(" ", markup))))
    return tree


def _tree(markup: str) -> Any:
    # Bytes, because lxml refuses text that names an encoding; huge_tree, for pictures inside the page.
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    raw = markup.replace("\0", "").encode("utf-8", "ignore")
    try:
        return html.document_fromstring(raw, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise LoadError("no words in it.") from error


def _depth(tree: Any) -> int:
    steps = accumulate(1 if event == "start" else -1 for event, _ in etree.iterwalk(tree, events=("start", "end")))
    return max(steps, default=0)


def _suggested(tree: Any) -> tuple[str, str]:
    """The title and the authors that the markup suggests."""
    from trafilatura.metadata import extract_metadata

    # The date is not taken from here, but by rules that never guess; these settings keep the search for it short.
    found = extract_metadata(tree, date_config={"extensive_search": False, "original_date": True}, extensive=False)
    return without_site(found.title or "", found.sitename or ""), found.author or ""


def drop_unseen(tree: Any) -> None:
    """Takes out of the tree what a browser does not show as text, and what is never the text of an article."""
    for element in [*tree.iter(*NEVER_TEXT), *tree.xpath(HIDDEN)]:
        _remove(element)


def _drop_litter(tree: Any) -> str:
    """Takes out of the tree whatever is not the article; returns its headline, where there is one only."""
    drop_unseen(tree)
    words = len(tree.text_content())
    for element in list(tree.iter()):
        around = element.get("role") in ROLES or AROUND.search(_names(element)) or _site_header(element)
        if around and element.tag not in ("html", "body", "main", "article", "h1") and element.getparent() is not None:
            inside = len(element.text_content())
            if inside < MOST_OF_PAGE * words and element.find(".//h1") is None:
                _remove(element)
    for headlines in (tree.xpath("//main//h1|//article//h1"), tree.xpath("//h1")):
        if len(headlines) == 1 and not SITE.search(_names(headlines[0])):
            return one_line(headlines[0].text_content())
    return ""


def _site_header(element: Any) -> bool:
    if element.tag != "header" or element.find(".//h2") is not None:
        return False
    return not any(parent.tag in ("article", "main") for parent in element.iterancestors())


def _names(element: Any) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}".lower()


def _remove(element: Any) -> None:
    if element.getparent() is not None:
        element.drop_tree()  # keeps the text that follows it


def _text(tree: Any) -> str:
    """trafilatura's text; the plain one of <article>, <main> or <body> where it leaves out next to nothing or too much.

    The plain one keeps lists and line ends better, so it is taken where there was nothing to leave out.
    """
    from trafilatura import bare_extraction

    found = bare_extraction(tree, include_comments=False, include_tables=True, favor_recall=True)
    body = getattr(found, "body", None)
    kept = "" if body is None else join_blocks(readable_blocks(body))
    articles = tree.xpath("//article[not(ancestor::article)]") or tree.xpath("//main|//*[@role='main']")
    root = articles[0] if len(articles) == 1 else tree.find("body")
    plain = join_blocks(readable_blocks(tree if root is None else root))
    enough = 0.5 if len(articles) == 1 else 0.2  # a body also holds what is around the article
    share = sum(map(str.isalnum, kept)) / max(1, sum(map(str.isalnum, plain)))
    return kept if enough <= share < 0.85 else plain
