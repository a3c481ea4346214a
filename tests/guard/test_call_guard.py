"""Before each call: none once the process shuts down, and no write without a lease that holds."""

import pytest

from integrations.http.policy import Call
from service.guard.call_guard import CallGuard, WriteInDryRunError
from service.guard.shutdown import Shutdown, ShuttingDown
from service.records.runs import LeaseLost

READ = Call(system="Zendesk", operation="read a ticket")


def lost() -> None:
    raise LeaseLost


def write(lease: object = lambda: None) -> Call:
    return Call(system="Zendesk", operation="update a ticket", lease=lease)  # type: ignore[arg-type]  # as given


def guard(*, is_dry_run: bool = False, stop: Shutdown | None = None) -> CallGuard:
    return CallGuard(stop or Shutdown(), limiter=None, breaker=None, is_dry_run=is_dry_run)


def test_a_write_is_sent_while_its_lease_holds() -> None:
    guard().before_call(READ)
    guard().before_call(write())


def test_a_write_whose_lease_is_lost_is_not_sent() -> None:
    with pytest.raises(LeaseLost):
        guard().before_call(write(lost))


def test_no_write_passes_in_a_dry_run_whatever_asks_for_it() -> None:
    dry = guard(is_dry_run=True)

    dry.before_call(READ)
    with pytest.raises(WriteInDryRunError):
        dry.before_call(write())


@pytest.mark.parametrize("call", [READ, write()], ids=["read", "write"])
def test_nothing_is_begun_once_the_process_shuts_down(call: Call) -> None:
    stop = Shutdown()
    stop.set()

    with pytest.raises(ShuttingDown):
        guard(stop=stop).before_call(call)
