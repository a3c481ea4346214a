"""One service without a worker for all tests that only ask it something: it writes nothing."""

import itertools
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.rows import DictRow, dict_row

from integrations.sandbox import Sandbox
from integrations.sandbox.postgres import Postgres
from tests.support.lists import put_lists
from tests.support.processes import Launcher
from tests.support.rig import Rig
from tests.support.running import QUIET, Service
from tests.support.secrecy import check_log

PREVIOUS_SECRET = "the-secret-before-this-one"
_numbers = itertools.count(1_000_001)


@pytest.fixture(scope="session")
def answering(
    postgres: Postgres, launcher: Launcher, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Rig]:
    """A service that takes tickets in and leaves them queued, shared by many tests."""
    with Sandbox() as sandbox:
        put_lists(sandbox)
        environment = (
            sandbox.settings()
            | QUIET
            | {
                "DATABASE_URL": postgres.create_database(),
                "ZENDESK_WEBHOOK_SECRET_PREVIOUS": PREVIOUS_SECRET,
            }
        )
        service = Service(
            launcher,
            sandbox,
            environment=environment,
            directory=tmp_path_factory.mktemp("answering"),
            works=False,
        ).start()
        try:
            yield Rig(sandbox=sandbox, service=service)
        finally:
            service.close()
        check_log(service.log, sandbox, service.environment)


@pytest.fixture
def new_id() -> int:
    """A ticket number that no other test uses."""
    return next(_numbers)


@pytest.fixture
def rows(answering: Rig) -> Iterator[psycopg.Connection[DictRow]]:
    """The shared service's database, to look into."""
    url = answering.service.environment["DATABASE_URL"]
    with psycopg.Connection[DictRow].connect(
        url, row_factory=dict_row, autocommit=True
    ) as connection:
        yield connection
