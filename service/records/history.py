"""The history: what happened to each leaver, written here and nowhere else."""

from typing import Any

from psycopg.types.json import Jsonb

from service.domain.history import Line
from service.records.database import AsyncConnection, Connection

# Who writes lines, beside operators by their names.
SERVICE, ZENDESK, SWEEP = "the service", "Zendesk", "the sweep"

_INSERT = "INSERT INTO history (ticket_id, event, by, facts, personal) VALUES (%s, %s, %s, %s, %s)"


def record(connection: Connection, ticket_id: int, line: Line, *, by: str = SERVICE) -> None:
    """Write a line in the transaction of a connection."""
    connection.execute(_INSERT, _values(ticket_id, line, by))


async def record_async(connection: AsyncConnection, ticket_id: int, line: Line, *, by: str) -> None:
    """Write a line in the transaction of a connection of the event loop."""
    await connection.execute(_INSERT, _values(ticket_id, line, by))


def _values(ticket_id: int, line: Line, by: str) -> tuple[Any, ...]:
    return ticket_id, line.event, by, Jsonb(dict(line.facts)), Jsonb(dict(line.personal))
