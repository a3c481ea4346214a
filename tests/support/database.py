"""The service's database from outside: time that goes by, workers that died, all that is in it."""

from dataclasses import dataclass
from typing import Any

import psycopg


@dataclass(frozen=True, slots=True)
class Database:
    """See the module."""

    url: str

    @property
    def name(self) -> str:
        """Of the database on its server."""
        return self.url.partition("?")[0].rpartition("/")[2]

    def run(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement in a transaction of its own; return its rows, if it has any."""
        with psycopg.connect(self.url) as connection:
            cursor = connection.execute(sql.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def insert(self, table: str, values: dict[str, Any]) -> None:
        """Add a row to a table."""
        names, places = ", ".join(values), ", ".join(["%s"] * len(values))
        self.run(f"INSERT INTO {table} ({names}) VALUES ({places})", *values.values())  # noqa: S608

    def hurry(self) -> int:
        """Let all pauses go by, but not the wait for a card that may still land.

        Returns how many leavers are not finished.
        """
        self.run(
            "WITH waiting AS (UPDATE runs SET next_try_at = sent_at + interval '36 seconds'"
            "   FROM leavers LEFT JOIN cards USING (ticket_id)"
            "   WHERE runs.ticket_id = leavers.ticket_id AND state = 'queued'"
            "     AND next_try_at > now() AND (sent_at IS NULL"
            "       OR next_try_at > sent_at + interval '36 seconds')"
            "   RETURNING 'ticket-' || runs.ticket_id AS lock, next_try_at)"
            " UPDATE procrastinate_jobs SET scheduled_at = waiting.next_try_at FROM waiting"
            " WHERE procrastinate_jobs.lock = waiting.lock"
        )
        self.run(
            "UPDATE vendors SET paused_until = 'epoch', asked_until = 'epoch',"
            " failing_tickets = '{}', failing_since = NULL"
        )
        return self.unfinished()

    def unfinished(self) -> int:
        """How many leavers are to be run, or are being run."""
        ((count,),) = self.run("SELECT count(*) FROM leavers WHERE state IN ('queued', 'running')")
        return int(count)

    def let_cards_land(self) -> None:
        """Let the time go by in which a card without a clear answer may still land."""
        self.run("UPDATE cards SET sent_at = sent_at - interval '1 hour'")
        self.run("UPDATE runs SET next_try_at = NULL")
        self.run("UPDATE procrastinate_jobs SET scheduled_at = NULL")

    def age_workers(self) -> None:
        """Let a minute go by since the workers' last heartbeats."""
        self.run("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")

    def leaver(self, ticket_id: int, columns: str) -> tuple[Any, ...]:
        """Some columns of a leaver's record."""
        (row,) = self.run(
            f"SELECT {columns} FROM leavers JOIN runs USING (ticket_id)"  # noqa: S608
            " LEFT JOIN cards USING (ticket_id) WHERE ticket_id = %s",
            ticket_id,
        )
        return row

    def jobs(self) -> int:
        """How many jobs are stored, whatever their state."""
        ((count,),) = self.run("SELECT count(*) FROM procrastinate_jobs")
        return int(count)

    def dump(self) -> str:
        """Every row of every table, as text."""
        tables = self.run("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        rows = [
            f"{table}: {row[0]}"
            for (table,) in tables
            for row in self.run(f'SELECT t::text FROM "{table}" AS t')  # noqa: S608
        ]
        return "\n".join(rows)
