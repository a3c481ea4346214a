"""A database that hangs or refuses: nothing is accepted that is not stored, and all is said."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import psycopg
import pytest
import requests

from integrations.sandbox import Sandbox
from integrations.sandbox.faults import Moment, runs
from integrations.sandbox.postgres import Postgres
from integrations.sandbox.zendesk_webhook import signed_headers
from tests.conftest import RunCommand, StartService
from tests.support.database import Database
from tests.support.running import Service, wait_until
from tests.support.tickets import ADA, add_ticket, cards_of

# Zendesk waits for about ten seconds; the contract promises eight.
PROMISED = 8.0


@pytest.fixture
def service(
    own_postgres: Postgres, with_tables: str, start_service: StartService
) -> Iterator[Service]:
    yield start_service(DATABASE_URL=own_postgres.create_database(template=with_tables))
    own_postgres.resume()


def deliver(service: Service, sandbox: Sandbox, ticket_id: int) -> requests.Response:
    """Deliver as Zendesk does; the client's own time-out is the contract's."""
    body = b'{"ticket_id": %d}' % ticket_id
    headers = signed_headers(sandbox.zendesk.webhook_secret, body, datetime.now(UTC))
    return requests.post(
        f"{service.url}/webhooks/zendesk", data=body, headers=headers, timeout=PROMISED
    )


def break_database(postgres: Postgres, how: str) -> None:
    postgres.pause() if how == "hangs" else postgres.stop(hard=True)


def fix_database(postgres: Postgres, how: str) -> None:
    postgres.resume() if how == "hangs" else postgres.start()


@pytest.mark.parametrize("how", ["hangs", "is gone"])
def test_a_webhook_that_cannot_be_stored_is_refused_in_time_and_taken_later(
    service: Service, sandbox: Sandbox, own_postgres: Postgres, how: str
) -> None:
    ticket = add_ticket(sandbox, ADA)
    break_database(own_postgres, how)
    # Each is waited for to the end: both at once.
    with ThreadPoolExecutor() as pool:
        refused = list(pool.map(lambda _: deliver(service, sandbox, ticket.id), range(2)))
    fix_database(own_postgres, how)
    service.wait_until_ready()

    accepted = deliver(service, sandbox, ticket.id)

    assert [(answer.status_code, list(answer.json())) for answer in refused] == [
        (503, ["detail"])
    ] * 2
    assert all(0 < int(answer.headers["Retry-After"]) < 60 for answer in refused)
    assert accepted.status_code == 202
    assert service.wait_for(ticket.id)["state"] == "done"
    assert (len(cards_of(sandbox, ticket)), len(ticket.notes)) == (1, 1)


@pytest.mark.parametrize("how", ["hangs", "is gone"])
def test_readiness_names_the_database_that_does_not_answer(
    service: Service, own_postgres: Postgres, how: str
) -> None:
    break_database(own_postgres, how)

    answer = service.get("/healthcheck/ready", token=None)
    live = service.get("/healthcheck/live", token=None)

    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == "failing"
    assert "database" in answer.json()["detail"]
    assert live.status_code == 200
    fix_database(own_postgres, how)
    service.wait_until_ready()


def test_a_service_that_can_store_nothing_yet_starts_all_the_same(
    start_service: StartService, sandbox: Sandbox, database: Database
) -> None:
    database.run("ALTER TABLE runs ADD CONSTRAINT nothing CHECK (false)")
    service = start_service()
    ticket = add_ticket(sandbox, ADA)
    refused = deliver(service, sandbox, ticket.id)
    database.run("ALTER TABLE runs DROP CONSTRAINT nothing")

    accepted = deliver(service, sandbox, ticket.id)

    assert (refused.status_code, accepted.status_code) == (503, 202)
    assert service.wait_for(ticket.id)["state"] == "done"
    assert "database failed" in service.log


def test_operators_see_that_the_database_does_not_answer(
    service: Service, own_postgres: Postgres
) -> None:
    own_postgres.stop(hard=True)

    asked = [
        ("GET", "/leavers"),
        ("GET", "/leavers/12345"),
        ("POST", "/leavers/12345/rerun"),
        ("POST", "/leavers/12345/preview"),
    ]
    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(lambda request: service.call(*request), asked))

    assert [answer.status_code for answer in answers] == [503] * 4
    assert {tuple(answer.json()) for answer in answers} == {("detail",)}


def test_metrics_say_that_the_database_does_not_answer(
    service: Service, own_postgres: Postgres
) -> None:
    own_postgres.stop(hard=True)

    assert "leavers_database_up 0.0" in service.get("/metrics", token=None).text


@pytest.mark.parametrize("path", [r"/tickets/\d+\.json$", "/cards/open", "/1/cards$"])
def test_a_database_that_restarts_in_the_middle_loses_and_doubles_nothing(
    service: Service, sandbox: Sandbox, own_postgres: Postgres, path: str
) -> None:
    ticket = add_ticket(sandbox, ADA)
    restart = runs(lambda: own_postgres.restart(hard=True), Moment.AFTER_ACTING)
    rule = sandbox.faults.add(fault=restart, path=path)

    service.deliver(ticket.id)
    assert rule.wait()

    def is_done() -> bool:
        answer = service.get(f"/leavers/{ticket.id}")
        return answer.status_code == 200 and answer.json()["state"] == "done"

    wait_until(is_done)
    assert (len(cards_of(sandbox, ticket)), len(ticket.notes)) == (1, 1)


@pytest.mark.slow
def test_a_command_that_finds_no_database_waits_says_so_and_ends(
    own_postgres: Postgres, run_leavers: RunCommand
) -> None:
    url = own_postgres.create_database()
    own_postgres.stop(hard=True)
    commands = (("serve", "--port", "0"), ("work",), ("process", "12345"))

    begun = [run_leavers(*command, waits=False, DATABASE_URL=url) for command in commands]

    said = "Connection refused. Check host and port in DATABASE_URL, and whether the server runs."
    assert [(ended.wait(), ended.stderr) for ended in begun] == [(1, f"Database: {said}\n")] * 3
    assert [said in ended.stdout for ended in begun[:2]] == [True, True]


def test_a_ticket_that_the_queue_cannot_take_is_neither_accepted_nor_seen(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA)
    with psycopg.connect(service.environment["DATABASE_URL"]) as connection:
        connection.execute("LOCK TABLE procrastinate_jobs IN ACCESS EXCLUSIVE MODE")
        refused = deliver(service, sandbox, ticket.id)
        seen = service.get(f"/leavers/{ticket.id}")

    assert (refused.status_code, seen.status_code) == (503, 404)
