"""What the sweep asks of the records, and what it notes there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.acceptance import SWEEP
from service.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A leaver that is done, with its card's due date as the service set it."""

    ticket_id: int
    card_due: datetime | None
    is_before_due: bool


class SweepRecords:
    """The sweep's side of the records.

    Args:
        database: where they are.
        is_dry_run: see `Acceptance`.
    """

    def __init__(self, database: Database, *, is_dry_run: bool = False) -> None:
        self._database = database
        self._is_dry_run = is_dry_run

    def missed(self, unsolved: Iterable[int]) -> list[int]:
        """Return those unsolved leaver tickets that are not known here.

        A ticket that was set aside since it had no leaver tag, and has it now, counts as missed;
        so does one that ended in a dry run which is over.
        """
        unsolved = list(unsolved)
        with self._database.transaction() as connection:
            known = connection.execute(
                "SELECT ticket_id FROM leavers WHERE ticket_id = ANY(%s)"
                " AND NOT (outcome IS NOT DISTINCT FROM 'set_aside' AND NOT was_asked"
                "   AND NOT is_wanted_by_operator)"
                " AND NOT (is_dry_run AND NOT %s)",
                (unsolved, self._is_dry_run),
            ).fetchall()
        ids = {row["ticket_id"] for row in known}
        return [ticket_id for ticket_id in unsolved if ticket_id not in ids]

    def perhaps_settled(self, unsolved: Iterable[int], *, waiting_for: timedelta) -> list[int]:
        """Return leavers that wait for a person and whose ticket is not among the unsolved ones.

        Somebody has solved it, most likely, or taken its tag away.
        """
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT ticket_id FROM leavers WHERE state = 'needs_person'"
                " AND NOT is_wanted_by_operator"
                " AND updated_at < now() - %s AND NOT ticket_id = ANY(%s)"
                " ORDER BY arrival LIMIT 200",
                (waiting_for, list(unsolved)),
            ).fetchall()
        return [row["ticket_id"] for row in rows]

    def to_try_again(self, *, every: timedelta, for_as_long_as: timedelta) -> list[int]:
        """Return leavers that failed for a reason that may have passed."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT ticket_id FROM leavers WHERE state = 'failed'"
                " AND failing_since > now() - %s AND updated_at < now() - %s"
                " ORDER BY arrival LIMIT 200",
                (for_as_long_as, every),
            ).fetchall()
        return [row["ticket_id"] for row in rows]

    def finished(self, *, within: timedelta) -> list[Finished]:
        """Return leavers that were done of late, by the service itself."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT ticket_id, card_due, coalesce(card_due > now(), false) AS is_before_due"
                " FROM leavers WHERE state = 'done' AND outcome <> 'set_aside'"
                " AND finished_at > now() - %s ORDER BY arrival",
                (within,),
            ).fetchall()
        return [Finished(**row) for row in rows]

    def tell(self, ticket_id: int, told: str) -> bool:
        """Note in a leaver's history what somebody changed; return whether that was news."""
        with self._database.transaction() as connection:
            cursor = connection.execute(
                "UPDATE leavers SET told = %s WHERE ticket_id = %s AND told IS DISTINCT FROM %s",
                (told, ticket_id, told),
            )
            if cursor.rowcount:
                connection.execute(
                    "INSERT INTO history (ticket_id, event, by, detail)"
                    " VALUES (%s, 'changed by somebody', %s, %s)",
                    (ticket_id, SWEEP, told),
                )
        return bool(cursor.rowcount)
