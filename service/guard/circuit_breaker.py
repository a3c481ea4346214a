"""A vendor that is down, or asks for a pause, gets no requests from any worker.

What is known of it is a row in the database: a circuit breaker in each process would not know of
the others' failures.
"""

import random
from datetime import datetime, timedelta
from typing import Any

from service.domain.errors import Deferred, TransientError
from service.domain.reasons import Failure, failure_code
from service.records.database import Connection, Database

# A vendor that fails for this many tickets in a row, whatever they are, is down.
FAILING_TICKETS = 3
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0
# One probe request finds out whether a vendor is back; the others wait this long for it.
PROBE = timedelta(seconds=15)


class CircuitOpen(TransientError):
    """The vendor failed for several tickets recently: no request is sent for a while."""

    def __init__(self, vendor: str, seconds: float) -> None:
        super().__init__(
            vendor,
            "It failed for several tickets in a row, or asked for a pause, so the circuit is open: "
            "no request is sent for now.",
            code=failure_code(vendor, Failure.PAUSED),
            retry_after=seconds,
        )


class CircuitBreaker:
    """Notes for which tickets each vendor failed, and stops calls to one that is down.

    Args:
        database: shared by all workers.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        # Vendors that failed recently, as far as this process has seen.
        self._troubled: set[str] = set()

    def check(self, connection: Connection, vendor: str, row: dict[str, Any]) -> None:
        """Do nothing if a vendor may be called.

        Args:
            connection: in whose transaction.
            vendor: the vendor to call.
            row: what is known of it; see `lock_vendor`.

        Raises:
            CircuitOpen: the vendor is down.
        """
        now: datetime = row["now"]
        until = max(row["paused_until"], row["asked_until"])
        if until > now:
            raise CircuitOpen(vendor, (until - now).total_seconds())
        if row["failing_tickets"]:
            self._troubled.add(vendor)
        if len(row["failing_tickets"]) >= FAILING_TICKETS:
            connection.execute(
                "UPDATE vendors SET paused_until = %s WHERE name = %s", (now + PROBE, vendor)
            )

    def record_success(self, vendor: str) -> None:
        """Record that a vendor is up; a write is needed only after a failure."""
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
        """Record that a vendor failed for a ticket; open the circuit if it is down or asks so."""
        if isinstance(failure, CircuitOpen | Deferred):
            return
        self._troubled.add(failure.system)
        with self._database.transaction() as connection:
            row = lock_vendor(connection, failure.system)
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


def lock_vendor(connection: Connection, name: str) -> dict[str, Any]:
    """Return what all workers know of a vendor, and lock it until the transaction ends.

    Args:
        connection: in whose transaction.
        name: a vendor, or one of its further limits.
    """
    query = "SELECT *, clock_timestamp() AS now FROM vendors WHERE name = %s FOR UPDATE"
    row = connection.execute(query, (name,)).fetchone()
    if row is None:
        connection.execute("INSERT INTO vendors (name) VALUES (%s) ON CONFLICT DO NOTHING", (name,))
        row = connection.execute(query, (name,)).fetchone()
    assert row  # noqa: S101 - just inserted, and vendors are not deleted
    return row
