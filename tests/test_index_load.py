"""A file becomes an article with its text as it is, or an error of one line that names it."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import load
from index.errors import LoadError
from index.load import find_files, read_article
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
    ],
)
def test_content_that_is_no_text_is_a_load_error_of_one_line(article_of, content, reason):
    with pytest.raises(LoadError, match=reason) as caught:
        article_of(content, "odd.txt")
    assert "odd.txt" in str(caught.value)
    assert "\n" not in str(caught.value)


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


def test_find_files_takes_texts_in_order_and_leaves_hidden_ones(tmp_path):
    for name in ("b.md", "a.TXT", "c.png", ".hidden.txt", ".git/d.txt", "sub/e.markdown"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    found = [file.relative_to(tmp_path).as_posix() for file in find_files(tmp_path)]
    assert found == ["a.TXT", "b.md", "sub/e.markdown"]
    assert list(find_files(tmp_path / "c.png")) == [tmp_path / "c.png"]  # named by hand, so tried
