"""Tickets: what is read, what exactly is written, and what an update is refused for."""

import json
from typing import Any

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.faults import fails, json_instead
from integrations.sandbox.zendesk_people import GROUP, REQUESTER, SERVICE_USER, WORKER
from integrations.sandbox.zendesk_tickets import SandboxTicket
from integrations.zendesk.client import TicketClosed, TicketMoved
from integrations.zendesk.values import note_html, ticket_from_zendesk
from service.domain.errors import OutsideError, PermanentError, TransientError
from service.domain.ticket import Comment, Mark, Ticket
from service.domain.ticket_updates import TicketChange
from tests.integrations.conftest import Doors, OpenDoors, may_write

SOLVE = TicketChange(
    note="The card: https://trello.com/c/AbCd1234\nDue on Friday.",
    solve=True,
    add_tags=("leaver_processed",),
    remove_tags=("leaver_needs_person",),
    mark=Mark(plan="0f1e2d", card="AbCd1234", fields="101=0a1b"),
)


def read(doors: Doors, ticket_id: int) -> Ticket:
    ticket = doors.zendesk.ticket(ticket_id)
    assert ticket is not None
    return ticket


@pytest.mark.parametrize(
    "fields",
    [{}, {"custom_fields": None}, {"custom_fields": [{"id": 7000000000011}]}],
    ids=["absent", "null", "without a value"],
)
def test_a_ticket_without_custom_fields_is_read_all_the_same(
    sandbox: Sandbox, doors: Doors, fields: dict[str, object]
) -> None:
    made = sandbox.zendesk.add_ticket(description="She leaves.")
    bare = {
        "id": made.id,
        "status": "open",
        "description": "She leaves.",
        "tags": ["leaver"],
        "updated_at": "2026-11-24T09:00:00Z",
    }
    sandbox.faults.add(
        fault=json_instead({"ticket": bare | fields}), vendor="zendesk", path=r"/tickets/\d+.json"
    )

    ticket = read(doors, made.id)

    assert (ticket.description, ticket.custom_fields) == ("She leaves.", {})


def last_update(sandbox: Sandbox) -> object:
    return [each for each in sandbox.requests("zendesk") if each.method == "PUT"][-1].request.json()


def test_a_ticket_is_read_whole_with_two_requests(sandbox: Sandbox, doors: Doors) -> None:
    fields = {7000000000011: "Petra Privat", 7000000000013: "2026-12-18", 7000000000012: None}
    made = sandbox.zendesk.add_ticket(
        subject="Leaver: Petra Privat",
        description="She leaves.",
        tags=["leaver", "hr"],
        custom_fields=fields,
        assignee_id=WORKER,
    )
    sandbox.zendesk.comment(made.id, "Seen.", public=False)

    ticket = doors.zendesk.ticket(made.id)

    assert ticket == Ticket(
        id=made.id,
        subject="Leaver: Petra Privat",
        description="She leaves.",
        status="open",
        tags=("hr", "leaver"),
        custom_fields={7000000000011: "Petra Privat", 7000000000013: "2026-12-18"},
        requester_id=REQUESTER,
        assignee_id=WORKER,
        group_id=GROUP,
        updated_at=f"{made.updated_at:%Y-%m-%dT%H:%M:%SZ}",
        comments=(
            Comment(
                id=made.comments[0].id, author_id=REQUESTER, body="She leaves.", is_public=True
            ),
            Comment(id=made.comments[1].id, author_id=WORKER, body="Seen.", is_public=False),
        ),
    )
    assert [call.operation for call in doors.calls.before[1:]] == ["read a ticket", "read comments"]


@pytest.mark.parametrize(
    ("value", "text"),
    [("a", "a"), (True, "True"), (False, None), (3, "3"), (["a", "b"], "a, b"), ("  ", None)],
)
def test_a_custom_field_of_any_kind_comes_as_text(
    value: str, text: str | None, sandbox: Sandbox, doors: Doors
) -> None:
    made = sandbox.zendesk.add_ticket(custom_fields={7000000000011: value})

    assert read(doors, made.id).custom_fields == ({7000000000011: text} if text else {})


def test_more_comments_than_a_page_holds_are_all_read(sandbox: Sandbox, doors: Doors) -> None:
    made = sandbox.zendesk.add_ticket(description="0")
    for number in range(1, 205):
        sandbox.zendesk.comment(made.id, str(number))

    bodies = [comment.body for comment in read(doors, made.id).comments]

    assert bodies == [str(number) for number in range(205)]


def test_a_ticket_that_is_not_there_is_none(sandbox: Sandbox, doors: Doors) -> None:
    made = sandbox.zendesk.add_ticket()
    sandbox.zendesk.delete(made.id)

    assert doors.zendesk.ticket(made.id) is None


def test_an_account_that_is_not_there_is_an_error(sandbox: Sandbox, doors: Doors) -> None:
    body = '{"error": {"title": "No help desk at x.zendesk.com", "message": "…"}}'
    sandbox.faults.add(fault=fails(404, body=body), vendor="zendesk", path="/tickets/")

    with pytest.raises(PermanentError, match="ZENDESK_SUBDOMAIN"):
        doors.zendesk.ticket(1)


def test_an_update_is_one_request_with_exactly_what_is_meant(
    sandbox: Sandbox, doors: Doors
) -> None:
    made = sandbox.zendesk.add_ticket(tags=["leaver", "leaver_needs_person", "hr"])
    ticket = read(doors, made.id)

    doors.zendesk.change_ticket(ticket, SOLVE, lease=may_write)

    assert last_update(sandbox) == {
        "ticket": {
            "id": made.id,
            "status": "solved",
            "assignee_id": SERVICE_USER,
            "group_id": GROUP,
            "tags": ["hr", "leaver", "leaver_processed"],
            "comment": {
                "html_body": '<p>The card: <a href="https://trello.com/c/AbCd1234">'
                "https://trello.com/c/AbCd1234</a><br>Due on Friday.</p>",
                "public": False,
            },
            "metadata": {
                "leavers_plan": "0f1e2d",
                "leavers_card": "AbCd1234",
                "leavers_fields": "101=0a1b",
            },
            "safe_update": True,
            "updated_stamp": ticket.updated_at,
        }
    }
    assert [each.method for each in sandbox.requests("zendesk")].count("PUT") == 1


def test_an_update_of_an_assigned_ticket_leaves_it_where_it_is(
    sandbox: Sandbox, doors: Doors
) -> None:
    made = sandbox.zendesk.add_ticket(assignee_id=WORKER)
    ticket = read(doors, made.id)

    doors.zendesk.change_ticket(
        ticket, TicketChange(add_tags=("leaver_needs_person",)), lease=may_write
    )

    assert last_update(sandbox) == {
        "ticket": {
            "id": made.id,
            "tags": ["leaver", "leaver_needs_person"],
            "safe_update": True,
            "updated_stamp": ticket.updated_at,
        }
    }
    assert (made.assignee_id, made.group_id, made.status) == (WORKER, GROUP, "open")


def test_the_last_tag_can_be_taken_away(sandbox: Sandbox, doors: Doors) -> None:
    made = sandbox.zendesk.add_ticket(tags=["leaver_needs_person"])

    change = TicketChange(remove_tags=("leaver_needs_person",))
    doors.zendesk.change_ticket(read(doors, made.id), change, lease=may_write)

    assert made.tags == []


def test_our_own_note_is_known_again_by_its_mark(sandbox: Sandbox, doors: Doors) -> None:
    made = sandbox.zendesk.add_ticket()
    doors.zendesk.change_ticket(read(doors, made.id), SOLVE, lease=may_write)

    ticket = read(doors, made.id)

    assert [comment.mark for comment in ticket.comments] == [
        None,
        Mark(plan="0f1e2d", card="AbCd1234", fields="101=0a1b"),
    ]
    assert (ticket.status, ticket.assignee_id, ticket.group_id) == ("solved", SERVICE_USER, GROUP)


def test_a_note_is_internal_even_on_a_ticket_whose_comments_are_public(
    sandbox: Sandbox, doors: Doors
) -> None:
    made = sandbox.zendesk.add_ticket(is_public=True)

    doors.zendesk.change_ticket(
        read(doors, made.id), TicketChange(note="For agents"), lease=may_write
    )

    assert [note.body for note in made.notes] == ["For agents"]


def test_an_update_of_a_ticket_that_moved_writes_nothing(sandbox: Sandbox, doors: Doors) -> None:
    made = sandbox.zendesk.add_ticket()
    ticket = read(doors, made.id)
    sandbox.clock.advance(seconds=2)
    sandbox.zendesk.comment(made.id, "Wait!")

    with pytest.raises(TicketMoved) as caught:
        doors.zendesk.change_ticket(ticket, SOLVE, lease=may_write)

    assert (caught.value.maybe_done, made.notes, made.status) == (False, [], "open")


def test_a_closed_ticket_is_distinguished_when_it_was_read_closed(
    sandbox: Sandbox, doors: Doors
) -> None:
    made = sandbox.zendesk.add_ticket()
    sandbox.zendesk.close(made.id)

    with pytest.raises(TicketClosed):
        doors.zendesk.change_ticket(read(doors, made.id), SOLVE, lease=may_write)


@pytest.mark.parametrize(
    "problem",
    [
        {"description": "Status: closed prevents ticket update"},
        {"description": "…", "error": "ClosedTicket"},
    ],
)
def test_a_closed_ticket_is_distinguished_when_it_closed_meanwhile(
    problem: dict[str, str], sandbox: Sandbox, doors: Doors
) -> None:
    ticket = read(doors, sandbox.zendesk.add_ticket().id)
    body = json.dumps({"error": "RecordInvalid", "details": {"status": [problem]}})
    sandbox.faults.add(fault=fails(422, body=body), vendor="zendesk", method="PUT")

    with pytest.raises(TicketClosed):
        doors.zendesk.change_ticket(ticket, SOLVE, lease=may_write)


def test_an_agent_outside_the_tickets_group_is_named_with_its_fix(
    sandbox: Sandbox, doors: Doors
) -> None:
    sandbox.zendesk.account.groups_of = {SERVICE_USER: (1,), WORKER: (GROUP,)}
    ticket = read(doors, sandbox.zendesk.add_ticket().id)

    with pytest.raises(PermanentError, match="member of the ticket's group"):
        doors.zendesk.change_ticket(ticket, SOLVE, lease=may_write)


@pytest.mark.parametrize(
    "details", ["null", "[]", '"text"', '{"base": null}', '{"base": ["text"]}', '{"base": [{}]}']
)
def test_a_refusal_of_an_unknown_shape_is_lasting(
    details: str, sandbox: Sandbox, doors: Doors
) -> None:
    ticket = read(doors, sandbox.zendesk.add_ticket().id)
    body = f'{{"error": "RecordInvalid", "details": {details}}}'
    sandbox.faults.add(fault=fails(422, body=body), vendor="zendesk", method="PUT")

    with pytest.raises(PermanentError, match="refused by a rule of the account"):
        doors.zendesk.change_ticket(ticket, SOLVE, lease=may_write)


def test_a_failed_update_can_be_repeated_whole(sandbox: Sandbox, doors: Doors) -> None:
    made = sandbox.zendesk.add_ticket()
    ticket = read(doors, made.id)
    sandbox.faults.add(fault=fails(500), vendor="zendesk", method="PUT")
    with pytest.raises(OutsideError):
        doors.zendesk.change_ticket(ticket, SOLVE, lease=may_write)
    read(doors, made.id)

    doors.zendesk.change_ticket(ticket, SOLVE, lease=may_write)

    assert (made.status, len(made.notes)) == ("solved", 1)


def test_unsolved_leavers_that_are_not_processed_are_found(sandbox: Sandbox, doors: Doors) -> None:
    wanted = sandbox.zendesk.add_ticket()
    sandbox.zendesk.add_ticket(tags=["other"])
    sandbox.zendesk.add_ticket(tags=["leaver", "leaver_processed"])
    sandbox.zendesk.add_ticket(status="solved")

    assert doors.zendesk.search_leavers("leaver") == (wanted.id,)


def test_a_search_reads_all_pages_up_to_zendesks_own_limit(sandbox: Sandbox, doors: Doors) -> None:
    ids = [sandbox.zendesk.add_ticket().id for _each in range(1_001)]

    found = doors.zendesk.search_leavers("leaver")

    assert found == tuple(sorted(ids, reverse=True)[:1_000])
    assert len(doors.calls.before) == 11


def test_the_services_own_user_is_asked_for_once(sandbox: Sandbox, open_doors: OpenDoors) -> None:
    doors = open_doors()

    assert [doors.zendesk.me(), doors.zendesk.me()] == [SERVICE_USER, SERVICE_USER]
    assert [each.path for each in sandbox.requests("zendesk")] == [
        "/oauth/tokens",
        "/api/v2/users/me.json",
    ]


def test_a_database_conflict_passes(sandbox: Sandbox, doors: Doors, leaver: SandboxTicket) -> None:
    body = '{"error": "DatabaseConflict", "description": "Database collision"}'
    sandbox.faults.add(fault=fails(409, body=body), vendor="zendesk", method="PUT")

    with pytest.raises(TransientError):
        doors.zendesk.change_ticket(read(doors, leaver.id), SOLVE, lease=may_write)


LINK = '<a href="https://trello.com/c/a?b=1&amp;c=2">https://trello.com/c/a?b=1&amp;c=2</a>'
NOTES = {
    "One line": "<p>One line</p>",
    "a\nb\n\nc": "<p>a<br>b</p><p>c</p>",
    "<script>'x'</script> & co": "<p>&lt;script&gt;&#x27;x&#x27;&lt;/script&gt; &amp; co</p>",
    "See https://trello.com/c/a?b=1&c=2.": f"<p>See {LINK}.</p>",
    '(https://trello.com/c/a?b=1&c=2)"><b>': f"<p>({LINK})&quot;&gt;&lt;b&gt;</p>",
    "javascript:alert(1)": "<p>javascript:alert(1)</p>",
}


@pytest.mark.parametrize(("note", "html"), NOTES.items())
def test_a_note_is_escaped_and_its_links_can_be_clicked(note: str, html: str) -> None:
    assert note_html(note) == html


@pytest.mark.parametrize("public", [None, "true", "false", 1, 0, [True], {}])
@pytest.mark.parametrize("author", [0, -7, "9", None, True, 1.5, []])
def test_one_odd_comment_does_not_sink_a_ticket(public: Any, author: Any) -> None:
    at = "2026-11-30T09:00:00Z"
    odd = {"id": 2, "public": public, "author_id": author, "body": None, "created_at": at}
    plain = {"id": 1, "public": True, "author_id": 5, "body": "Ada Archer leaves."}
    raw = {
        "id": 7,
        "status": "open",
        "tags": [],
        "updated_at": "2026-11-30T09:00:00Z",
        "requester_id": 5,
    }

    ticket = ticket_from_zendesk(raw, [plain, odd])

    assert [(one.author_id, one.body) for one in ticket.comments] == [
        (5, "Ada Archer leaves."),
        (None, ""),
    ]
    assert ticket.comments[1].is_public == (public not in ("false", 0))


def test_a_ticket_with_odd_comments_is_read_as_a_whole(sandbox: Sandbox, doors: Doors) -> None:
    made = sandbox.zendesk.add_ticket()
    at = "2026-11-30T09:00:00Z"
    comments = [
        {"id": 1, "author_id": 5, "body": "Ada leaves.", "public": True, "created_at": at},
        {"id": 2, "author_id": 0, "body": "By e-mail.", "public": "true", "created_at": at},
        {"id": 3, "author_id": -4, "body": None, "public": None, "created_at": at},
    ]
    response = {"comments": comments, "next_page": None, "count": 3}
    sandbox.faults.add(fault=json_instead(response), vendor="zendesk", path="/comments")

    ticket = read(doors, made.id)

    assert [comment.body for comment in ticket.comments] == ["Ada leaves.", "By e-mail.", ""]


def test_a_comment_whose_text_cannot_be_read_is_not_an_empty_one() -> None:
    raw = {"id": 7, "status": "open", "tags": [], "updated_at": "2026-11-30T09:00:00Z"}

    with pytest.raises(TypeError):
        ticket_from_zendesk(raw, [{"id": 1, "public": True, "body": {"html": "Ada leaves."}}])
