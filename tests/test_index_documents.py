"""PDF, Word and EPUB documents become text in reading order, with the title, author and date of their properties."""

from dataclasses import replace
from datetime import datetime
from io import BytesIO

import pytest
from documents import assemble_pdf, column, make_docx, make_epub, make_pdf, make_zip

from index.errors import LoadError
from index.load import documents
from index.load.documents import read_docx, read_epub, read_pdf
from index.load.draft import finish
from index.load.lines import Line, page_blocks, running_lines

OPENING = (
    "Paris has thirty-seven bridges over the Seine, and the oldest of them is called the",
    "new bridge, which was finished in sixteen hundred and seven by the archi-",
    "tects of the king. It has twelve arches.",
)
SECOND = (
    "Two of the bridges are closed for repair until the autumn of the next year, because",
    "their arches have moved.",
)


def text_of(*pages, information=""):
    return read_pdf(make_pdf(pages, information)).text


def test_the_lines_of_a_paragraph_are_joined_and_its_broken_words_too():
    text = text_of([(72, 740, 20, "Bridges"), *column([*OPENING, *SECOND])])
    assert text.split("\n\n") == [
        "Bridges",
        "Paris has thirty-seven bridges over the Seine, and the oldest of them is called the new bridge, which was "
        "finished in sixteen hundred and seven by the architects of the king. It has twelve arches.",
        "Two of the bridges are closed for repair until the autumn of the next year, because their arches have moved.",
    ]


def test_a_list_a_table_of_contents_and_a_short_line_keep_their_lines():
    lines = ["1 Opening . . . . . . . . . 3", "2 Closing . . . . . . . . . 14", "Dear reader,", *OPENING[:1]]
    text = text_of(column(lines) + column(["• first", "• second"], top=500))
    assert text.split("\n\n") == ["1 Opening … 3", "2 Closing … 14", "Dear reader,", OPENING[0], "- first\n- second"]


def test_two_columns_are_read_one_after_the_other_and_a_sentence_runs_over():
    left = column(["The first column ends in", "the middle of a sentence that"], top=700)
    right = column(["goes on in the second one.", "And here it ends."], left=320, top=700)
    assert text_of(left + right) == (
        "The first column ends in the middle of a sentence that goes on in the second one. And here it ends."
    )


def test_running_headers_footers_and_page_numbers_go_and_the_pages_start_where_they_start():
    pages = []
    words = "One Two Three Four Five Six Seven".split()
    for number, word in enumerate(words):
        header = "The Journal of Bridges" if number % 2 else f"Chapter {number // 2 + 1}: Ann Lee"
        body = column([f"{word} says something of its own in a line that is rather long.", f"{word} ends here."])
        pages.append([(72, 765, 9, header), *body, (300, 30, 9, f"- {number + 1} -")])
    pages.insert(2, [])
    draft = read_pdf(make_pdf(pages))
    article = finish(draft, "a.pdf", "a")
    assert [litter for litter in ("Journal", "Chapter", "- 1 -", "- 5 -") if litter in article.text] == []
    assert len(article.pages) == 8
    for word, page in zip(words, (0, 1, 3, 4, 5, 6, 7), strict=True):
        start = article.text.index(f"{word} says")
        assert article.pages[page] == start
        assert article.page(start) == page + 1
    assert list(article.pages) == sorted(article.pages)


def test_the_first_lines_of_pages_that_differ_are_no_headers():
    pages = [column([f"{word} opens this page and nothing else does."]) for word in ("One", "Two", "Three", "Four")]
    assert text_of(*pages).count("opens") == 4


def test_pages_that_all_say_the_same_keep_what_they_say():
    assert text_of(*[column(OPENING)] * 3).count("It has twelve arches.") == 3


LINE = Line("", 0, left=72, bottom=700, right=500, top=711, size=11)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("of\ufb01ce and \ufb02oor, \ufb00ort", "of words"), ["office and floor, ffort of words"]),
        (("a hyphen\ufffe", "ated word"), ["a hyphenated word"]),
        (("a hyphen\x02", "ated word"), ["a hyphenated word"]),
        (("the well-", "known fact"), ["the wellknown fact"]),
        (("Jean-", "Paul wrote"), ["Jean- Paul wrote"]),
    ],
)
def test_ligatures_are_spelt_out_and_hyphens_at_line_ends_join(texts, expected):
    lines = [replace(LINE, text=text, bottom=700 - 13 * n, top=711 - 13 * n) for n, text in enumerate(texts)]
    assert list(page_blocks(lines)) == expected


def test_no_line_is_a_running_one_in_a_document_of_one_page():
    assert running_lines([[replace(LINE, text="A title"), replace(LINE, text="Words", bottom=600, top=611)]]) == set()
    assert list(page_blocks([])) == []


@pytest.mark.parametrize(
    ("information", "title"),
    [
        ("/Title (Bridges of Paris)", "Bridges of Paris"),
        ("/Title (Microsoft Word - draft 7.docx)", "The large line"),
        ("/Title (untitled)", "The large line"),
        ("", "The large line"),
    ],
)
def test_the_title_of_a_pdf_is_a_real_one_of_its_properties_else_its_largest_line(information, title):
    page = [(72, 750, 9, "A small line"), (72, 720, 20, "The large line"), *column(OPENING)]
    assert finish(read_pdf(make_pdf([page], information)), "a.pdf", "a").title == title


@pytest.mark.parametrize(
    ("information", "line", "expected"),
    [
        ("/CreationDate (D:20210503101500+02'00')", "", ("2021-05-03", "PDF properties")),
        ("/CreationDate (D:20210503101500Z)", "Sunday 12/06/2016", ("2016-06-12", "date line")),
        ("/CreationDate (D:20211303)", "", (None, "")),
        ("/CreationDate (D:29990101)", "", (None, "")),
        ("/CreationDate (yesterday)", "", (None, "")),
        ("", "03/04/2021", (None, "")),
    ],
)
def test_the_date_of_a_pdf_is_that_of_its_text_else_of_its_properties(information, line, expected):
    page = [(72, 720, 20, "Bridges"), (72, 700, 11, line or "No date."), *column(OPENING, top=650)]
    found = finish(read_pdf(make_pdf([page], information)), "a.pdf", "a")
    assert (found.date, found.date_source) == expected


def test_the_author_of_a_pdf_is_a_name():
    assert (
        finish(read_pdf(make_pdf([column(OPENING)], "/Author (Ann Lee; Bo Chen)")), "a", "a").author
        == "Ann Lee, Bo Chen"
    )
    assert finish(read_pdf(make_pdf([column(OPENING)], "/Author (admin)")), "a", "a").author is None


def test_a_protected_pdf_says_so_and_what_to_do():
    locked = "/Encrypt << /Filter /Standard /V 1 /R 2 /O <{0}> /U <{0}> /P -4 >> /ID [<00> <00>]".format("61" * 32)
    with pytest.raises(LoadError, match=r"password.*Save a copy without"):
        read_pdf(make_pdf([column(OPENING)], trailer=locked))


@pytest.mark.parametrize("pages", [[[]], [[], []], [[(72, 700, 11, "* * *")]]])
def test_a_pdf_of_pictures_says_so_and_what_to_do(pages):
    with pytest.raises(LoadError, match=r"pictures.*OCR"):
        read_pdf(make_pdf(pages))


def test_a_pdf_without_pages_and_one_with_too_many_are_load_errors(monkeypatch):
    with pytest.raises(LoadError):
        read_pdf(assemble_pdf(["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>"]))
    monkeypatch.setattr(documents, "MOST_PAGES", 1)
    with pytest.raises(LoadError, match="2 pages"):
        read_pdf(make_pdf([column(OPENING)] * 2))


WORD = [
    ("Title", "Bridges of Paris"),
    ("", "Paris has\tthirty-seven bridges."),
    ("Heading 1", "Closed ones"),
    ("List Bullet", "Pont Marie"),
    ("List Number", "Pont Royal"),
    ("", ""),
    ("table", [["Bridge", "Year"], ["Pont\nNeuf", "1607"]]),
    ("Quote", "They open when they are safe."),
]


def test_headings_lists_and_tables_of_a_word_document_stay_in_order():
    assert read_docx(make_docx(WORD)).text.split("\n\n") == [
        "# Bridges of Paris",
        "Paris has thirty-seven bridges.",
        "## Closed ones",
        "- Pont Marie\n- Pont Royal",
        "| Bridge | Year |\n| Pont Neuf | 1607 |",
        "They open when they are safe.",
    ]


def word_of(paragraph: str) -> str:
    """The text of a Word document whose body is this XML."""
    import docx
    from docx.oxml import parse_xml

    document = docx.Document()
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    compatible = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    for element in parse_xml(f"<w:body {space} {compatible}>{paragraph}</w:body>"):
        document.element.body.insert(len(document.element.body) - 1, element)
    out = BytesIO()
    document.save(out)
    return read_docx(out.getvalue()).text


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<w:p><w:r><w:t>Kept </w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>", "Kept"),
        ("<w:p><w:ins><w:r><w:t>Put in</w:t></w:r></w:ins></w:p>", "Put in"),
        ("<w:sdt><w:sdtContent><w:p><w:r><w:t>In a control</w:t></w:r></w:p></w:sdtContent></w:sdt>", "In a control"),
        ("<w:p><w:hyperlink><w:r><w:t>A link</w:t></w:r></w:hyperlink></w:p>", "A link"),
        ("<w:p><w:r><w:t>Seen</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r></w:p>", "Seen"),
        (
            "<w:p><w:r><w:t>One</w:t><w:br/><w:t>two</w:t><w:noBreakHyphen/><w:t>three</w:t></w:r></w:p>",
            "One\ntwo-three",
        ),
        ("<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>An item</w:t></w:r></w:p>", "- An item"),
        (
            "<w:p><w:r><mc:AlternateContent><mc:Choice><w:t>Box</w:t></mc:Choice><mc:Fallback><w:t>Box</w:t></mc:Fallback>"
            "</mc:AlternateContent></w:r></w:p>",
            "Box",
        ),
    ],
)
def test_a_word_document_gives_what_a_person_sees_in_it(xml, text):
    assert word_of(xml) == text


@pytest.mark.parametrize(
    ("properties", "line", "expected"),
    [
        (
            {"title": "Bridges", "author": "Ann Lee", "created": datetime(2021, 5, 3)},
            "Words.",
            ("Bridges", "Ann Lee", "2021-05-03", "document properties"),
        ),
        ({"author": "python-docx"}, "Words.", ("A heading", None, None, "")),
        (
            {"title": "Document1", "created": datetime(2021, 5, 3)},
            "12 June 2016",
            ("A heading", None, "2016-06-12", "date line"),
        ),
    ],
)
def test_title_author_and_date_of_a_word_document(properties, line, expected):
    found = finish(read_docx(make_docx([("Heading 1", "A heading"), ("", line)], **properties)), "a.docx", "a")
    assert (found.title, found.author, found.date, found.date_source) == expected


BOOK = (
    "<dc:title>Bridges</dc:title><dc:creator>Ann Lee</dc:creator><dc:creator>Bo Chen</dc:creator>"
    "<dc:date>2021</dc:date><dc:date>2021-05-03T00:00:00Z</dc:date>"
)
CHAPTERS = [
    "<h1>One</h1><p>The first chapter.</p><nav><a>Next</a></nav>",
    "<h1>Two</h1><p hidden='hidden'>no</p><ul><li>Item</li></ul><script>no</script>",
]


def test_the_chapters_of_a_book_are_read_in_order_with_its_title_authors_and_date():
    found = finish(read_epub(make_epub(CHAPTERS, BOOK)), "a.epub", "a")
    assert found.text == "# One\n\nThe first chapter.\n\n# Two\n\n- Item"
    assert (found.title, found.author, found.date, found.date_source) == (
        "Bridges",
        "Ann Lee, Bo Chen",
        "2021-05-03",
        "book metadata",
    )


def test_a_year_alone_is_no_date_of_a_book():
    assert finish(read_epub(make_epub(CHAPTERS, "<dc:date>2021</dc:date>")), "a.epub", "a").date is None


@pytest.mark.parametrize("read", [read_docx, read_epub])
@pytest.mark.parametrize(
    "body", [b"", b"PK", make_zip({}), make_zip({"a.txt": b"a"}), make_zip({"META-INF/container.xml": b"<x"})]
)
def test_an_archive_that_is_no_document_is_a_load_error(read, body):
    with pytest.raises(LoadError, match="damaged"):
        read(body)


@pytest.mark.parametrize(
    ("read", "make"), [(read_docx, lambda: make_docx(WORD)), (read_epub, lambda: make_epub(CHAPTERS))]
)
def test_an_archive_that_unpacks_to_too_much_is_a_load_error(read, make, monkeypatch):
    monkeypatch.setattr(documents, "UNPACKED_LIMIT", 100)
    with pytest.raises(LoadError, match="unpacked"):
        read(make())


def test_a_part_that_is_larger_than_it_declares_is_not_read_further():
    """The size in the table of contents is set to 10 bytes; the part itself unpacks to a million."""
    packed = bytearray(make_epub(["<p>" + "word " * 200_000 + "</p>"]))
    entry = packed.rindex(b"OPS/text/c 0.xhtml") - 46
    assert packed[entry : entry + 4] == b"PK\x01\x02"
    packed[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    with pytest.raises(LoadError, match="damaged"):
        read_epub(bytes(packed))


def test_entities_of_a_book_are_not_expanded():
    bomb = '<!DOCTYPE p [<!ENTITY a "word">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    book = {"OPS/book.opf": f"<?xml version='1.0'?>{bomb}]><package><metadata>&i;</metadata></package>".encode()}
    with pytest.raises(LoadError):
        finish(read_epub(make_epub([], extra=book)), "a.epub", "a")


def test_a_book_takes_nothing_from_other_files(tmp_path):
    (tmp_path / "secret").write_text("secret words")
    entity = f'<!DOCTYPE p [<!ENTITY a SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
    packed = {"OPS/book.opf": f"<?xml version='1.0'?>{entity}<package><title>Tea &a;</title></package>".encode()}
    assert "secret" not in read_epub(make_epub([], extra=packed)).title
