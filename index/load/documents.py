"""PDF, Word and EPUB documents → Draft. The doors of pypdfium2 and python-docx."""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from urllib.parse import unquote

from lxml import etree

from index.errors import LoadError
from index.load.decode import decode_page
from index.load.draft import LIST_MARK, ROW_MARK, Draft, join_blocks, one_line
from index.load.lines import Line, page_blocks, running_lines
from index.load.pages import drop_unseen, parse, readable_blocks

UNPACKED_LIMIT = 200_000_000  # bytes
MOST_PAGES = 5_000
DAMAGED = (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, KeyError, ValueError, NotImplementedError, RuntimeError)
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# A text box stands twice in the file, for old programs and for new ones.
NOT_SHOWN = {f"{WORD}del", f"{WORD}moveFrom", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
NO_TITLE = re.compile(r"(?:microsoft word|untitled|document\d*$|slide \d)|\.(?:docx?|pdf|tex|indd|dvi|rtf|odt)$", re.I)
LINE_ENDS = (10, 13, 2, 0xFFFE)  # PDFium's last two stand for a hyphen, after which the word goes on in the next line
DOCX_TEMPLATE_DATE = "2013-12-23"  # that of python-docx's empty document, not of anything written in it


def read_pdf(body: bytes) -> Draft:
    """The text of a PDF page by page, without running headers and footers.

    Raises:
        LoadError: it is damaged, protected, too long, or has no text.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise LoadError("protected with a password.", "Save a copy without one.") from error
        raise LoadError("a damaged PDF, or none.", "Open it and save it again.") from error
    with document:
        if len(document) > MOST_PAGES:
            raise LoadError(f"{len(document)} pages, more than {MOST_PAGES}.", "Split it.")
        pages = [list(_pdf_lines(document, number)) for number in range(len(document))]
        properties = document.get_metadata_dict()
    if not any(map(str.isalnum, "".join(line.text for page in pages for line in page))):
        raise LoadError("no text in this PDF: its pages are pictures.", "Run text recognition (OCR) on it first.")
    running = running_lines(pages)
    text, starts = "", []
    for page in pages:
        words = join_blocks(page_blocks([line for line in page if line not in running]))
        text += "\n\n" if text and words else ""
        starts.append(len(text))
        text += words
    written = re.match(r"D:(\d{4})(\d{2})(\d{2})", properties.get("CreationDate", ""))
    title = one_line(properties.get("Title", ""))
    return Draft(
        text,
        title if len(title.split()) > 1 and not NO_TITLE.search(title) else _largest(pages),
        properties.get("Author", ""),
        weak_dates=(("-".join(written.groups()), "PDF properties"),) if written else (),
        pages=tuple(starts),
    )


def read_docx(body: bytes) -> Draft:
    """Paragraphs, headings, lists and tables of a Word document, in order.

    Raises:
        LoadError: it is damaged or too large unpacked.
    """
    import docx
    from docx.opc.exceptions import OpcError

    with _archive(body):  # checked before python-docx unpacks it
        pass
    try:
        document = docx.Document(BytesIO(body))
        styles = {style.style_id: (style.name or "").lower() for style in document.styles}
        text = join_blocks(_word_blocks(document.element.body, styles))
        properties = document.core_properties
        created = properties.created.date().isoformat() if properties.created else ""
        title, author = properties.title or "", properties.author or ""
    except (OpcError, etree.XMLSyntaxError, AttributeError, *DAMAGED) as error:
        raise LoadError("a damaged Word document, or none.", "Open it and save it again.") from error
    dates = ((created, "document properties"),) if created != DOCX_TEMPLATE_DATE else ()
    return Draft(text, "" if NO_TITLE.search(title) else title, author, weak_dates=dates)


def read_epub(body: bytes) -> Draft:
    """The chapters of a book in the order in which it is read.

    Raises:
        LoadError: it is damaged, protected, or too large unpacked.
    """
    with _archive(body) as archive:
        names = set(archive.namelist())
        place = _xml(archive, "META-INF/container.xml").xpath("string(//*[local-name()='rootfile']/@full-path)")
        book = _xml(archive, place)
        items = {item.get("id"): item for item in book.xpath("//*[local-name()='manifest']/*[local-name()='item']")}
        parts: list[str] = []
        for reference in book.xpath("//*[local-name()='spine']/*[local-name()='itemref'][not(@linear='no')]"):
            item = items.get(reference.get("idref"))
            if item is not None and "nav" not in (item.get("properties") or "").split():
                address = posixpath.join(posixpath.dirname(place), unquote(item.get("href") or ""))
                parts.append(posixpath.normpath(address))
        found = [block for part in dict.fromkeys(parts) if part in names for block in _chapter(archive.read(part))]
        protected = "META-INF/encryption.xml" in names and "META-INF/rights.xml" in names
    text = join_blocks(found)
    if protected and not text:
        raise LoadError("protected against copying.")
    core = {
        name: [one_line("".join(value.itertext())) for value in book.xpath(f"//*[local-name()='{name}']")]
        for name in ("title", "creator", "date")
    }
    dates = tuple((written, "book metadata") for written in core["date"])
    return Draft(text, (core["title"] or [""])[0], ";".join(core["creator"]), dates)


@contextmanager
def _archive(body: bytes) -> Iterator[zipfile.ZipFile]:
    """The zip file, whose parts are no larger than they may be; zipfile itself reads no more than is declared."""
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            sizes = [part.file_size for part in archive.infolist()]
            if sum(sizes) > UNPACKED_LIMIT:
                raise LoadError(
                    f"{sum(sizes) / 1e6:.0f} MB unpacked, more than {UNPACKED_LIMIT / 1e6:.0f} MB.", "Split it."
                )
            yield archive
    except (*DAMAGED, etree.XMLSyntaxError, OSError) as error:
        raise LoadError("a damaged document, or none of this kind.", "Open it and save it again.") from error


def _xml(archive: zipfile.ZipFile, name: str) -> Any:
    return etree.fromstring(archive.read(name), etree.XMLParser(resolve_entities=False, no_network=True))


def _chapter(body: bytes) -> list[str]:
    try:
        tree = parse(decode_page(body))
    except LoadError:
        return []  # an empty page of a book, say before its cover
    drop_unseen(tree)
    for head in tree.findall("head"):
        tree.remove(head)
    return list(readable_blocks(tree))


def _pdf_lines(document: Any, number: int) -> Iterator[Line]:
    """The lines of one page in the order of the file; PDFium reports each line's end as a character of its own."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        page = document[number]
        textpage = page.get_textpage()
    except pypdfium2.PdfiumError:
        return  # one damaged page; the others are read
    first, letters = 0, ""
    count = textpage.count_chars()
    for position in range(count + 1):
        code = pdfium.FPDFText_GetUnicode(textpage, position) if position < count else 10
        letters += chr(code)
        if code not in LINE_ENDS:
            continue
        if visible := letters.strip():
            start = first + len(letters) - len(letters.lstrip())
            stop = min(count, first + len(letters.rstrip())) - 1
            left, right = textpage.get_charbox(start, loose=True)[0], textpage.get_charbox(stop, loose=True)[2]
            # The letter in the middle says how high the line is: a bullet or a footnote's number may differ.
            middle = max(
                range(start, stop + 1), key=lambda at: (letters[at - first] > " ", -abs(2 * at - start - stop))
            )
            _, bottom, _, top = textpage.get_charbox(middle, loose=True)
            size = pdfium.FPDFText_GetFontSize(textpage, middle)
            yield Line(visible, number, left, bottom, right, top, max(size, 1.0))
        first, letters = position + 1, ""
    textpage.close()
    page.close()


def _largest(pages: list[list[Line]]) -> str:
    """The lines of the first page in its largest letters, if they are clearly larger than those of the text."""
    lines = pages[0]
    sizes = sorted(round(line.top - line.bottom, 1) for page in pages[:3] for line in page for _ in line.text)
    if not sizes:
        return ""
    largest = [line.text for line in lines if line.top - line.bottom > 1.2 * sizes[len(sizes) // 2]]
    height = max((line.top - line.bottom for line in lines), default=0)
    largest = [line.text for line in lines if line.text in largest and line.top - line.bottom > 0.95 * height]
    title = one_line(" ".join(largest))
    return title if len(title) <= 200 else ""


def _word_blocks(parent: Any, styles: dict[str, str]) -> Iterator[str]:
    for element in parent:
        if element.tag == f"{WORD}p":
            yield _word_mark(element, styles) + _word_text(element)
        elif element.tag == f"{WORD}tbl":
            for row in element.iter(f"{WORD}tr"):
                cells = [one_line(_word_text(cell)) for cell in row.iter(f"{WORD}tc")]
                yield ROW_MARK + " | ".join(cells) + " |"
        elif isinstance(element.tag, str) and element.tag not in NOT_SHOWN:
            yield from _word_blocks(element, styles)  # a content control, or text that was put in while tracking


def _word_mark(paragraph: Any, styles: dict[str, str]) -> str:
    style = paragraph.find(f"{WORD}pPr/{WORD}pStyle")
    name = styles.get(style.get(f"{WORD}val"), "") if style is not None else ""
    if match := re.match(r"heading (\d)", name):
        return "#" * min(6, int(match[1]) + 1) + " "
    if name == "title":
        return "# "
    listed = name.startswith("list ") or paragraph.find(f"{WORD}pPr/{WORD}numPr") is not None
    return LIST_MARK if listed else ""


def _word_text(element: Any) -> str:
    """The letters of a paragraph or a cell; not what was deleted while tracking changes, nor what is hidden."""
    pieces: list[str] = []
    waiting = [element]
    while waiting:
        node = waiting.pop()
        if node.tag == f"{WORD}t":
            pieces.append(node.text or "")
        elif node.tag in (f"{WORD}br", f"{WORD}cr"):
            pieces.append("\n")
        elif node.tag in (f"{WORD}tab", f"{WORD}noBreakHyphen"):
            pieces.append("\t" if node.tag == f"{WORD}tab" else "-")
        elif node.tag not in NOT_SHOWN and node.find(f"{WORD}rPr/{WORD}vanish") is None:
            pieces.append(" " if node.tag == f"{WORD}p" else "")
            waiting += reversed(node)
    return "".join(pieces).strip(" ")
