"""`PROTECTED`: about these people a person is always asked."""

import pytest

from integrations.sandbox import Sandbox
from service.domain import wording
from service.domain.protected import in_every_domain
from tests.conftest import StartService
from tests.support.tickets import ADA, NOBODY, add_ticket, cards_of


@pytest.mark.parametrize(
    "protected",
    [
        pytest.param("Ada.Archer@Digital.Cabinet-Office.gov.uk", id="address"),
        pytest.param("other@example.com, ada-archer-GDS", id="user name"),
        pytest.param("ada.archer@dsit.gov.uk", id="address in another domain of the organisation"),
    ],
)
def test_a_protected_person_is_always_asked_about(
    start_service: StartService, sandbox: Sandbox, protected: str
) -> None:
    service = start_service(PROTECTED=protected)
    ticket = add_ticket(sandbox, ADA)

    leaver = service.process_ticket(ticket.id)

    assert (leaver["state"], leaver["reason"]) == ("needs_person", wording.PROTECTED)
    assert [one["name"] for one in leaver["candidates"]] == [ADA.name]
    assert cards_of(sandbox, ticket) == []


def test_an_operators_choice_of_the_entry_goes_through(
    start_service: StartService, sandbox: Sandbox
) -> None:
    service = start_service(PROTECTED="ada-archer-gds")
    ticket = add_ticket(sandbox, ADA)
    asked = service.process_ticket(ticket.id)

    leaver = service.rerun(ticket.id, entry=asked["candidates"][0]["id"])

    assert (leaver["state"], leaver["outcome"]) == ("done", "tech_card")


def test_a_plain_rerun_does_not_go_through(start_service: StartService, sandbox: Sandbox) -> None:
    service = start_service(PROTECTED="ada-archer-gds")
    ticket = add_ticket(sandbox, ADA)
    service.process_ticket(ticket.id)

    assert service.rerun(ticket.id)["state"] == "needs_person"


def test_a_protected_address_that_is_in_no_list_is_asked_about_until_there_is_no_access(
    start_service: StartService, sandbox: Sandbox
) -> None:
    service = start_service(PROTECTED=NOBODY.email or "")
    ticket = add_ticket(sandbox, NOBODY)
    assert service.process_ticket(ticket.id)["state"] == "needs_person"

    leaver = service.rerun(ticket.id, no_access=True)

    assert (leaver["state"], leaver["outcome"]) == ("done", "no_access")


def test_an_address_of_another_organisation_stands_for_itself_alone() -> None:
    domains = frozenset({"a.example", "b.example"})

    assert in_every_domain({"x@a.example", "x@c.example", "bot"}, domains) == {
        "x@a.example",
        "x@b.example",
        "x@c.example",
        "bot",
    }
