"""Tickets that were never seen: all that arrive at the same time are stored in one commit."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence

from service.domain.history import HistoryEvent, HistoryLine
from service.records.database import WAIT_FOR_CONNECTION, AsyncConnection, AsyncPool
from service.records.history import ZENDESK, record_async

# Stores a job for each ticket, in the transaction of the connection that it is given.
StoreJobs = Callable[[AsyncConnection, Sequence[int]], Awaitable[None]]

# The largest number that the database takes: Zendesk's come nowhere near it.
_OF_NO_TICKET = 2**63 - 1
# One that hangs must not hold up all that come after it.
COMMITS_AT_ONCE = 2
# In the order of their numbers: two processes that store the same tickets wait for each other's
# first one, and never each for the other.
_ADD = """
WITH new AS (
    INSERT INTO leavers (ticket_id) SELECT unnest(%s::bigint[]) AS ticket_id ORDER BY ticket_id
    ON CONFLICT DO NOTHING RETURNING ticket_id
)
INSERT INTO runs (ticket_id) SELECT ticket_id FROM new RETURNING ticket_id
"""


class Arrivals:
    """Stores new tickets of webhooks: each with its run, its line of history and its job.

    The history lets one commit pass at a time, so that many small ones would queue up there. A
    ticket that arrives while others are being stored goes with the next commit instead.

    Args:
        pool: connections of the event loop.
        store_jobs: see `StoreJobs`.
    """

    def __init__(self, pool: AsyncPool, store_jobs: StoreJobs) -> None:
        self._pool = pool
        self._store_jobs = store_jobs
        self._turns = asyncio.Semaphore(COMMITS_AT_ONCE)
        self._waiting: set[int] = set()
        self._next: asyncio.Task[frozenset[int]] | None = None

    async def add(self, ticket_id: int) -> bool:
        """Store a ticket if it was never seen; return whether that is so.

        Raises:
            psycopg.Error: it is not stored, nor are those that went with it.
        """
        self._waiting.add(ticket_id)
        if self._next is None:
            self._next = asyncio.create_task(self._store_next())
        return ticket_id in await asyncio.shield(self._next)

    async def _store_next(self) -> frozenset[int]:
        """Wait for a turn, and store all that have come until then; return those that are new."""
        async with self._turns:
            waiting, self._waiting, self._next = list(self._waiting), set(), None
            async with self._pool.connection() as connection:
                return frozenset(await self._store(connection, waiting))

    async def _store(self, connection: AsyncConnection, ticket_ids: list[int]) -> list[int]:
        # Statements whose answer nobody needs do not wait for it.
        async with connection.pipeline():
            cursor = await connection.execute(_ADD, (ticket_ids,))
            new = [row["ticket_id"] for row in await cursor.fetchall()]
            if new:
                line = HistoryLine(event=HistoryEvent.RECEIVED)
                await record_async(connection, new, line, by=ZENDESK)
                await self._store_jobs(connection, new)
        return new

    async def rehearse(self) -> None:
        """Store a ticket over each connection that is there, and undo it.

        What a session does for the first time takes it three times as long: no webhook should wait
        for that.

        Raises:
            psycopg.Error: the server can't be reached, or lets nothing be stored.
        """
        await self._pool.wait(WAIT_FOR_CONNECTION)
        async with contextlib.AsyncExitStack() as lent:
            connections = [
                await lent.enter_async_context(self._pool.connection())
                for _ in range(self._pool.min_size)
            ]
            for connection in connections:
                async with connection.transaction(force_rollback=True):
                    await self._store(connection, [_OF_NO_TICKET])
                    # What would otherwise run at the commit: the history's chain.
                    await connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
