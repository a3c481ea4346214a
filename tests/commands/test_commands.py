"""The command line: one ticket from the shell, and whether everything is right."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.faults import kills, unavailable
from tests.conftest import RunCommand, StartService
from tests.support.lists import OTHER_FILE, TECH_FILE
from tests.support.running import Service
from tests.support.tickets import ADA, Who, add_ticket, cards_of, writes


def test_the_installed_program_processes_a_ticket(
    sandbox: Sandbox, environment: dict[str, str], tmp_path: Path
) -> None:
    ticket = add_ticket(sandbox, ADA)
    program = Path(sys.executable).with_name("leavers")

    ended = subprocess.run(  # noqa: S603 - our own program, as a shell starts it
        [program, "process", str(ticket.id)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (0, "")
    assert json.loads(ended.stdout)["outcome"] == "tech_card"
    assert (ticket.status, len(cards_of(sandbox, ticket))) == ("solved", 1)


def test_a_reader_who_has_had_enough_gets_no_error(
    sandbox: Sandbox, environment: dict[str, str], tmp_path: Path
) -> None:
    ticket = add_ticket(sandbox, ADA)
    reading, writing = os.pipe()
    os.close(reading)

    ended = subprocess.run(  # noqa: S603 - our own program, as a shell starts it
        [Path(sys.executable).with_name("leavers"), "process", str(ticket.id)],
        cwd=tmp_path,
        env=environment,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)

    assert (ended.returncode, ended.stderr) == (128 + signal.SIGPIPE, "")
    assert ticket.status == "solved"


@pytest.mark.parametrize(
    ("who", "state"), [(ADA, "done"), (Who(name="Sam Taylor"), "needs_person")]
)
def test_process_ends_with_nought_when_done_or_waiting_for_a_person(
    run_leavers: RunCommand, sandbox: Sandbox, who: Who, state: str
) -> None:
    ticket = add_ticket(sandbox, who)

    ended = run_leavers("process", str(ticket.id))

    assert (ended.exit_code(), json.loads(ended.stdout)["state"]) == (0, state)


def test_a_port_that_is_taken_is_named_and_ends_with_one(run_leavers: RunCommand) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        ended = run_leavers("serve", "--port", port)

        assert ended.exit_code() == 1
    assert f"127.0.0.1:{port}" in ended.stderr


@pytest.mark.parametrize("host", ["nonsense.invalid", "192.0.2.1"])
def test_an_address_of_another_machine_is_named_and_ends_with_one(
    run_leavers: RunCommand, host: str
) -> None:
    ended = run_leavers("serve", "--host", host, "--port", "0")

    assert ended.exit_code() == 1
    assert "--host is not an address of this machine. Take 127.0.0.1" in ended.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serving_ends_with_nought_when_it_is_stopped(
    service: Service, number: signal.Signals
) -> None:
    service.process.send(number)

    assert service.process.wait() == 0


def test_process_ends_with_one_when_the_leaver_failed(run_leavers: RunCommand) -> None:
    ended = run_leavers("process", "999999")

    assert (ended.exit_code(), json.loads(ended.stdout)["state"]) == (1, "failed")


@pytest.mark.parametrize("vendor", ["zendesk", "github", "trello"])
def test_process_ends_with_three_when_a_vendor_is_down_and_a_worker_goes_on(
    run_leavers: RunCommand, start_service: StartService, sandbox: Sandbox, vendor: str
) -> None:
    ticket = add_ticket(sandbox, ADA)
    sandbox.faults.add(fault=unavailable(), vendor=vendor, times=None)

    ended = run_leavers("process", str(ticket.id))
    sandbox.faults.clear()
    leaver = start_service().wait_for(ticket.id)

    assert (ended.exit_code(), json.loads(ended.stdout)["state"]) == (3, "queued")
    assert (leaver["state"], len(cards_of(sandbox, ticket))) == ("done", 1)


def test_a_ticket_that_the_shell_left_by_dying_is_finished_by_a_worker(
    run_leavers: RunCommand, start_service: StartService, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA)
    process = run_leavers("process", str(ticket.id), waits=False)
    sandbox.faults.add(fault=kills(process.pid), path="/cards/open")
    assert process.wait() == -signal.SIGKILL

    leaver = start_service().wait_for(ticket.id, seconds=90)

    assert (leaver["state"], len(cards_of(sandbox, ticket))) == ("done", 1)


@pytest.mark.parametrize(
    ("who", "state", "card"),
    [
        (ADA, "done", "Leaver: Ada Archer (tech role)"),
        (Who(name="Sam Taylor"), "needs_person", None),
    ],
)
def test_a_dry_run_shows_what_would_be_done_and_writes_nothing(
    run_leavers: RunCommand, sandbox: Sandbox, who: Who, state: str, card: str | None
) -> None:
    ticket = add_ticket(sandbox, who)

    ended = run_leavers("process", str(ticket.id), "--dry-run")

    shown = json.loads(ended.stdout)
    assert (ended.exit_code(), shown["state"]) == (0, state)
    assert (shown["card"] and shown["card"]["name"]) == card
    assert (writes(sandbox), ticket.notes) == ([], [])


@pytest.mark.parametrize(("vendor", "code"), [(None, 1), ("zendesk", 3), ("trello", 3)])
def test_a_dry_run_that_cannot_be_made_says_why(
    run_leavers: RunCommand, sandbox: Sandbox, vendor: str | None, code: int
) -> None:
    number = add_ticket(sandbox, ADA).id if vendor else 999_999
    sandbox.faults.add(fault=unavailable(), vendor=vendor or "none", times=None)

    ended = run_leavers("process", str(number), "--dry-run")

    assert (ended.exit_code(), ended.stdout) == (code, "")
    assert ended.stderr.startswith((vendor or "zendesk").capitalize())


def findings(text: str) -> dict[str, Any]:
    return {finding["check"]: finding for finding in json.loads(text)}


def test_check_finds_everything_right(run_leavers: RunCommand, sandbox: Sandbox) -> None:
    ended = run_leavers("check", "--json")

    found = findings(ended.stdout)
    assert (ended.exit_code(), [one for one in found.values() if not one["ok"]]) == (0, [])
    assert set(found) >= {
        "database",
        "Zendesk",
        TECH_FILE,
        OTHER_FILE,
        "Trello list",
        "Trello template, tech",
        "Trello template, non_tech",
    }
    assert writes(sandbox) == []


def test_check_for_people_has_a_line_for_each_check(run_leavers: RunCommand) -> None:
    ended = run_leavers("check")

    lines = ended.stdout.splitlines()
    assert ended.exit_code() == 0
    assert len(lines) >= 7
    assert {line[0] for line in lines} == {"✓"}


@pytest.mark.parametrize(
    ("settings", "check"),
    [
        ({"ZENDESK_CLIENT_SECRET": "wrong-hidden-word"}, "Zendesk"),
        ({"GITHUB_TOKEN": "wrong-hidden-word"}, "access lists"),
        ({"USER_REVIEWER_REPOSITORY": "alphagov/other"}, "access lists"),
        ({"USER_REVIEWER_BRANCH": "other"}, "access lists"),
        ({"USER_REVIEWER_DIRECTORY": "other"}, "access lists"),
        ({"USER_REVIEWER_TECH_FILE": "other.yml"}, "access lists"),
        ({"TRELLO_TOKEN": "wrong-hidden-word"}, "Trello list"),
        ({"TRELLO_BOARD_ID": "otherBrd"}, "Trello list"),
        ({"TRELLO_LIST_NAME": "Nowhere"}, "Trello list"),
        ({"TRELLO_TECH_TEMPLATE": "AAAAAAAA"}, "Trello template, tech"),
        ({"TRELLO_NON_TECH_TEMPLATE": "AAAAAAAA"}, "Trello template, non_tech"),
        ({"DATABASE_URL": "postgresql://u:hidden-word@127.0.0.1:9/leavers"}, "database"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else "",
)
def test_check_has_a_line_for_each_thing_that_is_wrong(
    run_leavers: RunCommand, settings: dict[str, str], check: str
) -> None:
    ended = run_leavers("check", "--json", **settings)

    found = findings(ended.stdout)
    wrong = [name for name, one in found.items() if not one["ok"]]
    assert (ended.exit_code(), check in wrong) == (1, True)
    assert "hidden-word" not in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


def test_check_names_a_list_that_cannot_be_read(run_leavers: RunCommand, sandbox: Sandbox) -> None:
    sandbox.github.put_file(OTHER_FILE, "- name: [unclosed")

    ended = run_leavers("check", "--json")

    (wrong,) = [one for one in findings(ended.stdout).values() if not one["ok"]]
    assert (ended.exit_code(), OTHER_FILE in wrong["detail"]) == (1, True)
