"""The web: an address → the pages it stands for, and each page as bytes. Safe to point anywhere.

    with Web() as web:
        listing = web.discover("https://news.example/feed.xml")
        for item, page in web.fetch_all(listing.items): ...

What is safe about it is in connect.py (where it goes) and download.py (how much it takes).
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Self

from index.errors import LoadError
from index.records import Item, Limits, Listing, Page
from index.web.addresses import addresses_of, is_url, shown
from index.web.feeds import kind_of, read_feed, read_sitemap

if TYPE_CHECKING:
    from concurrent.futures import Future

    from httpcore import NetworkBackend
    from tenacity import RetryCallState

__all__ = ["Item", "Limits", "Listing", "Page", "Web", "is_url"]

FEED_TYPES = ("application/rss+xml", "application/atom+xml")
DEEPEST = 2  # a sitemap index may list indexes, but these list sitemaps only
FIRST_WAIT = 0.5  # seconds; doubled for each further attempt


class Web:
    """Reads http and https addresses; private machines only with `allow_private`. Threads may share it.

    `resolve` looks hosts up, `backend` opens connections to what it gave, `sleep` waits between attempts.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        limits: Limits | None = None,
        resolve: Callable[[str, int], list[str]] = addresses_of,
        backend: "NetworkBackend | None" = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        from index.web.download import Downloader

        self._limits = limits or Limits()
        self._sleep = sleep
        self._downloader = Downloader(allow_private, self._limits, resolve, backend)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._downloader.close()

    def discover(self, url: str) -> Listing:
        """What `url` stands for: itself if it is a page, else what its feed or sitemap lists.

        Raises:
            LoadError: it cannot be fetched, or is a feed or sitemap that cannot be read or lists nothing.
        """
        page = self._page(url)
        kind = kind_of(page.body)
        if kind == "feed":
            items = read_feed(page.body, page.url, page.content_type)
            most = self._limits.items
            return Listing("feed", tuple(items[:most]), cut=max(0, len(items) - most))
        if kind:
            return self._sitemap(page)
        if page.content_type.startswith(FEED_TYPES):
            raise LoadError(f"{shown(url)}: calls itself a feed, but is none.")
        return Listing("page", (Item(url.strip()),), page=page)

    def fetch(self, url: str, stamp: str = "") -> Page | None:
        """What `url` answers; None if it has not changed since the page that had this `stamp`.

        Raises:
            LoadError: it cannot be fetched, must not be visited, or is no article; in one line that names it.
        """
        from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, stop_before_delay

        from index.web.download import TryAgain

        limits = self._limits
        retrying = Retrying(
            retry=retry_if_exception_type(TryAgain),
            stop=stop_after_attempt(limits.attempts) | stop_before_delay(limits.seconds),
            wait=_wait,
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(self._downloader.get, url, stamp, time.monotonic() + limits.seconds)

    def fetch_all(
        self, items: Iterable[Item], stamps: Mapping[str, str] | None = None
    ) -> Iterator[tuple[Item, Page | LoadError | None]]:
        """Each item with what `fetch` gives or raises, in order; a few are fetched ahead. `stamps`: address → stamp."""
        from concurrent.futures import ThreadPoolExecutor

        stamps = stamps or {}
        ahead: deque[tuple[Item, Future[Page | LoadError | None]]] = deque()
        with ThreadPoolExecutor(self._limits.connections) as pool:
            try:
                for item in items:
                    ahead.append((item, pool.submit(self._fetched, item.url, stamps.get(item.url, ""))))
                    if len(ahead) == self._limits.connections:
                        first, future = ahead.popleft()
                        yield first, future.result()
                while ahead:
                    first, future = ahead.popleft()
                    yield first, future.result()
            finally:
                for _, future in ahead:  # nobody wants them any more
                    future.cancel()

    def _fetched(self, url: str, stamp: str) -> Page | LoadError | None:
        try:
            return self.fetch(url, stamp)
        except LoadError as error:
            return error

    def _page(self, url: str) -> Page:
        page = self.fetch(url)
        assert page is not None  # without a stamp there is nothing to be unchanged since
        return page

    def _sitemap(self, first: Page) -> Listing:
        """The pages of a sitemap; of an index, those of its parts one after the other until the limit is reached."""
        items: dict[str, Item] = {}
        failed: list[LoadError] = []
        seen = {first.url}
        pending = [(first.url, 0)]  # (address, depth), the next one last
        opened = 0
        while pending and opened <= self._limits.parts and len(items) < self._limits.items:
            url, depth = pending.pop()
            opened += 1
            try:
                page = self._page(url) if depth else first
                is_index, found = _read_part(page, depth)
            except LoadError as error:
                failed.append(error)
                continue
            new = [item for item in found if item.url not in seen]
            if is_index:
                seen.update(item.url for item in new)
                pending.extend((item.url, depth + 1) for item in reversed(new))
            for item in () if is_index else found:
                items.setdefault(item.url, item)
        if not items:
            raise failed[0] if failed else LoadError(f"{shown(first.url)}: this sitemap lists no pages.")
        most = self._limits.items
        return Listing(
            "sitemap", tuple(items.values())[:most], cut=max(0, len(items) - most) + len(pending), failed=tuple(failed)
        )


def _read_part(page: Page, depth: int) -> tuple[bool, list[Item]]:
    """A file of a sitemap: is it an index, and what it lists. Sitemaps may have feeds as parts."""
    kind = kind_of(page.body)
    if kind == "feed":
        return False, read_feed(page.body, page.url, page.content_type)
    if not kind:
        raise LoadError(f"{shown(page.url)}: part of a sitemap, but none itself.")
    if kind == "sitemap index" and depth >= DEEPEST:
        raise LoadError(f"{shown(page.url)}: a sitemap index nested too deep.", "Give its own address.")
    return kind == "sitemap index", read_sitemap(page.body, page.url)


def _wait(state: "RetryCallState") -> float:
    """Seconds before the next attempt: what the server asked for, or a little and then more."""
    asked = getattr(state.outcome and state.outcome.exception(), "seconds", None)
    return FIRST_WAIT * 2 ** (state.attempt_number - 1) if asked is None else float(asked)
