"""What happens to tickets and cards after the service's work: replies, follow-ups, comments."""

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.trello import COLLEAGUE
from integrations.sandbox.zendesk_people import REQUESTER, WORKER
from integrations.sandbox.zendesk_update import ZendeskRefusal
from tests.sandbox.conftest import Client

FOUR_DAYS = 4 * 86_400.0


def solved(sandbox: Sandbox) -> int:
    ticket = sandbox.zendesk.add_ticket(tags=("leaver", "leaver_processed"), subject="Leaver: Ada")
    sandbox.zendesk.solve_by_hand(ticket.id)
    return ticket.id


def test_a_solved_ticket_is_closed_after_the_time_that_is_set(sandbox: Sandbox) -> None:
    number = solved(sandbox)
    sandbox.zendesk.closes_after_seconds = FOUR_DAYS
    before = sandbox.zendesk.found("status:closed")

    sandbox.clock.advance(seconds=FOUR_DAYS)

    assert (before, sandbox.zendesk.found("status:closed")) == ([], [number])
    assert sandbox.zendesk.ticket(number).status == "closed"
    with pytest.raises(ZendeskRefusal):
        sandbox.zendesk.comment(number, "Hm")


def test_an_end_users_reply_opens_a_solved_ticket_and_a_colleagues_comment_does_not(
    sandbox: Sandbox,
) -> None:
    theirs, ours = solved(sandbox), solved(sandbox)

    replied = sandbox.zendesk.reply(theirs, "She leaves later")
    sandbox.zendesk.comment(ours, "She leaves later", public=False)

    assert (replied.id, replied.status) == (theirs, "open")
    assert sandbox.zendesk.ticket(ours).status == "solved"


def test_a_reply_to_a_closed_ticket_is_a_follow_up_with_its_tags_and_fields(
    sandbox: Sandbox, zendesk: Client
) -> None:
    number = solved(sandbox)
    sandbox.zendesk.ticket(number).custom_fields[7000000000011] = "Ada Archer"
    sandbox.zendesk.close(number)

    made = sandbox.zendesk.reply(number, "She leaves later")
    shown = zendesk.get(f"/tickets/{made.id}").json()["ticket"]

    assert made.id != number
    assert (shown["status"], shown["subject"], shown["description"]) == (
        "new",
        "Re: Leaver: Ada",
        "She leaves later",
    )
    assert shown["tags"] == ["leaver", "leaver_processed"]
    assert shown["via"]["source"]["rel"] == "follow_up"
    assert shown["via"]["source"]["from"]["ticket_id"] == number
    assert {"id": 7000000000011, "value": "Ada Archer"} in shown["custom_fields"]
    assert shown["requester_id"] == REQUESTER
    assert zendesk.get(f"/tickets/{number}").json()["ticket"]["followup_ids"] == [made.id]


def test_only_a_closed_ticket_has_follow_ups(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="is not closed"):
        sandbox.zendesk.follow_up(solved(sandbox), "She leaves later", author=WORKER)


def test_a_cards_comments_are_read_as_actions_with_whose_they_are(
    sandbox: Sandbox, trello: Client
) -> None:
    card = sandbox.trello.add_card(name="Leaver")
    trello.post(f"/cards/{card.id}/actions/comments", {"text": "Ours"})
    sandbox.trello.comment(card.id, "Theirs", member_id=COLLEAGUE)

    actions = trello.get(f"/cards/{card.short_link}/actions", filter="commentCard").json()
    others = trello.get(f"/cards/{card.short_link}/actions", filter="updateCard").json()

    assert [(one["data"]["text"], one["idMemberCreator"]) for one in actions] == [
        ("Theirs", COLLEAGUE),
        ("Ours", sandbox.trello.member_id),
    ]
    assert others == []


def test_comments_come_in_pages(sandbox: Sandbox, trello: Client) -> None:
    card = sandbox.trello.add_card(name="Leaver")
    for number in range(3):
        sandbox.trello.comment(card.id, str(number))

    second = trello.get(f"/cards/{card.id}/actions", limit="2", page="1").json()

    assert [one["data"]["text"] for one in second] == ["0"]


def test_a_label_goes_on_a_card_once(sandbox: Sandbox, trello: Client) -> None:
    label = sandbox.trello.add_label("Urgent", "red")
    card = sandbox.trello.add_card(name="Leaver")

    first = trello.post(f"/cards/{card.id}/idLabels", {"value": label})
    again = trello.post(f"/cards/{card.id}/idLabels", {"value": label})

    assert (first.status_code, first.json(), again.status_code) == (200, [label], 400)


def test_what_people_do_to_a_card_shows_in_its_badges(sandbox: Sandbox, trello: Client) -> None:
    card = sandbox.trello.add_card(
        name="Leaver", checklists={"Access": ("AWS", "GitHub", "Fastly")}
    )
    sandbox.trello.tick(card.id, items=2)
    sandbox.trello.complete(card.id)

    shown = trello.get(f"/cards/{card.id}", fields="badges,dueComplete,idList").json()

    assert shown["dueComplete"] is True
    assert (shown["badges"]["checkItems"], shown["badges"]["checkItemsChecked"]) == (3, 2)


def test_replies_and_what_is_done_on_a_card_can_be_asked_for_from_outside(
    sandbox: Sandbox, control: Client
) -> None:
    number = solved(sandbox)
    control.post(f"/tickets/{number}/close", {})
    card = sandbox.trello.add_card(name="Leaver", checklists={"Access": ("AWS",)})

    made = control.post(f"/tickets/{number}/reply", {"body": "She leaves later"})
    for what, body in (("comment", {"text": "Hm"}), ("complete", {}), ("tick", {})):
        assert control.post(f"/cards/{card.id}/{what}", body).status_code == 200

    assert (made.status_code, made.json()["id"] != number) == (201, True)
    assert (card.due_complete, card.checklists[0].items[0].complete) == (True, True)
    assert [one.member_id for one in card.comments] == [COLLEAGUE]
