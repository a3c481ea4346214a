"""What is read and written on the board after a card was made: comments, labels, its place."""

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.faults import json_instead
from integrations.sandbox.samples import TECH_TEMPLATE
from integrations.sandbox.trello import COLLEAGUE
from integrations.trello.client import Urgent
from integrations.trello.values import card_from_trello
from service.domain.errors import PermanentError, TransientError
from tests.integrations.conftest import DUE, Doors, may_write


def test_how_far_a_card_is_comes_with_the_boards_open_cards(sandbox: Sandbox, doors: Doors) -> None:
    made = sandbox.trello.add_card(name="A card", checklists={"Access": ("AWS", "GitHub")})
    sandbox.trello.tick(made.id, items=1)
    sandbox.trello.complete(made.id)

    (card,) = [card for card in doors.trello.open_cards() if card.id == made.id]

    assert (card.items, card.checked, card.is_complete, card.list_id) == (2, 1, True, made.list_id)


BARE = {
    "id": "5e93c827fb102a6f40c5fa2b",
    "shortUrl": "https://trello.com/c/iK30ThVk",
    "name": "A card",
    "desc": "",
    "due": None,
    "closed": False,
}


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"badges": None, "dueComplete": None, "idLabels": None, "idList": None},
        {"badges": {}, "attachments": None, "isTemplate": None, "dateLastActivity": None},
        {"badges": {"checkItems": None, "checkItemsChecked": None}, "attachments": [{"id": "5f"}]},
        {"checklists": None, "cover": None, "members": [{"id": "5e"}]},
    ],
)
def test_what_a_card_does_not_say_is_open_and_unticked(sent: dict[str, object]) -> None:
    card = card_from_trello(BARE | sent)

    assert (card.is_complete, card.items, card.checked, card.is_template) == (False, 0, 0, False)
    assert (card.label_ids, card.list_id, card.last_activity) == ((), "", None)


def test_a_comment_is_one_request_and_is_found_again_as_our_own(
    sandbox: Sandbox, doors: Doors
) -> None:
    card = sandbox.trello.add_card(name="A card")
    sandbox.trello.comment(card.id, "Leavers service, reminder 1 of 3", member_id=COLLEAGUE)

    doors.trello.comment(card.id, "Leavers service, reminder 2 of 3", lease=may_write)
    writes = [one for one in sandbox.requests("trello") if one.method != "GET"]

    assert [(one.method, one.path, one.request.json()) for one in writes] == [
        (
            "POST",
            f"/1/cards/{card.id}/actions/comments",
            {"text": "Leavers service, reminder 2 of 3"},
        )
    ]
    assert doors.trello.own_comments(card.id) == ("Leavers service, reminder 2 of 3",)


def test_a_card_that_is_gone_cannot_be_commented_on(sandbox: Sandbox, doors: Doors) -> None:
    card = sandbox.trello.add_card(name="A card")
    sandbox.trello.delete(card.id)

    with pytest.raises(PermanentError) as caught:
        doors.trello.comment(card.id, "Hm", lease=may_write)

    assert (caught.value.status, caught.value.maybe_done) == (404, False)


def test_comments_that_are_no_list_never_pass_for_none(sandbox: Sandbox, doors: Doors) -> None:
    card = sandbox.trello.add_card(name="A card")
    sandbox.faults.add(fault=json_instead({}), vendor="trello", path="/actions")

    with pytest.raises(TransientError):
        doors.trello.own_comments(card.id)


def test_the_boards_lists_are_looked_up_once_by_name(sandbox: Sandbox, doors: Doors) -> None:
    done = sandbox.trello.add_list("Done ")
    sandbox.trello.archive_list(done.id)

    names = [doors.trello.lists()[done.id] for _ in range(2)]

    assert names == ["Done", "Done"]
    assert [one.path for one in sandbox.requests("trello")] == [
        f"/1/boards/{sandbox.trello.board.short_link}/lists"
    ]


def test_a_label_is_found_by_its_name_whatever_its_case(sandbox: Sandbox, doors: Doors) -> None:
    label = sandbox.trello.add_label("Urgent", "red")

    assert (doors.trello.label_id("urgent"), doors.trello.label_id("Pressing")) == (label, None)


def test_an_urgent_copy_lies_at_the_top_with_the_templates_labels_and_its_own(
    sandbox: Sandbox, doors: Doors
) -> None:
    label = sandbox.trello.add_label("Urgent", "red")
    template = sandbox.trello.card(TECH_TEMPLATE)

    made = doors.trello.copy_template(
        "tech", name="Leaver", due=DUE, head="…", urgent=Urgent(label_id=label), lease=may_write
    )

    on_board = sandbox.trello.cards(list_id=template.list_id, templates=True)
    assert on_board[0].id == made.id
    assert set(sandbox.trello.card(made.id).label_ids) == {*template.label_ids, label}


def test_a_card_that_becomes_urgent_is_moved_and_labelled_in_one_request(
    sandbox: Sandbox, doors: Doors
) -> None:
    label = sandbox.trello.add_label("Urgent", "red")
    card = sandbox.trello.add_card(name="A card")

    doors.trello.update_card(card.id, due=DUE, to_top=True, label_ids=(label,), lease=may_write)

    on_board = sandbox.trello.cards(list_id=card.list_id, templates=True)
    assert (on_board[0].id, card.label_ids) == (card.id, [label])
    assert len([one for one in sandbox.requests("trello") if one.method == "PUT"]) == 1
