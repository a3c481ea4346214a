"""Many cases at once: threads, and the values that were asked for."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

# They wait most of the time, each for the engine to take over what a dead worker left.
AT_ONCE = 32


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    """Threads in which the cases of a module run, all at once."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield pool


def chosen(request: pytest.FixtureRequest, argument: str) -> list[object]:
    """The values of a parameter in those tests of a module that were asked for."""
    items = [item for item in request.session.items if isinstance(item, pytest.Function)]
    return [
        item.callspec.params[argument]
        for item in items
        if item.module is request.module and hasattr(item, "callspec")
    ]
