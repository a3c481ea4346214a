"""One sweep, from the shell."""

import asyncio
import sys

from service.bootstrap import Service, build_service
from service.commands.console import DONE, exit_code_of
from service.config.settings import Settings
from service.domain.errors import OutsideError
from service.lifespan import running
from service.observability.logs import configure_logs
from service.records.database import DatabaseError, SchemaError
from service.upkeep.sweep import Swept


def sweep_once(settings: Settings) -> int:
    """Sweep, print what was found, and return the exit code; what was found waits for a worker."""
    configure_logs("ERROR")
    try:
        swept = asyncio.run(_sweep(build_service(settings)))
    except (DatabaseError, SchemaError, OutsideError) as error:
        return exit_code_of(error)
    sys.stdout.write(
        f"received: {swept.received}\n"
        f"settled by somebody: {swept.settled}\n"
        f"to be tried again: {swept.tried_again}\n"
        f"resumed within the daily limit: {swept.resumed}\n"
        f"changed by somebody: {swept.changed_by_people}\n"
        f"removals looked at: {swept.removals_looked_at}\n"
    )
    return DONE


async def _sweep(service: Service) -> Swept:
    async with running(service, works=False):
        return await service.sweep.sweep()
