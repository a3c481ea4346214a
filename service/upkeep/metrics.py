"""What Prometheus reads of the upkeep: who waits, what was missed, what is near its end."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from service.domain.after_date import WORST_FIRST
from service.domain.removal.seen import RemovalState
from service.domain.working_time import working_time
from service.records.after_date import LOOKING as LOOKING_AFTER_DATE
from service.records.figures import UpkeepFigures

# The histogram's limits, in working days.
_LATE = (0, 1, 2, 3, 5, 10, 20, 40)

# Periodic tasks whose results are exposed as metrics.
SWEEPING, LOOKING_AT_CREDENTIALS = "sweep", "credentials"


def upkeep_collector(
    *, timezone: str, now: Callable[[], datetime]
) -> Callable[[UpkeepFigures], Iterable[Metric]]:
    """Return what makes these metrics; working days are those of the time zone."""
    return lambda upkeep: upkeep_metrics(upkeep, now=now(), timezone=timezone)


def upkeep_metrics(upkeep: UpkeepFigures, *, now: datetime, timezone: str) -> Iterable[Metric]:
    """Turn what was read into metrics; what is not known (yet) is left out, not shown as 0."""
    yield from _waits(upkeep, now, timezone)
    yield from _webhooks(upkeep)
    yield from _sweeps(upkeep.tasks.get(SWEEPING))
    yield from _credentials(upkeep.tasks.get(LOOKING_AT_CREDENTIALS))
    yield from _others(upkeep)
    yield _removals(upkeep.removals)
    yield GaugeMetricFamily(
        "leavers_removals_held_up",
        "Removals that a vendor refuses in a way that lasts: each leaver's page says what to fix.",
        value=upkeep.removals_held_up,
    )
    yield from _after_date(upkeep)


def _removals(counts: Mapping[str, int]) -> Metric:
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


def _after_date(upkeep: UpkeepFigures) -> Iterable[Metric]:
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
    counts = [sum(number for days, number in late.items() if days <= limit) for limit in _LATE]
    buckets = [(str(limit), float(count)) for limit, count in zip(_LATE, counts, strict=True)]
    in_all = float(sum(days * number for days, number in late.items()))
    ended.add_metric([], [*buckets, ("+Inf", float(sum(late.values())))], in_all)
    yield ended
    looked = upkeep.tasks.get(LOOKING_AFTER_DATE)
    if looked and looked["ended_at"]:
        yield GaugeMetricFamily(
            "leavers_after_date_looked_timestamp_seconds",
            "When leavers were last looked at after their date, with lists and board known.",
            value=looked["ended_at"].timestamp(),
        )


def _waits(upkeep: UpkeepFigures, now: datetime, timezone: str) -> Iterable[Metric]:
    waiting = upkeep.waiting_since or now
    yield GaugeMetricFamily(
        "leavers_oldest_waiting_seconds",
        "How long the leaver that has waited longest for a person has waited; 0 if none does.",
        value=(now - waiting).total_seconds(),
    )
    yield GaugeMetricFamily(
        "leavers_oldest_waiting_working_seconds",
        "The same without weekends and bank holidays; a working day is 86400 seconds.",
        value=working_time(waiting, now, timezone=timezone).total_seconds(),
    )
    yield GaugeMetricFamily(
        "leavers_oldest_under_way_seconds",
        "How long a leaver has been queued, running or retried at the most; 0 if none is.",
        value=(now - (upkeep.under_way_since or now)).total_seconds(),
    )


def _webhooks(upkeep: UpkeepFigures) -> Iterable[Metric]:
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
        "When a credential ends, if its vendor says so.",
        labels=["setting"],
    )
    for setting, at in sorted((credentials or {"result": {}})["result"].items()):
        ends.add_metric([setting], at)
    yield ends


def _others(upkeep: UpkeepFigures) -> Iterable[Metric]:
    yield GaugeMetricFamily(
        "leavers_workers", "Workers with a recent heartbeat.", value=upkeep.workers
    )
    yield GaugeMetricFamily(
        "leavers_messages_not_sent",
        "Changes about which no message could be sent, and that were given up.",
        value=upkeep.messages_not_sent,
    )
    yield from _vendors(upkeep.vendors)


def _vendors(vendors: Iterable[Mapping[str, Any]]) -> Iterable[Metric]:
    failing = GaugeMetricFamily(
        "leavers_vendor_failing_tickets",
        "For how many tickets a vendor has failed, or refused the credentials, since it last "
        "answered well; 3 means 3 or more.",
        labels=["vendor"],
    )
    paused = GaugeMetricFamily(
        "leavers_vendor_paused", "Whether the circuit to a vendor is open.", labels=["vendor"]
    )
    refused = GaugeMetricFamily(
        "leavers_vendor_credentials_refused",
        "Whether a vendor refuses the service's credentials.",
        labels=["vendor"],
    )
    for row in vendors:
        refused.add_metric([row["name"]], row["is_refused"])
        failing.add_metric([row["name"]], row["failing"])
        paused.add_metric([row["name"]], row["is_paused"])
    yield failing
    yield paused
    yield refused
