"""The file of `footnote chat --auth`: one person a line, `name:scrypt:n:r:p:salt:hash`, the last two in hexadecimal."""

import hashlib
import hmac
import os
import re
import secrets
import tempfile
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from index.errors import ConfigError

NAME = re.compile(r"[^\s:#][^\s:]{0,63}")
SHORTEST, LONGEST = 8, 1_000  # characters of a password
COSTS = 2**15, 8, 3  # n, r and p of scrypt: 32 MB of memory and some tenths of a second for each guess
MEMORY = 2**28  # bytes that a line may ask for at most


@dataclass(frozen=True)
class Secret:
    """What is kept of a password."""

    costs: tuple[int, int, int]
    salt: bytes = field(repr=False)
    hash: bytes = field(repr=False)

    @classmethod
    def of(cls, password: str) -> "Secret":
        """The hash of a new password, with a salt of its own."""
        salt = secrets.token_bytes(16)
        return cls(COSTS, salt, _scrypt(password, COSTS, salt))

    def opens(self, password: str) -> bool:
        """Whether this is the password; as slow as the costs say."""
        return hmac.compare_digest(_scrypt(password, self.costs, self.salt), self.hash)

    def line(self, name: str) -> str:
        """The line of the file."""
        return ":".join([name, "scrypt", *map(str, self.costs), self.salt.hex(), self.hash.hex()])


def _scrypt(password: str, costs: tuple[int, int, int], salt: bytes) -> bytes:
    n, r, p = costs
    text = unicodedata.normalize("NFC", password).encode(errors="surrogatepass")
    return hashlib.scrypt(text, salt=salt, n=n, r=r, p=p, maxmem=MEMORY)


def may_enter(people: Mapping[str, Secret], name: str, password: str) -> bool:
    """Whether the password is that of the name; an unknown name takes as long as a known one."""
    if len(password) > LONGEST:
        return False
    known = people.get(name)
    secret = known or next(iter(people.values()))
    return secret.opens(password) and known is not None


def read_people(path: Path) -> dict[str, Secret]:
    """Name → secret, of one person at least.

    Raises:
        ConfigError: the file cannot be read, or a line is none of ours.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise ConfigError(
            f"{path} cannot be read: {reason}.", f"Make it: footnote password NAME --file {path}"
        ) from error
    people = {}
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            try:
                name, secret = _parse(line)
            except ValueError as error:
                raise ConfigError(f"{path}, line {number} is none that `footnote password` writes.") from error
            people[name] = secret
    if not people:
        raise ConfigError(f"{path} names nobody.", f"Run: footnote password NAME --file {path}")
    return people


def _parse(line: str) -> tuple[str, Secret]:
    name, kind, *numbers, salt, hash_ = line.split(":")
    n, r, p = map(int, numbers)
    payable = n > 1 and n.bit_count() == 1 and r > 0 and p > 0 and 128 * r * (n + p) < MEMORY  # what scrypt refuses
    if kind != "scrypt" or not NAME.fullmatch(name) or not payable or len(salt) < 32 or len(hash_) != 128:
        raise ValueError(line)
    return name, Secret((n, r, p), bytes.fromhex(salt), bytes.fromhex(hash_))


def set_password(path: Path, name: str, password: str) -> None:
    """Add a person to the file, or give one a new password; the file is only for its owner, and never half written.

    Raises:
        ConfigError: the name or the password will not do, or the file cannot be read or written.
    """
    if not NAME.fullmatch(name) or not name.isprintable():
        raise ConfigError("A name has 1 to 64 characters, no blank and no colon.")
    if not SHORTEST <= len(password) <= LONGEST:
        raise ConfigError(f"A password has {SHORTEST} to {LONGEST:,} characters.")
    people = read_people(path) if path.exists() and path.stat().st_size else {}
    people[name] = Secret.of(password)
    try:
        descriptor, made = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mkstemp makes it 0600
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(f"{secret.line(one)}\n" for one, secret in people.items())
        os.replace(made, path)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}.") from error
