"""The web is read within limits, and nobody's own machines are part of it. The sites are in a thread; no network."""

import gzip
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate

import httpcore
import pytest
from fake_site import FakeSite, Internet, Reply
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import LoadError
from index.web.addresses import is_public
from index.web.site import Item, Limits, Web, is_url

PUBLIC = "93.184.215.14"
PAGE = b"<html><title>Bridges</title><p>Old.</p></html>"


@pytest.fixture
def site():
    with FakeSite() as site:
        yield site


@pytest.fixture
def waits():
    return []


@pytest.fixture
def web(waits):
    """Reads this machine's sites; `waits` are the pauses it would have made."""
    with Web(allow_private=True, sleep=waits.append) as web:
        yield web


def guarded(answers, **options):
    """A Web that refuses private machines, for which host → addresses (one list, or one list for each look-up)."""

    def resolve(host, _port):
        if host not in answers:
            raise OSError("no such host")
        found = answers[host]
        return found.pop(0) if isinstance(found[0], list) else found

    internet = Internet()
    return Web(resolve=resolve, backend=internet, sleep=lambda _: None, **options), internet


def error_of(web, url, **options):
    with pytest.raises(LoadError) as caught:
        web.fetch(url, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# What is an address


@pytest.mark.parametrize(
    "text", ["https://a.example", "HTTP://a", "ftp://a/b", "file:///etc/passwd", " https://a ", "x-y+z.1://"]
)
def test_what_has_a_scheme_is_an_address(text):
    assert is_url(text)


@pytest.mark.parametrize(
    "text", ["notes.md", "C:\\notes", "C://notes", "/home/a", "mailto:a@b", "a/b://c", "", "://x", "https:/a"]
)
def test_what_has_none_is_a_path(text):
    assert not is_url(text)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://news.example/a", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("gopher://news.example/", "only http and https"),
        ("notes.md", "only http and https"),
        ("http://", "names no host"),
        ("http:///a", "names no host"),
        ("http://a:99999/", "not a web address"),
        ("http://a:port/", "not a web address"),
        ("http://[::1/", "not a web address"),
        ("http://a\x00b/", "not a web address"),
    ],
)
def test_other_schemes_and_odd_addresses_are_refused_by_name(url, reason):
    with guarded({})[0] as web:
        assert reason in error_of(web, url)


@pytest.mark.parametrize(
    "url",
    [
        "https://anna:geheim@news.example/",
        "https://geheim@news.example/",
        "https://anna:ge@heim@news.example/",
        "https://anna:geheim@news.example:99999/",
        "ftp://anna:geheim@news.example/",
        "https://anna:geheim/@news.example/",
    ],
)
def test_credentials_are_refused_and_never_shown(url):
    with guarded({"news.example": [PUBLIC]})[0] as web:
        message = error_of(web, url)
        assert "geheim" not in message
        assert "heim" not in message


def test_a_message_names_the_address_in_one_short_line(web, site):
    message = error_of(web, site.url("/" + "a" * 3_000))
    assert site.url("/aaa") in message
    assert "404 Not Found" in message
    assert len(message) < 300


# Where it may go


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "0x7f000001",
        "0177.0.0.1",
        "017700000001",
        "127.1",
        "localhost",
        "0.0.0.0",
        "0",
        "169.254.169.254",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[fe80::1]",
        "[fc00::1]",
        "[2002:7f00:1::]",
        "[64:ff9b::7f00:1]",
    ],
)
def test_spellings_of_private_addresses_are_refused(host):
    internet = Internet()
    with Web(backend=internet) as web:
        message = error_of(web, f"http://{host}:8080/")
        # An address with a colon too many, or a zero in front, is refused before; IPv6 may be unknown to the machine.
        assert "private address" in message or "no such host" in message or "not a web address" in message
    assert internet.visited == []


@pytest.mark.parametrize(
    "address",
    "127.0.0.1 10.1.2.3 172.31.255.255 192.168.0.1 169.254.169.254 100.64.0.1 100.127.255.255 0.0.0.0 0.1.2.3 224.0.0.1"
    " 239.255.255.255 240.0.0.1 255.255.255.255 192.0.0.1 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 192.88.99.1 ::"
    " ::1 ::7f00:1 ::ffff:10.0.0.1 ::ffff:127.0.0.1 fe80::1 fe80::1%1 fec0::1 fc00::1 fd00::1 ff02::1 ff0e::1 100::1"
    " 2001:db8::1 2002:7f00:1:: 2002:a00:1:: 2001:0:4136:e378:8000:63bf:3fff:fdd2 64:ff9b::a00:1 64:ff9b::7f00:1"
    " 64:ff9b:1::808:808 4000::1".split(),
)
def test_names_that_resolve_to_private_addresses_are_refused(address):
    assert not is_public(address)
    web, internet = guarded({"news.example": [address]})
    with web:
        assert error_of(web, "http://news.example/a") == (
            "http://news.example/a: resolves to a private address. Allow it with --allow-private."
        )
    assert internet.visited == []


@pytest.mark.parametrize("address", "8.8.8.8 2606:4700::1111 ::ffff:8.8.8.8 2002:808:808:: 64:ff9b::808:808".split())
def test_public_addresses_are_public(address):
    assert is_public(address)


def test_one_private_address_among_public_ones_is_enough_to_refuse():
    web, internet = guarded({"news.example": [PUBLIC, "10.0.0.1"]})
    with web:
        assert "private" in error_of(web, "http://news.example/")
    assert internet.visited == []


def test_the_connection_goes_to_the_address_that_was_checked(site):
    site.pages["/"] = Reply(PAGE)
    web, internet = guarded({"news.example": [[PUBLIC], ["127.0.0.1"]]})
    with web:
        page = web.fetch(site.url("/", "news.example"))
    assert page.body == PAGE
    assert internet.visited == [PUBLIC]
    assert site.requests[0][1]["host"] == f"news.example:{site.port}"


def test_a_name_that_changes_its_address_is_refused_the_second_time(site):
    site.pages["/"] = Reply(PAGE, headers={"Connection": "close"})
    web, internet = guarded({"news.example": [[PUBLIC], ["127.0.0.1"]]})
    with web:
        web.fetch(site.url("/", "news.example"))
        assert "private" in error_of(web, site.url("/", "news.example"))
    assert internet.visited == [PUBLIC]


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:{port}/secret", "http://inside.example:{port}/secret", "//0x7f.1:{port}/secret"]
)
def test_a_redirect_to_a_private_address_is_refused(site, target):
    site.pages["/"] = Reply(status=302, headers={"Location": target.format(port=site.port)})
    site.pages["/secret"] = Reply(PAGE)
    answers = {
        "news.example": [PUBLIC],
        "inside.example": ["10.0.0.1"],
        "127.0.0.1": ["127.0.0.1"],
        "0x7f.1": ["127.0.0.1"],
    }
    web, _ = guarded(answers)
    with web:
        message = error_of(web, site.url("/", "news.example"))
    assert "news.example" in message
    assert "secret: resolves to a private address" in message
    assert site.asked() == ["/"]


def test_the_next_address_is_tried_when_one_does_not_answer(site):
    site.pages["/"] = Reply(PAGE)
    dead = socket.create_server(("127.0.0.1", 0))
    port = dead.getsockname()[1]
    dead.close()

    class Half(Internet):
        def connect_tcp(self, host, port_, *args, **options):
            return super().connect_tcp(host, port if host == "8.8.4.4" else port_, *args, **options)

    internet = Half()
    with Web(resolve=lambda *_: ["8.8.4.4", PUBLIC], backend=internet) as web:
        assert web.fetch(site.url("/", "news.example")).body == PAGE
    assert internet.visited == ["8.8.4.4", PUBLIC]


def test_an_unknown_host_is_not_asked_for_again(waits):
    def resolve(*_):
        raise socket.gaierror(-2, "Name or service not known")

    with Web(resolve=resolve, sleep=waits.append) as web:
        assert "no such host" in error_of(web, "http://nowhere.example/")
    assert waits == []


def test_proxies_of_the_environment_are_not_used(site, monkeypatch):
    site.pages["/"] = Reply(PAGE)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    web, internet = guarded({"news.example": [PUBLIC]})
    with web:
        assert web.fetch(site.url("/", "news.example")).body == PAGE
    assert internet.visited == [PUBLIC]


def test_the_name_for_https_is_the_host_and_not_its_address():
    hello = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen():
            for _ in range(3):
                connection, _ = server.accept()
                with connection:
                    hello.append(connection.recv(4_000))

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        web, internet = guarded({"news.example": [PUBLIC]})
        with web:
            assert "the connection failed" in error_of(web, f"https://news.example:{server.getsockname()[1]}/")
        thread.join(5)
    assert internet.visited == [PUBLIC] * 3
    assert all(b"news.example" in message for message in hello)


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=40), st.sampled_from(["", "http://", "https://", "http://a/", "http://[", "http://a@", "ftp://"])
)
def test_any_text_is_read_or_refused(text, start):
    def resolve(*_):
        raise OSError("no network")

    with Web(resolve=resolve) as web, pytest.raises(LoadError):
        web.fetch(start + text)


# Redirects


def test_redirects_are_followed_and_the_page_knows_where_it_is(web, site):
    site.pages["/a"] = Reply(status=301, headers={"Location": "/b?x=1#part"})
    site.pages["/b?x=1"] = Reply(status=307, headers={"Location": "c"})
    site.pages["/c"] = Reply(PAGE)
    assert web.fetch(site.url("/a")).url == site.url("/c")


def test_a_redirect_loop_ends(web, site):
    site.pages["/a"] = Reply(status=302, headers={"Location": "/b"})
    site.pages["/b"] = Reply(status=302, headers={"Location": "/a"})
    assert "more than 5 redirects" in error_of(web, site.url("/a"))
    assert len(site.requests) == 6


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("file:///etc/passwd", "only http and https"),
        ("javascript:alert(1)", "only http and https"),
        ("http://anna:geheim@news.example/", "user or password"),
        ("http://a:port/", "not a web address"),
    ],
)
def test_a_redirect_to_no_web_page_is_refused(web, site, target, reason):
    site.pages["/"] = Reply(status=302, headers={"Location": target})
    message = error_of(web, site.url("/"))
    assert reason in message
    assert "geheim" not in message


def test_a_redirect_from_https_to_http_is_refused(site):
    site.pages["/"] = Reply(status=302, headers={"Location": site.url("/a", "news.example")})
    site.pages["/a"] = Reply(PAGE)
    with Web(resolve=lambda *_: [PUBLIC], backend=Internet(tls=lambda stream: stream)) as web:
        assert web.fetch(site.url("/a", "news.example").replace("http:", "https:")).body == PAGE
        assert "leads from https to http" in error_of(web, site.url("/", "news.example").replace("http:", "https:"))
        assert web.fetch(site.url("/", "news.example")).body == PAGE


def test_a_bad_certificate_is_named_at_once(site, waits):
    def refuse(_stream):
        cause = ssl.SSLCertVerificationError()
        cause.verify_message = "certificate has expired"
        raise httpcore.ConnectError from cause

    with Web(resolve=lambda *_: [PUBLIC], backend=Internet(tls=refuse), sleep=waits.append) as web:
        message = error_of(web, f"https://news.example:{site.port}/")
    assert "its certificate is not valid (certificate has expired)" in message
    assert waits == []


def test_a_redirect_without_a_target_is_an_error(web, site):
    site.pages["/"] = Reply(status=302)
    assert "302 Found" in error_of(web, site.url("/"))


# How much and how long


def test_a_body_over_the_limit_is_cut_off(site):
    site.pages["/"] = Reply(b"x" * 3_000_000)
    site.pages["/small"] = Reply(b"x" * 1_000_000)
    with Web(allow_private=True, limits=Limits(body=1_000_000)) as web:
        assert "more than 1 MB" in error_of(web, site.url("/"))
        assert len(web.fetch(site.url("/small")).body) == 1_000_000


def test_a_body_without_end_is_cut_off(site):
    def endless(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        try:
            while not site.over.is_set():
                handler.wfile.write(b"x" * 65_536)
        except OSError:
            pass

    site.pages["/"] = endless
    with Web(allow_private=True, limits=Limits(body=1_000_000)) as web:
        assert "more than 1 MB" in error_of(web, site.url("/"))


BOMB = gzip.compress(b"\0" * 200_000_000, 1)


@pytest.mark.parametrize(
    ("headers", "content_type"),
    [
        ({"Content-Encoding": "gzip"}, "text/html"),
        ({"Content-Encoding": "x-gzip"}, "text/html"),
        ({}, "application/gzip"),
        ({}, "text/xml"),
    ],
)
def test_a_gzip_bomb_is_cut_off_in_little_memory(site, headers, content_type):
    site.pages["/"] = Reply(BOMB, content_type, headers=headers)
    with Web(allow_private=True, limits=Limits(body=2_000_000)) as web:
        tracemalloc.start()
        try:
            assert "more than 2 MB" in error_of(web, site.url("/"))
            assert tracemalloc.get_traced_memory()[1] < 12_000_000
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "zstd", "compress"])
def test_compression_that_was_not_asked_for_is_refused(web, site, encoding):
    site.pages["/"] = Reply(gzip.compress(gzip.compress(PAGE)), headers={"Content-Encoding": encoding})
    assert "which nobody asked for" in error_of(web, site.url("/"))
    assert site.requests[0][1]["accept-encoding"] == "gzip"


@pytest.mark.parametrize("body", [b"", b"no gzip", gzip.compress(PAGE * 50, mtime=0)[:-12], b"\x1f\x8b" + b"\xff" * 90])
@pytest.mark.parametrize("headers", [{"Content-Encoding": "gzip"}, {}])
def test_broken_compression_is_an_error(web, site, body, headers):
    site.pages["/"] = Reply(body, headers=headers)
    if headers or body.startswith(b"\x1f\x8b"):
        assert "broken compression" in error_of(web, site.url("/"))


@pytest.mark.parametrize("size", [1, 65_535, 65_536, 65_537, 131_072, 700_001])
def test_what_was_compressed_comes_out_whole(web, site, size):
    body = os.urandom(size // 2) + b"z" * (size - size // 2)
    site.pages["/"] = Reply(gzip.compress(body), headers={"Content-Encoding": "gzip"})
    assert web.fetch(site.url("/")).body == body


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_server_that_drips_ends_at_the_deadline(site, part):
    def drip(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + (b"\r\n" if part == "body" else b""))
        try:
            while not site.over.wait(0.02):
                handler.wfile.write(b"x")
        except OSError:
            pass

    site.pages["/"] = drip
    with Web(allow_private=True, limits=Limits(seconds=0.4, read_seconds=5)) as web:
        began = time.monotonic()
        assert "not done after 0.4 s" in error_of(web, site.url("/"))
        assert 0.3 < time.monotonic() - began < 3


def test_what_others_fetch_does_not_move_the_deadline(site):
    def drip(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        try:
            while not site.over.wait(0.02):
                handler.wfile.write(b"x")
        except OSError:
            pass

    site.pages = {"/drip": drip, "/": Reply(PAGE)}
    with Web(allow_private=True, limits=Limits(seconds=1)) as web, ThreadPoolExecutor(1) as pool:
        began = time.monotonic()
        dripping = pool.submit(error_of, web, site.url("/drip"))
        while not dripping.done() and time.monotonic() - began < 5:
            web.fetch(site.url("/"))
        site.over.set()
        assert "not done after 1 s" in dripping.result()
        assert time.monotonic() - began < 5


def test_a_silent_server_is_given_up(site):
    site.pages["/"] = lambda _: site.over.wait(20)
    with Web(allow_private=True, limits=Limits(read_seconds=0.2)) as web:
        assert "no answer for 0.2 s" in error_of(web, site.url("/"))


def test_the_deadline_of_one_request_is_not_that_of_the_next_on_its_connection(site):
    site.pages["/"] = Reply(PAGE)
    with Web(allow_private=True, limits=Limits(seconds=1)) as web:
        assert web.fetch(site.url("/"))
        site.over.wait(1.1)  # until the first deadline has passed
        assert web.fetch(site.url("/"))


# What is an article


@pytest.mark.parametrize(
    "content_type", ["image/png", "video/mp4", "application/json", "image/svg+xml", "text/css", "multipart/mixed"]
)
def test_what_is_no_article_is_named(web, site, content_type):
    site.pages["/"] = Reply(PAGE, content_type)
    assert f"is {content_type}, not an article" in error_of(web, site.url("/"))


@pytest.mark.parametrize(
    ("path", "given", "content_type"),
    [
        ("/", "Text/HTML; charset=windows-1252", "Text/HTML; charset=windows-1252"),
        ("/", "application/xhtml+xml", "application/xhtml+xml"),
        ("/", "text/markdown", "text/markdown"),
        ("/", "application/pdf", "application/pdf"),
        ("/", "application/epub+zip", "application/epub+zip"),
        ("/", "application/rss+xml", "application/rss+xml"),
        ("/", "", "text/html"),
        ("/a.PDF", "application/octet-stream", "application/pdf"),
        ("/a.md", "", "text/markdown"),
        ("/a.epub", "application/zip", "application/epub+zip"),
    ],
)
def test_the_content_type_is_the_given_one_or_told_by_the_address(web, site, path, given, content_type):
    site.pages[path] = Reply(PAGE, given)
    assert web.fetch(site.url(path)).content_type == content_type


def test_a_vague_type_with_no_suffix_is_no_article(web, site):
    site.pages["/a"] = Reply(PAGE, "application/octet-stream")
    assert "is application/octet-stream, not an article" in error_of(web, site.url("/a"))


@pytest.mark.parametrize(
    ("status", "text"),
    [(400, "400 Bad Request"), (403, "403 Forbidden"), (404, "404 Not Found"), (500, "500"), (599, "599.")],
)
def test_a_failed_request_is_an_error_at_once(web, site, waits, status, text):
    site.pages["/"] = Reply(status=status)
    assert text in error_of(web, site.url("/"))
    assert (len(site.requests), waits) == (1, [])


def test_who_asks_is_said_in_a_word(web, site):
    site.pages["/"] = Reply(PAGE)
    web.fetch(site.url("/"))
    agent = site.requests[0][1]["user-agent"]
    assert agent.startswith("Footnote/")
    assert " " not in agent


def test_cookies_are_not_kept(web, site):
    site.pages["/"] = Reply(PAGE, headers={"Set-Cookie": "a=b"})
    web.fetch(site.url("/"))
    web.fetch(site.url("/"))
    assert "cookie" not in site.requests[1][1]


# Only what changed


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({"ETag": 'W/"1"', "Last-Modified": "Sat, 01 Jun 2024 10:00:00 GMT"}, ("if-none-match", 'W/"1"')),
        ({"Last-Modified": "Sat, 01 Jun 2024 10:00:00 GMT"}, ("if-modified-since", "Sat, 01 Jun 2024 10:00:00 GMT")),
    ],
)
def test_a_page_that_has_not_changed_is_none(web, site, given, asked):
    site.pages["/"] = [Reply(PAGE, headers=given), Reply(status=304)]
    page = web.fetch(site.url("/"))
    assert web.fetch(site.url("/"), page.stamp) is None
    name, value = asked
    assert site.requests[1][1][name] == value


@pytest.mark.parametrize("stamp", ["", "2024-06-01", "X-Evil: 1", "If-None-Match: a\r\nX-Evil: 1", "If-None-Match: ä"])
def test_what_is_no_stamp_is_not_sent(web, site, stamp):
    site.pages["/"] = Reply(PAGE)
    assert web.fetch(site.url("/"), stamp).stamp == ""
    assert not {"if-none-match", "x-evil"} & site.requests[0][1].keys()


def test_not_modified_without_having_asked_is_an_error(web, site):
    site.pages["/"] = Reply(status=304)
    assert "304 Not Modified" in error_of(web, site.url("/"))


# Another attempt


@pytest.mark.parametrize("status", [0, 429, 502, 503, 504])
def test_what_may_pass_is_tried_again(web, site, waits, status):
    site.pages["/"] = [Reply(status=status), Reply(status=status), Reply(PAGE)]
    assert web.fetch(site.url("/")).body == PAGE
    assert waits == [0.5, 1.0]


@pytest.mark.parametrize(
    ("status", "text"), [(0, "the connection failed"), (429, "429 Too Many Requests"), (503, "503")]
)
def test_after_three_attempts_it_is_an_error(web, site, status, text):
    site.pages["/"] = Reply(status=status)
    message = error_of(web, site.url("/"))
    assert text in message
    assert "Try again later." in message
    assert len(site.requests) == 3


@pytest.mark.parametrize(
    ("value", "seconds"), [("7", 7), ("0", 0), ("soon", 0.5), ("-1", 0.5), ("²", 0.5), ("1" * 9_999, None)]
)
def test_the_wait_is_the_one_asked_for(web, site, waits, value, seconds):
    site.pages["/"] = [Reply(status=429, headers={"Retry-After": value}), Reply(PAGE)]
    if seconds is None:
        assert "try again in" in error_of(web, site.url("/"))
    else:
        assert web.fetch(site.url("/"))
        assert waits == [seconds]


def test_a_wait_until_a_time_of_day(web, site, waits):
    site.pages["/"] = [
        Reply(status=503, headers={"Retry-After": formatdate(time.time() + 6, usegmt=True)}),
        Reply(PAGE),
    ]
    assert web.fetch(site.url("/"))
    assert 3 < waits[0] <= 6


def test_a_long_wait_is_left_to_the_person(web, site, waits):
    site.pages["/"] = Reply(status=429, headers={"Retry-After": "60"})
    assert "It asks to try again in 60 s." in error_of(web, site.url("/"))
    assert (len(site.requests), waits) == (1, [])


def test_waits_count_towards_the_deadline(site, waits):
    site.pages["/"] = Reply(status=429, headers={"Retry-After": "3"})
    with Web(allow_private=True, limits=Limits(seconds=2), sleep=waits.append) as web:
        assert "429" in error_of(web, site.url("/"))
    assert waits == []


# Many pages


def test_pages_come_in_order_with_their_errors(web, site):
    for number in range(12):
        site.pages[f"/{number}"] = Reply(b"%d" % number)
    site.pages["/5"] = Reply(status=404)
    site.pages["/7"] = Reply(status=304)
    items = [Item(site.url(f"/{number}")) for number in range(12)]
    results = list(web.fetch_all(items, {items[7].url: 'If-None-Match: "x"'}))
    assert [item for item, _ in results] == items
    assert isinstance(results[5][1], LoadError)
    assert results[7][1] is None
    assert [page.body for _, page in results[8:]] == [b"8", b"9", b"10", b"11"]


def test_no_more_than_four_requests_at_once(web, site):
    lock, now, most, four = threading.Lock(), [0], [0], threading.Barrier(4)

    def page(handler):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        four.wait(10)  # nobody leaves before four are here
        with lock:
            now[0] -= 1
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1\r\n\r\nx")

    site.pages = {f"/{number}": page for number in range(8)}
    assert len(list(web.fetch_all([Item(site.url(path)) for path in site.pages]))) == 8
    assert most[0] == 4


def test_little_is_fetched_ahead_of_who_reads(web, site):
    site.pages["/"] = Reply(PAGE)
    taken = []

    def items():
        for number in range(50):
            taken.append(number)
            yield Item(site.url("/"))

    results = web.fetch_all(items())
    next(results)
    results.close()
    assert len(taken) == 4


def test_the_module_loads_without_the_libraries_it_needs_later():
    heavy = "{'httpx', 'httpcore', 'feedparser', 'lxml', 'tenacity'}"
    code = f"import sys, index.web; sys.exit(str({heavy} & set(sys.modules)) if {heavy} & set(sys.modules) else 0)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
