"""Access lists that can't be what they should be: a reason with the file, never "no access"."""

import pytest

from integrations.sandbox import Sandbox
from tests.conftest import StartService
from tests.support.lists import OTHER_FILE, OTHER_LIST, TECH_FILE, person
from tests.support.running import Service
from tests.support.tickets import ADA, ELENA, Who, add_ticket, writes

SAM = Who(name="Sam Taylor")
ONE_LEFT = "- name: Grace Lindqvist\n  email: g@dsit.gov.uk\n"
THREE_LEFT = ONE_LEFT + person("Ida Nyberg", "ida@dsit.gov.uk") + person("Ulla Ek", "u@dsit.gov.uk")


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
        (OTHER_FILE, "users:\n- name: ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]\n", OTHER_FILE),
    ],
    ids=[
        "no yaml",
        "no text",
        "emptied",
        "no users",
        "a page",
        "nobody",
        "empty",
        "absent",
        "sops",
    ],
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


@pytest.mark.parametrize("folder", ["/config/", "./config", "lists/../config//"])
def test_the_folder_may_be_spelt_in_many_ways(
    start_service: StartService, sandbox: Sandbox, folder: str
) -> None:
    service = start_service(USER_REVIEWER_DIRECTORY=folder)

    leaver = service.process_ticket(add_ticket(sandbox, ADA).id)

    assert leaver["outcome"] == "tech_card"


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


def test_an_answer_to_another_question_accepts_no_loss(service: Service, sandbox: Sandbox) -> None:
    asked, failed = add_ticket(sandbox, SAM), add_ticket(sandbox, ADA)
    sandbox.github.put_file(OTHER_FILE, OTHER_LIST + THREE_LEFT)
    service.process_ticket(asked.id)
    sandbox.github.put_file(OTHER_FILE, THREE_LEFT)
    service.process_ticket(failed.id)
    sandbox.github.put_file(OTHER_FILE, ONE_LEFT)

    answered = service.rerun(asked.id, name="Sam Taylor", email="sam.taylor@dsit.gov.uk")
    # An operator who saw that three are left has not seen that one is.
    again = service.rerun(failed.id)
    agreed = service.rerun(failed.id)

    assert [leaver["state"] for leaver in (answered, again, agreed)] == ["failed", "failed", "done"]
    assert [OTHER_FILE in leaver["reason"] for leaver in (answered, again)] == [True, True]


def test_a_ticket_that_a_person_solved_is_set_aside_while_a_list_is_broken(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, SAM)
    service.process_ticket(ticket.id)
    sandbox.github.put_file(OTHER_FILE, "- name: [unclosed")
    sandbox.zendesk.solve_by_hand(ticket.id)

    leaver = service.process_ticket(ticket.id)

    assert (leaver["state"], leaver["outcome"]) == ("done", "set_aside")


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
def test_a_list_that_no_longer_contains_people_is_refused_whatever_the_operator_says(
    service: Service, sandbox: Sandbox, content: str
) -> None:
    service.process_ticket(add_ticket(sandbox, ADA).id)
    sandbox.github.put_file(OTHER_FILE, content)
    ticket = add_ticket(sandbox, ELENA)
    service.process_ticket(ticket.id)

    leaver = service.rerun(ticket.id)

    assert (leaver["state"], leaver["outcome"], ticket.status) == ("failed", None, "open")
    assert OTHER_FILE in leaver["reason"]


def test_somebody_in_a_list_behind_a_link_is_found(service: Service, sandbox: Sandbox) -> None:
    sandbox.github.put_file("shared/people.yml", person("Lena Linked", "lena@dsit.gov.uk"))
    sandbox.github.put_symlink("config/linked.yml", "../shared/people.yml")

    leaver = service.process_ticket(add_ticket(sandbox, Who(name="Lena Linked")).id)

    assert leaver["outcome"] == "non_tech_card"
    assert leaver["entry"]["file"] == "config/linked.yml"


@pytest.mark.parametrize("what", ["a link", "a submodule", "a sealed file"])
def test_what_may_hide_a_list_is_named_and_never_means_no_access(
    service: Service, sandbox: Sandbox, what: str
) -> None:
    service.process_ticket(add_ticket(sandbox, ADA).id)
    if what == "a link":
        sandbox.github.put_symlink("config/team", "../shared")
        sandbox.github.put_file("shared/people.yml", person("Lena Linked", "lena@dsit.gov.uk"))
    elif what == "a submodule":
        sandbox.github.put_submodule("config/team")
    else:
        sandbox.github.put_file("config/team.yml.age", b"age-encryption.org/v1\n\x80")
    ticket = add_ticket(sandbox, Who(name="Lena Linked"))

    leaver = service.process_ticket(ticket.id)

    assert (leaver["state"], leaver["outcome"], ticket.status) == ("failed", None, "open")
    assert "config/team" in leaver["reason"]
