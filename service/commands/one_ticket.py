"""One ticket, from the shell: processed now and waited for, or only shown."""

import asyncio
import json
import os
import sys
from collections.abc import Sequence

from pydantic import BaseModel

from service.bootstrap import Service, build_service
from service.commands.console import (
    DONE,
    FAILED,
    LEFT_IN_QUEUE,
    database_problem,
    exit_code_of,
    print_problem,
)
from service.config.settings import Settings
from service.domain.errors import OutsideError
from service.lifespan import running
from service.observability.logs import configure_logs
from service.records.database import AsyncConnection, DatabaseError, SchemaError
from service.records.intake import Intake
from service.records.leaver import Leaver, State
from service.web.schemas import as_json, leaver_response, preview_response
from service.work.preview import Preview

SHELL = "the shell"
LOOK_EVERY = 0.2


def process_one(settings: Settings, ticket_id: int) -> int:
    """Process a ticket, print its leaver, and return the exit code."""
    configure_logs("ERROR")
    try:
        return asyncio.run(_process(build_service(settings), ticket_id))
    except (DatabaseError, SchemaError) as error:
        print_problem(database_problem(error))
        return FAILED


def show_one(settings: Settings, ticket_id: int) -> int:
    """Print the leaver as it would end, and return the exit code; nothing is written."""
    configure_logs("ERROR")
    try:
        preview = asyncio.run(_preview(build_service(settings), ticket_id))
    except (DatabaseError, SchemaError, OutsideError) as error:
        return exit_code_of(error)
    _print(preview_response(preview))
    return FAILED if preview.leaver.state is State.FAILED else DONE


async def _process(service: Service, ticket_id: int) -> int:
    # A queue of its own: this process runs no other ticket. Should it die, any worker takes over.
    queue = f"shell-{os.getpid()}"

    async def store_jobs(connection: AsyncConnection, ticket_ids: Sequence[int]) -> None:
        await service.engine.store_jobs(connection, ticket_ids, queue=queue)

    async with running(service, works=False):
        intake = Intake(service.pool, store_jobs, is_dry_run=service.settings.dry_run)
        await intake.from_operator(ticket_id, operator=SHELL, corrections={})
        working = asyncio.create_task(service.engine.work(queue=queue))
        try:
            leaver, is_retried = await _wait_for_end(service, ticket_id)
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
    _print(leaver_response(leaver))
    if is_retried:
        return LEFT_IN_QUEUE
    return FAILED if leaver.state is State.FAILED else DONE


async def _wait_for_end(service: Service, ticket_id: int) -> tuple[Leaver, bool]:
    """Wait until the ticket needs nothing more, or is to be tried again after a failure."""
    while True:
        # In this order, so that a leaver that is retried later is shown with that.
        is_retried = await asyncio.to_thread(service.records.is_retried, ticket_id)
        leaver = await asyncio.to_thread(service.records.leaver, ticket_id)
        if leaver and (is_retried or leaver.state not in {State.QUEUED, State.RUNNING}):
            return leaver, is_retried
        await asyncio.sleep(LOOK_EVERY)


async def _preview(service: Service, ticket_id: int) -> Preview:
    async with running(service, works=False):
        return await asyncio.to_thread(service.previews.preview, ticket_id, {}, operator=SHELL)


def _print(response: BaseModel) -> None:
    sys.stdout.write(json.dumps(as_json(response), indent=2, ensure_ascii=False) + "\n")
