"""The sandbox's Zendesk: an account with tickets, and what people do with them."""

import itertools
import threading
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.sandbox import zendesk_webhook
from integrations.sandbox.clock import Clock
from integrations.sandbox.messages import Json
from integrations.sandbox.zendesk_access import ZendeskAccess
from integrations.sandbox.zendesk_admin import AdminCenter
from integrations.sandbox.zendesk_conditions import Update
from integrations.sandbox.zendesk_people import GROUP, PEOPLE, REQUESTER, SERVICE_USER, WORKER
from integrations.sandbox.zendesk_search import SearchIndex
from integrations.sandbox.zendesk_tickets import (
    FieldValue,
    SandboxAudit,
    SandboxTicket,
    tidy_tags,
)
from integrations.sandbox.zendesk_update import Account, TicketField, update_ticket

NAME_FIELD, EMAIL_FIELD, DATE_FIELD = 7000000000011, 7000000000012, 7000000000013
_FIELDS = (
    TicketField(id=NAME_FIELD, title="Leaver's name"),
    TicketField(id=EMAIL_FIELD, title="Leaver's email address"),
    TicketField(id=DATE_FIELD, title="Leaving date", kind="date"),
)
_FIRST_ID = 6_200_000_000_001


class SandboxZendesk:
    """An account's tickets; each method does or shows what a person in Zendesk could do or see.

    Attributes:
        account: groups, ticket fields and settings, which tests may change.
        access: credentials and access tokens.
        admin: webhooks, and triggers, which really send them.
        search: the search's index, which may lag.
        webhook_secret: signs the webhooks that `deliver` sends.
        closes_after_seconds: how long after it was solved a ticket is closed, as by Zendesk's
            standard automation; None for never.
        url: where the sandbox listens; empty until it is started.
        lock: held while anything is read or changed.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.subdomain = "govuk-sandbox"
        self.webhook_secret = "sandbox-zendesk-webhook-secret"  # noqa: S105 - made up
        self.access = ZendeskAccess(clock=clock)
        self.search = SearchIndex()
        self.admin = AdminCenter(clock)
        self.url = ""
        self.reset()

    def reset(self) -> None:
        """Go back to an account without tickets, and to the settings that it began with."""
        with self.lock:
            ids = itertools.count(_FIRST_ID)
            self._tickets: dict[int, SandboxTicket] = {}
            self._next_ticket = itertools.count(4001)
            self.search.clear()
            self.admin.reset()
            self.search.lag_seconds = 0.0
            self.closes_after_seconds: float | None = None
            self.access.token_seconds = 1800.0
            self.access.may_write = True
            self.account = Account(
                groups_of={one.id: one.groups for one in PEOPLE if one.groups},
                next_id=ids.__next__,
                fields=list(_FIELDS),
            )

    def add_ticket(  # noqa: PLR0913 - one keyword for each thing a ticket holds
        self,
        *,
        subject: str = "Leaver",
        description: str = "",
        tags: Iterable[str] = ("leaver",),
        custom_fields: Mapping[int, FieldValue] | None = None,
        status: str = "open",
        assignee_id: int | None = None,
        group_id: int | None = GROUP,
        requester_id: int = REQUESTER,
        is_public: bool = True,
        ticket_id: int | None = None,
        priority: str | None = None,
        source_id: int | None = None,
    ) -> SandboxTicket:
        """Add a ticket, whose first comment is its description.

        Args:
            subject: see Zendesk's own attribute, as of all that is not named here.
            description: the first comment's text; the subject if it is empty.
            tags: see there.
            custom_fields: value by the field's id.
            status: see there.
            assignee_id: see there.
            group_id: see there.
            requester_id: who wrote it.
            is_public: whether the first comment is a public reply.
            ticket_id: None for the next number.
            priority: see there.
            source_id: the closed ticket that it is a follow-up of, or None.
        """
        with self.lock:
            now = self.clock.now()
            ticket = SandboxTicket(
                id=next(self._next_ticket) if ticket_id is None else ticket_id,
                subject=subject,
                description=description,
                requester_id=requester_id,
                submitter_id=requester_id,
                created_at=now,
                updated_at=now,
                tags=tidy_tags(list(tags)),
                custom_fields=dict(custom_fields or {}),
                assignee_id=assignee_id,
                group_id=group_id,
                priority=priority,
                is_public=is_public,
                source_id=source_id,
                source_subject=self._tickets[source_id].subject if source_id else "",
            )
            if source_id:
                self._tickets[source_id].followup_ids.append(ticket.id)
            self._tickets[ticket.id] = ticket
            first = {"comment": {"body": description or subject, "public": is_public}}
            update_ticket(ticket, first, account=self.account, by=requester_id, now=now)
            ticket.status = status
            ticket.solved_at = now if status == "solved" else None
            ticket.audits[0].events.insert(
                0,
                {
                    "id": self.account.next_id(),
                    "type": "Create",
                    "field_name": "subject",
                    "value": subject,
                },
            )
            self.search.clear_ticket(ticket.id)
            self.search.add(ticket, now)
            self.admin.fire(Update(ticket=ticket, by=requester_id, is_creation=True))
            return ticket

    def ticket(self, ticket_id: int) -> SandboxTicket:
        """Return a ticket as it is now; KeyError if there is none."""
        with self.lock:
            self._close_those_due()
            return self._tickets[ticket_id]

    def tickets(self) -> list[SandboxTicket]:
        """Return all tickets, in the order of their numbers."""
        with self.lock:
            self._close_those_due()
            return [self._tickets[number] for number in sorted(self._tickets)]

    def update(
        self, ticket_id: int, change: Mapping[str, Any], *, by: int = WORKER
    ) -> SandboxAudit | None:
        """Update a ticket as the API does, and return the audit; see `update_ticket`.

        Args:
            ticket_id: of the ticket.
            change: the attributes that change, as in the API's `ticket`.
            by: id of the user who makes the update.

        Raises:
            ZendeskRefusal: Zendesk refuses the update.
        """
        with self.lock:
            ticket = self.ticket(ticket_id)
            now = self.clock.now()
            audit = update_ticket(ticket, change, account=self.account, by=by, now=now)
            if audit:
                self.search.add(ticket, now)
                self.admin.fire(Update(ticket=ticket, by=by, is_creation=False))
            return audit

    def comment(
        self, ticket_id: int, body: str, *, public: bool = True, author: int = WORKER
    ) -> SandboxAudit | None:
        """Write a public reply or an internal note."""
        return self.update(ticket_id, {"comment": {"body": body, "public": public}}, by=author)

    def reply(self, ticket_id: int, body: str, *, author: int = REQUESTER) -> SandboxTicket:
        """Reply by e-mail as an end user, and return the ticket that holds the reply.

        A pending or solved ticket becomes open again; a reply to a closed one makes a follow-up.
        https://support.zendesk.com/hc/en-us/articles/4408894213018
        """
        with self.lock:
            ticket = self.ticket(ticket_id)
            if ticket.status == "closed":
                return self.follow_up(ticket_id, body, author=author)
            change: Json = {"comment": {"body": body, "public": True}}
            if ticket.status in ("pending", "solved"):
                change["status"] = "open"
            self.update(ticket_id, change, by=author)
            return ticket

    def follow_up(
        self, ticket_id: int, body: str, *, author: int = REQUESTER, **changes: Any
    ) -> SandboxTicket:
        """Make the follow-up of a closed ticket, which inherits its tags and fields.

        https://developer.zendesk.com/documentation/ticketing/managing-tickets/creating-and-updating-tickets/#creating-follow-up-tickets
        """
        with self.lock:
            source = self.ticket(ticket_id)
            if source.status != "closed":
                raise ValueError(f"ticket {ticket_id} is not closed")
            inherited: Json = {
                "subject": f"Re: {source.subject}",
                "tags": source.tags,
                "custom_fields": source.custom_fields,
                "group_id": source.group_id,
                "source_id": source.id,
                "status": "new",
            }
            return self.add_ticket(**inherited | changes, description=body, requester_id=author)

    def solve_by_hand(self, ticket_id: int, *, by: int = WORKER) -> None:
        """Take a ticket and solve it, as a person does."""
        self.update(ticket_id, {"status": "solved", "assignee_id": by, "group_id": GROUP}, by=by)

    def close(self, ticket_id: int) -> None:
        """Close a ticket, as Zendesk does some days after it was solved."""
        with self.lock:
            self._close(self._tickets[ticket_id])

    def _close_those_due(self) -> None:
        if self.closes_after_seconds is None:
            return
        due = self.clock.now() - timedelta(seconds=self.closes_after_seconds)
        for ticket in self._tickets.values():
            if ticket.status == "solved" and ticket.solved_at and ticket.solved_at <= due:
                self._close(ticket)

    def _close(self, ticket: SandboxTicket) -> None:
        ticket.status = "closed"
        ticket.updated_at = self.clock.now()
        self.search.add(ticket, ticket.updated_at)

    def delete(self, ticket_id: int) -> None:
        """Delete a ticket."""
        with self.lock:
            del self._tickets[ticket_id]
            self.search.clear_ticket(ticket_id)

    def found(self, query: str) -> list[int]:
        """Return the ids of the tickets that the search finds now, the newest first."""
        with self.lock:
            self._close_those_due()
            return self.search.find(query, self.clock.now())

    def expire_tokens(self) -> None:
        """Refuse every access token that was issued so far."""
        with self.lock:
            self.access.expire_tokens()

    def sign(self, body: bytes, timestamp: datetime | str | None = None) -> dict[str, str]:
        """Return the headers of a webhook; `timestamp` is the real present one if not given."""
        return zendesk_webhook.signed_headers(
            self.webhook_secret, body, timestamp or datetime.now(UTC)
        )

    def deliver(
        self, ticket_id: int, *, to: str, body: bytes | None = None
    ) -> zendesk_webhook.Delivery:
        """Send a trigger's signed webhook once, and return the response.

        Args:
            ticket_id: of the ticket.
            to: see `zendesk_webhook.post`.
            body: None for the one that our trigger sends.
        """
        content = zendesk_webhook.trigger_body(ticket_id) if body is None else body
        return zendesk_webhook.post(to, content, self.sign(content))

    def ticket_json(self, ticket: SandboxTicket) -> Json:
        """Return a ticket as the API shows it."""
        base = f"https://{self.subdomain}.zendesk.com"
        return ticket.as_json(base, [one.id for one in self.account.fields])

    @property
    def service_user(self) -> int:
        """The id of the user that the service's credentials belong to."""
        return SERVICE_USER
