from typing import Any

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.zendesk_people import GROUP, OTHER_GROUP, SERVICE_USER, WORKER
from integrations.sandbox.zendesk_update import TicketField
from tests.sandbox.conftest import Client


def update(zendesk: Client, ticket_id: int, **change: Any) -> Any:
    return zendesk.put(f"/tickets/{ticket_id}.json", {"ticket": change})


def details(answer: Any) -> Any:
    assert answer.status_code == 422
    assert answer.json()["error"] == "RecordInvalid"
    return answer.json()["details"]


def test_one_update_solves_assigns_tags_and_notes_with_one_audit(
    sandbox: Sandbox, zendesk: Client
) -> None:
    ticket = sandbox.zendesk.add_ticket()

    answer = update(
        zendesk,
        ticket.id,
        status="solved",
        assignee_id=SERVICE_USER,
        group_id=GROUP,
        tags=["leaver_processed", "leaver"],
        comment={"html_body": '<p>See <a href="https://a.example/">it</a>.</p>', "public": False},
        metadata={"plan": "abc"},
    )

    assert answer.status_code == 200
    audit = answer.json()["audit"]
    assert audit["metadata"]["custom"] == {"plan": "abc"}
    assert sorted(event.get("field_name", event["type"]) for event in audit["events"]) == [
        "Comment",
        "assignee_id",
        "status",
        "tags",
    ]
    assert (ticket.status, ticket.assignee_id, ticket.group_id, ticket.tags) == (
        "solved",
        SERVICE_USER,
        GROUP,
        ["leaver", "leaver_processed"],
    )
    (note,) = ticket.notes
    assert note.body == "See it (https://a.example/)."
    assert note.custom == {"plan": "abc"}


def test_solving_without_an_assignee_is_refused_as_a_whole(
    sandbox: Sandbox, zendesk: Client
) -> None:
    ticket = sandbox.zendesk.add_ticket()

    answer = update(
        zendesk, ticket.id, status="solved", tags=["x"], comment={"body": "Done", "public": False}
    )

    (problem,) = details(answer)["base"]
    assert problem["description"] == "Assignee: is required when solving a ticket"
    assert (ticket.status, ticket.tags, ticket.notes) == ("open", ["leaver"], [])


def test_the_account_may_assign_the_agent_who_solves(sandbox: Sandbox, zendesk: Client) -> None:
    sandbox.zendesk.account.assigns_on_solve = True
    ticket = sandbox.zendesk.add_ticket()

    assert update(zendesk, ticket.id, status="solved").status_code == 200

    assert (ticket.status, ticket.assignee_id) == ("solved", SERVICE_USER)


def test_solving_with_an_empty_required_field_names_it_and_writes_nothing(
    sandbox: Sandbox, zendesk: Client
) -> None:
    field = TicketField(id=7, title="Reason", kind="tagger", required_to_solve=True)
    sandbox.zendesk.account.fields.append(field)
    ticket = sandbox.zendesk.add_ticket()

    refused = update(
        zendesk, ticket.id, status="solved", assignee_id=WORKER, comment={"body": "Done"}
    )

    assert details(refused)["base"] == [
        {
            "description": "Reason: is required when solving a ticket",
            "error": None,
            "ticket_field_id": 7,
            "ticket_field_type": "FieldTagger",
        }
    ]
    assert (ticket.status, ticket.assignee_id, len(ticket.comments)) == ("open", None, 1)


def test_an_outdated_stamp_is_a_conflict_and_writes_nothing(
    sandbox: Sandbox, zendesk: Client
) -> None:
    ticket = sandbox.zendesk.add_ticket()
    stamp = zendesk.get(f"/tickets/{ticket.id}.json").json()["ticket"]["updated_at"]
    sandbox.clock.advance(seconds=2)
    sandbox.zendesk.comment(ticket.id, "One more thing")

    answer = update(zendesk, ticket.id, priority="high", safe_update=True, updated_stamp=stamp)

    assert (answer.status_code, answer.json()["error"]) == (409, "UpdateConflict")
    assert ticket.priority is None


def test_safe_update_false_is_as_safe_as_true(sandbox: Sandbox, zendesk: Client) -> None:
    ticket = sandbox.zendesk.add_ticket()

    answer = update(
        zendesk,
        ticket.id,
        priority="high",
        safe_update=False,
        updated_stamp="2020-01-01T00:00:00Z",
    )

    assert answer.status_code == 409


def test_two_updates_in_one_second_slip_past_the_stamp(sandbox: Sandbox, zendesk: Client) -> None:
    ticket = sandbox.zendesk.add_ticket()
    ticket.updated_at = ticket.updated_at.replace(microsecond=0)
    stamp = zendesk.get(f"/tickets/{ticket.id}.json").json()["ticket"]["updated_at"]
    ticket.updated_at = ticket.updated_at.replace(microsecond=999_000)

    answer = update(zendesk, ticket.id, priority="high", safe_update=True, updated_stamp=stamp)

    assert answer.status_code == 200


def test_a_closed_ticket_cannot_be_changed(sandbox: Sandbox, zendesk: Client) -> None:
    ticket = sandbox.zendesk.add_ticket()
    sandbox.zendesk.close(ticket.id)

    answer = update(zendesk, ticket.id, comment={"body": "Too late", "public": False})

    assert details(answer) == {"status": [{"description": "Status: closed prevents ticket update"}]}
    assert len(ticket.comments) == 1


def test_an_update_that_changes_nothing_leaves_no_audit_and_loses_its_metadata(
    sandbox: Sandbox, zendesk: Client
) -> None:
    ticket = sandbox.zendesk.add_ticket(tags=("a", "b"))
    before = ticket.updated_at

    answer = update(zendesk, ticket.id, tags=["b", "a"], status="open", metadata={"plan": "abc"})

    assert "audit" not in answer.json()
    assert (len(ticket.audits), ticket.updated_at) == (1, before)


def test_an_assignee_alone_moves_the_ticket_to_a_group_of_theirs(
    sandbox: Sandbox, zendesk: Client
) -> None:
    ticket = sandbox.zendesk.add_ticket(group_id=GROUP)

    assert update(zendesk, ticket.id, assignee_id=SERVICE_USER).status_code == 200

    assert ticket.group_id == OTHER_GROUP


def test_an_assignee_outside_the_group_is_refused(sandbox: Sandbox, zendesk: Client) -> None:
    ticket = sandbox.zendesk.add_ticket()

    answer = update(zendesk, ticket.id, assignee_id=WORKER, group_id=OTHER_GROUP)

    assert details(answer) == {
        "assignee": [{"description": "Assignee: is not a member of the group"}]
    }


@pytest.mark.parametrize("is_public", [True, False])
def test_a_comment_takes_after_the_first_one_unless_set(
    sandbox: Sandbox, zendesk: Client, *, is_public: bool
) -> None:
    ticket = sandbox.zendesk.add_ticket(is_public=is_public)

    update(zendesk, ticket.id, comment={"body": "Hello"})

    assert ticket.comments[-1].public is is_public


def test_a_new_ticket_that_gets_an_assignee_is_open(sandbox: Sandbox, zendesk: Client) -> None:
    ticket = sandbox.zendesk.add_ticket(status="new")

    update(zendesk, ticket.id, assignee_id=WORKER, group_id=GROUP)

    assert ticket.status == "open"


def test_unknown_keys_are_ignored_with_a_warning(sandbox: Sandbox, zendesk: Client) -> None:
    ticket = sandbox.zendesk.add_ticket()

    answer = update(zendesk, ticket.id, id=ticket.id, additional_tags=["x"], priority="low")

    assert answer.status_code == 200
    assert '"ticket.additional_tags", "ticket.id"' in answer.headers["x-zendesk-api-warn"]
    assert (ticket.priority, ticket.tags) == ("low", ["leaver"])


def test_a_drop_downs_value_goes_with_its_tag(sandbox: Sandbox, zendesk: Client) -> None:
    sandbox.zendesk.account.fields.append(TicketField(id=8, title="Team", kind="tagger"))
    ticket = sandbox.zendesk.add_ticket(tags=("leaver", "team_a"), custom_fields={8: "team_a"})

    update(zendesk, ticket.id, tags=["leaver"])

    assert ticket.custom_fields[8] is None


def test_html_that_could_act_is_taken_out_of_comments(sandbox: Sandbox, zendesk: Client) -> None:
    ticket = sandbox.zendesk.add_ticket()
    html = '<p onclick="x()">Hi<script>x()</script> <a href="javascript:x()">there</a></p>'

    update(zendesk, ticket.id, comment={"html_body": html, "public": False})

    assert ticket.notes[0].html_body == (
        '<div class="zd-comment" dir="auto"><p>Hi <a>there</a></p></div>'
    )


def test_tags_can_be_added_set_and_taken_away_alone(sandbox: Sandbox, zendesk: Client) -> None:
    ticket = sandbox.zendesk.add_ticket(tags=("a",))
    path = f"/tickets/{ticket.id}/tags.json"

    added = zendesk.put(path, {"tags": ["b", "Two Words"]})
    taken = zendesk.call("DELETE", path, json={"tags": ["a"]})
    put = zendesk.post(path, {"tags": ["z"]})

    assert (added.status_code, added.json()) == (200, {"tags": ["a", "b", "two_words"]})
    assert (taken.status_code, taken.json()) == (200, {"tags": ["b", "two_words"]})
    assert (put.status_code, put.json()) == (201, {"tags": ["z"]})
