"""What the last real calls to each vendor showed: for the status page, the log and the alerts."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import psycopg

from service.records.database import Connection, Database

log = logging.getLogger(__name__)

# A success after a success is not news: it is recorded this often, in seconds.
NOTED_EVERY = 10.0
# How many tickets are kept by their number.
MOST_TICKETS = 100

_ANSWERED = """
INSERT INTO vendor_health AS known (vendor, answered_at) VALUES (%(vendor)s, now())
ON CONFLICT (vendor) DO UPDATE SET answered_at = now(), failing_since = NULL,
    refused_since = NULL, refused_tickets = '{}'
RETURNING (SELECT extract(epoch FROM now() - before.failing_since)::float
    FROM vendor_health AS before WHERE before.vendor = known.vendor) AS failed_for
"""
_FAILED = """
INSERT INTO vendor_health AS known (vendor, failing_since, failure)
VALUES (%(vendor)s, now(), %(failure)s)
ON CONFLICT (vendor) DO UPDATE SET failure = excluded.failure,
    failing_since = coalesce(known.failing_since, now())
RETURNING failing_since = now() AS is_news
"""
_REFUSED = """
UPDATE vendor_health SET refused_since = coalesce(refused_since, now()), refused_tickets =
    CASE WHEN %(ticket_id)s::bigint IS NULL OR %(ticket_id)s = ANY(refused_tickets)
           OR cardinality(refused_tickets) >= %(most)s
         THEN refused_tickets ELSE refused_tickets || %(ticket_id)s::bigint END
WHERE vendor = %(vendor)s
"""
_STATES = """
SELECT vendor, answered_at, failure, vendor_health.failing_since, refused_since,
    CASE WHEN greatest(vendors.paused_until, vendors.asked_until) > now()
         THEN greatest(vendors.paused_until, vendors.asked_until) END AS paused_until
FROM vendor_health LEFT JOIN vendors ON vendors.name = vendor
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorState:
    """What is known of a vendor.

    Attributes:
        vendor: its name.
        answered_at: when it last answered well, to within some seconds; None for never.
        failure: what the last failure was, or None.
        failing_since: since when there has been no good answer; None if the last one was good.
        refused_since: since when it has refused the credentials, or None.
        paused_until: until when it is sent nothing, or None.
    """

    vendor: str
    answered_at: datetime | None = None
    failure: str | None = None
    failing_since: datetime | None = None
    refused_since: datetime | None = None
    paused_until: datetime | None = None


class VendorHealth:
    """Records how calls end, over all workers. A database that is down is not the vendor's fault.

    Args:
        database: shared by all workers.
        clock: seconds that only grow.
    """

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._noted: dict[str, float] = {}

    def answered(self, vendor: str) -> None:
        """Note a good answer; the first one after a failure is a line in the log."""
        if self._clock() - self._noted.get(vendor, float("-inf")) < NOTED_EVERY:
            return
        self._noted[vendor] = self._clock()
        with suppress(psycopg.Error), self._database.transaction() as connection:
            row = connection.execute(_ANSWERED, {"vendor": vendor}).fetchone()
            if row and row["failed_for"] is not None:
                seconds = round(row["failed_for"])
                log.info(
                    "vendor recovered", extra={"vendor": vendor, "failed_for_seconds": seconds}
                )

    def failed(self, vendor: str, failure: str) -> None:
        """Note a failure; the first one after a good answer is a line in the log.

        Args:
            vendor: who failed.
            failure: what happened, in a sentence that quotes nothing.
        """
        self._noted.pop(vendor, None)
        with suppress(psycopg.Error), self._database.transaction() as connection:
            self._note_failure(connection, vendor, failure)

    def refused(self, vendor: str, *, ticket_id: int | None) -> None:
        """Note that a vendor refuses the credentials, and for which ticket."""
        self._noted.pop(vendor, None)
        with suppress(psycopg.Error), self._database.transaction() as connection:
            self._note_failure(connection, vendor, "It refuses the credentials.")
            connection.execute(
                _REFUSED, {"vendor": vendor, "ticket_id": ticket_id, "most": MOST_TICKETS}
            )

    @staticmethod
    def _note_failure(connection: Connection, vendor: str, failure: str) -> None:
        row = connection.execute(_FAILED, {"vendor": vendor, "failure": failure}).fetchone()
        if row and row["is_news"]:
            log.warning("vendor failing", extra={"vendor": vendor, "failure": failure})

    def states(self) -> dict[str, VendorState]:
        """Return what is known of each vendor that was ever called."""
        with self._database.transaction() as connection:
            rows = connection.execute(_STATES).fetchall()
        return {row["vendor"]: VendorState(**row) for row in rows}
