"""What is recorded of a processed ticket in case somebody writes to it later."""

from collections.abc import Mapping
from typing import Any

from service.domain.after_the_card import Before, Processed
from service.domain.drafts import Outcome
from service.domain.history import HistoryEvent, HistoryLine
from service.domain.reasons import ReasonCode
from service.domain.ticket import Ticket
from service.records.database import AsyncConnection, Connection, Database
from service.records.heard_again import receive_again
from service.records.history import ZENDESK, record
from service.records.run import ReadTicket, card_from_row

# How often a look is tried again after a vendor's failure; the sweep finds the rest.
MOST_LOOKS = 10

_BEFORE = """
SELECT leavers.*, later.outcome AS processed_outcome, settled_comment_id, asked_status,
    settled_fields, cards.card_id, cards.url AS card_url, cards.name AS card_name,
    cards.role AS card_role, cards.due AS card_due, cards.person_keys AS card_keys
FROM leavers LEFT JOIN cards USING (ticket_id) LEFT JOIN later USING (ticket_id)
WHERE ticket_id = %s
"""
# A ticket that is read for news alone: its leaver is done, or was asked about without the ticket.
IS_READ_FOR_NEWS = (
    "(state = 'done' OR (state = 'needs_person' AND reason_code IS NOT DISTINCT FROM"
    f" '{ReasonCode.LISTED_BY_NOW}'))"
)
_ANSWERED = """
INSERT INTO later (ticket_id, is_answered) VALUES (%s, true)
ON CONFLICT (ticket_id) DO UPDATE SET is_answered = true
"""
_LOOK_WANTED = """
UPDATE later SET is_look_wanted = true, look_tries = 0, look_number = look_number + 1
WHERE ticket_id = %s AND outcome IS NOT NULL
"""


class LaterRecords:
    """What was recorded of a ticket before somebody wrote to it again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def before(self, ticket: Ticket, *, is_answered: bool) -> Before:
        """Return what is recorded of a ticket, and of the one that it follows."""
        with self._database.transaction() as connection:
            own = connection.execute(_BEFORE, (ticket.id,)).fetchone()
            source = None
            if ticket.source_id is not None and ticket.source_id != ticket.id:
                source = connection.execute(_BEFORE, (ticket.source_id,)).fetchone()
        return Before(
            own=_processed(own),
            source=_processed(source),
            source_card=card_from_row(source) if source else None,
            settled_id=own["settled_comment_id"] if own else None,
            asked_status=own["asked_status"] if own else None,
            is_answered=is_answered,
        )

    def processed(self, ticket_id: int) -> Processed | None:
        """Return how the service brought a ticket to an end; None if it did not."""
        with self._database.transaction() as connection:
            return _processed(connection.execute(_BEFORE, (ticket_id,)).fetchone())

    def look_wanted(self, ticket_id: int) -> int | None:
        """Return the number of the look that is wanted at a ticket that is done; None if none is.

        The ticket has to be read after this: somebody may write to it while it is being read.
        """
        with self._database.transaction() as connection:
            row = connection.execute(
                "SELECT look_number FROM leavers JOIN later USING (ticket_id)"  # noqa: S608
                f" WHERE ticket_id = %s AND {IS_READ_FOR_NEWS} AND is_look_wanted",
                (ticket_id,),
            ).fetchone()
        return row["look_number"] if row else None

    def begin_run(self, ticket_id: int) -> None:
        """Receive a ticket again, since somebody wrote something new."""
        with self._database.transaction() as connection:
            # What was asked without the ticket is asked again once this is settled.
            connection.execute(
                "UPDATE leavers SET was_looked_for_again = false"
                " WHERE ticket_id = %s AND state = 'needs_person' AND was_looked_for_again",
                (ticket_id,),
            )
            connection.execute(
                "DELETE FROM after_date USING leavers WHERE after_date.ticket_id = %s"
                " AND leavers.ticket_id = after_date.ticket_id AND state = 'needs_person'",
                (ticket_id,),
            )
            cursor = connection.execute(
                "UPDATE leavers SET state = 'queued', updated_at = now(),"  # noqa: S608
                f" is_over_daily_limit = false WHERE ticket_id = %s AND {IS_READ_FOR_NEWS}",
                (ticket_id,),
            )
            connection.execute(
                "UPDATE later SET is_look_wanted = false WHERE ticket_id = %s", (ticket_id,)
            )
            if cursor.rowcount:
                receive_again(connection, ticket_id)

    def gone(self, ticket_id: int) -> None:
        """Record that a ticket that was to be read again is not there any more."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE later SET is_look_wanted = false WHERE ticket_id = %s", (ticket_id,)
            )

    def nothing_new(self, ticket: Ticket, *, look: int) -> None:
        """Record that a ticket was read and nothing is new; once for each change of the ticket.

        Args:
            ticket: as it was read.
            look: the number of the look; one that was asked for since is still to come.
        """
        is_open = ticket.status not in {"solved", "closed"}
        with self._database.transaction() as connection:
            row = connection.execute(
                "UPDATE later SET is_look_wanted = later.look_number <> %s, seen_stamp = %s,"
                " was_left_open = %s FROM later AS before"
                " WHERE later.ticket_id = %s AND before.ticket_id = later.ticket_id"
                " RETURNING before.seen_stamp IS DISTINCT FROM %s"
                "   OR NOT before.was_left_open AS is_changed",
                (look, ticket.updated_at, is_open, ticket.id, ticket.updated_at),
            ).fetchone()
            if row and row["is_changed"] and is_open:
                record(
                    connection, ticket.id, HistoryLine(event=HistoryEvent.NOTHING_NEW), by=ZENDESK
                )

    def look_failed(self, ticket_id: int) -> bool:
        """Count a look that a vendor's failure broke off; return whether to try again."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "UPDATE later SET look_tries = look_tries + 1,"
                " is_look_wanted = look_tries + 1 < %s"
                " WHERE ticket_id = %s RETURNING is_look_wanted",
                (MOST_LOOKS, ticket_id),
            ).fetchone()
        return bool(row and row["is_look_wanted"])


async def want_look(connection: AsyncConnection, ticket_id: int) -> bool:
    """Note that a ticket is to be read again; return whether it is a processed one."""
    cursor = await connection.execute(_LOOK_WANTED, (ticket_id,))
    return cursor.rowcount == 1


async def note_answer(connection: AsyncConnection, ticket_id: int) -> int | None:
    """Note that an operator has answered; return the ticket that this one follows, or None."""
    await connection.execute(_ANSWERED, (ticket_id,))
    cursor = await connection.execute(
        "SELECT source_ticket_id FROM later WHERE ticket_id = %s", (ticket_id,)
    )
    row = await cursor.fetchone()
    return row["source_ticket_id"] if row else None


def is_answered(connection: Connection, ticket_id: int) -> bool:
    """Return whether an operator's answer is still to be carried out."""
    row = connection.execute(
        "SELECT is_answered FROM later WHERE ticket_id = %s", (ticket_id,)
    ).fetchone()
    return bool(row and row["is_answered"])


def record_read(
    connection: Connection,
    ticket_id: int,
    read: ReadTicket,
    *,
    state: str,
    outcome: str | None,
    is_asked_again: bool,
) -> None:
    """Record, in the transaction of a run's end, what the run read of the ticket.

    What an operator said while the run was under way (`is_asked_again`) is still to be carried
    out: the next run must not mistake it for news from the ticket.
    """
    is_done = state == "done"
    processed = None if outcome == Outcome.SET_ASIDE else outcome
    connection.execute(
        "INSERT INTO later (ticket_id, outcome, source_ticket_id, settled_comment_id,"
        " settled_fields, asked_status, prepared_date, seen_stamp, was_left_open)"
        " VALUES (%(ticket_id)s, %(outcome)s, %(source)s, %(settled)s, %(fields)s, %(asked)s,"
        " %(prepared)s, %(stamp)s, %(is_left_open)s)"
        " ON CONFLICT (ticket_id) DO UPDATE SET is_look_wanted = false,"
        " is_answered = later.is_answered AND %(is_asked_again)s,"
        " outcome = CASE WHEN %(is_done)s THEN excluded.outcome ELSE later.outcome END,"
        " source_ticket_id = coalesce(excluded.source_ticket_id, later.source_ticket_id),"
        " settled_comment_id = coalesce(excluded.settled_comment_id, later.settled_comment_id),"
        " settled_fields = coalesce(excluded.settled_fields, later.settled_fields),"
        " asked_status = excluded.asked_status, prepared_date = excluded.prepared_date,"
        " seen_stamp = excluded.seen_stamp, was_left_open = excluded.was_left_open",
        {
            "ticket_id": ticket_id,
            "is_done": is_done,
            "is_asked_again": is_asked_again,
            "outcome": processed if is_done else None,
            "source": read.source_ticket_id,
            "settled": read.newest_comment_id if is_done else None,
            "fields": read.fields_digest if is_done else None,
            "asked": read.status if read.is_asked_later else None,
            "prepared": read.prepared_date,
            "stamp": read.stamp,
            "is_left_open": read.is_left_open,
        },
    )


def _processed(row: Mapping[str, Any] | None) -> Processed | None:
    if row is None or row["processed_outcome"] is None:
        return None
    return Processed(
        ticket_id=row["ticket_id"],
        outcome=Outcome(row["processed_outcome"]),
        name=row["name"],
        email=row["email"],
        leaving_date=row["leaving_date"],
        card=card_from_row(row),
        settled_fields=row["settled_fields"],
    )
