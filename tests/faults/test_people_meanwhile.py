"""What people do between the service's reading and its writing counts, and is not lost."""

from collections.abc import Callable

import pytest

from integrations.sandbox import Sandbox, faults
from integrations.sandbox.zendesk import DATE_FIELD
from integrations.sandbox.zendesk_people import WORKER
from integrations.sandbox.zendesk_tickets import SandboxTicket
from tests.support.running import Service, events_of
from tests.support.tickets import ADA, add_ticket, cards_of

Change = Callable[[Sandbox, SandboxTicket], object]


def _comment(sandbox: Sandbox, ticket: SandboxTicket) -> None:
    sandbox.zendesk.comment(ticket.id, "Thank you for looking at this.")


def _assign(sandbox: Sandbox, ticket: SandboxTicket) -> None:
    sandbox.zendesk.update(ticket.id, {"assignee_id": WORKER, "group_id": ticket.group_id})


def _tag(sandbox: Sandbox, ticket: SandboxTicket) -> None:
    sandbox.zendesk.update(ticket.id, {"tags": [*ticket.tags, "vip"]})


def _solve(sandbox: Sandbox, ticket: SandboxTicket) -> None:
    sandbox.zendesk.solve_by_hand(ticket.id)


def _move_date(sandbox: Sandbox, ticket: SandboxTicket) -> None:
    fields = [{"id": DATE_FIELD, "value": "2027-01-15"}]
    sandbox.zendesk.update(ticket.id, {"custom_fields": fields})


def change_meanwhile(sandbox: Sandbox, ticket: SandboxTicket, change: Change) -> None:
    """Let somebody change the ticket after it was read, and before it is updated."""
    sandbox.clock.advance(seconds=2)
    hook = faults.runs(lambda: change(sandbox, ticket))
    sandbox.faults.add(fault=hook, vendor="trello", method="POST", path="/1/cards$")


@pytest.mark.parametrize("change", [_comment, _assign, _tag, _solve, _move_date])
def test_a_change_between_reading_and_writing_is_seen_and_kept(
    service: Service, sandbox: Sandbox, change: Change
) -> None:
    ticket = add_ticket(sandbox, ADA)
    change_meanwhile(sandbox, ticket, change)

    leaver = service.process_ticket(ticket.id)

    (card,) = cards_of(sandbox, ticket)
    notes = [note for note in ticket.notes if card.url in note.body]
    assert (leaver["state"], ticket.status, len(notes)) == ("done", "solved", 1)
    assert 409 in [one.status for one in sandbox.requests("zendesk")]
    assert "leaver_processed" in ticket.tags
    kept: dict[Change, bool] = {
        _comment: "Thank you for looking at this." in [one.body for one in ticket.comments],
        _assign: ticket.assignee_id == WORKER,
        _tag: "vip" in ticket.tags,
        _solve: ticket.assignee_id == WORKER,
        _move_date: card.due == "2027-01-15T17:00:00.000Z",
    }
    assert kept[change]


def test_a_card_that_a_person_renamed_keeps_its_name_and_is_taken_up(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA)
    service.process_ticket(ticket.id)
    (card,) = cards_of(sandbox, ticket)
    sandbox.trello.change(card.id, name="Ada (urgent)", desc=f"{card.desc}\n\nCalled her.")

    leaver = service.rerun(ticket.id, leaving_date="2027-01-15")

    (same,) = cards_of(sandbox, ticket)
    assert (same.id, same.name, same.due) == (card.id, "Ada (urgent)", "2027-01-15T17:00:00.000Z")
    assert same.desc.endswith("Called her.")
    assert leaver["card_url"] == card.url


def test_a_card_without_its_mark_is_known_by_the_record_and_not_made_again(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA)
    done = service.process_ticket(ticket.id)
    (card,) = cards_of(sandbox, ticket)
    before = len(sandbox.trello.cards())
    sandbox.trello.change(card.id, desc="A description of our own.")

    leaver = service.rerun(ticket.id)

    assert (leaver["state"], leaver["card_url"]) == ("done", done["card_url"])
    assert (len(sandbox.trello.cards()), card.desc) == (before, "A description of our own.")


def test_a_card_moved_to_another_board_is_left_there(service: Service, sandbox: Sandbox) -> None:
    ticket = add_ticket(sandbox, ADA)
    service.process_ticket(ticket.id)
    (card,) = cards_of(sandbox, ticket)
    board = sandbox.trello.add_board("Elsewhere")
    sandbox.trello.move(card.id, list_id=sandbox.trello.add_list("In", board_id=board.id).id)

    leaver = service.rerun(ticket.id)

    assert (leaver["state"], card.board_id, len(cards_of(sandbox, ticket))) == (
        "done",
        board.id,
        1,
    )
    assert "card_left_as_is" in events_of(leaver)
