"""The job queue: one job at a time a ticket, retries, take-over of dead workers' jobs, shutdown."""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import cast

import procrastinate
import psycopg
from procrastinate.connector import BaseConnector
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from procrastinate.worker import Worker

from service.guard.foreground import Foreground
from service.guard.shutdown import is_cancelled
from service.observability.error_reports import error_location
from service.observability.outages import DATABASE
from service.records.database import AsyncConnection, AsyncPool, is_pooled
from service.work.attempt import TryAgain

log = logging.getLogger(__name__)

# Leavers that one worker processes at the same time: it waits for vendors most of the while.
CONCURRENCY = 8
# Retries have a time, and only polling finds them.
POLL_EVERY = 1.0
HEARTBEAT_EVERY = 3.0
# A worker that has sent no heartbeat for so long is dead, and its jobs are taken over.
DEAD_AFTER = 12.0
RESCUE_EVERY = 3.0
# After a longer gap between two looks, others' heartbeats may be late, too.
LONGEST_GAP = 3 * RESCUE_EVERY
# A job ends at its next call to a vendor; that takes no longer than its time-out, and so many
# seconds are left for what else there is to do.
GRACE_AFTER_CALL = 10.0
# So many seconds more the engine may take to stop when its jobs have ended.
LONGEST_STOP = 5.0
# A leaver that has waited this long without any job has lost it.
LOST_AFTER = 30
_RESCUE_LOCK = 5_391_203_419
# After an error that no try ends with.
_PAUSE = timedelta(seconds=5)
# Seconds from here on fit a priority, a 32 bit number, until 2094.
_PRIORITIES_FROM = datetime(2026, 1, 1, tzinfo=UTC)


class _Retry(procrastinate.BaseRetryStrategy):
    """Every job that ends in an error is run again: a leaver's record decides when to stop."""

    def get_retry_decision(
        self,
        *,
        exception: BaseException,
        job: Job,  # noqa: ARG002 - the engine names it
    ) -> procrastinate.RetryDecision:
        at = exception.at if isinstance(exception, TryAgain) else datetime.now(UTC) + _PAUSE
        return procrastinate.RetryDecision(retry_at=at, priority=_priority_of(at))


def _priority_of(at: datetime) -> int:
    """Return the priority of a job that waits for its time: below that of a new one, which is 0.

    Among jobs of one lock the engine takes the higher priority first, and then the older one. A
    job that waits for its time must not hold up one that a person asked for meanwhile, nor that
    one's own next try: so the earlier the time, the higher the priority.
    """
    return -max(1, int((at - _PRIORITIES_FROM).total_seconds()))


class _GivingWay(JobManager):
    """Takes no job while webhooks are being answered in this process.

    To take one keeps the event loop busy, and another process may be free.
    """

    def __init__(self, connector: BaseConnector, foreground: Foreground) -> None:
        super().__init__(connector)
        self._foreground = foreground

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        await self._foreground.give_way_async()
        return await super().fetch_job(queues, worker_id)


class JobQueue:
    """Stores jobs, and runs them in the process that calls `work`.

    Args:
        pool: connections of the event loop.
        attempt: processes one ticket; it blocks, and raises `TryAgain` to be called again.
        prepare: makes the tables if they are not there (any more); it blocks.
        longest_call: seconds that a call to a vendor may take.
        foreground: what workers give way to before they take a job.
    """

    def __init__(
        self,
        pool: AsyncPool,
        attempt: Callable[[int], None],
        *,
        prepare: Callable[[], None],
        longest_call: float,
        foreground: Foreground,
    ) -> None:
        self._pool = pool
        self._prepare = prepare
        self._grace = longest_call + GRACE_AFTER_CALL
        self._app = procrastinate.App(connector=procrastinate.PsycopgConnector())
        self._app.job_manager = _GivingWay(self._app.connector, foreground)
        self._running: set[int] = set()
        self._own_workers: set[int] = set()
        self._suspects: set[int] = set()
        self._looked_at: float | None = None
        self._is_working = False

        @self._app.task(name="process", pass_context=True, retry=_Retry())
        def process(context: procrastinate.JobContext, ticket_id: int) -> None:
            job = context.job
            assert job.id is not None  # noqa: S101 - it comes from the database
            self._running.add(job.id)
            if job.worker_id is not None:
                self._own_workers.add(job.worker_id)
            try:
                attempt(ticket_id)
            finally:
                self._running.discard(job.id)

        self._process = process

    @property
    def is_working(self) -> bool:
        """Whether a worker runs in this process, and is connected to the database."""
        return self._is_working

    async def open(self) -> None:
        """Make ready to store jobs."""
        await self._app.open_async(self._pool)

    async def store_jobs(
        self, connection: AsyncConnection, ticket_ids: Iterable[int], *, queue: str = "leavers"
    ) -> None:
        """Store a job for each ticket, in the transaction of the given connection.

        It takes the place of those that wait: the engine runs jobs of one lock in their order,
        and one that waits for its time would hold up all that came after it.
        """
        jobs = [
            self._process.configure(lock=f"ticket-{ticket_id}", queue=queue).make_new_job(
                ticket_id=ticket_id
            )
            for ticket_id in ticket_ids
        ]
        await connection.execute(
            "DELETE FROM procrastinate_jobs WHERE lock = ANY(%s) AND status = 'todo'",
            ([job.lock for job in jobs],),
        )
        await self._app.job_manager.batch_defer_jobs_async(jobs, connection)

    async def work(self, *, queue: str | None = None) -> None:
        """Run jobs until cancelled; jobs that run then are given time to end.

        A database that goes away ends the engine's own worker: it is begun again until it lasts,
        even if the database came back empty.
        """
        rescue = asyncio.create_task(self._rescue_for_ever())
        try:
            while not is_cancelled():
                try:
                    await self._run_worker(queue)
                except Exception as error:  # noqa: BLE001 - whatever it is, work must go on
                    log.warning("worker stopped", extra={"error": error_location(error)})
                finally:
                    self._is_working = False
                if not is_cancelled():
                    await asyncio.sleep(1 + random.random())  # noqa: S311 - not a secret
                    await self._prepare_again()
        finally:
            rescue.cancel()

    async def _run_worker(self, queue: str | None) -> None:
        """Run the engine's worker until it ends, or until this task is cancelled.

        The worker is asked to stop, and not cancelled: if it waits for a connection, a cancelling
        may be swallowed.
        """
        # Behind a pooler nobody would hear: the polling finds new jobs, too.
        hears = not await self._is_pooled()
        if is_cancelled():
            return
        worker = Worker(
            self._app,
            queues=[queue] if queue else None,
            concurrency=CONCURRENCY,
            fetch_job_polling_interval=POLL_EVERY,
            update_heartbeat_interval=HEARTBEAT_EVERY,
            stalled_worker_timeout=DEAD_AFTER,
            shutdown_graceful_timeout=self._grace,
            delete_jobs="successful",
            listen_notify=hears,
            install_signal_handlers=False,
        )
        self._is_working = True
        running = asyncio.create_task(worker.run())  # type: ignore[no-untyped-call]
        try:
            await asyncio.wait({running})
        except asyncio.CancelledError:
            worker.stop()  # type: ignore[no-untyped-call]
            await asyncio.wait({running}, timeout=self._grace + LONGEST_STOP)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            raise
        running.result()

    async def _is_pooled(self) -> bool:
        async with self._pool.connection() as connection:
            cursor = await connection.execute("SELECT pg_backend_pid() AS pid")
            row = await cursor.fetchone()
            return row is not None and is_pooled(connection, row["pid"])

    async def _prepare_again(self) -> None:
        try:
            await asyncio.to_thread(self._prepare)
        except psycopg.Error as error:
            DATABASE.failed(error)
        except Exception as error:  # noqa: BLE001 - it is tried again
            log.warning("tables are not ready", extra={"error": error_location(error)})

    async def _rescue_for_ever(self) -> None:
        while not is_cancelled():
            try:
                await self.rescue()
            except psycopg.Error as error:
                DATABASE.failed(error)
            except Exception as error:  # noqa: BLE001 - whatever it is, others' jobs must be rescued
                log.warning("rescue failed", extra={"error": error_location(error)})
            await asyncio.sleep(RESCUE_EVERY)

    async def rescue(self) -> None:
        """Requeue jobs whose worker is dead, and create lost jobs again."""
        # Looked for before the transaction: with few connections each would wait for the other.
        abandoned = [*await self._ended(), *await self._stalled()]
        async with self._pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT pg_try_advisory_xact_lock(%s) AS is_mine", (_RESCUE_LOCK,)
            )
            row = await cursor.fetchone()
            if row and row["is_mine"]:
                await self._take_over(connection, abandoned)
                await self._replace_lost_jobs(connection)

    async def _stalled(self) -> list[Job]:
        """Return jobs of workers that miss heartbeats."""
        last, self._looked_at = self._looked_at, time.monotonic()
        if last is not None and self._looked_at - last > LONGEST_GAP:
            # This process or the database hung: the others need a moment to send a heartbeat.
            return []
        stalled = await self._app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER)
        return [job for job in stalled if job.id not in self._running]

    async def _ended(self) -> list[Job]:
        """Return jobs of this process that are marked as running, and are not.

        Their end could not be stored. One may be between its end and the storing: such a job is
        returned only when it is met a second time.
        """
        doing = await self._app.job_manager.list_jobs_async(status="doing")
        ended = [
            job
            for job in doing
            if job.worker_id in self._own_workers and job.id not in self._running
        ]
        known, self._suspects = self._suspects, {job.id for job in ended if job.id is not None}
        return [job for job in ended if job.id in known]

    async def _take_over(self, connection: AsyncConnection, jobs: Iterable[Job]) -> None:
        """Put new jobs in the place of old ones.

        The old one is not given back: its worker may wake up, and would store that this job has
        ended while another worker runs it.
        """
        for job in jobs:
            cursor = await connection.execute(
                "DELETE FROM procrastinate_jobs WHERE id = %s AND status = 'doing'"
                " AND worker_id IS NOT DISTINCT FROM %s",
                (job.id, job.worker_id),
            )
            if cursor.rowcount:
                ticket_id = cast(int, job.task_kwargs["ticket_id"])
                log.warning("stalled job requeued", extra={"ticket_id": ticket_id})
                await self.store_jobs(connection, [ticket_id])

    async def _replace_lost_jobs(self, connection: AsyncConnection) -> None:
        cursor = await connection.execute(
            "SELECT ticket_id FROM leavers LEFT JOIN runs USING (ticket_id)"
            " WHERE state IN ('queued', 'running')"
            " AND greatest(updated_at, next_try_at) < now() - make_interval(secs => %s)"
            " AND NOT EXISTS (SELECT FROM procrastinate_jobs AS jobs"
            "   WHERE jobs.lock = 'ticket-' || leavers.ticket_id"
            "   AND jobs.status IN ('todo', 'doing'))",
            (LOST_AFTER,),
        )
        for row in await cursor.fetchall():
            log.warning("lost job requeued", extra={"ticket_id": row["ticket_id"]})
            await self.store_jobs(connection, [row["ticket_id"]])
