"""Who reaches the chat window: under which name, from which page, and after which password."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from windows import HERE, Reached, mounted_routes, visit, window

from index.errors import ConfigError
from ui import passwords
from ui.passwords import Secret
from ui.web import app as app_module
from ui.web.address import parse_address
from ui.web.app import Access
from ui.web.gate import Gate
from ui.web.signin import COOKIE, SESSION_LASTS, TRIES, TRIES_WITHIN, SignIn

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # third parties', when gradio is imported
RIGHT = {"name": "ann", "password": "correct horse"}
WRONG = {"name": "ann", "password": "wrong horse"}


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def access(monkeypatch: pytest.MonkeyPatch) -> Access:
    monkeypatch.setattr(passwords, "COSTS", (16, 8, 1))
    return Access(people={"ann": Secret.of(RIGHT["password"])})


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> Reached:
    """In Gradio's place."""
    there = Reached()
    monkeypatch.setattr(app_module, "mount", lambda *_: there)
    return there


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def guarded(access: Access, clock: Clock) -> Iterator[TestClient]:
    assert access.people
    with visit(Gate(SignIn(Reached(), access.people, access.address, clock), access.address)) as client:
        yield client


def test_signed_out_no_route_of_gradio_is_reached(
    access: Access, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    routes = list(mounted_routes(tmp_path))
    assert len(routes) > 60
    there = Reached()
    monkeypatch.setattr(app_module, "mount", lambda *_: there)
    with visit(window(tmp_path, access)) as client:
        for method, path in routes:
            answer = client.request(method, path)
            assert answer.status_code in (303, 401, 404), (method, path)
            assert answer.headers.get("location", "/signin") == "/signin"
        for path in ("/", "/gradio_api/upload", "/assets/index.js", "/nowhere"):
            client.cookies.set(COOKIE, "made-up")
            assert client.get(path).status_code in (303, 401, 404)
    assert there.paths == []


def test_a_password_lets_in_and_signing_out_shuts_for_good(guarded: TestClient) -> None:
    assert 'type="password"' in guarded.get("/signin").text
    refused = guarded.post("/signin", data=WRONG)
    assert (refused.status_code, "do not go together" in refused.text) == (403, True)
    assert guarded.get("/config").status_code == 401
    came = guarded.post("/signin", data=RIGHT)
    assert (came.status_code, came.headers["location"]) == (303, "/")
    assert all(word in came.headers["set-cookie"] for word in ("HttpOnly", "SameSite=lax", "Path=/"))
    assert guarded.get("/config").text == "the articles"
    token = guarded.cookies[COOKIE]
    assert "ann, sign out?" in guarded.get("/signout").text
    assert guarded.get("/config").status_code == 200  # looking at that page signs nobody out
    assert guarded.post("/signout").headers["location"] == "/signin"
    guarded.cookies.set(COOKIE, token)
    assert guarded.get("/config").status_code == 401


def test_a_session_ends_when_it_is_not_used(guarded: TestClient, clock: Clock) -> None:
    guarded.post("/signin", data=RIGHT)
    for _ in range(3):
        clock.now += SESSION_LASTS - 1
        assert guarded.get("/config").status_code == 200
    clock.now += SESSION_LASTS
    assert guarded.get("/config").status_code == 401


def test_guessing_is_slowed_down_for_the_one_who_guesses(access: Access, clock: Clock) -> None:
    assert access.people
    served = Gate(SignIn(Reached(), access.people, access.address, clock), access.address)
    with visit(served) as guesser:
        assert [guesser.post("/signin", data=WRONG).status_code for _ in range(TRIES)] == [403] * TRIES
        assert guesser.post("/signin", data=RIGHT).status_code == 429
        with TestClient(served, base_url=HERE, follow_redirects=False, client=("198.51.100.8", 1)) as other:
            assert other.post("/signin", data=RIGHT).status_code == 303
        clock.now += TRIES_WITHIN
        assert guesser.post("/signin", data=RIGHT).status_code == 303
        assert guesser.post("/signin", data=WRONG).status_code == 403  # and the count begins again


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"name=ann",
        b"password=correct+horse",
        b"&" * 9_000,
        b"name=ann&name=bob&password=%ff%00%f0",
        b"\xff\xfe\x00",
        b'{"name": "ann", "password": "correct horse"}',
        b"name=<script>alert(1)</script>&password=x",
    ],
)
def test_an_odd_form_is_only_a_wrong_password(guarded: TestClient, body: bytes) -> None:
    answer = guarded.post("/signin", content=body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 403
    assert "<script" not in answer.text
    assert guarded.post("/signin", content=b"name=ann&password=" + b"x" * 10_000).status_code == 413


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:7861"},
        {"origin": "http://127.0.0.1:7860.evil.example"},
        {"origin": "file://127.0.0.1:7860"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
        {"sec-fetch-site": "same-site", "sec-fetch-mode": "cors"},
    ],
)
@pytest.mark.parametrize("path", ["/signin", "/gradio_api/queue/join", "/gradio_api/upload"])
def test_another_sites_page_may_not_ask(tmp_path: Path, reached: Reached, path: str, headers: dict[str, str]) -> None:
    with visit(window(tmp_path)) as client:
        assert client.post(path, headers=headers).status_code == 403
        assert client.get("/config", headers=headers).status_code == 403
        assert reached.paths == []


def test_the_windows_own_page_and_a_link_elsewhere_may(tmp_path: Path, reached: Reached) -> None:
    own = {"origin": HERE, "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"}
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    with visit(window(tmp_path)) as client:
        assert client.post("/gradio_api/queue/join", headers=own).status_code == 200
        assert client.get("/", headers=link).status_code == 200
    assert reached.paths == ["/gradio_api/queue/join", "/"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:7860", 200),
        ("localhost:7860", 200),
        ("LOCALHOST", 200),
        ("[::1]:7860", 200),
        ("192.168.1.7:7860", 200),  # a number cannot be made to point elsewhere
        ("news.example", 200),
        ("news.example.:443", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example:7860", 421),
        ("localhost.evil.example", 421),
        ("news.example@evil.example", 421),
        ("[::1", 421),
        ("", 421),
    ],
)
def test_names_that_nobody_gave_are_refused(tmp_path: Path, reached: Reached, host: str, status: int) -> None:
    served = window(tmp_path, Access(parse_address("https://news.example", "127.0.0.1")))
    with visit(served) as client:
        assert client.get("/", headers={"host": host}).status_code == status
    assert len(reached.paths) == (status == 200)


@pytest.mark.parametrize("strips", [True, False], ids=["the proxy strips", "the proxy passes on"])
@pytest.mark.parametrize("root", ["/footnote", "https://news.example/footnote"])
def test_the_window_works_below_a_path(tmp_path: Path, access: Access, root: str, strips: bool) -> None:
    before = "" if strips else "/footnote"
    host = "http://127.0.0.1:7860" if root == "/footnote" else "https://news.example"
    served = window(tmp_path, Access(parse_address(root, "127.0.0.1"), access.people))
    with visit(served, host) as client:
        assert client.get("/footnote").headers["location"] == "/footnote/"
        assert client.get(f"{before}/").headers["location"] == "/footnote/signin"
        came = client.post(f"{before}/signin", data=RIGHT, headers={"origin": host})
        assert came.headers["location"] == "/footnote/"
        assert "Path=/footnote;" in came.headers["set-cookie"]
        assert ("Secure" in came.headers["set-cookie"]) is host.startswith("https")
        signed_in = {"cookie": came.headers["set-cookie"].split(";")[0], "origin": host}
        page = client.get(f"{before}/", headers={**signed_in, "x-forwarded-host": "evil.example"}).text
        assert f'"root":"{host}/footnote"' in page
        assert f"{root}/signout" in page
        assert "evil.example" not in page
        script = page.partition('src="./')[2].partition('"')[0]
        assert client.get(f"{before}/{script}", headers=signed_in).headers["content-type"].endswith("javascript")
        sent = client.post(f"{before}/gradio_api/upload", headers=signed_in, files={"files": ("a.txt", b"text")})
        assert sent.status_code == 200
        assert client.post(f"{before}/gradio_api/cancel", headers=signed_in, json={}).status_code == 422


@pytest.mark.parametrize(
    "root_path",
    ["footnote", "ftp://x/y", "https://", "https://a:b@x", "/a?b", "/a#b", "//x", "/a b", "https://x:port/"],
)
def test_a_root_path_that_is_none_is_one_line(root_path: str) -> None:
    with pytest.raises(ConfigError, match="--root-path"):
        parse_address(root_path, "127.0.0.1")


def test_a_whole_address_is_taken_apart() -> None:
    address = parse_address("HTTPS://News.Example:443/footnote/", "0.0.0.0")
    assert (address.path, address.origin) == ("/footnote", "https://news.example")
    assert address.has_name("news.example")
    assert address.is_own("https://news.example", "127.0.0.1:7860")  # a proxy that names itself another host
    assert parse_address("http://[::1]:8080", "::1").origin == "http://[::1]:8080"


def test_the_sign_in_page_runs_no_script_and_loads_nothing(guarded: TestClient) -> None:
    page = guarded.get("/signin")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert not any(word in page.text for word in ("<script", "src=", "url(", "@import", "//"))
