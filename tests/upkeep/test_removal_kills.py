"""A sweep that is killed at any write of a pull request's life: the next one goes on with it."""

import signal
from dataclasses import dataclass

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.faults import Fault
from tests.conftest import RunCommand
from tests.support.lists import TECH_FILE, TECH_LIST
from tests.support.processes import Process
from tests.support.removal import PULLS, Removals, removals_service

LABEL = {"PULL_REQUEST_LABEL": "leaver"}
OPENING = (("POST", "/git/refs$"), ("POST", "/pulls$"), ("POST", "/labels$"))
REFRESHING = (("PATCH", "/git/refs/"),)
CLOSING = (("POST", "/comments$"), ("PATCH", "/pulls/1$"), ("DELETE", "/git/refs/"))


@dataclass
class Sweeps:
    """`leavers sweep`, as a process of its own, with the second token."""

    removals: Removals
    run_leavers: RunCommand
    settings: dict[str, str]

    def to_its_end(self) -> None:
        """Let one go on as far as it gets, when the killed one's lease has run out."""
        self.removals.database.run(
            "UPDATE removals SET leased_until = now() - interval '1 second',"
            " refreshed_at = refreshed_at - interval '1 day'"
        )
        assert self.run_leavers("sweep", **self.settings).wait() == 0

    def killed(self, method: str, path: str, *, acts: bool) -> None:
        """Kill one at a write, before or after GitHub acts on it."""
        running: list[Process] = []

        def kill() -> None:
            running[0].send(signal.SIGKILL)

        fault = Fault(after_acting=kill) if acts else Fault(before=kill, acts=False)
        rule = self.removals.sandbox.faults.add(
            fault=fault, vendor="github", method=method, path=path
        )
        self.removals.database.run(
            "UPDATE removals SET leased_until = now() - interval '1 second',"
            " refreshed_at = refreshed_at - interval '1 day'"
        )
        running.append(self.run_leavers("sweep", waits=False, **self.settings))
        assert running[0].wait() == -signal.SIGKILL
        assert rule.struck == 1


@pytest.mark.parametrize(
    "acts", [True, pytest.param(False, marks=pytest.mark.slow)], ids=["after it", "before it"]
)
def test_a_pull_requests_life_goes_on_after_a_kill_at_each_write(
    sandbox: Sandbox, environment: dict[str, str], run_leavers: RunCommand, *, acts: bool
) -> None:
    token = {"GITHUB_PULL_REQUEST_TOKEN": sandbox.github.pull_request_token}
    with removals_service(sandbox, environment) as removals:
        sweeps = Sweeps(removals, run_leavers, PULLS | token | LABEL)
        card = removals.add_leaver(7)
        for method, path in OPENING:
            sweeps.killed(method, path, acts=acts)
        sweeps.to_its_end()
        one = removals.only()
        assert (one.head, one.state, one.labels) == ("leaver-ticket-7", "open", ["leaver"])
        assert (len(card.attachments), removals.state(7)) == (1, ("open", None))

        beside = TECH_LIST.replace("- name: Benedict", "# Beside.\n- name: Benedict")
        sandbox.github.put_file(TECH_FILE, beside)
        # At first GitHub does not say whether it can be merged.
        sweeps.to_its_end()
        for method, path in REFRESHING:
            sweeps.killed(method, path, acts=acts)
        sweeps.to_its_end()
        tip = sandbox.github.git.commits[sandbox.github.git.branches[one.head]]
        assert tip.parents[-1] == sandbox.github.git.branches["main"]
        assert tip.items[TECH_FILE].content.decode().startswith("# Beside.\n- name: Benedict")

        removals.database.run("UPDATE leavers SET outcome = 'set_aside'")
        for method, path in CLOSING:
            sweeps.killed(method, path, acts=acts)
        sweeps.to_its_end()
        assert (one.state, len(one.comments)) == ("closed", 1)
        assert sorted(sandbox.github.git.branches) == ["main"]
        assert removals.state(7) == ("withdrawn", None)
        assert len(removals.pulls.all) == 1
        assert "pull_request_left_as_is" not in removals.events(7)
        assert (removals.pulls.forbidden_acts, removals.pulls.refused_base_writes) == ([], 0)
