"""New tickets that arrive at the same time are stored in one commit: each whole, or none."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager

import psycopg
import pytest

from service.guard.foreground import Foreground
from service.records.arrivals import Arrivals
from service.records.database import AsyncConnection, make_async_pool
from service.work.queue import JobQueue
from tests.support.database import Database

TICKETS = range(101, 141)


@asynccontextmanager
async def arrivals_of(database: Database, *, refused: int | None = None) -> AsyncIterator[Arrivals]:
    """A process's arrivals, with the real queue; it stores no jobs for one ticket."""
    async with make_async_pool(database.url, most_connections=4) as pool:
        queue = JobQueue(
            pool,
            lambda _: None,
            prepare=lambda: None,
            longest_call=1.0,
            foreground=Foreground(),
        )
        await queue.open()

        async def store_jobs(connection: AsyncConnection, ticket_ids: Sequence[int]) -> None:
            await queue.store_jobs(connection, ticket_ids)
            if refused in ticket_ids:
                await connection.execute("SELECT 1 / 0")

        yield Arrivals(pool, store_jobs)


async def add_all(arrivals: Arrivals, ticket_ids: Iterable[int]) -> list[bool | BaseException]:
    adding = (arrivals.add(ticket_id) for ticket_id in ticket_ids)
    return await asyncio.gather(*adding, return_exceptions=True)


def stored(database: Database) -> list[tuple[int, int, int]]:
    """Each leaver with the number of its lines of history and of its jobs."""
    return [
        (ticket_id, lines, jobs)
        for ticket_id, lines, jobs in database.run(
            "SELECT ticket_id,"
            " (SELECT count(*) FROM history WHERE history.ticket_id = runs.ticket_id),"
            " (SELECT count(*) FROM procrastinate_jobs"
            "   WHERE lock = 'ticket-' || ticket_id AND args = jsonb_build_object("
            "     'ticket_id', ticket_id))"
            " FROM leavers JOIN runs USING (ticket_id) ORDER BY ticket_id"
        )
    ]


def test_all_that_arrive_during_a_commit_share_the_next_one(database: Database) -> None:
    async def arrive() -> None:
        async with arrivals_of(database) as arrivals:
            assert await add_all(arrivals, TICKETS) == [True] * len(TICKETS)

    asyncio.run(arrive())
    assert stored(database) == [(ticket_id, 1, 1) for ticket_id in TICKETS]
    ((commits,),) = database.run("SELECT count(DISTINCT xmin::text) FROM leavers")
    assert commits < 4


def test_a_ticket_that_comes_twice_at_once_or_is_known_is_stored_once(database: Database) -> None:
    async def arrive() -> None:
        async with arrivals_of(database) as arrivals:
            assert await arrivals.add(7)
            assert await add_all(arrivals, [7, 8, 8, 9]) == [False, True, True, True]
            assert await add_all(arrivals, [8, 7, 9]) == [False, False, False]

    asyncio.run(arrive())
    assert stored(database) == [(7, 1, 1), (8, 1, 1), (9, 1, 1)]


def test_processes_that_store_the_same_tickets_do_not_block_each_other(database: Database) -> None:
    async def arrive() -> None:
        async with arrivals_of(database) as one, arrivals_of(database) as other:
            was_new, was_new_to_other = await asyncio.gather(
                add_all(one, TICKETS), add_all(other, reversed(TICKETS))
            )
        # Each ticket is new to one of the two.
        assert was_new == [not is_new for is_new in reversed(was_new_to_other)]

    asyncio.run(arrive())
    assert stored(database) == [(ticket_id, 1, 1) for ticket_id in TICKETS]


def test_nothing_of_a_commit_that_fails_is_stored_and_everybody_hears_of_it(
    database: Database,
) -> None:
    async def arrive() -> None:
        async with arrivals_of(database, refused=8) as arrivals:
            answers = await add_all(arrivals, [7, 8, 9])
            assert [type(answer) for answer in answers] == [psycopg.errors.DivisionByZero] * 3
            assert stored(database) == []
            # The next commit is not harmed.
            assert await add_all(arrivals, [7, 9]) == [True, True]

    asyncio.run(arrive())
    assert stored(database) == [(7, 1, 1), (9, 1, 1)]


def test_a_request_that_gives_up_takes_no_other_ticket_with_it(database: Database) -> None:
    async def arrive() -> None:
        async with arrivals_of(database) as arrivals:
            adding = [asyncio.create_task(arrivals.add(ticket_id)) for ticket_id in (7, 8)]
            await asyncio.sleep(0)
            adding[0].cancel()
            with pytest.raises(asyncio.CancelledError):
                await adding[0]
            assert await adding[1]

    asyncio.run(arrive())
    assert (8, 1, 1) in stored(database)


def test_a_rehearsal_stores_nothing(database: Database) -> None:
    async def rehearse() -> None:
        async with arrivals_of(database) as arrivals:
            await arrivals.rehearse()
            assert stored(database) == []
            assert await arrivals.add(7)

    asyncio.run(rehearse())
    assert stored(database) == [(7, 1, 1)]
    assert database.run("SELECT count(*) FROM procrastinate_jobs") == [(1,)]
