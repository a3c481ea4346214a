"""The door to Zendesk: read a ticket, change it in one update, find leaver tickets."""

import threading
from collections.abc import Callable
from datetime import date
from itertools import islice
from typing import Any, TypeVar

import zenpy
from zenpy.lib.api_objects import Comment as ZenpyComment
from zenpy.lib.api_objects import Ticket as ZenpyTicket
from zenpy.lib.exception import APIException, ZenpyException

from integrations.http.failures import unreadable
from integrations.http.json_values import ODD_SHAPE
from integrations.http.session import CallPolicy, Lease, Vendor, VendorSession, quieten_libraries
from integrations.zendesk.errors import (
    SYSTEM,
    NoSuchRecord,
    TicketClosed,
    TicketMoved,
    closed,
    explain,
    wrong_credentials,
)
from integrations.zendesk.login import OAuthClient, OAuthLogin
from integrations.zendesk.values import (
    FoundTicket,
    found_from_zendesk,
    id_from_zendesk,
    note_html,
    ticket_from_zendesk,
    update_for_zendesk,
)
from service.domain.ticket import Ticket
from service.domain.ticket_updates import TicketChange
from service.domain.wording import PROCESSED_TAG

__all__ = ["OAuthClient", "TicketClosed", "TicketMoved", "Zendesk"]

T = TypeVar("T")

# https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#update-ticket
_MOST_COMMENTS = 5_000
# https://developer.zendesk.com/api-reference/ticketing/ticket-management/search/#results-limits
_MOST_FOUND = 1_000


class Zendesk:
    """One account; safe to use from many threads."""

    def __init__(
        self, client: OAuthClient, *, subdomain: str, url: str | None, policy: CallPolicy
    ) -> None:
        """Build it; nothing is asked yet.

        Args:
            client: whose access tokens are used.
            subdomain: ``govuk`` for govuk.zendesk.com.
            url: where requests are really sent; None for the account itself.
            policy: how every call is made.
        """
        quieten_libraries()
        # In lower case, as it stands in every URL that comes back.
        self._subdomain = subdomain.lower()
        origin = f"https://{self._subdomain}.zendesk.com"
        where = Vendor(system=SYSTEM, origin=origin, url=url or origin, explain=explain)
        login = OAuthLogin(client, origin=origin, url=where.url, policy=policy)
        self._session = VendorSession(where, policy, login)
        self._of_thread = threading.local()
        self._me: int | None = None

    def ticket(self, ticket_id: int) -> Ticket | None:
        """Read a ticket with all its comments, or None if there is none."""
        try:
            raw = self._ask("read a ticket", lambda api: api.tickets(id=ticket_id).to_dict())
            if raw.get("status") == "deleted":
                return None
            return self._ask("read comments", lambda api: _with_comments(api, raw, ticket_id))
        except NoSuchRecord:
            return None

    def me(self) -> int:
        """Return the service's own user id, asked once; it fails if the credentials are wrong."""
        if self._me is None:
            self._me = self._ask("look up the service's user", lambda api: _own_id(api.users.me()))
        return self._me

    def change_ticket(self, ticket: Ticket, change: TicketChange, *, lease: Lease) -> None:
        """Carry out a change in one update, unless the ticket has changed since it was read.

        Args:
            ticket: as it was read.
            change: what is changed.
            lease: see `integrations.http.policy.Call`.

        Raises:
            TicketMoved: it has; it may have been an update of ours whose reply was lost.
            TicketClosed: it can't be changed any more.
        """
        if ticket.status == "closed":
            raise closed(SYSTEM)
        update = update_for_zendesk(ticket, change)
        if change.solve and ticket.assignee_id is None:
            update["assignee_id"] = self.me()
            if ticket.group_id is not None:
                # An assignee alone moves the ticket to a group of theirs.
                update["group_id"] = ticket.group_id
        if change.note:
            update["comment"] = ZenpyComment(html_body=note_html(change.note), public=False)
        self._ask(
            "update a ticket",
            # A fresh object each time: one whose update failed may be sent without its changes.
            lambda api: _check(api.tickets.update(ZenpyTicket(id=ticket.id, **update)), ticket.id),
            lease=lease,
        )

    def search_leavers(self, tag: str) -> tuple[int, ...]:
        """Return unsolved tickets with the tag that are not processed; the index may lag."""
        query = f"type:ticket status<solved tags:{tag} -tags:{PROCESSED_TAG}"
        return tuple(found.id for found in self._search(query))

    def search_reopened(self, tag: str) -> tuple[FoundTicket, ...]:
        """Return processed tickets that are unsolved again, and follow-ups of processed ones."""
        return self._search(f"type:ticket status<solved tags:{tag} tags:{PROCESSED_TAG}")

    def search_changed(self, tag: str, *, since: date) -> tuple[FoundTicket, ...]:
        """Return solved tickets that were processed, and changed since a day by anybody."""
        solved = f"type:ticket status:solved tags:{tag} tags:{PROCESSED_TAG}"
        return self._search(f"{solved} updated>={since.isoformat()}")

    def _search(self, query: str) -> tuple[FoundTicket, ...]:
        return self._ask(
            "search for leaver tickets",
            lambda api: tuple(
                found_from_zendesk(found.to_dict())
                for found in islice(api.search(query), _MOST_FOUND)
            ),
        )

    def _ask(self, operation: str, ask: Callable[[Any], T], *, lease: Lease | None = None) -> T:
        """Call zenpy; whatever it makes of an odd response becomes one typed error."""
        with self._session.calling(operation, lease=lease) as call:
            try:
                return ask(self._api())
            except (ZenpyException, APIException, *ODD_SHAPE):
                pass  # Raised below, so that our error does not carry zenpy's, with the response.
            raise unreadable(call)

    def _api(self) -> Any:
        """Return this thread's own zenpy: a shared one loses updates."""
        if not hasattr(self._of_thread, "api"):
            self._of_thread.api = zenpy.Zenpy(
                subdomain=self._subdomain, session=self._session, disable_cache=True
            )
        return self._of_thread.api


def _with_comments(api: Any, raw: dict[str, Any], ticket_id: int) -> Ticket:
    found = api.tickets.comments(ticket_id)
    if found.object_type not in {"comment", "comments"}:
        # zenpy lists whatever it finds in a response; no comments there is not "no comments".
        raise ValueError("not comments")
    comments = [comment.to_dict() for comment in islice(found, _MOST_COMMENTS)]
    ticket = ticket_from_zendesk(raw, comments)
    if ticket.id != ticket_id:
        raise ValueError("another ticket")
    return ticket


def _own_id(user: Any) -> int:
    number = user.to_dict()["id"]
    if number is None:
        raise wrong_credentials()
    return id_from_zendesk(number)


def _check(response: Any, ticket_id: int) -> None:
    """Make sure that the response to an update is one: it has the ticket, and perhaps an audit."""
    raw = response.to_dict()
    if raw.get("ticket", raw).get("id") != ticket_id:
        raise ValueError("another ticket")
