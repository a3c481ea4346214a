"""Rigs for faults, and what people and time do to the service's database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.end_to_end.conftest import open_rig  # noqa: F401 - the same rigs
from tests.faults.database import Database


@pytest.fixture
def database(database_url: str) -> Database:
    """The service's database, as somebody with `psql` sees it."""
    return Database(database_url)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(32) as pool:
        yield pool
