"""`leavers report` as a process: CSV and JSON, and whether the history is as it was written."""

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from integrations.sandbox.postgres import Postgres
from service.domain.history import HistoryEvent, HistoryLine
from service.records.database import Database
from service.records.history import HistoryChain, record
from tests.conftest import RunCommand

TODAY = datetime.now(UTC).date()
PERIOD = ("--from", (TODAY - timedelta(days=1)).isoformat(), "--to", TODAY.isoformat())
BAD_OPERATOR = "=HYPERLINK"


@pytest.fixture
def url(postgres: Postgres, with_tables: str) -> str:
    """A database with two leavers: one was asked about, and answered by somebody named so."""
    url = postgres.create_database(template=with_tables)
    with opened(url) as database, database.transaction() as connection:
        connection.execute(
            "INSERT INTO leavers (ticket_id, state, outcome, name)"
            " VALUES (12345, 'done', 'tech_card', 'Jane Doe'),"
            " (12346, 'needs_person', NULL, 'John Roe')"
        )
        record(connection, 12345, HistoryLine(event=HistoryEvent.RECEIVED), by="Zendesk")
        record(connection, 12345, HistoryLine(event=HistoryEvent.NEEDS_PERSON))
    with opened(url) as database, database.transaction() as connection:
        # A line of a later instant: a transaction has one.
        record(connection, 12345, HistoryLine(event=HistoryEvent.RUN_REQUESTED), by=BAD_OPERATOR)
    return url


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """The records of a database, as long as they are used."""
    database = Database(url, most_connections=1)
    database.open()
    try:
        yield database
    finally:
        database.close()


def head_of(url: str) -> str:
    with opened(url) as database:
        head = HistoryChain(database).head()
    assert head
    return head


def test_the_csv_has_a_row_a_leaver_runs_no_formula_and_ends_with_the_head(
    run_leavers: RunCommand, url: str
) -> None:
    ended = run_leavers("report", *PERIOD, DATABASE_URL=url)

    rows = list(csv.DictReader(ended.stdout.splitlines()))
    assert ended.wait() == 0
    assert [row["ticket"] for row in rows[:2]] == ["12345", "12346"]
    assert rows[0]["answered_by"] == f"'{BAD_OPERATOR}"
    assert ended.stdout.splitlines()[-1] == f"# history head: {head_of(url)}"
    assert [name for name in ("Jane", "Roe") if name in ended.stdout] == []


def test_the_json_has_the_same_and_the_head(run_leavers: RunCommand, url: str) -> None:
    ended = run_leavers("report", *PERIOD, "--format", "json", DATABASE_URL=url)

    found = json.loads(ended.stdout)
    assert [row["ticket"] for row in found["leavers"]] == [12345, 12346]
    assert (found["totals"]["leavers"], found["totals"]["questions"]) == (2, 1)
    assert found["history_head"] == head_of(url)


def test_a_history_as_it_was_written_is_verified_with_or_without_a_report(
    run_leavers: RunCommand, url: str
) -> None:
    alone = run_leavers("report", "--verify", DATABASE_URL=url)
    both = run_leavers("report", "--verify", *PERIOD, DATABASE_URL=url)

    assert (alone.wait(), alone.stdout) == (0, "")
    assert "is as it was written" in alone.stderr
    assert "a rewrite of the whole chain would not" in alone.stderr
    assert (both.wait(), both.stdout.startswith("ticket,")) == (0, True)


def test_the_first_broken_row_is_named_and_the_command_fails(
    run_leavers: RunCommand, url: str
) -> None:
    with psycopg.connect(url) as connection:
        # As the tables' owner can, past their own guard.
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute("UPDATE history SET by = 'mallory' WHERE event <> 'received'")

    ended = run_leavers("report", "--verify", *PERIOD, DATABASE_URL=url)

    assert (ended.wait(), ended.stdout) == (1, "")
    assert ended.stderr.startswith("The history is broken: line 2, of ticket 12345, written at ")


@pytest.mark.parametrize(
    "arguments",
    [(), ("--from", "2026-11-01"), ("--from", "2026-11-30", "--to", "2026-11-01"), ("--from", "x")],
)
def test_a_period_that_is_none_is_refused(
    run_leavers: RunCommand, url: str, arguments: tuple[str, ...]
) -> None:
    ended = run_leavers("report", *arguments, DATABASE_URL=url)

    assert (ended.wait(), ended.stdout) == (2, "")
    assert ended.stderr


def test_a_database_that_cannot_be_reached_is_named_as_everywhere(run_leavers: RunCommand) -> None:
    ended = run_leavers("report", "--verify", DATABASE_URL="postgresql://jane@127.0.0.1:1/leavers")

    assert ended.exit_code() == 1
    assert ended.stderr.startswith("Database: Connection refused. Check host and port in")
