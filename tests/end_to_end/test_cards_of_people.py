"""Cards that people made, archived or edited: asked about, left, and never doubled."""

from typing import Any

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.trello_cards import SandboxCard
from integrations.sandbox.zendesk_tickets import SandboxTicket
from service.domain.card_marks import LONGEST_DESC
from tests.support.running import Service, events_of
from tests.support.tickets import ADA, BENEDICT, add_ticket, cards_of, link_of, writes


def a_persons_card(sandbox: Sandbox, **changes: Any) -> SandboxCard:
    """The card that somebody made for Ada before the service went live."""
    doing = sandbox.trello.lists()[1].id
    return sandbox.trello.add_card(**{"name": "Leaver: Ada Archer", "list_id": doing} | changes)


def open_cards(sandbox: Sandbox) -> list[SandboxCard]:
    return [card for card in sandbox.trello.cards() if not card.closed]


def asked(service: Service, ticket: SandboxTicket) -> dict[str, Any]:
    leaver = service.process_ticket(ticket.id)
    assert (leaver["state"], leaver["reason_code"]) == ("needs_person", "card_made_by_person")
    return leaver


@pytest.mark.parametrize("by", ["title", "description", "attachment"])
def test_a_card_that_a_person_made_is_asked_about_and_not_doubled(
    service: Service, sandbox: Sandbox, by: str
) -> None:
    ticket = add_ticket(sandbox, ADA)
    link = link_of(sandbox, ticket)
    card = a_persons_card(
        sandbox,
        name="Leaver: Ada Archer" if by == "title" else "Ada goes",
        desc=f"For {link}" if by == "description" else "",
    )
    if by == "attachment":
        sandbox.trello.add_attachment(card.id, url=link, name="The ticket")
    before = len(open_cards(sandbox))

    preview = service.preview(ticket.id)
    leaver = asked(service, ticket)

    assert card.url in leaver["reason"]
    assert (preview["state"], preview["reason"]) == ("needs_person", leaver["reason"])
    assert (ticket.status, "leaver_needs_person" in ticket.tags) == ("open", True)
    (note,) = ticket.notes
    assert (card.url in note.body, "Archer" in note.body) == (False, False)
    assert len(open_cards(sandbox)) == before


@pytest.mark.parametrize("as_url", [True, False])
@pytest.mark.parametrize("due", [None, "2026-12-11T10:00:00.000Z"])
def test_a_card_that_is_chosen_gains_the_mark_and_a_date_only_if_it_has_none(
    service: Service, sandbox: Sandbox, due: str | None, *, as_url: bool
) -> None:
    ticket = add_ticket(sandbox, ADA)
    card = a_persons_card(sandbox, desc="Their own words.", due=due)
    asked(service, ticket)
    answer = card.url if as_url else card.short_link

    preview = service.preview(ticket.id, card=answer)
    leaver = service.rerun(ticket.id, card=answer)

    real = due or "2026-12-18T17:00:00.000Z"
    assert (leaver["state"], leaver["card_url"]) == ("done", card.url)
    assert (card.name, card.list_id) == ("Leaver: Ada Archer", sandbox.trello.lists()[1].id)
    assert card.due == real
    assert card.desc == f"Zendesk ticket: {link_of(sandbox, ticket)}\n\nTheir own words."
    assert preview["card"]["name"] == card.name
    assert preview["card"]["due"] == real.replace(".000", "")
    assert card.url in ticket.notes[-1].body
    assert ("11 December" in ticket.notes[-1].body) == bool(due)
    assert cards_of(sandbox, ticket) == [card]
    sandbox.clear_requests()
    assert service.rerun(ticket.id)["card_url"] == card.url
    assert writes(sandbox) == []


def test_none_of_them_means_a_new_card_and_is_not_asked_again(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA)
    card = a_persons_card(sandbox)
    asked(service, ticket)

    leaver = service.rerun(ticket.id, card="new")
    again = service.rerun(ticket.id)

    (own,) = cards_of(sandbox, ticket)
    assert (leaver["state"], leaver["card_url"], again["card_url"]) == ("done", own.url, own.url)
    assert (own.id != card.id, card.desc) == (True, "")


def test_a_card_that_is_archived_meanwhile_cannot_be_chosen(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA)
    card = a_persons_card(sandbox)
    asked(service, ticket)
    sandbox.trello.archive(card.id)

    leaver = service.rerun(ticket.id, card=card.short_link)

    assert (leaver["state"], leaver["reason_code"]) == ("needs_person", "chosen_card_is_gone")
    assert card.desc == ""


@pytest.mark.parametrize(
    "body",
    [
        {"card": ""},
        {"card": "not a link"},
        {"card": "https://trello.com/b/iK30ThVk"},
        {"card": 7},
        {"card": "x" * 301},
        {"card": "iK30ThVk", "set_aside": "by_hand"},
        {"card": "iK30ThVk", "no_access": True},
        {"clear_tag": True},
        {"set_aside": "by_hand", "clear_tag": "yes"},
    ],
)
def test_a_malformed_answer_is_refused(
    service: Service, sandbox: Sandbox, body: dict[str, Any]
) -> None:
    ticket = add_ticket(sandbox, ADA)

    assert service.post(f"/leavers/{ticket.id}/rerun", body).status_code == 422


def test_a_card_of_an_archived_list_is_as_an_archived_card(
    service: Service, sandbox: Sandbox
) -> None:
    first, second = add_ticket(sandbox, ADA), add_ticket(sandbox, ADA)
    service.process_ticket(first.id)
    (card,) = cards_of(sandbox, first)
    december = sandbox.trello.add_list("December leavers")
    sandbox.trello.move(card.id, list_id=december.id)
    sandbox.trello.archive_list(december.id)

    again = service.rerun(first.id)
    other = service.process_ticket(second.id)

    assert (again["state"], again["card_url"]) == ("done", card.url)
    assert "card_left_as_is" in events_of(again)
    assert (other["state"], other["card_url"] != card.url) == ("done", True)
    assert [one.closed for one in cards_of(sandbox, second)] == [False]
    assert "archived" in next(
        line["detail"] for line in again["history"] if line["event"] == "card_left_as_is"
    )


@pytest.mark.parametrize(
    "edited",
    ["{words}", "<{link}>", "- {mark}", "**{mark}**", "{words} {mark}", "[Ticket]({link})"],
)
def test_a_second_ticket_is_pointed_at_the_recorded_card_however_it_was_edited(
    service: Service, sandbox: Sandbox, edited: str
) -> None:
    first, second = add_ticket(sandbox, ADA), add_ticket(sandbox, ADA)
    service.process_ticket(first.id)
    (card,) = cards_of(sandbox, first)
    link = link_of(sandbox, first)
    card.desc = edited.format(link=link, mark=f"Zendesk ticket: {link}", words="Our words.")
    before = len(open_cards(sandbox))

    leaver = service.process_ticket(second.id)

    assert (leaver["state"], leaver["card_url"]) == ("done", card.url)
    assert len(open_cards(sandbox)) == before
    assert link_of(sandbox, second) in card.desc


@pytest.mark.parametrize("letter", ["x", "é", "🐌"])
def test_a_description_at_trellos_limit_makes_room_for_another_mark(
    service: Service, sandbox: Sandbox, letter: str
) -> None:
    first, second = add_ticket(sandbox, ADA), add_ticket(sandbox, ADA)
    service.process_ticket(first.id)
    (card,) = cards_of(sandbox, first)
    mark = f"{card.desc.splitlines()[0]}\n\n"
    card.desc = mark + letter * ((LONGEST_DESC - len(mark)) // len(letter.encode()))

    leaver = service.process_ticket(second.id)

    assert leaver["state"] == "done"
    assert link_of(sandbox, second) in card.desc
    assert len(card.desc.encode()) <= LONGEST_DESC


@pytest.mark.parametrize("clears", [True, False])
def test_setting_aside_takes_the_tag_off_only_if_that_is_asked_for(
    service: Service, sandbox: Sandbox, *, clears: bool
) -> None:
    ticket = add_ticket(sandbox, ADA, leaving=None)
    service.process_ticket(ticket.id)
    notes = len(ticket.notes)
    asked_for = {"clear_tag": True} if clears else {}
    sandbox.clear_requests()

    leaver = service.rerun(ticket.id, set_aside="cancelled", **asked_for)
    service.rerun(ticket.id)

    assert (leaver["state"], leaver["outcome"]) == ("done", "set_aside")
    assert ticket.tags == ["leaver"] + ([] if clears else ["leaver_needs_person"])
    assert (ticket.status, len(ticket.notes)) == ("open", notes)
    assert len(writes(sandbox)) == int(clears)


def test_a_ticket_that_a_person_solves_is_not_asked_about_its_card(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA, leaving=None)
    service.process_ticket(ticket.id)
    card = a_persons_card(sandbox)
    service.rerun(ticket.id, leaving_date="2026-12-18")
    sandbox.zendesk.solve_by_hand(ticket.id)
    sandbox.clear_requests()

    leaver = service.rerun(ticket.id)

    assert (leaver["outcome"], leaver["reason_code"]) == ("set_aside", "by_hand")
    assert (writes(sandbox), card.desc) == ([], "")


def test_an_ordinary_leaver_still_takes_two_calls_to_trello(
    service: Service, sandbox: Sandbox
) -> None:
    # Whether a copy of a template is one itself is not documented: if it is, that takes a call.
    sandbox.trello.copies_are_templates = False
    warm, ticket = add_ticket(sandbox, ADA), add_ticket(sandbox, BENEDICT)
    service.process_ticket(warm.id)
    sandbox.clear_requests()

    service.process_ticket(ticket.id)

    assert [(one.method, one.path) for one in sandbox.requests("trello")] == [
        ("GET", f"/1/boards/{sandbox.trello.board.short_link}/cards/open"),
        ("POST", "/1/cards"),
    ]
