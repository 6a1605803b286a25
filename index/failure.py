"""How a request to an endpoint failed, and when it may be tried again. Pure, but for the clock."""

import random
import re
import time
from contextlib import suppress
from email.utils import parsedate_to_datetime

OVERFLOW = re.compile(
    r"context[ _-]?(?:size|length|window)|(?:prompt|input|request)\b[^.]{0,40}\btoo (?:long|large)"
    r"|too many [a-z ]*tokens|tokens\W[^.]{0,60}exceed|exceed[^.]{0,60}\btokens|max_tokens must be at least",
    re.IGNORECASE,
)
MAY_OVERFLOW = {400, 413, 422, 500}  # some servers take it for their own fault
QUOTA = re.compile(r"quota|billing|credit|insufficient", re.IGNORECASE)
# Google's words for a key that is wrong, and those of LiteLLM, which looks for it in a database that it does not have.
KEY = re.compile(r"api[ _-]key\b|no connected db", re.IGNORECASE)
TRANSIENT = {408, 409, 429, 500, 502, 503, 504}
HAPPENED = {
    404: "was not found",
    405: "was not found",
    429: "has too much to do (HTTP 429)",
    "certificate": "shows a certificate that is not trusted",
    "timeout": "did not answer in time",
    "cut": "broke off",
    "unreadable": "sent something unreadable",
}


def refuses_key(status: int, said: str) -> bool:
    """Whether a refusal is about the key, from its status and the server's words."""
    return status in (401, 403) or (status == 400 and bool(KEY.search(said)))


class Failure(Exception):
    """A request that failed.

    Args:
        kind: "status", or what went wrong without one: "refused", "unreachable", "certificate", "timeout", "cut",
            "unreadable".
        status: HTTP's, 0 where there is none.
        said: the server's words, to be read here and never to be shown: they may repeat the key or the articles.
        wait: seconds that it asks to wait.
    """

    def __init__(self, kind: str, status: int = 0, said: str = "", wait: float | None = None) -> None:
        super().__init__(kind, status)
        self.kind = kind
        self.status = status
        self.said = said
        self.wait = wait

    @property
    def happened(self) -> str:
        """What the server did, as the end of a sentence."""
        if refuses_key(self.status, self.said):
            return "refused the key"
        otherwise = f"answered with HTTP {self.status}" if self.status else "cannot be reached"
        return HAPPENED.get(self.status or self.kind, otherwise)

    @property
    def overflow(self) -> bool:
        """The prompt is longer than the model's window."""
        return self.status in MAY_OVERFLOW and bool(OVERFLOW.search(self.said))

    @property
    def quota(self) -> bool:
        """The account is used up, which no waiting cures."""
        return self.status == 402 or (self.status in (403, 429) and bool(QUOTA.search(self.said)))

    @property
    def transient(self) -> bool:
        return self.status in TRANSIENT and not (self.quota or self.overflow)


def seconds_asked(header: str) -> float | None:
    """Retry-After in seconds; it is a number of them or a date."""
    with suppress(ValueError):
        return max(0.0, float(header))
    with suppress(ValueError):
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    return None


def until_next(attempt: int, asked: float | None, first: float, longest: float) -> float | None:
    """Seconds between an attempt, counted from 1, and the next: as many as are asked for, else twice as many each time.

    A little at random, since many must not come back at once. None where more than the longest wait is asked for.
    """
    if asked is not None:
        return asked * random.uniform(1, 1.1) if asked <= longest else None
    return min(longest, first * (1 << attempt - 1) * random.uniform(0.5, 1.5))
