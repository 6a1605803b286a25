"""Vectors on a Chroma server: the same index, and one line when the server is not there"""

import gc
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from fake_site import FakeSite
from library import WordEmbedder

from index.config import IndexSettings
from index.engine import Index
from index.errors import FootnoteError, IndexStale

ZEBRA = "The zebra lives in Namibia. It eats grass."
WALRUS = "The walrus swims in the Arctic. It eats clams."


class Server:
    """A real `chroma run`, which can be stopped and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self.start()

    def start(self) -> None:
        command = Path(sys.executable).parent / "chroma"
        self._process = subprocess.Popen(
            [command, "run", "--path", self._folder, "--host", "127.0.0.1", "--port", str(self._port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(f"{self.url}/api/v2/heartbeat", timeout=5):
                    return
            except (urllib.error.URLError, TimeoutError):
                assert time.monotonic() < deadline, "chroma run does not answer"
                time.sleep(0.05)  # between two looks

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("chroma"))
    yield server
    server.stop()


@pytest.fixture
def embedder():
    return WordEmbedder()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "zebra.txt").write_text(ZEBRA)
    (tmp_path / "articles" / "walrus.txt").write_text(WALRUS)
    return tmp_path / "articles"


@pytest.fixture
def make(tmp_path, embedder):
    def make(name="data", url=""):
        return Index(IndexSettings(data_dir=tmp_path / name, chroma_url=url), embedder)

    return make


def found(index, question):
    return [(passage.chunk.id, round(passage.score, 5), round(passage.dense, 5)) for passage in index.search(question)]


def test_it_finds_what_a_folder_finds_through_edits_removals_and_rebuilds(make, server, folder):
    here, there = make("here"), make("there", server.url)
    for change in (
        lambda: None,
        lambda: (folder / "lynx.txt").write_text("The lynx hunts hares in Finland."),
        lambda: (folder / "zebra.txt").write_text("The zebra lives in Kenya."),
        (folder / "walrus.txt").unlink,
    ):
        change()
        assert here.sync([folder]) == there.sync([folder])
        assert found(here, "Where does the zebra live?") == found(there, "Where does the zebra live?")
        assert there._open_vectors().ids() == set(there._catalog.chunk_ids())
    assert here.remove([str(folder / "lynx.txt")]) == there.remove([str(folder / "lynx.txt")])
    assert found(here, "lynx") == found(there, "lynx")
    there.rebuild()
    here.rebuild()
    assert found(here, "lynx hares") == found(there, "lynx hares")


def test_another_object_sees_what_was_written(make, server, folder):
    writer, reader = make("data", server.url), make("data", server.url)
    writer.sync([folder])
    assert reader.search("zebra")
    (folder / "lynx.txt").write_text("The lynx hunts hares in Finland.")
    writer.sync([folder])
    assert next(passage.dense for passage in reader.search("lynx hares") if "lynx" in passage.text) > 0.3


def test_two_indexes_on_one_server_do_not_mix(make, server, folder):
    first, second = make("first", server.url), make("second", server.url)
    first.sync([folder / "zebra.txt"])
    second.sync([folder / "walrus.txt"])
    assert [passage.text for passage in first.search("Who eats?")] == [ZEBRA]
    assert [passage.text for passage in second.search("Who eats?")] == [WALRUS]
    first.remove([str(folder / "zebra.txt")])
    assert second.search("walrus")


def test_moving_to_a_server_and_back_embeds_nothing_again(make, server, folder, tmp_path, embedder):
    make().sync([folder])
    before = found(make(), "What does the zebra eat?")
    embedder.seen.clear()
    with pytest.raises(IndexStale, match="footnote index"):
        make("data", server.url).search("What does the zebra eat?")
    embedder.seen.clear()
    moved = make("data", server.url)
    moved.sync()
    assert embedder.seen == []
    assert found(moved, "What does the zebra eat?") == before
    shutil.rmtree(tmp_path / "data" / "vectors")
    make().sync()
    assert found(make(), "What does the zebra eat?") == before


def test_a_server_that_is_gone_is_one_line_and_the_next_sync_completes(make, tmp_path, folder):
    (tmp_path / "own").mkdir()
    server = Server(tmp_path / "own")
    try:
        index = make("data", server.url)
        index.sync([folder])
        server.stop()
        (folder / "lynx.txt").write_text("The lynx hunts hares in Finland.")
        for use in (lambda: index.sync([folder]), lambda: make("data", server.url).search("zebra")):
            with pytest.raises(FootnoteError, match="Chroma server") as raised:
                use()
            assert "\n" not in str(raised.value)
            assert server.url in str(raised.value)
        server.start()
        index.sync([folder])
        assert {passage.article.title for passage in index.search("lynx hares zebra")} >= {"lynx", "zebra"}
        assert index._open_vectors().ids() == set(index._catalog.chunk_ids())
        assert index.status().agrees
    finally:
        server.stop()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # chromadb leaves a connection open
def test_a_server_that_is_no_chroma_is_one_line(make, folder):
    with FakeSite() as site, pytest.raises(FootnoteError, match="Chroma server") as raised:
        make("data", site.url("").rstrip("/")).sync([folder])
    assert "\n" not in str(raised.value)
    gc.collect()


def test_vectors_that_were_moved_away_are_not_searched_where_they_were(make, server, folder, monkeypatch):
    monkeypatch.setattr("index.engine.EXACT_UP_TO", 0)
    make().sync([folder])
    make("data", server.url).sync()
    with pytest.raises(IndexStale, match="footnote index"):
        make().search("zebra")
