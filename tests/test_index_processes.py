"""Two processes on one index: one writes, both see it."""

import subprocess
import sys

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


def test_a_sync_while_another_process_writes_is_busy(tmp_path):
    (tmp_path / "zebra.txt").write_text("The zebra lives in Namibia.")
    index = Index(IndexSettings(data_dir=tmp_path / "data", embedding="static"))
    command = [sys.executable, "-c", HOLD, str(tmp_path / "data")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        try:
            index.sync([tmp_path / "zebra.txt"])
            busy = False
        except IndexBusy:
            busy = True
        holder.stdin.close()
    assert busy
    assert index.sync([tmp_path / "zebra.txt"]).added == 1
