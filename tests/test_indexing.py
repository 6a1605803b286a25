"""Indexing as a person does it: what is in, what would be done, what changed, what is taken out"""

import json
import os
import shutil
import sys

import pytest

from index.lock import writing
from rag.config import load_settings
from ui import cli

ZEBRA = "---\ntitle: Zebras\nauthor: Ann Lee\ndate: 2021-05-03\n---\nThe zebra lives in Namibia. It eats grass."
WALRUS = "The walrus swims in the Arctic."


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "data"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "zebra.md").write_text(ZEBRA)
    (tmp_path / "articles" / "walrus.txt").write_text(WALRUS)
    (tmp_path / "articles" / "bad.pdf").write_bytes(b"%PDF-1.4 nonsense")
    return tmp_path / "articles"


@pytest.fixture
def footnote(monkeypatch, capsys):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["footnote", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        captured = capsys.readouterr()
        return int(stopped.value.code or 0), captured.out, captured.err

    return run


def test_a_dry_run_says_what_the_real_one_does_and_makes_nothing(footnote, folder, data):
    _, dry, _ = footnote("index", "--dry-run", folder)
    assert "Nothing was changed. It would be: 2 added, 0 edited, 0 renamed, 0 deleted, 0 unchanged.\n" in dry
    assert not data.exists()
    _, real, _ = footnote("index", folder)
    assert "2 added" in real
    assert "bad.pdf" in real


def test_without_paths_all_that_was_given_before_is_looked_at_again(footnote, folder):
    footnote("index", folder)
    (folder / "walrus.txt").rename(folder / "tusks.txt")
    (folder / "lynx.txt").write_text("The lynx hunts hares.")
    (folder / "zebra.md").unlink()
    _, out, _ = footnote("index")
    assert "1 added, 0 edited, 1 renamed, 1 deleted, 0 unchanged" in out


def test_the_status_lists_what_failed_and_where_all_is_from(footnote, folder):
    footnote("index", folder)
    for _ in range(2):
        code, out, _ = footnote("index", "--status")
        assert code == 0
        assert "2 articles from 2 files and pages" in out
        assert "from: articles" in out
        assert "bad.pdf" in out
        footnote("index")


def test_articles_are_listed_by_words_and_filters(footnote, folder):
    footnote("index", folder)
    _, everything, _ = footnote("articles")
    assert "2021-05-03  Zebras · Ann Lee · articles/zebra.md" in everything
    assert "undated     walrus · articles/walrus.txt" in everything
    for arguments, count in (
        (["namibia", "grass"], 1),
        (["namibia", "arctic"], 0),
        (["--author", "lee"], 1),
        (["--after", "2021-05-03"], 1),
        (["--before", "2021-05-02"], 0),
        (["--path", folder], 2),
        (["--path", f"{folder}/*.txt"], 1),
        (["--source", "WALRUS"], 1),
    ):
        _, out, _ = footnote("articles", "--json", *arguments)
        assert len(json.loads(out)) == count, arguments


def test_an_answer_comes_from_the_articles_that_pass(footnote, folder):
    footnote("index", folder)
    question = "Where does the zebra live?"
    assert "Namibia" in footnote("ask", "--author", "Ann", question)[1]
    assert "No article passes the filters" in footnote("ask", "--author", "Bob", question)[1]
    assert "Namibia" not in footnote("ask", "--path", folder / "walrus.txt", question)[1]


def test_a_date_that_is_none_is_one_line(footnote, folder):
    footnote("index", folder)
    code, _, err = footnote("ask", "--after", "last week", "Where does the zebra live?")
    assert (code, len(err.splitlines())) == (1, 1)
    assert "--after" in err


def test_what_is_removed_is_gone_and_its_file_stays(footnote, folder):
    footnote("index", folder)
    assert "1 removed" in footnote("remove", folder / "walrus.txt")[1]
    assert "walrus" not in footnote("articles")[1]
    assert (folder / "walrus.txt").exists()
    code, _, err = footnote("remove", folder / "walrus.txt")
    assert (code, len(err.splitlines())) == (1, 1)
    assert "1 added" in footnote("index")[1]


def test_watching_follows_changes_and_waits_for_another_writer(footnote, folder, data, monkeypatch):
    def changes(*roots, **_):
        assert roots == (str(folder),)
        (folder / "lynx.txt").write_text("The lynx hunts hares.")
        yield set()
        (folder / "lynx.txt").unlink()
        with writing(data):
            yield set()
        yield set()
        yield set()  # nothing has changed since, so nothing is said

    monkeypatch.setattr("watchfiles.watch", changes)
    _, out, err = footnote("index", "--watch", folder)
    assert [line.partition(",")[0] for line in out.splitlines() if "added" in line] == ["2 added", "1 added", "0 added"]
    assert "Another process" in err


def test_another_setting_names_the_command_that_rebuilds(footnote, folder, monkeypatch):
    footnote("index", folder)
    monkeypatch.setenv("FOOTNOTE_CHUNK_TOKENS", "50")
    load_settings.cache_clear()
    code, _, err = footnote("ask", "Where does the zebra live?")
    assert (code, len(err.splitlines())) == (1, 1)
    assert "footnote index --rebuild" in err
    assert "2 added" in footnote("index", "--rebuild")[1]
    assert "Namibia" in footnote("ask", "Where does the zebra live?")[1]


def test_flags_that_exclude_each_other_are_refused_and_change_nothing(footnote, folder):
    footnote("index", folder)
    code, _, err = footnote("index", "--rebuild", "--dry-run", folder)
    assert code == 2
    assert "do not go together" in err


def test_a_rebuild_from_a_path_that_is_not_there_loses_nothing(footnote, folder):
    footnote("index", folder)
    code, _, err = footnote("index", "--rebuild", folder / "typo")
    assert (code, len(err.splitlines())) == (1, 1)
    assert "2 articles." in footnote("articles")[1]
    assert "2 unchanged" in footnote("index")[1]


def test_a_root_that_is_gone_does_not_stop_the_others(footnote, folder, tmp_path):
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "lynx.txt").write_text("The lynx hunts hares.")
    footnote("index", folder, tmp_path / "more")
    shutil.rmtree(tmp_path / "more")
    assert "1 deleted" in footnote("index")[1]
    for count in range(2):
        (folder / f"new{count}.txt").write_text(f"A new article, number {count}.")
        code, out, _ = footnote("index")
        assert code == 0
        assert "1 added" in out
        assert "No such file or folder" in out


def test_a_removal_with_a_mistake_in_it_removes_nothing(footnote, folder):
    footnote("index", folder)
    assert footnote("remove", folder / "zebra.md", folder / "typo")[0] == 1
    assert "2 articles." in footnote("articles")[1]
    assert "from: articles" in footnote("index", "--status")[1]


def test_all_words_of_an_article_count_wherever_in_it_they_are(footnote, folder):
    (folder / "long.txt").write_text(
        "The okapi eats leaves. " + "Many other things happen here. " * 200 + "Then narwhals."
    )
    footnote("index", folder)
    assert "1 article." in footnote("articles", "okapi", "narwhals")[1]


def test_filters_know_letters_beyond_ascii_and_paths_in_any_spelling(footnote, folder):
    (folder / "novel.md").write_text("---\nauthor: Émile Zola\ndate: 2016-08-31\n---\nThe mine is deep.")
    footnote("index", folder)
    for arguments in (
        ["--author", "émile"],
        ["--author", "ÉMILE ZOLA"],
        ["--path", f"{folder}/../{folder.name}/novel.md"],
        ["--after", "20160831", "--path", folder / "novel.md"],
    ):
        assert "1 article." in footnote("articles", *arguments)[1], arguments


def test_a_password_in_an_address_is_neither_printed_nor_kept(footnote, folder, monkeypatch):
    footnote("index", folder)
    code, out, err = footnote("index", "https://user:hunter2@news.example/feed")
    assert code == 1
    assert "hunter2" not in out + err + footnote("index", "--status")[1]
    monkeypatch.setenv("FOOTNOTE_CHROMA_URL", "http://user:hunter2@10.0.0.5:8000")
    load_settings.cache_clear()
    assert "hunter2" not in "".join(map(str, footnote("articles")))


@pytest.mark.parametrize(
    "head",
    [
        "date: !!timestamp foo",
        "title: !!bool maybe",
        'title: !!int ""',
        "a0: &a0 {b: c}\n" + "\n".join(f"a{n}: &a{n} {{<<: [{','.join([f'*a{n - 1}'] * 10)}]}}" for n in range(1, 9)),
        'title: "a \\uD800 b"',
    ],
)
def test_no_front_matter_ends_a_sync(footnote, folder, head):
    (folder / "odd.md").write_text(f"---\n{head}\n---\nThe lynx hunts hares.")
    assert "3 added" in footnote("index", folder)[1]


def test_a_file_whose_name_is_no_text_is_listed_and_the_rest_goes_in(footnote, folder):
    (folder / os.fsdecode(b"\xff.md")).write_text("The lynx hunts hares.")
    for expected in ("2 added", "2 unchanged"):
        _, out, _ = footnote("index", folder)
        assert expected in out
        assert "not UTF-8" in out


def test_an_article_without_a_passage_is_no_reason_to_search_for_vectors(footnote, folder):
    (folder.parent / "head.md").write_text("---\ntitle: Only a head\n---\n")
    footnote("index", folder.parent / "head.md")
    code, out, _ = footnote("ask", "What is this?")
    assert code == 0
    assert "do not say" in out


def test_where_nothing_that_is_named_can_be_read_it_fails_and_is_not_remembered(footnote, folder, tmp_path):
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "boat.jpg").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF")
    assert footnote("index", "--dry-run", tmp_path / "empty.txt")[0] == 1
    code, out, error = footnote("index", tmp_path / "empty.txt", tmp_path / "boat.jpg")
    assert code == 1
    assert "empty.txt: no words in it." in out
    assert "boat.jpg: a picture, not text." in out
    assert error == "footnote: Nothing of this could be read: nothing was indexed.\n"
    assert "from:" not in footnote("index", "--status")[1]
    assert footnote("index", folder)[0] == 0
    assert footnote("index", folder / "bad.pdf")[0] == 1
    assert footnote("index", folder / "walrus.txt", folder / "bad.pdf")[0] == 0
    _, status, _ = footnote("index", "--status")
    assert "from: articles\n" in status  # known before
    assert "empty.txt" not in status
    assert footnote("index")[0] == 0  # nothing was named
    assert footnote("index", "--rebuild", folder / "bad.pdf")[2].endswith(": the index is empty now.\n")
    assert "0 articles." in footnote("articles")[1]
