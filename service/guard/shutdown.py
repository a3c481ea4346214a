"""How a worker that is told to stop stops: no new step begins, what runs is given back."""

import asyncio
import threading


class ShuttingDown(Exception):
    """The worker stops: begin nothing new."""


class Shutdown:
    """Set once, when the process is told to end; looked at before each call to a vendor."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """Tell everybody to stop."""
        self._event.set()

    def check(self) -> None:
        """Go on.

        Raises:
            ShuttingDown: the process has been told to end.
        """
        if self._event.is_set():
            raise ShuttingDown

    def wait(self, seconds: float) -> None:
        """Wait, but no longer than until the process is told to end.

        Raises:
            ShuttingDown: the process has been told to end.
        """
        if self._event.wait(seconds):
            raise ShuttingDown


def is_cancelled() -> bool:
    """Whether the task that asks was cancelled, even if what it called has swallowed that.

    On Python 3.11, `asyncio.wait_for` does, and so does a pool of connections, if a connection
    becomes free at that very moment.
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
