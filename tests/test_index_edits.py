"""Whatever is done to the files between two syncs, the index is what a fresh one of the same files would be"""

import os
import re
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.config import IndexSettings
from index.engine import Index
from index.errors import LoadError

NAMES = st.sampled_from(["a.txt", "b.md", "c.txt", "sub/a.txt", "sub/d.md", "deep/er/e.txt"])
WORDS = ["zebra", "walrus", "lynx", "okapi"]
TEXTS = st.sampled_from(
    [f"The {word} sleeps. It eats {food}." for word in WORDS for food in ("grass", "clams")]
    + [f"---\ntitle: {title}\ndate: 2021-05-0{day}\n---\nThe zebra sleeps." for title, day in (("One", 1), ("Two", 2))]
    + ["# Heading\n\nThe lynx hunts. " + "The hare runs. " * 30, "\x00binary", "\xff\xfe", "", " \n"]
)
STEPS = st.one_of(
    st.tuples(st.just("write"), NAMES, TEXTS),
    st.tuples(st.just("hide"), NAMES, TEXTS),  # an edit of the same size that keeps the time of modification
    st.tuples(st.just("delete"), NAMES),
    st.tuples(st.just("rename"), NAMES, NAMES),
    st.tuples(st.just("copy"), NAMES, NAMES),
    st.tuples(st.just("swap"), NAMES, NAMES),
    st.tuples(st.just("touch"), NAMES),
    st.tuples(st.just("move folder")),
    st.tuples(st.just("sync")),
)


class LetterEmbedder:
    """Counts the letters of a text: fast, and another text has other vectors."""

    name, dense_weight, notice = "fake:letters", 0.5, ""

    def embed(self, texts):
        counts = [Counter(re.findall("[a-z]", text.lower())) for text in texts]
        rows = np.array(
            [[count[letter] for letter in "abcdefghijklmnopqrstuvwxyz"] for count in counts], dtype=np.float32
        )
        rows = rows.reshape(len(texts), 26)
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def act(root, step, *arguments):
    """Do one step to the files below `root`; one that has nothing to act on does nothing."""
    paths = [root / one for one in arguments if "/" in one or one.endswith((".txt", ".md"))]
    there = [path for path in paths if path.is_file()]
    if step == "write":
        write(paths[0], arguments[1])
    elif step == "hide" and there:
        status, size = there[0].stat(), there[0].stat().st_size
        there[0].write_bytes(arguments[1].encode("latin-1")[:size].ljust(size, b"."))
        os.utime(there[0], ns=(status.st_atime_ns, status.st_mtime_ns))
    elif step == "delete" and there:
        there[0].unlink()
    elif step == "touch" and there:
        there[0].touch()
    elif step == "move folder" and (root / "sub").is_dir():
        shutil.rmtree(root / "moved", ignore_errors=True)
        (root / "sub").rename(root / "moved")
    elif len(there) == 2 and step == "swap":
        first, second = (path.read_bytes() for path in there)
        there[0].write_bytes(second)
        there[1].write_bytes(first)
    elif there and there[0] == paths[0] and step in ("rename", "copy"):
        paths[1].parent.mkdir(parents=True, exist_ok=True)
        (shutil.copy2 if step == "copy" else shutil.move)(there[0], paths[1]) if paths[0] != paths[1] else None


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("latin-1"))


def sync(index, root):
    """Sync, and hold the report against what is on disk; False where nothing has ever been there."""
    try:
        report = index.sync([root])
    except LoadError:
        return False
    files = sum(1 for path in root.rglob("*") if path.is_file())
    assert report.added + report.edited + report.renamed + report.unchanged + len(report.failed) == files
    return True


def contents(index):
    """Everything that a person could see of an index."""
    chunk_ids = sorted(index._library.catalog.chunk_ids())
    ids, rows = index._library.catalog.vectors(chunk_ids)
    return {
        "articles": sorted(index.entries(), key=lambda entry: entry.id),
        "texts": [index.article(entry.id) for entry in sorted(index.entries(), key=lambda entry: entry.id)],
        "chunks": index._library.catalog.chunks(chunk_ids),
        "vectors": {id_: row.tobytes() for id_, row in zip(ids, rows, strict=True)},
        "chroma": index._library.open_vectors().ids(),
        "failed": index.status().failed,
        "found": [
            [(passage.chunk.id, passage.score) for passage in index.search(f"{word} sleeps One", limit=50)]
            for word in WORDS
            if chunk_ids
        ],
    }


@settings(max_examples=120, deadline=None)
@given(steps=st.lists(STEPS, min_size=1, max_size=12))
def test_after_any_edits_the_index_is_a_fresh_one(steps):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "articles"
        write(root / "a.txt", "The zebra sleeps. It eats grass.")
        index = Index(IndexSettings(data_dir=Path(folder) / "old"), LetterEmbedder())
        known = sync(index, root)
        for step in steps:
            if step[0] == "sync":
                known |= sync(index, root)
            else:
                act(root, *step)
        fresh = Index(IndexSettings(data_dir=Path(folder) / "new"), LetterEmbedder())
        if not sync(index, root) or not sync(fresh, root):
            assert not known or index.article_count() == 0
            return
        assert contents(index) == contents(fresh)
        index._library.catalog._connection.execute(
            "INSERT INTO chunk_words (chunk_words, rank) VALUES ('integrity-check', 1)"
        )


@pytest.mark.parametrize("keep", [True, False])
def test_an_edit_that_hides_is_found_even_long_after(tmp_path, keep, monkeypatch):
    """Same size, same time of modification: the time of the last change of state gives it away."""
    path = tmp_path / "articles" / "a.txt"
    write(path, "The zebra sleeps.")
    index = Index(IndexSettings(data_dir=tmp_path / "data"), LetterEmbedder())
    monkeypatch.setattr("index.sources.SETTLED", -1_000.0)  # as if the file had lain there for long
    index.sync([path])
    assert index.sync([path]).unchanged == 1
    status = path.stat()
    path.write_text("The lynx sleeps!!")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns if keep else status.st_mtime_ns + 1))
    assert index.sync([path]).edited == 1
