"""Looking up a host keeps to the deadline of the call: with a real resolver that stays silent."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from integrations.http.lookups import Lookups

NAMESERVER = "127.0.0.77"
# Without a deadline of our own it takes 60 seconds and more: two tries of 30.
RESOLV_CONF = f"nameserver {NAMESERVER}\noptions timeout:30 attempts:2\n"
LONGER_THAN_THE_DEADLINE = 25

CALLS = """
import socket, threading
from concurrent.futures import ThreadPoolExecutor
from integrations.http.policy import CallPolicy
from integrations.http.vendor_clock import time_at
from service.domain.errors import TransientError

silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
silent.bind(("127.0.0.77", 53))
outcomes = []
policy = CallPolicy(
    timeout=1, before_call=lambda _: None, after_call=lambda *said: outcomes.append(said[2])
)

def call(_):
    try:
        time_at("Zendesk", "http://zendesk.example", policy)
    except TransientError as failure:
        return failure.problem

with ThreadPoolExecutor(5) as threads:
    said = set(threads.map(call, range(10)))
look_ups = [one for one in threading.enumerate() if one.name == "look-up"]
silent.settimeout(1)
asked = b"zendesk" in silent.recv(512)
print(said, {str(one) for one in outcomes}, len(look_ups), asked, flush=True)
"""


def test_a_silent_resolver_holds_no_call_longer_than_its_deadline(tmp_path: Path) -> None:
    conf = tmp_path / "resolv.conf"
    conf.write_text(RESOLV_CONF)
    command = f"mount --bind {conf} /etc/resolv.conf && exec {sys.executable} -c '$CALLS'"
    if (
        os.geteuid() != 0
        or subprocess.run(
            ["unshare", "--mount", "true"],  # noqa: S607 - wherever it is
            check=False,
            capture_output=True,
        ).returncode
    ):
        pytest.skip("NOT TESTED: only root can give a process a resolver of its own")

    done = subprocess.run(  # noqa: S603 - our own words
        ["unshare", "--mount", "sh", "-c", command.replace("'$CALLS'", '"$CALLS"')],  # noqa: S607
        env={"CALLS": CALLS, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=LONGER_THAN_THE_DEADLINE,
        check=False,
    )

    assert (done.stdout.strip(), done.returncode) == (
        "{'No response came in time.'} {'timeout'} 1 True",
        0,
    ), done.stderr


def test_an_address_is_found_and_an_unknown_host_is_an_error_each_time() -> None:
    lookups = Lookups()

    found = lookups.addresses("127.0.0.1", 80, seconds=60)

    assert [address[4] for address in found] == [("127.0.0.1", 80)]
    for _ in range(2):
        with pytest.raises(OSError, match=r"not known|No address|failure"):
            lookups.addresses("nobody.invalid", 80, seconds=60)
