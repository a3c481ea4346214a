"""The sandbox's replies, held against replies that the vendors really gave."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from integrations.sandbox import Sandbox
from integrations.sandbox.samples import NON_TECH_TEMPLATE, TECH_TEMPLATE
from tests.sandbox.conftest import Client
from tests.sandbox.openapi import vendor_data

# Parts of recordings that come and go with what a card or an action holds, and parts for drawing.
NOT_ALWAYS_THERE = {
    "/cover/scaled is missing",
    "/cover/edgeColor is missing",
    "/*/value/date is missing",
    "/limits/reactions is missing",
    "/display is missing",
    "/entities is missing",
}


def differences(recorded: Any, ours: Any, place: str = "") -> list[str]:
    """What a recorded answer has and ours lacks, or has as another kind of value.

    Null is not a kind, since recordings show what was unset at the time. Of a list, the first item
    stands for all.
    """
    if recorded is None or ours is None:
        return []
    if kind(recorded) != kind(ours):
        return [f"{place}: {kind(recorded)} was recorded, not {kind(ours)}"]
    if isinstance(recorded, dict):
        missing = [f"{place}/{key} is missing" for key in recorded if key not in ours]
        shared = [key for key in recorded if key in ours]
        return missing + [
            found
            for key in shared
            for found in differences(recorded[key], ours[key], f"{place}/{key}")
        ]
    if isinstance(recorded, list) and recorded and ours:
        return differences(recorded[0], ours[0], f"{place}/*")
    return []


def unlike(recorded: Any, ours: Any) -> set[str]:
    """The differences that matter."""
    return set(differences(recorded, ours)) - NOT_ALWAYS_THERE


def kind(value: Any) -> str:
    """A JSON type; whole numbers are numbers."""
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, int | float) else type(value).__name__


def cassette(name: str, place: int = -1) -> Any:
    """The JSON of one recorded answer of Trello's, the last of its file by default."""
    path = vendor_data() / "trello" / "cassettes" / f"{name}.yml"
    interactions = yaml.safe_load(path.read_text())["http_interactions"]
    return json.loads(interactions[place]["response"]["body"]["string"])


def sample(name: str) -> Any:
    """The JSON of one of the answers of Trello's that were kept as samples."""
    return json.loads((vendor_data() / "trello" / "samples" / name).read_text())


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/boards/{board}/cards", "can_get_cards_of_board"),
        ("/boards/{board}/lists", "can_get_lists_of_board"),
        ("/lists/{list}/cards", "can_get_cards_of_list"),
        ("/cards/{card}", "card_find_with_id_and_get_all_fields"),
        ("/cards/{card}/checklists", "get_checklists_of_card"),
        ("/cards/{card}/customFieldItems", "get_custom_field_items_of_card"),
        ("/cards/{card}/list", "get_list_of_card"),
        ("/lists/{list}", "list_find_with_id_and_get_all_fields"),
    ],
)
def test_trellos_reads_have_what_was_recorded(
    sandbox: Sandbox, trello: Client, path: str, name: str
) -> None:
    recorded = cassette(name)
    card = sandbox.trello.card(NON_TECH_TEMPLATE)

    answer = trello.get(path.format(board=card.board_id, list=card.list_id, card=card.id))

    assert unlike(recorded, answer.json()) == set()


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/cards/{card}", "GetCardExample.json"),
        ("/boards/{board}/lists", "GetListExample.json"),
        ("/boards/{board}/labels", "GetLabelsExample.json"),
        ("/cards/{card}/checklists", "Checklists.json"),
    ],
)
def test_trellos_reads_have_what_newer_answers_hold(
    sandbox: Sandbox, trello: Client, path: str, name: str
) -> None:
    kept = sample(name)
    card = sandbox.trello.card(NON_TECH_TEMPLATE)

    answer = trello.get(path.format(board=card.board_id, card=card.id))

    assert unlike(kept, answer.json()) == set()


def test_a_copied_card_has_what_was_recorded_of_a_real_copy(
    sandbox: Sandbox, trello: Client
) -> None:
    recorded = cassette("can_success_create_a_card")
    template = sandbox.trello.card(TECH_TEMPLATE)
    sent = {"idList": template.list_id, "idCardSource": template.id, "keepFromSource": "comments"}

    answer = trello.call("POST", "/cards", data={**sent, "due": "2020-12-22 01:59:00 UTC"})

    assert answer.status_code == 200
    assert unlike(recorded, answer.json()) == set()
    assert answer.json()["due"] == recorded["due"]
    assert answer.json()["badges"]["comments"] == recorded["badges"]["comments"]


def test_a_comment_has_what_was_recorded(sandbox: Sandbox, trello: Client) -> None:
    recorded = cassette("can_success_add_comment_to_a_card")
    card = sandbox.trello.card(TECH_TEMPLATE)

    answer = trello.call("POST", f"/cards/{card.id}/actions/comments", params={"text": "Hello"})

    assert unlike(recorded, answer.json()) == set()


def test_trellos_headers_have_what_was_recorded(sandbox: Sandbox, trello: Client) -> None:
    path = vendor_data() / "trello" / "cassettes" / "can_success_create_a_card.yml"
    headers = yaml.safe_load(path.read_text())["http_interactions"][-1]["response"]["headers"]

    answer = trello.get(f"/boards/{sandbox.trello.board.id}")

    limit_headers = {name for name in headers if name.startswith("X-Rate-Limit-Api")} | {
        "X-Server-Time"
    }
    assert {
        name: answer.headers[name] for name in limit_headers if name.endswith(("Ms", "Max"))
    } == {name: headers[name][0] for name in limit_headers if name.endswith(("Ms", "Max"))}
    assert limit_headers <= set(answer.headers)


def test_githubs_contents_have_what_was_recorded(sandbox: Sandbox, github: Client) -> None:
    path: Path = vendor_data() / "github" / "get-content" / "raw-fixture.json"
    folder, file = json.loads(path.read_text())[:2]
    sandbox.github.put_file("README.md", file["response"])

    listed = github.get("/contents", ref="main")
    raw = github.call(
        "GET", "/contents/README.md", headers={"Accept": "application/vnd.github.raw"}
    )

    assert unlike(folder["response"], listed.json()) == set()
    assert raw.text == file["response"]
    # The recorded sha of the same content: git's hash is git's hash.
    assert listed.json()[0]["sha"] == folder["response"][0]["sha"]
