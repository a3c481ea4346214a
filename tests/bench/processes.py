"""Processes of the service for the benchmark, started as anybody would."""

import contextlib
import io
import socket
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import requests

PATIENCE = 60.0
LOOK_EVERY = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """One process that answers."""

    process: "subprocess.Popen[bytes]"
    url: str
    seconds_to_start: float

    def memory(self, name: str) -> float:
        """``VmRSS`` (now) or ``VmHWM`` (the most so far), in MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith(f"{name}:"))
        return int(line.split()[1]) / 1024


@dataclass(frozen=True, slots=True)
class Fleet:
    """Starts processes, each with its log in the folder.

    Attributes:
        folder: where they run.
        source: a folder with another revision's packages; None for those that are installed.
    """

    folder: Path
    source: Path | None = None

    @contextlib.contextmanager
    def started(self, settings: Mapping[str, str], *arguments: str) -> Iterator[Running]:
        """One process until it is ready; ended at the end."""
        port = _free_port()
        command = [sys.executable, "-m", "service.cli", "serve", "--port", str(port), *arguments]
        environment = dict(settings)
        if self.source:
            environment["PYTHONPATH"] = str(self.source)
        begun = time.monotonic()
        with (self.folder / f"{port}.log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 - this very program
                command, env=environment, cwd=self.folder, stdout=log, stderr=log
            )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_ready(url)
            yield Running(process=process, url=url, seconds_to_start=time.monotonic() - begun)
        finally:
            process.terminate()
            process.wait(PATIENCE)

    @contextlib.contextmanager
    def several(self, settings: Mapping[str, str], count: int) -> Iterator[list[Running]]:
        """So many processes on one database."""
        with contextlib.ExitStack() as stack:
            yield [stack.enter_context(self.started(settings)) for _ in range(count)]


def seconds_of(*command: str) -> float:
    """Seconds that a whole process takes."""
    begun = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own words
    return time.monotonic() - begun


def _wait_until_ready(url: str) -> None:
    ends_at = time.monotonic() + PATIENCE
    while time.monotonic() < ends_at:
        with contextlib.suppress(requests.ConnectionError):
            if requests.get(f"{url}/healthcheck/ready", timeout=PATIENCE).ok:
                return
        time.sleep(LOOK_EVERY)
    raise RuntimeError("the service did not start")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def packages_of(revision: str, folder: Path) -> Path | None:
    """Put another revision's packages into a folder; None if this is no clone that has it."""
    archive = subprocess.run(  # noqa: S603 - the caller's own words
        ["git", "archive", revision, "service", "integrations"],  # noqa: S607
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=False,
    )
    if archive.returncode:
        return None
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as packed:
        packed.extractall(folder, filter="data")
    return folder
