"""The demo leaves nothing behind, however it is ended."""

import signal
from pathlib import Path

import pytest

from tests.conftest import RunCommand
from tests.support.running import wait_until


def services_of(pid: int) -> list[int]:
    """The processes that a demo started and that are the service."""
    return [
        child
        for child in children_of(pid)
        if b"service.commands.demo_service" in text_of(child, "cmdline").split(b"\0")
    ]


def children_of(pid: int) -> list[int]:
    found = [int(folder.name) for folder in Path("/proc").glob("[0-9]*")]
    return [one for one in found if f"\nPPid:\t{pid}\n".encode() in text_of(one, "status")]


def text_of(pid: int, name: str) -> bytes:
    """What the system shows of a process; nothing if it is gone."""
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_demo_that_is_stopped_takes_its_service_with_it(
    run_leavers: RunCommand, number: signal.Signals
) -> None:
    demo = run_leavers("demo", "--keep", waits=False)
    wait_until(lambda: bool(services_of(demo.pid)))
    (service,) = services_of(demo.pid)

    demo.send(number)

    # 130, as after Ctrl-C: what was not shown whole did not go well.
    assert (demo.wait(), text_of(service, "cmdline")) == (130, b"")
