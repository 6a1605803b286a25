"""Requests to an endpoint and its raw answers, with no client between that would mend them.

The transport is the one that OpenAI's client uses too, so that proxies and certificates act alike. Redirects are not
followed: a key goes to the address that was set, and nowhere else.
"""

import base64
import json
import ssl
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from index.address import LOOPBACK, shown, split
from index.client import LOCAL_KEY
from index.failure import Failure, refuses_key, seconds_asked, until_next
from rag.endpoint.trouble import Trouble
from rag.endpoint.wire import payloads

if TYPE_CHECKING:
    import httpx2

SHORTEST_SECRET = 6  # characters; a shorter one ("x", "none") is no secret, and would be found in any text
BUSY = {429, 503}
ATTEMPTS = 3  # while it says that it is busy
FIRST_WAIT, LONGEST_WAIT = 0.5, 5.0  # seconds between them; who asks for more is not asked again
LONGEST_BODY = 10_000_000  # bytes


@dataclass(frozen=True)
class Endpoint:
    """An address, up to /v1, and models there. Times in seconds; `listed_window` in tokens, where the list has it."""

    address: str
    model: str = ""
    key: SecretStr | None = field(default_factory=lambda: SecretStr(LOCAL_KEY))  # None: no header at all
    connect_timeout: float = 5
    patience: float = 30
    embedding_model: str = ""
    rerank_model: str = ""
    listed_window: int | None = None
    transport: "httpx2.BaseTransport | None" = None

    @property
    def shown(self) -> str:
        """The address without a name, a password or a query."""
        return shown(self.address)

    @property
    def has_key(self) -> bool:
        return self.key is not None and self.key.get_secret_value() not in ("", LOCAL_KEY)

    def get(self, path: str) -> Any:
        """The JSON at a path. Raises Trouble."""
        with self._open("GET", path, None) as response:
            return _json(self._text(self._read(response)))

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """The JSON that a request is answered with. Raises Trouble."""
        with self._open("POST", path, body) as response:
            return _json(self._text(self._read(response)))

    def stream(self, path: str, body: Mapping[str, Any]) -> Iterator[tuple[float, Any]]:
        """The events of a stream, or the one document instead, with the seconds since the request. Raises Trouble."""
        began = time.monotonic()

        def in_time(chunks: Iterable[bytes]) -> Iterator[bytes]:
            for chunk in chunks:
                if time.monotonic() - began > 2 * self.patience:
                    raise Trouble(f"no end within {2 * self.patience:g} s", late=True)
                yield chunk

        with self._open("POST", path, {**body, "stream": True}) as response:
            try:
                for event in payloads(in_time(response.iter_bytes())):
                    yield time.monotonic() - began, event
            except ValueError as error:
                raise _unreadable(getattr(error, "doc", "")) from error

    def _read(self, response: "httpx2.Response") -> bytes:
        """The whole body, unless it is one that never ends."""
        began, body = time.monotonic(), b""
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > LONGEST_BODY or time.monotonic() - began > self.patience:
                raise Trouble("an answer without an end", late=True)
        return body

    @contextmanager
    def _open(self, method: str, path: str, body: Any) -> Iterator["httpx2.Response"]:
        """An answer that is no refusal; whoever is busy is given a moment. Raises Trouble."""
        attempt = 1
        while True:
            with self._request(method, path, body) as response:
                if response.is_success:
                    yield response
                    return
                asked = seconds_asked(response.headers.get("retry-after", ""))
                failure = Failure("status", response.status_code, self._text(self._read(response)), asked)
            busy = failure.status in BUSY and not failure.quota and attempt < ATTEMPTS
            wait = until_next(attempt, asked, FIRST_WAIT, min(LONGEST_WAIT, self.patience)) if busy else None
            if wait is None:
                raise self._refusal(failure.status, failure.said)
            time.sleep(wait)
            attempt += 1

    @contextmanager
    def _request(self, method: str, path: str, body: Any) -> Iterator["httpx2.Response"]:
        import httpx2

        timeout = httpx2.Timeout(self.patience, connect=min(self.connect_timeout, self.patience))
        try:
            url = httpx2.URL(self.address)
            # Name and password travel as a header: addresses are logged.
            headers = {"authorization": authorization} if (authorization := self._authorization(url)) else {}
            url = url.copy_with(path=f"{url.path.rstrip('/')}/{path}", userinfo=b"")
            with (
                httpx2.Client(
                    transport=self.transport,
                    timeout=timeout,
                    trust_env=split(self.address).hostname not in LOOPBACK,
                    verify=self._authorities,
                ) as client,
                client.stream(method, url, json=body, headers=headers) as response,
            ):
                yield response
        except httpx2.TimeoutException as error:
            raise self._silence() from error
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, ValueError, OSError) as error:
            raise _unreachable(error) from error

    @cached_property
    def _authorities(self) -> ssl.SSLContext:
        """Read once: it takes longer than a whole request to this machine."""
        import httpx2

        return httpx2.create_ssl_context()

    def _authorization(self, url: "httpx2.URL") -> str:
        if url.userinfo and self.key is not None:
            return f"Basic {base64.b64encode(f'{url.username}:{url.password}'.encode()).decode()}"
        return f"Bearer {self.key.get_secret_value() or LOCAL_KEY}" if self.key is not None else ""

    def _text(self, content: bytes) -> str:
        """What came back, without the secrets that went there: some servers repeat them."""
        text = content.decode("utf-8", "replace")
        address = split(self.address)
        key = self.key.get_secret_value() if self.key is not None else ""
        for secret in (key, address.password or "", *(part.partition("=")[2] for part in address.query.split("&"))):
            if len(secret) >= SHORTEST_SECRET:
                text = text.replace(secret, "…")
        return text

    def _silence(self) -> Trouble:
        setting = f"FOOTNOTE_FIRST_TOKEN_TIMEOUT={2 * self.patience:g}"
        return Trouble(f"no answer within {self.patience:g} s", setting, late=True)

    def _refusal(self, status: int, message: str) -> Trouble:
        if status == 403:
            return Trouble("refused (HTTP 403): the key, its rights or its credit", "OPENAI_API_KEY=…", status=status)
        if refuses_key(status, message):
            return Trouble("the key is refused, or one is needed", "OPENAI_API_KEY=…", status=401)
        if status == 429:
            return Trouble("too many requests, or no credit (HTTP 429)", status=status)
        if status == 404:
            detail = "the model or the path is not found (HTTP 404)"
            return Trouble(detail, "FOOTNOTE_MODEL=…", status=status, message=message)
        return Trouble(f"answers with HTTP {status}", status=status, message=message)


def dig(value: Any, *path: str | int) -> Any:
    """What lies at a path in JSON; None where its shape is another."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int):
            value = value[step] if step < len(value) else None
        else:
            return None
    return value


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _unreadable(text) from error


def _unreadable(text: str) -> Trouble:
    page = text.lstrip().startswith("<")
    return Trouble("answers with a web page" if page else "answers with something unreadable", message=text)


def _unreachable(error: BaseException) -> Trouble:
    import httpx2

    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return Trouble("its certificate is not trusted", "SSL_CERT_FILE=/path/to/its/authority.pem")
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx2.ProxyError):
        return Trouble("the proxy does not let this through", "NO_PROXY=the endpoint's host")
    if isinstance(error, httpx2.RemoteProtocolError | httpx2.ReadError):
        return Trouble("the connection breaks off")
    return Trouble("cannot be reached. Is it running?")
