"""Whether each vendor answers, and what the service's own calls to it showed."""

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from service.domain.errors import OutsideError
from service.guard.vendor_health import VendorHealth, VendorState

# How long the result of a probe is kept, in seconds.
KEPT_SECONDS = 15.0

# Sends a vendor a request that writes nothing; returns in words what came back.
Probe = Callable[[], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorStatus:
    """The status of a vendor.

    Attributes:
        name: the vendor.
        detail: what came of a request that was sent for this page.
        looked_at: when that was.
        answers: whether it was answered well.
        calls: what the service's own last calls showed.
    """

    name: str
    detail: str
    looked_at: datetime
    answers: bool
    calls: VendorState

    @property
    def is_well(self) -> bool:
        """Whether there is nothing to look into."""
        return self.answers and not (self.calls.failing_since or self.calls.paused_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Probed:
    detail: str
    answers: bool
    at: datetime


class Connections:
    """Sends all vendors a request at once, and reads what the service's own calls showed.

    Args:
        probes: by vendor.
        health: what the calls showed.
    """

    def __init__(self, probes: Mapping[str, Probe], health: VendorHealth) -> None:
        self._probes = probes
        self._health = health
        self._probed: dict[str, _Probed] = {}
        self._looked_at = float("-inf")
        self._lock = threading.Lock()

    def look(self) -> list[VendorStatus]:
        """Return the status of each vendor; the text never quotes a vendor or a secret."""
        with self._lock:
            if time.monotonic() - self._looked_at > KEPT_SECONDS:
                with ThreadPoolExecutor(len(self._probes)) as threads:
                    found = threads.map(_probe, self._probes.values())
                    self._probed = dict(zip(self._probes, found, strict=True))
                self._looked_at = time.monotonic()
            probed = self._probed
        # After the probes: they are calls, too.
        states = self._health.states()
        return [
            VendorStatus(
                name=name,
                detail=one.detail,
                looked_at=one.at,
                answers=one.answers,
                calls=states.get(name, VendorState(vendor=name)),
            )
            for name, one in probed.items()
        ]


def _probe(probe: Probe) -> _Probed:
    try:
        detail, answers = probe(), True
    except OutsideError as error:
        detail, answers = error.problem, False
    return _Probed(detail=detail, answers=answers, at=datetime.now(UTC))
