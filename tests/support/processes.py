"""Processes of the service: started with an environment of their own, watched, and ended."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

# So long is waited for what should come at once, in seconds: machines may be busy.
PATIENCE = 120.0


class Launcher:
    """One loaded program, from which processes of the service are forked; safe for threads."""

    def __init__(self) -> None:
        script = Path(__file__).with_name("launcher.py")
        self._process = subprocess.Popen(  # noqa: S603 - our own script
            # -P: the script's folder is not a place to import from.
            [sys.executable, "-P", str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdin
        assert self._process.stdout
        self._orders, self._answers = self._process.stdin, self._process.stdout
        self._lock = threading.Lock()

    def close(self) -> None:
        """End the launcher; what it started must have ended before."""
        self._orders.close()
        self._process.wait(PATIENCE)
        self._answers.close()

    def order(self, **order: Any) -> Any:
        """Give one order and return the answer."""
        with self._lock:
            self._orders.write(f"{json.dumps(order)}\n")
            self._orders.flush()
            return json.loads(self._answers.readline())


class Process:
    """One run of ``leavers`` with some arguments."""

    def __init__(
        self,
        launcher: Launcher,
        arguments: Sequence[str],
        *,
        environment: Mapping[str, str],
        directory: Path,
    ) -> None:
        self._launcher = launcher
        self._directory = directory
        self._code: int | None = None
        self.pid: int = launcher.order(
            arguments=list(arguments),
            environment=dict(environment),
            directory=str(directory),
            stdout=str(directory / "stdout"),
            stderr=str(directory / "stderr"),
        )

    @property
    def stdout(self) -> str:
        """Everything that was written there, by earlier processes of the same folder, too."""
        return _text(self._directory / "stdout")

    @property
    def stderr(self) -> str:
        """See `stdout`."""
        return _text(self._directory / "stderr")

    def exit_code(self) -> int | None:
        """The exit code (negative: the signal that ended it), or None while it runs."""
        if self._code is None:
            self._code = self._launcher.order(poll=self.pid)
        return self._code

    def wait(self, seconds: float = PATIENCE) -> int:
        """Wait for the end, and return the exit code."""
        ends_at = time.monotonic() + seconds
        while (code := self.exit_code()) is None:
            if time.monotonic() > ends_at:
                raise AssertionError(f"it still runs: {self.stdout[-2000:]}{self.stderr[-2000:]}")
            time.sleep(0.01)
        return code

    def send(self, number: signal.Signals) -> None:
        """Send a signal, if it still runs."""
        if self.exit_code() is None:
            os.kill(self.pid, number)

    def pause(self) -> None:
        """Pause it, and return once none of its threads runs any more."""
        assert self.exit_code() is None
        self._code = self._launcher.order(pause=self.pid)
        assert self._code is None

    def resume(self) -> None:
        """Let it go on after a pause."""
        self.send(signal.SIGCONT)

    def end(self) -> int:
        """End it in any case."""
        self.resume()
        self.send(signal.SIGKILL)
        return self.wait()


def _text(path: Path) -> str:
    return path.read_text("utf-8", "replace") if path.exists() else ""
