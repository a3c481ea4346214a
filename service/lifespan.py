"""The life of a process of the service: connected, working, and ended in good order."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib.metadata import version

from service.bootstrap import Service
from service.config.environment import unknown_settings
from service.config.settings import Settings
from service.observability import error_reports
from service.observability.outages import DATABASE
from service.observability.vendor_calls import REGISTRY, SERVICE_INFO, LeaverCollector
from service.records.database import DatabaseError, DatabaseUnreachable, ensure_schema
from service.records.figures import FigureRecords
from service.upkeep.metrics import upkeep_collector
from service.work.queue import CONCURRENCY, DEAD_AFTER

log = logging.getLogger(__name__)

# A database that starts at the same time as the service is waited for, in seconds.
WAIT_FOR_DATABASE, LOOK_EVERY = 30.0, 1.0
# One for each job that runs at once, and some for periodic tasks and operators.
THREADS = CONCURRENCY + 8


@contextlib.asynccontextmanager
async def running(service: Service, *, works: bool) -> AsyncIterator[None]:
    """Connect everything, run jobs and periodic tasks if that is wanted, and shut down gracefully.

    Raises:
        SchemaError: the database is of a newer version.
        DatabaseError: the database can't be reached.
    """
    _log_unknown_settings()
    if dsn := service.settings.sentry_dsn:
        error_reports.report_errors(dsn.get_secret_value())
    # Its own number of threads depends on the machine's processors: jobs mostly wait.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS))
    await _connect(service)
    collector = _register_metrics(service)
    tasks = []
    if works:
        tasks = [
            asyncio.create_task(service.engine.work()),
            asyncio.create_task(service.scheduler.do_for_ever()),
            asyncio.create_task(service.messages.do_for_ever()),
        ]
    log.info("service started", extra={"works": works, "dry_run": service.settings.dry_run})
    try:
        yield
    finally:
        service.stop.set()
        log.info("service stopping")
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        REGISTRY.unregister(collector)
        await _close(service)


def _log_unknown_settings() -> None:
    for unknown in unknown_settings():
        log.warning(
            "setting unknown",
            extra={"setting": unknown.what, "nearest": unknown.nearest, "problem": str(unknown)},
        )


async def _connect(service: Service) -> None:
    await asyncio.to_thread(prepare_database, service.settings)
    service.database.open()
    await service.pool.open()
    await service.engine.open()
    # So that the first webhook after a start is answered as soon as any other.
    try:
        await service.intake.rehearse()
    except DatabaseError as error:
        DATABASE.failed(error)


def _register_metrics(service: Service) -> LeaverCollector:
    collector = LeaverCollector(
        FigureRecords(service.database, dead_after=DEAD_AFTER),
        more=upkeep_collector(timezone=service.settings.timezone, now=lambda: datetime.now(UTC)),
    )
    REGISTRY.register(collector)
    SERVICE_INFO.labels(version("leavers"), service.settings.runbook_url or "").set(1)
    return collector


async def _close(service: Service) -> None:
    await service.pool.close()
    await asyncio.to_thread(service.database.close)
    await asyncio.to_thread(service.tracing.close)
    await asyncio.to_thread(error_reports.flush)


def prepare_database(settings: Settings) -> None:
    """Wait for a database that is just starting, and bring its tables up to date.

    Raises:
        SchemaError: the database is of a newer version.
        DatabaseError: the database can't be reached.
    """
    url = settings.database_url.get_secret_value()
    end = time.monotonic() + WAIT_FOR_DATABASE
    while True:
        try:
            ensure_schema(url)
        except DatabaseUnreachable as error:
            if time.monotonic() > end:
                raise
            DATABASE.failed(error)
            time.sleep(LOOK_EVERY)
        else:
            DATABASE.recovered()
            return
