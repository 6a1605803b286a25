"""The vectors on a Chroma server: the same results as with a folder, and one line for what is wrong with it."""

import gc
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from random import Random

import httpx
import numpy as np
import pytest
from library import add_files, assert_agrees, change_files, make_text, open_index
from pydantic import ValidationError

from index.config import IndexSettings, first_problem
from index.errors import FootnoteError, IndexStale
from index.records import Filters

CHROMA = Path(sys.executable).with_name("chroma")


class Server:
    """A `chroma run` that can be stopped, killed and started again on the same folder and port."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._command = [CHROMA, "run", "--path", folder, "--host", "127.0.0.1", "--port", str(self.port)]
        self._cwd = folder.parent

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command, cwd=self._cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                httpx.get(f"{self.url}/api/v2/heartbeat").raise_for_status()
                return
            except httpx.HTTPError:
                assert self._process.poll() is None
                time.sleep(0.05)
        raise TimeoutError("chroma run does not answer")

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("server") / "chroma")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def folder(tmp_path):
    add_files(Random(1), tmp_path / "articles", 20, 10)
    return tmp_path / "articles"


def found(index, **options):
    question = make_text(Random(9), 1)
    return {
        passage.chunk.id: pytest.approx((passage.score, passage.dense, passage.lexical), abs=1e-3)
        for passage in index.search(question, limit=50, **options)
    }


def plain(index, **options):
    return {id_: tuple(near.expected) for id_, near in found(index, **options).items()}


@contextmanager
def one_line(*parts, error=FootnoteError):
    with pytest.raises(error) as caught:
        yield
    assert "\n" not in str(caught.value)
    for part in parts:
        assert part in str(caught.value)


def test_a_server_gives_what_a_folder_gives(server, folder, tmp_path):
    random = Random(2)
    both = [open_index(tmp_path / "beside"), open_index(tmp_path / "served", chroma_url=server.url + "/")]
    for act in (
        lambda index: index.sync([folder]),
        lambda index: index.sync([folder]),
        lambda index: index.remove([str(folder / "a")]),
        lambda index: index.rebuild(),
    ):
        change_files(random, folder, 10, 10)
        (folder / "a").mkdir(exist_ok=True)
        (folder / "a" / "one.txt").write_text(make_text(random, 3))
        results = [act(index) for index in both]
        assert results[0] == results[1]
        assert plain(both[0]) == found(both[1])
        some = Filters(path=str(folder / "b"))
        assert plain(both[0], filters=some) == found(both[1], filters=some)
    assert_agrees(both[1], folder)
    assert not (tmp_path / "served" / "vectors").exists()
    assert both[1].status().vectors == server.url


def test_many_openings_share_one_connection(server, folder, tmp_path):
    open_index(tmp_path / "data", chroma_url=server.url).sync([folder])
    counts = []
    for _ in range(5):
        assert open_index(tmp_path / "data", chroma_url=server.url).search("Balan koter?")
        gc.collect()
        counts.append(len(os.listdir("/proc/self/fd")))
    assert counts[-1] <= counts[0], counts


def test_two_indexes_on_one_server_do_not_mix(server, folder, tmp_path):
    add_files(Random(3), tmp_path / "others", 20, 10)
    one, other = (open_index(tmp_path / name, chroma_url=server.url) for name in ("one", "other"))
    one.sync([folder])
    other.sync([tmp_path / "others"])
    assert_agrees(one, folder)
    assert_agrees(other, tmp_path / "others")
    one.rebuild()
    other.remove([str(tmp_path / "others")])
    assert_agrees(one, folder)
    assert not other._library.open_vectors().ids()


def test_an_index_moves_between_a_folder_and_a_server_without_embedding_again(server, folder, tmp_path):
    open_index(tmp_path / "data").sync([folder])
    before = plain(open_index(tmp_path / "data"))
    for settings in ({"chroma_url": server.url}, {}):
        moved = open_index(tmp_path / "data", **settings)
        with one_line("footnote index", error=IndexStale):
            moved.search("Balan koter?")
        assert moved.sync().embedded == 0
        assert moved.embedder.seen == ["Balan koter?"]
        assert_agrees(moved, folder)
        assert before == found(moved)


def test_a_folder_that_is_moved_or_named_otherwise_agrees_as_before(folder, tmp_path, monkeypatch):
    open_index(tmp_path / "data").sync([folder])
    shutil.move(tmp_path / "data", tmp_path / "elsewhere")
    monkeypatch.chdir(tmp_path)
    moved = open_index(Path("elsewhere"))
    assert moved.status().agrees
    assert moved.search("Balan koter?")


def test_a_server_that_is_down_is_one_line_and_completes_when_it_is_back(folder, tmp_path):
    server = Server(tmp_path / "chroma")
    server.start()
    index = open_index(tmp_path / "data", chroma_url=server.url)
    index.sync([folder])
    before = plain(index)
    server.kill()
    for reader in (index, open_index(tmp_path / "data", chroma_url=server.url)):
        with one_line(server.url):
            reader.search("Balan koter?")
    change_files(Random(5), folder, 10, 10)
    with one_line(server.url):
        index.sync()
    server.start()
    assert index.search("Balan koter?")
    index.sync()
    assert_agrees(index, folder)
    assert before != plain(index)
    server.kill()


def test_a_server_that_dies_in_the_middle_of_a_sync_is_one_line_and_the_next_completes(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("index.sync.BATCH_SOURCES", 5)
    server = Server(tmp_path / "chroma")
    server.start()
    index = open_index(tmp_path / "data", chroma_url=server.url)

    def die(done, _total):
        if done >= 10:
            server.kill()

    with one_line(server.url):
        index.sync([folder], progress=die)
    server.start()
    assert index.search("Balan koter?")
    assert index.sync().unchanged == 10
    assert_agrees(index, folder)
    server.kill()


def test_a_rebuild_of_a_broken_catalog_and_one_with_another_embedder(server, folder, tmp_path):
    index = open_index(tmp_path / "data", chroma_url=server.url)
    index.sync([folder])
    name = index._library.graph
    wider = open_index(tmp_path / "data", chroma_url=server.url)
    wider.embedder.name = "fake:wider"
    wider.embedder.embed = lambda texts: np.eye(len(texts), 500, dtype=np.float32)
    wider.rebuild()
    assert wider._library.graph == name
    assert wider._library.open_vectors().count() == wider.status().chunks
    wider._library.file._connection.close()
    (tmp_path / "data" / "catalog.sqlite").write_bytes(b"no database" * 100)
    anew = open_index(tmp_path / "data", chroma_url=server.url)
    anew.rebuild([folder])
    assert_agrees(anew, folder)


def test_a_server_that_lost_its_vectors_gets_them_again(server, folder, tmp_path):
    index = open_index(tmp_path / "data", chroma_url=server.url)
    index.sync([folder])
    vectors = index._library.open_vectors()
    vectors.delete(vectors._name)
    again = open_index(tmp_path / "data", chroma_url=server.url)
    with one_line("footnote index", error=IndexStale):
        again.search("Balan koter?")
    again.sync()
    assert again.search("Balan koter?")
    assert_agrees(again, folder)


@pytest.mark.parametrize(
    "url", ["localhost:8000", "http://localhost:8000/chroma", "ftp://localhost", "http://", "chroma"]
)
def test_an_address_that_cannot_be_a_server_is_one_line(url):
    with pytest.raises(ValidationError) as caught:
        IndexSettings(chroma_url=url)
    problem = str(first_problem(caught.value))
    assert "FOOTNOTE_CHROMA_URL" in problem
    assert "\n" not in problem


@contextmanager
def page_server(status, body):
    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *_):
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Page) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("status", "body"), [(200, b"<html>\nHello"), (200, b"{}"), (404, b"no\nsuch page"), (500, b"")]
)
def test_another_server_is_one_line(folder, tmp_path, status, body):
    with page_server(status, body) as url:
        index = open_index(tmp_path / "data", chroma_url=url)
        with one_line(url):
            index.sync([folder])


def test_a_server_that_says_nothing_is_one_line(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("index.vectors.ANSWER", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with one_line(url):
            open_index(tmp_path / "data", chroma_url=url).sync([folder])
