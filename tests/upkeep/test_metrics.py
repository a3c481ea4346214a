"""The figures that alerts are made of: who waits and how long, what was missed, who works."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from integrations.sandbox import Sandbox
from service.domain.history import HistoryEvent, SweepReason
from service.domain.history_words import detail_of
from service.domain.working_time import working_time
from service.observability.vendor_calls import LeaverCollector
from service.records.database import Database
from service.records.figures import FigureRecords
from service.upkeep.metrics import upkeep_collector
from service.work.queue import DEAD_AFTER
from tests.conftest import RunCommand, StartService
from tests.support.running import Service, wait_until
from tests.support.tickets import ADA, add_ticket

Figures = Callable[[], dict[str, float]]
HOUR, DAY = 3600.0, 86_400.0


def parsed(text: str) -> dict[str, float]:
    """Figures by name; those with labels by the value of the label, too."""
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def figures(tables: Database) -> Figures:
    registry = CollectorRegistry()
    more = upkeep_collector(timezone="Europe/London", now=lambda: datetime.now(UTC))
    registry.register(LeaverCollector(FigureRecords(tables, dead_after=DEAD_AFTER), more=more))
    return lambda: parsed(generate_latest(registry).decode())


def put(tables: Database, sql: str) -> None:
    with tables.transaction() as connection:
        connection.execute(sql)


def served(service: Service) -> dict[str, float]:
    return parsed(service.get("/metrics", token=None).text)


def test_the_oldest_wait_counts_from_when_a_person_was_first_asked(
    tables: Database, figures: Figures
) -> None:
    put(
        tables,
        "INSERT INTO leavers (ticket_id, state, received_at) VALUES"
        " (1, 'needs_person', now() - interval '9 days'), (2, 'done', now());"
        "INSERT INTO history (ticket_id, at, event, by) VALUES"
        " (1, now() - interval '9 days', 'needs_person', ''),"
        " (1, now() - interval '8 days', 'done', ''),"
        " (1, now() - interval '5 hours', 'needs_person', ''),"
        " (1, now() - interval '1 hours', 'needs_person', ''),"
        " (2, now() - interval '7 days', 'needs_person', '')",
    )

    assert figures()["leavers_oldest_waiting_seconds"] == pytest.approx(5 * HOUR, abs=60)


def test_nobody_waits_if_there_is_nobody(figures: Figures) -> None:
    found = figures()

    assert {name: found[name] for name in found if "oldest" in name} == {
        "leavers_oldest_unfinished_seconds": 0,
        "leavers_oldest_waiting_seconds": 0,
        "leavers_oldest_waiting_working_seconds": 0,
        "leavers_oldest_under_way_seconds": 0,
    }
    assert "leavers_last_webhook_timestamp_seconds" not in found
    assert "leavers_last_sweep_timestamp_seconds" not in found


def test_a_leaver_under_way_counts_from_its_first_failed_try(
    tables: Database, figures: Figures
) -> None:
    put(
        tables,
        "INSERT INTO leavers (ticket_id, state) VALUES (1, 'queued'), (2, 'running');"
        "INSERT INTO runs (ticket_id, failing_since, tries) VALUES"
        " (1, now() - interval '2 hours', 1), (2, NULL, 0)",
    )

    assert figures()["leavers_oldest_under_way_seconds"] == pytest.approx(2 * HOUR, abs=60)


def test_periodic_tasks_vendors_and_messages_are_shown_as_they_are(
    tables: Database, figures: Figures
) -> None:
    put(
        tables,
        "INSERT INTO leavers (ticket_id) VALUES (1);"
        "INSERT INTO periodic_tasks (name, ended_at, result) VALUES"
        " ('sweep', to_timestamp(1000), '{\"received\": 2}'),"
        " ('credentials', now(), '{\"TRELLO_TOKEN\": 2000}');"
        "INSERT INTO vendors (name, failing_tickets, paused_until) VALUES"
        " ('Trello', '{1,2}', now() + interval '1 minute');"
        "INSERT INTO notices (ticket_id, target, state, reason, is_given_up) VALUES"
        " (1, 'x', 'failed', '', true)",
    )

    found = figures()

    assert {
        "leavers_last_sweep_timestamp_seconds": 1000,
        "leavers_last_sweep_found received": 2,
        "leavers_credential_end_timestamp_seconds TRELLO_TOKEN": 2000,
        "leavers_vendor_failing_tickets Trello": 2,
        "leavers_vendor_paused Trello": 1,
        "leavers_messages_not_sent": 1,
        "leavers_workers": 0,
    }.items() <= found.items()


def test_a_tag_that_somebody_added_later_is_not_a_missed_webhook(
    start_service: StartService, sandbox: Sandbox, run_leavers: RunCommand
) -> None:
    service = start_service(SWEEP_EVERY_SECONDS="0")
    ticket = add_ticket(sandbox, ADA, tags=())
    service.process_ticket(ticket.id)
    ticket.tags.append("leaver")
    sandbox.zendesk.search.add(ticket, sandbox.clock.now())

    run_leavers("sweep")
    leaver = service.wait_for(ticket.id, "done", event="done")

    said = detail_of(HistoryEvent.RECEIVED, {"why": SweepReason.HAS_TAG_NOW}, {})
    assert said in [line["detail"] for line in leaver["history"]]
    assert served(service)["leavers_missed_webhooks_total"] == 0


def test_a_webhook_that_the_sweep_stands_in_for_is_counted_and_one_that_comes_is_noted(
    start_service: StartService, sandbox: Sandbox
) -> None:
    missed = add_ticket(sandbox, ADA)
    service = start_service(SWEEP_EVERY_SECONDS="3600")
    wait_until(lambda: missed.status == "solved")
    before = served(service)

    service.process_ticket(add_ticket(sandbox, ADA, leaving=None).id)

    after = served(service)
    assert before["leavers_missed_webhooks_total"] == after["leavers_missed_webhooks_total"] == 1
    assert "leavers_last_webhook_timestamp_seconds" not in before
    assert "leavers_last_webhook_timestamp_seconds" in after
    assert after["leavers_workers"] == 1
    wait_until(lambda: served(service).get("leavers_last_sweep_found received") == 1)


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        ("2026-11-25 15:00", "2026-11-26 15:00", 1),
        ("2026-11-27 15:00", "2026-11-30 15:00", 1),
        ("2026-11-28 09:00", "2026-11-29 21:00", 0),
        ("2026-12-24 12:00", "2026-12-29 12:00", 1),
        ("2026-11-25 10:00", "2026-11-25 16:00", 0.25),
        ("2026-03-27 12:00", "2026-03-30 12:00", 1),
    ],
    ids=["a day", "a weekend", "within one", "Christmas", "some hours", "the clock goes forward"],
)
def test_only_working_days_count(since: str, until: str, days: float) -> None:
    begin, end = (
        datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/London"))
        for text in (since, until)
    )

    passed = working_time(begin, end, timezone="Europe/London")

    assert passed.total_seconds() == days * DAY
