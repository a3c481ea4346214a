"""The reminders on cards: one a card and day, whichever worker sends it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.domain.history import HistoryEvent, HistoryLine
from service.records.database import Database
from service.records.history import SWEEP, record
from service.records.runs import LeaseLost
from service.records.watched import Watched, lock_watched

_CLAIM = """
INSERT INTO reminders (card_id, day, ticket_id, due_at, mark, sent_at)
VALUES (%(card_id)s, %(day)s, %(ticket_id)s, %(due_at)s, %(mark)s, now())
ON CONFLICT (card_id, day) DO UPDATE
SET sent_at = now(), ticket_id = excluded.ticket_id, due_at = excluded.due_at, mark = excluded.mark
WHERE reminders.landed_at IS NULL
  AND (reminders.sent_at IS NULL OR reminders.sent_at < now() - %(late_write)s)
RETURNING 1 AS one
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentReminder:
    """A reminder of one day, as recorded."""

    day: date
    mark: str
    sent_at: datetime | None
    landed_at: datetime | None


class ReminderRecords:
    """Which reminders cards have, or may have.

    Args:
        database: shared by all workers.
        late_write: how long after its sending was noted a write may still land.
    """

    def __init__(self, database: Database, *, late_write: timedelta) -> None:
        self._database = database
        self.late_write = late_write

    def has_any(self, card_id: str, due_at: datetime) -> bool:
        """Return whether the card has a reminder about a due time."""
        return self._has("due_at = %s", card_id, due_at)

    def has_since(self, card_id: str, day: date) -> bool:
        """Return whether the card has a reminder of a day or of a later one."""
        return self._has("day >= %s", card_id, day)

    def _has(self, condition: str, card_id: str, value: date) -> bool:
        with self._database.transaction() as connection:
            row = connection.execute(
                f"SELECT FROM reminders WHERE card_id = %s AND {condition}"
                " AND landed_at IS NOT NULL",
                (card_id, value),
            ).fetchone()
        return row is not None

    def sent_before(self, card_id: str, day: date, *, mark: str) -> SentReminder | None:
        """Return the reminder that a card has, or may have: that of a day, or else the same one.

        Args:
            card_id: whose.
            day: on which there is one at most.
            mark: how the one begins that is about to be sent, perhaps as on an earlier day.
        """
        with self._database.transaction() as connection:
            row = connection.execute(
                "SELECT day, mark, sent_at, landed_at FROM reminders WHERE card_id = %s"
                " AND (day = %s OR mark = %s) AND (sent_at IS NOT NULL OR landed_at IS NOT NULL)"
                " ORDER BY day DESC LIMIT 1",
                (card_id, day, mark),
            ).fetchone()
        return SentReminder(**row) if row else None

    def record_sent(
        self, watched: Watched, *, card_id: str, day: date, due_at: datetime, mark: str
    ) -> None:
        """Record, just before it is sent, that a reminder may land whatever happens now.

        Raises:
            LeaseLost: another worker sends it, or the leaver is no longer one to be reminded of.
        """
        with self._database.transaction() as connection:
            before = lock_watched(connection, watched)
            # Somebody may have put the reminder off since the look began.
            claimed = (
                before
                and before["remind_from"] == watched.remind_from
                and connection.execute(
                    _CLAIM,
                    {
                        "card_id": card_id,
                        "day": day,
                        "ticket_id": watched.ticket_id,
                        "due_at": due_at,
                        "mark": mark,
                        "late_write": self.late_write,
                    },
                ).fetchone()
            )
        if not claimed:
            raise LeaseLost

    def record_landed(self, ticket_id: int, card_id: str, day: date, *, mark: str) -> None:
        """Record that a reminder is on the card."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE reminders SET landed_at = now() WHERE card_id = %s AND day = %s",
                (card_id, day),
            )
            line = HistoryLine(event=HistoryEvent.REMINDED, facts={"mark": mark})
            record(connection, ticket_id, line, by=SWEEP)

    def record_refused(self, card_id: str, day: date) -> None:
        """Record that the vendor clearly refused a reminder."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE reminders SET sent_at = NULL WHERE card_id = %s AND day = %s"
                " AND landed_at IS NULL",
                (card_id, day),
            )
