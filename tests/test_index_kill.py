"""A sync that is killed at any moment costs work, never consistency: the next one completes it."""

import os
import shutil
import sqlite3
import time
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from forks import Forks
from library import add_files, assert_agrees, change_files, open_index

from index.errors import FootnoteError, IndexMissing
from index.library import CATALOG
from index.store import AGREED, GRAPH, SECOND
from index.vectors import Vectors

SEED = int(os.environ.get("KILL_SEED", "1"))  # another one tries other moments
JOBS = "test_index_kill"


def sync(data: Path, folder: Path) -> float:
    """How long it took."""
    started = time.monotonic()
    open_index(data).sync([folder])
    return time.monotonic() - started


def look(data: Path) -> str:
    """What a reader finds between a kill and the next sync."""
    index = open_index(data)
    try:
        passages = index.search("Balana kotere mivisi 1?")
    except IndexMissing:
        return "missing"
    except FootnoteError as error:
        return f"one line: {error}".replace(str(data), "")
    assert all(passage.text == passage.article.text[passage.chunk.start : passage.chunk.end] for passage in passages)
    return "found" if passages else "nothing"


def check(data: Path, folder: Path) -> None:
    assert_agrees(open_index(data), folder)


@pytest.fixture(scope="module")
def forks():
    with Forks("library:warm") as forks:
        yield forks


def value_of(forks, where, job, *arguments):
    outcome = forks.run(f"{JOBS}:{job}", *arguments)
    assert outcome.how == "done", f"{where}: {job} {outcome.how}: {outcome.value}\n{forks.said()}"
    return outcome.value


def assert_survives(  # noqa: PLR0913
    forks, tmp_path, seed, *, wanted, files, changes, sentences
):
    """Kill so many syncs, some of them in a row; look at what each one left, then complete and compare."""
    random, data, folder = Random(seed), tmp_path / "data", tmp_path / "articles"
    add_files(random, folder, files, sentences)
    length = value_of(forks, f"seed {seed}", "sync", tmp_path / "measured", folder)
    killed, seen = 0, []
    while killed < wanted:
        for _ in range(random.randint(2, 6)):
            delay = random.uniform(0, length)
            where = f"seed {seed}, {killed} killed, the last after {delay:.3f} s of {length:.3f} s"
            outcome = forks.run(f"{JOBS}:sync", data, folder, kill_after=delay)
            assert outcome.how in ("killed", "done"), f"{where}: {outcome.how} {outcome.value}\n{forks.said()}"
            killed += outcome.how == "killed"
            length = outcome.value or length
            seen.append(value_of(forks, where, "look", data))
            change_files(random, folder, changes, sentences)
        length = value_of(forks, where, "sync", data, folder)
        value_of(forks, where, "check", data, folder)
        change_files(random, folder, changes, sentences)
    print(f"seed {seed}: {killed} killed of {len(seen)}, then {Counter(seen)}")
    # Before the first commit there is nothing; afterwards it is found, but where the graph was torn in mid-write.
    assert all("\n" not in one and one != "nothing" for one in seen)
    assert seen.count("found") > len(seen) / 2


@pytest.mark.parametrize("seed", [SEED, SEED + 1])
def test_a_small_library(forks, tmp_path, seed):
    assert_survives(forks, tmp_path, seed, wanted=40, files=20, changes=5, sentences=8)


def test_a_large_library_whose_graph_is_being_written_to_disk(forks, tmp_path):
    assert_survives(forks, tmp_path, SEED, wanted=20, files=260, changes=40, sentences=10)


@pytest.fixture(scope="module")
def grown(forks, tmp_path_factory):
    """A library, its index, and the files of the graph as they were when it was smaller."""
    base, random = tmp_path_factory.mktemp("grown"), Random(SEED)
    for older in (base / "older", None):
        add_files(random, base / "articles", 130, 10)
        value_of(forks, "growing", "sync", base / "data", base / "articles")
        if older:
            shutil.copytree(graph(base / "data"), older)
    return base


def graph(data: Path) -> Path:
    return next(path for path in (data / "vectors").iterdir() if path.is_dir())


@pytest.mark.parametrize("state", ["older", "half"])
@pytest.mark.parametrize("name", ["data_level0.bin", "index_metadata.pickle", "length.bin"])
def test_a_graph_of_which_one_file_was_not_written_is_built_anew(forks, grown, tmp_path, name, state):
    data = tmp_path / "data"
    shutil.copytree(grown / "data", data)
    torn = graph(data) / name
    torn.write_bytes(
        (grown / "older" / name).read_bytes() if state == "older" else torn.read_bytes()[: torn.stat().st_size // 2]
    )
    catalog = sqlite3.connect(data / CATALOG)
    catalog.execute("UPDATE meta SET value = '' WHERE key = ?", (AGREED,))  # as a killed sync leaves it
    catalog.commit()
    catalog.close()
    value_of(forks, "torn", "look", data)
    value_of(forks, "torn", "sync", data, grown / "articles")
    value_of(forks, "torn", "check", data, grown / "articles")


def test_a_graph_left_torn_by_a_rebuild_is_no_obstacle_to_the_next(forks, grown, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(grown / "data", data)
    value_of(forks, "rebuilding", "leave_torn", data)
    value_of(forks, "rebuilding", "sync_and_rebuild", data, grown / "articles")
    value_of(forks, "rebuilding", "check", data, grown / "articles")


def leave_torn(data: Path) -> None:
    """A second graph of which one file was not written."""
    before = {path for path in (data / "vectors").iterdir() if path.is_dir()}
    index = open_index(data)
    Vectors(data / "vectors", "chunks" + SECOND).put(
        *index._library.catalog.vectors(index._library.catalog.chunk_ids())
    )
    (new,) = {path for path in (data / "vectors").iterdir() if path.is_dir()} - before
    (new / "header.bin").write_bytes(b"")


def sync_and_rebuild(data: Path, folder: Path) -> None:
    """A sync that finds so much deleted that it builds the graph anew."""
    index = open_index(data)
    index._library.catalog.set_meta("dropped", str(10**9))
    index._library.catalog.set_meta(AGREED, "")
    index.sync([folder])
    assert index._library.catalog.meta(GRAPH) == SECOND
