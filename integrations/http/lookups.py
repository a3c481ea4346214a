"""Looking up a host's addresses within a deadline: the system's own way knows none.

A resolver that stays silent holds a look-up for a minute or longer, and nothing can end it. So it
is made in a thread of its own, which is left behind. Other calls to that host meanwhile wait for
the same look-up: no more threads are made.
"""

import socket
import threading
from concurrent.futures import Future
from typing import Any

# As `socket.getaddrinfo` has it: family, kind, protocol, canonical name, address.
Addresses = list[tuple[Any, ...]]


class Lookups:
    """Looks up hosts, one look-up at a time for each."""

    def __init__(self) -> None:
        self._under_way: dict[tuple[str, int], Future[Addresses]] = {}
        self._lock = threading.Lock()

    def addresses(self, host: str, port: int, *, seconds: float) -> Addresses:
        """Return a host's addresses.

        Raises:
            OSError: no resolver knows it; `TimeoutError` if none answers in time.
        """
        key = (host, port)
        with self._lock:
            found = self._under_way.get(key)
            if found is None:
                found = self._under_way[key] = Future()
                threading.Thread(
                    target=self._look_up, args=(key, found), name="look-up", daemon=True
                ).start()
        return found.result(timeout=seconds)

    def _look_up(self, key: tuple[str, int], found: Future[Addresses]) -> None:
        host, port = key
        try:
            addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except Exception as error:  # noqa: BLE001 - it reaches those who wait
            self._forget(key)
            found.set_exception(error)
        else:
            self._forget(key)
            found.set_result(list(addresses))

    def _forget(self, key: tuple[str, int]) -> None:
        with self._lock:
            del self._under_way[key]
