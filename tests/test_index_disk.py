"""A full or read-only disk costs one line and nothing that was there; with room again the next sync completes."""

import os
import resource
import shutil
import tempfile
from pathlib import Path
from random import Random

import pytest
from forks import Forks
from library import add_files, assert_agrees, change_files, open_index

from index.errors import FootnoteError

NOBODY = 65534


def sync(data: Path, folder: Path, largest: int | None = None) -> str:
    """Sync where no file may grow past so many bytes; the error's line, if there was one."""
    if largest is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    return line_of(lambda: open_index(data).sync([folder]))


def look(data: Path) -> int:
    return len(open_index(data).search("Balan koter?"))


def check(data: Path, folder: Path) -> None:
    assert_agrees(open_index(data), folder)


def line_of(act) -> str:
    try:
        act()
    except FootnoteError as error:
        return str(error)
    return ""


def as_nobody(data: Path, folder: Path) -> tuple[str, str]:
    """The lines of a sync and of a search."""
    if os.getuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    index = open_index(data)
    return line_of(lambda: index.sync([folder])), line_of(lambda: index.search("Balan koter?"))


@pytest.fixture(scope="module")
def forks():
    with Forks("library:warm") as forks:
        yield forks


@pytest.fixture(scope="module")
def full(forks, tmp_path_factory):
    """A library with its index, whose largest files show where a limit bites."""
    base = tmp_path_factory.mktemp("full")
    add_files(Random(1), base / "articles", 150, 10)
    value_of(forks, "sync", base / "data", base / "articles")
    return base


def value_of(forks, job, *arguments):
    outcome = forks.run(f"test_index_disk:{job}", *arguments)
    assert outcome.how == "done", f"{job}{arguments}: {outcome.how} {outcome.value}\n{forks.said()}"
    return outcome.value


def limits(data: Path) -> list[int]:
    """One at which nothing fits, the sizes at which the large files stop growing, and some between."""
    sizes = {path.stat().st_size for path in data.rglob("*") if path.is_file()}
    return [2, *sorted({size - 1 for size in sizes if size > 1} | {size // 2 for size in sizes if size > 1})[-9:]]


def test_a_full_disk_is_one_line_and_the_next_sync_completes(forks, full, tmp_path):
    lines = []
    for limit in limits(full / "data"):
        data = tmp_path / str(limit)
        lines.append(value_of(forks, "sync", data, full / "articles", limit))
        assert "\n" not in lines[-1]
        assert value_of(forks, "sync", data, full / "articles") == "", limit
        value_of(forks, "check", data, full / "articles")
    assert sum(map(bool, lines)) > 5
    assert any("Free some space" in line for line in lines)
    assert not any("rebuild" in line for line in lines)


def test_a_full_disk_loses_nothing_that_was_there(forks, full, tmp_path):
    shutil.copytree(full / "articles", tmp_path / "articles")
    value_of(forks, "sync", tmp_path / "before", tmp_path / "articles")
    change_files(Random(2), tmp_path / "articles", 100, 10)
    add_files(Random(3), tmp_path / "articles", 100, 10)
    lines = []
    for limit in limits(tmp_path / "before"):
        data = tmp_path / str(limit)
        shutil.copytree(tmp_path / "before", data)
        lines.append(value_of(forks, "sync", data, tmp_path / "articles", limit))
        assert "\n" not in lines[-1]
        assert value_of(forks, "look", data)
        assert value_of(forks, "sync", data, tmp_path / "articles") == "", limit
        value_of(forks, "check", data, tmp_path / "articles")
    assert sum(map(bool, lines)) > 5
    assert any("Free some space" in line for line in lines)
    assert not any("rebuild" in line for line in lines)


def test_a_read_only_folder_is_searched_and_a_sync_is_one_line(forks, full):
    with tempfile.TemporaryDirectory() as base:
        shutil.copytree(full / "data", Path(base, "data"))
        paths = [Path(base), *Path(base).rglob("*")]
        for path in paths:
            path.chmod(0o555 if path.is_dir() else 0o444)
        synced, searched = value_of(forks, "as_nobody", Path(base, "data"), full / "articles")
        for path in paths:
            path.chmod(0o755 if path.is_dir() else 0o644)
        assert "Cannot write" in synced
        assert "\n" not in synced
        assert not searched
        value_of(forks, "check", Path(base, "data"), full / "articles")
