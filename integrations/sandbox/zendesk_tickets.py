"""Tickets, comments and audits of the sandbox's Zendesk, and their JSON."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any

from integrations.sandbox.clock import iso_seconds
from integrations.sandbox.messages import Json

FieldValue = str | bool | int | float | list[str] | None
SYSTEM = {
    "client": "leavers",
    "ip_address": "192.0.2.1",
    "location": "London, ENG, United Kingdom",
    "latitude": 51.5,
    "longitude": -0.1,
}


@dataclass(slots=True, kw_only=True)
class SandboxComment:
    """A public reply or an internal note; `custom` is the metadata of its update."""

    id: int
    author_id: int
    body: str
    html_body: str
    public: bool
    created_at: datetime
    audit_id: int
    custom: Json = field(default_factory=dict)

    def as_json(self) -> Json:
        """Return the comment as the list of comments shows it."""
        return {
            "id": self.id,
            "type": "Comment",
            "author_id": self.author_id,
            "body": self.body,
            "html_body": self.html_body,
            "plain_body": self.body,
            "public": self.public,
            "attachments": [],
            "audit_id": self.audit_id,
            "via": {"channel": "api", "source": {"from": {}, "to": {}, "rel": None}},
            "created_at": iso_seconds(self.created_at),
            "metadata": {"system": SYSTEM, "custom": self.custom},
        }


@dataclass(slots=True, kw_only=True)
class SandboxAudit:
    """What one update changed; `custom` is its metadata."""

    id: int
    ticket_id: int
    author_id: int
    created_at: datetime
    custom: Json
    events: list[Json]

    def as_json(self) -> Json:
        """Return the audit as lists and the response to an update show it."""
        return {
            "id": self.id,
            "ticket_id": self.ticket_id,
            "created_at": iso_seconds(self.created_at),
            "author_id": self.author_id,
            "metadata": {"system": SYSTEM, "custom": self.custom},
            "events": self.events,
            "via": {"channel": "api", "source": {"from": {}, "to": {}, "rel": None}},
        }


@dataclass(slots=True, kw_only=True)
class SandboxTicket:
    """One ticket, as it is now.

    Attributes:
        is_public: whether its first comment was public, as later ones are unless they say.
        custom_fields: value by the field's id; a field without a value is absent.
        solved_at: since when it has been solved, or None.
        source_id: the closed ticket that it is a follow-up of, or None.
        source_subject: that ticket's subject.
        followup_ids: its own follow-ups; Zendesk shows them once it is closed.
    """

    id: int
    subject: str
    description: str
    requester_id: int
    submitter_id: int
    created_at: datetime
    updated_at: datetime
    status: str = "new"
    tags: list[str] = field(default_factory=list)
    custom_fields: dict[int, FieldValue] = field(default_factory=dict)
    assignee_id: int | None = None
    group_id: int | None = None
    organization_id: int | None = None
    priority: str | None = None
    type: str | None = None
    external_id: str | None = None
    is_public: bool = True
    comments: list[SandboxComment] = field(default_factory=list)
    audits: list[SandboxAudit] = field(default_factory=list)
    solved_at: datetime | None = None
    source_id: int | None = None
    source_subject: str = ""
    followup_ids: list[int] = field(default_factory=list)

    @property
    def notes(self) -> list[SandboxComment]:
        """The internal notes, oldest first."""
        return [comment for comment in self.comments if not comment.public]

    def as_json(self, base: str, field_ids: Iterable[int]) -> Json:
        """Return the ticket as Zendesk shows it.

        Args:
            base: the account's address.
            field_ids: of all custom fields of the account; one without a value is null.
        """
        fields = [{"id": one, "value": self.custom_fields.get(one)} for one in field_ids]
        return {
            "url": f"{base}/api/v2/tickets/{self.id}.json",
            "id": self.id,
            "external_id": self.external_id,
            "via": self._via(),
            "created_at": iso_seconds(self.created_at),
            "updated_at": iso_seconds(self.updated_at),
            "generated_timestamp": int(self.updated_at.timestamp()),
            "type": self.type,
            "subject": self.subject,
            "raw_subject": self.subject,
            "description": self.description,
            "priority": self.priority,
            "status": self.status,
            "recipient": None,
            "requester_id": self.requester_id,
            "submitter_id": self.submitter_id,
            "assignee_id": self.assignee_id,
            "organization_id": self.organization_id,
            "group_id": self.group_id,
            "collaborator_ids": [],
            "follower_ids": [],
            "email_cc_ids": [],
            "forum_topic_id": None,
            "problem_id": None,
            "has_incidents": False,
            "is_public": self.is_public,
            "due_at": None,
            "tags": list(self.tags),
            "custom_fields": fields,
            "satisfaction_rating": None,
            "sharing_agreement_ids": [],
            "custom_status_id": _CUSTOM_STATUS_IDS[self.status],
            "fields": fields,
            "followup_ids": list(self.followup_ids) if self.status == "closed" else [],
            "ticket_form_id": 6130830344474,
            "brand_id": 6130830354842,
            "allow_channelback": False,
            "allow_attachments": True,
            "from_messaging_channel": False,
        }

    def _via(self) -> Json:
        """Return where the ticket came from.

        https://developer.zendesk.com/documentation/ticketing/reference-guides/via-types/
        """
        if self.source_id is None:
            return {"channel": "web", "source": {"from": {}, "to": {}, "rel": None}}
        origin = {"ticket_id": self.source_id, "subject": self.source_subject, "channel": "web"}
        return {"channel": "web", "source": {"from": origin, "to": {}, "rel": "follow_up"}}


_CUSTOM_STATUS_IDS = {
    status: 6130892426138 + place
    for place, status in enumerate(("new", "open", "pending", "hold", "solved", "closed"))
}


def as_html(text: str) -> str:
    """Return a plain text as Zendesk stores it: a div, with a paragraph for each block."""
    blocks = escape(text, quote=False).split("\n\n")
    paragraphs = "".join(f'<p dir="auto">{block.replace(chr(10), "<br>")}</p>' for block in blocks)
    return f'<div class="zd-comment" dir="auto">{paragraphs}</div>'


def tidy_tags(tags: Any) -> list[str]:
    """Return tags as Zendesk stores them: in lower case, each once, in alphabetical order."""
    words = tags.split() if isinstance(tags, str) else [str(tag) for tag in tags or []]
    return sorted({word.strip().lower().replace(" ", "_") for word in words if word.strip()})
