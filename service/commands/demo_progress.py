"""How far the demo is: a line for each step and ticket as it ends, and a bar on a terminal."""

import sys
from typing import TextIO

_BAR = 30
# Back to the beginning of the line, and clear it: ECMA-48, EL.
_CLEAR_LINE = "\r\x1b[K"


class ProgressBar:
    """Writes lines and, on a terminal, a bar below them.

    Args:
        total: how many tickets there are.
        stream: where to write.
    """

    def __init__(self, total: int, stream: TextIO | None = None) -> None:
        self._total = total
        self._done = 0
        self._stream = stream or sys.stdout
        self._has_bar = self._stream.isatty()

    def say(self, line: str) -> None:
        """Write a line at once."""
        self._write(f"{line}\n")

    def ticket_done(self, line: str) -> None:
        """Write a line for a ticket that has ended."""
        self._done += 1
        self._write(f"[{self._done:>{len(str(self._total))}}/{self._total}] {line}\n")

    def close(self) -> None:
        """Take the bar away."""
        if self._has_bar:
            self._stream.write(_CLEAR_LINE)
            self._stream.flush()

    def _write(self, text: str) -> None:
        self._stream.write(f"{_CLEAR_LINE}{text}{self._bar()}" if self._has_bar else text)
        self._stream.flush()

    def _bar(self) -> str:
        full = _BAR * self._done // max(1, self._total)
        return f"[{'#' * full}{'.' * (_BAR - full)}] {self._done} of {self._total} tickets"
