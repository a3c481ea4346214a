"""Somebody who holds locks and is heard of no more: a process that stands still, a lost host."""

import asyncio

import psycopg
import pytest

from service.guard.circuit_breaker import lock_vendor
from service.records.database import Database, make_async_pool
from service.records.database_errors import MAY_PASS
from tests.support.pooler import pooling

_SHOW = "SHOW idle_in_transaction_session_timeout"


def limit_of(url: str) -> str:
    """How long a session of the service's may say nothing in a transaction."""
    database = Database(url, most_connections=1)
    database.open()
    try:
        with database.transaction() as connection:
            row = connection.execute(_SHOW).fetchone()
            assert row
            return str(row["idle_in_transaction_session_timeout"])
    finally:
        database.close()


def test_a_session_that_says_nothing_in_a_transaction_is_ended(database_url: str) -> None:
    async def limit_of_event_loop() -> str:
        async with (
            make_async_pool(database_url, most_connections=2) as pool,
            pool.connection() as connection,
        ):
            row = await (await connection.execute(_SHOW)).fetchone()
            assert row
            return str(row["idle_in_transaction_session_timeout"])

    assert (limit_of(database_url), asyncio.run(limit_of_event_loop())) == ("30s", "30s")


def test_what_it_held_is_free_and_its_own_statement_may_be_tried_again(
    tables: Database, database_url: str
) -> None:
    other = Database(database_url, most_connections=1)
    other.open()
    with pytest.raises(MAY_PASS), tables.transaction() as connection:  # noqa: PT012 - two sessions
        lock_vendor(connection, "Zendesk")
        # As if the 30 seconds had passed.
        connection.execute("SET LOCAL idle_in_transaction_session_timeout = 1")
        with other.transaction() as free:
            assert lock_vendor(free, "Zendesk")["name"] == "Zendesk"
        connection.execute("SELECT 1")
    other.close()


def test_a_limit_that_somebody_set_already_stays(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(
            f"ALTER DATABASE {name} SET idle_in_transaction_session_timeout = '5min'".encode()
        )

    assert limit_of(database_url) == "5min"


def test_nothing_is_set_in_a_session_that_a_pooler_lends(database_url: str) -> None:
    with pooling(database_url) as url:
        assert limit_of(url) == "0"
