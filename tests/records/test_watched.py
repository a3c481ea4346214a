"""Who is looked at after the leaving date: found by a mark that the database keeps."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from psycopg import sql

from integrations.sandbox.postgres import Postgres
from service.domain.after_date import AfterDate
from service.records.after_date import AfterDateRecords, Look
from service.records.database import Database, ensure_schema
from service.records.sweep_queries import SweepRecords
from service.records.watched import WatchedRecords
from tests.support.leaver_rows import insert_leaver

DUE, LATER = "2026-12-18T17:00Z", "2027-02-26T17:00Z"


@pytest.fixture(scope="module")
def made(postgres: Postgres) -> Iterator[str]:
    url = postgres.create_database()
    ensure_schema(url)
    yield url
    postgres.drop_database(url.partition("?")[0].rpartition("/")[2])


@pytest.fixture
def database(made: str) -> Iterator[Database]:
    """One leaver with a card and one without access, both done."""
    with psycopg.connect(made) as connection:
        for table in ("after_date", "later", "cards", "runs", "leavers"):
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        done: dict[str, Any] = {"state": "done", "leaving_date": "2026-12-18"}
        card = {"card_id": "c", "url": "https://trello.com/c/c", "due": DUE}
        insert_leaver(connection, 1, **done, outcome="tech_card", card=card)
        insert_leaver(connection, 2, **done, outcome="no_access")
    opened = Database(made, most_connections=1)
    opened.open()
    yield opened
    opened.close()


def stands(database: Database, status: str | None) -> None:
    run(
        database,
        "INSERT INTO after_date (ticket_id, status, due_at) VALUES (1, %s, %s)"
        " ON CONFLICT (ticket_id) DO UPDATE SET status = excluded.status",
        status,
        DUE,
    )


def run(database: Database, statement: str, *values: object) -> None:
    with database.transaction() as connection:
        connection.execute(statement, values)


def watched(database: Database) -> list[int]:
    return [one.ticket_id for one in WatchedRecords(database).watched()]


@pytest.mark.parametrize(
    ("was_processed", "is_dry_run", "found"),
    [(True, False, [1]), (True, True, []), (False, False, [])],
)
def test_a_processed_leaver_whose_last_run_was_dry_is_done_again_once_that_is_over(
    database: Database, *, was_processed: bool, is_dry_run: bool, found: list[int]
) -> None:
    run(database, "UPDATE leavers SET ended_in_dry_run = true")
    if was_processed:
        run(database, "INSERT INTO later (ticket_id, outcome) VALUES (1, 'tech_card')")

    records = SweepRecords(database, is_dry_run=is_dry_run)

    assert (watched(database), records.processed_before_dry_run()) == ([], found)


def test_a_processed_leaver_whose_data_are_erased_is_not_read_again(database: Database) -> None:
    run(database, "INSERT INTO later (ticket_id, outcome) VALUES (1, 'tech_card')")
    run(database, "UPDATE leavers SET ended_in_dry_run = true, erased_at = now()")

    assert SweepRecords(database, is_dry_run=False).processed_before_dry_run() == []


@pytest.mark.parametrize("status", ["card_open", "still_listed", "done_but_listed", None])
def test_somebody_is_looked_at_until_it_is_over(database: Database, status: str | None) -> None:
    before = watched(database)
    stands(database, status)

    assert (before, watched(database)) == ([1], [1])


@pytest.mark.parametrize("status", ["over", "unfinished"])
def test_nobody_is_looked_at_who_is_over_or_was_given_up(database: Database, status: str) -> None:
    stands(database, "still_listed")
    stands(database, status)

    assert watched(database) == []


@pytest.mark.parametrize("status", ["over", "unfinished"])
@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM after_date", "UPDATE after_date SET status = 'still_listed'"],
    ids=["begun again", "listed again"],
)
def test_what_begins_again_is_looked_at(database: Database, status: str, statement: str) -> None:
    stands(database, status)
    run(database, statement)

    assert watched(database) == [1]


@pytest.mark.parametrize(
    ("status", "due", "expected"),
    [("unfinished", LATER, [1]), ("unfinished", DUE, []), ("over", LATER, [])],
)
def test_a_later_due_date_begins_again_for_somebody_who_was_given_up(
    database: Database, status: str, due: str, expected: list[int]
) -> None:
    stands(database, status)
    run(database, "UPDATE cards SET due = NULL")
    run(database, "UPDATE cards SET due = %s", due)

    assert watched(database) == expected


@pytest.mark.parametrize(
    ("status", "due", "expected"),
    [
        ("still_listed", "2999-01-08T17:00Z", None),
        ("unfinished", "2999-01-08T17:00Z", None),
        ("still_listed", "2026-01-08T17:00Z", "still_listed"),
        ("over", "2999-01-08T17:00Z", "over"),
    ],
)
def test_nothing_is_said_of_a_leaver_whose_date_was_moved_ahead(
    database: Database, status: str, due: str, expected: str | None
) -> None:
    stands(database, status)
    run(database, "UPDATE cards SET due = %s", due)

    with database.transaction() as connection:
        row = connection.execute("SELECT status FROM after_date WHERE ticket_id = 1").fetchone()
    assert row == {"status": expected}


@pytest.mark.parametrize(
    "statement",
    ["UPDATE cards SET due = %s", "UPDATE leavers SET leaving_date = %s"],
    ids=["the card's", "only the leaving date"],
)
def test_a_look_that_began_before_the_date_was_moved_counts_no_longer(
    database: Database, statement: str
) -> None:
    (one,) = WatchedRecords(database).watched()
    run(database, statement, LATER)
    look = Look(status=AfterDate.UNFINISHED, due_at=datetime.fromisoformat(DUE))

    is_recorded = AfterDateRecords(database).store(one, look, now=datetime.now(UTC))

    assert (is_recorded, watched(database)) == (False, [1])


def test_somebody_without_access_is_looked_for_once(database: Database) -> None:
    records = WatchedRecords(database)
    before = [one.ticket_id for one in records.without_access()]
    AfterDateRecords(database).note_looked_once(2, reason=None, candidates=[])

    assert (before, records.without_access()) == ([2], [])


def test_only_those_who_are_over_since_then_are_looked_at_for_their_return(
    database: Database,
) -> None:
    stands(database, "over")
    run(database, "UPDATE after_date SET gone_at = now(), ended_at = '2026-12-21T00:00Z'")
    since = [datetime(2026, 12, 20, tzinfo=UTC), datetime(2026, 12, 22, tzinfo=UTC)]

    found = [WatchedRecords(database).ended_lately(since=each) for each in since]

    assert [[one.ticket_id for one in each] for each in found] == [[1], []]
