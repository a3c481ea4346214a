"""What every test may ask for: a sandbox, a fresh database, and the service as a process."""

import contextlib
import itertools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg.rows import DictRow, dict_row

from integrations.sandbox import Sandbox
from integrations.sandbox.postgres import Postgres
from service.records.database import Database as ServiceDatabase
from service.records.database import ensure_schema
from tests.support.database import Database
from tests.support.in_memory import in_memory
from tests.support.lists import put_lists
from tests.support.processes import Launcher, Process
from tests.support.receiver import Receiver, receiving
from tests.support.rig import Rig
from tests.support.running import QUIET, Service
from tests.support.secrecy import check_log

StartService = Callable[..., Service]
RunCommand = Callable[..., Process]
OpenRig = Callable[..., AbstractContextManager[Rig]]

# On a busy machine an example takes long, and that says nothing about the rule.
settings.register_profile(
    "any machine", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")

PREVIOUS_SECRET = "the-secret-before-this-one"
_numbers = itertools.count(1_000_001)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with those that wait for long."""
    items.sort(key=lambda item: item.get_closest_marker("waits") is None)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for each test process, listening on a socket alone."""
    with Postgres(parent=in_memory()) as server:
        yield server


@pytest.fixture(scope="session")
def started_sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(started_sandbox: Sandbox) -> Iterator[Sandbox]:
    """The three vendors as at their beginning, with the tests' own access lists.

    At the end nothing was tried at GitHub that the service must never do: merge, approve, reopen,
    force, or write to the base or through the contents.
    """
    started_sandbox.reset()
    put_lists(started_sandbox)
    yield started_sandbox
    pulls = started_sandbox.github.pulls
    assert (pulls.forbidden_acts, pulls.refused_base_writes) == ([], 0)


@pytest.fixture(scope="session")
def launcher() -> Iterator[Launcher]:
    with contextlib.closing(Launcher()) as launcher:
        yield launcher


@pytest.fixture(scope="session")
def with_tables(postgres: Postgres) -> str:
    """The name of a database with all tables and nothing in them, to copy: that is faster."""
    ensure_schema(postgres.create_database("with_tables"))
    return "with_tables"


@pytest.fixture(scope="session")
def second_postgres(with_tables: str) -> Iterator[Postgres]:
    """One more server for each test process; `own_postgres` lends it out."""
    with Postgres(parent=in_memory()) as server:
        ensure_schema(server.create_database(with_tables))
        yield server


@pytest.fixture
def own_postgres(second_postgres: Postgres) -> Iterator[Postgres]:
    """A server that the test may stop or pause, since no other test uses it meanwhile."""
    yield second_postgres
    second_postgres.restart(hard=True)


@pytest.fixture
def database_template(with_tables: str) -> str:
    """What a test's database is copied from; modules that want it empty say ``template1``."""
    return with_tables


@pytest.fixture
def database_url(postgres: Postgres, database_template: str) -> Iterator[str]:
    """A database of the test's own."""
    url = postgres.create_database(template=database_template)
    yield url
    postgres.drop_database(url.partition("?")[0].rpartition("/")[2])


@pytest.fixture
def environment(sandbox: Sandbox, database_url: str) -> dict[str, str]:
    """All settings that connect a service to the sandbox and to the database."""
    return sandbox.settings() | {"DATABASE_URL": database_url} | QUIET


@pytest.fixture
def start_service(
    launcher: Launcher, sandbox: Sandbox, environment: dict[str, str], tmp_path: Path
) -> Iterator[StartService]:
    """Start services that share a database; at the end their logs are searched for secrets."""
    started: list[Service] = []

    def start(*, works: bool = True, until_ready: bool = True, **settings: str) -> Service:
        directory = tmp_path / f"service-{len(started)}"
        directory.mkdir()
        service = Service(
            launcher,
            sandbox,
            environment=environment | settings,
            directory=directory,
            works=works,
        )
        started.append(service)
        return service.start(until_ready=until_ready)

    yield start
    for service in started:
        service.close()
    for service in started:
        check_log(service.log, sandbox, service.environment)


@pytest.fixture
def service(start_service: StartService) -> Service:
    """One service, with a worker."""
    return start_service()


@pytest.fixture
def run_leavers(
    launcher: Launcher, environment: dict[str, str], tmp_path: Path
) -> Iterator[RunCommand]:
    """Run ``leavers`` with some arguments to its end; settings given as None are taken away."""
    numbers = itertools.count()
    started: list[Process] = []

    def run(*arguments: str, waits: bool = True, **settings: str | None) -> Process:
        directory = tmp_path / f"command-{next(numbers)}"
        directory.mkdir()
        chosen = {
            name: value for name, value in (environment | settings).items() if value is not None
        }
        process = Process(launcher, arguments, environment=chosen, directory=directory)
        started.append(process)
        if waits:
            process.wait()
        return process

    yield run
    for process in started:
        process.end()


@pytest.fixture(scope="session")
def open_rig(
    postgres: Postgres,
    with_tables: str,
    launcher: Launcher,
    tmp_path_factory: pytest.TempPathFactory,
) -> OpenRig:
    """Open rigs, each with a sandbox, a database and a service of its own, from any thread."""
    numbers = itertools.count()
    # Made here: threads that ask pytest for their first folder at once get in each other's way.
    home = tmp_path_factory.mktemp("rigs")

    @contextmanager
    def opened(**settings: str) -> Iterator[Rig]:
        directory = home / f"rig-{next(numbers)}"
        directory.mkdir()
        with Sandbox() as sandbox:
            put_lists(sandbox)
            database = {"DATABASE_URL": postgres.create_database(template=with_tables)}
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


@pytest.fixture(scope="session")
def answering(
    postgres: Postgres,
    with_tables: str,
    launcher: Launcher,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Rig]:
    """A service that takes tickets in and leaves them queued, shared by many tests."""
    with Sandbox() as sandbox:
        put_lists(sandbox)
        environment = (
            sandbox.settings()
            | QUIET
            | {
                "DATABASE_URL": postgres.create_database(template=with_tables),
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


@pytest.fixture
def database(database_url: str) -> Database:
    """The service's database, as somebody with `psql` sees it."""
    return Database(database_url)


@pytest.fixture
def tables(database_url: str) -> Iterator[ServiceDatabase]:
    """The service's own tables, without a service."""
    database = ServiceDatabase(database_url, most_connections=2)
    database.open()
    yield database
    database.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Somewhere to send messages to."""
    with receiving() as receiver:
        yield receiver
