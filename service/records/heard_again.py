"""A webhook that comes while its ticket runs: what it is about may have been read, or may not.

It has the effect of one that comes at the end of the run: what waits for a person or failed is
tried again, and a processed ticket is read for news. The job for that is stored with it.
"""

from service.domain.history import HistoryEvent, HistoryLine
from service.records.database import AsyncConnection, Connection
from service.records.history import ZENDESK, record
from service.records.later import LOOK_WANTED
from service.records.leaver import State


async def note_heard(connection: AsyncConnection, ticket_id: int) -> None:
    """Note that a webhook came while a ticket runs."""
    await connection.execute(
        "UPDATE runs SET was_heard_again = true WHERE ticket_id = %s", (ticket_id,)
    )


def was_heard(connection: Connection, ticket_id: int) -> bool:
    """Return whether a webhook came since the ticket's run began."""
    row = connection.execute(
        "SELECT FROM runs WHERE ticket_id = %s AND was_heard_again", (ticket_id,)
    ).fetchone()
    return row is not None


def act_on_webhook(connection: Connection, ticket_id: int, *, ended: State) -> None:
    """Do what the webhook asks for, now that the run has ended like this."""
    if ended is State.DONE:
        connection.execute(LOOK_WANTED, (ticket_id,))
        return
    connection.execute(
        "UPDATE runs SET request_number = request_number + 1, operator = NULL,"
        " failing_since = NULL WHERE ticket_id = %s",
        (ticket_id,),
    )
    record(connection, ticket_id, HistoryLine(event=HistoryEvent.RECEIVED_AGAIN), by=ZENDESK)
