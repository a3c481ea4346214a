"""How a worker shuts down: no new step begins, and what runs goes back into the queue."""

import asyncio
import threading


class ShuttingDown(Exception):
    """The worker stops: begin nothing new."""


class Shutdown:
    """Set once, when the process is asked to stop; checked before each call to a vendor."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """Ask everything to stop."""
        self._event.set()

    def check(self) -> None:
        """Return at once, unless the process is shutting down.

        Raises:
            ShuttingDown: the process is shutting down.
        """
        if self._event.is_set():
            raise ShuttingDown

    def wait(self, seconds: float) -> None:
        """Wait, but no longer than until the process shuts down.

        Raises:
            ShuttingDown: the process is shutting down.
        """
        if self._event.wait(seconds):
            raise ShuttingDown


def is_cancelled() -> bool:
    """Return whether the task that asks was cancelled, even if what it called has swallowed that.

    On Python 3.11, `asyncio.wait_for` does, and so does a pool of connections, if a connection
    becomes free at that very moment.
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
