"""What Prometheus reads: this process's calls to vendors, and the leavers in the database."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import psycopg
from prometheus_client import CollectorRegistry, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from service.records.database import Connection, Database
from service.records.leaver import State

REGISTRY = CollectorRegistry()

VENDOR_CALLS = Histogram(
    "leavers_vendor_call_seconds",
    "Calls to Zendesk, GitHub and Trello, by what was done and what came of it.",
    ["vendor", "operation", "outcome"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=REGISTRY,
)

SERVICE_INFO = Gauge(
    "leavers_service_info",
    "The version, and where the runbook is: alerts take its address from here.",
    ["version", "runbook_url"],
    registry=REGISTRY,
)
# Calls of the run that this thread processes, by vendor; see `counting_calls`.
_calls: ContextVar[Counter[str] | None] = ContextVar("calls", default=None)


@contextmanager
def counting_calls() -> Iterator[Counter[str]]:
    """Count this thread's calls by vendor, for the line that ends a run in the log."""
    calls: Counter[str] = Counter()
    token = _calls.set(calls)
    try:
        yield calls
    finally:
        _calls.reset(token)


def note_call(vendor: str, operation: str, outcome: str, seconds: float) -> None:
    """Count one call."""
    VENDOR_CALLS.labels(vendor, operation, outcome).observe(seconds)
    calls = _calls.get()
    if calls is not None:
        calls[vendor] += 1


_UNFINISHED = [State.QUEUED, State.RUNNING, State.NEEDS_PERSON, State.FAILED]


class LeaverCollector(Collector):
    """Counts leavers when asked: every worker tells the same, and a restart loses none.

    Args:
        database: where the records are.
        more: reads further metrics on the same connection.
    """

    def __init__(self, database: Database, *, more: Callable[[Connection], list[Metric]]) -> None:
        self._database = database
        self._more = more

    def collect(self) -> Iterable[Metric]:
        """Yield the leavers' figures, or only that the database failed."""
        is_up = GaugeMetricFamily("leavers_database_up", "Whether the database answered.")
        try:
            with self._database.transaction() as connection:
                states, outcomes, received, oldest = _read(connection)
                more = self._more(connection)
        except psycopg.Error:
            is_up.add_metric([], 0)
            yield is_up
            return
        is_up.add_metric([], 1)
        yield is_up
        yield CounterMetricFamily("leavers_received", "Tickets taken in.", value=received)
        finished = CounterMetricFamily(
            "leavers_finished", "Leavers that are done, by outcome.", labels=["outcome"]
        )
        for outcome in ("tech_card", "non_tech_card", "no_access", "set_aside"):
            finished.add_metric([outcome], outcomes.get(outcome, 0))
        yield finished
        by_state = GaugeMetricFamily("leavers", "Leavers, by state.", labels=["state"])
        for state in State:
            by_state.add_metric([state], states.get(state, 0))
        yield by_state
        yield GaugeMetricFamily(
            "leavers_waiting_for_person",
            "Leavers that wait for a person.",
            value=states.get(State.NEEDS_PERSON, 0),
        )
        yield GaugeMetricFamily(
            "leavers_failed", "Leavers that failed.", value=states.get(State.FAILED, 0)
        )
        yield GaugeMetricFamily(
            "leavers_oldest_unfinished_seconds",
            "Age of the oldest leaver that is not done; 0 where all are.",
            value=oldest,
        )
        yield from more


def _read(connection: Connection) -> tuple[dict[str, int], dict[str, int], int, float]:
    rows = connection.execute(
        "SELECT state, outcome, count(*) AS leavers,"
        " extract(epoch FROM now() - min(received_at))::float AS age"
        " FROM leavers GROUP BY state, outcome"
    ).fetchall()
    states: dict[str, int] = {}
    outcomes: dict[str, int] = {}
    for row in rows:
        states[row["state"]] = states.get(row["state"], 0) + row["leavers"]
        if row["state"] == State.DONE and row["outcome"]:
            outcomes[row["outcome"]] = outcomes.get(row["outcome"], 0) + row["leavers"]
    ages = [row["age"] for row in rows if row["state"] in _UNFINISHED]
    return states, outcomes, sum(row["leavers"] for row in rows), max(ages, default=0.0)
