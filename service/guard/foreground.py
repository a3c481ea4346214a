"""Responses come first: workers of the same process pause while webhooks are being answered."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

# A worker pauses no longer than this before one call, in seconds: an endless stream of webhooks
# must not keep it from its work.
LONGEST_PAUSE = 1.0


class Foreground:
    """Counts the requests that are being answered in this process.

    Web and workers share one interpreter, in which one thread runs at a time. Eight busy workers
    beside it made responses to a burst of webhooks many times slower.
    """

    def __init__(self, *, longest_pause: float | None = None) -> None:
        """Build it; a pause ends after so many seconds in any case."""
        self._longest_pause = LONGEST_PAUSE if longest_pause is None else longest_pause
        self._under_way = 0
        self._is_idle = threading.Event()
        self._is_idle.set()

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Mark a request as being answered; on the event loop's thread only."""
        self._under_way += 1
        self._is_idle.clear()
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._is_idle.set()

    def give_way(self) -> None:
        """Wait until no request is being answered, or for the longest pause: for workers."""
        self._is_idle.wait(self._longest_pause)
