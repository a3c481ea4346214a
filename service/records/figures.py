"""What Prometheus and the status page read: how many leavers are in which state, and who waits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.domain.history import SweepReason
from service.records.database import Connection, Database
from service.records.history import ZENDESK
from service.records.removal_problems import COUNT as HELD_UP

Totals = dict[str, dict[str, int]]

# Kept by the schema's triggers, so that no look takes longer with each leaver that is done.
TOTALS = "SELECT what, key, number FROM current_totals"
_SUM_UP = """
WITH counted AS (DELETE FROM total_changes RETURNING what, key, number)
INSERT INTO totals (what, key, number)
SELECT what, key, sum(number) FROM counted GROUP BY what, key ORDER BY what, key
ON CONFLICT (what, key) DO UPDATE SET number = totals.number + excluded.number
"""
_OLDEST_UNFINISHED = """
SELECT extract(epoch FROM now() - min(received_at))::float AS age FROM leavers
WHERE state <> 'done'
"""
# When a leaver first came to wait for a person, since it was last done.
_WAITING = """
SELECT min(history.at) AS since FROM leavers JOIN history USING (ticket_id)
WHERE leavers.state = 'needs_person'
  AND history.event IN ('needs_person', 'plan_changed')
  AND history.at > coalesce(
    (SELECT max(ended.at) FROM history AS ended WHERE ended.ticket_id = leavers.ticket_id
       AND ended.event IN ('done', 'set_aside')), '-infinity')
"""
_UNDER_WAY = """
SELECT min(CASE WHEN tries > 0 THEN failing_since ELSE updated_at END) AS since
FROM leavers LEFT JOIN runs USING (ticket_id)
WHERE state IN ('queued', 'running')
"""
_LAST_WEBHOOK = "SELECT max(at) AS at FROM history WHERE by = %s"
_TASKS = "SELECT name, ended_at, coalesce(result, '{}') AS result FROM periodic_tasks"
_VENDORS = """
SELECT name, paused_until > now() AS is_paused, refused_since IS NOT NULL AS is_refused,
    (SELECT count(DISTINCT ticket_id)
     FROM unnest(failing_tickets || coalesce(refused_tickets, '{}')) AS ticket_id) AS failing
FROM vendors LEFT JOIN vendor_health ON vendor = name
"""
_NOT_SENT = "SELECT count(*) AS not_sent FROM notices WHERE is_given_up"
_WORKERS = """
SELECT count(*) AS workers FROM procrastinate_workers
WHERE last_heartbeat > now() - make_interval(secs => %s)
"""
_QUEUE = """
SELECT (SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo') AS waiting,
    (SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing') AS running,
    (SELECT min(received_at) FROM leavers WHERE state = 'queued') AS oldest,
    (SELECT ended_at FROM periodic_tasks WHERE name = 'sweep') AS last_sweep
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaverFigures:
    """How many leavers there are.

    Attributes:
        received: all that were ever received.
        states: how many are in each state.
        outcomes: how many are done, by outcome.
        oldest_unfinished: the age of the oldest leaver that is not done, in seconds; 0 for none.
    """

    received: int
    states: Mapping[str, int]
    outcomes: Mapping[str, int]
    oldest_unfinished: float


@dataclass(frozen=True, slots=True, kw_only=True)
class UpkeepFigures:
    """The state of everything around the leavers.

    Attributes:
        waiting_since: when the leaver that has waited longest for a person began to; or None.
        under_way_since: since when a leaver has been queued, running or retried; or None.
        last_webhook_at: when a webhook last brought something new; or None.
        missed_webhooks: how many tickets the sweep found that no webhook had brought.
        tasks: by name: when each periodic task last ended, and with which result.
        vendors: for each, whether it is paused, refuses us, and for how many tickets it fails.
        workers: how many are alive.
        messages_not_sent: how many were given up.
        removals: how many leavers' removal pull requests are in each state.
        removals_held_up: how many removals a vendor refuses in a way that lasts.
        after_date: how many leavers whose date has passed stand how.
        access_ended: by working days after the due date: how many left the access lists then.
    """

    waiting_since: datetime | None
    under_way_since: datetime | None
    last_webhook_at: datetime | None
    missed_webhooks: int
    tasks: Mapping[str, dict[str, Any]]
    vendors: list[dict[str, Any]]
    workers: int
    messages_not_sent: int
    removals: Mapping[str, int]
    removals_held_up: int
    after_date: Mapping[str, int]
    access_ended: Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All of it, of one instant."""

    leavers: LeaverFigures
    upkeep: UpkeepFigures


class FigureRecords:
    """Reads figures.

    Args:
        database: holds them.
        dead_after: a worker that was silent for so many seconds is not alive.
    """

    def __init__(self, database: Database, *, dead_after: float) -> None:
        self._database = database
        self._dead_after = dead_after

    def read(self) -> Figures:
        """Return what Prometheus reads.

        Raises:
            DatabaseError: the database can't be reached.
        """
        with self._database.transaction() as connection:
            totals = read_totals(connection)
            return Figures(
                leavers=_leavers(connection, totals), upkeep=self._upkeep(connection, totals)
            )

    def sum_up(self) -> None:
        """Add to the totals what changed since that was last done; any time, at any worker."""
        with self._database.transaction() as connection:
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('leavers: totals'))")
            connection.execute(_SUM_UP)

    def queue(self) -> dict[str, Any]:
        """Return the workers, the jobs that wait and run, the last webhook and the last sweep."""
        with self._database.transaction() as connection:
            row = connection.execute(_QUEUE).fetchone() or {}
            workers = _one(connection, _WORKERS, self._dead_after)
            last_webhook = _one(connection, _LAST_WEBHOOK, ZENDESK)
        return {**row, "workers": workers, "last_webhook": last_webhook}

    def _upkeep(self, connection: Connection, totals: Totals) -> UpkeepFigures:
        return UpkeepFigures(
            waiting_since=_one(connection, _WAITING),
            under_way_since=_one(connection, _UNDER_WAY),
            last_webhook_at=_one(connection, _LAST_WEBHOOK, ZENDESK),
            missed_webhooks=totals["swept"].get(SweepReason.NO_WEBHOOK, 0),
            tasks={row["name"]: row for row in connection.execute(_TASKS)},
            vendors=connection.execute(_VENDORS).fetchall(),
            workers=_one(connection, _WORKERS, self._dead_after),
            messages_not_sent=_one(connection, _NOT_SENT),
            removals=totals["removal"],
            removals_held_up=_one(connection, HELD_UP),
            after_date=totals["after_date"],
            access_ended={int(days): number for days, number in totals["access_ended"].items()},
        )


def read_totals(connection: Connection) -> Totals:
    """Return how many there are of what is counted: what, then which, then the number."""
    totals: Totals = {
        what: {} for what in ("state", "outcome", "after_date", "access_ended", "removal", "swept")
    }
    for row in connection.execute(TOTALS):
        totals[row["what"]][row["key"]] = row["number"]
    return totals


def _leavers(connection: Connection, totals: Totals) -> LeaverFigures:
    return LeaverFigures(
        received=sum(totals["state"].values()),
        states=totals["state"],
        outcomes=totals["outcome"],
        oldest_unfinished=_one(connection, _OLDEST_UNFINISHED) or 0.0,
    )


def _one(connection: Connection, query: str, *values: object) -> Any:
    row = connection.execute(query, values).fetchone()
    return next(iter(row.values())) if row else None
