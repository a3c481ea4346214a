"""What all workers together send to a vendor: no more than its limit.

The limit is a row in the database, reserved once a request (GCRA, as in ITU-T I.371): a limiter in
each process would not know of the others, and one that counts jobs would not know of requests.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from integrations.http.policy import Call
from service.config.settings import Settings
from service.domain.errors import Deferred
from service.domain.reasons import Failure, failure_code
from service.guard.circuit_breaker import CircuitBreaker, lock_vendor
from service.records.database import Database

# Waiting longer than this holds a worker up for nothing: the ticket is put off instead.
LONGEST_WAIT = 30.0

UPDATES = "Zendesk updates"
GITHUB_WRITES = "GitHub writes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How many requests may be sent in how many seconds.

    Attributes:
        most_at_once: how many may be sent at once after a while without any; None for a twentieth.
    """

    requests: int
    seconds: float
    most_at_once: int | None = None

    @property
    def burst(self) -> int:
        """How many may be sent at once after a while without any."""
        return self.most_at_once or max(1, self.requests // 20)

    @property
    def interval(self) -> float:
        """Seconds between requests in the long run.

        Burst and long run together stay one below the limit in any window of its length.
        """
        return self.seconds / max(1, self.requests - self.burst - 1)

    def slot(self, free_at: datetime, now: datetime) -> datetime:
        """Return when a request may be sent, if the next slot was free at `free_at`."""
        return max(free_at, now - timedelta(seconds=self.interval) * (self.burst - 1))

    def free_after(self, slot: datetime) -> datetime:
        """Return when the next slot is free, once one is taken."""
        return slot + timedelta(seconds=self.interval)


class RateLimited(Deferred):
    """Too many requests are waiting: this one is to be tried again later."""

    def __init__(self, vendor: str, seconds: float) -> None:
        super().__init__(
            vendor,
            "Many requests wait for their turn.",
            code=failure_code(vendor, Failure.BUSY),
            retry_after=seconds,
        )


# GitHub's secondary limits: 80 writes a minute and 500 an hour. These are never more than 60 at
# once and one each eight seconds after that.
GITHUB_WRITES_LIMIT = Limit(requests=500, seconds=3600, most_at_once=60)


def limits(settings: Settings) -> dict[str, Limit]:
    """Return what all workers together may send to each vendor; GitHub's own answers limit it."""
    return {
        "Zendesk": Limit(requests=settings.zendesk_requests_per_minute, seconds=60),
        UPDATES: Limit(requests=settings.zendesk_updates_per_minute, seconds=60),
        "Trello": Limit(requests=settings.trello_requests_per_10_seconds, seconds=10),
        GITHUB_WRITES: GITHUB_WRITES_LIMIT,
    }


class RateLimiter:
    """Lets requests pass one by one, over all workers.

    Args:
        database: shared by all workers.
        limits: by vendor; `UPDATES` holds for updates of tickets, on top of Zendesk's own.
        breaker: is asked first, in the same transaction, whether the vendor may be called at all.
        wait: waits for some seconds.
    """

    def __init__(
        self,
        database: Database,
        limits: Mapping[str, Limit],
        *,
        breaker: CircuitBreaker,
        wait: Callable[[float], None],
    ) -> None:
        self._database = database
        self._limits = limits
        self._breaker = breaker
        self._wait = wait

    def before_call(self, call: Call) -> None:
        """Wait until a request may be sent.

        Raises:
            CircuitOpen: the vendor is down.
            RateLimited: its turn would come too late.
        """
        names = [call.system]
        if call.is_write and call.system == "Zendesk":
            names.append(UPDATES)
        if call.is_write and call.system == "GitHub":
            names.append(GITHUB_WRITES)
        for name in names:
            seconds = self._reserve(name, vendor=call.system)
            if seconds > 0:
                self._wait(seconds)

    def _reserve(self, name: str, *, vendor: str) -> float:
        with self._database.transaction() as connection:
            row = lock_vendor(connection, name)
            now: datetime = row["now"]
            if name == vendor:
                self._breaker.check(connection, vendor, row)
            limit = self._limits.get(name)
            if limit is None:
                return 0.0
            slot = limit.slot(row["free_at"], now)
            seconds: float = max(0.0, (slot - now).total_seconds())
            if seconds > LONGEST_WAIT:
                raise RateLimited(vendor, seconds)
            connection.execute(
                "UPDATE vendors SET free_at = %s WHERE name = %s",
                (limit.free_after(slot), name),
            )
        return seconds
