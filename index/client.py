"""OpenAI's client, its one door: it tries nothing again, keeps secrets out of the log, and fails as a `Failure`."""

import logging
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import parse_qsl

from pydantic import SecretStr

from index.address import LOOPBACK, OPENAI
from index.failure import Failure, seconds_asked

if TYPE_CHECKING:
    import httpx2
    from openai import OpenAI

    Client: TypeAlias = OpenAI  # for others, who do not import it themselves

LOCAL_KEY = "none"  # the client insists on a key; local servers ignore it


def base_of(address: str) -> str:
    """An address up to /v1, without the path of a request and a query."""
    return address.strip().partition("?")[0].rstrip("/").removesuffix("/chat/completions")


def open_client(  # noqa: PLR0913
    address: str,
    key: SecretStr,
    timeout: "httpx2.Timeout",
    certificates: ssl.SSLContext,
    *,
    path: str = "",
    transport: "httpx2.BaseTransport | None" = None,
    on_request: "Callable[[httpx2.Request], None] | None" = None,
) -> "Client":
    """A client for an address, OpenAI's where it is empty; `path` is what the address lacks.

    Raises:
        ValueError, OSError, httpx2.InvalidURL: the address or a proxy makes no sense; their texts may hold a password.
    """
    from openai import DefaultHttpxClient, OpenAI

    hosts = (f"[{host}]" if ":" in host else host for host in LOOPBACK)
    http_client = DefaultHttpxClient(
        transport=transport,
        verify=certificates,
        timeout=timeout,
        mounts={f"all://{host}": None for host in hosts},  # no proxy
        event_hooks={"request": [on_request] if on_request else []},
    )
    return OpenAI(
        base_url=(base_of(address) or OPENAI) + path,
        api_key=key.get_secret_value() or LOCAL_KEY,
        default_query=dict(parse_qsl(address.partition("?")[2])),
        max_retries=0,
        timeout=timeout,
        http_client=http_client,
    )


def read_certificates() -> ssl.SSLContext:
    """Those that are trusted; to be kept, since reading them takes as long as a short answer. Raises OSError."""
    import httpx2

    for name in ("httpx2", "openai._base_client"):
        logging.getLogger(name).addFilter(_without_secrets)
    return httpx2.create_ssl_context()


def _without_secrets(record: logging.LogRecord) -> bool:
    """For the libraries' loggers: an address is logged without its password and query."""
    import httpx2

    def clean(value: object) -> object:
        return value.copy_with(query=None, userinfo=b"") if isinstance(value, httpx2.URL) else value

    if isinstance(record.args, tuple):
        record.args = tuple(map(clean, record.args))
    return True


@contextmanager
def failures() -> Iterator[None]:
    """Whatever the client raises, as a Failure. Its own code trips over answers that are none, hence the long list."""
    import httpx2
    import openai

    unreadable = ValueError, TypeError, AttributeError, LookupError, RecursionError
    try:
        yield
    except openai.APIStatusError as error:
        wait = seconds_asked(error.response.headers.get("retry-after", ""))
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
