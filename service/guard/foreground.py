"""Responses come first: workers of the same process pause while webhooks are being answered."""

import asyncio
import math
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

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Mark a request as being answered; on the event loop's thread only."""
        self._under_way += 1
        try:
            yield
        finally:
            self._answered_at = time.monotonic()
            self._under_way -= 1

    def give_way(self) -> None:
        """Wait until no request has come for a moment, or for the longest pause: for workers."""
        for pause in self._pauses():
            time.sleep(pause)

    async def give_way_async(self) -> None:
        """Do the same as `give_way`, on the event loop."""
        for pause in self._pauses():
            await asyncio.sleep(pause)

    def _pauses(self) -> Iterator[float]:
        ends_at = time.monotonic() + self._longest_pause
        while (now := time.monotonic()) < ends_at:
            quiet_at = now + self._gap if self._under_way else self._answered_at + self._gap
            if quiet_at <= now:
                return
            yield min(quiet_at, ends_at) - now
