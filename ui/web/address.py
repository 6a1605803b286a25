"""Under which names and which path the window is reached."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from index.errors import ConfigError

ROOT = re.compile(
    r"(?P<origin>https?://(?P<name>[a-z0-9.-]+|\[[0-9a-f:]+\])(:\d{1,5})?)?(?P<path>(/[\w.~-]+)*)",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True)
class Address:
    """`path` is "" or like "/footnote"; `origin` is "" or like "https://news.example"; `names` are further hosts."""

    path: str = ""
    origin: str = ""
    names: frozenset[str] = frozenset({"localhost"})

    @property
    def root(self) -> str:
        """What comes before every path: the whole address where it is known."""
        return self.origin + self.path

    def has_name(self, host: str) -> bool:
        """Whether a page may be asked for under this Host header.

        An attacker's page can make its own name point to this machine, and would then read ours as its own. Numbers
        cannot be pointed elsewhere; names must be known.
        """
        try:
            name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        except ValueError:
            return False
        return name in self.names or _is_number(name)

    def is_own(self, origin: str, host: str) -> bool:
        """Whether the page at `origin` (a header) is this window, as reached under the Host header `host`."""
        scheme, _, rest = origin.lower().partition("://")
        return origin.lower() == self.origin or (scheme in ("http", "https") and rest == host.lower())


def parse_address(root_path: str, host: str) -> Address:
    """The address from `--root-path` (a path, or a whole address) and `--host`.

    Raises:
        ConfigError: `--root-path` is neither.
    """
    match = ROOT.fullmatch(root_path.rstrip("/"))
    if not match:
        raise ConfigError(
            f"--root-path: {root_path} is none.", "Write it as /footnote or https://news.example/footnote."
        )
    origin = (match["origin"] or "").lower()
    usual_port = ":443" if origin.startswith("https") else ":80"
    names = frozenset({"localhost", host.lower(), (match["name"] or "localhost").lower()})
    return Address(match["path"], origin.removesuffix(usual_port), names)


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
