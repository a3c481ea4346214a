"""How Zendesk updates a ticket: wholly or not at all, with one audit for all of it.

https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#update-ticket
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from integrations.sandbox.clock import iso_seconds
from integrations.sandbox.messages import Json, Reply, json_reply
from integrations.sandbox.zendesk_html import sanitise, text_of
from integrations.sandbox.zendesk_tickets import (
    SandboxAudit,
    SandboxComment,
    SandboxTicket,
    as_html,
    tidy_tags,
)

STATUSES = ("new", "open", "pending", "hold", "solved", "closed")
_PERMITTED_KEYS = (
    "additional_collaborators assignee_email assignee_id attribute_value_ids collaborator_ids "
    "comment custom_fields custom_status_id due_at email_ccs external_id fields followers group_id "
    "macro_id macro_ids metadata organization_id priority problem_id requester_id safe_update "
    "sharing_agreement_ids status subject tags ticket_form_id type updated_stamp via voice_comment"
)
PERMITTED = frozenset(_PERMITTED_KEYS.split())
_PLAIN = ("subject", "priority", "type", "external_id", "requester_id", "organization_id")
_MAX_COMMENTS = 5000
# In bytes.
_MAX_METADATA = 1024


class ZendeskRefusal(Exception):
    """Zendesk refuses a request, and has written nothing."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketField:
    """A custom field of the account.

    Attributes:
        kind: text, date, checkbox, tagger and so on, as Zendesk names them.
        required_to_solve: whether an update is refused that solves a ticket without a value.
    """

    id: int
    title: str
    kind: str = "text"
    required_to_solve: bool = False


@dataclass(slots=True, kw_only=True)
class Account:
    """What an update depends on besides the ticket.

    Attributes:
        groups_of: ids of an agent's groups by the agent's id, the default group first.
        next_id: returns a new id each time.
        fields: the custom fields.
        assigns_on_solve: the account's setting "auto assign tickets upon solve".
    """

    groups_of: dict[int, tuple[int, ...]]
    next_id: Callable[[], int]
    fields: list[TicketField] = field(default_factory=list)
    assigns_on_solve: bool = False


def update_ticket(
    ticket: SandboxTicket, change: Mapping[str, Any], *, account: Account, by: int, now: datetime
) -> SandboxAudit | None:
    """Carry out one update.

    Args:
        ticket: is changed.
        change: the attributes that change, as in the API's `ticket`.
        account: see there.
        by: id of the user who makes the update.
        now: the present instant, in UTC.

    Returns:
        The audit, or None if nothing changed: the update's metadata are lost then.

    Raises:
        ZendeskRefusal: the update is refused; the ticket is as it was.
    """
    _refuse_if_impossible(ticket, change)
    wanted = _wanted(ticket, change, account=account, by=by)
    comment = _comment(ticket, change, account=account, by=by, now=now)
    events = _change_events(ticket, wanted, account)
    if comment:
        events.append(_comment_event(comment))
    if not events:
        return None
    custom = change.get("metadata") or {}
    if len(json.dumps(custom).encode()) > _MAX_METADATA:
        raise invalid("metadata", "Metadata: is too long (maximum is 1024 bytes)")
    audit = SandboxAudit(
        id=account.next_id(),
        ticket_id=ticket.id,
        author_id=by,
        created_at=now,
        custom=dict(custom),
        events=events,
    )
    if comment:
        comment.audit_id = audit.id
        comment.custom = audit.custom
        ticket.comments.append(comment)
    for name, value in wanted.items():
        setattr(ticket, name, value)
    ticket.audits.append(audit)
    ticket.updated_at = now
    if ticket.status != "solved":
        ticket.solved_at = None
    elif ticket.solved_at is None:
        ticket.solved_at = now
    return audit


def invalid(key: str, description: str, **more: Any) -> ZendeskRefusal:
    """Return a 422 with one problem, in the form of Zendesk's."""
    return problems(key, [{"description": description, **more}])


def problems(key: str, items: list[Json]) -> ZendeskRefusal:
    """Return a 422 that lists several problems."""
    body = {
        "error": "RecordInvalid",
        "description": "Record validation errors",
        "details": {key: items},
    }
    return ZendeskRefusal(json_reply(body, status=422))


def _refuse_if_impossible(ticket: SandboxTicket, change: Mapping[str, Any]) -> None:
    if ticket.status == "closed":
        raise invalid("status", "Status: closed prevents ticket update")
    # "A value of false has the same effect as true": only whether the key is there counts.
    # https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#protecting-against-ticket-update-collisions
    if "safe_update" in change and change.get("updated_stamp") != iso_seconds(ticket.updated_at):
        body = {
            "error": "UpdateConflict",
            "description": "Safe Update prevented the update due to outdated ticket data. "
            "Please fetch the latest ticket data and try again.",
        }
        raise ZendeskRefusal(json_reply(body, status=409))
    if change.get("comment") and len(ticket.comments) >= _MAX_COMMENTS:
        raise invalid("base", "Ticket has too many comments")


def _wanted(
    ticket: SandboxTicket, change: Mapping[str, Any], *, account: Account, by: int
) -> dict[str, Any]:
    """Return the values that attributes of the ticket would get, all of them valid."""
    wanted: dict[str, Any] = {name: change[name] for name in _PLAIN if name in change}
    if ticket.priority and wanted.get("priority", ticket.priority) is None:
        raise invalid("priority", "Priority: cannot be reset")
    wanted |= _wanted_owner(change, account)
    fields = _wanted_fields(ticket, change)
    if "tags" in change:
        tags = tidy_tags(change["tags"])
        wanted["tags"] = tags
        fields = _without_lost_tags(fields, tags, account)
    wanted["custom_fields"] = fields
    status = change.get("status", ticket.status)
    if status not in STATUSES or (status == "new" and ticket.status != "new"):
        raise invalid("status", f"Status: {status} is not included in the list")
    if status == "solved" and ticket.status != "solved":
        wanted |= _solver(ticket, wanted, account=account, by=by)
    if status == "new" and wanted.get("assignee_id", ticket.assignee_id):
        status = "open"
    wanted["status"] = status
    return wanted


def _wanted_owner(change: Mapping[str, Any], account: Account) -> dict[str, Any]:
    wanted: dict[str, Any] = {name: change[name] for name in ("group_id",) if name in change}
    if "assignee_id" not in change:
        return wanted
    assignee = change["assignee_id"]
    wanted["assignee_id"] = assignee
    if assignee is None:
        return wanted
    groups = account.groups_of.get(assignee)
    if not groups:
        raise invalid("assignee", "Assignee: is invalid", error="InvalidValue")
    # Without a group, the ticket moves to the assignee's default one, whichever it was in.
    group = wanted.setdefault("group_id", groups[0])
    if group is not None and group not in groups:
        raise invalid("assignee", "Assignee: is not a member of the group")
    return wanted


def _wanted_fields(ticket: SandboxTicket, change: Mapping[str, Any]) -> dict[int, Any]:
    fields = dict(ticket.custom_fields)
    for item in change.get("custom_fields") or change.get("fields") or []:
        fields[int(item["id"])] = item.get("value")
    return fields


def _without_lost_tags(fields: dict[int, Any], tags: list[str], account: Account) -> dict[int, Any]:
    """Remove the values of drop-down fields whose tag is removed: such a value is a tag."""
    taggers = {one.id for one in account.fields if one.kind == "tagger"}
    return {
        number: None if number in taggers and value not in tags else value
        for number, value in fields.items()
    }


def _solver(
    ticket: SandboxTicket, wanted: Mapping[str, Any], *, account: Account, by: int
) -> dict[str, Any]:
    """Return what solving changes besides the status.

    https://support.zendesk.com/hc/en-us/articles/4408894213018

    Raises:
        ZendeskRefusal: it lists all that is missing.
    """
    found: list[Json] = []
    more: dict[str, Any] = {}
    if wanted.get("assignee_id", ticket.assignee_id) is None:
        if account.assigns_on_solve:
            more["assignee_id"] = by
            more["group_id"] = account.groups_of[by][0]
        else:
            found.append(_missing("Assignee", 6130830300000, "FieldAssignee"))
    found += [
        _missing(one.title, one.id, f"Field{one.kind.capitalize()}")
        for one in account.fields
        if one.required_to_solve and wanted["custom_fields"].get(one.id) in (None, "", [], False)
    ]
    if found:
        raise problems("base", found)
    return more


def _missing(title: str, number: int, kind: str) -> Json:
    return {
        "description": f"{title}: is required when solving a ticket",
        "error": None,
        "ticket_field_id": number,
        "ticket_field_type": kind,
    }


def _change_events(
    ticket: SandboxTicket, wanted: Mapping[str, Any], account: Account
) -> list[Json]:
    events: list[Json] = []

    def changed(name: str, value: Any, previous: Any) -> None:
        if value != previous:
            events.append(
                {
                    "id": account.next_id(),
                    "type": "Change",
                    "value": value,
                    "field_name": name,
                    "previous_value": previous,
                }
            )

    for name, value in wanted.items():
        if name == "custom_fields":
            for number, one in value.items():
                changed(str(number), one, ticket.custom_fields.get(number))
        else:
            changed(name, _as_text(value), _as_text(getattr(ticket, name)))
    return events


def _as_text(value: Any) -> Any:
    """Return a value as audits have it: ids are text there."""
    return str(value) if isinstance(value, int) else value


def _comment(
    ticket: SandboxTicket, change: Mapping[str, Any], *, account: Account, by: int, now: datetime
) -> SandboxComment | None:
    sent = change.get("comment")
    if isinstance(sent, str):
        sent = {"body": sent}
    if not sent or not (sent.get("html_body") or sent.get("body")):
        return None
    html = sanitise(sent["html_body"]) if sent.get("html_body") else None
    return SandboxComment(
        id=account.next_id(),
        author_id=sent.get("author_id") or by,
        body=text_of(html) if html else sent["body"],
        html_body=f'<div class="zd-comment" dir="auto">{html}</div>'
        if html
        else as_html(sent["body"]),
        public=bool(sent.get("public", ticket.is_public)),
        created_at=now,
        audit_id=0,
    )


def _comment_event(comment: SandboxComment) -> Json:
    shown = comment.as_json()
    return {
        name: shown[name]
        for name in ("id", "type", "author_id", "body", "html_body", "plain_body", "public")
    } | {"attachments": []}
