"""Sessions that were signed out: their cookies count for nothing, even if one was copied."""

from datetime import timedelta

from service.records.database import Database


class EndedSessions:
    """Remembers which sessions were ended, for as long as their cookies could count.

    Args:
        database: shared by all processes that show pages.
        longest_session: after how many seconds a session ends by itself.
    """

    def __init__(self, database: Database, *, longest_session: float) -> None:
        self._database = database
        self._longest_session = timedelta(seconds=longest_session)

    def end(self, nonce: str) -> None:
        """Note that a session is over, and forget those that would be by now anyway.

        Args:
            nonce: what the session's cookie calls it.
        """
        with self._database.transaction() as connection:
            connection.execute(
                "DELETE FROM ended_sessions WHERE ended_at < now() - %s", (self._longest_session,)
            )
            connection.execute(
                "INSERT INTO ended_sessions (nonce) VALUES (%s) ON CONFLICT DO NOTHING", (nonce,)
            )

    def has(self, nonce: str) -> bool:
        """Return whether a session was ended."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "SELECT FROM ended_sessions WHERE nonce = %s", (nonce,)
            ).fetchone()
        return row is not None
