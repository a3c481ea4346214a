"""What has to be done now and then, by one worker for all: sweeping and erasing."""

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
class Chore:
    """Something to do every so often.

    Attributes:
        name: its name in the database.
        every: seconds from one beginning to the next.
        do: does it, and returns what came of it in figures.
        first_after: seconds from when it is first heard of to its first beginning.
    """

    name: str
    every: float
    do: Callable[[], Awaitable[dict[str, int]]]
    first_after: float = 0.0


class Scheduler:
    """Runs periodic tasks when they are due; any number of workers may run it, one does each."""

    def __init__(self, records: PeriodicTaskRecords, chores: Sequence[Chore]) -> None:
        self._records = records
        self._chores = chores

    async def do_for_ever(self) -> None:
        """Look every few seconds for a task that is due, until cancelled."""
        while not is_cancelled():
            for chore in self._chores:
                if not is_cancelled():
                    await self._do_if_due(chore)
            await asyncio.sleep(LOOK_EVERY)

    async def _do_if_due(self, chore: Chore) -> None:
        try:
            is_due = await self._records.claim(
                chore.name, every=chore.every, first_after=chore.first_after
            )
            DATABASE.recovered()
            if is_due:
                await self._records.note_end(chore.name, await chore.do())
        except DatabaseError as error:
            DATABASE.failed(error, task=chore.name)
        except OutsideError as failure:
            extra = {"task": chore.name, "vendor": failure.system, "problem": failure.problem}
            log.warning("periodic task failed", extra=extra)
        except ShuttingDown:
            return
        except Exception as error:  # noqa: BLE001 - one error must not end all periodic tasks
            log.error(  # noqa: TRY400 - the message of an exception may hold personal data
                "unexpected error", extra={"task": chore.name, "error": error_location(error)}
            )
            report(error)
