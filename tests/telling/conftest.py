"""Who is told, stood in for."""

from collections.abc import Iterator

import pytest

from service.records.database import Database, ensure_schema
from tests.telling.receiver import Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with all tables, and nothing in them."""
    ensure_schema(database_url)
    database = Database(database_url, most_connections=2)
    database.open()
    yield database
    database.close()
