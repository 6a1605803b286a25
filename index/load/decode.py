"""Bytes → text: a file's, where only what is certain counts, and a web page's, as browsers do it."""

import codecs
import re

from index.errors import LoadError

# The longer marks first: UTF-32's begins with UTF-16's.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NAMED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""")
# Browsers read Latin-1 as Windows-1252, because that is what pages mean by it.
MEANT = dict.fromkeys(("iso-8859-1", "latin-1", "latin1", "iso8859-1", "ascii", "us-ascii"), "cp1252")


def decode_text(raw: bytes) -> str:
    """The text of a file in UTF-8, or in UTF-16 or UTF-32 with a byte order mark; UTF-8's own mark stays in the text.

    Raises:
        LoadError: it is neither, or a binary file.
    """
    name = next((name for mark, name in MARKS if raw.startswith(mark)), "utf-8")
    if name == "utf-8" and b"\0" in raw:
        raise LoadError("a binary file, not text.")
    try:
        text = raw.decode(name)
    except UnicodeDecodeError as error:
        raise LoadError(f"not {name.upper()} text (byte {error.start}).", "Save it as UTF-8.") from error
    if "\0" in text:
        raise LoadError("a binary file, not text.")
    return text


def decode_page(raw: bytes, encoding: str = "") -> str:
    """A page's text, in what its byte order mark, its HTTP header or its `<meta>` names, else a likely one."""
    for mark, name in ((codecs.BOM_UTF8, "utf-8-sig"), *MARKS):
        if raw.startswith(mark):
            return raw.decode(name, "replace")
    named = NAMED.search(raw, 0, 4096)
    for candidate in (encoding.lower(), named[1].decode("ascii", "ignore").lower() if named else "", "utf-8"):
        try:
            return raw.decode(MEANT.get(candidate, candidate))
        except (LookupError, ValueError):  # no such encoding; an encoding that does not fit
            continue
    from charset_normalizer import from_bytes

    best = from_bytes(raw[:200_000]).best()
    return raw.decode(best.encoding if best else "cp1252", "replace")
