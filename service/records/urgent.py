"""Cards that people are notified of, since they were made or moved when the date was near."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.records.database import Database
from service.records.message_retries import NEXT_TRY, RETRY_VALUES

# `due` follows once the card has the date: until then nothing is said.
_CLAIM = """
INSERT INTO urgent_notices (ticket_id, target, due_at)
SELECT ticket_id, %(target)s, urgent_due FROM leavers JOIN cards USING (ticket_id)
WHERE urgent_due = due AND card_id IS NOT NULL AND outcome IS DISTINCT FROM 'set_aside'
  AND updated_at > now() - %(news_for)s
ORDER BY arrival
ON CONFLICT (ticket_id, target, due_at) DO UPDATE
SET tries = urgent_notices.tries + 1, next_try_at = NULL
WHERE urgent_notices.next_try_at <= now()
RETURNING ticket_id, due_at
"""
_PUT_OFF = f"""
UPDATE urgent_notices SET next_try_at = {NEXT_TRY}
WHERE target = %(target)s AND ticket_id = ANY(%(tickets)s) AND due_at = ANY(%(due_at)s)
"""  # noqa: S608


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgentCard:
    """A card that was made or moved when its due date was near, or past."""

    ticket_id: int
    due_at: datetime


class UrgentCards:
    """The cards that people hear of, once for each due date.

    Args:
        database: shared by all workers.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, target: str, *, news_for: timedelta) -> list[UrgentCard]:
        """Record what a target must be notified of now as reported, and return it.

        Args:
            target: distinguishes it from others.
            news_for: how long ago a change may be and is still news.
        """
        with self._database.transaction() as connection:
            values = {"target": target, "news_for": news_for}
            return [UrgentCard(**row) for row in connection.execute(_CLAIM, values)]

    def put_off(self, target: str, cards: Sequence[UrgentCard]) -> None:
        """Try again later what a target refused, or give it up; see `NoticeRecords.put_off`."""
        with self._database.transaction() as connection:
            connection.execute(
                _PUT_OFF,
                {
                    "target": target,
                    "tickets": [card.ticket_id for card in cards],
                    "due_at": [card.due_at for card in cards],
                    **RETRY_VALUES,
                },
            )
