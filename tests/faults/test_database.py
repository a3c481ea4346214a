"""A database that is full, read-only, away, emptied or put back to yesterday."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Event, Thread

import psycopg
import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.faults import Moment, runs
from integrations.sandbox.postgres import Postgres
from integrations.sandbox.zendesk_tickets import SandboxTicket
from service.work.attempt import TRIED_AGAIN, DatabaseFailed
from tests.conftest import StartService
from tests.support.crowd import crowd, list_crowd
from tests.support.database import Database
from tests.support.processes import PATIENCE
from tests.support.running import WITHOUT_DAILY_LIMIT, Service, wait_until
from tests.support.tickets import ADA, ELENA, add_ticket, cards_of

TICKETS = 12
SMALL = 24 * 1024 * 1024
LONGER_THAN_A_WORKER_MAY_BE_SILENT = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A PostgreSQL, and the service's database in it."""

    postgres: Postgres
    name: str

    @property
    def url(self) -> str:
        """Of the service's database."""
        return self.postgres.dsn(self.name)

    def run(self, sql: str) -> None:
        """Run a statement beside the service's database."""
        with psycopg.connect(self.postgres.dsn(), autocommit=True) as connection:
            connection.execute(sql.encode())


@pytest.fixture
def server(postgres: Postgres, database: Database) -> Server:
    """Shared with other tests: only the database may be harmed."""
    return Server(postgres=postgres, name=database.name)


@pytest.fixture
def own_server(own_postgres: Postgres, with_tables: str) -> Iterator[Server]:
    """All of it may be stopped or paused."""
    url = own_postgres.create_database(template=with_tables)
    yield Server(postgres=own_postgres, name=Database(url).name)
    own_postgres.resume()


@pytest.fixture
def on_small_disk() -> Iterator[Server]:
    """A database on a file system of a few MiB, `small`; a tablespace needs no more."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small file system")
    with Postgres() as postgres:
        yield from _on_small_disk(Server(postgres=postgres, name="small"))


def _on_small_disk(server: Server) -> Iterator[Server]:
    folder = server.postgres.directory / "small"
    folder.mkdir()
    options = f"size={SMALL},uid=nobody,mode=0700"
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:  # noqa: S603
        pytest.skip("this machine does not let a small file system be mounted")
    try:
        server.run(f"CREATE TABLESPACE small LOCATION '{folder}'")
        server.run("CREATE DATABASE small TABLESPACE small")
        yield server
    finally:
        server.postgres.stop(hard=True)
        subprocess.run(["umount", str(folder)], check=True)  # noqa: S603, S607


def tickets_of_a_crowd(sandbox: Sandbox, size: int = TICKETS) -> list[SandboxTicket]:
    people = crowd(size)
    list_crowd(sandbox, people)
    return [add_ticket(sandbox, who) for who in people]


def counts(sandbox: Sandbox, tickets: list[SandboxTicket]) -> set[tuple[str, int, int]]:
    """Status, cards and notes of tickets; one value if all are alike."""
    return {(one.status, len(cards_of(sandbox, one)), len(one.notes)) for one in tickets}


def _is_taken(service: Service, ticket: SandboxTicket) -> bool:
    return service.deliver(ticket.id).status == 202


ALL_DONE = {("solved", 1, 1)}


def test_a_full_disk_refuses_webhooks_and_loses_nothing(
    start_service: StartService, sandbox: Sandbox, on_small_disk: Server
) -> None:
    url = on_small_disk.url
    service = start_service(DATABASE_URL=url, **WITHOUT_DAILY_LIMIT)
    tickets = tickets_of_a_crowd(sandbox, 300)
    ballast = on_small_disk.postgres.directory / "small" / "ballast"
    subprocess.run(  # noqa: S603
        ["dd", "if=/dev/zero", f"of={ballast}", "bs=4k"],  # noqa: S607
        check=False,
        capture_output=True,
    )

    answers = {}
    for ticket in tickets:
        answers[ticket.id] = service.deliver(ticket.id)
        if answers[ticket.id].status == 503:
            break
    refused = answers[ticket.id]
    ballast.unlink()
    service.wait_until_ready()
    again = service.deliver(ticket.id)
    begun = tickets[: len(answers)]
    wait_until(lambda: counts(sandbox, begun) == ALL_DONE)

    assert (refused.status, 0 < int(refused.headers["retry-after"]) < 60) == (503, True)
    assert again.status == 202
    wait_until(lambda: Database(url).jobs() == 0)


@pytest.mark.waits
def test_a_database_that_turns_read_only_refuses_webhooks_and_loses_nothing(
    start_service: StartService, sandbox: Sandbox, server: Server
) -> None:
    service = start_service(DATABASE_URL=server.url, **WITHOUT_DAILY_LIMIT)
    tickets = tickets_of_a_crowd(sandbox)

    is_read_only = Event()

    def turn(state: str) -> None:
        server.run(f"ALTER DATABASE {server.name} SET default_transaction_read_only = {state}")

    def turn_read_only() -> None:
        turn("on")
        server.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"  # noqa: S608
            f" WHERE datname = '{server.name}'"
        )
        is_read_only.set()

    sandbox.faults.add(fault=runs(turn_read_only), vendor="trello", method="POST")
    for ticket in tickets[:-1]:
        service.deliver(ticket.id)
    assert is_read_only.wait(PATIENCE)
    refused = service.deliver(tickets[-1].id)
    listed = service.get("/leavers").status_code
    turn("off")
    for ticket in tickets:
        # Zendesk sends again what was refused.
        wait_until(partial(_is_taken, service, ticket))
    wait_until(lambda: counts(sandbox, tickets) == ALL_DONE)

    assert (refused.status, 0 < int(refused.headers["retry-after"]) < 60) == (503, True)
    assert listed == 200
    wait_until(lambda: Database(server.url).jobs() == 0)


@contextmanager
def hanging(server: Server) -> Iterator[None]:
    server.postgres.pause()
    yield
    server.postgres.resume()


@contextmanager
def away(server: Server) -> Iterator[None]:
    server.postgres.stop(hard=True)
    yield
    server.postgres.start()


@pytest.mark.waits
@pytest.mark.parametrize("lost", [hanging, away], ids=["hangs", "is away"])
def test_a_database_that_is_lost_for_a_while_under_load_loses_and_doubles_nothing(
    start_service: StartService,
    sandbox: Sandbox,
    own_server: Server,
    lost: Callable[[Server], AbstractContextManager[None]],
) -> None:
    services = [start_service(DATABASE_URL=own_server.url, **WITHOUT_DAILY_LIMIT) for _ in range(2)]
    tickets = tickets_of_a_crowd(sandbox)
    struck = sandbox.faults.add(fault=runs(lambda: None), vendor="trello", method="POST", skip=3)
    for ticket in tickets:
        services[0].deliver(ticket.id)
    assert struck.wait()

    with lost(own_server):
        time.sleep(LONGER_THAN_A_WORKER_MAY_BE_SILENT)
    for service in services:
        service.wait_until_ready()
    wait_until(lambda: counts(sandbox, tickets) == ALL_DONE)

    wait_until(lambda: Database(own_server.url).jobs() == 0)
    ids = [ticket.id for ticket in tickets]
    assert {services[1].leaver(number)["state"] for number in ids} == {"done"}


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/cards/open"), ("POST", "/1/cards$"), ("PUT", "/tickets/")]
)
def test_a_database_that_is_emptied_in_the_middle_doubles_nothing(
    start_service: StartService, sandbox: Sandbox, server: Server, method: str, path: str
) -> None:
    service = start_service(DATABASE_URL=server.url, **WITHOUT_DAILY_LIMIT)
    done, ticket = add_ticket(sandbox, ELENA), add_ticket(sandbox, ADA)
    service.process_ticket(done.id)

    is_empty = Event()

    def empty() -> None:
        server.run(f"DROP DATABASE {server.name} WITH (FORCE)")
        server.run(f"CREATE DATABASE {server.name}")
        is_empty.set()

    sandbox.faults.add(fault=runs(empty, Moment.AFTER_ACTING), method=method, path=path)
    service.deliver(ticket.id)
    assert is_empty.wait(PATIENCE)
    service.wait_until_ready()
    for one in (done, ticket):
        assert service.process_ticket(one.id)["state"] == "done"

    assert counts(sandbox, [done, ticket]) == ALL_DONE


def test_a_run_that_the_database_breaks_off_is_put_off_and_passes_for_no_crash(
    start_service: StartService, sandbox: Sandbox, database: Database
) -> None:
    impatient = f"{database.url}&options=-c%20lock_timeout%3D3000"
    service = start_service(**WITHOUT_DAILY_LIMIT, DATABASE_URL=impatient)

    def hold_the_table_until_the_run_breaks(is_held: Event) -> None:
        with psycopg.connect(database.url) as connection:
            connection.execute("LOCK TABLE leavers IN SHARE MODE")
            is_held.set()
            wait_until(lambda: "database failed" in service.log)

    def hold() -> None:
        is_held = Event()
        Thread(target=hold_the_table_until_the_run_breaks, args=(is_held,)).start()
        is_held.wait(PATIENCE)

    ticket = add_ticket(sandbox, ADA)
    crashes: list[tuple[int]] = []

    def count_crashes() -> None:
        crashes.extend(database.run("SELECT crashes FROM runs WHERE ticket_id = %s", ticket.id))

    # The second run comes to the same request.
    for hook in (hold, count_crashes):
        sandbox.faults.add(fault=runs(hook), vendor="zendesk", path="/comments")
    leaver = service.process_ticket(ticket.id)

    (planned,) = [one["detail"] for one in leaver["history"] if one["event"] == "retry_planned"]
    assert planned.endswith(f"{DatabaseFailed()} {TRIED_AGAIN}")
    assert (leaver["state"], crashes) == ("done", [(0,)])
    assert (len(cards_of(sandbox, ticket)), len(ticket.notes)) == (1, 1)


# The user makes the tables itself, so that it owns them.
@pytest.mark.parametrize("database_template", ["template1"])
def test_a_right_that_is_missing_for_a_moment_fails_no_ticket(
    start_service: StartService, sandbox: Sandbox, database: Database
) -> None:
    user = f"of_{database.name}"
    database.run(f"CREATE USER {user}")
    database.run(f"GRANT ALL ON SCHEMA public TO {user}")
    service = start_service(
        **WITHOUT_DAILY_LIMIT, DATABASE_URL=database.url.replace("postgres@", f"{user}@")
    )

    def take_it() -> None:
        database.run("ALTER TABLE history OWNER TO postgres")

    sandbox.faults.add(fault=runs(take_it), vendor="zendesk", path="/comments")
    ticket = add_ticket(sandbox, ADA)
    service.deliver(ticket.id)
    wait_until(lambda: "database failed" in service.log)
    database.run(f"ALTER TABLE history OWNER TO {user}")
    leaver = service.wait_for(ticket.id, "done", "failed")
    service.terminate()
    database.run(f"DROP OWNED BY {user}")
    database.run(f"DROP USER {user}")

    assert leaver["state"] == "done"
    assert (len(cards_of(sandbox, ticket)), len(ticket.notes)) == (1, 1)


def test_yesterdays_backup_put_back_doubles_nothing(
    start_service: StartService, sandbox: Sandbox, server: Server
) -> None:
    service = start_service(DATABASE_URL=server.url, **WITHOUT_DAILY_LIMIT)
    waiting, done, later = (add_ticket(sandbox, who) for who in crowd(3))
    list_crowd(sandbox, crowd(3))
    service.process_ticket(done.id)
    service.terminate()
    with_a_job = start_service(DATABASE_URL=server.url, works=False)
    with_a_job.deliver(waiting.id)
    with_a_job.terminate()
    server.run(f"CREATE DATABASE {server.name}_backup TEMPLATE {server.name}")
    service.restart()
    for ticket in (waiting, later):
        service.deliver(ticket.id)
        service.wait_for(ticket.id, "done")
    service.terminate()

    server.run(f"DROP DATABASE {server.name} WITH (FORCE)")
    server.run(f"ALTER DATABASE {server.name}_backup RENAME TO {server.name}")
    service.restart()
    for ticket in (waiting, done, later):
        service.deliver(ticket.id)
        service.wait_for(ticket.id, "done")

    assert counts(sandbox, [waiting, done, later]) == ALL_DONE
