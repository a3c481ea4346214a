"""What `leavers check` looks at in the database: nothing is made or changed in it."""

from dataclasses import dataclass
from typing import Any, cast

import psycopg
from psycopg.rows import DictRow, dict_row

from service.records.database import WAIT_FOR_CONNECTION, Connection, is_pooled

_TABLES = ("leavers", "runs", "cards", "history", "procrastinate_jobs")
_RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE")
_SERVER = """
SELECT pg_is_in_recovery() AS is_standby,
    current_setting('transaction_read_only') = 'on' AS is_read_only,
    has_schema_privilege(current_schema(), 'CREATE') AS may_create,
    pg_backend_pid() AS backend_pid
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresServer:
    """A server of PostgreSQL, and what the service has made there.

    Attributes:
        version: its major version.
        is_standby: it is read-only, since it follows another server.
        is_read_only: it is read-only, since it is set so.
        may_create: whether the user may make tables.
        steps: the names of the steps by which the tables were made; empty if none are there.
        missing_rights: the rights that the user lacks, each with its table; of tables that are
            there.
        is_pooled: see `service.records.database.is_pooled`.
    """

    version: int
    is_standby: bool
    is_read_only: bool
    may_create: bool
    steps: frozenset[str]
    missing_rights: tuple[tuple[str, str], ...]
    is_pooled: bool


def look_at_server(url: str) -> PostgresServer:
    """Connect once, and look.

    Raises:
        DatabaseError: the server can't be reached or refuses.
    """
    options: dict[str, Any] = {"connect_timeout": WAIT_FOR_CONNECTION, "prepare_threshold": None}
    with psycopg.Connection[DictRow].connect(url, row_factory=dict_row, **options) as connection:
        row = connection.execute(_SERVER).fetchone()
        assert row  # noqa: S101 - a SELECT without FROM gives one row
        return PostgresServer(
            version=connection.info.server_version // 10_000,
            is_standby=row["is_standby"],
            is_read_only=row["is_read_only"],
            may_create=bool(row["may_create"]),
            steps=_steps(connection),
            missing_rights=tuple(
                (right, table)
                for table in _TABLES
                for right in _RIGHTS
                if _is_missing(connection, right, table)
            ),
            is_pooled=is_pooled(connection, row["backend_pid"]),
        )


def _steps(connection: Connection) -> frozenset[str]:
    there = connection.execute(
        "SELECT to_regclass('schema_steps') IS NOT NULL AS is_there"
    ).fetchone()
    if not cast("dict[str, Any]", there)["is_there"]:
        return frozenset()
    rows = connection.execute("SELECT name FROM schema_steps").fetchall()
    return frozenset(row["name"] for row in rows)


def _is_missing(connection: Connection, right: str, table: str) -> bool:
    # Null if there is no such table.
    row = connection.execute(
        "SELECT has_table_privilege(to_regclass(%s)::oid, %s) AS has_right", (table, right)
    ).fetchone()
    return row is not None and row["has_right"] is False
