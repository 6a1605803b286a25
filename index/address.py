"""Addresses of endpoints: taken apart, compared, and shown without secrets. Pure."""

import re
from urllib.parse import SplitResult, urlsplit

OPENAI = "https://api.openai.com/v1"  # where no address is set
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})  # no proxy stands between this machine and itself
VERSION = re.compile(r"/v\d+\w*/?$")


def split(address: str) -> SplitResult:
    """The parts of an address; all empty where it is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def shown(address: str) -> str:
    """An address without a name, a password (which may have any character in it) or a query."""
    return re.split("[?#]", re.sub("//.*@", "//", address))[0]


def has_version(address: str) -> bool:
    """Whether it ends in /v1 or the like."""
    return bool(VERSION.search(address))


def same_server(first: str, second: str) -> bool:
    """Whether what may be told to the one may be told to the other; OpenAI's where none is named."""
    return _server(first) == _server(second)


def _server(address: str) -> tuple[str, str]:
    """Scheme, and host with port; whoever is named before the host, the request goes to the same server."""
    parts = split(address or OPENAI)
    return parts.scheme, parts.netloc.rpartition("@")[2]
