"""A file becomes an article with its text as it is, or an error of one line that names it."""

import os
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from documents import column, make_docx, make_epub, make_pdf
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import LoadError
from index.load import files as load
from index.load.files import Reader, article_id, find_files, read_article
from index.sentences import sentence_runs

SEEDS = Path(__file__).parent.parent / "seeds"


@pytest.fixture
def article_of(tmp_path):
    def make(content: str | bytes, name: str = "note.md"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_article(path)

    return make


@pytest.mark.parametrize(
    ("number", "title", "date", "date_source"),
    [
        ("000", "Libyan forces recapture ISIL headquarters in Sirte", None, ""),
        ("004", "Libya forces face ISIS fightback in Sirte", "2016-06-12", "date line"),
    ],
)
def test_title_and_date_of_the_seeds(number, title, date, date_source):
    article = read_article(next(SEEDS.glob(f"{number}_*")))
    assert (article.title, article.date, article.date_source) == (title, date, date_source)


@pytest.mark.parametrize(
    ("text", "title", "date"),
    [
        ("---\ntitle: Bridges\ndate: 2021-05-03\n---\n# Other\n", "Bridges", "2021-05-03"),
        ("---\r\nTitle: 1984\r\ndate: 2021-05-03T10:00:00Z\r\n---\r\nText\r\n", "1984", "2021-05-03"),
        ("---\ntitle: Bridges\ndate: May 3, 2021\n---\nText\n", "Bridges", "2021-05-03"),
        ("---\ntitle: |\n  Two\n  lines\n---\nText\n", "Two lines", None),
        ("# Bridges of *Paris*\n\nText.\n", "Bridges of *Paris*", None),
        ("Share\n\nBridges\n\nText.\n", "Bridges", None),
        ("A paragraph that ends with a full stop.\n", "note", None),
        ("\ufeff# Bridges\n\n3 May 2021\n", "Bridges", "2021-05-03"),
    ],
)
def test_title_and_date(article_of, text, title, date):
    article = article_of(text)
    assert (article.title, article.date) == (title, date)


@pytest.mark.parametrize(
    ("text", "title", "author"),
    [
        (
            "Tram costs more, auditors say\nBy Tom Reyes\n12 November 2024\n\nText.\n",
            "Tram costs more, auditors say",
            "Tom Reyes",
        ),
        ("# Flood in Orsa\n\n*2 June 2023, by Lea de Marchetti*\n\nText.\n", "Flood in Orsa", "Lea de Marchetti"),
        ("Quake near Selm\n\nBY ADA QUIST AND BO CHEN\n\nText.\n", "Quake near Selm", "ADA QUIST AND BO CHEN"),
        ("By Grand Central Station\n\nText.\n", "By Grand Central Station", None),
        ("Quake near Selm\n\nDown by Silver Lake\n\nText.\n", "Quake near Selm", None),
        ("Quake near Selm\n\nBy Monday the toll had risen.\n", "Quake near Selm", None),
    ],
)
def test_who_wrote_it_stands_in_a_line_under_the_title(article_of, text, title, author):
    article = article_of(text)
    assert (article.title, article.author) == (title, author)


@pytest.mark.parametrize(
    ("head", "author", "url"),
    [
        ("author: Ann Lee", "Ann Lee", None),
        ("author: [Ann Lee, Bo Chen]", "Ann Lee, Bo Chen", None),
        ("authors:\n- name: Ann Lee\n- Bo Chen", "Ann Lee, Bo Chen", None),
        ("by: Ann Lee\nurl: https://example.org/a", None, "https://example.org/a"),
        ("author: https://example.org/ann\nlink: https://example.org/b", None, "https://example.org/b"),
        ("source: The Daily", None, None),
        ("source: https://example.org/c", None, "https://example.org/c"),
        ("url: javascript:alert(1)", None, None),
    ],
)
def test_author_and_address_of_a_front_matter(article_of, head, author, url):
    article = article_of(f"---\n{head}\n---\nText\n")
    assert (article.author, article.url) == (author, url)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (date.today(), True),
        (date.today() + timedelta(days=1), True),
        (date.today() + timedelta(days=3), False),
        ("0999-12-31", False),
        ("1000-01-01", True),
    ],
)
def test_a_date_on_which_nothing_can_have_been_written_is_none(article_of, written, found):
    for text in (f"---\ndate: {written}\n---\nText\n", f"Title\n\n{written}\n\nText.\n"):
        article = article_of(text)
        assert (article.date == str(written), article.date_source != "") == (found, found)


def test_a_front_matter_without_end_takes_no_time(article_of):
    started = time.monotonic()
    assert article_of("---\ntitle: a\nlist:\n" + "- [x]\n" * 200_000 + "---\n# Bridges\n").title == "Bridges"
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_text_with_a_byte_order_mark_is_read_whatever_its_width(article_of, encoding):
    article = article_of("Café 🙂\r\n\r\nWords.".encode(encoding), "a.txt")
    assert (article.text, article.title) == ("Café 🙂\r\n\r\nWords.", "Café 🙂")


@pytest.mark.parametrize(
    "head",
    [
        "date: 2021-02-30",
        "title: [",
        "just: a: word",
        "a: 1\n? [b]\n: c",
        pytest.param("deep: " + "[" * 5_000, id="deep"),
        pytest.param("number: " + "1" * 5_000, id="long"),
        pytest.param("number: 0x" + "f" * 5_000, id="hex"),
    ],
)
def test_a_broken_front_matter_is_no_metadata_and_no_error(article_of, head):
    article = article_of(f"---\n{head}\n---\n# Bridges\n")
    assert (article.title, article.date) == ("Bridges", None)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no words"),
        (b" \n\n ...", "no words"),
        (b"caf\xe9", "not UTF-8"),
        (b"\x89PNG\r\n\x1a\n", "not UTF-8"),
        (b"a\0b", "binary"),
        ("wide words".encode("utf-16-le"), "binary"),
        ("wide words".encode("utf-16")[:-1], "not UTF-16"),
        (b"\xff\xfe\0\0abc", "not UTF-32"),
        (b"\xff\xfe", "no words"),
    ],
)
def test_content_that_is_no_text_is_a_load_error_of_one_line(article_of, content, reason):
    with pytest.raises(LoadError, match=reason) as caught:
        article_of(content, "odd.txt")
    assert "odd.txt" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "said"),
    [("boat.JPG", "a picture"), ("song.mp3", "a sound recording"), ("all.zip", "a binary file"), ("odd", "binary")],
)
def test_what_is_said_of_no_text_suits_its_kind(article_of, name, said):
    with pytest.raises(LoadError, match=said) as caught:
        article_of(b"\xff\xd8\xff\xe0\x00\x10JFIF", name)
    assert "UTF-8" not in str(caught.value)
    assert article_of("A text of somebody.", name).text  # whatever its name promises


def test_a_missing_file_and_a_folder_are_load_errors_that_name_them(tmp_path):
    for path in (tmp_path / "missing.txt", tmp_path):
        with pytest.raises(LoadError, match=path.name):
            read_article(path)


def test_an_unreadable_file_is_a_load_error_that_names_it(article_of, monkeypatch):
    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)  # the tests may run as root, whom no mode keeps out
    with pytest.raises(LoadError, match=r"shut\.txt: cannot be read \(Permission denied\)"):
        article_of("words", "shut.txt")


def test_a_file_past_the_limit_is_a_load_error(article_of, monkeypatch):
    monkeypatch.setattr(load, "LARGEST_FILE", 10)
    with pytest.raises(LoadError, match=r"long\.txt"):
        article_of("more than ten bytes", "long.txt")


def test_a_file_name_that_is_not_utf8_is_a_load_error_that_can_be_printed(tmp_path):
    path = tmp_path / os.fsdecode(b"caf\xe9.txt")
    path.write_text("words")
    with pytest.raises(LoadError, match="not UTF-8") as caught:
        read_article(path)
    str(caught.value).encode()


PIECES = st.sampled_from(["\r\n", "\n", "\r", "\ufeff", "A word. ", "é", "🙂", "---\n"])


@settings(deadline=None)
@given(text=st.lists(PIECES, max_size=20).map("".join))
def test_the_text_is_the_file_as_it_is(text, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "exact.txt"
    path.write_bytes(("\ufeffWords.\r\n" + text).encode())
    article = read_article(path)
    assert article.text == path.read_bytes().decode("utf-8")
    (start, end), *_ = sentence_runs(article.text)[0]
    assert article.text[start:end].startswith("Words.")


def test_the_id_is_that_of_the_text(article_of):
    assert article_of("same", "a.txt").id == article_of("same", "b.txt").id != article_of("other", "a.txt").id


@pytest.mark.parametrize("name", ["two\nlines.txt", "bell\u0007.txt", "right\u202eto left.txt"])
def test_an_odd_file_name_is_printed_in_one_line(tmp_path, name):
    (tmp_path / name).write_text("")
    with pytest.raises(LoadError, match="no words") as caught:
        read_article(tmp_path / name)
    assert str(caught.value).isprintable()


def test_what_is_no_regular_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(LoadError, match=r"pipe\.txt: not a file"):
        read_article(tmp_path / "pipe.txt")


def test_documents_of_every_kind_are_read_by_their_suffix(tmp_path):
    for name, content in {
        "a.html": b"<p>Tea is hot.",
        "b.HTM": b"<p>Tea is hot.",
        "c.xhtml": b"<?xml version='1.0'?><html><body><p>Tea is hot.</p></body></html>",
        "d.mht": b"Content-Type: text/html\r\n\r\n<p>Tea is hot.",
        "e.pdf": make_pdf([column(["Tea is hot."])]),
        "f.docx": make_docx([("", "Tea is hot.")]),
        "g.epub": make_epub(["<p>Tea is hot.</p>"]),
        "h.text": b"Tea is hot.",
    }.items():
        (tmp_path / name).write_bytes(content)
    with Reader() as reader:
        articles = reader.read(list(map(Path, find_files(tmp_path))))
    assert [str(article) for article in articles if isinstance(article, LoadError)] == []
    assert [article.text for article in articles] == ["Tea is hot."] * 8
    assert {article.id for article in articles} == {article_id("Tea is hot.")}


def test_find_files_takes_texts_in_order_and_leaves_hidden_ones(tmp_path):
    names = (
        "b.md",
        "a.TXT",
        "c.png",
        ".hidden.txt",
        ".git/d.txt",
        "sub/e.markdown",
        "sub.pdf",
        ".md",
        "sub/deep/f.epub",
    )
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text("x")
    found = [file.relative_to(tmp_path).as_posix() for file in map(Path, find_files(tmp_path))]
    assert found == ["a.TXT", "b.md", "sub/deep/f.epub", "sub/e.markdown", "sub.pdf"]
    assert found == [file.relative_to(tmp_path).as_posix() for file in sorted(map(Path, find_files(tmp_path)))]
    assert list(map(Path, find_files(tmp_path / "c.png"))) == [tmp_path / "c.png"]  # named by hand, so tried


def test_the_folder_that_a_browser_saves_beside_a_page_holds_no_articles(tmp_path):
    for name in ("Page.html", "Page_files/advert.html", "Other_files/note.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [file.name for file in map(Path, find_files(tmp_path))] == ["note.md", "Page.html"]


def test_linked_folders_that_lead_in_circles_and_broken_links_do_no_harm(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "note.md").write_text("x")
    (tmp_path / "a" / "again").symlink_to(tmp_path)
    (tmp_path / "broken.md").symlink_to(tmp_path / "missing.md")
    (tmp_path / "itself.md").symlink_to(tmp_path / "itself.md")
    (tmp_path / "linked.md").symlink_to(tmp_path / "a" / "note.md")
    assert [file.name for file in map(Path, find_files(tmp_path))] == ["note.md", "linked.md"]


def test_a_folder_that_cannot_be_read_does_not_stop_the_rest(tmp_path, monkeypatch):
    for name in ("a/note.md", "b/note.md", "c/note.md"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("x")
    original = os.scandir

    def refuse(place):  # the tests may run as root, whom no mode keeps out
        if str(place).endswith("b"):
            raise PermissionError(13, "Permission denied")
        return original(place)

    monkeypatch.setattr(load.os, "scandir", refuse)
    assert [file.parent.name for file in map(Path, find_files(tmp_path))] == ["a", "c"]
    assert list(map(Path, find_files(tmp_path / "missing"))) == []


def test_ten_thousand_files_are_found_in_a_moment(tmp_path):
    for number in range(10_000):
        folder = tmp_path / str(number % 20)
        folder.mkdir(exist_ok=True)
        (folder / f"{number}.md").touch()
    seconds = []
    for _ in range(3):
        started = time.process_time()
        assert len(list(find_files(tmp_path))) == 10_000
        seconds.append(time.process_time() - started)
    assert min(seconds) < 0.2  # some .05 s on a quiet machine
