"""The way to a chat endpoint: one request at a time, over a connection that can be cut."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies

from index.address import shown
from index.client import base_of, failures, open_client, read_certificates
from index.errors import EndpointError
from rag.config import RagSettings
from rag.endpoint.wire import payloads

if TYPE_CHECKING:
    import httpx2

    from index.client import Client

MARGIN = 5  # seconds: whoever waits for the stream gives up first, and knows better what it waited for


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
        index.failure.Failure: from its methods, for whatever goes wrong with a request.
    """

    def __init__(self, settings: RagSettings, transport: "httpx2.BaseTransport | None" = None) -> None:
        self._settings = settings
        self._transport = transport
        self.address = base_of(settings.base_url)

    @property
    def where(self) -> str:
        """The address without a name and password in it."""
        return shown(self.address) or "OpenAI"

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
        with failures(), self._client(line, path) as client:
            return [model.id for model in client.models.list() if isinstance(model.id, str)]

    def chat(self, line: Line, path: str, body: dict[str, Any]) -> Iterator[Any]:
        """The JSON documents of an answer as they arrive."""
        with (
            failures(),
            self._client(line, path) as client,
            client.chat.completions.with_streaming_response.create(**body) as response,
        ):
            yield from payloads(response.iter_bytes())

    def post(self, line: Line, path: str, body: dict[str, Any]) -> Any:
        """The JSON that a request beyond OpenAI's own is answered with."""
        with failures(), self._client(line) as client:
            return client.post(path, cast_to=object, body=body)

    def _client(self, line: Line, path: str = "") -> "Client":
        """A client for one request: no connection is kept, since only a new one tells the line its socket."""
        return open_client(
            self._settings.base_url,
            self._settings.api_key,
            self._timeout,
            self._certificates,
            path=path,
            transport=self._transport,
            on_request=line.attach,
        )

    @cached_property
    def _certificates(self) -> ssl.SSLContext:
        return read_certificates()

    @cached_property
    def _timeout(self) -> "httpx2.Timeout":
        import httpx2

        settings = self._settings
        patience = max(settings.first_token_timeout, settings.token_timeout)
        return httpx2.Timeout(patience + MARGIN, connect=settings.connect_timeout)


def proxied() -> bool:
    """Whether the environment names a proxy, which may be what cannot be reached."""
    return bool({"http", "https", "all"} & set(getproxies()))
