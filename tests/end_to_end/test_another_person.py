"""What becomes of cards when an operator, or a list, says that the person is another one."""

from integrations.sandbox import Sandbox
from tests.support.lists import OTHER_LIST, TECH_LIST, put_lists
from tests.support.running import Service
from tests.support.tickets import ADA, BENEDICT, add_ticket, cards_of


def test_a_card_that_two_tickets_share_is_left_to_the_one_that_is_right(
    service: Service, sandbox: Sandbox
) -> None:
    right, wrong = add_ticket(sandbox, ADA), add_ticket(sandbox, ADA)
    service.process_ticket(right.id)
    service.process_ticket(wrong.id)
    (shared,) = cards_of(sandbox, wrong)

    leaver = service.rerun(wrong.id, name=BENEDICT.name, email=BENEDICT.email)

    (new,) = cards_of(sandbox, wrong)
    assert (leaver["card_url"], new.name) == (new.url, "Leaver: Benedict Okonkwo (tech role)")
    assert cards_of(sandbox, right) == [shared]
    assert not shared.closed


def test_a_name_that_the_list_spells_differently_renames_the_card(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA)
    service.process_ticket(ticket.id)
    put_lists(sandbox, TECH_LIST.replace("Ada Archer", "Ada Archer-Lowe"), OTHER_LIST)

    service.rerun(ticket.id, name="Ada Archer-Lowe")

    (card,) = cards_of(sandbox, ticket)
    assert (card.name, card.closed) == ("Leaver: Ada Archer-Lowe (tech role)", False)
