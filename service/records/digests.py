"""The message of the day: what it is about, and whether it was sent."""

from datetime import date, datetime, timedelta

from service.domain.after_date import AfterDate
from service.domain.digest import Digest
from service.records.database import Database

# A message that no target takes is tried again so often, and then left to the next working day.
MOST_TRIES, PAUSE = 3, timedelta(minutes=10)

_CLAIM = """
INSERT INTO digests (day, next_try_at) VALUES (%(day)s, now() + %(pause)s)
ON CONFLICT (day) DO UPDATE SET tries = digests.tries + 1, next_try_at = now() + %(pause)s
WHERE digests.covers_until IS NULL AND digests.next_try_at <= now() AND digests.tries < %(most)s
RETURNING 1 AS one
"""
# Who was set aside is in no message.
_STANDING = """
SELECT ticket_id, status, came_back_at > last.at AS has_come_back, changed_at > last.at AS is_new
FROM after_date JOIN leavers USING (ticket_id),
  (SELECT coalesce(max(covers_until), '-infinity') AS at FROM digests) AS last
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

    def read(self) -> tuple[Digest, datetime]:
        """Return what there is to say since the last message, and the instant of reading it."""
        with self._database.transaction() as connection:
            now = connection.execute("SELECT now() AS now").fetchone()
            rows = connection.execute(_STANDING).fetchall()
        assert now  # noqa: S101 - one row
        standing: dict[AfterDate, list[int]] = {}
        for row in rows:
            if row["status"] != AfterDate.OVER:
                standing.setdefault(AfterDate(row["status"]), []).append(row["ticket_id"])
        digest = Digest(
            standing=standing,
            new=frozenset(
                row["ticket_id"]
                for row in rows
                if row["is_new"] and row["status"] != AfterDate.OVER
            ),
            came_back=[row["ticket_id"] for row in rows if row["has_come_back"]],
        )
        return digest, now["now"]

    def record_done(self, day: date, *, covers_until: datetime) -> None:
        """Record that the day's message was sent, or that there was nothing to say.

        Args:
            day: whose message it is.
            covers_until: when it was read: what happened while it was sent is the next one's.
        """
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE digests SET covers_until = %s WHERE day = %s", (covers_until, day)
            )
