"""Rigs: a sandbox, a database and a service each, so that many cases can run at once."""

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.postgres import Postgres
from tests.support.lists import put_lists
from tests.support.processes import Launcher
from tests.support.rig import Rig
from tests.support.running import QUIET, Service
from tests.support.secrecy import check_log

OpenRig = Callable[..., AbstractContextManager[Rig]]
# They wait most of the time, each for the engine to take over what a dead worker left.
AT_ONCE = 32


@pytest.fixture(scope="session")
def open_rig(
    postgres: Postgres, launcher: Launcher, tmp_path_factory: pytest.TempPathFactory
) -> OpenRig:
    """Open rigs, from any thread."""
    numbers = itertools.count()
    # Made here: threads that ask pytest for their first folder at once get in each other's way.
    home = tmp_path_factory.mktemp("rigs")

    @contextmanager
    def opened(**settings: str) -> Iterator[Rig]:
        directory = home / f"rig-{next(numbers)}"
        directory.mkdir()
        with Sandbox() as sandbox:
            put_lists(sandbox)
            database = {"DATABASE_URL": postgres.create_database()}
            environment = sandbox.settings() | QUIET | database
            service = Service(
                launcher, sandbox, environment=environment | settings, directory=directory
            ).start()
            try:
                yield Rig(sandbox=sandbox, service=service)
            finally:
                service.close()
            check_log(service.log, sandbox, service.environment)

    return opened


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    """Threads in which the cases of a module run, all at once."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield pool


def chosen(request: pytest.FixtureRequest, argument: str) -> list[object]:
    """The values of a parameter in those tests of a module that were asked for."""
    items = [item for item in request.session.items if isinstance(item, pytest.Function)]
    return [
        item.callspec.params[argument]
        for item in items
        if item.module is request.module and hasattr(item, "callspec")
    ]
