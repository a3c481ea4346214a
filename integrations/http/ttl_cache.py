"""A value that changes rarely, kept for a while."""

from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")


class TtlCache(Generic[T]):
    """Keeps one value for some seconds; threads that find it too old may look it up twice."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._kept: tuple[float, T] | None = None

    def get(self, look_up: Callable[[], T]) -> T:
        """Return the kept value, or a fresh one if there is none or it is too old."""
        kept = self._kept
        if kept is None or monotonic() >= kept[0]:
            kept = self._kept = (monotonic() + self._seconds, look_up())
        return kept[1]

    def keep(self, value: T) -> None:
        """Keep a value that something else has looked up."""
        self._kept = (monotonic() + self._seconds, value)

    def forget(self) -> None:
        """Look it up again next time."""
        self._kept = None
