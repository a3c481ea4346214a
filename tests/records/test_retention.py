"""How long a leaver's data are kept, and how long its card is looked at: both by the due date."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.records.database import Database
from service.records.removed import RemovedRecords
from service.records.retention import Retention
from service.records.sweep_queries import SweepRecords
from tests.support.leaver_rows import insert_leaver

DATA_PROTECTION = Path(__file__).parents[2] / "docs/data-protection.md"
KEEP, UNTIL = 90, 60
URL = "https://trello.com/c/iK30ThVk"
NOW = datetime.now(UTC)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def put(
    tables: Database, *, finished: float, due: float | None, urgent_due: datetime | None = None
) -> None:
    """A leaver whose run ended, and whose card was due, so many days ago."""
    due_at = None if due is None else ago(due)
    with tables.transaction() as connection:
        insert_leaver(
            connection,
            1,
            state="done",
            outcome="tech_card",
            name="Jane Doe",
            finished_at=ago(finished),
            leaving_date=due_at.date() if due_at else None,
            card={"card_id": "5f", "url": URL, "due": due_at, "urgent_due": urgent_due},
        )


def ended(tables: Database, status: str, *, days_ago: float | None) -> None:
    """How the leaver stands after the date, and since when that is final."""
    with tables.transaction() as connection:
        connection.execute(
            "INSERT INTO after_date (ticket_id, status, ended_at) VALUES (1, %s, %s)",
            (status, None if days_ago is None else ago(days_ago)),
        )


def erased(tables: Database, *, until_days: int | None = UNTIL) -> bool:
    removed = RemovedRecords(tables, look_back=timedelta(days=90))
    retention = Retention(tables, removed, keep_days=KEEP, until_days=until_days)
    return retention.erase() == 1


@pytest.mark.parametrize(
    ("finished", "due", "status", "ended_ago", "is_erased"),
    [
        # Four months' notice: the day has not come.
        (120, -1, None, None, False),
        (400, -30, "over", 100, False),
        # The later of the run's end and the end of the looks counts.
        (200, 120, "over", 89, False),
        (200, 120, "over", 91, True),
        (200, 160, "unfinished", 89, False),
        (200, 160, "unfinished", 91, True),
        (89, 120, "over", 100, False),
        (91, 120, "over", 100, True),
        # Who is still looked at is kept until the last day on which that may end, and then on.
        (200, 120, "still_listed", None, False),
        (200, KEEP + UNTIL - 1, "still_listed", None, False),
        (300, KEEP + UNTIL + 1, "still_listed", None, True),
        (200, 120, None, None, False),
    ],
)
def test_data_are_kept_from_the_later_end_on_and_never_erased_before_the_due_date(
    tables: Database,
    finished: float,
    due: float,
    status: str | None,
    ended_ago: float | None,
    *,
    is_erased: bool,
) -> None:
    put(tables, finished=finished, due=due)
    if status:
        ended(tables, status, days_ago=ended_ago)

    assert erased(tables) == is_erased


@pytest.mark.parametrize(("asked_for", "is_erased"), [(KEEP - 1, False), (KEEP + 1, True)])
def test_data_are_kept_for_a_reminder_that_an_operator_asked_for(
    tables: Database, asked_for: float, *, is_erased: bool
) -> None:
    put(tables, finished=300, due=KEEP + UNTIL + 10)
    ended(tables, "still_listed", days_ago=None)
    with tables.transaction() as connection:
        connection.execute("UPDATE after_date SET remind_from = %s", (ago(asked_for).date(),))

    assert erased(tables) == is_erased


@pytest.mark.parametrize(
    ("due", "is_erased"),
    [(120, True), (-1, False), (None, True)],
    ids=["the date has passed", "the date is to come", "no date"],
)
def test_if_nobody_is_looked_at_the_runs_end_counts_but_never_before_the_due_date(
    tables: Database, due: float | None, *, is_erased: bool
) -> None:
    put(tables, finished=91, due=due)

    assert erased(tables, until_days=None) == is_erased


def test_one_leaver_is_erased_at_once_as_the_documentation_says(
    tables: Database,
) -> None:
    text = DATA_PROTECTION.read_text("utf-8")
    _, _, rest = text.partition("To erase one leaver at once")
    said = rest.split("```")[1].removeprefix("sql").replace("12345", "1")
    put(tables, finished=1, due=-20)
    ended(tables, "still_listed", days_ago=None)
    before = erased(tables)

    with tables.transaction() as connection:
        for statement in filter(None, map(str.strip, said.split(";"))):
            connection.execute(statement.encode())

    assert (before, erased(tables)) == (False, True)


def test_a_later_date_that_a_person_gave_the_card_is_a_due_date_too(tables: Database) -> None:
    put(tables, finished=400, due=300)
    ended(tables, "over", days_ago=200)
    with tables.transaction() as connection:
        connection.execute("UPDATE after_date SET due_at = %s", (ago(-1),))

    assert not erased(tables)


@pytest.mark.parametrize("until_days", [UNTIL, None])
def test_so_is_one_that_an_operator_gave_since_the_card_was_archived(
    tables: Database, until_days: int | None
) -> None:
    put(tables, finished=400, due=300)
    with tables.transaction() as connection:
        connection.execute("UPDATE leavers SET leaving_date = %s", (ago(-2).date(),))

    assert not erased(tables, until_days=until_days)


def test_no_date_is_left_of_an_urgent_card(tables: Database) -> None:
    put(tables, finished=300, due=200, urgent_due=ago(200))

    assert erased(tables)
    with tables.transaction() as connection:
        row = connection.execute(
            "SELECT cards.urgent_due, cards.due, cards.name, leavers.name AS leaver"
            " FROM leavers JOIN cards USING (ticket_id)"
        ).fetchone()
    assert row
    assert set(row.values()) == {None}


@pytest.mark.parametrize(
    ("finished", "due", "is_looked_at"),
    [
        # Notice periods run to three months and more.
        (120, -1, True),
        (120, 29, True),
        (120, 31, False),
        (29, 31, True),
        (31, None, False),
    ],
)
def test_the_sweep_compares_a_card_until_thirty_days_after_its_due_date(
    tables: Database, finished: float, due: float | None, *, is_looked_at: bool
) -> None:
    put(tables, finished=finished, due=due)

    found = SweepRecords(tables, is_dry_run=False).finished(within=timedelta(days=30))

    assert [one.ticket_id for one in found] == ([1] if is_looked_at else [])
