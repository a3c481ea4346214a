"""A leaver who has a card, and is to have none: the card is left to a person, and that is said."""

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.sandbox import OPERATORS
from service.domain import wording
from tests.desk.conftest import MakeVisit
from tests.support.running import Service
from tests.support.tickets import ADA, add_ticket, cards_of


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
