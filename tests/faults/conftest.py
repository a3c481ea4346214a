"""Rigs for faults, and what people and time do to the service's database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults.database import Database

# Without the pace that real vendors ask for; sweeps are tested by themselves.
FAST = {
    "ZENDESK_REQUESTS_PER_MINUTE": "100000",
    "ZENDESK_UPDATES_PER_MINUTE": "100000",
    "TRELLO_REQUESTS_PER_10_SECONDS": "100000",
    "DAILY_LIMIT": "100000",
    "SWEEP_EVERY_SECONDS": "0",
}


@pytest.fixture
def database(database_url: str) -> Database:
    """The service's database, as somebody with `psql` sees it."""
    return Database(database_url)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(32) as pool:
        yield pool
