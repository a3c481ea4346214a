"""The tables: made at start, by as many processes as like, and never by an older version."""

import psycopg
import pytest

from integrations.sandbox import Sandbox
from service.records.database import SchemaError, ensure_schema, own_steps
from tests.conftest import RunCommand, StartService
from tests.support.tickets import ADA, add_ticket, cards_of


@pytest.fixture
def database_template() -> str:
    """These tests begin with an empty database."""
    return "template1"


def tables(url: str) -> list[tuple[str, ...]]:
    """Every column of every table, and each step that was applied."""
    with psycopg.connect(url) as connection:
        columns = connection.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = 'public' ORDER BY 1, 2"
        ).fetchall()
        steps = connection.execute("SELECT name FROM schema_steps ORDER BY 1").fetchall()
    return [*columns, *steps]


def test_the_tables_are_made_once(database_url: str) -> None:
    ensure_schema(database_url)
    made = tables(database_url)

    ensure_schema(database_url)

    assert made
    assert tables(database_url) == made


def test_many_processes_may_start_at_once_on_an_empty_database(
    start_service: StartService, sandbox: Sandbox
) -> None:
    services = [start_service(until_ready=False) for _ in range(4)]

    for service in services:
        service.wait_until_started()

    tickets = [add_ticket(sandbox, ADA)]
    assert [services[0].process_ticket(ticket.id)["state"] for ticket in tickets] == ["done"]
    assert len(cards_of(sandbox, tickets[0])) == 1


@pytest.mark.parametrize("command", ["serve --port 0", "work", "process 12345", "check"])
def test_tables_of_a_newer_version_are_not_changed(
    database_url: str, run_leavers: RunCommand, command: str
) -> None:
    ensure_schema(database_url)
    with psycopg.connect(database_url) as connection:
        connection.execute("INSERT INTO schema_steps VALUES ('service/9999_later.sql')")
    before = tables(database_url)

    ended = run_leavers(*command.split())

    said = ended.stdout + ended.stderr
    assert ended.exit_code() == 1
    assert "the tables in the database are of a newer version of the service" in said
    assert "Traceback" not in said
    assert tables(database_url) == before


def test_a_later_step_changes_the_tables_once_and_keeps_what_is_in_them(
    database_url: str,
) -> None:
    first = own_steps()
    later = first | {"service/0002_later.sql": "ALTER TABLE leavers ADD COLUMN later text"}
    ensure_schema(database_url, steps=first)
    with psycopg.connect(database_url) as connection:
        connection.execute("INSERT INTO leavers (ticket_id) VALUES (7)")

    for _ in range(2):
        ensure_schema(database_url, steps=later)

    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT ticket_id, later FROM leavers").fetchall()
    assert rows == [(7, None)]
    with pytest.raises(SchemaError, match=r"newer version of the service \(service/0002"):
        ensure_schema(database_url)
