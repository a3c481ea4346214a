"""Access lists that can't be what they should be: a reason with the file, never "no access"."""

import pytest

from integrations.sandbox import Sandbox
from tests.conftest import StartService
from tests.support.lists import OTHER_FILE, TECH_FILE
from tests.support.running import Service
from tests.support.tickets import ADA, ELENA, add_ticket, writes


@pytest.mark.parametrize(
    ("path", "content", "named"),
    [
        (OTHER_FILE, "- name: [unclosed", OTHER_FILE),
        (OTHER_FILE, b"\x80\x81 no text", OTHER_FILE),
        (OTHER_FILE, "[]", OTHER_FILE),
        (OTHER_FILE, "users: []", OTHER_FILE),
        (OTHER_FILE, "<html>error</html>", OTHER_FILE),
        (TECH_FILE, "{}", TECH_FILE),
        (TECH_FILE, "", TECH_FILE),
        (TECH_FILE, None, TECH_FILE),
    ],
    ids=["no yaml", "no text", "emptied", "no users", "a page", "nobody", "empty", "absent"],
)
def test_a_list_that_cannot_be_read_is_named_and_never_means_no_access(
    service: Service, sandbox: Sandbox, path: str, content: str | bytes | None, named: str
) -> None:
    if content is None:
        sandbox.github.delete_file(path)
    else:
        sandbox.github.put_file(path, content)
    ticket = add_ticket(sandbox, ADA)

    leaver = service.process_ticket(ticket.id)

    assert (leaver["state"], leaver["outcome"], ticket.status) == ("failed", None, "open")
    assert named in leaver["reason"]
    assert writes(sandbox) == []


def test_an_absent_directory_is_named(start_service: StartService, sandbox: Sandbox) -> None:
    service = start_service(USER_REVIEWER_DIRECTORY="lists")
    ticket = add_ticket(sandbox, ADA)

    leaver = service.process_ticket(ticket.id)

    assert leaver["state"] == "failed"
    assert "USER_REVIEWER_DIRECTORY" in leaver["reason"]


@pytest.mark.parametrize("how", ["shrunk", "gone"])
def test_a_list_that_lost_most_of_its_people_is_named_until_an_operator_agrees(
    service: Service, sandbox: Sandbox, how: str
) -> None:
    service.process_ticket(add_ticket(sandbox, ADA, leaving=None).id)
    if how == "gone":
        sandbox.github.delete_file(OTHER_FILE)
    else:
        sandbox.github.put_file(OTHER_FILE, "- name: Grace Lindqvist\n  email: g@dsit.gov.uk\n")
    ticket = add_ticket(sandbox, ADA)

    refused = service.process_ticket(ticket.id)
    again = service.process_ticket(ticket.id)
    agreed = service.rerun(ticket.id)
    next_one = service.process_ticket(add_ticket(sandbox, ADA).id)

    assert [leaver["state"] for leaver in (refused, again, agreed, next_one)] == [
        "failed",
        "failed",
        "done",
        "done",
    ]
    assert OTHER_FILE in refused["reason"]


def test_a_list_that_lost_half_of_its_people_is_taken_as_it_is(
    service: Service, sandbox: Sandbox
) -> None:
    service.process_ticket(add_ticket(sandbox, ADA, leaving=None).id)
    half = "".join(sandbox.github.files()[OTHER_FILE].partition("- name: Imogen")[:1])
    sandbox.github.put_file(OTHER_FILE, half)

    leaver = service.process_ticket(add_ticket(sandbox, ADA).id)

    assert leaver["state"] == "done"


def test_a_shrunk_list_is_still_refused_after_a_restart(service: Service, sandbox: Sandbox) -> None:
    service.process_ticket(add_ticket(sandbox, ADA, leaving=None).id)
    service.terminate()
    sandbox.github.put_file(OTHER_FILE, "- name: Grace Lindqvist\n  email: g@dsit.gov.uk\n")
    service.restart()

    leaver = service.process_ticket(add_ticket(sandbox, ADA).id)

    assert leaver["state"] == "failed"


def test_a_changed_list_counts_for_the_next_ticket(service: Service, sandbox: Sandbox) -> None:
    service.process_ticket(add_ticket(sandbox, ADA, leaving=None).id)
    moved = sandbox.github.files()
    entry = "- name: Elena Marchetti\n  email: elena.marchetti@digital.cabinet-office.gov.uk\n"
    sandbox.github.put_files(
        {TECH_FILE: moved[TECH_FILE] + entry, OTHER_FILE: moved[OTHER_FILE].replace(entry, "")}
    )
    ticket = add_ticket(sandbox, ELENA)

    leaver = service.process_ticket(ticket.id)

    assert leaver["outcome"] == "tech_card"


@pytest.mark.parametrize("content", ["[]", "roles: {admin: {aws: true}}"])
def test_a_list_that_holds_nobody_any_more_is_refused_whoever_asks(
    service: Service, sandbox: Sandbox, content: str
) -> None:
    service.process_ticket(add_ticket(sandbox, ADA).id)
    sandbox.github.put_file(OTHER_FILE, content)
    ticket = add_ticket(sandbox, ELENA)
    service.process_ticket(ticket.id)

    leaver = service.rerun(ticket.id)

    assert (leaver["state"], leaver["outcome"], ticket.status) == ("failed", None, "open")
    assert OTHER_FILE in leaver["reason"]
