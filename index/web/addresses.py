"""Web addresses: which text is one, how one is shown, and which machines may be visited. Opens no connection."""

import re
import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

LONGEST_SHOWN = 200  # characters
# Addresses of the IPv6 internet. All else (loopback, link-local, site-local, multicast …) lies outside.
GLOBAL_UNICAST = IPv6Network("2000::/3")
TRANSLATED = IPv6Network("64:ff9b::/96")  # NAT64: an IPv4 address in the last 32 bits
RELAYS = IPv4Network("192.88.99.0/24")  # 6to4 relays; Python calls them global, nobody runs one any more
HOW_TO_ALLOW = "Allow it with --allow-private."  # an address that is refused


def is_url(text: str) -> bool:
    """Has `text` a scheme and "://"?

    True of ftp:// and file:// too, so that those are refused by name and not taken for paths. A single letter is no
    scheme but a drive (C://notes).
    """
    return re.match(r"\s*[A-Za-z][A-Za-z0-9+.-]+://", text) is not None


def shown(text: str) -> str:
    """`text` for a message: no control characters, no user and password of an address, at most 200 characters."""
    without_secrets = re.sub(r"//[^/?#]*@", "//", text)
    line = " ".join("".join(c if c.isprintable() else " " for c in without_secrets).split())
    return line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"


def addresses_of(host: str, port: int) -> list[str]:
    """The numeric addresses of `host`, in the order to try them, each once. Raises OSError or UnicodeError for none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: str) -> bool:
    """Does the numeric `address` lie on the internet, for everybody?

    Not so: private, loopback, link-local, shared (100.64.0.0/10), reserved, unspecified and multicast addresses, and
    the IPv6 forms that carry such an IPv4 address inside.
    """
    ip = ip_address(address)
    if not isinstance(ip, IPv6Address):
        return ip.is_global and not ip.is_multicast and ip not in RELAYS
    carried = ip.ipv4_mapped or ip.sixtofour
    if carried is None and ip in TRANSLATED:
        carried = IPv4Address(int(ip) & 0xFFFFFFFF)
    if carried is not None:
        return is_public(str(carried))
    return ip in GLOBAL_UNICAST and ip.is_global
