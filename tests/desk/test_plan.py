"""What preview, page and dry run show is word for word what is then written."""

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.sandbox import OPERATORS
from service.domain import wording
from tests.conftest import StartService
from tests.desk.conftest import MakeVisit
from tests.support.running import Service
from tests.support.tickets import ADA, add_ticket, cards_of

MOVED = "2026-12-11T10:00:00.000Z"


@pytest.fixture
def moved(service: Service, sandbox: Sandbox) -> int:
    """A ticket that lost its note, and whose card a person renamed and moved to the 11th."""
    ticket = add_ticket(sandbox, ADA)
    service.process_ticket(ticket.id)
    (card,) = cards_of(sandbox, ticket)
    card.due, card.name = MOVED, "Ada, before the move"
    del ticket.comments[1:]
    ticket.status = "open"
    return ticket.id


def test_a_card_that_a_person_moved_is_shown_and_noted_with_the_date_that_it_has(
    service: Service, sandbox: Sandbox, visit: MakeVisit, moved: int
) -> None:
    ticket = sandbox.zendesk.ticket(moved)
    alice = visit(service, token=OPERATORS["alice"])

    preview = service.preview(moved)
    plan = alice.get(f"/desk/leavers/{moved}/plan")
    alice.submit(plan, f"leavers/{moved}/confirm")
    leaver = service.wait_for(moved, "done")

    (note,) = ticket.notes
    assert preview["card"] == {
        "name": "Ada, before the move",
        "due": "2026-12-11T10:00:00Z",
        "template": "IQIV54Pc",
    }
    assert "It is due on 11 December 2026 at 10:00." in note.body
    assert all(line in plan.text for line in note.body.splitlines())
    assert "11 December 2026 at 10:00" in plan.text
    assert "18 December" not in plan.text + note.body
    assert leaver["reason"] is None
    assert [card.due for card in cards_of(sandbox, ticket)] == [MOVED]


def test_a_card_that_is_moved_after_it_was_confirmed_is_shown_again_before_anything_is_written(
    start_service: StartService, sandbox: Sandbox, visit: MakeVisit
) -> None:
    service = start_service()
    ticket = add_ticket(sandbox, ADA)
    service.process_ticket(ticket.id)
    service.terminate()
    web = start_service(works=False)
    alice = visit(web, token=OPERATORS["alice"])
    plan = alice.get(f"/desk/leavers/{ticket.id}/plan")
    alice.submit(plan, f"leavers/{ticket.id}/confirm")
    (card,) = cards_of(sandbox, ticket)
    card.due = MOVED
    sandbox.clear_requests()

    leaver = start_service().wait_for(ticket.id, "needs_person")

    assert "11 December" in alice.get(f"/desk/leavers/{ticket.id}").text
    assert leaver["history"][-1]["event"] == "plan_changed"


def test_a_dry_run_gives_the_date_that_the_card_really_has(
    service: Service, start_service: StartService, moved: int
) -> None:
    service.terminate()

    leaver = start_service(DRY_RUN="true").rerun(moved)

    assert "due on 11 December 2026 at 10:00" in leaver["reason"]


def test_a_note_that_the_ticket_has_already_is_not_shown_as_still_to_come(
    service: Service, sandbox: Sandbox, visit: MakeVisit
) -> None:
    ticket = add_ticket(sandbox, ADA)
    service.process_ticket(ticket.id)

    plan = visit(service, token=OPERATORS["alice"]).get(f"/desk/leavers/{ticket.id}/plan")

    assert "The ticket stays as it is" in plan.text
    assert "Leaver card:" not in plan.text


@pytest.mark.parametrize("choice", ["no_access", "set_aside:cancelled"])
def test_a_card_that_is_to_be_none_stays_and_every_page_says_so(
    service: Service, sandbox: Sandbox, visit: MakeVisit, choice: str
) -> None:
    ticket = add_ticket(sandbox, ADA)
    url = service.process_ticket(ticket.id)["card_url"]
    said = f"The card {url} stays on the board: archive it yourself if it is wrong."
    alice = visit(service, token=OPERATORS["alice"])
    form = alice.get(f"/desk/leavers/{ticket.id}/answer")

    answer = {"choice": choice, "confirm_nobody": "yes"}
    plan = alice.see(form, f"leavers/{ticket.id}/answer", **answer)
    alice.submit(plan, f"leavers/{ticket.id}/confirm")
    leaver = service.wait_for(ticket.id, "done")
    page = alice.get(f"/desk/leavers/{ticket.id}")

    assert said in plan.text
    assert said in leaver["reason"]
    assert said in leaver["history"][-1]["detail"]
    assert page.text.count(said) == 2
    assert [card.closed for card in cards_of(sandbox, ticket)] == [False]
    notes = [note.body for note in ticket.notes[1:]]
    assert notes == ([wording.no_access_note(url)] if choice == "no_access" else [])
    assert all("no card" not in note and url in note for note in notes)
    assert all(line in plan.text for note in notes for line in note.splitlines())


def test_a_card_that_stays_is_known_again_and_the_note_is_not_written_twice(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA)
    service.process_ticket(ticket.id)
    service.rerun(ticket.id, no_access=True)

    service.rerun(ticket.id)
    after = len(ticket.notes)
    leaver = service.rerun(ticket.id, no_access=None)

    assert after == 2
    assert leaver["outcome"] == "tech_card"
    assert len(cards_of(sandbox, ticket)) == 1
