"""When each periodic task was last begun and ended: one worker does it for all."""

from psycopg.types.json import Jsonb

from service.records.database import AsyncPool


class PeriodicTaskRecords:
    """Lets one worker at a time begin a task, and keeps what came of it.

    Args:
        pool: connections of the event loop.
    """

    def __init__(self, pool: AsyncPool) -> None:
        self._pool = pool

    async def claim(self, name: str, *, every: float, first_after: float) -> bool:
        """Begin a task if it is due; return whether it is, and this worker is to do it.

        Args:
            name: the task's.
            every: seconds from one beginning to the next.
            first_after: seconds from when it is first heard of to its first beginning.

        Raises:
            DatabaseError: the database can't be reached.
        """
        async with self._pool.connection() as connection:
            await connection.execute(
                "INSERT INTO periodic_tasks (name, begun_at)"
                " VALUES (%s, now() - make_interval(secs => %s))"
                " ON CONFLICT DO NOTHING",
                (name, every - first_after),
            )
            cursor = await connection.execute(
                "UPDATE periodic_tasks SET begun_at = now()"
                " WHERE name = %s AND begun_at <= now() - make_interval(secs => %s)",
                (name, every),
            )
        return cursor.rowcount == 1

    async def note_end(self, name: str, result: dict[str, int]) -> None:
        """Note that a task came to its end, and what came of it in figures."""
        async with self._pool.connection() as connection:
            await connection.execute(
                "UPDATE periodic_tasks SET ended_at = now(), result = %s WHERE name = %s",
                (Jsonb(result), name),
            )
