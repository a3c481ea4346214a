"""The answer about cards that people made: a button for each, and one for a new card."""

from integrations.sandbox import Sandbox
from integrations.sandbox.sandbox import OPERATORS
from tests.desk.conftest import MakeVisit
from tests.support.running import Service
from tests.support.tickets import ADA, add_ticket


def test_the_answer_page_has_a_button_for_each_card_and_one_for_a_new_one(
    service: Service, sandbox: Sandbox, visit: MakeVisit
) -> None:
    ticket = add_ticket(sandbox, ADA)
    doing = sandbox.trello.lists()[1]
    card = sandbox.trello.add_card(name="Ada <b>Archer</b>, leaver Ada Archer", list_id=doing.id)
    service.process_ticket(ticket.id)
    alice = visit(service, token=OPERATORS["alice"])

    form = alice.get(f"/desk/leavers/{ticket.id}/answer")
    page = alice.see(form, f"leavers/{ticket.id}/answer", choice=f"card:{card.short_link}")
    alice.submit(page, f"leavers/{ticket.id}/confirm")
    leaver = service.wait_for(ticket.id, "done")

    assert "Ada &lt;b&gt;Archer" in form.text
    assert doing.name in form.text
    assert card.url in form.text
    assert 'value="card:new"' in form.text
    assert f"The card: {card.short_link}" in page.text
    assert leaver["card_url"] == card.url
