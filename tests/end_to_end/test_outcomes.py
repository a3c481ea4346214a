"""Each outcome of the contract, from the signed webhook to the card and the ticket."""

from typing import Any

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.faults import runs
from integrations.sandbox.samples import NON_TECH_TEMPLATE, TECH_TEMPLATE
from integrations.sandbox.zendesk_people import GROUP, SERVICE_USER, WORKER
from service.domain import wording
from tests.conftest import StartService
from tests.support.lists import OTHER_FILE, TECH_FILE
from tests.support.running import Service, events_of
from tests.support.tickets import (
    ADA,
    ELENA,
    IMOGEN,
    NOBODY,
    Who,
    add_ticket,
    cards_of,
    link_of,
    writes,
)

DUE = "2026-12-18T17:00:00.000Z"


def shown(leaver: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: leaver[key] for key in keys}


@pytest.mark.parametrize(
    ("who", "outcome", "file", "role", "template"),
    [
        (ADA, "tech_card", TECH_FILE, "tech role", TECH_TEMPLATE),
        (ELENA, "non_tech_card", OTHER_FILE, "non tech role", NON_TECH_TEMPLATE),
        (IMOGEN, "tech_card", TECH_FILE, "tech role", TECH_TEMPLATE),
    ],
    ids=["in the tech list", "in another list", "in both lists"],
)
def test_a_leaver_gets_the_card_of_their_role(
    service: Service,
    sandbox: Sandbox,
    who: Who,
    outcome: str,
    file: str,
    role: str,
    template: str,
) -> None:
    ticket = add_ticket(sandbox, who)

    leaver = service.process_ticket(ticket.id)

    (card,) = cards_of(sandbox, ticket)
    entry = leaver["entry"]
    assert shown(leaver, "state", "outcome", "name", "email", "leaving_date", "card_url") == {
        "state": "done",
        "outcome": outcome,
        "name": who.name,
        "email": who.email,
        "leaving_date": "2026-12-18",
        "card_url": f"https://trello.com/c/{card.short_link}",
    }
    assert (entry["file"], entry["name"], entry["email"]) == (file, who.name, who.email)
    source = sandbox.trello.card(template)
    assert (card.name, card.due, card.desc) == (
        f"Leaver: {who.name} ({role})",
        DUE,
        f"Zendesk ticket: {link_of(sandbox, ticket)}\n\n{source.desc.rstrip()}",
    )


def test_the_ticket_is_solved_in_one_update_with_one_internal_note(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA, tags=("leaver", "london"))

    leaver = service.process_ticket(ticket.id)

    (note,) = ticket.notes
    assert (ticket.status, ticket.assignee_id, ticket.group_id, ticket.tags) == (
        "solved",
        SERVICE_USER,
        GROUP,
        ["leaver", "leaver_processed", "london"],
    )
    assert note.body == (
        f"Leaver card: {leaver['card_url']}\n"
        "It is due on 18 December 2026 at 17:00.\n"
        "The ticket was processed automatically."
    )
    # The first audit is the ticket's making.
    assert [audit.author_id for audit in ticket.audits[1:]] == [SERVICE_USER]
    assert [comment.public for comment in ticket.comments] == [True, False]


def test_a_ticket_that_is_assigned_keeps_its_assignee(service: Service, sandbox: Sandbox) -> None:
    ticket = add_ticket(sandbox, ADA, assignee_id=WORKER)

    service.process_ticket(ticket.id)

    assert (ticket.status, ticket.assignee_id, ticket.group_id) == ("solved", WORKER, GROUP)


def test_in_summer_the_card_is_due_at_british_summer_time(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA, leaving="2027-06-30")

    service.process_ticket(ticket.id)

    (card,) = cards_of(sandbox, ticket)
    assert card.due == "2027-06-30T16:00:00.000Z"
    assert "It is due on 30 June 2027 at 17:00." in ticket.notes[0].body


def test_nobody_found_solves_the_ticket_without_a_card(service: Service, sandbox: Sandbox) -> None:
    ticket = add_ticket(sandbox, NOBODY, leaving=None)

    leaver = service.process_ticket(ticket.id)

    assert shown(leaver, "state", "outcome", "entry", "card_url") == {
        "state": "done",
        "outcome": "no_access",
        "entry": None,
        "card_url": None,
    }
    assert (ticket.status, ticket.tags) == ("solved", ["leaver", "leaver_processed"])
    assert [note.body for note in ticket.notes] == [wording.no_access_note()]
    assert writes(sandbox) == [f"zendesk PUT /api/v2/tickets/{ticket.id}.json"]


def test_nobody_found_makes_a_non_tech_card_if_that_is_set(
    start_service: StartService, sandbox: Sandbox
) -> None:
    service = start_service(NO_ACCESS_ACTION="non_tech_card")
    ticket = add_ticket(sandbox, NOBODY)

    leaver = service.process_ticket(ticket.id)

    (card,) = cards_of(sandbox, ticket)
    assert shown(leaver, "state", "outcome", "entry") == {
        "state": "done",
        "outcome": "non_tech_card",
        "entry": None,
    }
    assert (card.name, card.due) == ("Leaver: Quentin Unlisted (non tech role)", DUE)


def test_nobody_found_asks_a_person_if_that_is_set(
    start_service: StartService, sandbox: Sandbox
) -> None:
    service = start_service(NO_ACCESS_ACTION="ask")
    ticket = add_ticket(sandbox, NOBODY)

    leaver = service.process_ticket(ticket.id)

    assert shown(leaver, "state", "outcome", "reason", "candidates") == {
        "state": "needs_person",
        "outcome": None,
        "reason": wording.NOBODY_FOUND.text,
        "candidates": [],
    }
    assert cards_of(sandbox, ticket) == []


@pytest.mark.parametrize(
    ("who", "candidates"),
    [
        (
            Who(name="Sam Taylor"),
            {
                "sam.taylor@digital.cabinet-office.gov.uk",
                "sam.taylor2@digital.cabinet-office.gov.uk",
            },
        ),
        (
            Who(name=ADA.name, email=ELENA.email),
            {ADA.email, ELENA.email},
        ),
    ],
    ids=["two of one name", "address and name of different people"],
)
def test_a_person_is_asked_who_the_leaver_is(
    service: Service, sandbox: Sandbox, who: Who, candidates: set[str | None]
) -> None:
    ticket = add_ticket(sandbox, who)

    leaver = service.process_ticket(ticket.id)

    (note,) = ticket.notes
    assert leaver["state"] == "needs_person"
    assert {candidate["email"] for candidate in leaver["candidates"]} == candidates
    assert (ticket.status, ticket.tags) == ("open", ["leaver", "leaver_needs_person"])
    assert leaver["reason"] not in note.body
    assert wording.WHO_IS_UNCERTAIN.text in note.body
    assert [name for name in ("Sam", "Ada", "Elena", "@") if name in note.body] == []
    assert cards_of(sandbox, ticket) == []


def test_a_missing_leaving_date_is_asked_for(service: Service, sandbox: Sandbox) -> None:
    ticket = add_ticket(sandbox, ADA, leaving=None)

    leaver = service.process_ticket(ticket.id)

    assert (leaver["state"], ticket.status) == ("needs_person", "open")
    assert "leaving date" in leaver["reason"]
    assert writes(sandbox) == [f"zendesk PUT /api/v2/tickets/{ticket.id}.json"]


def test_the_tag_that_asks_goes_when_the_corrected_ticket_is_done(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA, leaving=None)
    service.process_ticket(ticket.id)
    sandbox.zendesk.comment(ticket.id, "Leaving date: 18 December 2026")

    leaver = service.process_ticket(ticket.id)

    assert (leaver["state"], leaver["reason"]) == ("done", None)
    assert (ticket.status, ticket.tags) == ("solved", ["leaver", "leaver_processed"])
    assert len(ticket.notes) == 2


def test_a_closed_ticket_gets_its_card_and_is_left_as_it_is(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA, status="closed")

    leaver = service.process_ticket(ticket.id)

    (card,) = cards_of(sandbox, ticket)
    assert (leaver["state"], leaver["card_url"]) == (
        "done",
        f"https://trello.com/c/{card.short_link}",
    )
    assert wording.TICKET_IS_CLOSED in [line["detail"] for line in leaver["history"]]
    assert (ticket.status, ticket.notes) == ("closed", [])


def test_a_ticket_that_closes_while_it_is_processed_is_done_with_its_card(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA)
    close = runs(lambda: sandbox.zendesk.close(ticket.id))
    sandbox.faults.add(fault=close, vendor="trello", method="POST", path="/1/cards")

    leaver = service.process_ticket(ticket.id)

    assert (leaver["state"], len(cards_of(sandbox, ticket)), ticket.notes) == ("done", 1, [])
    assert "ticket_left_as_is" in events_of(leaver)


def test_a_ticket_without_the_leaver_tag_is_set_aside_and_never_written_to(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA, tags=("joiner",))

    leaver = service.process_ticket(ticket.id)

    assert shown(leaver, "state", "outcome", "reason") == {
        "state": "done",
        "outcome": "set_aside",
        "reason": wording.no_leaver_tag("leaver").text,
    }
    assert writes(sandbox) == []


def test_an_operator_may_run_a_ticket_without_the_tag_that_was_never_seen(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA, tags=())

    leaver = service.rerun(ticket.id)

    assert (leaver["state"], leaver["outcome"]) == ("done", "tech_card")
    assert ticket.tags == ["leaver_processed"]


def test_a_ticket_that_a_person_solves_meanwhile_is_set_aside(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA, leaving=None)
    service.process_ticket(ticket.id)
    sandbox.zendesk.solve_by_hand(ticket.id)
    sandbox.clear_requests()

    leaver = service.process_ticket(ticket.id)

    assert shown(leaver, "state", "outcome", "reason") == {
        "state": "done",
        "outcome": "set_aside",
        "reason": wording.SOLVED_BY_HAND.text,
    }
    assert writes(sandbox) == []


def test_a_ticket_that_does_not_exist_fails_with_a_reason(service: Service) -> None:
    leaver = service.process_ticket(999_999)

    assert shown(leaver, "state", "outcome", "reason") == {
        "state": "failed",
        "outcome": None,
        "reason": "Zendesk: There is no ticket with this number, or the service may not see it.",
    }


def test_a_leaver_takes_three_calls_to_zendesk_and_two_to_trello(
    service: Service, sandbox: Sandbox
) -> None:
    service.process_ticket(add_ticket(sandbox, ELENA).id)
    service.process_ticket(add_ticket(sandbox, ADA).id)
    sandbox.trello.copies_are_templates = False
    ticket = add_ticket(sandbox, IMOGEN)
    sandbox.clear_requests()

    service.process_ticket(ticket.id)

    assert [f"{each.method} {each.path}" for each in sandbox.requests("zendesk")] == [
        f"GET /api/v2/tickets/{ticket.id}.json",
        f"GET /api/v2/tickets/{ticket.id}/comments.json",
        f"PUT /api/v2/tickets/{ticket.id}.json",
    ]
    assert [f"{each.method} {each.path}" for each in sandbox.requests("trello")] == [
        "GET /1/boards/Tch2ndLn/cards/open",
        "POST /1/cards",
    ]
