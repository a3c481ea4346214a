"""The report's rows, from tables that look as runs and looks leave them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from service.domain.report import ReportRow
from service.records.database import Database
from service.records.removed import RemovedRecords
from service.records.report import ReportRecords
from service.records.retention import Retention
from tests.support.leaver_rows import insert_leaver

# A Monday in summer, when local time is an hour ahead of UTC.
DAY = date(2024, 6, 3)
RECEIVED = datetime(2024, 6, 3, 9, 30, tzinfo=UTC)
# A Friday; the Monday after it is no bank holiday.
DUE = datetime(2024, 6, 14, 16, 0, tzinfo=UTC)
GONE = DUE + timedelta(days=3)
URL = "https://github.com/alphagov/govuk-user-reviewer/pull/7"


def put(tables: Database, ticket_id: int = 4001, **columns: Any) -> None:
    """A leaver that is done, with a card."""
    given = {
        "state": "done",
        "outcome": "tech_card",
        "name": "Jane Doe",
        "received_at": RECEIVED,
        "leaving_date": DUE.date(),
        "finished_at": RECEIVED,
    } | columns
    with tables.transaction() as connection:
        insert_leaver(
            connection,
            ticket_id,
            card={"card_id": "5f", "url": "https://trello.com/c/iK30ThVk", "due": DUE},
            **given,
        )


def said(tables: Database, *lines: tuple[str, str, datetime], ticket_id: int = 4001) -> None:
    """Lines of the history: the event, who, and when."""
    with tables.transaction() as connection:
        for event, by, at in lines:
            connection.execute(
                "INSERT INTO history (ticket_id, event, by, at, facts) VALUES (%s, %s, %s, %s, %s)",
                (ticket_id, event, by, at, Jsonb({})),
            )


def stands(tables: Database, ticket_id: int = 4001, **columns: Any) -> None:
    """How the leaver stands after the date."""
    names = ", ".join(columns)
    places = ", ".join(["%s"] * len(columns))
    with tables.transaction() as connection:
        connection.execute(
            f"INSERT INTO after_date (ticket_id, {names}) VALUES (%s, {places})",  # noqa: S608
            (ticket_id, *columns.values()),
        )


def rows(tables: Database) -> list[ReportRow]:
    """The report on that one day, as it is on the Tuesday after the due date."""
    records = ReportRecords(tables, timezone="Europe/London")
    return records.rows(DAY, DAY, now=DUE + timedelta(days=4))


def over(tables: Database) -> None:
    """A leaver that was asked about twice, and is over."""
    put(tables)
    said(
        tables,
        ("run_requested", "carol", RECEIVED),
        ("needs_person", "the service", RECEIVED + timedelta(minutes=1)),
        ("run_requested", "bob", RECEIVED + timedelta(minutes=2)),
        ("needs_person", "the service", RECEIVED + timedelta(minutes=3)),
        ("run_requested", "alice", RECEIVED + timedelta(minutes=4)),
        ("card_created", "the service", RECEIVED + timedelta(minutes=5)),
        ("card_created", "the service", RECEIVED + timedelta(days=5)),
    )
    stands(
        tables,
        status="over",
        due_at=DUE,
        gone_at=GONE,
        gone_commit="abc123",
        gone_working_days=1,
        ended_at=GONE + timedelta(days=1),
    )
    with tables.transaction() as connection:
        connection.execute(
            "INSERT INTO removals (ticket_id, state, number, branch, url)"
            " VALUES (4001, 'merged', 7, 'leaver-ticket-4001', %s)",
            (URL,),
        )


def test_a_row_says_what_happened_and_when_and_who_answered(tables: Database) -> None:
    over(tables)

    (row,) = rows(tables)

    assert row == ReportRow(
        ticket=4001,
        state="done",
        outcome="tech_card",
        received=RECEIVED,
        card_made=RECEIVED + timedelta(minutes=5),
        due=DUE,
        entry_gone=GONE,
        entry_gone_commit="abc123",
        pull_request=URL,
        after_date="over",
        over=GONE + timedelta(days=1),
        working_days_late=1,
        questions=2,
        # A run that somebody asked for before the first question answers none.
        answered_by=("alice", "bob"),
    )


@pytest.mark.parametrize("status", ["still_listed", "done_but_listed", "unfinished"])
def test_somebody_who_is_still_listed_is_late_up_to_today(tables: Database, status: str) -> None:
    put(tables)
    stands(tables, status=status, due_at=DUE)

    (row,) = rows(tables)

    # From Friday to the Tuesday after.
    assert (row.working_days_late, row.entry_gone, row.over) == (2, None, None)


def test_a_date_that_a_person_moved_is_the_due_date(tables: Database) -> None:
    put(tables)
    stands(tables, status=None, due_at=DUE + timedelta(days=7))

    assert rows(tables)[0].due == DUE + timedelta(days=7)


def test_nothing_is_said_of_a_leaver_for_whom_nothing_happened_yet(tables: Database) -> None:
    put(tables, outcome="set_aside")
    stands(tables, status="still_listed", due_at=DUE)

    (row,) = rows(tables)

    assert (row.after_date, row.working_days_late, row.questions, row.answered_by) == (
        None,
        None,
        0,
        (),
    )


@pytest.mark.parametrize(
    ("received", "is_in"),
    [
        # In summer, the local day begins an hour earlier than that of UTC.
        (datetime(2024, 6, 2, 22, 59, tzinfo=UTC), False),
        (datetime(2024, 6, 2, 23, 0, tzinfo=UTC), True),
        (datetime(2024, 6, 3, 22, 59, tzinfo=UTC), True),
        (datetime(2024, 6, 3, 23, 0, tzinfo=UTC), False),
    ],
)
def test_a_period_is_of_local_days(tables: Database, received: datetime, *, is_in: bool) -> None:
    put(tables, received_at=received)

    assert bool(rows(tables)) == is_in


def test_erasing_changes_nothing_in_the_report(tables: Database) -> None:
    over(tables)
    before = rows(tables)
    removed = RemovedRecords(tables, look_back=timedelta(days=90))

    erased = Retention(tables, removed, keep_days=90, until_days=60).erase()

    assert (erased, rows(tables)) == (1, before)
