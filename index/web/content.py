"""What a server sends: which kinds of content can be articles, and unpacking it piece by piece."""

import zlib
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

GZIP = b"\x1f\x8b"
PIECE = 65_536  # bytes that one step of decompression gives at most

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ARTICLES = {"text/html", "text/xml", "application/xml", "text/plain", "text/markdown", "text/x-markdown"}
ARTICLES |= {"application/pdf", "application/epub+zip", DOCX}
ARCHIVES = {"application/gzip", "application/x-gzip"}  # what sitemaps come in
# What servers say that do not know; the end of the address tells more.
VAGUE = {"", "application/octet-stream", "binary/octet-stream", "application/zip", "application/x-zip-compressed"}
BY_SUFFIX = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xml": "application/xml",
    ".rss": "application/xml",
    ".atom": "application/xml",
    ".gz": "application/gzip",
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".pdf": "application/pdf",
    ".docx": DOCX,
    ".epub": "application/epub+zip",
}


def plain_type(header: str) -> str:
    """ "text/html" of "Text/HTML; charset=utf-8"."""
    return header.partition(";")[0].strip().lower()


def article_type(header: str, path: str) -> str | None:
    """The content type of an article with its parameters, a better guess for a vague one, or None for no article."""
    if plain_type(header) in VAGUE:
        fallback = "" if plain_type(header) else "text/html"
        header = BY_SUFFIX.get(PurePosixPath(path.lower()).suffix, fallback)
    plain = plain_type(header)
    if plain in ARCHIVES:
        return "application/xml"
    is_xml = plain.startswith("application/") and plain.endswith("+xml")
    return header if plain in ARTICLES or is_xml else None


def unpacked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """gzip or zlib → its content, never more than `PIECE` bytes at once. Raises zlib.error."""
    decoder = zlib.decompressobj(zlib.MAX_WBITS | 32)
    for piece in pieces:
        rest = piece
        while rest:
            yield decoder.decompress(rest, PIECE)
            if decoder.eof:
                return
            rest = decoder.unconsumed_tail
    raise zlib.error("it ends too early")
