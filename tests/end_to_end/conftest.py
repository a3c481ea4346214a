"""Many cases at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

# They wait most of the time, each for the engine to take over what a dead worker left.
AT_ONCE = 36


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    """Threads in which the cases of a module run, all at once."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield pool
