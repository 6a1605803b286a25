"""Several processes and threads on one index: one writes, all see it, and nobody meets an error"""

import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from library import add_files, open_index

from index.config import IndexSettings
from index.engine import Index
from index.errors import IndexBusy

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


READ = """
import json, sys, time
from pathlib import Path
from library import open_index
from index import nearest
data, stop = Path(sys.argv[1]), Path(sys.argv[2])
index = open_index(data)
nearest.EXACT_UP_TO = int(sys.argv[3])
seen = {"added": 0.0, "gone": 0.0, "searches": 0, "slowest": 0.0}
print("ready", flush=True)
while not stop.exists():
    started = time.time()
    passages = index.search("walrus arctic clams", limit=20)
    seen["slowest"] = max(seen["slowest"], time.time() - started)
    seen["searches"] += 1
    if not seen["added"] and any("walrus" in one.text and one.dense > 0.3 for one in passages):
        seen["added"] = time.time()
    texts = [one.article.text for one in index.search("okapi congo leaves", limit=20)]
    if seen["added"] and not seen["gone"] and not any("okapi" in text for text in texts):
        seen["gone"] = time.time()
print(json.dumps(seen))
"""
WRITE = """
import sys
from pathlib import Path
from library import open_index
open_index(Path(sys.argv[1])).sync([Path(sys.argv[2])])
"""


@pytest.mark.parametrize("exact", [0, 30_000])
def test_readers_search_through_a_sync_and_a_delete_and_see_the_end_within_two_seconds(tmp_path, exact):
    data, folder, stop = tmp_path / "data", tmp_path / "articles", tmp_path / "stop"
    random = Random(1)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    def write():
        subprocess.run([sys.executable, "-c", WRITE, str(data), str(folder)], check=True, env=environment)
        return time.time()

    add_files(random, folder, 250, 8)
    (folder / "okapi.txt").write_text("The okapi of the Congo eats leaves.")
    write()
    command = [sys.executable, "-c", READ, str(data), str(stop), str(exact)]
    readers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        for _ in range(2)
    ]
    for reader in readers:
        assert reader.stdout.readline() == "ready\n", reader.stderr.read()
    add_files(random, folder, 250, 8)
    (folder / "walrus.txt").write_text("The walrus of the Arctic eats clams.")
    added = write()
    for path in sorted(folder.rglob("*.txt"))[::2]:
        if path.stem not in ("walrus", "okapi"):
            path.unlink()
    (folder / "okapi.txt").unlink()
    deleted = write()
    time.sleep(2)  # what they must see by now is not waited for any longer
    stop.touch()
    for reader in readers:
        out, err = reader.communicate(timeout=60)
        assert reader.returncode == 0, err
        seen = json.loads(out)
        assert 0 < seen["added"] < added + 2, seen
        assert 0 < seen["gone"] < deleted + 2, seen
        assert seen["searches"] > 10
        print(exact, seen)


def test_many_threads_search_while_their_own_process_writes(tmp_path):
    data, folder = tmp_path / "data", tmp_path / "articles"
    add_files(Random(1), folder, 60, 8)
    index = open_index(data)
    index.sync([folder])
    over = threading.Event()

    def search():
        count = 0
        while not over.is_set():
            assert index.search("Balana kotere mivisi?")
            count += 1
        return count

    with ThreadPoolExecutor(8) as threads:
        counts = [threads.submit(search) for _ in range(8)]
        add_files(Random(2), folder, 60, 8)
        index.sync([folder])
        (folder / "walrus.txt").write_text("The walrus of the Arctic eats clams.")
        index.sync([folder])
        over.set()
        assert all(count.result() for count in counts)
    assert "walrus" in index.search("walrus arctic")[0].text


def test_a_writer_that_was_killed_blocks_nobody_and_one_that_lives_is_named(tmp_path):
    (tmp_path / "zebra.txt").write_text("The zebra lives in Namibia.")
    index = Index(IndexSettings(data_dir=tmp_path / "data", embedding="static"))
    command = [sys.executable, "-c", HOLD, str(tmp_path / "data")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(IndexBusy, match=f"\\({holder.pid}\\)"):
            index.sync([tmp_path / "zebra.txt"])
        holder.kill()
    assert index.sync([tmp_path / "zebra.txt"]).added == 1
