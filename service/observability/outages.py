"""One line in the log when the database begins to fail, and one when it is back.

While it fails there is one every five minutes, and not one for each of the many that meet it.
"""

import logging
import threading
import time
from collections.abc import Callable

from service.records.database_errors import describe_error

log = logging.getLogger(__name__)

# How often a failure that goes on is logged again, in seconds.
SAID_AGAIN_AFTER = 300.0


class Outage:
    """Knows since when something has failed; any thread may report to it.

    Args:
        what: as the log names it.
        clock: seconds that only grow.
    """

    def __init__(self, what: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._what = what
        self._clock = clock
        self._since: float | None = None
        self._said_at = 0.0
        self._failures = 0
        self._lock = threading.Lock()

    def failed(self, error: Exception, **about: object) -> None:
        """Note a failure.

        Args:
            error: what it was; the log says what it means, and quotes nothing of it.
            about: what it was met with, such as the ticket's number.
        """
        with self._lock:
            now = self._clock()
            is_first = self._since is None
            self._since = now if self._since is None else self._since
            self._failures += 1
            if not is_first and now - self._said_at < SAID_AGAIN_AFTER:
                return
            self._said_at = now
            failures, seconds = self._failures, round(now - self._since)
        log.warning(
            "%s failed",
            self._what,
            extra={
                "problem": describe_error(error),
                "error": type(error).__name__,
                "failures": failures,
                "failing_for_seconds": seconds,
                **about,
            },
        )

    def recovered(self) -> None:
        """Note that it works; only after a failure is that a line."""
        with self._lock:
            if self._since is None:
                return
            seconds = round(self._clock() - self._since)
            failures, self._since, self._failures = self._failures, None, 0
        log.info(
            "%s recovered",
            self._what,
            extra={"failed_for_seconds": seconds, "failures": failures},
        )


# One for the whole process: its parts share the database.
DATABASE = Outage("database")
