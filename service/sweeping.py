"""One sweep, from the shell."""

import asyncio
import sys

import psycopg

from service.database import SchemaError
from service.domain.errors import Lasting, Passing
from service.logs import configure_logs
from service.running import running
from service.settings import Settings
from service.shell import DONE, FAILED, LEFT_IN_QUEUE, database_problem, tell
from service.sweep import Swept
from service.wiring import Service, build_service


def sweep_once(settings: Settings) -> int:
    """Sweep, print what was found, and return the exit code; what was found waits for a worker."""
    configure_logs("ERROR")
    try:
        swept = asyncio.run(_sweep(build_service(settings)))
    except (psycopg.Error, SchemaError) as error:
        tell(database_problem(error))
        return FAILED
    except Lasting as error:
        tell(error)
        return FAILED
    except Passing as error:
        tell(error)
        return LEFT_IN_QUEUE
    sys.stdout.write(
        f"taken in: {swept.taken_in}\n"
        f"settled by somebody: {swept.settled}\n"
        f"to be tried again: {swept.tried_again}\n"
        f"changed by somebody: {swept.changed_by_people}\n"
    )
    return DONE


async def _sweep(service: Service) -> Swept:
    async with running(service, works=False):
        return await service.sweep.sweep()
