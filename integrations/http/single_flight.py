"""Several threads need the same fresh value: one fetches it, the others share the outcome."""

import copy
import threading
from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar

from service.domain.errors import OutsideError

T = TypeVar("T")


class SingleFlight(Generic[T]):
    """Runs one fetch at a time.

    A caller that waited while a fetch began and ended gets its outcome, a failure included: with a
    vendor that hangs, a dozen threads wait for one time-out and not for a dozen.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._began_at = float("-inf")
        self._outcome: T | OutsideError | None = None

    def run(self, fetch: Callable[[], T]) -> T:
        """Fetch, or share the outcome of a fetch that began after this call."""
        arrived_at = monotonic()
        with self._lock:
            outcome = self._outcome
            if outcome is None or self._began_at <= arrived_at:
                # Forgotten first: what is neither a result nor a failure from outside is not kept.
                self._outcome = None
                outcome = self._outcome = self._fetched(fetch)
        if isinstance(outcome, OutsideError):
            raise copy.copy(outcome)
        return outcome

    def _fetched(self, fetch: Callable[[], T]) -> T | OutsideError:
        self._began_at = monotonic()
        try:
            return fetch()
        except OutsideError as failure:
            return failure.with_traceback(None)
