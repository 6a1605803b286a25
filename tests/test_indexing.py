"""Indexing as a person does it: what is in, what would be done, what changed, what is taken out"""

import json
import sys

import pytest

from index.lock import writing
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
    assert "Nothing was changed" in dry
    assert "2 added" in dry
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
    from rag.config import load_settings

    load_settings.cache_clear()
    code, _, err = footnote("ask", "Where does the zebra live?")
    assert (code, len(err.splitlines())) == (1, 1)
    assert "footnote index --rebuild" in err
    assert "2 added" in footnote("index", "--rebuild")[1]
    assert "Namibia" in footnote("ask", "Where does the zebra live?")[1]
