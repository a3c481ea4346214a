"""What is asked per leaver, page, scrape or sweep reads no more if many leavers are done."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from integrations.sandbox.postgres import Postgres
from service.domain.reasons import ReasonCode
from service.records.database import AsyncConnection, Database, ensure_schema, make_async_pool
from service.records.figures import FigureRecords
from service.records.filters import Filters
from service.records.intake import Intake
from service.records.leaver import State
from service.records.queries import Records
from service.records.search import LeaverSearch, Sort
from service.records.sweep_queries import SweepRecords
from service.records.watched import WatchedRecords
from tests.support.many_leavers import put_many_leavers

MANY, TODAY = 6_000, date(2026, 11, 30)
# Of a page, of its counts and of what the index's pages bring along.
FEW = 600
TABLES = [
    *("leavers", "cards", "history", "after_date", "removals", "later", "total_changes", "totals"),
]

Ask = Callable[[Database], object]


@pytest.fixture(scope="module")
def many(postgres: Postgres) -> Iterator[str]:
    """A database with many leavers that are done; only asked, so that tests may share it."""
    url = postgres.create_database()
    ensure_schema(url)
    put_many_leavers(url, MANY)
    yield url
    postgres.drop_database(url.partition("?")[0].rpartition("/")[2])


def rows_read(url: str) -> int:
    """How many rows all statements so far have read, from tables and from their indexes."""
    with psycopg.connect(url) as connection:
        (rows,) = connection.execute(
            "SELECT coalesce(sum(seq_tup_read), 0) + (SELECT coalesce(sum(idx_tup_read), 0)"
            " FROM pg_stat_user_indexes WHERE relname = ANY(%(tables)s))"
            " FROM pg_stat_user_tables WHERE relname = ANY(%(tables)s)",
            {"tables": TABLES},
        ).fetchone() or (0,)
    return int(rows)


def sweep(database: Database) -> SweepRecords:
    return SweepRecords(database, is_dry_run=False)


async def webhook(url: str, ticket_id: int) -> None:
    async def no_job(_: AsyncConnection, __: Sequence[int]) -> None: ...

    pool = make_async_pool(url, most_connections=2)
    await pool.open()
    await Intake(pool, no_job, is_dry_run=False).from_webhook(ticket_id)
    await pool.close()


def list_in(sort: Sort) -> Ask:
    return lambda database: LeaverSearch(database).search(Filters(), sort=sort)


ASKED: dict[str, Ask] = {
    "a leaver": lambda database: Records(database).leaver(MANY // 2),
    "a page of the API": lambda database: Records(database).page(Filters(), before=None, limit=50),
    "metrics": lambda database: FigureRecords(database, dead_after=12).read(),
    "status page": lambda database: FigureRecords(database, dead_after=12).queue(),
    "counts": lambda database: LeaverSearch(database).counts(),
    "who waits": lambda database: LeaverSearch(database).waiting(today=TODAY, page=1),
    "who failed": lambda database: LeaverSearch(database).failed(page=1),
    "causes": lambda database: LeaverSearch(database).causes(),
    "codes": lambda database: LeaverSearch(database).reason_codes(),
    "a name": lambda database: LeaverSearch(database).search(Filters(text="person4242")),
    "a ticket": lambda database: LeaverSearch(database).search(Filters(text="77")),
    "a card": lambda database: LeaverSearch(database).search(Filters(text="trello.com/c/77")),
    "a state": lambda database: LeaverSearch(database).search(Filters(state=State.QUEUED)),
    "a reason": lambda database: LeaverSearch(database).search(
        Filters(reason_code=ReasonCode.LEAVING_DATE_MISSING)
    ),
    "who came lately": lambda database: LeaverSearch(database).search(
        Filters(received_from=datetime.now(UTC) - timedelta(days=1))
    ),
    "sweep: missed": lambda database: sweep(database).missed([1, 2, MANY + 7]),
    "sweep: perhaps settled": lambda database: sweep(database).perhaps_settled(
        [1, 2], waiting_for=timedelta(hours=1)
    ),
    "sweep: to try again": lambda database: sweep(database).to_try_again(
        every=timedelta(hours=1), for_as_long_as=timedelta(days=7)
    ),
    "sweep: over the limit": lambda database: sweep(database).over_daily_limit(at_most=50),
    "sweep: finished lately": lambda database: sweep(database).finished(within=timedelta(days=30)),
    "sweep: changed since": lambda database: sweep(database).changed_since(
        reopened={1: "2026-01-02T00:00:00Z"}, solved={2: "2026-01-02T00:00:00Z"}
    ),
    "after the date: still looked at": lambda database: WatchedRecords(database).watched(),
    "after the date: over lately": lambda database: WatchedRecords(database).ended_lately(
        since=datetime.now(UTC) - timedelta(days=30)
    ),
    "after the date: without access": lambda database: WatchedRecords(database).without_access(),
    **{f"a list, {sort}": list_in(sort) for sort in Sort},
}


@pytest.mark.parametrize("asked", ASKED)
def test_it_reads_few_rows_however_many_leavers_are_done(many: str, asked: str) -> None:
    before = rows_read(many)
    database = Database(many, most_connections=1)
    database.open()

    ASKED[asked](database)

    # What a session read is counted when it ends, at the latest.
    database.close()
    wait_until_flushed(many)
    assert rows_read(many) - before < FEW


@pytest.mark.parametrize("ticket_id", [MANY + 1, MANY // 2], ids=["new", "done"])
def test_a_webhook_reads_few_rows_however_many_leavers_are_done(many: str, ticket_id: int) -> None:
    before = rows_read(many)

    asyncio.run(webhook(many, ticket_id))

    wait_until_flushed(many)
    assert rows_read(many) - before < FEW


def test_a_count_of_everybody_would_show(many: str) -> None:
    before = rows_read(many)
    with psycopg.connect(many) as connection:
        connection.execute("SELECT count(*) FROM leavers WHERE name LIKE '%7'").fetchone()
    wait_until_flushed(many)

    assert rows_read(many) - before >= MANY


def wait_until_flushed(url: str) -> None:
    """Wait until no other session is left: its figures are there then."""
    with psycopg.connect(url, autocommit=True) as connection:
        while True:
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            ).fetchone()
            if row == (0,):
                return
