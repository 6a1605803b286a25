"""Whatever a file holds, it becomes an article with words or an error that names it, and its neighbours are read."""

import random
import time
from collections.abc import Iterator

import pytest
from documents import CONTAINER, assemble_pdf, column, make_docx, make_epub, make_pdf, make_zip

from index.errors import LoadError
from index.load.files import SUFFIXES, Reader
from index.records import Article
from index.sentences import sentence_runs

LINES = ["Tea is hot and coffee is not, as everybody knows who has had both of them.", "It ends here."]
PDF = make_pdf([column(LINES)] * 3, "/Title (All about tea) /CreationDate (D:20210503)")
DOCX = make_docx([("Heading 1", "Tea"), ("", LINES[0]), ("table", [["a", "b"]])], author="Ann Lee")
EPUB = make_epub([f"<h1>Tea</h1><p>{LINES[0]}</p>", "<p>It ends here.</p>"], "<dc:title>Tea</dc:title>")
HTML = f"<html><head><title>Tea</title></head><body><h1>Tea</h1><p>{LINES[0]}</p></body></html>".encode()
WHOLE = {".pdf": PDF, ".docx": DOCX, ".epub": EPUB, ".html": HTML}
SECONDS = 20  # for one file; what takes longer is an error too, but nothing here should


def cases() -> Iterator[tuple[str, bytes]]:
    """(file name, content), each name once."""
    yield from damaged()
    yield from random_bytes()
    yield from odd_pages()
    yield from odd_pdfs()
    yield from odd_archives()
    yield from odd_texts()


def damaged() -> Iterator[tuple[str, bytes]]:
    chance = random.Random(1)
    for suffix, whole in WHOLE.items():
        for part in range(22):
            yield f"cut-{part}{suffix}", whole[: len(whole) * part // 22]
        for number in range(22):
            flipped = bytearray(whole)
            for _ in range(chance.choice((1, 3, 10, 100))):
                flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
            yield f"flipped-{number}{suffix}", bytes(flipped)
        for number in range(6):
            start = chance.randrange(len(whole))
            yield f"gap-{number}{suffix}", whole[:start] + whole[start + chance.randrange(1, 200) :]
        yield f"twice{suffix}", whole + whole
        yield f"headless{suffix}", whole[10:]
        yield f"zeros{suffix}", whole[:100] + bytes(5_000) + whole[100:]


def random_bytes() -> Iterator[tuple[str, bytes]]:
    chance = random.Random(2)
    for suffix in sorted(SUFFIXES):
        yield f"empty{suffix}", b""
        yield f"nul{suffix}", b"\0" * 1_000
        yield f"one{suffix}", b"\xff"
        for size in (10, 1_000, 100_000):
            yield f"random-{size}{suffix}", chance.randbytes(size)
        for other, whole in WHOLE.items():
            if other != suffix:
                yield f"really-{other[1:]}{suffix}", whole


def odd_pages() -> Iterator[tuple[str, bytes]]:
    words = LINES[0].encode()
    yield "deep.html", b"<div>" * 100_000 + words
    yield "deep-inline.html", b"<b>" * 100_000 + words
    yield "deep-list.html", b"<ul><li>" * 20_000 + words
    yield "deep-table.html", b"<table><tr><td>" * 5_000 + words
    yield "deep-quote.html", b"<blockquote>" * 3_000 + words + b"</blockquote>" * 3_000
    yield "wide.html", b"<p>" + b"</p><p>".join([words] * 5_000)
    yield "scripts.html", b"<script>var a = '<p>';</script>" * 20_000 + words
    yield "only-scripts.html", b"<script>var a = 1;</script>" * 1_000
    yield "unclosed-script.html", b"<p>" + words + b"<script>var a = '"
    yield "unclosed-comment.html", b"<p>" + words + b"<!-- "
    yield "unclosed-style.html", b"<style>p {" + words
    yield "unclosed.html", b"<html><body><div><p>" + words + b"<b><i><table><tr><td>" + words
    yield "closed-too-often.html", b"</div></p></body></html>" * 1_000 + words
    yield "huge-attribute.html", b'<p title="' + b"x" * 5_000_000 + b'">' + words
    yield "many-attributes.html", b"<p " + b" ".join(b'a%d="x"' % n for n in range(3_000)) + b">" + words
    yield "huge-tag.html", b"<" + b"x" * 1_000_000 + b">" + words
    yield "nul.html", b"<p>" + b"\0".join([words] * 100)
    yield "nul-tag.html", b"<p\0>" + words
    yield "entities.html", b"<p>&#0;&#xD800;&#x110000;&amp;&nosuch;&#99999999999;" + words
    yield (
        "entity-bomb.xhtml",
        b'<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa">'
        + b"".join(b'<!ENTITY %c "%s">' % (n, (b"&%c;" % (n - 1)) * 10) for n in b"bcdefghij")
        + b"]><html><body><p>&j;</p></body></html>",
    )
    yield "external-entity.xhtml", b'<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd">]><p>&a;' + words
    yield "frameset.html", b"<frameset><frame src=a.html></frameset>"
    yield "wrong-charset.html", b"<meta charset=utf-16><p>" + words
    yield "odd-charset.html", b"<meta charset=idna><p>caf\xe9" + words
    yield "odd-charset-2.html", b"<meta charset=base64><p>caf\xe9" + words
    yield "two-encodings.html", "<meta charset=utf-8><p>é".encode() + "é".encode("cp1252") + words
    yield "bad-data.html", b'<script type="application/ld+json">{"@graph": ' + b"[" * 100_000 + b"</script><p>" + words
    yield (
        "odd-data.html",
        b'<script type="application/ld+json">{"@type": "Article", "author": {"name": 7}, "headline": []}'
        b"</script><p>" + words,
    )
    yield "bad-dates.html", b'<meta name="date" content="' + b"9" * 10_000 + b'"><time datetime="-1"></time><p>' + words
    yield "bad-address.html", b'<link rel=canonical href="http://[::1"><base href="//"><p>' + words
    yield "bad-style.html", b'<p style="display:none' + words
    yield "line-breaks.html", b"<br>" * 10_000 + words
    yield "white.html", b"<p>" + b"&nbsp; \xc2\xa0\n" * 100_000 + words
    yield "plus.html", b"<p>" + b"+" * 1_000_000 + words
    yield "no-space.html", b"<p>" + b"x" * 3_000_000
    yield "headings.html", b"".join(b"<h1>%d</h1>" % n for n in range(10_000))
    yield "shares.html", b'<div class="share">' * 200 + words + b"</div>" * 200
    yield "links.html", b'<p><a href="x">' + b'</a></p><p><a href="x">'.join([words] * 5_000)
    yield (
        "archive.mhtml",
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n" + b"--b\r\n" * 10_000,
    )
    yield (
        "archive-deep.mht",
        b"MIME-Version: 1.0\r\n"
        + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3_000)),
    )


def odd_pdfs() -> Iterator[tuple[str, bytes]]:
    catalog = "<< /Type /Catalog /Pages 2 0 R >>"
    yield "no-pages.pdf", assemble_pdf([catalog, "<< /Type /Pages /Kids [] /Count 0 >>"])
    yield "loop.pdf", assemble_pdf([catalog, "<< /Type /Pages /Kids [2 0 R] /Count 1 >>"])
    yield (
        "long-loop.pdf",
        assemble_pdf(
            [
                catalog,
                "<< /Type /Pages /Kids [3 0 R] /Count 9 >>",
                "<< /Type /Pages /Kids [2 0 R] /Parent 2 0 R /Count 9 >>",
            ]
        ),
    )
    yield (
        "many-pages.pdf",
        assemble_pdf([catalog, "<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>", "<< /Type /Page >>"]),
    )
    yield "no-catalog.pdf", assemble_pdf(["<< /Type /Nothing >>"])
    yield "deep-array.pdf", assemble_pdf([catalog, "<< /Type /Pages /Count 1 /Kids " + "[" * 50_000 + " >>"])
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R {} >>"
    pages = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    yield "no-stream.pdf", assemble_pdf([catalog, pages, page.format("")])
    yield (
        "self-form.pdf",
        assemble_pdf(
            [
                catalog,
                pages,
                page.format("/Resources << /XObject << /F 5 0 R >> >>"),
                "<< /Length 4 >>\nstream\n/F Do\nendstream",
                "<< /Type /XObject /Subtype /Form /Resources << /XObject << /F 5 0 R >> >> /Length 4 >>\n"
                "stream\n/F Do\nendstream",
            ]
        ),
    )
    yield "length-lies.pdf", PDF.replace(b"/Length ", b"/Length 9999999")
    yield "odd-filter.pdf", PDF.replace(b"/Length ", b"/Filter /FlateDecode /Length ")
    yield "huge-box.pdf", PDF.replace(b"[0 0 612 792]", b"[0 0 1e38 -1e38]")
    yield "many-lines.pdf", make_pdf([[(72, 700 - n / 100, 1, f"line {n}") for n in range(3_000)]])
    yield "long-line.pdf", make_pdf([[(72, 700, 1, "word " * 20_000)]])
    yield "one-place.pdf", make_pdf([[(72, 700, 11, "word")] * 2_000])
    yield "zero-size.pdf", make_pdf([[(72, 700, 0, "word"), (-9e9, 9e9, 1e9, "far away")]])
    yield "info-loop.pdf", PDF.replace(b"/Title (All about tea)", b"/Title 10 0 R /Author [1 2]")


def odd_archives() -> Iterator[tuple[str, bytes]]:
    bomb = bytes(150_000_000)
    packed = make_zip({"word/document.xml": bomb, "b": bomb})
    inner = make_zip({"inner.zip": make_zip({"inner.zip": packed})})
    container = {"mimetype": b"application/epub+zip", "META-INF/container.xml": CONTAINER.encode()}
    manifest = b'<package><manifest><item id="a" href="%s"/></manifest><spine>%s</spine></package>'
    for suffix in (".docx", ".epub"):
        yield f"bomb{suffix}", packed
        yield f"nested{suffix}", inner
        yield f"many{suffix}", make_zip({f"{number}.xml": b"" for number in range(3_000)})
        yield f"names{suffix}", make_zip({"../../etc/x": b"x", "/abs": b"x", "a\x01": b"x", "é" * 1_000: b"x"})
    yield "large-chapter.epub", make_epub(["<p>" + "word " * 400_000])
    yield "deep-chapter.epub", make_epub(["<div>" * 20_000 + LINES[0]])
    yield "no-chapter.epub", make_epub([])
    yield "empty-chapter.epub", make_epub(["", "", LINES[0]])
    yield (
        "chapter-away.epub",
        make_zip(container | {"OPS/book.opf": manifest % (b"../../../x", b'<itemref idref="a"/>')}),
    )
    yield (
        "chapter-itself.epub",
        make_zip(container | {"OPS/book.opf": manifest % (b"book.opf", b'<itemref idref="a"/>' * 999)}),
    )
    yield "no-book.epub", make_zip(container)
    bombs = b'<!DOCTYPE p [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (n, (b"&%c;" % (n - 1)) * 10) for n in b"bcdefghij"
    )
    yield "entity-bomb.epub", make_zip(container | {"OPS/book.opf": bombs + b"]><package>&j;</package>"})
    yield "entity-bomb.docx", _word(bombs + b"]><document>&j;</document>")
    yield "deep.docx", _word(b"<a>" * 100_000)
    yield "other-xml.docx", _word(b"<html><body>words</body></html>")
    yield "no-body.docx", _word(b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>')


def _word(document: bytes) -> bytes:
    """A Word document with another main part."""
    import zipfile
    from io import BytesIO

    with zipfile.ZipFile(BytesIO(DOCX)) as archive:
        return make_zip({name: archive.read(name) for name in archive.namelist()} | {"word/document.xml": document})


def odd_texts() -> Iterator[tuple[str, bytes]]:
    words = "Tea is hot.\n"
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "shift-jis", "utf-7"):
        yield (
            f"{encoding}.txt",
            ("é " if encoding not in ("shift-jis",) else "茶").encode(encoding) + words.encode(encoding),
        )
    yield "half.txt", words.encode("utf-16")[:-1]
    yield "surrogate.txt", b"\xff\xfe\x00\xd8a\x00"
    yield "mark-only.txt", b"\xff\xfe"
    yield "mark-only-32.txt", b"\xff\xfe\x00\x00"
    yield "fences.md", b"---\na: b\n" * 10_000
    yield (
        "front-bomb.md",
        b"---\na: &a [x]\n"
        + b"".join(b"%c: &%c [%s]\n" % (n, n, b"*%c," % (n - 1) * 9) for n in b"bcdefghi")
        + b"---\nTea is hot.\n",
    )
    yield "front-author.md", b"---\nauthor: &a [*a, {name: {}}]\n---\nTea is hot.\n"
    yield "lines.txt", b"\n" * 1_000_000 + b"word"
    yield "returns.txt", b"\r" * 100_000 + b"word"
    yield "long-words.txt", b"# " + b"x" * 1_000_000
    yield "stars.md", b"*" * 100_000 + b" word"


CASES = dict(cases())


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """What became of each case and of the good files among them, and the seconds for all of them together."""
    folder = tmp_path_factory.mktemp("malformed")
    contents = dict(CASES)
    contents |= {f"good-{number}{suffix}": whole for number in range(8) for suffix, whole in WHOLE.items()}
    paths = [folder / name for name in contents]
    for path in paths:
        path.write_bytes(contents[path.name])
    random.Random(3).shuffle(paths)
    started = time.monotonic()
    with Reader(seconds_per_file=SECONDS) as reader:
        read = reader.read(paths)
    return dict(zip((path.name for path in paths), read, strict=True)) | {"seconds": time.monotonic() - started}


def test_there_are_hundreds_of_cases():
    assert len(CASES) >= 300


@pytest.mark.parametrize("name", CASES)
def test_a_malformed_file_is_an_article_with_words_or_an_error_of_one_line_that_names_it(results, name):
    result = results[name]
    if isinstance(result, LoadError):
        assert f"/{name}: " in str(result)
        assert "\n" not in str(result)
        assert "Traceback" not in str(result)
        assert "took longer" not in str(result)
    else:
        assert isinstance(result, Article)
        assert any(map(str.isalnum, result.text))
        result.text.encode()
        assert result.title.strip()


def test_the_good_files_among_them_are_read(results):
    good = [result for name, result in results.items() if name.startswith("good-")]
    assert len(good) == 32
    assert [
        str(result) for result in good if isinstance(result, LoadError) or "Tea is hot and" not in result.text
    ] == []


@pytest.mark.parametrize(
    "name",
    "deep.html deep-inline.html deep-table.html deep-quote.html unclosed.html scripts.html huge-attribute.html nul.html"
    " two-encodings.html closed-too-often.html wide.html unclosed-comment.html bad-data.html line-breaks.html "
    "empty-chapter.epub large-chapter.epub".split(),
)
def test_readable_words_of_a_malformed_file_are_read(results, name):
    assert not isinstance(results[name], LoadError), results[name]
    assert "word word" in results[name].text or "as everybody knows" in results[name].text


@pytest.mark.parametrize("name", ["bomb.docx", "bomb.epub"])
def test_a_zip_bomb_is_named_as_what_it_is(results, name):
    assert "unpacked" in str(results[name])


def test_no_file_of_the_machine_is_read_through_an_entity(results):
    assert "root:" not in getattr(results["external-entity.xhtml"], "text", "")


def test_all_of_them_take_no_longer_than_they_may(results):
    assert results["seconds"] < 60  # on two cores that others use too; half of it is usual


def test_a_text_of_one_line_of_40_megabytes_is_read_and_one_of_100_is_too_large(tmp_path):
    (tmp_path / "40.txt").write_bytes(b"word" * 10_000_000)
    with (tmp_path / "100.txt").open("wb") as file:
        file.truncate(100_000_000)
    started = time.monotonic()
    with Reader() as reader:
        long, too_long = reader.read([tmp_path / "40.txt", tmp_path / "100.txt"])
    assert time.monotonic() - started < 10
    assert isinstance(long, Article)
    assert (len(long.text), long.title) == (40_000_000, "40")
    assert "100 MB, more than 50 MB" in str(too_long)


def corpus() -> Iterator[tuple[str, bytes]]:
    """Documents of all formats, of words drawn at random."""
    chance = random.Random(4)
    words = "tea coffee Paris 1607 the a of and “quoted” well-known e.g. Dr. 3.5 café naïve – (so) is was not".split()

    def sentence() -> str:
        return " ".join(chance.choices(words, k=chance.randrange(3, 25))) + chance.choice(".?!…")

    for number in range(34):
        told = [" ".join(sentence() for _ in range(chance.randrange(1, 5))) for _ in range(chance.randrange(1, 7))]
        wrapped = [paragraph[start : start + 80] for paragraph in told for start in range(0, len(paragraph), 80)]
        yield f"{number}.txt", "\n\n".join(told).encode(chance.choice(("utf-8", "utf-16", "utf-8-sig")))
        yield f"{number}.md", ("---\ntitle: T\n---\n# Tea\n\n- " + "\n- ".join(told)).encode()
        yield f"{number}.html", f"<h1>Tea</h1><ul><li>{sentence()}</ul><p>{'<p>'.join(told)}".encode()
        yield f"{number}.pdf", make_pdf([column([line.replace("…", ".") for line in wrapped[:45]])] * 2)
        yield f"{number}.docx", make_docx([("Heading 1", "Tea"), *(("", paragraph) for paragraph in told)])
        yield (
            f"{number}.epub",
            make_epub([f"<h1>{sentence()}</h1>" + "".join(f"<p>{paragraph}</p>" for paragraph in told)]),
        )


def test_the_sentences_of_every_document_lie_inside_its_text(tmp_path):
    contents = dict(corpus())
    assert len(contents) >= 200
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    with Reader() as reader:
        read = reader.read([tmp_path / name for name in contents])
    for article in read:
        assert isinstance(article, Article), article
        spans = [span for run in sentence_runs(article.text) for span in run]
        assert spans, article.source
        assert spans == sorted(spans)
        for start, end in spans:
            assert 0 <= start < end <= len(article.text)
            assert article.text[start:end].strip()
        assert all(0 <= start <= len(article.text) for start in article.pages)
