"""Who left the access lists lately, and how far the lists' history has been looked through."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from service.domain.access_lists.entries import Entry
from service.domain.removed import RemovedEntry
from service.records.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryProgress:
    """How far the history has been looked through.

    Attributes:
        first_commit: the one that was read first of all.
        seen_commit: all from there to here have been looked through.
        is_seeded: whether the days before the first one have been, too.
    """

    first_commit: str
    seen_commit: str
    is_seeded: bool


class RemovedRecords:
    """Keeps the entries that left, for the days that are looked back."""

    def __init__(self, database: Database, *, look_back: timedelta) -> None:
        self._database = database
        self._look_back = look_back

    def begin(self, commit: str) -> HistoryProgress:
        """Return how far the history has been looked through; it begins with this commit."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO lists_history (first_commit, seen_commit) VALUES (%s, %s)"
                " ON CONFLICT DO NOTHING",
                (commit, commit),
            )
            row = connection.execute("SELECT * FROM lists_history").fetchone()
        assert row  # noqa: S101 - it has just been inserted
        return HistoryProgress(
            first_commit=row["first_commit"],
            seen_commit=row["seen_commit"],
            is_seeded=row["seeded_at"] is not None,
        )

    def add(self, gone: Iterable[Entry], *, commit: str, at: datetime, is_seen: bool) -> None:
        """Keep the entries that a commit took out, and that it has been looked through."""
        with self._database.transaction() as connection:
            for entry in gone:
                connection.execute(
                    "INSERT INTO removed_entries (entry_id, file, commit, removed_at, position,"
                    " name, email, github, ssh, other_names)"
                    " SELECT %s, %s, %s, %s, %s, %s, %s, %s, %s, %s"
                    " WHERE %s > now() - %s ON CONFLICT DO NOTHING",
                    (
                        *(entry.id, entry.file, commit, at, entry.position, entry.name),
                        *(entry.email, entry.github, entry.ssh, list(entry.other_names)),
                        *(at, self._look_back),
                    ),
                )
            if is_seen:
                connection.execute("UPDATE lists_history SET seen_commit = %s", (commit,))

    def seeded(self) -> None:
        """Note that the days before the first reading have been looked through."""
        with self._database.transaction() as connection:
            connection.execute("UPDATE lists_history SET seeded_at = now()")

    def all(self) -> tuple[RemovedEntry, ...]:
        """Return who left within the days that are looked back, those who left last first."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT * FROM removed_entries WHERE removed_at > now() - %s"
                " ORDER BY removed_at DESC, file, entry_id",
                (self._look_back,),
            ).fetchall()
        return tuple(map(_removed, rows))

    def erase(self) -> int:
        """Delete who left longer ago; return how many entries that were."""
        with self._database.transaction() as connection:
            return connection.execute(
                "DELETE FROM removed_entries WHERE removed_at <= now() - %s", (self._look_back,)
            ).rowcount


def _removed(row: Mapping[str, Any]) -> RemovedEntry:
    entry = Entry(
        id=row["entry_id"],
        file=row["file"],
        position=row["position"],
        name=row["name"],
        email=row["email"],
        github=row["github"],
        ssh=row["ssh"],
        other_names=tuple(row["other_names"]),
    )
    return RemovedEntry(entry=entry, commit=row["commit"], at=row["removed_at"])
