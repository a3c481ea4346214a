"""A leaver put straight into the tables, as a run would have left it."""

from collections.abc import Mapping
from typing import Any

from psycopg import Connection, sql


def insert_leaver(
    connection: Connection[Any],
    ticket_id: int,
    *,
    card: Mapping[str, Any] | None = None,
    **columns: Any,
) -> None:
    """Insert a leaver, its run, and its card if there is one.

    Args:
        connection: with its transaction.
        ticket_id: whose leaver it is.
        card: columns of `cards`; None if the ticket has no card.
        columns: columns of `leavers`.
    """
    _insert(connection, "leavers", {"ticket_id": ticket_id} | columns)
    _insert(connection, "runs", {"ticket_id": ticket_id})
    if card is not None:
        _insert(connection, "cards", {"ticket_id": ticket_id} | dict(card))


def _insert(connection: Connection[Any], table: str, row: Mapping[str, Any]) -> None:
    query = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, row)),
        sql.SQL(", ").join(sql.Placeholder() * len(row)),
    )
    connection.execute(query, tuple(row.values()))
