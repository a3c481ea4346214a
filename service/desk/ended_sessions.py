"""Sessions that were signed out: their cookies count for nothing, even where one was copied."""

from datetime import timedelta

from service.desk.sessions import LONGEST_SESSION, Session
from service.records.database import Database


class EndedSessions:
    """Remembers which sessions were ended, for as long as their cookies could count.

    Args:
        database: shared by all processes that show pages.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def end(self, session: Session) -> None:
        """Note that a session is over, and forget those that would be by now anyway."""
        with self._database.transaction() as connection:
            connection.execute(
                "DELETE FROM ended_sessions WHERE ended_at < now() - %s",
                (timedelta(seconds=LONGEST_SESSION),),
            )
            connection.execute(
                "INSERT INTO ended_sessions (nonce) VALUES (%s) ON CONFLICT DO NOTHING",
                (session.nonce,),
            )

    def has(self, session: Session) -> bool:
        """Whether a session was ended."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "SELECT FROM ended_sessions WHERE nonce = %s", (session.nonce,)
            ).fetchone()
        return row is not None
