"""A webhook that comes while its ticket runs: what it is about may have been read, or may not.

If the leaver waits for a person or failed at the end of the run, it is tried again, as if the
webhook came then. Otherwise nothing more is done: a ticket that changed since it was read is not
solved, and the sweep finds what people write to a processed one.
"""

from service.domain.history import HistoryEvent, HistoryLine
from service.records.database import AsyncConnection, Connection
from service.records.history import ZENDESK, record


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


def receive_again(connection: Connection, ticket_id: int) -> None:
    """Ask for another run of a queued ticket, as a webhook does, and say so in its history."""
    connection.execute(
        "UPDATE runs SET request_number = request_number + 1, operator = NULL,"
        " crashes = 0, tries = 0, next_try_at = NULL, failing_since = NULL"
        " WHERE ticket_id = %s",
        (ticket_id,),
    )
    record(connection, ticket_id, HistoryLine(event=HistoryEvent.RECEIVED_AGAIN), by=ZENDESK)
