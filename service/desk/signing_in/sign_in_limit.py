"""So many failed attempts to sign in from one address, and no more."""

import ipaddress
import threading
import time
from collections import deque
from collections.abc import Callable

MOST_FAILURES = 10
WITHIN_SECONDS = 15 * 60
# Beyond that many addresses, those that failed longest ago are forgotten.
MOST_ADDRESSES = 10_000


class SignInLimit:
    """Counts failed attempts by the address they came from, or by the network of one of IPv6.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def is_reached(self, address: str) -> bool:
        """Return whether an address has to wait."""
        with self._lock:
            return len(self._recent(counted_as(address))) >= MOST_FAILURES

    def failed(self, address: str) -> None:
        """Count a failure."""
        address = counted_as(address)
        with self._lock:
            failures = self._recent(address)
            failures.append(self._clock())
            self._failures.pop(address, None)
            self._failures[address] = failures
            while len(self._failures) > MOST_ADDRESSES:
                del self._failures[next(iter(self._failures))]

    def _recent(self, address: str) -> deque[float]:
        failures = self._failures.get(address, deque())
        while failures and failures[0] < self._clock() - WITHIN_SECONDS:
            failures.popleft()
        return failures


def counted_as(address: str) -> str:
    """Return what an address is counted as: one of IPv6 as its network of 64 bits.

    A single subscriber has all of that network: https://www.rfc-editor.org/rfc/rfc4291#section-2.5.1
    """
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return address
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((int(known), 64), strict=False))
