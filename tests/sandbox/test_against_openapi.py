"""The sandbox's replies, held against the vendors' own descriptions."""

from pathlib import Path
from typing import Any

import pytest
import requests

from integrations.sandbox import Sandbox
from integrations.sandbox.samples import TECH_TEMPLATE
from integrations.sandbox.zendesk_people import GROUP, SERVICE_USER
from tests.sandbox.conftest import Client
from tests.sandbox.openapi import openapi, problems_of_requests, vendor_data

# The description says ids; recorded cards (2020 to 2023) hold objects.
OBJECTS_WHERE_IDS_ARE_DESCRIBED = {
    "labels/*: does not fit anyOf",
    "*/labels/*: does not fit anyOf",
    "checkItemStates/*: does not fit anyOf",
    "*/checkItemStates/*: does not fit anyOf",
}
# Zendesk's audits hold the tags as an array; the description knows text and mappings only.
TAGS_IN_AUDITS = "audit/events/*/value: does not fit anyOf"
# Described as a list; the recorded answer to a new attachment is that attachment.
ONE_ATTACHMENT = "the whole: dict is not array"


@pytest.fixture
def folder() -> Path:
    return vendor_data()


def problems(vendor: str, folder: Path, answer: requests.Response) -> set[str]:
    """Where a reply is not as described."""
    assert answer.status_code == 200, answer.text
    method, path = str(answer.request.method), answer.request.path_url.partition("?")[0]
    return set(openapi(vendor, folder).problems_of_reply(method, path, 200, answer.json()))


@pytest.mark.parametrize(
    "path",
    [
        "/tickets/{ticket}.json",
        "/tickets/{ticket}.json?include=users",
        "/tickets/show_many.json?ids={ticket}",
        "/tickets.json?page[size]=10",
        "/tickets/{ticket}/comments.json",
        "/tickets/{ticket}/comments.json?page[size]=1",
        "/tickets/{ticket}/audits.json",
        "/tickets/{ticket}/tags.json",
        "/search.json?query=type:ticket",
        "/search/export.json?query=x&page[size]=10",
        "/ticket_fields.json",
        "/groups.json",
        "/group_memberships.json",
        "/users/me.json",
        f"/users/{SERVICE_USER}.json",
    ],
)
def test_zendesks_reads_are_as_described(
    folder: Path, sandbox: Sandbox, zendesk: Client, path: str
) -> None:
    ticket = sandbox.zendesk.add_ticket(assignee_id=SERVICE_USER)
    sandbox.zendesk.comment(ticket.id, "Hm", public=False)

    answer = zendesk.get(path.format(ticket=ticket.id))

    assert problems("zendesk", folder, answer) == set()


def test_zendesks_update_is_as_described_and_so_is_its_request(
    folder: Path, sandbox: Sandbox, zendesk: Client
) -> None:
    ticket = sandbox.zendesk.add_ticket()
    stamp = zendesk.get(f"/tickets/{ticket.id}").json()["ticket"]["updated_at"]
    change = {
        "status": "solved",
        "assignee_id": SERVICE_USER,
        "group_id": GROUP,
        "tags": ["leaver", "leaver_processed"],
        "comment": {"html_body": "<p>Done</p>", "public": False},
        "metadata": {"plan": "abc"},
        "safe_update": True,
        "updated_stamp": stamp,
    }

    answer = zendesk.put(f"/tickets/{ticket.id}.json", {"ticket": change})

    assert problems("zendesk", folder, answer) <= {TAGS_IN_AUDITS}
    assert problems_of_requests(sandbox.requests()) == []


@pytest.mark.parametrize(
    "path",
    [
        "/boards/{board}",
        "/boards/{board}/lists",
        "/boards/{board}/cards",
        "/boards/{board}/cards/open",
        "/boards/{board}/customFields",
        "/boards/{board}/labels",
        "/lists/{list}",
        "/lists/{list}/cards",
        "/cards/{card}",
        "/cards/{card}?attachments=true&checklists=all&customFieldItems=true&stickers=true",
        "/cards/{card}/actions",
        "/cards/{card}/attachments",
        "/cards/{card}/checklists",
        "/cards/{card}/customFieldItems",
        "/cards/{card}/stickers",
        "/members/me",
        "/tokens/{token}",
    ],
)
def test_trellos_reads_are_as_described(
    folder: Path, sandbox: Sandbox, trello: Client, path: str
) -> None:
    card = sandbox.trello.card(TECH_TEMPLATE)
    names = {
        "board": card.board_id,
        "list": card.list_id,
        "card": card.id,
        "token": sandbox.trello.token,
    }

    answer = trello.get(path.format(**names))

    assert problems("trello", folder, answer) <= OBJECTS_WHERE_IDS_ARE_DESCRIBED
    assert problems_of_requests(sandbox.requests()) == []


def test_trellos_writes_are_as_described_and_so_are_their_requests(
    folder: Path, sandbox: Sandbox, trello: Client
) -> None:
    template = sandbox.trello.card(TECH_TEMPLATE)
    sent = {
        "idList": template.list_id,
        "idCardSource": template.id,
        "keepFromSource": "attachments,checklists,customFields,labels,members,stickers",
        "name": "Leaver: Ada Archer (tech role)",
        "desc": "Zendesk ticket: …",
        "due": "2026-12-18T17:00:00Z",
        "pos": "bottom",
    }
    made = trello.post("/cards", sent)
    path = f"/cards/{made.json()['id']}"

    answers = [
        made,
        trello.put(path, {"due": "2026-12-19T17:00:00Z", "isTemplate": False, "closed": False}),
        trello.post(f"{path}/actions/comments", {"text": "Hello"}),
        trello.post(f"{path}/attachments", {"url": "https://a.example/", "name": "There"}),
        trello.call("DELETE", path),
    ]

    found = set[str]().union(*(problems("trello", folder, answer) for answer in answers))
    assert found <= OBJECTS_WHERE_IDS_ARE_DESCRIBED | {ONE_ATTACHMENT}
    assert problems_of_requests(sandbox.requests()) == []


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/branches",
        "/branches/main",
        "/commits?sha=main&since=2020-01-01T00:00:00Z&per_page=2&page=1",
        "/commits/main",
        "/git/ref/heads/main",
        "/git/trees/main?recursive=1",
        "/git/blobs/{blob}",
        "/contents/config",
        "/contents/config/others.yml?ref=main",
        "/contents/config/link.yml",
        "/contents/config/module",
    ],
)
def test_githubs_reads_are_as_described(
    folder: Path, sandbox: Sandbox, github: Client, path: str
) -> None:
    sandbox.github.put_symlink("config/link.yml", "others.yml")
    sandbox.github.put_submodule("config/module")
    blob = sandbox.github.git.commits[sandbox.github.head].items["README.md"].sha

    answer = github.get(path.format(blob=blob))

    assert problems("github", folder, answer) == set()
    assert problems_of_requests(sandbox.requests()) == []


@pytest.mark.parametrize("path", ["/git/commits/{head}", "/git/matching-refs/heads/ma"])
def test_githubs_git_database_is_read_as_described(
    folder: Path, sandbox: Sandbox, writer: Client, path: str
) -> None:
    answer = writer.get(path.format(head=sandbox.github.head))

    assert problems("github", folder, answer) == set()
    assert problems_of_requests(sandbox.requests()) == []


def test_githubs_refs_are_moved_and_deleted_as_described(
    folder: Path, sandbox: Sandbox, writer: Client
) -> None:
    old = sandbox.github.put_file("config/new.yml", "[]\n", branch="leaver-ticket-1")
    new = sandbox.github.git.put_commit(old.tree, (old.sha,), at=old.at, message="On")
    moved = writer.call(
        "PATCH", "/git/refs/heads/leaver-ticket-1", json={"sha": new.sha, "force": False}
    )
    gone = writer.call("DELETE", "/git/refs/heads/leaver-ticket-1")

    assert problems("github", folder, moved) == set()
    assert (gone.status_code, gone.content) == (204, b"")
    assert problems_of_requests(sandbox.requests()) == []


def test_a_request_that_no_vendor_knows_is_noticed(
    folder: Path, sandbox: Sandbox, zendesk: Client
) -> None:
    openapi("zendesk", folder)
    ticket = sandbox.zendesk.add_ticket()
    body: dict[str, Any] = {"ticket": {"state": "solved", "comment": {"text": "x"}, "tags": "a"}}

    zendesk.put(f"/tickets/{ticket.id}.json", body)
    zendesk.get(f"/tickets/{ticket.id}.json", expand="all")
    zendesk.get("/leavers.json")

    place = "/api/v2/tickets/{ticket_id}"
    assert problems_of_requests(sandbox.requests()) == [
        f"zendesk GET {place}: unknown key expand",
        f"zendesk PUT {place}: ticket/tags: str is not array",
        f"zendesk PUT {place}: unknown key ticket/comment/text",
        f"zendesk PUT {place}: unknown key ticket/state",
        "zendesk: no GET /api/v2/leavers.json",
    ]
