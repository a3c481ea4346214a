"""A pooler before the database: it works, or is refused by name; never half."""

import pytest

from integrations.sandbox import Sandbox
from service.work.queue import CONCURRENCY
from tests.conftest import RunCommand, StartService
from tests.support.crowd import crowd, list_crowd
from tests.support.database import Database
from tests.support.pooler import pooling
from tests.support.running import WITHOUT_DAILY_LIMIT, wait_until
from tests.support.tickets import add_ticket, cards_of

TICKETS = 24


@pytest.mark.parametrize(
    ("mode", "size"), [("transaction", CONCURRENCY), ("transaction", 1), ("session", 60)]
)
def test_two_workers_behind_a_pooler_process_every_ticket_once(
    start_service: StartService,
    sandbox: Sandbox,
    database: Database,
    database_url: str,
    mode: str,
    size: int,
) -> None:
    people = crowd(TICKETS)
    list_crowd(sandbox, people)
    tickets = [add_ticket(sandbox, who) for who in people]
    database.run(f"ALTER DATABASE {database.name} SET timezone = 'Asia/Tokyo'")
    with pooling(database_url, mode=mode, size=size) as url:
        services = [start_service(DATABASE_URL=url, **WITHOUT_DAILY_LIMIT) for _ in range(2)]
        taken = [
            services[number % 2].deliver(ticket.id).status for number, ticket in enumerate(tickets)
        ]
        wait_until(lambda: database.unfinished() == 0)
        wait_until(lambda: database.jobs() == 0)
        page = services[0].get("/leavers?limit=200").json()["leavers"]
        for service in services:
            service.terminate()

    assert taken == [202] * TICKETS
    assert {leaver["state"] for leaver in page} == {"done"}
    assert {leaver["received_at"][-1] for leaver in page} == {"Z"}
    assert {(one.status, len(cards_of(sandbox, one)), len(one.notes)) for one in tickets} == {
        ("solved", 1, 1)
    }
    # On a busy machine a connection may be waited for too long, which is tried again.
    assert [
        line
        for service in services
        for line in service.log_lines
        if "failed" in line["message"] and line.get("error") != "PoolTimeout"
    ] == []


def test_a_pooler_that_lends_single_statements_is_refused_by_name(
    run_leavers: RunCommand, database_url: str
) -> None:
    with pooling(database_url, mode="statement") as url:
        checked = run_leavers("check", DATABASE_URL=url)

    assert "✗ database: The pooler before it lends connections for single" in checked.stdout


def test_the_check_says_that_a_pooler_stands_between(
    run_leavers: RunCommand, database_url: str
) -> None:
    direct = run_leavers("check")
    with pooling(database_url) as url:
        pooled = run_leavers("check", DATABASE_URL=url)

    assert "✓ database" in direct.stdout
    assert "pooler" not in direct.stdout
    assert "(through a pooler)" in pooled.stdout
