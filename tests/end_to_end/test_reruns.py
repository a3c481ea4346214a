"""Tickets that come again: nothing is doubled, and what changed is put right."""

from typing import Any

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.faults import Moment, runs
from integrations.sandbox.zendesk_tickets import SandboxTicket
from service.domain import wording
from tests.support.database import Database
from tests.support.running import Service, events_of, wait_until
from tests.support.tickets import (
    ADA,
    BENEDICT,
    ELENA,
    NOBODY,
    Who,
    add_ticket,
    cards_of,
    writes,
)

SAM = Who(name="Sam Taylor")


def open_cards_of(sandbox: Sandbox, ticket: SandboxTicket) -> list[tuple[str, str | None]]:
    return [(card.name, card.due) for card in cards_of(sandbox, ticket) if not card.closed]


def test_a_redelivered_webhook_makes_no_second_card_and_no_second_note(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA)

    deliveries = [service.deliver(ticket.id) for _ in range(5)]
    service.wait_for(ticket.id, "done")
    late = service.deliver(ticket.id)

    assert {delivery.status for delivery in deliveries} == {202}
    assert (late.status, late.body) == (
        202,
        {"ticket_id": ticket.id, "state": "done", "url": f"/leavers/{ticket.id}"},
    )
    assert (len(cards_of(sandbox, ticket)), len(ticket.notes)) == (1, 1)
    assert events_of(service.leaver(ticket.id)).count("received") == 1


def test_a_question_asked_again_writes_nothing_if_nothing_changed(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, SAM)
    asked = service.process_ticket(ticket.id)
    sandbox.clear_requests()

    again = service.process_ticket(ticket.id)

    assert (again["state"], again["reason"]) == ("needs_person", asked["reason"])
    assert "received_again" in events_of(again)
    assert (writes(sandbox), len(ticket.notes)) == ([], 1)


@pytest.mark.parametrize("who", [ADA, NOBODY, SAM], ids=["card", "no access", "question"])
def test_notes_are_known_by_their_words_if_comments_show_no_mark(
    service: Service, sandbox: Sandbox, who: Who
) -> None:
    ticket = add_ticket(sandbox, who)
    service.process_ticket(ticket.id)
    for note in ticket.notes:
        note.custom.clear()
    sandbox.clear_requests()

    service.rerun(ticket.id)

    assert writes(sandbox) == []


def test_a_leaver_that_is_done_and_run_again_writes_nothing(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA)
    done = service.process_ticket(ticket.id)
    sandbox.clear_requests()

    again = service.rerun(ticket.id)

    unchanged = set(done) - {"history", "updated_at"}
    assert {key: again[key] for key in unchanged} == {key: done[key] for key in unchanged}
    assert writes(sandbox) == []


def test_a_new_leaving_date_moves_the_due_date_and_writes_a_second_note(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA)
    service.process_ticket(ticket.id)

    leaver = service.rerun(ticket.id, leaving_date="2027-01-15")

    assert (leaver["state"], leaver["leaving_date"]) == ("done", "2027-01-15")
    assert open_cards_of(sandbox, ticket) == [
        ("Leaver: Ada Archer (tech role)", "2027-01-15T17:00:00.000Z")
    ]
    assert [note.body.splitlines()[1].removesuffix(" at 17:00.") for note in ticket.notes] == [
        "It is due on 18 December 2026",
        "It is due on 15 January 2027",
    ]


def test_a_new_leaving_date_is_recorded_although_the_card_is_archived_and_stays_as_it_is(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA)
    service.process_ticket(ticket.id)
    (card,) = cards_of(sandbox, ticket)
    sandbox.trello.archive(card.id)
    before = card.due

    leaver = service.rerun(ticket.id, leaving_date="2027-01-15")

    assert (leaver["state"], leaver["leaving_date"]) == ("done", "2027-01-15")
    assert (card.due, card.closed) == (before, True)


@pytest.mark.parametrize(
    ("who", "correction"),
    [
        (NOBODY, {"name": ADA.name, "email": ADA.email}),
        (Who(name=ADA.name, email=ELENA.email), {"email": ADA.email}),
        (Who(name=ELENA.name, email=ADA.email), {"name": ADA.name}),
    ],
    ids=["name and address", "address", "name"],
)
def test_a_corrected_person_is_found(
    service: Service, sandbox: Sandbox, who: Who, correction: dict[str, str]
) -> None:
    ticket = add_ticket(sandbox, who)
    service.process_ticket(ticket.id)

    leaver = service.rerun(ticket.id, **correction)

    assert (leaver["state"], leaver["outcome"], leaver["entry"]["email"]) == (
        "done",
        "tech_card",
        ADA.email,
    )
    assert (ticket.status, "leaver_needs_person" in ticket.tags) == ("solved", False)
    assert len(cards_of(sandbox, ticket)) == 1


def test_a_chosen_candidate_is_the_leaver(service: Service, sandbox: Sandbox) -> None:
    ticket = add_ticket(sandbox, SAM)
    asked = service.process_ticket(ticket.id)
    chosen = next(one for one in asked["candidates"] if one["file"] == "config/others.yml")

    leaver = service.rerun(ticket.id, entry=chosen["id"])

    assert (leaver["state"], leaver["outcome"], leaver["entry"]["id"], leaver["candidates"]) == (
        "done",
        "non_tech_card",
        chosen["id"],
        [],
    )
    assert open_cards_of(sandbox, ticket) == [
        ("Leaver: Sam Taylor (non tech role)", "2026-12-18T17:00:00.000Z")
    ]


def test_no_access_said_by_a_person_solves_the_ticket_without_a_card(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, SAM)
    service.process_ticket(ticket.id)

    leaver = service.rerun(ticket.id, no_access=True)

    assert (leaver["state"], leaver["outcome"]) == ("done", "no_access")
    assert (ticket.status, ticket.tags) == ("solved", ["leaver", "leaver_processed"])
    assert ticket.notes[-1].body == wording.no_access_note()
    assert cards_of(sandbox, ticket) == []


@pytest.mark.parametrize("kind", ["cancelled", "by_hand", "not_a_leaver"])
def test_a_leaver_set_aside_is_done_and_nothing_is_written(
    service: Service, sandbox: Sandbox, kind: str
) -> None:
    ticket = add_ticket(sandbox, SAM)
    service.process_ticket(ticket.id)
    sandbox.clear_requests()

    leaver = service.rerun(ticket.id, set_aside=kind)

    assert (leaver["state"], leaver["outcome"], leaver["reason"][:26]) == (
        "done",
        "set_aside",
        "Set aside by an operator: ",
    )
    assert writes(sandbox) == []


def test_each_correction_stands_in_the_history_with_who_gave_it(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA, leaving=None)
    service.process_ticket(ticket.id)

    leaver = service.rerun(ticket.id, leaving_date="2026-12-18", name="Ada Archer")

    corrected = [line for line in leaver["history"] if line["event"] == "corrected"]
    assert sorted((line["by"], line["detail"]) for line in corrected) == [
        ("alice", "leaving_date: 2026-12-18"),
        ("alice", "name: Ada Archer"),
    ]


def test_a_correction_holds_for_later_runs_until_it_is_taken_back(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA)
    service.process_ticket(ticket.id)
    service.rerun(ticket.id, leaving_date="2027-01-15")

    kept = service.rerun(ticket.id)
    back = service.rerun(ticket.id, leaving_date=None)

    assert (kept["leaving_date"], back["leaving_date"]) == ("2027-01-15", "2026-12-18")
    assert [due for _, due in open_cards_of(sandbox, ticket)] == ["2026-12-18T17:00:00.000Z"]


def test_another_person_after_a_correction_gets_the_card_of_their_role(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA)
    service.process_ticket(ticket.id)

    leaver = service.rerun(ticket.id, name=ELENA.name, email=ELENA.email)

    assert leaver["outcome"] == "non_tech_card"
    assert open_cards_of(sandbox, ticket) == [
        ("Leaver: Elena Marchetti (non tech role)", "2026-12-18T17:00:00.000Z")
    ]
    assert leaver["card_url"] in ticket.notes[-1].body


def test_a_card_that_somebody_works_on_is_not_archived_when_the_person_changes(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA)
    service.process_ticket(ticket.id)
    (first,) = cards_of(sandbox, ticket)
    sandbox.clock.advance(seconds=3600)
    sandbox.trello.comment(first.id, "AWS access is gone.")

    leaver = service.rerun(ticket.id, name=BENEDICT.name, email=BENEDICT.email)

    assert not first.closed
    assert "spare_card_left_open" in events_of(leaver)


def test_a_failed_leaver_is_tried_again_when_its_webhook_comes_again(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA)
    sandbox.trello.may_write = False
    failed = service.process_ticket(ticket.id)
    sandbox.trello.may_write = True

    leaver = service.process_ticket(ticket.id)

    assert (failed["state"], failed["reason"].split(":")[0]) == ("failed", "Trello")
    assert (leaver["state"], leaver["reason"], len(cards_of(sandbox, ticket))) == ("done", None, 1)


def test_runs_asked_for_while_one_is_under_way_come_after_it(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA)
    answers: list[Any] = []

    def ask_meanwhile() -> None:
        body = {"leaving_date": "2027-01-15"}
        answers.append(service.post(f"/leavers/{ticket.id}/rerun", body).json())

    sandbox.faults.add(fault=runs(ask_meanwhile), vendor="trello", method="POST")

    service.deliver(ticket.id)
    leaver = service.wait_for(ticket.id, "done", event="corrected")

    assert answers[0]["state"] == "running"
    assert leaver["leaving_date"] == "2027-01-15"
    assert [due for _, due in open_cards_of(sandbox, ticket)] == ["2027-01-15T17:00:00.000Z"]


def test_a_correction_that_comes_while_the_ticket_is_being_read_counts(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA, leaving=None)
    service.process_ticket(ticket.id)
    states = []

    def correct_meanwhile() -> None:
        sandbox.zendesk.comment(ticket.id, "Leaving date: 18 December 2026")
        states.append(service.deliver(ticket.id).body["state"])

    hook = runs(correct_meanwhile, Moment.AFTER_ACTING)
    sandbox.faults.add(fault=hook, vendor="zendesk", path="/comments")

    service.deliver(ticket.id)
    leaver = service.wait_for(ticket.id, "done")

    assert (states, leaver["leaving_date"]) == (["running"], "2026-12-18")
    assert (len(cards_of(sandbox, ticket)), ticket.status) == (1, "solved")
    assert "leaver_needs_person" not in ticket.tags


def test_a_webhook_that_comes_while_the_ticket_is_being_done_does_nothing_more(
    service: Service, sandbox: Sandbox, database: Database
) -> None:
    ticket = add_ticket(sandbox, ADA)
    again = runs(lambda: service.deliver(ticket.id), Moment.AFTER_ACTING)
    sandbox.faults.add(fault=again, vendor="zendesk", path="/comments")

    leaver = service.process_ticket(ticket.id)
    wait_until(lambda: database.jobs() == 0)

    path = f"/api/v2/tickets/{ticket.id}.json"
    asked = [(one.request.method, one.request.path) for one in sandbox.requests("zendesk")]
    assert (leaver["state"], asked.count(("GET", path))) == ("done", 1)
    assert events_of(leaver).count("received") + events_of(leaver).count("received_again") == 1
