"""OpenAI's client, the door to a chat endpoint: one request at a time, over a connection that can be cut."""

import logging
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl
from urllib.request import getproxies

from index.errors import EndpointError
from rag.config import RagSettings
from rag.wire import Failure, payloads

if TYPE_CHECKING:
    import httpx2
    from openai import OpenAI

LOCAL_KEY = "none"  # the client insists on a key; local servers ignore it
MARGIN = 5  # seconds: whoever waits for the stream gives up first, and knows better what it waited for
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class Line:
    """The connection of one request. Another thread may cut it: one that reads cannot be stopped in any other way."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._ended = threading.Event()

    def cut(self) -> None:
        self._ended.set()
        if self._socket:
            with suppress(OSError):  # it may be closed already
                self._socket.shutdown(socket.SHUT_RDWR)

    def wait(self, seconds: float) -> bool:
        """Whether the line is still wanted after a pause."""
        return not self._ended.wait(seconds)

    def attach(self, request: Any) -> None:
        """For the client's hook: learn the socket as soon as there is one, long before an answer comes."""
        request.extensions["trace"] = self._trace

    def _trace(self, name: str, info: dict[str, Any]) -> None:
        if name.endswith((".connect_tcp.complete", ".start_tls.complete")):
            self._socket = info["return_value"].get_extra_info("socket")
            if self._ended.is_set():
                self.cut()


class Connector:
    """Asks the endpoint that the settings name.

    Raises:
        Failure: from its methods, for whatever goes wrong with a request; it holds no text of the client's errors.
    """

    def __init__(self, settings: RagSettings, transport: "httpx2.BaseTransport | None" = None) -> None:
        self._settings = settings
        self._transport = transport
        address, _, self._query = settings.base_url.strip().partition("?")
        self.address = address.rstrip("/").removesuffix("/chat/completions")

    @property
    def where(self) -> str:
        """The address without a name and password in it."""
        return re.sub(r"//.*@", "//", self.address) or "OpenAI"

    def prepare(self) -> None:
        """Load what the first request would have to wait for.

        Raises:
            EndpointError: the address or a setting of a proxy or certificate makes no sense.
        """
        import httpx2

        try:
            with self._client(Line()) as client:
                client.chat.completions  # noqa: B018 - the library loads when first used
        except (ValueError, OSError, httpx2.InvalidURL):  # none of their texts: it may hold a password
            hint = "Check OPENAI_BASE_URL, the proxy variables and SSL_CERT_FILE."
            raise EndpointError(f"The connection to {self.where} cannot be set up.", hint) from None

    def models(self, line: Line, path: str) -> list[str]:
        """The models that the endpoint lists."""
        with _failures(), self._client(line, path) as client:
            return [model.id for model in client.models.list() if isinstance(model.id, str)]

    def chat(self, line: Line, path: str, body: dict[str, Any]) -> Iterator[Any]:
        """The JSON documents of an answer as they arrive."""
        with (
            _failures(),
            self._client(line, path) as client,
            client.chat.completions.with_streaming_response.create(**body) as response,
        ):
            yield from payloads(response.iter_bytes())

    def _client(self, line: Line, path: str = "") -> "OpenAI":
        """A client for one request: no connection is kept, since only a new one tells the line its socket."""
        from openai import DefaultHttpxClient, OpenAI

        settings = self._settings
        http_client = DefaultHttpxClient(
            transport=self._transport,
            verify=self._certificates,
            timeout=self._timeout,
            mounts={f"all://{host}": None for host in LOOPBACK},  # no proxy stands between this machine and itself
            event_hooks={"request": [line.attach]},
        )
        return OpenAI(
            base_url=self.address + path or None,
            api_key=settings.api_key.get_secret_value() or LOCAL_KEY,
            default_query=dict(parse_qsl(self._query)),
            max_retries=0,
            timeout=self._timeout,
            http_client=http_client,
        )

    @cached_property
    def _certificates(self) -> ssl.SSLContext:
        """Read once: it takes as long as a short answer."""
        import httpx2

        for name in ("httpx2", "openai._base_client"):
            logging.getLogger(name).addFilter(_without_secrets)
        return httpx2.create_ssl_context()

    @cached_property
    def _timeout(self) -> "httpx2.Timeout":
        import httpx2

        settings = self._settings
        patience = max(settings.first_token_timeout, settings.token_timeout)
        return httpx2.Timeout(patience + MARGIN, connect=settings.connect_timeout)


def _without_secrets(record: logging.LogRecord) -> bool:
    """For the libraries' loggers: an address is logged without its password and query."""
    import httpx2

    def clean(value: object) -> object:
        return value.copy_with(query=None, userinfo=b"") if isinstance(value, httpx2.URL) else value

    if isinstance(record.args, tuple):
        record.args = tuple(map(clean, record.args))
    return True


@contextmanager
def _failures() -> Iterator[None]:
    """Whatever the client raises, as a Failure. Its own code trips over answers that are none, hence the long list."""
    import httpx2
    import openai

    unreadable = ValueError, TypeError, AttributeError, LookupError, RecursionError
    try:
        yield
    except openai.APIStatusError as error:
        wait = _seconds(error.response.headers.get("retry-after", ""))
        raise Failure("status", error.status_code, error.response.text, wait) from None
    except (openai.APITimeoutError, httpx2.TimeoutException):
        raise Failure("timeout") from None
    except openai.APIConnectionError as error:
        raise Failure(_kind(error)) from None
    except httpx2.TransportError:
        raise Failure("cut") from None
    except (openai.OpenAIError, httpx2.HTTPError, *unreadable):
        raise Failure("unreadable") from None


def _kind(error: BaseException) -> str:
    """Why there is no connection, which stands at the end of a long chain of causes."""
    cause: BaseException | None = error
    while cause:
        if isinstance(cause, ConnectionRefusedError):
            return "refused"
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "certificate"
        cause = cause.__cause__ or cause.__context__
    return "unreachable"


def _seconds(wait: str) -> float | None:
    """Retry-After in seconds; it is a number of them or a date."""
    with suppress(ValueError):
        return max(0.0, float(wait))
    with suppress(ValueError):
        return max(0.0, parsedate_to_datetime(wait).timestamp() - time.time())
    return None


def proxied() -> bool:
    """Whether the environment names a proxy, which may be what cannot be reached."""
    return bool({"http", "https", "all"} & set(getproxies()))
