"""Connections that keep one deadline from start to end, and know whether they were kept.

The libraries' own time-outs start again at each read, so a response that drips would hold a worker
for as long as it likes. Here every connect, send and read gets what is left of the one deadline.
"""

import io
import socket
from contextvars import ContextVar
from dataclasses import dataclass
from http.client import HTTPResponse
from time import monotonic
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from integrations.http.lookups import Lookups

_POOL_SIZE = 64
_lookups = Lookups()


@dataclass(slots=True)
class Attempt:
    """One request on its way.

    Attributes:
        deadline: on the monotonic clock.
        is_new: a connection was opened for it.
        is_connected: its connection stood, so that the request may have been sent.
        has_response: the response has begun to arrive.
    """

    deadline: float
    is_new: bool = False
    is_connected: bool = False
    has_response: bool = False

    @property
    def is_over(self) -> bool:
        """Whether the deadline has passed."""
        return monotonic() >= self.deadline

    def left(self) -> float:
        """Return seconds until the deadline; raise `TimeoutError` if none are left."""
        left = self.deadline - monotonic()
        if left <= 0:
            raise TimeoutError
        return left


attempt_under_way: ContextVar[Attempt] = ContextVar("attempt_under_way")


class _DeadlineFile(io.RawIOBase):
    """What a socket receives, each read bounded by what is left."""

    def __init__(self, received: io.RawIOBase, sock: socket.socket, attempt: Attempt) -> None:
        self._received = received
        self._sock = sock
        self._attempt = attempt

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._attempt.left())
        return self._received.readinto(buffer)

    def close(self) -> None:
        self._received.close()
        super().close()


class _DeadlineResponse(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        # Detached, not replaced: the socket counts the files made of it before it closes.
        received = self.fp.detach()
        self.fp = io.BufferedReader(_DeadlineFile(received, sock, attempt_under_way.get()))


class _DeadlineConnection(HTTPConnection):
    response_class = _DeadlineResponse  # type: ignore[mutable-override]

    def _new_conn(self) -> socket.socket:
        attempt = attempt_under_way.get()
        attempt.is_new = True
        return _connect(self._dns_host.strip("[]"), self.port or self.default_port, attempt)

    def connect(self) -> None:
        super().connect()
        attempt_under_way.get().is_connected = True

    def request(self, *args: Any, **kwargs: Any) -> None:
        attempt = attempt_under_way.get()
        if self.sock is not None:
            attempt.is_connected = True
            self.sock.settimeout(attempt.left())
        super().request(*args, **kwargs)


class _DeadlineSecureConnection(_DeadlineConnection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _DeadlineConnection  # type: ignore[mutable-override]


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _DeadlineSecureConnection  # type: ignore[mutable-override]


class DeadlineAdapter(HTTPAdapter):
    """Sends requests within the deadline of `attempt_under_way`, and none of them twice."""

    def __init__(self) -> None:
        super().__init__(pool_maxsize=_POOL_SIZE, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Build the pools of connections out of ours."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


def _connect(host: str, port: int, attempt: Attempt) -> socket.socket:
    """Try each of a host's addresses with a fair share of the time that is left."""
    addresses = _lookups.addresses(host, port, seconds=attempt.left())
    problem = OSError("the host has no address")
    for tried, (family, kind, protocol, _, address) in enumerate(addresses):
        sock = socket.socket(family, kind, protocol)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(attempt.left() / (len(addresses) - tried))
            sock.connect(address)
            sock.settimeout(attempt.left())
        except OSError as error:
            sock.close()
            problem = error
        else:
            return sock
    raise problem
