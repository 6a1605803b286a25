"""What the library tab does, without a browser: names, copies, addresses, removal, one job at a time."""

import threading
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fake_site import FakeSite, Reply
from hypothesis import given
from hypothesis import strategies as st

from index.config import IndexSettings
from index.engine import Index
from index.errors import IndexBusy, IndexMissing, LoadError
from index.load.files import LARGEST_FILE, SUFFIXES
from index.lock import writing
from index.records import Entry, Failure, Status
from rag.assistant import Assistant
from rag.config import RagSettings
from ui import uploads
from ui.jobs import BROKEN, Jobs, Outcome, Work
from ui.library import (
    MOST_ADDRESSES,
    MOST_FILES,
    ON_A_PAGE,
    Listing,
    Shelf,
    add_files,
    add_pages,
    addresses_in,
    after_removal,
    index_again,
    remove_article,
    status_of,
)
from ui.render import library as render
from ui.uploads import LONGEST_STEM, keep, safe_name, uploads_of

SEEDS = Path(__file__).parents[1] / "seeds"
BOATS = "The harbour of Redport\n\n31 August 2016\n\nThe harbour holds 12 boats.\n"
HOSTILE = '<script>alert(1)</script><img src=x onerror=y> {{f}} ${g} "q" \u202e[c](http://d)'
QUIETLY = lambda *_: None  # noqa: E731


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(RagSettings(data_dir=tmp_path / "data"))


def write(folder: Path, name: str = "boats.txt", text: str = BOATS) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder / name


def titles(index: Index, words: str = "") -> list[str]:
    return [entry.title for entry in Shelf(index).look(words).entries]


@given(st.text(), st.sampled_from(sorted(SUFFIXES)))
def test_any_name_becomes_one_that_does_no_harm(name: str, suffix: str) -> None:
    safe = safe_name(name + suffix)
    assert safe.isprintable()
    assert not set(safe) & set('/\\<>:"|?*')
    assert not safe.startswith((".", " "))
    assert Path(safe).suffix.lower() in SUFFIXES
    assert len(Path(safe).stem.encode()) <= LONGEST_STEM


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\notes\\a.md", "a.md"),
        (".hidden.txt", "hidden.txt"),
        ("…/..txt", "article.txt"),
        ("b\u202egpj.txt", "bgpj.txt"),
        ("a\0\n<b>.html", "a_b_.html"),
        ("Čapek und Söhne.PDF", "Čapek und Söhne.PDF"),
        ("š" * 10_000 + ".txt", "š" * (LONGEST_STEM // 2) + ".txt"),
    ],
)
def test_a_name_keeps_what_is_readable_in_it(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize("name", ["picture.svg", "run.exe", "noending", "", "txt", "a.txt/"])
def test_another_kind_of_file_is_refused_in_words(name: str) -> None:
    with pytest.raises(LoadError, match=r"not a kind of file that can be read\. These are: Text"):
        safe_name(name)


def test_a_file_of_the_same_name_gets_a_number_and_one_of_the_same_content_is_kept_once(tmp_path: Path) -> None:
    folder = tmp_path / "uploads"
    first, other = write(tmp_path / "a", text="one"), write(tmp_path / "b", text="two")
    assert keep(first, "x.txt", folder) == (folder / "x.txt", True)
    assert keep(first, "../x.txt", folder) == (folder / "x.txt", False)
    assert keep(other, "x.txt", folder) == (folder / "x 2.txt", True)
    assert keep(other, "x.txt", folder) == (folder / "x 2.txt", False)
    assert (folder / "x.txt").read_text() == "one"
    assert sorted(one.name for one in folder.iterdir()) == ["x 2.txt", "x.txt"]


def test_what_is_empty_too_large_or_has_no_room_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "uploads"
    with pytest.raises(LoadError, match="the file is empty"):
        keep(write(tmp_path, text=""), "x.txt", folder)
    large = tmp_path / "large.txt"
    with large.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    with pytest.raises(LoadError, match="more than 50 MB"):
        keep(large, "x.txt", folder)
    monkeypatch.setattr(uploads, "MOST_KEPT", 10)
    keep(write(tmp_path, text="12345678"), "x.txt", folder)
    with pytest.raises(LoadError, match="all files together"):
        keep(write(tmp_path, text="123"), "y.txt", folder)
    with pytest.raises(LoadError, match="cannot be kept"):
        keep(tmp_path / "gone.txt", "gone.txt", folder)


def test_files_are_indexed_survive_a_restart_and_are_part_of_the_roots(index: Index, tmp_path: Path) -> None:
    given = [write(tmp_path / "in"), write(tmp_path / "in", "bad.pdf", "%PDF-1.4 no"), write(tmp_path / "in", "a.svg")]
    seen: list[tuple[float, int]] = []
    outcome = add_files(index, given, lambda done, total: seen.append((done, total)))
    assert outcome.text == "Done: 1 added, 2 not taken in."
    assert [note.partition(":")[0] for note in outcome.notes] == ["a.svg", "bad.pdf"]
    assert seen[-1] == (2, 2)
    again = Index(index.settings)
    assert titles(again) == ["The harbour of Redport"]
    assert again.roots() == [str(uploads_of(index.settings))]
    assert again.status().failed == ()  # what could not be read was not kept
    assert index_again(again, QUIETLY).text == "Done: nothing has changed."
    assert add_files(again, [write(tmp_path / "in")], QUIETLY).notes == ("boats.txt is here already.",)
    assert given[0].exists()


def test_files_that_are_all_refused_leave_no_index(index: Index, tmp_path: Path) -> None:
    assert add_files(index, [write(tmp_path, "a.svg")], QUIETLY).text == "No file was added."
    assert status_of(index) is None
    assert Shelf(index).look() == Listing()
    with pytest.raises(IndexMissing, match="Drag files in"):
        index_again(index, QUIETLY)
    with pytest.raises(LoadError, match=f"{MOST_FILES} at once"):
        add_files(index, [tmp_path] * (MOST_FILES + 1), QUIETLY)


def test_files_that_came_while_another_process_wrote_are_kept_and_taken_in_later(index: Index, tmp_path: Path) -> None:
    with writing(index.settings.data_dir):
        outcome = add_files(index, [write(tmp_path)], QUIETLY)
    assert "is writing" in outcome.text
    assert "index again" in outcome.text
    index_again(index, QUIETLY)
    assert titles(index) == ["The harbour of Redport"]


def test_removing_deletes_our_copy_and_leaves_the_persons_own_files(index: Index, tmp_path: Path) -> None:
    own = write(tmp_path / "own", "zebra.txt", "Zebras\n\nThe zebra eats grass.\n")
    index.sync([own.parent])
    add_files(index, [write(tmp_path / "in")], QUIETLY)
    by_title = {entry.title: entry for entry in Shelf(index).look().entries}
    said = remove_article(index, by_title["The harbour of Redport"].id)
    assert said.text == (
        "Removed “The harbour of Redport”. Its copy here is deleted: drag the file in again to bring it back."
    )
    assert not list(uploads_of(index.settings).iterdir())
    assert index.roots() == [str(own.parent)]
    assert "Its file stays" in remove_article(index, by_title["Zebras"].id).text
    assert titles(index) == []
    index_again(index, QUIETLY)
    assert titles(index) == ["Zebras"]
    with pytest.raises(LoadError, match="not in the index any more"):
        remove_article(index, str(own.parent))  # a path is no article, whatever a browser sends
    assert titles(index) == ["Zebras"]


def test_what_becomes_of_each_kind_of_source_is_said(tmp_path: Path) -> None:
    copy, page, own = str(tmp_path / "up" / "a.txt"), "https://a.example/x", "/home/a.txt"
    said = after_removal([copy, page, own], tmp_path / "up")
    assert [word in said for word in ("deleted", "paste its address", "Its file stays")] == [True] * 3
    several = after_removal([copy, f"{copy}2", page, f"{page}2", own, f"{own}2"], tmp_path / "up")
    assert [word in several for word in ("Its copies", "The pages are", "Its files stay")] == [True] * 3
    assert after_removal([own], tmp_path / "up") == "Its file stays where it is: indexing again brings it back."


def test_addresses_are_one_a_line_and_paths_are_none() -> None:
    assert addresses_in(" https://a.example/x \n\nHTTP://b.example\nhttps://a.example/x") == [
        "https://a.example/x",
        "HTTP://b.example",
    ]
    for bad in (
        "/etc/passwd",
        "file:///etc/passwd",
        "~/notes",
        "https://a b",
        "javascript:alert(1)",
        "ftp://a.example",
    ):
        with pytest.raises(LoadError, match="not a web address"):
            addresses_in(f"https://a.example\n{bad}")
    with pytest.raises(LoadError, match="no address"):
        addresses_in(" \n")
    with pytest.raises(LoadError, match=f"{MOST_ADDRESSES} at once"):
        addresses_in("\n".join(f"https://a.example/{number}" for number in range(MOST_ADDRESSES + 1)))


def test_an_address_of_this_machine_is_refused_and_not_remembered(index: Index) -> None:
    with FakeSite({"/x": Reply(b"<p>secret words of this machine</p>")}) as site:
        outcome = add_pages(index, [site.url("/x"), "http://user:word@a.example/"], QUIETLY)
        assert site.asked() == []
    assert outcome.notes[0].endswith("resolves to a private address.")  # and names no option of the command line
    assert "user or password" in outcome.notes[1]
    assert "word@" not in outcome.notes[1]
    assert index.roots() == []
    assert index.status().failed == ()


def test_pages_are_fetched_with_progress_and_removed_with_their_address(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = Index.sync
    monkeypatch.setattr(Index, "sync", lambda *some, **_: plain(*some, allow_private=True))
    page = b"<html><head><title>Ferries</title></head><body><p>" + b"The ferry sails at noon every day. " * 9
    seen: list[float] = []
    with FakeSite({"/ferry": Reply(page), "/gone": Reply(status=404)}) as site:
        outcome = add_pages(index, [site.url("/ferry"), site.url("/gone")], lambda done, _: seen.append(done))
        assert outcome.text == "Done: 1 added, 1 not taken in."
        assert "/gone" in outcome.notes[0]
        assert index.roots() == [site.url("/ferry")]
        (entry,) = Shelf(index).look().entries
        assert "paste its address" in remove_article(index, entry.id).text
    assert index.roots() == []
    assert seen == sorted(seen)
    assert seen[-1] == 2


def test_what_a_job_says_could_not_be_read_is_what_the_index_lists(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = Index.sync
    monkeypatch.setattr(Index, "sync", lambda *some, **_: plain(*some, allow_private=True))
    write(tmp_path / "in", "bad.pdf", "%PDF-1.4 no")
    index.sync([tmp_path / "in"])
    outcome = index_again(index, QUIETLY)
    assert outcome.text == "Done: 1 could not be read."
    assert "1 file or page could not be read" in render.about(index.status())
    page = b"<html><head><title>Ferries</title></head><body><p>" + b"The ferry sails at noon every day. " * 9
    with FakeSite({"/ferry": Reply(page)}) as site:
        items = "".join(
            f"<item><title>{name}</title><link>{site.url(name)}</link></item>" for name in ("/ferry", "/gone")
        )
        feed = f"<rss version='2.0'><channel><title>Both</title>{items}</channel></rss>"
        site.pages["/feed"] = Reply(feed.encode(), content_type="application/rss+xml")
        assert add_pages(index, [site.url("/feed")], QUIETLY).text == "Done: 1 added, 1 could not be read."
        assert index_again(index, QUIETLY).text == "Done: 2 could not be read."
    assert "2 files and pages could not be read" in render.about(index.status())


def test_the_list_is_searched_sorted_and_paged(index: Index, tmp_path: Path) -> None:
    for number in range(ON_A_PAGE + 3):
        day = f"date: 2020-01-{number % 28 + 1:02}\n" if number else ""
        text = f"---\ntitle: Piece {number:03}\nauthor: Ann Lee\n{day}---\n\nA ferry, number {number}.\n"
        write(tmp_path / "in", f"piece-{number:03}.md", text)
    index.sync([tmp_path / "in"])
    shelf = Shelf(index)
    newest = shelf.look()
    assert (newest.found, newest.total, newest.pages, len(newest.entries)) == (53, 53, 2, ON_A_PAGE)
    assert newest.entries[0].date == "2020-01-28"
    last = shelf.look(number=99)
    assert last.number == 1
    assert last.entries[-1].title == "Piece 000"  # undated, in any order of dates
    assert shelf.look(order="Oldest").entries[0].date == "2020-01-01"
    assert [entry.title for entry in shelf.look(order="Title").entries[:2]] == ["Piece 000", "Piece 001"]
    assert shelf.look("piece-01").found == 10  # part of a file's name
    assert shelf.look("ann PIECE 007").found == 1
    assert shelf.look("ferries").found == 53  # a word of the text, in another form
    assert shelf.look("walrus") == Listing((), 0, 53, 0)
    write(tmp_path / "in" / "zoo", "walrus.txt", "Walrus\n\nIt swims.\n")
    index.sync()
    assert shelf.look("zoo").found == 0  # of a path only the file's name is searched
    assert shelf.look("walrus").found == 1  # seen at once


def test_quotes_come_while_a_job_writes_and_no_second_job_begins(index: Index, tmp_path: Path) -> None:
    index.sync([SEEDS])
    assert isinstance(index.settings, RagSettings)
    assistant = Assistant(index, index.settings)
    writes, go_on, jobs = threading.Event(), threading.Event(), Jobs()

    def job(tell: object) -> Outcome:
        def pause(*told: float) -> None:
            tell(*told)  # type: ignore[operator]
            writes.set()
            assert go_on.wait(20)

        return add_files(index, [write(tmp_path / "in")], pause)

    jobs.start("Indexing 1 file", job)
    assert writes.wait(20)
    assert "36" in assistant.ask("How many strikes had US aircraft carried out in Sirte?").text
    assert jobs.work.running
    assert jobs.work.total == 1
    assert len(Shelf(index).look().entries) == 2
    with pytest.raises(IndexBusy, match="Indexing 1 file is still going on"):
        jobs.do("Removing", lambda _: Outcome("done"))
    go_on.set()
    finished(jobs)
    assert jobs.work.outcome == Outcome("Done: 1 added.")
    assert "12 boats" in assistant.ask("How many boats does Redport harbour hold?").text
    jobs.do("Removing", lambda _: Outcome("done"))
    assert jobs.work.number == 2


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_job_that_breaks_is_over_and_says_so() -> None:
    jobs = Jobs()
    jobs.start("Breaking", lambda _: Outcome(str(1 / 0)))
    finished(jobs)
    assert jobs.work.outcome == Outcome(BROKEN)

    def fail(_: object) -> Outcome:
        raise LoadError("It cannot be read.", "Try another.")

    jobs.do("Failing", fail)
    assert jobs.work.outcome == Outcome("It cannot be read. Try another.")


def finished(jobs: Jobs) -> None:
    for thread in threading.enumerate():
        if thread.name == "footnote-job":
            thread.join(20)
    assert not jobs.work.running


class Tags(HTMLParser):
    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.names: set[str] = set()
        self.text = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.names |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_hostile_titles_names_and_reasons_are_only_text_and_are_cut(tmp_path: Path) -> None:
    long = HOSTILE + "W" * 10_000
    entry = Entry("x" * 16, long, (f"/a/{long}.txt",), HOSTILE, HOSTILE, HOSTILE, None, 3)
    recipe = {"format": HOSTILE}
    status = Status(1, 1, 1, (long,), (Failure("/a", long),) * 150, recipe, HOSTILE, False, 10)
    work = Work(1, HOSTILE, 1, 2, 2, Outcome(long, (long,) * 150))
    made = [
        render.listing(Listing((entry,), 1, 1), HOSTILE, tmp_path),
        render.about(status),
        render.work(work),
        render.work(replace(work, outcome=None)),
        render.work(work, HOSTILE),
        render.problem(HOSTILE),
    ]
    for source in made:
        page = Tags(source)
        assert not page.found & {"script", "img", "a", "b", "svg", "iframe"}
        assert not any(name.startswith("on") for name in page.names)
        assert "<script>alert(1)</script>" in page.text
    assert len(made[0]) < 20_000
    assert "and 50 more" in made[1]
    assert "Remove" not in render.listing(Listing((entry,), 1, 1), "", None)


def test_progress_says_how_much_and_how_fast() -> None:
    assert "Looking" in render.work(Work(1, "Indexing"))
    told = Tags(render.work(Work(1, "Indexing", 30, 120, 2))).text
    assert "30 of 120 · 15 a second" in told
    assert 'value="0.250"' in render.work(Work(1, "Indexing", 30, 120, 2))


def test_what_went_wrong_is_said_without_variables_to_set() -> None:
    told = Tags(render.work(Work(1, "Indexing", outcome=Outcome("Cannot write to /a. Set FOOTNOTE_DATA_DIR.")))).text
    assert "Cannot write to /a. To mend it" in told
    assert "FOOTNOTE_" not in told


def test_a_folder_that_is_no_data_folder_yet_has_its_uploads_below_it(tmp_path: Path) -> None:
    assert uploads_of(IndexSettings(data_dir=tmp_path / "a" / ".." / "data")) == tmp_path / "data" / "uploads"
