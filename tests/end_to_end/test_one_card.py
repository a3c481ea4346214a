"""One ticket has one card, whatever people do on the board; and a copy is what it should be."""

import psycopg
import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.samples import NON_TECH_TEMPLATE, TECH_TEMPLATE
from integrations.sandbox.trello_cards import SandboxCard
from service.domain import wording
from tests.conftest import StartService
from tests.support.lists import TECH_LIST, person, put_lists
from tests.support.running import Service, events_of
from tests.support.tickets import ADA, ELENA, Who, add_ticket, cards_of, link_of, writes


def kept(card: SandboxCard) -> dict[str, object]:
    """What a copy keeps of its template, ids of its own left out."""
    return {
        "checklists": [
            (checklist.name, [item.name for item in checklist.items])
            for checklist in card.checklists
        ],
        "custom_fields": card.custom_fields,
        "labels": card.label_ids,
        "attachments": [(each["name"], each["url"]) for each in card.attachments],
        "members": card.member_ids,
        "stickers": [each["image"] for each in card.stickers],
    }


@pytest.mark.parametrize("copies_are_templates", [True, False])
@pytest.mark.parametrize(
    ("who", "template"), [(ADA, TECH_TEMPLATE), (ELENA, NON_TECH_TEMPLATE)], ids=["tech", "other"]
)
def test_a_copy_keeps_what_the_template_has_but_not_its_comments_and_dates(
    service: Service, sandbox: Sandbox, who: Who, template: str, *, copies_are_templates: bool
) -> None:
    sandbox.trello.copies_are_templates = copies_are_templates
    ticket = add_ticket(sandbox, who)

    service.process_ticket(ticket.id)

    (card,) = cards_of(sandbox, ticket)
    source = sandbox.trello.card(template)
    assert kept(card) == kept(source)
    assert all(kept(card).values())
    assert card.desc == f"Zendesk ticket: {link_of(sandbox, ticket)}\n\n{source.desc.rstrip()}"
    assert (card.comments, card.start, card.due, card.due_complete, card.is_template) == (
        [],
        None,
        "2026-12-18T17:00:00.000Z",
        False,
        False,
    )
    assert not any(item.complete for each in card.checklists for item in each.items)
    assert (source.due, source.is_template) == ("2025-01-31T17:00:00.000Z", True)


def test_a_card_lies_in_the_list_that_is_set(start_service: StartService, sandbox: Sandbox) -> None:
    service = start_service(TRELLO_LIST_NAME="Doing")
    ticket = add_ticket(sandbox, ADA)

    service.process_ticket(ticket.id)

    (card,) = cards_of(sandbox, ticket)
    assert sandbox.trello.find_list(card.list_id).name == "Doing"


def test_a_match_by_name_alone_is_said_on_the_card_only(service: Service, sandbox: Sandbox) -> None:
    ticket = add_ticket(sandbox, Who(name=ADA.name))

    service.process_ticket(ticket.id)

    (card,) = cards_of(sandbox, ticket)
    first, _, warning, *_ = card.desc.splitlines()
    assert first == f"Zendesk ticket: {link_of(sandbox, ticket)}"
    assert warning.startswith("Found by name alone:")
    assert "name alone" not in ticket.notes[0].body


def test_a_name_alone_is_asked_about_if_that_is_set(
    start_service: StartService, sandbox: Sandbox
) -> None:
    service = start_service(ACT_ON_NAME_ALONE="false")
    ticket = add_ticket(sandbox, Who(name=ADA.name))

    leaver = service.process_ticket(ticket.id)

    assert (leaver["state"], [one["name"] for one in leaver["candidates"]]) == (
        "needs_person",
        [ADA.name],
    )


def test_a_second_ticket_of_a_person_is_pointed_at_the_open_card(
    service: Service, sandbox: Sandbox
) -> None:
    first, second = add_ticket(sandbox, ADA), add_ticket(sandbox, ADA)
    before = service.process_ticket(first.id)

    leaver = service.process_ticket(second.id)

    (card,) = cards_of(sandbox, second)
    assert (leaver["state"], leaver["card_url"]) == ("done", before["card_url"])
    assert card.desc.splitlines()[:2] == [
        f"Zendesk ticket: {link_of(sandbox, first)}",
        f"Zendesk ticket: {link_of(sandbox, second)}",
    ]
    assert before["card_url"] in second.notes[0].body


def test_a_second_ticket_with_another_leaving_date_is_asked_about(
    service: Service, sandbox: Sandbox
) -> None:
    first = add_ticket(sandbox, ADA)
    second = add_ticket(sandbox, ADA, leaving="2027-01-15")
    service.process_ticket(first.id)

    leaver = service.process_ticket(second.id)

    assert (leaver["state"], leaver["reason"]) == ("needs_person", wording.OTHER_LEAVING_DATE.text)
    assert cards_of(sandbox, second) == []
    assert [card.due for card in cards_of(sandbox, first)] == ["2026-12-18T17:00:00.000Z"]


def test_two_tickets_of_one_person_at_once_share_one_card(
    service: Service, sandbox: Sandbox
) -> None:
    tickets = [add_ticket(sandbox, ADA) for _ in range(3)]

    for ticket in tickets:
        service.deliver(ticket.id)
    leavers = [service.wait_for(ticket.id) for ticket in tickets]

    (card,) = sandbox.trello.cards(list_id=sandbox.trello.lists()[0].id)[1:]
    assert {(leaver["state"], leaver["card_url"]) for leaver in leavers} == {("done", card.url)}
    assert [len(ticket.notes) for ticket in tickets] == [1, 1, 1]


def test_two_people_of_one_name_get_a_card_each(service: Service, sandbox: Sandbox) -> None:
    addresses = ("robin.grey@digital.cabinet-office.gov.uk", "rgrey7@digital.cabinet-office.gov.uk")
    put_lists(
        sandbox,
        tech=TECH_LIST + "".join(person("Robin Grey", each) for each in addresses),
    )
    first, second = (
        add_ticket(sandbox, Who(name="Robin Grey", email=address)) for address in addresses
    )

    service.process_ticket(first.id)
    service.process_ticket(second.id)

    assert [len(cards_of(sandbox, ticket)) for ticket in (first, second)] == [1, 1]
    assert cards_of(sandbox, first) != cards_of(sandbox, second)


def test_an_archived_card_is_not_made_again(service: Service, sandbox: Sandbox) -> None:
    ticket = add_ticket(sandbox, ADA)
    service.process_ticket(ticket.id)
    (card,) = cards_of(sandbox, ticket)
    sandbox.trello.archive(card.id)
    sandbox.clear_requests()

    leaver = service.rerun(ticket.id)

    assert (leaver["state"], leaver["card_url"]) == ("done", card.url)
    assert wording.CARD_IS_ARCHIVED in [line["detail"] for line in leaver["history"]]
    assert (writes(sandbox), card.closed) == ([], True)


def test_a_deleted_card_is_not_made_again(service: Service, sandbox: Sandbox) -> None:
    ticket = add_ticket(sandbox, ADA)
    service.process_ticket(ticket.id)
    sandbox.trello.delete(cards_of(sandbox, ticket)[0].id)
    sandbox.clear_requests()

    leaver = service.rerun(ticket.id)

    assert leaver["state"] == "done"
    assert wording.CARD_IS_GONE in [line["detail"] for line in leaver["history"]]
    assert writes(sandbox) == []


def test_a_card_moved_to_another_list_is_taken_up(service: Service, sandbox: Sandbox) -> None:
    ticket = add_ticket(sandbox, ADA)
    service.process_ticket(ticket.id)
    (card,) = cards_of(sandbox, ticket)
    doing = sandbox.trello.lists()[1].id
    sandbox.trello.move(card.id, list_id=doing)

    leaver = service.rerun(ticket.id, leaving_date="2027-01-15")

    (same,) = cards_of(sandbox, ticket)
    assert (same.id, same.list_id, same.due) == (card.id, doing, "2027-01-15T17:00:00.000Z")
    assert leaver["card_url"] == card.url


def test_a_due_date_that_a_person_gave_the_card_stays(service: Service, sandbox: Sandbox) -> None:
    ticket = add_ticket(sandbox, ADA)
    service.process_ticket(ticket.id)
    (card,) = cards_of(sandbox, ticket)
    card.due = "2026-12-20T09:00:00.000Z"
    sandbox.clear_requests()

    service.rerun(ticket.id)

    assert (card.due, writes(sandbox)) == ("2026-12-20T09:00:00.000Z", [])


def test_a_card_with_the_mark_is_used_if_our_record_is_lost(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA)
    service.process_ticket(ticket.id)
    _forget_everything(service)
    sandbox.clear_requests()

    leaver = service.rerun(ticket.id)

    (card,) = cards_of(sandbox, ticket)
    assert (leaver["state"], leaver["card_url"]) == ("done", card.url)
    assert (writes(sandbox), len(ticket.notes)) == ([], 1)


def test_an_archived_card_is_known_from_the_note_if_our_record_is_lost(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA)
    service.process_ticket(ticket.id)
    sandbox.trello.archive(cards_of(sandbox, ticket)[0].id)
    _forget_everything(service)
    sandbox.clear_requests()

    leaver = service.rerun(ticket.id)

    assert (leaver["state"], writes(sandbox)) == ("done", [])
    assert "card_left_as_is" in events_of(leaver)


def test_a_ticket_whose_number_begins_like_another_has_a_card_of_its_own(
    service: Service, sandbox: Sandbox
) -> None:
    longer = add_ticket(sandbox, ADA, ticket_id=40010)
    shorter = add_ticket(sandbox, ELENA, ticket_id=4001)
    service.process_ticket(longer.id)

    service.process_ticket(shorter.id)

    names = [[card.name for card in cards_of(sandbox, ticket)] for ticket in (longer, shorter)]
    assert names == [
        ["Leaver: Ada Archer (tech role)"],
        ["Leaver: Elena Marchetti (non tech role)"],
    ]


def _forget_everything(service: Service) -> None:
    with psycopg.connect(service.environment["DATABASE_URL"]) as connection:
        # As a restored database: the tables' own triggers would refuse it.
        connection.execute(
            "SET session_replication_role = replica; DELETE FROM history_chain;"
            " DELETE FROM history; DELETE FROM cards; DELETE FROM runs; DELETE FROM leavers"
        )
