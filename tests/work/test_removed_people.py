"""Leavers whose entry left the access lists before their ticket came."""

from datetime import UTC, datetime

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.faults import fails
from tests.conftest import StartService
from tests.support.lists import OTHER_FILE, TECH_FILE, person
from tests.support.running import Service
from tests.support.tickets import ADA, Who, add_ticket, cards_of, writes

LENA = Who(name="Lena Linked", email="lena.linked@dsit.gov.uk")
LENAS = person("Lena Linked", "lena.linked@dsit.gov.uk")


def add_and_remove(sandbox: Sandbox, file: str = OTHER_FILE, entry: str = LENAS) -> str:
    """Put somebody into a list and take them out again; return the commit that did."""
    before = sandbox.github.files()[file]
    sandbox.github.put_file(file, before + entry)
    return sandbox.github.put_file(file, before).sha


def today() -> str:
    day = datetime.now(UTC)
    return f"{day.day} {day:%B %Y}"


@pytest.mark.parametrize(
    ("file", "outcome"), [(TECH_FILE, "tech_card"), (OTHER_FILE, "non_tech_card")]
)
def test_somebody_who_was_removed_before_the_first_start_gets_the_card_of_their_role(
    start_service: StartService, sandbox: Sandbox, file: str, outcome: str
) -> None:
    commit = add_and_remove(sandbox, file)
    sandbox.github.put_file("README.md", "Something else.")

    ticket = add_ticket(sandbox, LENA)

    leaver = start_service().process_ticket(ticket.id)

    assert (leaver["state"], leaver["outcome"]) == ("done", outcome)
    assert (leaver["entry"]["name"], leaver["entry"]["file"]) == ("Lena Linked", file)
    (card,) = cards_of(sandbox, ticket)
    assert f"was removed from the access lists on {today()}" in card.desc
    assert f"https://github.com/alphagov/govuk-user-reviewer/commit/{commit}" in card.desc
    assert "Other accounts may remain" in card.desc


def test_somebody_who_is_removed_while_the_service_runs_is_remembered(
    service: Service, sandbox: Sandbox
) -> None:
    sandbox.github.put_file(OTHER_FILE, sandbox.github.files()[OTHER_FILE] + LENAS)
    service.process_ticket(add_ticket(sandbox, ADA).id)
    commits = [add_and_remove(sandbox, entry="") for _ in range(2)]
    gone = sandbox.github.files()[OTHER_FILE].replace(LENAS, "")
    commits.append(sandbox.github.put_file(OTHER_FILE, gone).sha)
    add_and_remove(sandbox, TECH_FILE, person("Nora New", "nora@dsit.gov.uk"))

    ticket = add_ticket(sandbox, LENA)

    leaver = service.process_ticket(ticket.id)

    assert leaver["outcome"] == "non_tech_card"
    (card,) = cards_of(sandbox, ticket)
    assert commits[-1] in card.desc


def test_somebody_who_is_removed_while_the_service_is_down_is_remembered(
    service: Service, sandbox: Sandbox
) -> None:
    sandbox.github.put_file(OTHER_FILE, sandbox.github.files()[OTHER_FILE] + LENAS)
    service.process_ticket(add_ticket(sandbox, ADA).id)
    service.terminate()
    gone = sandbox.github.files()[OTHER_FILE].replace(LENAS, "")
    sandbox.github.put_file(OTHER_FILE, gone)
    service.restart()

    leaver = service.process_ticket(add_ticket(sandbox, LENA).id)

    assert leaver["outcome"] == "non_tech_card"


def test_by_name_alone_a_person_is_asked_and_may_choose_the_removed_entry(
    service: Service, sandbox: Sandbox
) -> None:
    add_and_remove(sandbox)
    ticket = add_ticket(sandbox, Who(name="Lena Linked"))

    asked = service.process_ticket(ticket.id)
    answered = service.rerun(ticket.id, entry=asked["candidates"][0]["id"])

    assert (asked["state"], cards_of(sandbox, ticket)[1:]) == ("needs_person", [])
    assert "removed lately" in asked["reason"]
    assert answered["outcome"] == "non_tech_card"
    assert "was removed" in cards_of(sandbox, ticket)[0].desc


def test_a_person_is_asked_if_several_who_left_may_be_meant(
    service: Service, sandbox: Sandbox
) -> None:
    add_and_remove(sandbox, entry=person("Lena Linked", "lena@other.example"))
    add_and_remove(sandbox, entry=person("Lina Linked", "lina@other.example"))

    leaver = service.process_ticket(add_ticket(sandbox, LENA).id)

    assert leaver["state"] == "needs_person"
    assert {one["name"] for one in leaver["candidates"]} == {"Lena Linked", "Lina Linked"}


def test_a_person_is_asked_if_the_entry_was_only_changed(
    service: Service, sandbox: Sandbox
) -> None:
    old = "- name: Lena Linked\n  email: lena.linked@dsit.gov.uk\n  github_username: llgds\n"
    new = "- name: Helena Quist\n  email: h.quist@dsit.gov.uk\n  github_username: llgds\n"
    before = sandbox.github.files()[OTHER_FILE]
    sandbox.github.put_file(OTHER_FILE, before + old)
    sandbox.github.put_file(OTHER_FILE, before + new)

    leaver = service.process_ticket(add_ticket(sandbox, LENA).id)

    assert leaver["state"] == "needs_person"
    assert [one["name"] for one in leaver["candidates"]] == ["Helena Quist"]


def test_a_second_ticket_is_pointed_at_the_card_made_before_the_entry_went(
    service: Service, sandbox: Sandbox
) -> None:
    before = sandbox.github.files()[OTHER_FILE]
    sandbox.github.put_file(OTHER_FILE, before + LENAS)
    first, second = add_ticket(sandbox, LENA), add_ticket(sandbox, LENA)
    made = service.process_ticket(first.id)
    sandbox.github.put_file(OTHER_FILE, before)

    leaver = service.process_ticket(second.id)

    assert (leaver["outcome"], leaver["card_url"]) == ("non_tech_card", made["card_url"])
    (card,) = cards_of(sandbox, first)
    assert cards_of(sandbox, second) == [card]


@pytest.mark.parametrize(
    "settings", [{"REMOVED_LOOK_BACK_DAYS": "0"}, {}], ids=["turned off", "history unreadable"]
)
def test_without_a_history_nobody_is_nobody(
    start_service: StartService, sandbox: Sandbox, settings: dict[str, str]
) -> None:
    add_and_remove(sandbox)
    if not settings:
        sandbox.faults.add(fault=fails(404), vendor="github", path="/commits$", times=None)
    service = start_service(**settings)

    leaver = service.process_ticket(add_ticket(sandbox, LENA).id)

    assert leaver["outcome"] == "no_access"


def test_while_the_history_cannot_be_read_nobody_is_not_nobody(
    start_service: StartService, sandbox: Sandbox
) -> None:
    add_and_remove(sandbox)
    service = start_service(RETRY_FOR_SECONDS="0")
    sandbox.faults.add(fault=fails(500), vendor="github", path="/commits$", times=None)

    leaver = service.process_ticket(add_ticket(sandbox, LENA).id)

    assert (leaver["state"], leaver["outcome"]) == ("failed", None)
    assert writes(sandbox) == []
