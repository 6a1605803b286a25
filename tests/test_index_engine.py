"""The index follows the files, finds passages, and says in one line what is wrong."""

import re
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.catalog import Catalog
from index.config import IndexSettings
from index.engine import Index
from index.errors import FootnoteError, IndexBusy, IndexMissing, IndexStale, LoadError
from index.library import CATALOG
from index.lock import writing
from index.records import Filters
from index.search import HISTORY_WEIGHT, look
from index.sentences import sentence_runs
from index.vectors import Vectors
from index.words import _rarest

SEEDS = Path(__file__).parent.parent / "seeds"
ZEBRA = "The zebra lives in Namibia. It eats grass."
WALRUS = "The walrus swims in the Arctic. It eats clams."


class CountingEmbedder:
    """Counts words by the sum of their characters, and remembers every text that it was given."""

    name = "fake:letters"
    dense_weight = 0.5
    notice = ""

    def __init__(self):
        self.seen = []

    def embed(self, texts):
        self.seen.extend(texts)
        vectors = np.zeros((len(texts), 64), dtype=np.float32)
        for row, text in enumerate(texts):
            text.encode()  # a tokenizer refuses half a surrogate pair
            for word in re.findall(r"\w+", text.lower()):
                vectors[row, sum(map(ord, word)) % 64] += 1
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


@pytest.fixture
def embedder():
    return CountingEmbedder()


@pytest.fixture
def open_index(tmp_path, embedder):
    def make(**changes):
        return Index(IndexSettings(data_dir=tmp_path / "data", **changes), embedder)

    return make


@pytest.fixture
def index(open_index):
    return open_index()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "zebra.txt").write_text(ZEBRA)
    (tmp_path / "articles" / "walrus.txt").write_text(WALRUS)
    return tmp_path / "articles"


def articles(index):
    return [index.article(entry.id) for entry in index.entries()]


def assert_in_line(index):
    """Catalog, full-text index and vectors know the same chunks, with the same vectors."""
    catalog, vectors = index._library.catalog, index._library.open_vectors()
    chunk_ids = catalog.chunk_ids()
    assert vectors.ids() == set(chunk_ids)
    ids, rows = catalog.vectors(chunk_ids)
    assert not ids or np.allclose(vectors.rows(ids), rows, atol=1e-5)
    assert all(max(vectors.search(row, 1).values()) == pytest.approx(1, abs=1e-5) for row in rows)
    catalog._connection.execute("INSERT INTO chunk_words (chunk_words, rank) VALUES ('integrity-check', 1)")
    assert {chunk.article_id for chunk in catalog.chunks(chunk_ids).values()} <= {one.id for one in articles(index)}
    assert index.status().agrees


def found(index, question):
    return [passage.article.text for passage in index.search(question) if passage.lexical]


def test_the_seeds_go_in_once(index, embedder):
    first = index.sync([SEEDS])
    assert (first.added, first.failed) == (2, ())
    assert first.embedded == len(embedder.seen) == index._library.catalog.chunk_count() > 2
    second = index.sync([SEEDS])
    assert (second.added, second.unchanged, second.embedded) == (0, 2, 0)
    assert len(embedder.seen) == first.embedded
    assert_in_line(index)


def test_a_touched_file_is_read_but_not_embedded_again(index, folder, embedder):
    index.sync([folder])
    embedder.seen.clear()
    (folder / "zebra.txt").touch()
    assert index.sync([folder]).unchanged == 2
    assert embedder.seen == []


def test_an_edited_file_leaves_nothing_of_its_old_text(index, folder):
    index.sync([folder])
    (folder / "zebra.txt").write_text("The okapi lives in the Congo.")
    assert index.sync([folder]).edited == 1
    assert found(index, "Namibia") == []
    assert found(index, "okapi") == ["The okapi lives in the Congo."]
    assert len(articles(index)) == 2
    assert_in_line(index)


def test_a_deleted_file_leaves_nothing_and_others_stay(index, folder):
    index.sync([folder])
    (folder / "zebra.txt").unlink()
    assert index.sync([folder]).deleted == 1
    assert found(index, "Namibia") == []
    assert found(index, "walrus") == [WALRUS]
    assert_in_line(index)


def test_files_outside_the_synced_paths_are_left_alone(index, folder, tmp_path):
    index.sync([folder])
    (tmp_path / "other.txt").write_text("The lynx hunts hares.")
    assert index.sync([tmp_path / "other.txt"]).deleted == 0
    assert len(articles(index)) == 3


def test_the_same_text_under_two_paths_is_stored_once_and_stays_until_both_are_gone(index, folder, embedder):
    shutil.copy(folder / "zebra.txt", folder / "copy.txt")
    index.sync([folder])
    assert sorted(embedder.seen) == sorted([ZEBRA, WALRUS])
    assert len(articles(index)) == 2
    (folder / "copy.txt").unlink()
    index.sync([folder])
    assert found(index, "zebra") == [ZEBRA]
    assert articles(index)[1].source == str(folder / "zebra.txt")


def test_a_renamed_file_keeps_its_article_and_is_not_embedded_again(index, folder, embedder):
    index.sync([folder])
    embedder.seen.clear()
    (folder / "zebra.txt").rename(folder / "horse.txt")
    report = index.sync([folder])
    assert (report.renamed, report.added, report.deleted, report.embedded, embedder.seen) == (1, 0, 0, 0, [])
    assert articles(index)[0].source == str(folder / "horse.txt")


def test_texts_that_change_places_are_both_found(index, folder):
    index.sync([folder])
    (folder / "zebra.txt").write_text(WALRUS + " ")
    (folder / "walrus.txt").write_text(ZEBRA + " ")
    assert index.sync([folder]).edited == 2
    assert {article.text.strip() for article in articles(index)} == {ZEBRA, WALRUS}
    assert_in_line(index)


def test_a_bad_file_is_listed_and_the_others_go_in(index, folder):
    (folder / "bad.txt").write_bytes(b"\xff")
    report = index.sync([folder])
    assert report.added == 2
    assert [(Path(failure.path).name, "UTF-8" in failure.reason) for failure in report.failed] == [("bad.txt", True)]


def test_a_file_that_becomes_unreadable_is_listed_every_time_and_its_old_text_is_gone(index, folder):
    index.sync([folder])
    (folder / "zebra.txt").write_bytes(b"\xff\xfe\xff")
    for _ in range(2):
        report = index.sync([folder])
        assert [Path(failure.path).name for failure in report.failed] == ["zebra.txt"]
        assert found(index, "zebra") == []
        assert [Path(failure.path).name for failure in index.status().failed] == ["zebra.txt"]
    (folder / "zebra.txt").write_text(ZEBRA)
    report = index.sync([folder])
    assert (report.added, report.failed, index.status().failed) == (1, (), ())
    assert_in_line(index)


def test_no_such_path_and_an_empty_folder_are_load_errors(index, tmp_path):
    (tmp_path / "empty").mkdir()
    for name in ("missing", "empty"):
        with pytest.raises(LoadError, match=name):
            index.sync([tmp_path / name])


def test_before_any_sync_the_index_is_missing(index, folder, tmp_path):
    for ask in (index.entries, lambda: index.search("zebra"), lambda: index.article("x")):
        with pytest.raises(IndexMissing):
            ask()
    assert not (tmp_path / "data").exists()
    with pytest.raises(LoadError):
        index.sync([tmp_path / "missing"])
    with pytest.raises(IndexMissing):
        index.search("zebra")
    index.sync([folder])
    assert found(index, "zebra")


def test_a_catalog_that_was_cut_short_is_missing_and_the_next_sync_makes_it(index, folder, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / CATALOG).touch()
    with pytest.raises(IndexMissing):
        index.search("zebra")
    assert index.sync([folder]).added == 2


def test_a_catalog_that_is_no_database_is_one_line(index, folder, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / CATALOG).write_bytes(b"not a database" * 100)
    for use in (lambda: index.search("zebra"), lambda: index.sync([folder])):
        with pytest.raises(FootnoteError, match="not a database") as caught:
            use()
        assert "\n" not in str(caught.value)


def test_another_embedder_or_chunk_size_makes_it_stale(open_index, folder, tmp_path):
    open_index().sync([folder])
    other = CountingEmbedder()
    other.name = "fake:other"
    for stale in (open_index(chunk_tokens=50), Index(IndexSettings(data_dir=tmp_path / "data"), other)):
        for use in (lambda stale=stale: stale.search("zebra"), lambda stale=stale: stale.sync([folder])):
            with pytest.raises(IndexStale, match=r"fake:other|50"):
                use()
    assert found(open_index(), "zebra")


def test_a_second_writer_of_this_process_is_refused(index, folder, tmp_path):
    with writing(tmp_path / "data"), pytest.raises(IndexBusy):
        index.sync([folder])
    assert index.sync([folder]).added == 2


@pytest.mark.parametrize("place", ["file", "file/below", "/proc/footnote"])
def test_a_data_folder_that_cannot_be_is_one_line(tmp_path, folder, embedder, place):
    (tmp_path / "file").touch()
    with pytest.raises(FootnoteError, match="Cannot write") as caught:
        Index(IndexSettings(data_dir=tmp_path / place), embedder).sync([folder])
    assert "\n" not in str(caught.value)


def test_a_disk_that_refuses_is_one_line(index, folder, monkeypatch):
    def refuse(*_):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("index.catalog.Catalog.add_article", refuse)
    with pytest.raises(FootnoteError, match="disk is full"):
        index.sync([folder])
    monkeypatch.undo()
    assert index.sync([folder]).added == 2
    assert_in_line(index)


def test_a_sync_that_dies_after_its_first_commit_leaves_no_text_that_no_file_holds(index, folder):
    index.sync([folder])
    (folder / "zebra.txt").write_text("The okapi lives in the Congo.")

    def interrupt(done, total):
        if done == total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.sync([folder], progress=interrupt)
    assert {article.text for article in articles(index)} == {"The okapi lives in the Congo.", WALRUS}
    assert found(index, "Namibia") == []
    index.sync([folder])
    assert_in_line(index)


STEPS = [
    (Vectors, "put"),
    (Vectors, "drop"),
    (Catalog, "add_article"),
    (Catalog, "put_source"),
    (Catalog, "drop_sources"),
    (Catalog, "settle"),
    (Catalog, "set_meta"),
]


def stop_at(patch, last):
    """Let the step after so many others end the sync; a list that grows with each step."""
    taken = []

    def stopping(step):
        def stop(*arguments):
            taken.append(step.__name__)
            if len(taken) > last:
                raise KeyboardInterrupt
            return step(*arguments)

        return stop

    for owner, name in STEPS:
        patch.setattr(owner, name, stopping(getattr(owner, name)))
    return taken


def test_a_sync_cut_short_at_any_step_is_completed_by_the_next(folder, tmp_path, embedder, monkeypatch):
    def open_at(name):
        return Index(IndexSettings(data_dir=tmp_path / name), embedder)

    (folder / "okapi.txt").write_text("The okapi lives in the Congo.")
    open_at("before").sync([folder])
    (folder / "walrus.txt").write_text("The walrus sleeps.")
    (folder / "okapi.txt").unlink()
    (folder / "zebra.txt").rename(folder / "horse.txt")
    (folder / "lynx.txt").write_text("The lynx hunts hares.")
    texts = {str(path): path.read_text() for path in folder.iterdir()}
    steps = 0
    while True:
        shutil.copytree(tmp_path / "before", tmp_path / str(steps))
        with monkeypatch.context() as patch:
            taken = stop_at(patch, steps)
            with suppress(KeyboardInterrupt):
                open_at(str(steps)).sync([folder])
        index = open_at(str(steps))
        assert found(index, "zebra") == [ZEBRA]
        assert all(one.sources for one in articles(index))
        (folder / "late.txt").write_text(f"Late by {steps} steps.")
        index.sync([folder])
        late = {str(folder / "late.txt"): f"Late by {steps} steps."}
        assert {source: one.text for one in articles(index) for source in one.sources} == texts | late
        assert_in_line(index)
        (folder / "late.txt").unlink()
        if len(taken) <= steps:
            break
        steps += 1
    assert {name for _, name in STEPS} == set(taken)


def test_lost_vectors_come_back_from_the_catalog(open_index, folder, tmp_path, embedder):
    open_index().sync([folder])
    shutil.rmtree(tmp_path / "data" / "vectors")
    embedder.seen.clear()
    again = open_index()
    again.sync([folder])
    assert embedder.seen == []
    assert_in_line(again)


def test_what_only_chroma_has_is_ignored(index, folder, embedder):
    index.sync([folder])
    index._library.open_vectors().put(["ghost:0-9"], embedder.embed(["zebra"]))
    assert {passage.article.text for passage in index.search("zebra")} == {ZEBRA, WALRUS}


def test_a_second_object_sees_what_the_first_one_adds_and_drops(open_index, folder):
    writer, reader = open_index(), open_index()
    writer.sync([folder])
    assert found(reader, "zebra")
    (folder / "lynx.txt").write_text("The lynx hunts hares.")
    (folder / "zebra.txt").unlink()
    writer.sync([folder])
    lynx = next(passage for passage in reader.search("lynx hunts hares") if "lynx" in passage.text)
    assert lynx.dense > 0.5
    assert found(reader, "Namibia") == []
    (folder / "okapi.txt").write_text("The okapi lives in the Congo.")
    reader.sync([folder])
    assert found(writer, "okapi")
    assert_in_line(writer)
    assert_in_line(reader)


def test_a_search_gives_passages_best_first_up_to_the_limit(index):
    index.sync([SEEDS])
    passages = index.search("suicide bombing in southern Sirte", limit=3)
    assert len(passages) == 3
    assert [passage.score for passage in passages] == sorted((passage.score for passage in passages), reverse=True)
    assert all(passage.score > 0 for passage in passages)
    assert "suicide bombing in southern Sirte" in passages[0].text
    assert passages[0].lexical > 0
    assert index.article(passages[0].article.id) == passages[0].article
    assert index.article("unknown") is None
    assert passages == index.search("suicide bombing in southern Sirte", limit=3)


def test_an_earlier_question_counts_less(index, folder):
    index.sync([folder])

    def halves(question, *history):
        """How well each half of the search likes each passage."""
        looked = index._searched(look, question, history, Filters(), 8)
        return {one.id: row[:2] for one, row in zip(looked.chunks, looked.features, strict=True)}

    alone, earlier = halves("What does it eat?"), halves("The walrus")
    both = halves("What does it eat?", "The walrus")
    assert len(both) == 2
    for key, liked in both.items():
        assert liked == pytest.approx((alone[key] + HISTORY_WEIGHT * earlier[key]) / (1 + HISTORY_WEIGHT), abs=1e-5)


@pytest.mark.parametrize(
    "question",
    ["", " ", '"', '"" OR', "\0", "🙂", "the of and", "OR AND NOT", "NEAR(zebra", "-zebra*", "\ud800", "zebra " * 700],
)
def test_odd_questions_are_questions(index, folder, question):
    index.sync([folder])
    assert len(index.search(question, history=[question])) <= 2


def test_every_sentence_of_every_passage_is_its_quote(index):
    index.sync([SEEDS])
    quotes = 0
    for article in articles(index):
        assert article.text == Path(article.source).read_bytes().decode()
        known = {span for run in sentence_runs(article.text) for span in run}
        chunks = index._library.catalog.chunks(index._library.catalog.chunk_ids()).values()
        assert {span for chunk in chunks if chunk.article_id == article.id for span in chunk.sentences} == known
        for passage in index.search(article.title, limit=50):
            for start, end in passage.chunk.sentences:
                assert passage.article.text[start:end] in passage.text
                quotes += 1
    assert quotes


def test_mentions_knows_words_in_any_form(index, folder):
    index.sync([folder])
    assert index.mentions("swimming")
    assert not index.mentions("giraffe")


def test_progress_ends_at_all_files(index, folder):
    calls = []
    index.sync([folder], progress=lambda done, total: calls.append((done, total)))
    assert calls[-1] == (2, 2)


def test_a_folder_that_is_gone_takes_its_articles_along(index, folder):
    index.sync([folder])
    shutil.rmtree(folder)
    assert index.sync([folder]).deleted == 2
    assert index.article_count() == 0


def test_a_first_sync_of_nothing_leaves_no_index(index, tmp_path):
    with pytest.raises(LoadError):
        index.sync([tmp_path / "nowhere"])
    with pytest.raises(IndexMissing):
        index.article_count()


@pytest.fixture
def chroma(monkeypatch):
    """Chroma finds the passages, as in a large library."""
    monkeypatch.setattr("index.nearest.EXACT_UP_TO", 0)
    monkeypatch.setattr("index.nearest.SCANS", 0)


@pytest.mark.usefixtures("chroma")
def test_missing_vectors_are_named_and_the_next_sync_makes_them_again(index, open_index, folder):
    index.sync([folder])
    shutil.rmtree(index._library.folder / "vectors")
    with pytest.raises(IndexStale, match="vectors"):
        open_index().search("What does the zebra eat?")
    again = open_index()
    again.sync([folder])
    assert again.search("What does the zebra eat?")


def test_a_small_library_is_searched_without_chroma_and_finds_the_same(index, open_index, folder, monkeypatch):
    index.sync([folder])
    shutil.copytree(index._library.folder / "vectors", index._library.folder.parent / "kept")
    shutil.rmtree(index._library.folder / "vectors")
    exact = open_index().search("What does the zebra eat?")
    shutil.copytree(index._library.folder.parent / "kept", index._library.folder / "vectors")
    monkeypatch.setattr("index.nearest.EXACT_UP_TO", 0)
    monkeypatch.setattr("index.nearest.SCANS", 0)
    approximate = open_index().search("What does the zebra eat?")
    assert [passage.chunk for passage in exact] == [passage.chunk for passage in approximate]
    assert [passage.dense for passage in exact] == pytest.approx([passage.dense for passage in approximate], abs=1e-5)


def test_who_asks_once_opens_no_graph_and_finds_the_same(index, open_index, folder, monkeypatch):
    index.sync([folder])
    exact = index.search("What does the zebra eat?")
    (index._library.folder / "vectors" / "chroma.sqlite3").write_bytes(b"garbage" * 500)
    monkeypatch.setattr("index.nearest.EXACT_UP_TO", 0)
    asked = open_index()
    found = asked.search("What does the zebra eat?")
    assert [passage.chunk for passage in found] == [passage.chunk for passage in exact]
    assert [passage.dense for passage in found] == pytest.approx([passage.dense for passage in exact], abs=1e-5)
    with pytest.raises(FootnoteError, match="vectors"):
        asked.search("What does the zebra eat?")


@pytest.mark.usefixtures("chroma")
def test_broken_vectors_are_one_line(index, open_index, folder):
    index.sync([folder])
    (index._library.folder / "vectors" / "chroma.sqlite3").write_bytes(b"garbage" * 500)
    with pytest.raises(FootnoteError, match="vectors") as raised:
        open_index().search("What does the zebra eat?")
    assert "\n" not in str(raised.value)
    assert "footnote index" in raised.value.hint
    again = open_index()
    again.sync([folder])
    assert_in_line(again)
    assert again.search("What does the zebra eat?")


@pytest.mark.usefixtures("chroma")
def test_a_chunk_found_by_its_words_has_its_cosine_too(index, folder, monkeypatch):
    index.sync([folder])
    (known,) = (passage for passage in index.search("zebra") if passage.lexical)
    monkeypatch.setattr(Vectors, "search", lambda *_: {"only:0-9": 0.1})
    (found,) = index.search("zebra")
    assert found.dense == pytest.approx(known.dense, abs=1e-5)


def test_files_folders_and_articles_are_removed_for_good_and_an_unknown_target_is_one_line(index, folder, tmp_path):
    (folder / "deep").mkdir()
    (folder / "deep" / "lynx.txt").write_text("The lynx hunts hares.")
    (folder / "deep" / "okapi.txt").write_text("The okapi lives in the Congo.")
    (tmp_path / "deeper.txt").write_text("The name of this file starts like the folder's.")
    index.sync([folder, tmp_path / "deeper.txt"])
    zebra = next(article for article in articles(index) if article.text == ZEBRA)
    assert index.remove([zebra.id]) == [str(folder / "zebra.txt")]
    assert index.remove([str(folder / "deep")]) == [
        str(folder / "deep" / "lynx.txt"),
        str(folder / "deep" / "okapi.txt"),
    ]
    for unknown in ("nothing", str(folder / "deep"), zebra.id):
        with pytest.raises(LoadError, match=f"{unknown} is not in the index") as caught:
            index.remove([str(folder / "walrus.txt"), unknown])
        assert "\n" not in str(caught.value)
        assert found(index, "walrus") == [WALRUS]
    assert_in_line(index)
    assert index.remove([str(folder)]) == [str(folder / "walrus.txt")]
    assert index.status().roots == (str(tmp_path / "deeper.txt"),)
    assert [article.source for article in articles(index)] == [str(tmp_path / "deeper.txt")]
    assert_in_line(index)


def test_an_article_that_two_files_hold_is_removed_with_the_second(index, folder):
    shutil.copy(folder / "zebra.txt", folder / "copy.txt")
    index.sync([folder])
    index.remove([str(folder / "copy.txt")])
    assert [article.sources for article in articles(index) if article.text == ZEBRA] == [(str(folder / "zebra.txt"),)]
    assert found(index, "zebra") == [ZEBRA]
    index.remove([str(folder / "zebra.txt")])
    assert found(index, "zebra") == []
    assert_in_line(index)


def malformed(catalog):
    """A head that is right, and noise."""
    catalog.write_bytes(catalog.read_bytes()[:4096] + b"noise" * 10_000)


def format_1(catalog):
    catalog.unlink()
    with closing(sqlite3.connect(catalog)) as old, old:
        old.executescript(
            "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT); INSERT INTO meta VALUES ('format', '1');"
            "CREATE TABLE articles (id TEXT); CREATE VIRTUAL TABLE chunk_words USING fts5(title, body);"
        )


@pytest.mark.parametrize(
    "harm", [format_1, malformed, lambda catalog: catalog.write_bytes(b"not a database" * 100), Path.unlink]
)
def test_a_catalog_that_is_old_broken_or_gone_is_built_anew(open_index, folder, tmp_path, harm):
    index = open_index()
    index.sync([folder])
    index._library.file._connection.close()
    harm(tmp_path / "data" / CATALOG)
    with pytest.raises(FootnoteError, match="footnote index"):
        open_index().search("zebra")
    again = open_index()
    assert again.rebuild([folder]).added == 2
    assert found(again, "zebra") == [ZEBRA]
    assert_in_line(again)


def test_a_rebuild_takes_the_new_settings_and_the_old_roots(open_index, folder, tmp_path):
    open_index().sync([folder])
    wider = CountingEmbedder()
    wider.name = "fake:wider"
    wider.embed = lambda texts: np.eye(len(texts), 100, dtype=np.float32)
    for index in (Index(IndexSettings(data_dir=tmp_path / "data"), wider), open_index(chunk_tokens=20)):
        with pytest.raises(IndexStale, match="--rebuild"):
            index.sync()
        report = index.rebuild()
        assert (report.added, report.embedded) == (2, index.status().chunks)
        assert index.status().recipe["embedder"] == index.embedder.name
        assert_in_line(index)


@pytest.mark.parametrize("moment", ["index.library.Catalog.create", "index.sync.Sync.run", "index.store.Store.finish"])
def test_a_rebuild_that_is_cut_short_is_completed_by_the_next_sync(open_index, folder, moment, monkeypatch):
    open_index().sync([folder])

    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(moment, stop)
        with pytest.raises(KeyboardInterrupt):
            open_index().rebuild()
    index = open_index()
    index.sync()
    assert found(index, "zebra") == [ZEBRA]
    assert_in_line(index)


def contents(folder):
    """All but the memory that SQLite's readers share."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith("-shm"))
    return {str(path): path.read_bytes() for path in files}


def test_a_dry_run_changes_nothing_and_says_what_the_next_run_does(open_index, folder, tmp_path, embedder):
    first = open_index().sync([folder], dry_run=True)
    assert not (tmp_path / "data").exists()
    assert replace(first, embedded=2) == open_index().sync([folder])
    (folder / "zebra.txt").rename(folder / "horse.txt")
    (folder / "walrus.txt").write_bytes(b"\xff\xfe")
    (folder / "lynx.txt").write_text("The lynx hunts hares.")
    (folder / "copy.txt").write_text("The lynx hunts hares.")
    before = contents(tmp_path / "data")
    embedder.seen.clear()
    planned = open_index().sync([folder], dry_run=True)
    assert contents(tmp_path / "data") == before
    assert embedder.seen == []
    assert replace(planned, embedded=1) == open_index().sync([folder])


@pytest.fixture
def library(index, tmp_path):
    """Articles about a fox: who wrote them, when, and where they lie."""
    for name, author, date in [
        ("news/a.md", "Ada Lovelace", "2024-01-31"),
        ("news/b.md", "Grace Hopper", "2024-02-01"),
        ("news/old/c.md", "Ada Byron", ""),
        ("newsletter/d.md", "", "2023-12-31"),
        ("n[1]/e*.md", "", "2025-01-01"),
    ]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        head = "".join(f"{key}: {value}\n" for key, value in (("author", author), ("date", date)) if value)
        path.write_text(f"---\ntitle: {path.stem}\n{head}---\n\nThe fox number {path.stem} runs over the field.")
    index.sync([tmp_path])
    return index


@pytest.mark.parametrize("longer", [1_000, 2])
@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (Filters(), "abcde*"),
        (Filters(source="NEWSLETTER"), "d"),
        (Filters(path="news"), "abc"),
        (Filters(path="news/"), "abc"),
        (Filters(path="news/a.md"), "a"),
        (Filters(path="news*"), "abcd"),
        (Filters(path="*/old/*"), "c"),
        (Filters(path="n[1]/*"), "e*"),
        (Filters(path="missing"), ""),
        (Filters(after="2024-01-31"), "abe*"),
        (Filters(before="2024-01-31"), "ad"),
        (Filters(after="2024-01-01", before="2024-12-31"), "ab"),
        (Filters(after="2024-01-01", path="news", source="b.md"), "b"),
    ],
)
def test_filters_hold_for_searches_and_lists(  # noqa: PLR0913, PLR0917
    library, tmp_path, monkeypatch, filters, names, longer
):
    monkeypatch.setattr("index.search.LONGER_LIST", longer)
    monkeypatch.chdir(tmp_path)
    wanted = sorted(name for name in ("a", "b", "c", "d", "e*") if name in names)
    assert sorted(entry.title for entry in library.entries(filters)) == wanted
    assert sorted(entry.title for entry in library.entries(filters, "fox field")) == wanted
    assert library.entries(filters, "giraffe") == []
    passages = library.search("Where does the fox run?", filters=filters)
    assert sorted(passage.article.title for passage in passages) == wanted
    assert all(passage.dense > 0.1 for passage in passages)


def test_authors_are_filtered_by_a_part_of_their_name(index, folder):
    (folder / "zebra.txt").unlink()
    (folder / "zebra.md").write_text(f"---\nauthor: Ada Lovelace\n---\n{ZEBRA}")
    index.sync([folder])
    assert [entry.author for entry in index.entries(Filters(author="ada"))] == ["Ada Lovelace"]
    assert [passage.article.text for passage in index.search("it eats", filters=Filters(author="LOVE"))] == [
        (folder / "zebra.md").read_text()
    ]
    assert index.search("it eats", filters=Filters(author="Grace")) == []


def test_the_words_of_a_filtered_search_are_found_behind_many_better_ones(index, folder, monkeypatch):
    monkeypatch.setattr("index.search.CANDIDATES", 3)
    for number in range(10):
        (folder / f"zebra{number}.txt").write_text(f"Zebra, zebra, zebra. Number {number} is a zebra.")
    index.sync([folder])
    (passage,) = index.search("zebra", filters=Filters(path=str(folder / "zebra.txt")))
    assert passage.article.text == ZEBRA
    assert passage.lexical > 0


def test_what_an_object_writes_it_finds_at_once(index, folder, monkeypatch):
    monkeypatch.setattr("index.nearest.RESPITE", 1_000)
    index.sync([folder])
    assert index.search("zebra")
    (folder / "lynx.txt").write_text("The lynx hunts hares.")
    index.sync([folder])
    assert max(passage.dense for passage in index.search("hares hunts lynx the")) > 0.9
    assert {"lynx.txt"} < {Path(passage.article.source).name for passage in index.search("nothing of all that")}


def test_in_a_large_library_a_typo_is_mended_to_words_old_and_new(index, folder, monkeypatch):
    monkeypatch.setattr("index.words.COMMON_FROM", 1)
    for number in range(30):
        (folder / f"{number:02}.txt").write_text(f"The narwhal swims in cold water. Number {number} is here.")
    index.sync([folder])
    catalog = index._library.catalog
    before = catalog.stems_from("n")
    assert "narwhal" in before
    (folder / "nightingale.txt").write_text("A nightingale sang 7 songs.")  # too little to count all words again
    index.sync([folder])
    assert catalog.stems_from("n") == sorted([*before, "nightingal"])
    assert catalog.frequencies(["nightingale", "narwhal", "7"]) == {"nightingale": 1, "narwhal": 30, "7": 2}
    (passage,) = index.search("nihgtingale", limit=1)
    assert passage.text == "A nightingale sang 7 songs."


def test_of_many_common_words_the_rarest_are_looked_up(index, folder, monkeypatch):
    monkeypatch.setattr("index.words.COMMON_FROM", 1)
    monkeypatch.setattr("index.words.MOST_ROWS", 20)
    for number in range(30):
        rare = "narwhal" if number < 3 else "whale"
        (folder / f"{number:02}.txt").write_text(f"The {rare} swims in cold water. Number {number} is here.")
    index.sync([folder])
    catalog = index._library.catalog
    passages = catalog.frequencies(["swimming", "water", "narwhal", "7"])
    assert passages == {"swimming": 31, "water": 30, "narwhal": 3, "7": 1}
    assert _rarest(passages) == ["narwhal", "7"]
    assert _rarest(catalog.frequencies(["water", "swims"])) in (["water"], ["swims"])  # never none
    rare = catalog.search_words(catalog.frequencies(["narwhal"]), 50)
    assert len(rare) == 3
    assert catalog.search_words(catalog.frequencies(["narwhal", "swims", "water"]), 50) == rare
