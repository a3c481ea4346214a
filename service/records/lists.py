"""How many people each access list had when it was last read and accepted."""

from collections.abc import Mapping

from service.records.database import Database


class ListRecords:
    """Remembers the lists' sizes, so that a list that lost many people shows.

    Args:
        database: shared by all workers.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def people(self) -> dict[str, int]:
        """Return how many people each list had, by its path, in the order of the paths."""
        with self._database.transaction() as connection:
            rows = connection.execute("SELECT file, people FROM lists ORDER BY file").fetchall()
        return {row["file"]: row["people"] for row in rows}

    def remember(self, people: Mapping[str, int]) -> None:
        """Note how many people each list has now; lists that are not among them are forgotten."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM lists WHERE NOT file = ANY(%s)", (list(people),))
            for file, count in sorted(people.items()):
                connection.execute(
                    "INSERT INTO lists (file, people) VALUES (%s, %s) ON CONFLICT (file)"
                    " DO UPDATE SET people = excluded.people",
                    (file, count),
                )
