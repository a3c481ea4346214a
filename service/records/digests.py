"""The message of the day: what it is about, and whether it was sent."""

from datetime import date, timedelta

from service.domain.after_date import AfterDate
from service.domain.digest import Digest
from service.records.database import Database

# A message that no target takes is tried again so often, and then left to the next working day.
MOST_TRIES, PAUSE = 3, timedelta(minutes=10)

_CLAIM = """
INSERT INTO digests (day, next_try_at) VALUES (%(day)s, now() + %(pause)s)
ON CONFLICT (day) DO UPDATE SET tries = digests.tries + 1, next_try_at = now() + %(pause)s
WHERE digests.done_at IS NULL AND digests.next_try_at <= now() AND digests.tries < %(most)s
RETURNING 1 AS one
"""
# Who was set aside is in no message.
_STANDING = """
SELECT ticket_id, status, came_back_at > last.at AS has_come_back, changed_at > last.at AS is_new
FROM after_date JOIN leavers USING (ticket_id),
  (SELECT coalesce(max(done_at), '-infinity') AS at FROM digests) AS last
WHERE outcome IS DISTINCT FROM 'set_aside' AND (
  status IN ('done_but_listed', 'still_listed', 'card_open')
  OR (status = 'unfinished' AND changed_at > last.at)
  OR (status = 'over' AND came_back_at > last.at))
ORDER BY ticket_id
"""


class Digests:
    """The messages of the day, each sent once by any worker."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, day: date) -> bool:
        """Return whether this worker is to send the day's message now."""
        with self._database.transaction() as connection:
            values = {"day": day, "pause": PAUSE, "most": MOST_TRIES}
            return connection.execute(_CLAIM, values).fetchone() is not None

    def read(self) -> Digest:
        """Return what there is to say since the last message."""
        with self._database.transaction() as connection:
            rows = connection.execute(_STANDING).fetchall()
        standing: dict[AfterDate, list[int]] = {}
        for row in rows:
            if row["status"] != AfterDate.OVER:
                standing.setdefault(AfterDate(row["status"]), []).append(row["ticket_id"])
        return Digest(
            standing=standing,
            new=frozenset(
                row["ticket_id"]
                for row in rows
                if row["is_new"] and row["status"] != AfterDate.OVER
            ),
            came_back=[row["ticket_id"] for row in rows if row["has_come_back"]],
        )

    def is_done(self, day: date) -> None:
        """Record that the day's message was sent, or that there was nothing to say."""
        with self._database.transaction() as connection:
            connection.execute("UPDATE digests SET done_at = now() WHERE day = %s", (day,))
