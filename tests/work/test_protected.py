"""`PROTECTED`: about these people a person is always asked."""

import pytest

from integrations.sandbox import Sandbox
from service.domain import wording
from service.domain.access_lists.entries import Entry
from service.domain.identity import in_every_domain, is_protected
from service.domain.matching.match_person import NEAR_MATCH, Candidate, Candidates, Match, NoMatch
from service.domain.ticket import Found, LeaverDetails
from tests.conftest import StartService
from tests.support.tickets import ADA, NOBODY, add_ticket, cards_of

ENTRY = Entry(
    id="1",
    file="config/govuk_tech.yml",
    position="entry 1",
    name="Ada Archer",
    email="Ada.Archer@example.gov.uk",
    github="Ada-Archer-GDS",
    ssh="adaarcher",
)


@pytest.mark.parametrize("sign", ["ada.archer@example.gov.uk", "ada-archer-gds", "adaarcher"])
@pytest.mark.parametrize(
    "finding",
    [
        Match(entries=(ENTRY,), evidence=()),
        Candidates(candidates=(Candidate(entry=ENTRY, evidence=()),), reason=NEAR_MATCH),
    ],
    ids=["found", "perhaps"],
)
def test_someone_who_may_be_protected_is(finding: Match | Candidates, sign: str) -> None:
    nobody = LeaverDetails()

    assert is_protected(nobody, finding, frozenset({sign}))
    assert not is_protected(nobody, finding, frozenset({"ada archer", "other"}))


def test_an_address_in_the_ticket_alone_is_protected() -> None:
    said = LeaverDetails(email=Found(value="Bot@Example.gov.uk", where="a field"))

    assert is_protected(said, NoMatch(), frozenset({"bot@example.gov.uk"}))


def test_a_protected_person_is_asked_about_until_an_operator_chooses_the_entry(
    start_service: StartService, sandbox: Sandbox
) -> None:
    service = start_service(PROTECTED="other@example.com, ada.archer@DSIT.gov.uk")
    ticket = add_ticket(sandbox, ADA)

    asked = service.process_ticket(ticket.id)
    again = service.rerun(ticket.id)

    assert (asked["state"], asked["reason"]) == ("needs_person", wording.PROTECTED.text)
    assert [one["name"] for one in asked["candidates"]] == [ADA.name]
    assert (again["state"], cards_of(sandbox, ticket)) == ("needs_person", [])

    chosen = service.rerun(ticket.id, entry=asked["candidates"][0]["id"])

    assert (chosen["state"], chosen["outcome"]) == ("done", "tech_card")


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
