"""A worker that was paused past the take-over of its job wakes up, and must not write."""

import random
import time

import psycopg
import pytest

from integrations.sandbox import Sandbox, faults
from integrations.sandbox.zendesk_tickets import SandboxTicket
from tests.conftest import StartService
from tests.support.crowd import crowd, list_crowd
from tests.support.database import Database
from tests.support.running import WITHOUT_DAILY_LIMIT, Service, wait_until
from tests.support.tickets import ADA, ELENA, add_ticket, cards_of, writes

STOPPED_AT = {
    "reads the ticket": ("zendesk", "GET", r"/tickets/\d+\.json$"),
    "reads the board": ("trello", "GET", "/cards/open$"),
    "copies the template": ("trello", "POST", "/1/cards$"),
    "makes the copy ordinary": ("trello", "PUT", "/1/cards/"),
    "updates the ticket": ("zendesk", "PUT", "/tickets/"),
}
# The session that waits for a row that another one holds.
WAITING = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    " AND wait_event_type = 'Lock'"
)


@pytest.mark.parametrize(("vendor", "method", "path"), STOPPED_AT.values(), ids=STOPPED_AT.keys())
def test_a_worker_that_wakes_after_its_job_was_taken_over_writes_nothing(
    start_service: StartService,
    sandbox: Sandbox,
    database: Database,
    vendor: str,
    method: str,
    path: str,
) -> None:
    ticket = add_ticket(sandbox, ADA)
    sleeper = start_service(SWEEP_EVERY_SECONDS="0")
    stopped = sandbox.faults.add(
        fault=faults.runs(sleeper.process.pause),
        vendor=vendor,
        method=method,
        path=path,
    )
    sleeper.deliver(ticket.id)
    assert stopped.wait()

    other = start_service(SWEEP_EVERY_SECONDS="0")
    _take_over_and_wake(sleeper, other, database, ticket, sandbox)

    _works_on(sleeper, other, sandbox)
    wait_until(lambda: database.jobs() == 0)


@pytest.mark.slow
def test_a_worker_whose_transaction_was_ended_while_it_was_paused_writes_nothing(
    start_service: StartService, sandbox: Sandbox, database: Database
) -> None:
    ticket = add_ticket(sandbox, ADA)
    sleeper = start_service(SWEEP_EVERY_SECONDS="0")
    with psycopg.connect(database.url) as holder:

        def hold() -> None:
            holder.execute("SELECT FROM leavers WHERE ticket_id = %s FOR UPDATE", (ticket.id,))

        read = sandbox.faults.add(fault=faults.runs(hold), vendor="zendesk", path="/comments")
        sleeper.deliver(ticket.id)
        assert read.wait()
        wait_until(lambda: database.run(WAITING) != [])
        sleeper.process.pause()
        for (session,) in database.run(WAITING):
            database.run("SELECT pg_terminate_backend(%s)", session)
    other = start_service(SWEEP_EVERY_SECONDS="0")
    _take_over_and_wake(sleeper, other, database, ticket, sandbox)

    assert "database failed" in sleeper.log


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_workers_that_are_paused_at_random_lose_and_double_nothing(
    start_service: StartService, sandbox: Sandbox, database: Database, seed: int
) -> None:
    draw = random.Random(seed)  # noqa: S311 - not a secret
    people = crowd(16)
    list_crowd(sandbox, people)
    tickets = [add_ticket(sandbox, who) for who in people]
    workers = [start_service(**WITHOUT_DAILY_LIMIT) for _ in range(3)]
    web = start_service(works=False, **WITHOUT_DAILY_LIMIT)
    for ticket in tickets:
        web.deliver(ticket.id)

    while database.unfinished():
        paused = draw.choice(workers).process
        vendor, method, path = draw.choice(list(STOPPED_AT.values()))
        pause = faults.runs(paused.pause)
        rule = sandbox.faults.add(fault=pause, vendor=vendor, method=method, path=path)
        rule.wait(draw.uniform(0, 1))
        database.age_workers()
        time.sleep(draw.uniform(1, 5))
        sandbox.faults.clear()
        paused.resume()
        web.deliver(draw.choice(tickets).id)
        database.hurry()

    assert {(one.status, len(cards_of(sandbox, one)), len(one.notes)) for one in tickets} == {
        ("solved", 1, 1)
    }


def _take_over_and_wake(
    sleeper: Service,
    other: Service,
    database: Database,
    ticket: SandboxTicket,
    sandbox: Sandbox,
) -> None:
    """The other worker finishes the ticket; the one that slept wakes, and changes nothing of it."""
    database.age_workers()
    wait_until(lambda: _is_finished(other, database, ticket.id))
    written, recorded = writes(sandbox), other.leaver(ticket.id)
    sleeper.process.resume()
    wait_until(lambda: "lease lost" in sleeper.log)

    assert (writes(sandbox), other.leaver(ticket.id)) == (written, recorded)
    assert (len(cards_of(sandbox, ticket)), len(ticket.notes)) == (1, 1)
    assert recorded["state"] == "done"


def _is_finished(service: Service, database: Database, ticket_id: int) -> bool:
    database.let_cards_land()
    return bool(service.leaver(ticket_id)["state"] == "done")


def _works_on(sleeper: Service, other: Service, sandbox: Sandbox) -> None:
    """The worker that slept takes jobs again, once it is alone."""
    other.terminate()
    assert sleeper.process_ticket(add_ticket(sandbox, ELENA).id)["state"] == "done"
