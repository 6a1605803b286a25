"""One download (httpx's and httpcore's door): http and https, guarded connections, bounded size and time."""

import gzip
import io
import ssl
import time
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from http.client import responses
from importlib.metadata import version

import httpcore
import httpx

from index.errors import LoadError
from index.records import Limits, Page
from index.web.addresses import shown
from index.web.connect import Deadline, GuardedBackend, Refused, Resolve
from index.web.content import GZIP, article_type, plain_type, unpacked

REDIRECTS = {301, 302, 303, 307, 308}
BUSY = {429, 502, 503, 504}  # worth another attempt
HINTS = {401: "Save the page and index the file.", 403: "Save the page and index the file.", 404: "Check the address."}
STAMPS = {"If-None-Match": "etag", "If-Modified-Since": "last-modified"}  # request header: the answer's header


class TryAgain(LoadError):
    """Failed in a way that may pass; the server asks to wait `seconds` first, if it says so."""

    def __init__(self, message: str, hint: str = "Try again later.", seconds: float | None = None) -> None:
        super().__init__(message, hint)
        self.seconds = seconds


class Downloader:
    """Keeps connections between downloads. Threads may share it. No cookies, and no proxy: it would hide the way."""

    def __init__(
        self, allow_private: bool, limits: Limits, resolve: Resolve, backend: httpcore.NetworkBackend | None
    ) -> None:
        self._limits = limits
        self._deadline = Deadline()
        self._pool = httpcore.ConnectionPool(
            ssl_context=_certificates(),
            max_connections=limits.connections,
            keepalive_expiry=5,
            network_backend=GuardedBackend(allow_private, resolve, backend, self._deadline),
        )

    def close(self) -> None:
        self._pool.close()

    def get(self, url: str, stamp: str, deadline: float) -> Page | None:
        """What `url` answers until `deadline` (monotonic seconds); None if it has not changed since `stamp`.

        Raises:
            TryAgain: the connection failed, or the server is busy.
            LoadError: everything else that is no article.
        """
        self._deadline.at = deadline
        name = shown(url)
        address = _checked(url, name)
        for _ in range(self._limits.redirects + 1):
            result = self._visit(address, name, stamp)
            if not isinstance(result, httpx.URL):
                return result
            name = f"{shown(url)} → {shown(str(result))}"
            if address.scheme == "https" and result.scheme == "http":
                raise LoadError(f"{name}: leads from https to http.", "Give the http address itself if you trust it.")
            address = _checked(str(result), name)
        raise LoadError(f"{shown(url)}: more than {self._limits.redirects} redirects.", "Give the final address.")

    def _visit(self, address: httpx.URL, name: str, stamp: str) -> Page | httpx.URL | None:
        """One request: a page, where it redirects to, or None for not modified."""
        limits = self._limits
        timeouts = {"connect": limits.connect_seconds, "read": limits.read_seconds, "write": limits.read_seconds}
        target = httpcore.URL(
            scheme=address.raw_scheme, host=address.raw_host, port=address.port, target=address.raw_path
        )
        extensions = {"timeout": {**timeouts, "pool": limits.seconds}}
        try:
            with self._pool.stream("GET", target, headers=_headers(address, stamp), extensions=extensions) as response:
                return self._read(response, address, name, stamp)
        except Refused as error:
            raise LoadError(f"{name}: {error.reason}", error.hint) from error
        except httpcore.TimeoutException as error:
            if time.monotonic() >= self._deadline.at:
                raise LoadError(f"{name}: not done after {limits.seconds:g} s.", "Try again later.") from error
            if isinstance(error, httpcore.ConnectTimeout):
                raise TryAgain(f"{name}: no connection within {limits.connect_seconds:g} s.") from error
            raise LoadError(f"{name}: no answer for {limits.read_seconds:g} s.", "Try again later.") from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise TryAgain(f"{name}: the connection failed ({shown(str(error))}).") from error
        except (zlib.error, EOFError, gzip.BadGzipFile) as error:
            raise LoadError(f"{name}: broken compression ({shown(str(error))}).") from error

    def _read(self, response: httpcore.Response, address: httpx.URL, name: str, stamp: str) -> Page | httpx.URL | None:
        headers = httpx.Headers(response.headers)
        if response.status in REDIRECTS and "location" in headers:
            return _target(address, headers["location"], name)
        if response.status == 304 and stamp:
            return None
        if not 200 <= response.status < 300:
            raise self._bad_status(response.status, headers, name)
        given = headers.get("content-type", "")
        content_type = article_type(given, address.path)
        if content_type is None:
            raise LoadError(f"{name}: is {shown(plain_type(given))}, not an article.")
        body = self._body(response, headers, name)
        if body.startswith(GZIP):
            body = gzip.GzipFile(fileobj=io.BytesIO(body)).read(self._limits.body + 1)
            self._check_size(len(body), name)
        return Page(url=str(address), body=body, content_type=content_type, stamp=_stamp(headers))

    def _bad_status(self, status: int, headers: httpx.Headers, name: str) -> LoadError:
        message = f"{name}: {status} {responses.get(status, '')}".rstrip() + "."
        if status not in BUSY:
            return LoadError(message, HINTS.get(status, ""))
        seconds = _retry_after(headers)
        if seconds is not None and seconds > self._limits.wait_seconds:
            return LoadError(message, f"It asks to try again in {seconds:.0f} s.")
        return TryAgain(message, seconds=seconds)

    def _body(self, response: httpcore.Response, headers: httpx.Headers, name: str) -> bytes:
        encoding = headers.get("content-encoding", "").strip().lower()
        if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise LoadError(f"{name}: compressed with {shown(encoding)}, which nobody asked for.")
        pieces: Iterable[bytes] = response.iter_stream()
        if encoding not in ("", "identity"):
            pieces = unpacked(pieces)
        body = bytearray()
        for piece in pieces:
            body += piece
            self._check_size(len(body), name)
        return bytes(body)

    def _check_size(self, size: int, name: str) -> None:
        if size > self._limits.body:
            raise LoadError(f"{name}: more than {self._limits.body / 1e6:g} MB.", "Save it and index the file.")


def _checked(url: str, name: str) -> httpx.URL:
    """`url` without its fragment, if it may be visited."""
    try:
        address = httpx.URL(url.strip()).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError) as error:
        # Where a password ends in what is no address, nobody can say.
        safe = shown(url.rpartition("@")[2]) if "@" in url else name
        raise LoadError(f"{safe}: not a web address.", "Check it.") from error
    if address.port is not None and not 0 < address.port < 65_536:
        raise LoadError(f"{name}: not a web address: its port is {address.port}.", "Check it.")
    if address.scheme not in ("http", "https"):
        raise LoadError(f"{name}: only http and https addresses can be read.")
    if address.userinfo:
        raise LoadError(f"{name}: addresses with a user or password are not read.", "Leave that out.")
    if not address.host:
        raise LoadError(f"{name}: names no host.", "Check it.")
    return address


def _target(address: httpx.URL, location: str, name: str) -> httpx.URL:
    try:
        return address.join(location)
    except (httpx.InvalidURL, ValueError) as error:
        raise LoadError(f"{name}: leads to {shown(location)}, which is not a web address.") from error


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()


@cache
def _version() -> str:
    return version("footnote")


def _headers(address: httpx.URL, stamp: str) -> list[tuple[bytes, bytes]]:
    headers = {
        "Host": address.netloc.decode("ascii"),
        "User-Agent": f"Footnote/{_version()}",
        "Accept": "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8",
        "Accept-Encoding": "gzip",
    }
    name, _, value = stamp.partition(": ")
    if name in STAMPS and value.isascii() and value.isprintable():
        headers[name] = value
    return [(key.encode("ascii"), value.encode("ascii")) for key, value in headers.items()]


def _stamp(headers: httpx.Headers) -> str:
    return next((f"{name}: {headers[given]}" for name, given in STAMPS.items() if headers.get(given)), "")


def _retry_after(headers: httpx.Headers) -> float | None:
    """Seconds that the server asks to wait, given as a number or as a date; None if it does not say."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
