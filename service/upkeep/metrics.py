"""What Prometheus reads of the upkeep: who waits, what was missed, what is near its end."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from service.domain.after_date import WORST_FIRST
from service.domain.history import SweepReason
from service.domain.removal.deciding import RemovalState
from service.domain.working_time import working_time
from service.records.after_date import LOOKING as LOOKING_AFTER_DATE
from service.records.database import Connection
from service.records.history import SWEEP, ZENDESK
from service.work.queue import DEAD_AFTER, LIVE_WORKERS

# Chores whose results are figures that are told.
SWEEPING, LOOKING_AT_CREDENTIALS = "sweep", "credentials"

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
_CHORES = "SELECT name, ended_at, coalesce(result, '{}') AS result FROM chores"
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
SELECT gone_working_days AS days FROM after_date WHERE gone_working_days IS NOT NULL
"""
# The histogram's limits, in working days.
_LATE = (0, 1, 2, 3, 5, 10, 20, 40)
_NOT_SENT = "SELECT count(*) AS not_sent FROM notices WHERE is_given_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """What was read, at one instant."""

    now: datetime
    waiting_since: datetime | None
    under_way_since: datetime | None
    last_webhook_at: datetime | None
    missed_webhooks: int
    chores: dict[str, dict[str, Any]]
    vendors: list[dict[str, Any]]
    workers: int
    messages_not_sent: int
    removals: dict[str, int]
    after_date: dict[str, int]
    access_ended: list[int]


def upkeep_collector(*, timezone: str) -> Callable[[Connection], list[Metric]]:
    """Return what reads these metrics, where working days begin and end in this time zone."""

    def collect(connection: Connection) -> list[Metric]:
        return list(upkeep_metrics(read_upkeep(connection), timezone=timezone))

    return collect


def read_upkeep(connection: Connection) -> Upkeep:
    """Read all of it in the caller's transaction."""

    def one(query: str, *values: object) -> Any:
        row = connection.execute(query, values).fetchone()
        return next(iter(row.values())) if row else None

    return Upkeep(
        now=datetime.now(UTC),
        waiting_since=one(_WAITING),
        under_way_since=one(_UNDER_WAY),
        last_webhook_at=one(_LAST_WEBHOOK, ZENDESK),
        missed_webhooks=one(_MISSED, SWEEP, SweepReason.NO_WEBHOOK),
        chores={row["name"]: row for row in connection.execute(_CHORES)},
        vendors=connection.execute(_VENDORS).fetchall(),
        workers=one(LIVE_WORKERS, DEAD_AFTER),
        messages_not_sent=one(_NOT_SENT),
        removals={row["state"]: row["number"] for row in connection.execute(_REMOVALS)},
        after_date={row["status"]: row["leavers"] for row in connection.execute(_AFTER_DATE)},
        access_ended=[row["days"] for row in connection.execute(_ACCESS_ENDED)],
    )


def upkeep_metrics(upkeep: Upkeep, *, timezone: str) -> Iterable[Metric]:
    """Turn what was read into metrics; what there is not (yet) is left out, not told as 0."""
    yield from _waits(upkeep, timezone)
    yield from _webhooks(upkeep)
    yield from _sweeps(upkeep.chores.get(SWEEPING))
    yield from _credentials(upkeep.chores.get(LOOKING_AT_CREDENTIALS))
    yield from _others(upkeep)
    yield _removals(upkeep.removals)
    yield from _after_date(upkeep)


def _removals(counts: dict[str, int]) -> Metric:
    found = GaugeMetricFamily(
        "leavers_removal_pull_requests",
        "How many leavers' removal pull requests stand how; `none`, of which most leavers are, is "
        "left out.",
        labels=["state"],
    )
    for state in RemovalState:
        if state is not RemovalState.NONE:
            found.add_metric([state], counts.get(state, 0))
    return found


def _after_date(upkeep: Upkeep) -> Iterable[Metric]:
    standing = GaugeMetricFamily(
        "leavers_after_date", "Leavers whose date has passed, by how they stand.", labels=["what"]
    )
    for status in WORST_FIRST:
        standing.add_metric([status], upkeep.after_date.get(status, 0))
    yield standing
    ended = HistogramMetricFamily(
        "leavers_access_ended_working_days",
        "Working days from the due date until the person was out of the access lists.",
    )
    late = upkeep.access_ended
    buckets = [(str(limit), float(sum(days <= limit for days in late))) for limit in _LATE]
    ended.add_metric([], [*buckets, ("+Inf", float(len(late)))], float(sum(late)))
    yield ended
    looked = upkeep.chores.get(LOOKING_AFTER_DATE)
    if looked and looked["ended_at"]:
        yield GaugeMetricFamily(
            "leavers_after_date_looked_timestamp_seconds",
            "When leavers were last looked at after their date, with lists and board known.",
            value=looked["ended_at"].timestamp(),
        )


def _waits(upkeep: Upkeep, timezone: str) -> Iterable[Metric]:
    waiting = upkeep.waiting_since or upkeep.now
    yield GaugeMetricFamily(
        "leavers_oldest_waiting_seconds",
        "How long the leaver that has waited longest for a person has waited; 0 where none does.",
        value=(upkeep.now - waiting).total_seconds(),
    )
    yield GaugeMetricFamily(
        "leavers_oldest_waiting_working_seconds",
        "The same without weekends and bank holidays; a working day is 86400 seconds.",
        value=working_time(waiting, upkeep.now, timezone=timezone).total_seconds(),
    )
    yield GaugeMetricFamily(
        "leavers_oldest_under_way_seconds",
        "How long a leaver has been queued, running or retried at the most; 0 where none is.",
        value=(upkeep.now - (upkeep.under_way_since or upkeep.now)).total_seconds(),
    )


def _webhooks(upkeep: Upkeep) -> Iterable[Metric]:
    if upkeep.last_webhook_at:
        yield GaugeMetricFamily(
            "leavers_last_webhook_timestamp_seconds",
            "When a webhook last brought a ticket that was new or had to be tried again.",
            value=upkeep.last_webhook_at.timestamp(),
        )
    yield CounterMetricFamily(
        "leavers_missed_webhooks",
        "Leaver tickets that the sweep found and no webhook had brought.",
        value=upkeep.missed_webhooks,
    )


def _sweeps(sweep: dict[str, Any] | None) -> Iterable[Metric]:
    if not sweep or not sweep["ended_at"]:
        return
    yield GaugeMetricFamily(
        "leavers_last_sweep_timestamp_seconds",
        "When a sweep last came to its end.",
        value=sweep["ended_at"].timestamp(),
    )
    found = GaugeMetricFamily(
        "leavers_last_sweep_found", "What the last sweep found.", labels=["what"]
    )
    for what, number in sorted(sweep["result"].items()):
        found.add_metric([what], number)
    yield found


def _credentials(credentials: dict[str, Any] | None) -> Iterable[Metric]:
    ends = GaugeMetricFamily(
        "leavers_credential_end_timestamp_seconds",
        "When a credential ends, where its vendor says so.",
        labels=["setting"],
    )
    for setting, at in sorted((credentials or {"result": {}})["result"].items()):
        ends.add_metric([setting], at)
    yield ends


def _others(upkeep: Upkeep) -> Iterable[Metric]:
    yield GaugeMetricFamily(
        "leavers_workers", "Workers that gave a sign of life just now.", value=upkeep.workers
    )
    yield GaugeMetricFamily(
        "leavers_messages_not_sent",
        "Changes that could not be told by message, and were given up.",
        value=upkeep.messages_not_sent,
    )
    failing = GaugeMetricFamily(
        "leavers_vendor_failing_tickets",
        "For how many tickets a vendor has failed, or refused the credentials, since it last "
        "answered well; 3 means 3 or more.",
        labels=["vendor"],
    )
    paused = GaugeMetricFamily(
        "leavers_vendor_paused", "Whether a vendor is left alone just now.", labels=["vendor"]
    )
    refused = GaugeMetricFamily(
        "leavers_vendor_credentials_refused",
        "Whether a vendor refuses the service's credentials.",
        labels=["vendor"],
    )
    for row in upkeep.vendors:
        refused.add_metric([row["name"]], row["is_refused"])
        failing.add_metric([row["name"]], row["failing"])
        paused.add_metric([row["name"]], row["is_paused"])
    yield failing
    yield paused
    yield refused
