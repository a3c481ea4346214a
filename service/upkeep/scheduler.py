"""Periodic tasks, each done by one worker for all: sweeping, erasing and others."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from service.domain.errors import OutsideError
from service.guard.shutdown import ShuttingDown, is_cancelled
from service.observability.error_reports import error_location, report
from service.observability.outages import DATABASE
from service.records.database import DatabaseError
from service.records.periodic_tasks import PeriodicTaskRecords

log = logging.getLogger(__name__)

LOOK_EVERY = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodicTask:
    """Something to do at intervals.

    Attributes:
        name: its name in the database.
        every: seconds from one beginning to the next.
        do: does it, and returns what came of it in figures.
        first_after: seconds from the first start of a service that has it to its first run.
    """

    name: str
    every: float
    do: Callable[[], Awaitable[dict[str, int]]]
    first_after: float = 0.0


class Scheduler:
    """Runs periodic tasks when they are due; any number of workers may run it, one does each."""

    def __init__(self, records: PeriodicTaskRecords, tasks: Sequence[PeriodicTask]) -> None:
        self._records = records
        self._tasks = tasks

    async def do_for_ever(self) -> None:
        """Look every few seconds for a task that is due, until cancelled."""
        while not is_cancelled():
            for task in self._tasks:
                if not is_cancelled():
                    await self._do_if_due(task)
            await asyncio.sleep(LOOK_EVERY)

    async def _do_if_due(self, task: PeriodicTask) -> None:
        try:
            is_due = await self._records.claim(
                task.name, every=task.every, first_after=task.first_after
            )
            DATABASE.recovered()
            if is_due:
                await self._records.note_end(task.name, await task.do())
        except DatabaseError as error:
            DATABASE.failed(error, task=task.name)
        except OutsideError as failure:
            extra = {"task": task.name, "vendor": failure.system, "problem": failure.problem}
            log.warning("periodic task failed", extra=extra)
        except ShuttingDown:
            return
        except Exception as error:  # noqa: BLE001 - one error must not end all periodic tasks
            log.error(  # noqa: TRY400 - the message of an exception may hold personal data
                "unexpected error", extra={"task": task.name, "error": error_location(error)}
            )
            report(error)
