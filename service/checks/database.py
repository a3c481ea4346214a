"""Is the database right? It is looked at, and nothing is made or changed in it."""

from service.checks.findings import Check, Finding, Wrong, find
from service.records.database import DatabaseError, SchemaError, known_steps
from service.records.database_errors import describe_error
from service.records.server import PostgresServer, look_at_server

_OLDEST = 15


def database_finding(url: str) -> Finding:
    """Look at the database."""
    return find(Check(name="database", look=lambda: _look(url)))


def _look(url: str) -> str:
    try:
        server = look_at_server(url)
    except DatabaseError as error:
        raise Wrong(describe_error(error)) from None
    _check_server(server)
    said = _tables(server)
    return f"{said} (through a pooler)" if server.is_pooled else said


def _check_server(server: PostgresServer) -> None:
    if server.version < _OLDEST:
        raise Wrong(f"PostgreSQL {server.version} is too old. Use version {_OLDEST} or newer.")
    if server.is_standby:
        raise Wrong("It is a standby, which is read-only. Let DATABASE_URL lead to the primary.")
    if server.is_read_only:
        raise Wrong(
            "The server is read-only: default_transaction_read_only is on. Turn that off for this "
            "user and database, or check DATABASE_URL."
        )


def _tables(server: PostgresServer) -> str:
    known = known_steps()
    if unknown := server.steps - known:
        raise Wrong(
            describe_error(
                SchemaError(
                    "the tables in the database are of a newer version of the service "
                    f"({', '.join(sorted(unknown))}): start that version, or a newer one"
                )
            )
        )
    if server.steps == known:
        _check_rights(server)
        return "it can be written to, and its tables are up to date"
    if not server.may_create:
        raise Wrong(
            "The service must make its tables, and may not. Give its user the right to create in "
            "the schema: GRANT CREATE ON SCHEMA public TO …"
        )
    made = "brought up to date" if server.steps else "made"
    return f"it can be reached; its tables are {made} at the next start"


def _check_rights(server: PostgresServer) -> None:
    for right, table in server.missing_rights:
        raise Wrong(
            f"The user may not {right} in the table {table}. Make it the owner of the tables, or "
            "use the user that made them."
        )
