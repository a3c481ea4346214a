"""What Prometheus and the status page read: how many leavers stand where, and who waits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.domain.history import SweepReason
from service.records.database import Connection, Database
from service.records.history import SWEEP, ZENDESK
from service.records.leaver import State

_UNFINISHED = [State.QUEUED, State.RUNNING, State.NEEDS_PERSON, State.FAILED]

_BY_STATE = """
SELECT state, outcome, count(*) AS leavers,
    extract(epoch FROM now() - min(received_at))::float AS age
FROM leavers GROUP BY state, outcome
"""
# Since a leaver was last done, or ever: when it first came to wait for a person.
_WAITING = """
SELECT min(history.at) AS since FROM leavers JOIN history USING (ticket_id)
WHERE leavers.state = 'needs_person'
  AND history.event IN ('needs_person', 'plan_changed')
  AND history.at > coalesce(
    (SELECT max(ended.at) FROM history AS ended WHERE ended.ticket_id = leavers.ticket_id
       AND ended.event IN ('done', 'set_aside')), '-infinity')
"""
_UNDER_WAY = """
SELECT min(CASE WHEN tries > 0 THEN failing_since ELSE updated_at END) AS since FROM leavers
WHERE state IN ('queued', 'running')
"""
_LAST_WEBHOOK = "SELECT max(at) AS at FROM history WHERE by = %s"
_MISSED = "SELECT count(*) AS missed FROM history WHERE by = %s AND facts ->> 'why' = %s"
_TASKS = "SELECT name, ended_at, coalesce(result, '{}') AS result FROM chores"
_VENDORS = """
SELECT name, paused_until > now() AS is_paused, refused_since IS NOT NULL AS is_refused,
    (SELECT count(DISTINCT ticket_id)
     FROM unnest(failing_tickets || coalesce(refused_tickets, '{}')) AS ticket_id) AS failing
FROM vendors LEFT JOIN vendor_health ON vendor = name
"""
_REMOVALS = "SELECT state, count(*) AS number FROM removals GROUP BY state"
_AFTER_DATE = """
SELECT status, count(*) AS leavers FROM after_date JOIN leavers USING (ticket_id)
WHERE status IS NOT NULL AND outcome IS DISTINCT FROM 'set_aside' GROUP BY status
"""
_ACCESS_ENDED = """
SELECT gone_working_days AS days, count(*) AS leavers FROM after_date
WHERE gone_working_days IS NOT NULL GROUP BY gone_working_days
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
    (SELECT ended_at FROM chores WHERE name = 'sweep') AS last_sweep
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
    """What goes on around the leavers.

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
        database: where they are.
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
            return Figures(leavers=_leavers(connection), upkeep=self._upkeep(connection))

    def queue(self) -> dict[str, Any]:
        """Return the workers, the jobs that wait and run, the last webhook and the last sweep."""
        with self._database.transaction() as connection:
            row = connection.execute(_QUEUE).fetchone() or {}
            workers = _one(connection, _WORKERS, self._dead_after)
            last_webhook = _one(connection, _LAST_WEBHOOK, ZENDESK)
        return {**row, "workers": workers, "last_webhook": last_webhook}

    def _upkeep(self, connection: Connection) -> UpkeepFigures:
        return UpkeepFigures(
            waiting_since=_one(connection, _WAITING),
            under_way_since=_one(connection, _UNDER_WAY),
            last_webhook_at=_one(connection, _LAST_WEBHOOK, ZENDESK),
            missed_webhooks=_one(connection, _MISSED, SWEEP, SweepReason.NO_WEBHOOK),
            tasks={row["name"]: row for row in connection.execute(_TASKS)},
            vendors=connection.execute(_VENDORS).fetchall(),
            workers=_one(connection, _WORKERS, self._dead_after),
            messages_not_sent=_one(connection, _NOT_SENT),
            removals={row["state"]: row["number"] for row in connection.execute(_REMOVALS)},
            after_date={row["status"]: row["leavers"] for row in connection.execute(_AFTER_DATE)},
            access_ended={row["days"]: row["leavers"] for row in connection.execute(_ACCESS_ENDED)},
        )


def _leavers(connection: Connection) -> LeaverFigures:
    rows = connection.execute(_BY_STATE).fetchall()
    states: dict[str, int] = {}
    outcomes: dict[str, int] = {}
    for row in rows:
        states[row["state"]] = states.get(row["state"], 0) + row["leavers"]
        if row["state"] == State.DONE and row["outcome"]:
            outcomes[row["outcome"]] = outcomes.get(row["outcome"], 0) + row["leavers"]
    ages = [row["age"] for row in rows if row["state"] in _UNFINISHED]
    return LeaverFigures(
        received=sum(row["leavers"] for row in rows),
        states=states,
        outcomes=outcomes,
        oldest_unfinished=max(ages, default=0.0),
    )


def _one(connection: Connection, query: str, *values: object) -> Any:
    row = connection.execute(query, values).fetchone()
    return next(iter(row.values())) if row else None
