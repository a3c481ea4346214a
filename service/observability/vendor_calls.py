"""What Prometheus reads: this process's calls to vendors, and the leavers in the database."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from prometheus_client import CollectorRegistry, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from service.domain.drafts import Outcome
from service.records.database import DatabaseError
from service.records.figures import FigureRecords, LeaverFigures, UpkeepFigures
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


class LeaverCollector(Collector):
    """Counts leavers when asked: every worker reports the same, and a restart loses none.

    Args:
        figures: reads what is counted.
        more: makes further metrics of what goes on around the leavers.
    """

    def __init__(
        self, figures: FigureRecords, *, more: Callable[[UpkeepFigures], Iterable[Metric]]
    ) -> None:
        self._figures = figures
        self._more = more

    def collect(self) -> Iterable[Metric]:
        """Yield the leavers' figures, or only that the database failed."""
        is_up = GaugeMetricFamily("leavers_database_up", "Whether the database answered.")
        try:
            read = self._figures.read()
        except DatabaseError:
            is_up.add_metric([], 0)
            yield is_up
            return
        is_up.add_metric([], 1)
        yield is_up
        yield from _leaver_metrics(read.leavers)
        yield from self._more(read.upkeep)


def _leaver_metrics(leavers: LeaverFigures) -> Iterable[Metric]:
    yield CounterMetricFamily("leavers_received", "Tickets received.", value=leavers.received)
    finished = CounterMetricFamily(
        "leavers_finished", "Leavers that are done, by outcome.", labels=["outcome"]
    )
    for outcome in Outcome:
        finished.add_metric([outcome], leavers.outcomes.get(outcome, 0))
    yield finished
    by_state = GaugeMetricFamily("leavers", "Leavers, by state.", labels=["state"])
    for state in State:
        by_state.add_metric([state], leavers.states.get(state, 0))
    yield by_state
    yield GaugeMetricFamily(
        "leavers_waiting_for_person",
        "Leavers that wait for a person.",
        value=leavers.states.get(State.NEEDS_PERSON, 0),
    )
    yield GaugeMetricFamily(
        "leavers_failed", "Leavers that failed.", value=leavers.states.get(State.FAILED, 0)
    )
    yield GaugeMetricFamily(
        "leavers_oldest_unfinished_seconds",
        "Age of the oldest leaver that is not done; 0 if all are.",
        value=leavers.oldest_unfinished,
    )
