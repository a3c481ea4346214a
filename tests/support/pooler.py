"""A real PgBouncer before a database, if the machine has one."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from integrations.sandbox.postgres_binaries import give_to_server, server_user
from tests.support.processes import PATIENCE

PGBOUNCER = shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
PORT = 6432


@contextmanager
def pooling(url: str, *, mode: str = "transaction", size: int = 4) -> Iterator[str]:
    """Run PgBouncer before a database; give the address that leads through it.

    Args:
        url: of the database.
        mode: how long a connection to the server is lent: session, transaction or statement.
        size: how many connections to the server there are.
    """
    if PGBOUNCER is None:
        pytest.skip("NOT TESTED: this machine has no pgbouncer (apt-get install pgbouncer)")
    target = conninfo_to_dict(url)
    # The path of a socket is short.
    directory = Path(tempfile.mkdtemp(prefix="pgb-"))
    (directory / "pgbouncer.ini").write_text(
        f"""[databases]
leavers = host={target["host"]} port={target["port"]} dbname={target["dbname"]} user=postgres
[pgbouncer]
listen_addr =
listen_port = {PORT}
unix_socket_dir = {directory}
logfile = {directory}/log
auth_type = any
pool_mode = {mode}
default_pool_size = {size}
max_client_conn = 200
"""
    )
    give_to_server(directory)
    process = subprocess.Popen(  # noqa: S603 - the machine's own program
        [PGBOUNCER, "-q", str(directory / "pgbouncer.ini")],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **server_user(),
    )
    try:
        _wait_for(directory / f".s.PGSQL.{PORT}", process)
        yield f"postgresql://leavers@/leavers?host={directory}&port={PORT}"
    finally:
        process.kill()
        process.wait(PATIENCE)
        shutil.rmtree(directory, ignore_errors=True)


def _wait_for(socket: Path, process: subprocess.Popen[bytes]) -> None:
    ends_at = time.monotonic() + PATIENCE
    while not socket.exists():
        assert process.poll() is None, (socket.parent / "log").read_text()
        assert time.monotonic() < ends_at
        time.sleep(0.01)
