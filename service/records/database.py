"""Connections to PostgreSQL, and the schema: ours and the engine's."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import resources
from typing import Any, cast

import psycopg
from procrastinate.schema import SchemaManager
from psycopg.abc import Buffer
from psycopg.rows import DictRow, dict_row
from psycopg.types.datetime import TimestamptzLoader
from psycopg_pool import AsyncConnectionPool, ConnectionPool

# How long somebody waits for a free connection, or for the server to let one in, in seconds.
WAIT_FOR_CONNECTION = 5
# Who holds locks and is heard of no more, since its process stands still or its host has vanished,
# has its transaction ended after so many seconds: the server would wait for two hours, and all who
# need the locks with it.
LONGEST_SILENCE = 30
# Of a session of our own: behind a pooler it is another client's next. A limit that is set already,
# in the server or in DATABASE_URL, stays.
_END_THE_SILENT = (
    "SELECT set_config('idle_in_transaction_session_timeout', %s, false)"
    " WHERE pg_backend_pid() = %s"
    " AND current_setting('idle_in_transaction_session_timeout') = '0'"
)
# Any number that no other program takes for an advisory lock in this database.
_SCHEMA_LOCK = 5_391_203_418
# Of the event loop's connections: two store tickets, and one listens for jobs.
ALWAYS_OPEN = 3
_KEEPALIVE = {
    "connect_timeout": WAIT_FOR_CONNECTION,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
    "application_name": "leavers",
    # Behind a pooler such as PgBouncer each transaction may meet another session of the server,
    # with the statements that others prepared there: so none is prepared, here or there.
    # https://www.psycopg.org/psycopg3/docs/advanced/prepare.html#using-prepared-statements-with-pgbouncer
    "prepare_threshold": None,
}

Connection = psycopg.Connection[DictRow]
AsyncConnection = psycopg.AsyncConnection[DictRow]
AsyncPool = AsyncConnectionPool[AsyncConnection]
# What a statement may raise, and of that what says that the server can't be reached: so that no
# other package needs to know the driver.
DatabaseError = psycopg.Error
DatabaseUnreachable = psycopg.OperationalError


class SchemaError(Exception):
    """The database can't be used by this version; the text says what to do."""


class Database:
    """Blocking connections, for the threads in which leavers are processed.

    Args:
        url: ``postgresql://…``.
        most_connections: how many to hold at the most.
    """

    def __init__(self, url: str, *, most_connections: int) -> None:
        self._pool: ConnectionPool[Connection] = ConnectionPool(
            url,
            kwargs={**_KEEPALIVE, "row_factory": dict_row},
            connection_class=psycopg.Connection[DictRow],
            min_size=1,
            max_size=most_connections,
            timeout=WAIT_FOR_CONNECTION,
            check=ConnectionPool.check_connection,
            configure=_configure,
            reset=_give_up_read_only,
            open=False,
        )

    def open(self) -> None:
        """Begin to connect, without waiting for the server."""
        self._pool.open()

    def close(self) -> None:
        """Give all connections back."""
        self._pool.close()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Lend a connection; what was done on it is committed at the end, or undone on an error.

        Raises:
            psycopg.Error: the server can't be reached or refuses.
        """
        with self._pool.connection() as connection:
            yield connection


def make_async_pool(url: str, *, most_connections: int) -> AsyncPool:
    """Make the pool of the event loop: for the webhook, for the engine and for the health check."""
    return AsyncConnectionPool(
        url,
        kwargs={**_KEEPALIVE, "row_factory": dict_row},
        connection_class=psycopg.AsyncConnection[DictRow],
        min_size=min(ALWAYS_OPEN, most_connections),
        max_size=most_connections,
        timeout=WAIT_FOR_CONNECTION,
        check=AsyncConnectionPool.check_connection,
        configure=_configure_async,
        reset=_give_up_read_only_async,
        open=False,
    )


class _UtcLoader(TimestamptzLoader):
    def load(self, data: Buffer) -> datetime:
        return super().load(data).astimezone(UTC)


def read_instants_in_utc(connection: psycopg.Connection[Any]) -> None:
    """Let instants come in UTC, whatever time zone the server's session happens to have."""
    connection.adapters.register_loader("timestamptz", _UtcLoader)


def _configure(connection: Connection) -> None:
    read_instants_in_utc(connection)
    connection.execute(_END_THE_SILENT, (f"{LONGEST_SILENCE}s", connection.info.backend_pid))
    connection.commit()


async def _configure_async(connection: AsyncConnection) -> None:
    connection.adapters.register_loader("timestamptz", _UtcLoader)
    await connection.execute(_END_THE_SILENT, (f"{LONGEST_SILENCE}s", connection.info.backend_pid))
    await connection.commit()


def _give_up_read_only(connection: Connection) -> None:
    """Let the pool replace a connection that may not write: the server may take writes by now.

    https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-ASYNC
    """
    if connection.info.parameter_status("default_transaction_read_only") == "on":
        raise psycopg.OperationalError("read-only")


async def _give_up_read_only_async(connection: AsyncConnection) -> None:
    if connection.info.parameter_status("default_transaction_read_only") == "on":
        raise psycopg.OperationalError("read-only")


def ensure_schema(url: str, *, steps: Mapping[str, str] | None = None) -> None:
    """Make or bring up to date all tables; any number of workers may do so at once.

    Args:
        url: ``postgresql://…``.
        steps: SQL by the name of each step; those of this version unless others are given.

    Raises:
        SchemaError: a newer version of the service has already changed the tables.
        psycopg.Error: the server can't be reached or refuses.
    """
    with psycopg.Connection[DictRow].connect(
        url, row_factory=dict_row, **cast("dict[str, Any]", _KEEPALIVE)
    ) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_SCHEMA_LOCK,))
        connection.execute("CREATE TABLE IF NOT EXISTS schema_steps (name text PRIMARY KEY)")
        applied = {row["name"] for row in connection.execute("SELECT name FROM schema_steps")}
        own = own_steps() if steps is None else steps
        known = {**_engine_steps(applied), **own}
        if unknown := applied - known.keys():
            raise SchemaError(
                "the tables in the database are of a newer version of the service "
                f"({', '.join(sorted(unknown))}): start that version, or a newer one"
            )
        for name, sql in sorted(known.items()):
            if name not in applied:
                if sql:
                    connection.execute(sql)
                connection.execute("INSERT INTO schema_steps (name) VALUES (%s)", (name,))


def is_pooled(connection: Connection | AsyncConnection, backend_pid: int) -> bool:
    """Return whether a pooler stands between: what a session keeps then outlasts no transaction.

    A pooler hands out process numbers of its own, since clients share its processes.

    Args:
        connection: as it was made.
        backend_pid: what ``pg_backend_pid()`` returned on it.
    """
    return connection.info.backend_pid != backend_pid


def try_connection(url: str) -> None:
    """Connect once: a pool that can't does not say why.

    Raises:
        psycopg.Error: why not.
    """
    psycopg.connect(url, connect_timeout=WAIT_FOR_CONNECTION).close()


async def ask(pool: AsyncPool) -> None:
    """Ask the database something that only one with our tables answers.

    Raises:
        DatabaseError: why it does not.
    """
    async with pool.connection() as connection:
        await connection.execute("SELECT FROM leavers LIMIT 1")


def known_steps() -> frozenset[str]:
    """Return the names of all steps that this version of the service makes the tables by."""
    return frozenset(_engine_steps(set()) | own_steps())


def own_steps() -> dict[str, str]:
    """Return the SQL of each step that makes or changes the service's own tables, by its name."""
    folder = resources.files("service.records.schema")
    files = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql"))
    return {f"service/{name}": (folder / name).read_text("utf-8") for name in files}


def _engine_steps(applied: set[str]) -> dict[str, str]:
    """Return the engine's migrations by name, or its whole schema in their place on a new database.

    https://procrastinate.readthedocs.io/en/stable/howto/production/migrations.html
    """
    folder = resources.files("procrastinate.sql.migrations")
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql"))
    if any(name.startswith("engine/") for name in applied):
        return {f"engine/{name}": (folder / name).read_text("utf-8") for name in names}
    whole = dict.fromkeys((f"engine/{name}" for name in names), "")
    whole[f"engine/{names[0]}"] = SchemaManager.get_schema()
    return whole
