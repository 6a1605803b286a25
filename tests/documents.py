"""Documents for tests, made byte by byte: PDF, Word, EPUB."""

import zipfile
from collections.abc import Sequence
from io import BytesIO

CONTAINER = """<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">
<rootfiles><rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
TextLine = tuple[float, float, float, str]  # x and y in points, size, text


def column(lines: Sequence[str], *, left: float = 72, top: float = 700, size: float = 11) -> list[TextLine]:
    """Lines below each other, as a paragraph is set."""
    return [(left, top - 1.2 * size * number, size, line) for number, line in enumerate(lines)]


def make_pdf(pages: Sequence[Sequence[TextLine]], information: str = "", trailer: str = "") -> bytes:
    """A PDF of Helvetica text; `information` is the body of its Info dictionary."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages):
        content = "".join(f"BT /F1 {size} Tf {x} {y} Td ({_escaped(text)}) Tj ET\n" for x, y, size, text in lines)
        resources = "/Resources << /Font << /F1 3 0 R >> >>"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] {resources} /Contents {5 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(content.encode('cp1252'))} >>\nstream\n{content}\nendstream")
    objects.append(f"<< {information} >>")
    return assemble_pdf(objects, f"/Info {len(objects)} 0 R {trailer}")


def assemble_pdf(objects: Sequence[str], trailer: str = "") -> bytes:
    """The objects, numbered from 1 (the catalog), with the table of their places."""
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("cp1252")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def make_docx(blocks: Sequence[tuple[str, object]], **properties: object) -> bytes:
    """A Word document of (style, text) paragraphs and ("table", rows); properties as python-docx names them."""
    import docx

    document = docx.Document()
    for style, content in blocks:
        if style == "table":
            rows = [list(row) for row in content]  # type: ignore[attr-defined]
            table = document.add_table(len(rows), len(rows[0]))
            for cells, row in zip(table.rows, rows, strict=True):
                for cell, text in zip(cells.cells, row, strict=True):
                    cell.text = text
        else:
            document.add_paragraph(str(content), style=style or None)
    for name, value in properties.items():
        setattr(document.core_properties, name, value)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def make_epub(chapters: Sequence[str], metadata: str = "", extra: dict[str, bytes] | None = None) -> bytes:
    """A book of XHTML bodies in reading order; `metadata` is Dublin Core."""
    items = "".join(
        f'<item id="c{number}" href="text/c%20{number}.xhtml" media-type="application/xhtml+xml"/>'
        for number in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{number}"/>' for number in range(len(chapters)))
    book = f"""<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"
        version="3.0"><metadata>{metadata}</metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"""
    files = {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": CONTAINER.encode(),
        "OPS/book.opf": book.encode(),
    }
    for number, chapter in enumerate(chapters):
        page = f"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><head><title>t</title></head><body>{chapter}</body></html>"
        files[f"OPS/text/c {number}.xhtml"] = page.encode()
    return make_zip(files | (extra or {}))


def make_zip(files: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
