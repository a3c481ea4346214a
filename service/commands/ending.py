"""Stops the processes that a command started when it is stopped itself."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let any signal to stop interrupt this process, once, as Ctrl-C does.

    Raises:
        KeyboardInterrupt: it was stopped; unfinished work goes back into the queue.
    """
    # Who started it with `nohup` wants it to outlive the terminal.
    numbers = [one for one in _SIGNALS if signal.getsignal(one) is not signal.SIG_IGN]

    def end(*_: object) -> NoReturn:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, end) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
