"""Headers: on every response, whoever answers, and on the page a policy that runs no script but Gradio's own."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from windows import Reached, visit, window

from ui import passwords
from ui.passwords import Secret
from ui.web import app as app_module
from ui.web.app import Access
from ui.web.security import HEADERS

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # third parties', when gradio is imported
REQUESTS = [
    ("GET", "/", {}, 200),
    ("HEAD", "/", {}, 200),
    ("GET", "/config", {}, 200),
    ("GET", "/theme.css", {}, 200),
    ("GET", "/static/js/iframeResizer.contentWindow.min.js", {}, 200),
    ("GET", "/assets/nowhere.js", {}, 404),
    ("GET", "/nowhere", {}, 404),
    ("PUT", "/config", {}, 404),
    ("POST", "/gradio_api/queue/join", {}, 422),
    ("POST", "/gradio_api/run/predict", {"content-length": "99999999999"}, 413),
    ("GET", "/", {"host": "evil.example"}, 421),
    ("GET", "/", {"origin": "https://evil.example"}, 403),
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with visit(window(tmp_path_factory.mktemp("data"))) as client:
        yield client


@pytest.mark.parametrize(("method", "path", "headers", "status"), REQUESTS)
def test_every_response_has_them(
    client: TestClient, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = client.request(method, path, headers=headers)
    assert answer.status_code == status
    for name, value in HEADERS.items():
        if (name, path) != ("Content-Security-Policy", "/"):
            assert answer.headers[name] == value, name
    assert "access-control-allow-origin" not in answer.headers
    for word in ("frame-ancestors 'none'", "default-src 'none'", "form-action 'self'"):
        assert word in answer.headers["content-security-policy"]


def test_only_the_scripts_of_gradio_may_run(client: TestClient) -> None:
    nonces = []
    for _ in range(2):
        page = client.get("/", headers={"accept-encoding": "br, gzip"})
        policy = dict(part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";"))
        assert "unsafe-inline" not in policy["script-src"]
        assert not any("//" in sources or "*" in sources for sources in policy.values())
        nonce = re.search("'nonce-(.+?)'", policy["script-src"])
        assert nonce
        assert page.text.count("<script") == page.text.count(f'<script nonce="{nonce[1]}"') > 3
        nonces.append(nonce[1])
    assert nonces[0] != nonces[1]


def test_only_what_never_changes_may_be_kept(client: TestClient) -> None:
    script = client.get("/").text.partition('src="./assets/')[2].partition('"')[0]
    assert "immutable" in client.get(f"/assets/{script}").headers["cache-control"]
    assert client.get("/assets/nowhere.js").headers["cache-control"] == "no-store"
    assert client.get("/theme.css").headers["cache-control"] == "no-store"


def test_those_who_are_signed_out_get_them_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "COSTS", (16, 8, 1))
    monkeypatch.setattr(app_module, "mount", lambda *_: Reached())
    with visit(window(tmp_path, Access(people={"ann": Secret.of("correct horse")}))) as client:
        for path, status in (("/", 303), ("/config", 401), ("/signin", 200), ("/nowhere", 404)):
            answer = client.get(path)
            assert answer.status_code == status
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["x-frame-options"] == "DENY"
            assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_bug_has_them_and_says_nothing_of_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fastapi import FastAPI

    broken = FastAPI()

    @broken.get("/config")
    def config() -> None:
        raise RuntimeError("a secret of the machine")

    monkeypatch.setattr(app_module, "mount", lambda *_: broken)
    with visit(window(tmp_path)) as client:
        answer = client.get("/config")
        assert (answer.status_code, answer.text) == (500, "Internal Server Error")
        assert answer.headers["x-content-type-options"] == "nosniff"
