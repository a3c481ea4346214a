"""A throwaway PostgreSQL from a wheel: all its files lie in one directory, which is deleted."""

import contextlib
import itertools
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

import psycopg

from integrations.sandbox.postgres_binaries import (
    give_to_server,
    reachable_binaries,
    server_user,
)

# In seconds.
_PATIENCE = 120.0
# Linux allows 108 bytes for a socket's path, and one of them ends it:
# https://man7.org/linux/man-pages/man7/unix.7.html
_LONGEST_SOCKET = 107
# Waits for the end of the process that started the server; then stops it and deletes its files.
_WATCH = """
read -r _
pid=$(head -n 1 "$0/data/postmaster.pid" 2>/dev/null) && kill -QUIT "$pid" && kill -CONT "$pid"
tries=0
while [ -e "$0/data/postmaster.pid" ] && [ "$tries" -lt 100 ]; do
  sleep 0.1
  tries=$((tries + 1))
done
[ -e "$0/data/postmaster.pid" ] && kill -KILL "$pid"
rm -rf "$0"
"""


class Postgres:
    """One server with any number of databases. Use it as a context manager, or start and close it.

    Args:
        tcp: whether it also listens on 127.0.0.1, with a password; otherwise it has a unix socket
            alone.
        parent: where its directory is made; None for the system's place for temporary files.
    """

    def __init__(self, *, tcp: bool = False, parent: Path | None = None) -> None:
        self._tcp = tcp
        self._parent = parent
        self._password = secrets.token_hex(16)
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: subprocess.Popen[bytes] | None = None
        self._port = 5432
        self._numbers = itertools.count(1)
        self._directory = Path()
        self._binaries = Path()

    def __enter__(self) -> "Postgres":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def directory(self) -> Path:
        """The directory that holds all of its files."""
        return self._directory

    @property
    def pid(self) -> int:
        """The number of the server's process; RuntimeError if it does not run."""
        if self._process is None:
            raise RuntimeError("PostgreSQL is not running")
        return self._process.pid

    def dsn(self, database: str = "postgres", *, tcp: bool | None = None) -> str:
        """Return the address of a database, for `DATABASE_URL`.

        Args:
            database: its name.
            tcp: whether by TCP or by the socket; None for TCP if the server listens there.
        """
        if self._tcp if tcp is None else tcp:
            return f"postgresql://postgres:{self._password}@127.0.0.1:{self._port}/{database}"
        host = quote(str(self._directory), safe="")
        return f"postgresql://postgres@/{database}?host={host}&port={self._port}"

    def start(self) -> None:
        """Start the server, and return once it takes connections; the first start makes its files.

        Raises:
            RuntimeError: it does not start; the text contains the end of its log.
        """
        if not self._directory.name:
            try:
                self._make()
            except BaseException:
                self.close()
                raise
        options = {
            "listen_addresses": "127.0.0.1" if self._tcp else "",
            "unix_socket_directories": str(self._directory),
            "port": str(self._port),
            "max_connections": "300",
            # The files have to outlive a crash of the server, but not one of the machine.
            "fsync": "off",
            "full_page_writes": "off",
            "shared_buffers": "32MB",
            # There is no replica. The last line limits what is kept of the log after a checkpoint.
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "max_wal_size": "64MB",
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (self._directory / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own binary and options
                [self._binaries / "postgres", "-D", str(self._data), *settings],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._directory,
                start_new_session=True,
                **server_user(),
            )
        self._wait_until_ready()

    def stop(self, *, hard: bool = False) -> None:
        """Stop the server; its files stay, so that `start` goes on from there.

        Args:
            hard: whether it stops at once, as in a crash.
        """
        if self._process is None:
            return
        self.resume()
        # SIGINT: roll back what is open and shut down; SIGQUIT: stop at once.
        self._process.send_signal(signal.SIGQUIT if hard else signal.SIGINT)
        self._process.wait(_PATIENCE)
        self._process = None

    def restart(self, *, hard: bool = False) -> None:
        """Stop the server, and start it at the same address; see `stop`."""
        self.stop(hard=hard)
        self.start()

    def pause(self) -> None:
        """Let the whole server hang: connections stay open and nothing answers."""
        self._signal_all(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused server go on."""
        self._signal_all(signal.SIGCONT)

    def close(self) -> None:
        """Stop the server, and delete its files."""
        self.stop(hard=True)
        if self._watch and self._watch.stdin:
            self._watch.stdin.close()
            self._watch.wait(_PATIENCE)
            self._watch = None
        if self._directory.name:
            shutil.rmtree(self._directory, ignore_errors=True)
        self._directory = Path()

    def create_database(self, name: str | None = None, *, template: str = "template1") -> str:
        """Make a database, and return its address.

        Args:
            name: None for an unused one.
            template: the database that is copied, with its tables.
        """
        database = name or f"test_{os.getpid()}_{next(self._numbers)}"
        # Copying its files is faster than writing all of it to the log.
        # https://www.postgresql.org/docs/current/sql-createdatabase.html
        self._run_sql(f'CREATE DATABASE "{database}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return self.dsn(database)

    def drop_database(self, name: str) -> None:
        """Drop a database, and end the connections to it."""
        self._run_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def log(self) -> str:
        """Return the server's log."""
        return (self._directory / "log").read_text(errors="replace")

    def _run_sql(self, statement: str) -> None:
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            connection.execute(statement.encode())

    @property
    def _data(self) -> Path:
        return self._directory / "data"

    def _make(self) -> None:
        self._directory = Path(tempfile.mkdtemp(prefix="pg-", dir=self._parent)).resolve()
        self._watch = subprocess.Popen(  # noqa: S603 - our own script
            ["/bin/sh", "-c", _WATCH, str(self._directory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        if self._tcp:
            self._port = _free_port()
        if len(f"{self._directory}/.s.PGSQL.{self._port}".encode()) > _LONGEST_SOCKET:
            raise RuntimeError(f"the path of PostgreSQL's socket is too long: {self._directory}")
        give_to_server(self._directory)
        self._binaries = reachable_binaries(self._directory)
        self._init()

    def _init(self) -> None:
        password = self._directory / "password"
        password.write_text(self._password)
        password.chmod(0o600)
        give_to_server(password)
        made = subprocess.run(  # noqa: S603 - our own binary and options
            [
                self._binaries / "initdb",
                f"--pgdata={self._data}",
                "--username=postgres",
                "--auth-local=trust",
                "--auth-host=scram-sha-256",
                f"--pwfile={password}",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
            ],
            capture_output=True,
            text=True,
            cwd=self._directory,
            check=False,
            **server_user(),
        )
        password.unlink()
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stderr.strip()}")

    def _wait_until_ready(self) -> None:
        ends_at = time.monotonic() + _PATIENCE
        while time.monotonic() < ends_at:
            if self._process is None or self._process.poll() is not None:
                self._process = None
                raise RuntimeError(f"PostgreSQL did not start: {self.log()[-2000:]}")
            # The server writes its state into the last line of this file.
            with contextlib.suppress(OSError):
                lines = (self._data / "postmaster.pid").read_text().splitlines()
                if lines and lines[0] == str(self.pid) and lines[-1].strip() == "ready":
                    return
            time.sleep(0.01)
        raise RuntimeError("PostgreSQL did not become ready in time")

    def _signal_all(self, sign: int) -> None:
        """Signal the server and its children, each of which leads a process group of its own."""
        if self._process is None:
            return
        for pid in (self.pid, *_children(self.pid)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sign)


def _children(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # After the command's name in brackets: state, parent.
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
