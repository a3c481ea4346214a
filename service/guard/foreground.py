"""Responses come first: workers of the same process pause while webhooks are being answered."""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

# A worker pauses no longer than this at a time, in seconds: an endless stream of webhooks must not
# keep it from its work.
LONGEST_PAUSE = 1.0
# In a burst there is now and then a moment without any webhook: only after so many seconds it ends.
GAP = 0.02


class Foreground:
    """Counts the requests that are being answered in this process.

    Web and workers share one interpreter, in which one thread runs at a time. Eight busy workers
    beside it made responses to a burst of webhooks many times slower.
    """

    def __init__(self, *, longest_pause: float = LONGEST_PAUSE, gap: float = GAP) -> None:
        """Build it.

        Args:
            longest_pause: seconds after which a pause ends in any case.
            gap: seconds without a request after which a burst is over.
        """
        self._longest_pause = longest_pause
        self._gap = gap
        self._under_way = 0
        self._answered_at = -math.inf
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
                self._answered_at = time.monotonic()
                self._is_idle.set()

    def give_way(self) -> None:
        """Wait until no request has come for a moment, or for the longest pause: for workers."""
        ends_at = time.monotonic() + self._longest_pause
        while self._is_idle.wait(ends_at - time.monotonic()):
            pause = min(self._answered_at + self._gap, ends_at) - time.monotonic()
            if pause <= 0:
                return
            time.sleep(pause)
