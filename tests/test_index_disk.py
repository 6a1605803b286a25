"""A disk that is full or may not be written is one line, and nothing is lost by it"""

import os
import subprocess
import sys
from random import Random

import pytest
from library import add_files, assert_agrees, open_index

JOB = """
import os, resource, sys
from pathlib import Path
from index import engine
from library import open_index
from index.errors import FootnoteError
data, folder, limit, user = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
import chromadb
index = open_index(data)
index.embed(["loads what it needs"])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))  # a write past it fails, as on a full disk
if user:
    engine.EXACT_UP_TO = 30_000  # Chroma cannot even read such a folder
    os.setuid(user)
try:
    print("done", len(index.sync([folder]).failed) if folder.name != "none" else len(index.search("Balana kotere")))
except FootnoteError as error:
    print("error", error)
"""
NOBODY = 65534


def run(data, folder, limit=0, user=0):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", JOB, str(data), str(folder), str(limit), str(user)],
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("limit", [1_000, 50_000, 150_000, 300_000, 500_000, 700_000, 900_000])
def test_a_disk_that_fills_up_is_one_line_and_the_next_sync_completes(tmp_path, limit):
    data, folder = tmp_path / "data", tmp_path / "articles"
    add_files(Random(1), folder, 8, 8)
    open_index(data).sync([folder])
    add_files(Random(2), folder, 300, 8)
    said = run(data, folder, limit)
    assert said.startswith("error") and "\n" not in said, said  # noqa: PT018
    assert open_index(data).search("Balana kotere mivisi?")
    open_index(data).sync([folder])
    assert_agrees(open_index(data), folder)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody else")
def test_a_folder_that_may_not_be_written_is_read_and_writing_is_one_line(tmp_path):
    data, folder = tmp_path / "data", tmp_path / "articles"
    add_files(Random(1), folder, 8, 8)
    open_index(data).sync([folder])
    (folder / "new.txt").write_text("The walrus swims.")
    for path in (tmp_path, *tmp_path.parents):
        if path.owner() == "root" and path.name.startswith(("pytest", "test")):
            path.chmod(0o755)
    said = run(data, folder, user=NOBODY)
    assert said.startswith("error")
    assert "\n" not in said
    assert run(data, tmp_path / "none", user=NOBODY).startswith("done")
    open_index(data).sync([folder])
    assert_agrees(open_index(data), folder)
