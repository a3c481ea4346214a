"""Processes that are stopped, that die again and again, or that come back changed."""

import re
import signal
from threading import Event

import pytest

from integrations.sandbox import Sandbox, faults
from integrations.sandbox.faults import Fault, Moment
from integrations.sandbox.postgres import Postgres
from tests.conftest import RunCommand, StartService
from tests.support.crowd import crowd, list_crowd
from tests.support.database import Database
from tests.support.processes import PATIENCE
from tests.support.running import WITHOUT_DAILY_LIMIT, Service, events_of, wait_until
from tests.support.tickets import ADA, BENEDICT, add_ticket, cards_of

# More deaths than any ticket is let go on after.
MANY = 12


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", r"/tickets/\d+\.json$"), ("GET", "/cards/open"), ("POST", "/1/cards$")],
)
def test_a_service_that_is_stopped_begins_no_new_step_and_the_rest_goes_on_later(
    start_service: StartService, sandbox: Sandbox, method: str, path: str
) -> None:
    service = start_service(**WITHOUT_DAILY_LIMIT)
    ticket = add_ticket(sandbox, ADA)
    is_stopped = Event()

    def tell_to_end() -> None:
        service.process.send(signal.SIGTERM)
        # What answers connections ends before what processes tickets.
        wait_until(lambda: "service stopping" in service.log)
        is_stopped.set()

    sandbox.faults.add(fault=faults.runs(tell_to_end), method=method, path=path)
    service.deliver(ticket.id)
    assert is_stopped.wait(PATIENCE)
    code = service.process.wait()
    asked = sandbox.requests()
    service.restart()

    leaver = service.wait_for(ticket.id)
    assert (code, leaver["state"]) == (0, "done")
    assert re.search(path, asked[-1].path)
    assert (len(cards_of(sandbox, ticket)), len(ticket.notes)) == (1, 1)
    assert "failed" not in events_of(leaver)


def test_what_waits_when_the_service_is_stopped_is_done_by_the_next_one(
    start_service: StartService, sandbox: Sandbox, database: Database
) -> None:
    people = crowd(20)
    list_crowd(sandbox, people)
    tickets = [add_ticket(sandbox, who) for who in people]
    service = start_service(**WITHOUT_DAILY_LIMIT)
    # Fewer jobs run at once than there are tickets, and none gets past its first step.
    is_ending = Event()
    sandbox.faults.add(
        fault=faults.runs(lambda: is_ending.wait(PATIENCE)),
        vendor="zendesk",
        method="GET",
        path=r"/tickets/\d+\.json$",
        times=None,
    )
    for ticket in tickets:
        service.deliver(ticket.id)

    service.process.send(signal.SIGTERM)
    wait_until(lambda: "service stopping" in service.log)
    is_ending.set()
    code = service.process.wait()
    left = database.unfinished()
    service.restart()
    wait_until(lambda: database.unfinished() == 0)

    assert (code, left > 0) == (0, True)
    assert {(len(cards_of(sandbox, one)), len(one.notes)) for one in tickets} == {(1, 1)}


@pytest.mark.parametrize(
    ("method", "cards"), [("GET", 0), ("PUT", 1)], ids=["at once", "when its card is made"]
)
def test_a_ticket_that_kills_its_worker_each_time_fails_and_the_others_go_on(
    start_service: StartService, sandbox: Sandbox, database: Database, method: str, cards: int
) -> None:
    service = start_service(**WITHOUT_DAILY_LIMIT)
    killer, other = add_ticket(sandbox, ADA), add_ticket(sandbox, BENEDICT)
    kill = Fault(before=lambda: service.process.send(signal.SIGKILL), acts=False)
    sandbox.faults.add(
        fault=kill,
        vendor="zendesk",
        method=method,
        path=rf"^/api/v2/tickets/{killer.id}\.json$",
        times=None,
    )
    service.deliver(killer.id)

    for _ in range(MANY):
        wait_until(lambda: _has_died(service) or _has_failed(database, killer.id))
        if not _has_died(service):
            break
        database.age_workers()
        database.let_cards_land()
        service.process.wait()
        service.start(until_ready=False)
    service.wait_until_started()
    ended = service.process_ticket(other.id)

    failed = service.leaver(killer.id)
    assert (failed["state"], "worker died" in failed["reason"]) == ("failed", True)
    assert ended["state"] == "done"
    assert len(cards_of(sandbox, killer)) == cards


def test_a_leaver_begun_with_other_settings_goes_on_with_the_new_ones(
    start_service: StartService, sandbox: Sandbox, database: Database
) -> None:
    ticket = add_ticket(sandbox, ADA)
    before = start_service(**WITHOUT_DAILY_LIMIT)
    sandbox.faults.add(
        fault=faults.kills(before.process.pid, Moment.AFTER_ACTING), vendor="zendesk", path="/comm"
    )
    before.deliver(ticket.id)
    before.process.wait()
    database.age_workers()

    after = start_service(**WITHOUT_DAILY_LIMIT, TRELLO_LIST_NAME="Doing", DUE_TIME="12:00")
    after.wait_for(ticket.id, "done")

    (card,) = cards_of(sandbox, ticket)
    assert (sandbox.trello.find_list(card.list_id).name, card.due) == (
        "Doing",
        "2026-12-18T12:00:00.000Z",
    )


def test_a_database_of_a_newer_version_is_not_changed(
    start_service: StartService, run_leavers: RunCommand, database: Database
) -> None:
    start_service(works=False).terminate()
    database.run("INSERT INTO schema_steps (name) VALUES ('service/9999_of_the_future.sql')")

    ended = run_leavers("serve", "--port", "0")

    assert (ended.wait(), "newer version" in ended.stderr) == (1, True)


def _has_died(service: Service) -> bool:
    return service.process.exit_code() is not None


def _has_failed(database: Database, ticket_id: int) -> bool:
    return database.leaver(ticket_id, "state") == ("failed",)


def test_a_service_stops_although_the_database_is_away(
    start_service: StartService, own_postgres: Postgres, with_tables: str
) -> None:
    url = own_postgres.create_database(template=with_tables)
    service = start_service(**WITHOUT_DAILY_LIMIT, DATABASE_URL=url)
    own_postgres.stop(hard=True)
    wait_until(lambda: "worker stopped" in service.log)

    assert service.terminate() == 0
