"""Connections for httpcore that reach public machines only, and end in time.

The host is looked up here, at the moment of connecting, and the connection goes to the very address that was checked:
a name cannot mean one machine when it is checked and another when it is visited.
"""

import math
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

from index.web.addresses import HOW_TO_ALLOW, is_public

Resolve = Callable[[str, int], list[str]]  # host, port → numeric addresses


class Refused(Exception):
    """A host that cannot or must not be visited: why, and what to do about it. The caller adds which address it was."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


class Deadline(threading.local):
    """When the request of the current thread has to be over (monotonic seconds): connections outlive requests."""

    at = math.inf

    def within(self, seconds: float | None) -> float:
        """`seconds`, or what is left if that is less.

        Raises:
            httpcore.ReadTimeout: nothing is left.
        """
        left = self.at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("The time is up.")
        return left if seconds is None else min(left, seconds)


class GuardedBackend(httpcore.NetworkBackend):
    """Looks hosts up with `resolve`, refuses those that are not public, and opens connections through `backend`."""

    def __init__(
        self, allow_private: bool, resolve: Resolve, backend: httpcore.NetworkBackend | None, deadline: Deadline
    ) -> None:
        self._allow_private = allow_private
        self._resolve = resolve
        self._backend = backend or httpcore.SyncBackend()
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: httpcore.ConnectError | httpcore.ConnectTimeout = httpcore.ConnectError("no address")
        for address in self._addresses(host, port):
            try:
                stream = self._backend.connect_tcp(
                    address, port, self._deadline.within(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise Refused("there is no such host.", "Check the address and your connection.") from error
        if not self._allow_private and not all(map(is_public, addresses)):
            raise Refused("resolves to a private address.", HOW_TO_ALLOW)
        return addresses


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every step keeps the deadline, so that a server cannot hold on by sending byte by byte."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.within(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.within(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.within(timeout))
        except (httpcore.ConnectError, httpcore.TimeoutException) as error:
            self.close()  # nobody else does: the connection is not yet one of the pool's
            if isinstance(error.__cause__, ssl.SSLCertVerificationError):  # another attempt would not help
                reason = f"its certificate is not valid ({error.__cause__.verify_message})."
                raise Refused(reason, "Check the address.") from error
            raise
        return _TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
