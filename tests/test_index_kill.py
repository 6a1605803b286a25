"""A sync that is killed at any moment costs work, never consistency: the next one completes it."""

import os
import time
from pathlib import Path
from random import Random

import pytest
from forks import Forks
from library import add_files, assert_agrees, change_files, open_index

from index.errors import FootnoteError, IndexMissing

SEED = int(os.environ.get("KILL_SEED", "1"))


def warm() -> None:
    """Import and load all that a sync needs, but open nothing: an open Chroma has threads, which no fork survives."""
    import chromadb.api.rust  # noqa: F401
    import chromadb.telemetry.product.posthog  # noqa: F401
    import httpx  # noqa: F401
    import numpy.random  # noqa: F401
    from filelock import ReadWriteLock  # noqa: F401

    import index.sources
    import index.sync  # noqa: F401
    from index.chunk import chunk_articles
    from index.records import Article

    chunk_articles([Article("1", "", "The zebra lives in Namibia. It eats grass.", ("zebra.txt",))], 20)
    assert len(os.listdir("/proc/self/task")) == 1


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
    except FootnoteError as error:
        assert "\n" not in str(error)
        return "missing" if isinstance(error, IndexMissing) else str(error)
    assert all(passage.dense for passage in passages)
    assert all(passage.text == passage.article.text[passage.chunk.start : passage.chunk.end] for passage in passages)
    return "found" if passages else "nothing"


def check(data: Path, folder: Path) -> None:
    assert_agrees(open_index(data), folder)


@pytest.fixture(scope="module")
def forks():
    with Forks("test_index_kill:warm") as forks:
        yield forks


def assert_survives(forks, tmp_path, seed, *, start, changes, sentences, rounds, kills):
    """In each round: change files, kill so many syncs, look, complete, compare. How many were killed, and what was seen."""
    random, data, folder = Random(seed), tmp_path / "data", tmp_path / "articles"
    add_files(random, folder, start, sentences)
    killed, seen = 0, []
    length = 0.0
    for round_ in range(rounds):
        where = f"seed {seed}, round {round_}"
        if not length:  # the first sync, whole, elsewhere: how long one takes
            length = value_of(forks, where, "sync", tmp_path / "measure", folder)
        for _ in range(kills):
            outcome = forks.run("test_index_kill:sync", data, folder, kill_after=random.uniform(0, length))
            assert outcome.how in ("killed", "done"), f"{where}: {outcome.how} {outcome.value} {forks.said()}"
            killed += outcome.how == "killed"
            seen.append(value_of(forks, where, "look", data))
            change_files(random, folder, changes, sentences)
        length = max(0.15, value_of(forks, where, "sync", data, folder))
        value_of(forks, where, "check", data, folder)
        change_files(random, folder, changes, sentences)
    return killed, seen


def value_of(forks, where, job, *arguments):
    outcome = forks.run(f"test_index_kill:{job}", *arguments)
    assert outcome.how == "done", f"{where}: {job} {outcome.how}: {outcome.value} {forks.said()}"
    return outcome.value


def test_small(forks, tmp_path):
    import collections
    total = 0
    for number in range(2):
        t = time.time()
        k, seen = assert_survives(forks, tmp_path / str(number), SEED * 1000 + number, start=20, changes=5, sentences=8, rounds=6, kills=2)
        print(k, collections.Counter(seen), time.time() - t)
