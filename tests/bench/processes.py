"""Processes of the service for the benchmark, started as anybody would."""

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import requests

PATIENCE = 60.0
LOOK_EVERY = 0.01
# The service as it was before its workers gave way to webhooks.
WITHOUT_GIVING_WAY = (
    "import sys; from service.guard import foreground; foreground.LONGEST_PAUSE = 0.0;"
    " from service.cli import main; sys.exit(main(sys.argv[1:]))"
)


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
    """Starts processes, each with its log in the folder."""

    folder: Path

    @contextlib.contextmanager
    def started(
        self, settings: Mapping[str, str], *arguments: str, gives_way: bool = True
    ) -> Iterator[Running]:
        """One process until it is ready; ended at the end."""
        port = _free_port()
        program = ["-m", "service.cli"] if gives_way else ["-c", WITHOUT_GIVING_WAY]
        command = [sys.executable, *program, "serve", "--port", str(port), *arguments]
        begun = time.monotonic()
        with (self.folder / f"{port}.log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 - this very program
                command, env=dict(settings), cwd=self.folder, stdout=log, stderr=log
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
