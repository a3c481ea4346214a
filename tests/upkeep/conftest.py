"""The service's own tables, without a service."""

from collections.abc import Iterator

import pytest

from service.records.database import Database


@pytest.fixture
def tables(database_url: str) -> Iterator[Database]:
    """A database with all tables, and nothing in them."""
    database = Database(database_url, most_connections=2)
    database.open()
    yield database
    database.close()
