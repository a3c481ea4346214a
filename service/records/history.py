"""The history: what happened to each leaver, written here and nowhere else.

Lines are chained by the database itself, see the schema: a line that was changed afterwards,
removed or inserted is detected. Rewriting all that follows it as well leaves no trace here; so the
head's hash is worth keeping elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from service.domain.history import HistoryLine
from service.records.database import AsyncConnection, Connection, Database

# Who writes lines, beside operators by their names.
SERVICE, ZENDESK, SWEEP = "the service", "Zendesk", "the sweep"

_INSERT = (
    "INSERT INTO history (ticket_id, event, by, facts, personal)"
    " SELECT unnest(%s::bigint[]), %s, %s, %s, %s"
)


def record(connection: Connection, ticket_id: int, line: HistoryLine, *, by: str = SERVICE) -> None:
    """Write a line in the transaction of a connection."""
    connection.execute(_INSERT, _values([ticket_id], line, by))


async def record_async(
    connection: AsyncConnection, ticket_ids: Sequence[int], line: HistoryLine, *, by: str
) -> None:
    """Write a line for each ticket in the transaction of a connection of the event loop."""
    await connection.execute(_INSERT, _values(ticket_ids, line, by))


def _values(ticket_ids: Sequence[int], line: HistoryLine, by: str) -> tuple[Any, ...]:
    return list(ticket_ids), line.event, by, Jsonb(dict(line.facts)), Jsonb(dict(line.personal))


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenLine:
    """The first line of the history that is not as it was written.

    Attributes:
        position: its place in the chain, from 1; None if it is not in the chain.
        ticket_id: whose history it is in; None if the line itself is gone.
        at: when it was written; None if the line itself is gone.
    """

    position: int | None
    ticket_id: int | None
    at: datetime | None


# What takes the place of an operator's name that was taken out of the history.
FORMER_OPERATOR = "a former operator"
_HEAD = "SELECT encode(hash, 'hex') AS hash FROM history_chain ORDER BY position DESC LIMIT 1"
_FIRST_BROKEN = """
SELECT place.position, history.ticket_id, history.at
FROM (
    SELECT *, lag(hash, 1, '') OVER (ORDER BY position) AS previous,
        lag(position, 1, 0) OVER (ORDER BY position) + 1 AS expected
    FROM history_chain
) AS place FULL JOIN history ON history.id = place.history_id
WHERE place.position IS NULL OR history.id IS NULL OR place.position <> place.expected
   OR place.hash <> history_hash(place.previous, history, place.by_digest)
   OR (history.by <> %s AND place.by_digest <> sha256(convert_to(history.by, 'UTF8')))
ORDER BY place.position NULLS LAST, history.id LIMIT 1
"""


class HistoryChain:
    """Whether the history is as it was written."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def head(self) -> str | None:
        """Return the hash of the newest line, in hexadecimal digits; None if there is none."""
        with self._database.transaction() as connection:
            row = connection.execute(_HEAD).fetchone()
        return row["hash"] if row else None

    def first_broken(self) -> BrokenLine | None:
        """Return the first line that is not as it was written, or None if all are."""
        with self._database.transaction() as connection:
            row = connection.execute(_FIRST_BROKEN, (FORMER_OPERATOR,)).fetchone()
        return BrokenLine(**row) if row else None
