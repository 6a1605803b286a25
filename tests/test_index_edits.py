"""However a folder came to be as it is, its index is that of a fresh build."""

import os
import shutil
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from library import open_index

SETTLED = 0.03  # seconds; instead of two, so that syncs here trust some times of change and not others
TEXTS = [
    "The zebra lives in Namibia. It eats grass.",
    "The walrus swims in the Arctic. It eats clams. " + "It sleeps on the ice for many hours of a long cold day. " * 2,
    "---\ntitle: The lynx\ndate: 2024-05-01\n---\n\nThe lynx hunts hares in Finland.",
    "# Okapi\n\nMarch 3, 2023\n\nThe okapi lives in the Congo and eats leaves.",
    "The zebra lives in Namibia.  It eats grass.",
    "No title here, but a long line that ends with a full stop, and says nothing of any animal at all.",
]
QUESTIONS = ["Where does the zebra live?", "Who eats clams?", "hares", "an animal of the Congo"]
names = st.sampled_from([f"{folder}{name}.txt" for folder in ("", "a/", "b/", "b/deep/") for name in "xyz"])
changes = st.one_of(
    st.tuples(st.just("write"), names, st.integers(0, len(TEXTS) - 1)),
    st.tuples(st.sampled_from(["append", "delete", "binary", "blank", "touch", "hide"]), names),
    st.tuples(st.sampled_from(["rename", "copy", "swap"]), names, names),
    st.tuples(st.just("move"), st.sampled_from(["a", "b", "b/deep", "c"]), st.sampled_from(["a", "b", "c", "d/e"])),
)
steps = st.lists(st.one_of(changes, changes, changes, st.tuples(st.just("sync"), st.booleans())), max_size=14)


def change(folder: Path, kind: str, name: str, *rest) -> None:
    """One change; one that makes no sense now is left out."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == "write":
        path.write_text(TEXTS[rest[0]])
    elif not path.exists():
        return
    elif kind == "append":
        path.write_bytes(path.read_bytes() + b"\n\nOne more line about a giraffe.")
    elif kind == "delete":
        path.unlink()
    elif kind in ("binary", "blank"):
        path.write_bytes(b"\xff\xfe\x00" if kind == "binary" else b" \n")
    elif kind == "touch":
        path.touch()
    elif kind == "hide":  # an edit that leaves the size and the time of the last change as they were
        before = path.stat()
        path.write_bytes(path.read_bytes().swapcase())
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    else:
        change_two(path, folder / rest[0], kind)


def change_two(path: Path, other: Path, kind: str) -> None:
    other.parent.mkdir(parents=True, exist_ok=True)
    if kind == "rename":
        path.rename(other)
    elif kind == "copy" and path != other:
        shutil.copy2(path, other)
    elif kind == "swap" and other.is_file():
        aside = path.with_suffix(".aside")
        path.rename(aside)
        other.rename(path) if other != path else None
        aside.rename(other)
    elif kind == "move" and not other.exists() and path not in other.parents:
        path.rename(other)


def sync_and_count(index, folder: Path) -> None:
    """Every file and every source that is gone is counted once."""
    known = index._catalog.sources() if index._exists() else {}
    present = {str(path) for path in folder.rglob("*.txt")}
    dry = index.sync([folder], dry_run=True)
    report = index.sync([folder])
    assert dry == replace(report, embedded=0)
    assert report.added + report.edited + report.renamed + report.unchanged + len(report.failed) == len(present)
    assert report.deleted + report.renamed == len(set(known) - present)
    assert {failure.path for failure in report.failed} <= present


def content(index, close=tuple) -> dict[str, object]:
    """All that can be asked of an index, but for the order of its rows; `close` says how numbers compare."""
    catalog = index._catalog
    chunks = catalog.chunks(catalog.chunk_ids())
    ids, rows = catalog.vectors(sorted(chunks))
    vectors = index._open_vectors()
    assert vectors.ids() == set(chunks)
    return {
        "articles": [index.article(entry.id) for entry in index.entries()],
        "entries": index.entries(),
        "chunks": chunks,
        "vectors": {id_: row.tobytes() for id_, row in zip(ids, rows, strict=True)},
        "graph": {id_: close(row.tolist()) for id_, row in zip(ids, vectors.rows(ids), strict=True)},
        "failed": index.status().failed,
        "roots": index.status().roots,
        "agrees": index.status().agrees,
        "found": [
            {
                passage.chunk.id: close((passage.score, passage.dense, passage.lexical))
                for passage in index.search(question, limit=1_000)
            }
            for question in QUESTIONS
        ],
    }


@example([("sync", True), ("hide", "x.txt"), ("sync", True)])
@example(
    [("sync", True), ("swap", "x.txt", "a/x.txt"), ("move", "b", "c"), ("sync", True), ("copy", "a/x.txt", "y.txt")]
)
@given(steps)
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_edits_end_in_the_index_of_a_fresh_build(steps):
    with tempfile.TemporaryDirectory() as base, pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.sources.SETTLED", SETTLED)
        folder = Path(base, "articles")
        folder.mkdir()
        (folder / "anchor.txt").write_text("The anchor is never moved.")
        for number, name in enumerate(["x.txt", "a/x.txt", "b/x.txt", "b/deep/y.txt"]):
            change(folder, "write", name, number)
        index = open_index(Path(base, "data"))
        for step in steps:
            if step[0] != "sync":
                change(folder, *step)
                continue
            time.sleep(SETTLED * step[1])
            sync_and_count(index, folder)
            index.search(QUESTIONS[0])
        sync_and_count(index, folder)
        fresh = open_index(Path(base, "fresh"))
        fresh.sync([folder])
        assert content(index) == content(fresh, lambda numbers: pytest.approx(tuple(numbers), abs=1e-4))
        again = index.sync([folder])
        assert (again.unchanged, again.embedded) == (len(fresh._catalog.sources()) - len(again.failed), 0)
