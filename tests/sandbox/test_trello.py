from typing import Any

import pytest
import requests

from integrations.sandbox import Sandbox
from integrations.sandbox.samples import TECH_TEMPLATE
from tests.sandbox.conftest import Client


def copy(trello: Client, sandbox: Sandbox, **changes: Any) -> Any:
    """Copy the tech template, and read back what came of it."""
    template = sandbox.trello.card(TECH_TEMPLATE)
    sent = {"idList": template.list_id, "idCardSource": template.id, **changes}
    made = trello.post("/cards", sent)
    assert made.status_code == 200
    return trello.get(
        f"/cards/{made.json()['shortLink']}",
        attachments="true",
        checklists="all",
        customFieldItems="true",
        stickers="true",
        actions="commentCard",
    ).json()


def test_a_copy_keeps_everything_unless_set_otherwise(sandbox: Sandbox, trello: Client) -> None:
    template = sandbox.trello.card(TECH_TEMPLATE)

    card = copy(trello, sandbox)

    assert (card["name"], card["desc"]) == (template.name, template.desc)
    assert (card["due"], card["start"]) == (template.due, template.start)
    assert card["idMembers"] == template.member_ids
    assert [one["data"]["text"] for one in card["actions"]] == [
        "Please keep this template up to date."
    ]


def test_a_copy_keeps_what_is_asked_for_and_takes_what_it_is_given(
    sandbox: Sandbox, trello: Client
) -> None:
    keep = "attachments,checklists,customFields,labels,stickers"

    card = copy(
        trello,
        sandbox,
        name="Leaver",
        desc="Mine",
        due="2026-12-18T17:00:00+00:00",
        keepFromSource=keep,
    )

    assert (card["name"], card["desc"], card["due"], card["start"]) == (
        "Leaver",
        "Mine",
        "2026-12-18T17:00:00.000Z",
        None,
    )
    assert [one["name"] for one in card["checklists"]] == ["Access", "Afterwards"]
    assert {item["state"] for one in card["checklists"] for item in one["checkItems"]} == {
        "incomplete"
    }
    assert [one["name"] for one in card["attachments"]] == ["How to do it"]
    assert [one["value"] for one in card["customFieldItems"]] == [{"text": "2nd Line"}]
    assert [one["name"] for one in card["labels"]] == ["Leaver"]
    assert len(card["stickers"]) == 1
    assert (card["actions"], card["idMembers"]) == ([], [])


@pytest.mark.parametrize("becomes_template", [True, False])
def test_whether_a_templates_copy_is_a_template_is_a_choice(
    sandbox: Sandbox, trello: Client, *, becomes_template: bool
) -> None:
    sandbox.trello.copies_are_templates = becomes_template

    card = copy(trello, sandbox)
    fixed = trello.put(f"/cards/{card['id']}", {"isTemplate": False}).json()

    assert card["isTemplate"] is becomes_template
    assert fixed["isTemplate"] is False


def test_a_doubled_copy_is_counted_even_while_it_is_a_template(
    sandbox: Sandbox, trello: Client
) -> None:
    copy(trello, sandbox, name="Leaver")
    copy(trello, sandbox, name="Leaver")

    assert [card.name for card in sandbox.trello.cards()] == [
        "Renew the TLS certificate of the docs",
        "Leaver",
        "Leaver",
    ]
    assert len(sandbox.trello.templates) == 2


def test_parameters_come_from_query_form_or_json(sandbox: Sandbox, trello: Client) -> None:
    list_id = sandbox.trello.lists()[0].id

    for options in ({"params": {"name": "a"}}, {"data": {"name": "b"}}, {"json": {"name": "c"}}):
        made = trello.call("POST", f"/cards?idList={list_id}", **options)
        assert made.status_code == 200

    assert [card.name for card in sandbox.trello.cards()][1:] == ["a", "b", "c"]


def test_a_cards_due_can_be_cleared_moved_and_completed(sandbox: Sandbox, trello: Client) -> None:
    card = sandbox.trello.add_card(name="Leaver", due="2026-12-01T17:00:00.000Z")

    moved = trello.put(f"/cards/{card.id}", {"due": "2026-12-18", "dueComplete": True}).json()
    cleared = trello.put(f"/cards/{card.id}/due", {"value": None}).json()

    assert (moved["due"], moved["dueComplete"]) == ("2026-12-18T00:00:00.000Z", True)
    assert cleared["due"] is None


def test_open_cards_leave_out_archived_ones_and_show_wanted_fields(
    sandbox: Sandbox, trello: Client
) -> None:
    kept = sandbox.trello.add_card(name="Kept")
    sandbox.trello.archive(sandbox.trello.add_card(name="Archived").id)
    board = sandbox.trello.board.short_link

    shown = trello.get(f"/boards/{board}/cards/open", fields="name").json()
    everything = trello.get(f"/boards/{board}/cards/all", fields="name").json()

    assert shown[-1] == {"id": kept.id, "name": "Kept"}
    assert [one["name"] for one in everything][-2:] == ["Kept", "Archived"]


def test_an_archived_list_hides_its_open_cards_from_view_only(
    sandbox: Sandbox, trello: Client
) -> None:
    doing = sandbox.trello.lists()[1]
    card = sandbox.trello.add_card(name="Leaver", list_id=doing.id)
    sandbox.trello.archive_list(doing.id)
    board = sandbox.trello.board.id

    visible = trello.get(f"/boards/{board}/cards", fields="id").json()
    still_open = trello.get(f"/boards/{board}/cards/open", fields="id").json()
    lists = trello.get(f"/boards/{board}/lists").json()

    assert {"id": card.id} not in visible
    assert {"id": card.id} in still_open
    assert [one["name"] for one in lists] == ["To do", "Done"]


def test_cards_come_a_thousand_at_most_and_before_leads_on(
    sandbox: Sandbox, trello: Client
) -> None:
    made = [sandbox.trello.add_card(name=str(number)).id for number in range(5)]
    board = sandbox.trello.board.id

    newest = trello.get(f"/boards/{board}/cards/open", limit=2).json()
    older = trello.get(f"/boards/{board}/cards/open", limit=2, before=made[3]).json()
    refused = trello.get(f"/boards/{board}/cards/open", limit=1001)

    assert [one["id"] for one in newest] == made[3:]
    assert [one["id"] for one in older] == made[1:3]
    assert (refused.status_code, refused.text) == (400, "invalid value for limit")


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/cards/nonsense-id", 400, "invalid id"),
        ("/cards/0123456789abcdef01234567", 404, "The requested resource was not found."),
        ("/boards/zzzzzzzz", 404, "The requested resource was not found."),
        ("/nothing/here", 404, "Cannot GET /1/nothing/here"),
    ],
)
def test_errors_are_plain_text(trello: Client, path: str, status: int, text: str) -> None:
    answer = trello.get(path)

    assert (answer.status_code, answer.text) == (status, text)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("sent", "status", "text"),
    [
        ({}, 400, "invalid value for idList"),
        (
            {"idList": "0123456789abcdef01234567"},
            404,
            "could not find the board that the card belongs to",
        ),
        ({"name": "n" * 16385}, 400, "invalid value for name"),
        ({"desc": "d" * 16385}, 400, "invalid value for desc"),
        ({"due": "next Friday"}, 400, "invalid value for due"),
        ({"idCardSource": TECH_TEMPLATE}, 400, "invalid value for idCardSource"),
        ({"keepFromSource": "everything"}, 400, "invalid value for keepFromSource"),
    ],
)
def test_a_card_that_cannot_be_made_is_refused_and_not_made(
    sandbox: Sandbox, trello: Client, sent: dict[str, str], status: int, text: str
) -> None:
    if sent and "idList" not in sent:
        sent = {"idList": sandbox.trello.lists()[0].id, **sent}
    if "keepFromSource" in sent:
        sent = {"idCardSource": sandbox.trello.card(TECH_TEMPLATE).id, **sent}

    answer = trello.post("/cards", sent)

    assert (answer.status_code, answer.text) == (status, text)
    assert len(sandbox.trello.cards()) == 1


@pytest.mark.parametrize(
    ("key", "token", "text"),
    [(None, "wrong", "invalid token"), ("wrong", None, "invalid key")],
)
def test_wrong_credentials_are_distinguished(
    sandbox: Sandbox, trello: Client, key: str | None, token: str | None, text: str
) -> None:
    trello.session.headers["Authorization"] = (
        f'OAuth oauth_consumer_key="{key or sandbox.trello.key}", '
        f'oauth_token="{token or sandbox.trello.token}"'
    )

    answer = trello.get("/members/me")

    assert (answer.status_code, answer.text) == (401, text)


def test_key_and_token_are_taken_from_the_query_too(sandbox: Sandbox) -> None:
    answer = requests.get(
        f"{sandbox.trello.url}/1/members/me",
        params={"key": sandbox.trello.key, "token": sandbox.trello.token},
        timeout=10,
    )

    assert answer.json()["username"] == "leaversservice"


def test_no_credentials_are_answered_by_what_was_asked(sandbox: Sandbox, trello: Client) -> None:
    del trello.session.headers["Authorization"]

    read = trello.get(f"/boards/{sandbox.trello.board.id}")
    written = trello.post("/cards", {})

    assert (read.status_code, read.text) == (401, "unauthorized permission requested")
    assert (written.status_code, written.json()) == (401, {"message": "missing scopes"})


def test_a_get_with_a_body_is_refused(sandbox: Sandbox, trello: Client) -> None:
    answer = trello.call("GET", f"/boards/{sandbox.trello.board.id}", json={})

    assert answer.status_code == 403


def test_a_comment_on_a_card_is_an_action(sandbox: Sandbox, trello: Client) -> None:
    card = sandbox.trello.add_card(name="Leaver")

    answer = trello.call("POST", f"/cards/{card.id}/actions/comments", params={"text": "Hello"})

    assert (answer.json()["type"], answer.json()["data"]["text"]) == ("commentCard", "Hello")
    assert [one.text for one in card.comments] == ["Hello"]


def test_a_deleted_card_is_gone(sandbox: Sandbox, trello: Client) -> None:
    card = sandbox.trello.add_card(name="Leaver")

    assert trello.call("DELETE", f"/cards/{card.id}").status_code == 200

    assert trello.get(f"/cards/{card.short_link}").status_code == 404


def test_an_id_says_when_it_was_made(sandbox: Sandbox) -> None:
    card = sandbox.trello.add_card(name="Leaver")

    assert int(card.id[:8], 16) == int(card.active_at.timestamp())
