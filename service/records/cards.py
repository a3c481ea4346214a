"""The ticket's one card as we know it, and the claim on a person that keeps it the only one."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from service.domain.cards import Sibling, WantedCard
from service.records.database import Database
from service.records.run import Run
from service.records.runs import held, hold

# How long Trello takes to cut a request off, see its status codes, and a margin.
_CUT_OFF, _LATE_AT_LEAST = timedelta(seconds=30), timedelta(seconds=35)


def late_write(longest_call: float) -> timedelta:
    """Return how long after its sending was noted a write may still land.

    Args:
        longest_call: seconds that a call may take; so long it may also take to be sent.
    """
    return max(_LATE_AT_LEAST, timedelta(seconds=longest_call + 1) + _CUT_OFF)


class CardRecords:
    """The cards' side of the records; each write needs the run's lease.

    Args:
        database: holds them.
        late_write: see there.
    """

    def __init__(self, database: Database, *, late_write: timedelta = _LATE_AT_LEAST) -> None:
        self._database = database
        self.late_write = late_write

    def siblings(self, run: Run, keys: Iterable[str]) -> tuple[Sibling, ...]:
        """Return the other tickets about the same person, and their cards."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT ticket_id, card_id, due AS card_due"
                " FROM leavers LEFT JOIN cards USING (ticket_id)"
                " WHERE leavers.person_keys && %s AND ticket_id <> %s ORDER BY ticket_id",
                (sorted(keys), run.ticket_id),
            ).fetchall()
        return _siblings(rows)

    def claim_person(self, run: Run, keys: Iterable[str]) -> tuple[Sibling, ...] | None:
        """Record who the ticket is about, and return the person's other tickets.

        Two tickets about one person must not make a card each: from a ticket's claim to the end of
        its run the person's other tickets have to wait, and get None.
        """
        keys = sorted(keys)
        with self._database.transaction() as connection:
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('leavers: claim a person'))")
            others = connection.execute(
                "SELECT ticket_id, card_id, due AS card_due,"
                " (state = 'running' AND claimed_by IS NOT DISTINCT FROM lease)"
                "  OR sent_at > now() - make_interval(secs => %s) AS is_on_its_way"
                " FROM leavers JOIN runs USING (ticket_id) LEFT JOIN cards USING (ticket_id)"
                " WHERE leavers.person_keys && %s AND ticket_id <> %s ORDER BY ticket_id",
                (self.late_write.total_seconds(), keys, run.ticket_id),
            ).fetchall()
            if any(row["is_on_its_way"] for row in others):
                return None
            hold(connection, run)
            connection.execute(
                "UPDATE leavers SET person_keys = %s, updated_at = now() WHERE ticket_id = %s",
                (keys, run.ticket_id),
            )
            connection.execute(
                "UPDATE runs SET claimed_by = lease WHERE ticket_id = %s", (run.ticket_id,)
            )
        return _siblings(others)

    def record_sent(self, run: Run, *, urgent_due: datetime | None = None) -> None:
        """Record, just before a copy is sent, that a card may come of it whatever happens now.

        Args:
            run: whose card.
            urgent_due: its due date, if people are to hear of it at once.

        Raises:
            LeaseLost: another worker goes on with this ticket.
        """
        with held(self._database, run) as connection:
            connection.execute(
                "INSERT INTO cards (ticket_id, sent_at, urgent_due)"
                " VALUES (%(ticket_id)s, now(), %(due)s) ON CONFLICT (ticket_id)"
                " DO UPDATE SET sent_at = now(), urgent_due = excluded.urgent_due",
                {"ticket_id": run.ticket_id, "due": urgent_due},
            )

    def record_moved(self, run: Run, *, urgent_due: datetime) -> None:
        """Record, just before a card gets a due date that is near or past, that people are to hear.

        Raises:
            LeaseLost: another worker goes on with this ticket.
        """
        with held(self._database, run) as connection:
            connection.execute(
                "INSERT INTO cards (ticket_id, urgent_due) VALUES (%(ticket_id)s, %(due)s)"
                " ON CONFLICT (ticket_id) DO UPDATE SET urgent_due = excluded.urgent_due",
                {"ticket_id": run.ticket_id, "due": urgent_due},
            )

    def record_refused(self, run: Run) -> None:
        """Record that the vendor clearly refused the copy."""
        with held(self._database, run) as connection:
            connection.execute(
                "UPDATE cards SET sent_at = NULL WHERE ticket_id = %s", (run.ticket_id,)
            )

    def record_known(self, run: Run, *, card_id: str, url: str, wanted: WantedCard | None) -> None:
        """Record the ticket's card, and what it was made to be if the service wrote to it."""
        values = {
            "ticket_id": run.ticket_id,
            "card_id": card_id,
            "url": url,
            "role": wanted.role if wanted else None,
            "name": wanted.name if wanted else None,
            "due": wanted.due if wanted else None,
            "person_keys": sorted(wanted.person_keys) if wanted else None,
        }
        with held(self._database, run) as connection:
            # A card that is new is progress; one that is met again and again is not.
            connection.execute(
                "UPDATE runs SET crashes = 0 WHERE ticket_id = %(ticket_id)s AND NOT EXISTS"
                " (SELECT FROM cards WHERE cards.ticket_id = runs.ticket_id"
                "   AND card_id = %(card_id)s)",
                values,
            )
            connection.execute(
                "INSERT INTO cards AS known (ticket_id, card_id, url, role, name, due, person_keys)"
                " VALUES (%(ticket_id)s, %(card_id)s, %(url)s, %(role)s, %(name)s, %(due)s,"
                "   coalesce(%(person_keys)s::text[], '{}'))"
                " ON CONFLICT (ticket_id) DO UPDATE SET card_id = excluded.card_id,"
                " url = excluded.url, role = coalesce(excluded.role, known.role),"
                " name = coalesce(excluded.name, known.name),"
                " due = coalesce(excluded.due, known.due),"
                " person_keys = coalesce(%(person_keys)s::text[], known.person_keys),"
                " sent_at = NULL",
                values,
            )
            # Operators see its link.
            connection.execute(
                "UPDATE leavers SET updated_at = now() WHERE ticket_id = %s", (run.ticket_id,)
            )


def _siblings(rows: list[dict[str, Any]]) -> tuple[Sibling, ...]:
    return tuple(
        Sibling(ticket_id=row["ticket_id"], card_key=row["card_id"], due=row["card_due"])
        for row in rows
    )
