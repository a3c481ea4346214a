"""Is the database right? It is looked at, and nothing is made or changed in it."""

from typing import Any, cast

import psycopg
from psycopg.rows import DictRow, dict_row

from service.checks.findings import Check, Finding, Wrong, find
from service.records.database import (
    WAIT_FOR_CONNECTION,
    Connection,
    SchemaError,
    is_pooled,
    known_steps,
)
from service.records.database_errors import describe_error

_OLDEST = 15
_TABLES = ("leavers", "history", "procrastinate_jobs")


def database_finding(url: str) -> Finding:
    """Look at the database."""
    return find(Check(name="database", look=lambda: _look(url)))


def _look(url: str) -> str:
    options: dict[str, Any] = {"connect_timeout": WAIT_FOR_CONNECTION, "prepare_threshold": None}
    try:
        with psycopg.Connection[DictRow].connect(
            url, row_factory=dict_row, **options
        ) as connection:
            _check_server(connection)
            said = _schema(connection)
            pid = _row(connection, "SELECT pg_backend_pid() AS pid")["pid"]
            return f"{said} (through a pooler)" if is_pooled(connection, pid) else said
    except psycopg.Error as error:
        raise Wrong(describe_error(error)) from None


def _check_server(connection: Connection) -> None:
    version = connection.info.server_version // 10_000
    if version < _OLDEST:
        raise Wrong(f"PostgreSQL {version} is too old. Use version {_OLDEST} or newer.")
    row = _row(
        connection,
        "SELECT pg_is_in_recovery() AS is_standby,"
        " current_setting('transaction_read_only') = 'on' AS is_read_only",
    )
    if row["is_standby"]:
        raise Wrong("It is a standby, which takes no writes. Let DATABASE_URL lead to the primary.")
    if row["is_read_only"]:
        raise Wrong(
            "It takes no writes: default_transaction_read_only is on. Turn that off for this user "
            "and database, or check DATABASE_URL."
        )


def _schema(connection: Connection) -> str:
    applied = _applied(connection)
    known = known_steps()
    if unknown := applied - known:
        raise Wrong(
            describe_error(
                SchemaError(
                    "the tables in the database are of a newer version of the service "
                    f"({', '.join(sorted(unknown))}): start that version, or a newer one"
                )
            )
        )
    if applied == known:
        _check_rights(connection)
        return "it can be written to, and its tables are up to date"
    may_make = _row(
        connection, "SELECT has_schema_privilege(current_schema(), 'CREATE') AS may_make"
    )["may_make"]
    if not may_make:
        raise Wrong(
            "The service must make its tables, and may not. Give its user the right to create in "
            "the schema: GRANT CREATE ON SCHEMA public TO …"
        )
    made = "brought up to date" if applied else "made"
    return f"it can be reached; its tables are {made} at the next start"


def _applied(connection: Connection) -> frozenset[str]:
    if not _row(connection, "SELECT to_regclass('schema_steps') IS NOT NULL AS is_there")[
        "is_there"
    ]:
        return frozenset()
    rows = connection.execute("SELECT name FROM schema_steps").fetchall()
    return frozenset(row["name"] for row in rows)


def _check_rights(connection: Connection) -> None:
    for table in _TABLES:
        for right in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            row = connection.execute(
                "SELECT has_table_privilege(%s, %s) AS has_right", (table, right)
            ).fetchone()
            if not (row and row["has_right"]):
                raise Wrong(
                    f"The user may not {right} in the table {table}. Make it the owner of the "
                    "tables, or use the user that made them."
                )


def _row(connection: Connection, query: str) -> dict[str, Any]:
    row = connection.execute(cast("Any", query)).fetchone()
    assert row  # noqa: S101 - each of these queries gives one row
    return row
