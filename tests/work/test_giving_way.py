"""Workers take no job while webhooks are being answered in their process."""

import asyncio
from contextlib import suppress

from service.guard.foreground import Foreground
from service.records.database import make_async_pool
from service.work.queue import JobQueue
from tests.support.database import Database
from tests.support.running import wait_until

# A job that nothing holds up is taken within some milliseconds.
WHILE_ANSWERING = 0.3


def test_a_job_is_taken_only_when_no_webhook_is_being_answered(database: Database) -> None:
    taken: list[int] = []

    async def work() -> None:
        is_taken = asyncio.Event()
        loop = asyncio.get_running_loop()

        def take(ticket_id: int) -> None:
            taken.append(ticket_id)
            loop.call_soon_threadsafe(is_taken.set)

        foreground = Foreground(longest_pause=60)
        async with make_async_pool(database.url, most_connections=4) as pool:
            queue = JobQueue(
                pool,
                take,
                prepare=lambda: None,
                longest_call=1.0,
                foreground=foreground,
            )
            await queue.open()
            with foreground.answering():
                async with pool.connection() as connection:
                    await queue.store_jobs(connection, [7])
                working = asyncio.create_task(queue.work())
                await asyncio.to_thread(wait_until, lambda: queue.is_working)
                await asyncio.sleep(WHILE_ANSWERING)
                assert database.run("SELECT status FROM procrastinate_jobs") == [("todo",)]
            await is_taken.wait()
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working

    asyncio.run(asyncio.wait_for(work(), timeout=120))
    assert taken == [7]
