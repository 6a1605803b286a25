"""Several processes and threads on one index: one writes, all see it, and none of them fails."""

import gc
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest
from forks import Forks
from library import add_files, assert_agrees, change_files, open_index

from index.config import IndexSettings
from index.engine import Index
from index.errors import IndexBusy

MARKER = "Zilanu vomera tasiko pelunda."
MARKER_BY_MEANING = "likezilanu likevomera liketasiko likepelunda"  # no word of it is in any text
SYNC = """
import sys
from pathlib import Path
from index.config import IndexSettings
from index.engine import Index
Index(IndexSettings(data_dir=Path(sys.argv[1]), embedding="static")).sync([Path(sys.argv[2])])
"""
HOLD = """
import sys
from pathlib import Path
from index.lock import writing
with writing(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def dense_of(index, question, name):
    return next(passage.dense for passage in index.search(question) if passage.article.source.endswith(name))


def test_what_another_process_writes_is_found_by_old_and_new_objects_and_survives_our_next_sync(tmp_path):
    data, folder = tmp_path / "data", tmp_path / "articles"
    settings = IndexSettings(data_dir=data, embedding="static")
    folder.mkdir()
    (folder / "zebra.txt").write_text("The zebra lives in Namibia. It eats grass.")
    old = Index(settings)
    old.sync([folder])
    assert old.search("zebra")
    (folder / "walrus.txt").write_text("The walrus swims in the Arctic. It eats clams.")
    subprocess.run([sys.executable, "-c", SYNC, str(data), str(folder)], check=True)
    for index in (Index(settings), old):
        assert dense_of(index, "Where does the walrus swim?", "walrus.txt") > 0.4
    (folder / "lynx.txt").write_text("The lynx hunts hares in Finland.")
    assert old.sync([folder]).embedded == 1
    for index in (Index(settings), old):
        assert dense_of(index, "Where does the walrus swim?", "walrus.txt") > 0.4
        assert dense_of(index, "What does the lynx hunt?", "lynx.txt") > 0.4


def test_a_sync_while_another_process_writes_names_it_and_its_death_ends_that(tmp_path):
    (tmp_path / "zebra.txt").write_text("The zebra lives in Namibia.")
    index = Index(IndexSettings(data_dir=tmp_path / "data", embedding="static"))
    command = [sys.executable, "-c", HOLD, str(tmp_path / "data")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        for write in (lambda: index.sync([tmp_path / "zebra.txt"]), lambda: index.rebuild([tmp_path])):
            with pytest.raises(IndexBusy, match=rf"\b{holder.pid}\b") as busy:
                write()
            assert "\n" not in str(busy.value)
        holder.kill()
        holder.wait()
    assert (tmp_path / "data" / "writer.pid").read_text() == str(holder.pid)
    assert index.sync([tmp_path / "zebra.txt"]).added == 1


def search_until(data: Path, ready: Path, ended: Path, found: bool) -> tuple[int, float, float]:
    """Search without pause until a sync has ended and its result is seen.

    Returns:
        how many searches there were, the longest of them, and how long after the end of the sync the result was seen.
    """
    index = open_index(data)
    searches, longest = 0, 0.0
    deadline = time.monotonic() + 100
    while time.monotonic() < deadline:
        started = time.monotonic()
        passages = index.search(MARKER_BY_MEANING)
        longest = max(longest, time.monotonic() - started)
        searches += 1
        ready.touch()
        assert passages
        best = next((passage for passage in passages if MARKER in passage.text), None)
        if ended.exists() and found == bool(best and best.dense > 0.9 and not best.lexical):
            return searches, longest, time.monotonic() - float(ended.read_text())
    raise TimeoutError(f"{searches} searches, and no result")


@pytest.fixture(scope="module")
def readers():
    with Forks("library:warm") as one, Forks("library:warm") as other:
        yield one, other


def sync_while_they_read(readers, index, folder, base, found):
    base.mkdir()
    ended = base / "ended"
    with ThreadPoolExecutor() as pool:
        ready = [base / f"ready{number}" for number in range(len(readers))]
        jobs = [
            pool.submit(one.run, "test_index_processes:search_until", index.settings.data_dir, mark, ended, found)
            for one, mark in zip(readers, ready, strict=True)
        ]
        wait_until(lambda: all(mark.exists() for mark in ready) or any(job.done() for job in jobs))
        started = time.monotonic()
        report = index.sync([folder])
        (base / "writing").write_text(str(time.monotonic()))
        (base / "writing").rename(ended)
        took = time.monotonic() - started
        for job in jobs:
            outcome = job.result()
            assert outcome.how == "done", outcome.value
            searches, longest, seen_after = outcome.value
            print(f"sync {took:.1f} s; {searches} searches, the longest {longest:.2f} s, seen after {seen_after:.2f} s")
            assert seen_after < 2
            assert longest < 5
    return report


def wait_until(true, seconds=60):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("rebuilt", [False, True], ids=["as it is", "the graph is built anew"])
def test_readers_search_without_an_error_through_a_sync_and_see_its_result(readers, tmp_path, monkeypatch, rebuilt):
    random, folder = Random(1), tmp_path / "articles"
    add_files(random, folder, 100, 10)
    index = open_index(tmp_path / "data")
    index.sync([folder])
    old = sorted(folder.rglob("*.txt"))
    add_files(random, folder, 300, 10)
    (folder / "marker.txt").write_text(MARKER)
    assert sync_while_they_read(readers, index, folder, tmp_path / "adding", True).embedded == 3_001
    if rebuilt:
        monkeypatch.setattr("index.store.REBUILD_FROM", 100)
        monkeypatch.setattr("index.store.REBUILD_SHARE", 0.1)
    for path in (*old, *sorted(folder.rglob("*.txt"))[::2], folder / "marker.txt"):
        path.unlink(missing_ok=True)
    assert sync_while_they_read(readers, index, folder, tmp_path / "deleting", False).deleted > 200
    assert_agrees(index, folder)


def test_threads_search_one_object_while_it_syncs(tmp_path):
    random, folder = Random(1), tmp_path / "articles"
    add_files(random, folder, 50, 10)
    index = open_index(tmp_path / "data")
    index.sync([folder])
    over = threading.Event()

    def search_on():
        searches = 0
        while not over.is_set():
            assert index.search(MARKER_BY_MEANING)
            searches += 1
        return searches

    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(search_on) for _ in range(8)]
        try:
            for _ in range(3):
                change_files(random, folder, 40, 10)
                index.sync([folder])
            (folder / "marker.txt").write_text(MARKER)
            index.sync([folder])
            assert index.search(MARKER_BY_MEANING)[0].dense > 0.9
        finally:
            over.set()
        assert all(job.result() for job in jobs)
    assert_agrees(index, folder)


def test_an_object_that_reads_on_does_not_hold_what_it_opened_before(tmp_path, monkeypatch):
    monkeypatch.setattr("index.engine.RESPITE", 0)
    (tmp_path / "zebra.txt").write_text("The zebra lives in Namibia.")
    writer, reader = open_index(tmp_path / "data"), open_index(tmp_path / "data")

    def open_files():
        gc.collect()
        return len(os.listdir("/proc/self/fd"))

    counts = []
    for number in range(12):
        (tmp_path / "zebra.txt").write_text(f"The zebra lives in Namibia, says number {number}.")
        writer.sync([tmp_path / "zebra.txt"])
        assert reader.search("zebra")[0].text.endswith(f"{number}.")
        counts.append(open_files())
    assert counts[-1] <= counts[3] + 2, counts
