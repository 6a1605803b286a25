"""Nothing of the machine comes out through the window, and what goes in has limits."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send
from windows import mounted_routes, visit, window

from ui.web import gate, uploads
from ui.web.app import Access
from ui.web.gate import ROUTES
from ui.web.limits import call_within
from ui.web.uploads import Uploads, sweep

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # third parties', when gradio is imported
UPLOAD = "/gradio_api/upload"
FORM = {"content-type": "multipart/form-data; boundary=x"}
PART = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
WANTED = {
    "GET /", "GET /config", "GET /assets/x", "GET /static/js/x", "GET /theme.css", "GET /favicon.ico",
    "GET /gradio_api/startup-events",
    "GET /gradio_api/heartbeat/x", "GET /gradio_api/queue/data", "POST /gradio_api/queue/join",
    "POST /gradio_api/run/predict", "POST /gradio_api/cancel", "POST /gradio_api/reset", "POST /gradio_api/upload",
    "GET /gradio_api/upload_progress", "GET /signin", "POST /signin", "GET /signout", "POST /signout",
}  # fmt: skip


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("around") / "data"  # with nobody else's files beside it
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def client(data_dir: Path) -> Iterator[TestClient]:
    """The whole window, Gradio included, with no password."""
    with visit(window(data_dir)) as client:
        yield client


def test_of_gradios_routes_only_the_intended_ones_are_there(client: TestClient, data_dir: Path) -> None:
    assert {request for request in WANTED if _known(*request.split())} == WANTED
    brought = set(mounted_routes(data_dir))
    open_ones = {f"{method} {path}" for method, path in brought if _known(method, path)}
    assert open_ones <= {*WANTED, "HEAD /", "GET /static/x"}
    shut = [(method, path) for method, path in brought if not _known(method, path)]
    assert len(shut) > 50
    for method, path in shut:
        assert client.request(method, path).status_code == 404, (method, path)


def _known(method: str, path: str) -> bool:
    return any(route.method == method.replace("HEAD", "GET") and route.path.fullmatch(path) for route in ROUTES)


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=../../../../etc/passwd",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/file=footnote.toml",
        "/gradio_api/file=https://evil.example/x",
        "/gradio_api/proxy=https://evil.example/x",
        "/gradio_api/proxy=http://127.0.0.1:22/",
        "/assets/../../../../../../etc/passwd",
        "/assets/..%2f..%2f..%2f..%2fetc/passwd",
        "/assets/%2e%2e/%2e%2e/%2e%2e/routes.py",
        "/assets//etc/passwd",
        "/assets/%2fetc%2fpasswd",
        "/assets/..%5c..%5cetc%5cpasswd",
        "/assets/index.js%00.css",
        "/static/js/../../../../routes.py",
        "/static/fonts/..%2f..%2f..%2f..%2f..%2froutes.py",
        "/static/ffmpeg/ffmpeg-core.js",
        "/svelte/../../etc/passwd",
        "/gradio_api/custom_component/x/client/component/index.js",
        "/gradio_api/stream/x/1/1/playlist-file",
        "/gradio_api/deep_link?session_hash=x",
        "/monitoring/x",
        "/openapi.json",
        "/gradio_api/info",
        "/gradio_api/mcp/",
        "/gradio_api/run/../file=/etc/passwd",
        "//etc/passwd",
        "/config%0a",
        "/GRADIO_API/info",
        "/docs",
    ],
)
def test_no_file_of_the_machine_comes_out(client: TestClient, path: str) -> None:
    for method in ("GET", "HEAD", "POST", "PUT", "OPTIONS"):
        sender = Sender(b"")
        scope = {
            "type": "http",
            "method": method,
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": b"",
        }
        asked = client.app({**scope, "headers": [(b"host", b"localhost")]}, sender.receive, sender.send)
        asyncio.run(asked)  # as it is: a client would tidy the path
        assert sender.answers[0]["status"] == 404, (method, path)


def test_what_is_uploaded_stays_in_the_data_folder_and_is_never_served(client: TestClient, data_dir: Path) -> None:
    for name in ("page.html", "drawing.svg", "script.js", "a.txt"):
        sent = client.post(UPLOAD, files={"files": (name, b"<script>alert(1)</script>")})
        stored = Path(sent.json()[0])
        assert stored.is_relative_to(data_dir / "incoming")
        assert stored.read_bytes() == b"<script>alert(1)</script>"
        assert client.get(f"/gradio_api/file={stored}").status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "../../../../tmp/outside.txt", "/etc/cron.d/x", "..", ".", "C:\\windows\\x.txt", "..\\..\\x.txt", "a\x00b.txt",
        "a\nb.txt", "\u202etxt.exe", "x" * 10_000, "x" * 300 + ".txt", "~/.ssh/authorized_keys", "CON", "a/../../b", "",
        "footnote.toml", "\ud7ff.txt", "é" * 200,
    ],
)  # fmt: skip
def test_a_name_leads_nowhere(client: TestClient, data_dir: Path, name: str) -> None:
    outside = {path for path in data_dir.parent.rglob("*") if not path.is_relative_to(data_dir / "incoming")}
    sent = client.post(UPLOAD, files={"files": (name, b"text")})
    assert sent.status_code in (200, 400, 413, 500)  # the last is Gradio's for a file without a name
    if sent.status_code == 200:
        stored = Path(sent.json()[0])
        assert stored.parent.parent == data_dir / "incoming"
        assert stored.read_bytes() == b"text"
    assert "Traceback" not in sent.text
    assert {path for path in data_dir.parent.rglob("*") if not path.is_relative_to(data_dir / "incoming")} == outside


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"content-type": "text/html"}, b"x"),
        ({"content-type": "application/json"}, b"{}"),
        ({"content-type": "multipart/form-data"}, b"x"),
        ({}, b"x"),
        (FORM, b"not a form"),
        (FORM, PART),
        (FORM, b'--x\r\nContent-Disposition: form-data; filename="a"\r\n\r\nx\r\n--x--\r\n'),
        (FORM, b"--x\r\nX: " + b"y" * 100_000 + b"\r\n\r\nx\r\n--x--\r\n"),
    ],
)
def test_what_is_no_upload_is_refused_and_nothing_else_happens(
    client: TestClient, headers: dict[str, str], body: bytes
) -> None:
    assert client.post(UPLOAD, content=body, headers=headers).status_code in (200, 400, 413, 500)
    assert client.post(UPLOAD, files={"files": ("a.txt", b"text")}).status_code == 200


class Sender:
    """A client that sends for ever, or until it is answered."""

    def __init__(self, piece: bytes) -> None:
        self.sent, self.piece = 0, piece
        self.answers: list[Message] = []

    async def receive(self) -> Message:
        self.sent += len(self.piece)
        assert self.sent < 100 * len(self.piece), "read on and on"
        return {"type": "http.request", "body": self.piece, "more_body": True}

    async def send(self, message: Message) -> None:
        self.answers.append(message)


@pytest.mark.parametrize("kind", ["a file", "a field"])
def test_reading_stops_at_the_limit_and_nothing_is_left(
    client: TestClient, data_dir: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    start = PART if kind == "a file" else PART.replace(b' filename="a.txt"', b"")
    sweep(data_dir / "incoming", 0)
    routes = [route if route.path.pattern != UPLOAD else gate.Route("POST", route.path, 300_000) for route in ROUTES]
    monkeypatch.setattr(gate, "ROUTES", routes)

    def pieces() -> Iterator[bytes]:
        yield start
        for _ in range(9):
            yield b"x" * 100_000

    answer = client.post(UPLOAD, content=pieces(), headers=FORM)
    assert answer.status_code == 413
    assert [path for path in (data_dir / "incoming").rglob("*") if path.is_file()] == []


def test_a_limit_is_kept_whatever_was_promised() -> None:
    async def greedy(_: Scope, receive: Receive, send: Send) -> None:
        while (await receive())["type"] == "http.request":
            pass
        await send({"type": "http.response.start", "status": 200, "headers": []})

    for headers in ([], [(b"content-length", b"10")]):
        sender = Sender(b"x" * 1_000)
        scope = {"type": "http", "method": "POST", "path": "/", "headers": headers}
        asyncio.run(call_within(5_000, greedy, scope, sender.receive, sender.send))
        assert sender.answers[0]["status"] == 413
        assert sender.sent == 6_000
    sender = Sender(b"")
    scope["headers"] = [(b"content-length", b"5001")]
    asyncio.run(call_within(5_000, greedy, scope, sender.receive, sender.send))
    assert (sender.answers[0]["status"], sender.sent) == (413, 0)


def test_few_upload_at_once_and_the_next_is_told(tmp_path: Path) -> None:
    async def main() -> list[int]:
        hold = asyncio.Event()

        async def slow(_: Scope, __: Receive, send: Send) -> None:
            await hold.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})

        guarded, senders = Uploads(slow, tmp_path), [Sender(b"") for _ in range(uploads.AT_ONCE + 2)]
        scope = {"type": "http", "method": "POST", "path": UPLOAD, "headers": []}
        tasks = [asyncio.create_task(guarded(scope, one.receive, one.send)) for one in senders]
        await asyncio.wait(tasks[uploads.AT_ONCE :])
        hold.set()
        await asyncio.wait(tasks)
        late = Sender(b"")
        await guarded(scope, late.receive, late.send)
        return [one.answers[0]["status"] for one in [*senders, late]]

    assert asyncio.run(main()) == [200] * uploads.AT_ONCE + [429, 429, 200]


def test_what_waits_is_swept_and_its_sum_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("not an upload")
    folder = tmp_path / "data" / "incoming"
    for name in ("old", "new"):
        (folder / name).mkdir(parents=True)
        (folder / name / "a.txt").write_bytes(b"x" * 100)
    (folder / "link").symlink_to(outside)
    os.utime(folder / "old", (0, 0))
    left = sweep(folder, 3600)
    assert sorted(path.name for path in folder.iterdir()) == ["link", "new"]
    assert left >= 100
    with visit(window(tmp_path / "data")) as client:
        monkeypatch.setattr(uploads, "ROOM", 100)
        assert client.post(UPLOAD, files={"files": ("a.txt", b"text")}).status_code == 507
    sweep(folder, 0)
    assert list(folder.iterdir()) == []
    assert outside.exists()
    assert sweep(tmp_path / "nowhere", 0) == 0


def test_where_nobody_may_add_files_none_is_taken(tmp_path: Path) -> None:
    with visit(window(tmp_path, Access(shared=True))) as client:
        assert client.post(UPLOAD, files={"files": ("a.txt", b"text")}).status_code == 403
    assert not (tmp_path / "incoming").exists()


def test_what_goes_while_it_is_swept_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "there.txt").write_bytes(b"x" * 100)
    gone = [tmp_path / "gone", tmp_path / "folder"]
    monkeypatch.setattr(Path, "iterdir", lambda _: iter(gone))
    monkeypatch.setattr(Path, "rglob", lambda *_: iter([gone[0], tmp_path / "folder" / "there.txt"]))
    assert sweep(tmp_path, 3600) == 100
