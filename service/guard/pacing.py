"""What all workers together send to a vendor: no more than its limit, and nothing while it is down.

The limit is a row in the database, reserved once a request (GCRA, as in ITU-T I.371): a limiter in
each process would not know of the others, and one that counts jobs would not know of requests.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from integrations.http.policy import Call
from service.domain.errors import Deferred, TransientError
from service.domain.reasons import Failure, failure_code
from service.records.database import Connection, Database

# A vendor that fails for this many tickets in a row, whatever they are, is down.
FAILING_TICKETS = 3
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0
# One request tries whether a vendor is back; the others wait for so long to hear of it.
PROBE = timedelta(seconds=15)
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


class CircuitOpen(TransientError):
    """The vendor failed for several tickets just now: it is left alone for a while."""

    def __init__(self, vendor: str, seconds: float) -> None:
        super().__init__(
            vendor,
            "It failed for several tickets in a row, or asked for a pause, so it is left alone for "
            "a moment.",
            code=failure_code(vendor, Failure.PAUSED),
            retry_after=seconds,
        )


class RateLimited(Deferred):
    """So many requests wait that this one had better come back later."""

    def __init__(self, vendor: str, seconds: float) -> None:
        super().__init__(
            vendor,
            "Many requests wait for their turn.",
            code=failure_code(vendor, Failure.BUSY),
            retry_after=seconds,
        )


class Pacing:
    """Lets requests pass one by one, over all workers.

    Args:
        database: where all workers meet.
        limits: by vendor; `UPDATES` holds for updates of tickets, on top of Zendesk's own.
        wait: waits for some seconds.
    """

    def __init__(
        self, database: Database, limits: Mapping[str, Limit], *, wait: Callable[[float], None]
    ) -> None:
        self._database = database
        self._limits = limits
        self._wait = wait
        # Vendors that failed of late, as far as this process has seen.
        self._troubled: set[str] = set()

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
            row = _lock_vendor(connection, name)
            now: datetime = row["now"]
            until = max(row["paused_until"], row["asked_until"])
            if until > now:
                raise CircuitOpen(vendor, (until - now).total_seconds())
            if row["failing_tickets"]:
                self._troubled.add(name)
            if len(row["failing_tickets"]) >= FAILING_TICKETS:
                connection.execute(
                    "UPDATE vendors SET paused_until = %s WHERE name = %s", (now + PROBE, name)
                )
            limit = self._limits.get(name)
            if limit is None:
                return 0.0
            slot = max(row["free_at"], now - timedelta(seconds=limit.interval) * (limit.burst - 1))
            seconds: float = max(0.0, (slot - now).total_seconds())
            if seconds > LONGEST_WAIT:
                raise RateLimited(vendor, seconds)
            connection.execute(
                "UPDATE vendors SET free_at = %s WHERE name = %s",
                (slot + timedelta(seconds=limit.interval), name),
            )
        return seconds

    def record_success(self, vendor: str) -> None:
        """Note that a vendor is up; only after trouble is there anything to note."""
        if vendor not in self._troubled:
            return
        self._troubled.discard(vendor)
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE vendors SET failing_tickets = '{}', failing_since = NULL,"
                " paused_until = 'epoch' WHERE name = %s AND failing_tickets <> '{}'",
                (vendor,),
            )

    def failed(self, failure: TransientError, ticket_id: int) -> None:
        """Note that a vendor failed for a ticket; leave it alone where it asks to, or is down."""
        if isinstance(failure, CircuitOpen | RateLimited):
            return
        self._troubled.add(failure.system)
        with self._database.transaction() as connection:
            row = _lock_vendor(connection, failure.system)
            now: datetime = row["now"]
            since: datetime = row["failing_since"] or now
            tickets = {*row["failing_tickets"], ticket_id}
            pause = 0.0
            if len(tickets) >= FAILING_TICKETS:
                # As long as it has failed already: many failures at once make no long pause.
                growing = min(max(FIRST_PAUSE, (now - since).total_seconds()), LONGEST_PAUSE)
                pause = growing * (0.5 + random.random() / 2)  # noqa: S311 - not a secret
            # The limit is the account's: it holds for every ticket, and a good answer to a request
            # that was under way does not end it.
            asked = (failure.retry_after or 0.0) if failure.is_limit else 0.0
            connection.execute(
                "UPDATE vendors SET failing_tickets = %s, failing_since = %s,"
                " paused_until = greatest(paused_until, %s),"
                " asked_until = greatest(asked_until, %s) WHERE name = %s",
                (
                    sorted(tickets)[-FAILING_TICKETS:],
                    since,
                    now + timedelta(seconds=pause),
                    now + timedelta(seconds=min(asked, LONGEST_PAUSE)),
                    failure.system,
                ),
            )


def _lock_vendor(connection: Connection, name: str) -> dict[str, Any]:
    query = "SELECT *, clock_timestamp() AS now FROM vendors WHERE name = %s FOR UPDATE"
    row = connection.execute(query, (name,)).fetchone()
    if row is None:
        connection.execute("INSERT INTO vendors (name) VALUES (%s) ON CONFLICT DO NOTHING", (name,))
        row = connection.execute(query, (name,)).fetchone()
    assert row  # noqa: S101 - just inserted, and vendors are not deleted
    return row
