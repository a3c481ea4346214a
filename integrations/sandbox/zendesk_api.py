"""The sandbox's Zendesk over HTTP: paths, paging, credentials and errors."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from integrations.sandbox.limits import ZendeskLimits
from integrations.sandbox.messages import Json, NotJsonError, Reply, Request, json_reply
from integrations.sandbox.routes import Routes
from integrations.sandbox.zendesk import SandboxZendesk
from integrations.sandbox.zendesk_admin_api import PATHS as ADMIN_PATHS
from integrations.sandbox.zendesk_admin_api import ZendeskAdminApi
from integrations.sandbox.zendesk_paging import (
    MAX_PAGE,
    cursor_page,
    offset_page,
    page,
    positive,
)
from integrations.sandbox.zendesk_people import ADMIN, GROUPS, PEOPLE, SERVICE_USER, anonymous
from integrations.sandbox.zendesk_tickets import SandboxTicket, tidy_tags
from integrations.sandbox.zendesk_update import PERMITTED, ZendeskRefusal

# https://developer.zendesk.com/api-reference/ticketing/ticket-management/search/#results-limits
_SEARCH_CAP = 1000


class ZendeskApi:
    """Answers requests to the account's API."""

    def __init__(self, zendesk: SandboxZendesk, limits: ZendeskLimits) -> None:
        self._zendesk = zendesk
        self._limits = limits
        self._routes = _routes(self)
        self._admin = ZendeskAdminApi(zendesk.admin, self._base)

    def __call__(self, request: Request) -> Reply:
        """Return the reply to a request, if no fault strikes it."""
        plain = Request(
            method=request.method,
            path=request.path.removesuffix(".json"),
            query=request.query,
            headers=request.headers,
            body=request.body,
        )
        with self._zendesk.lock:
            try:
                return self._answer(plain)
            except ZendeskRefusal as refused:
                return refused.reply
            except NotJsonError:
                body = {"error": "Unprocessable Entity", "message": "Server could not parse JSON"}
                return json_reply(body, status=422)

    def _answer(self, request: Request) -> Reply:
        if request.path == "/oauth/tokens" and request.method == "POST":
            return self._zendesk.access.give_token(request)
        is_admin = self._zendesk.access.is_admin(request)
        is_let_in = self._zendesk.access.is_let_in(request)
        if request.path == "/api/v2/users/me":
            me = ADMIN if is_admin else SERVICE_USER
            return json_reply({"user": self._user(me) if is_let_in else anonymous()})
        if not is_let_in:
            return json_reply({"error": "Couldn't authenticate you"}, status=401)
        if request.path.startswith(ADMIN_PATHS) and not is_admin:
            raise self._zendesk.access.refuse()
        self._zendesk.access.check_right(request)
        limited, headers = self._limits.take(request.method, request.path)
        found = limited or self._routes.answer(request) or self._admin.answer(request)
        reply = found or _not_found("InvalidEndpoint")
        return reply.with_headers(headers)

    def show_ticket(self, request: Request, ticket: str) -> Reply:
        """Show a ticket, with its users if they are asked for."""
        found = self._find(ticket)
        body: Json = {"ticket": self._zendesk.ticket_json(found)}
        return json_reply(body | self._users(request, [found.requester_id, found.assignee_id]))

    def show_many(self, request: Request) -> Reply:
        """Show several tickets; unknown ones are left out."""
        numbers = request.query.get("ids", "").split(",")
        if len(numbers) > MAX_PAGE:
            body = {
                "error": "TooManyValues",
                "description": "Parameter  cannot specify more than 100 values",
                "max_count": 100,
            }
            return json_reply(body, status=400)
        known = [one for one in self._zendesk.tickets() if str(one.id) in numbers]
        return json_reply(offset_page(self._base, request, "tickets", self._shown(known)))

    def list_tickets(self, request: Request) -> Reply:
        """List all tickets, or those with an external id."""
        wanted = request.query.get("external_id")
        found = [
            one for one in self._zendesk.tickets() if wanted is None or one.external_id == wanted
        ]
        return json_reply(page(self._base, request, "tickets", self._shown(found)))

    def update_ticket(self, request: Request, ticket: str) -> Reply:
        """Update a ticket, wholly or not at all."""
        found = self._find(ticket)
        change = request.json().get("ticket")
        if not isinstance(change, dict):
            body = {"error": "ParameterMissing", "description": "Parameter ticket is required"}
            return json_reply(body, status=400)
        audit = self._zendesk.update(found.id, change, by=SERVICE_USER)
        reply: Json = {"ticket": self._zendesk.ticket_json(found)}
        if audit:
            reply["audit"] = audit.as_json()
        return json_reply(reply, headers=_warnings(change))

    def comments(self, request: Request, ticket: str) -> Reply:
        """List a ticket's comments, oldest first unless the request wants them otherwise."""
        found = self._find(ticket)
        items = [comment.as_json() for comment in found.comments]
        if request.query.get("sort", request.query.get("sort_order", "")) in (
            "-created_at",
            "desc",
        ):
            items.reverse()
        shown = page(self._base, request, "comments", items)
        return json_reply(shown | self._users(request, [one["author_id"] for one in items]))

    def audits(self, request: Request, ticket: str) -> Reply:
        """List a ticket's audits, oldest first."""
        items = [audit.as_json() for audit in self._find(ticket).audits]
        return json_reply(page(self._base, request, "audits", items))

    def show_tags(self, _request: Request, ticket: str) -> Reply:
        """Show a ticket's tags."""
        return json_reply({"tags": self._find(ticket).tags})

    def change_tags(self, request: Request, ticket: str) -> Reply:
        """Change a ticket's tags: PUT adds some, POST replaces all, DELETE removes some.

        https://developer.zendesk.com/documentation/ticketing/managing-tickets/adding-tags-to-tickets-without-overwriting-existing-tags/
        """
        found = self._find(ticket)
        sent = request.json()
        tags = set(tidy_tags(sent.get("tags")))
        match request.method:
            case "PUT":
                wanted = set(found.tags) | tags
            case "POST":
                wanted = tags
            case _:
                wanted = set(found.tags) - tags
        change: Json = {"tags": sorted(wanted)}
        change |= {name: sent[name] for name in ("safe_update", "updated_stamp") if name in sent}
        self._zendesk.update(found.id, change, by=SERVICE_USER)
        return json_reply({"tags": found.tags}, status=201 if request.method == "POST" else 200)

    def search(self, request: Request) -> Reply:
        """Show a page, by its number, of the first thousand results of a search."""
        number = positive(request.query.get("page"), 1)
        size = min(positive(request.query.get("per_page"), MAX_PAGE), MAX_PAGE)
        if (number - 1) * size >= _SEARCH_CAP:
            body = {
                "error": "invalid",
                "description": "Invalid search: Requested response size was greater than Search "
                "Response Limits",
            }
            return json_reply(body, status=422)
        return json_reply(
            {**offset_page(self._base, request, "results", self._found(request)), "facets": None}
        )

    def export(self, request: Request) -> Reply:
        """Show a page, by its cursor, of all results of a search."""
        return json_reply(
            {"facets": None, **cursor_page(self._base, request, "results", self._found(request))}
        )

    def fields(self, request: Request) -> Reply:
        """List the account's ticket fields."""
        items = [
            {
                "id": one.id,
                "url": f"{self._base}/api/v2/ticket_fields/{one.id}.json",
                "type": one.kind,
                "title": one.title,
                "raw_title": one.title,
                "description": "",
                "active": True,
                "required": one.required_to_solve,
                "position": place,
                "removable": True,
            }
            for place, one in enumerate(self._zendesk.account.fields)
        ]
        return json_reply(page(self._base, request, "ticket_fields", items))

    def field(self, request: Request, field: str) -> Reply:
        """Show a ticket field."""
        for item in self.fields(request).json()["ticket_fields"]:
            if str(item["id"]) == field:
                return json_reply({"ticket_field": item})
        return _not_found("RecordNotFound")

    def groups(self, request: Request) -> Reply:
        """List the account's groups."""
        items = [
            {"id": number, "url": f"{self._base}/api/v2/groups/{number}.json", "name": name}
            for number, name in GROUPS.items()
        ]
        return json_reply(page(self._base, request, "groups", items))

    def memberships(self, request: Request, user: str = "") -> Reply:
        """List which agent is in which group."""
        items = [
            {"id": agent + place, "user_id": agent, "group_id": group, "default": place == 0}
            for agent, groups in self._zendesk.account.groups_of.items()
            for place, group in enumerate(groups)
            if user in ("", str(agent))
        ]
        return json_reply(page(self._base, request, "group_memberships", items))

    def show_user(self, _request: Request, user: str) -> Reply:
        """Show a user."""
        if user.isdigit() and any(one.id == int(user) for one in PEOPLE):
            return json_reply({"user": self._user(int(user))})
        return _not_found("RecordNotFound")

    @property
    def _base(self) -> str:
        return f"https://{self._zendesk.subdomain}.zendesk.com"

    def _find(self, number: str) -> SandboxTicket:
        try:
            return self._zendesk.ticket(int(number))
        except (KeyError, ValueError):
            raise ZendeskRefusal(_not_found("RecordNotFound")) from None

    def _found(self, request: Request) -> list[Json]:
        numbers = self._zendesk.found(request.query.get("query", ""))
        shown = self._shown([self._zendesk.ticket(number) for number in numbers])
        return [{**one, "result_type": "ticket"} for one in shown]

    def _shown(self, tickets: Sequence[SandboxTicket]) -> list[Json]:
        return [self._zendesk.ticket_json(one) for one in tickets]

    def _user(self, number: int) -> Json:
        return next(one for one in PEOPLE if one.id == number).as_json(self._base)

    def _users(self, request: Request, numbers: Sequence[int | None]) -> Json:
        if "users" not in request.query.get("include", ""):
            return {}
        return {"users": [one.as_json(self._base) for one in PEOPLE if one.id in numbers]}


class _Route(NamedTuple):
    method: str
    path: str
    handler: Any


def _routes(api: ZendeskApi) -> Routes:
    routes = Routes()
    for route in (
        _Route("GET", "/tickets/show_many", api.show_many),
        _Route("GET", "/tickets", api.list_tickets),
        _Route("GET", "/tickets/{ticket}", api.show_ticket),
        _Route("PUT", "/tickets/{ticket}", api.update_ticket),
        _Route("GET", "/tickets/{ticket}/comments", api.comments),
        _Route("GET", "/tickets/{ticket}/audits", api.audits),
        _Route("GET", "/tickets/{ticket}/tags", api.show_tags),
        _Route("PUT", "/tickets/{ticket}/tags", api.change_tags),
        _Route("POST", "/tickets/{ticket}/tags", api.change_tags),
        _Route("DELETE", "/tickets/{ticket}/tags", api.change_tags),
        _Route("GET", "/search", api.search),
        _Route("GET", "/search/export", api.export),
        _Route("GET", "/ticket_fields", api.fields),
        _Route("GET", "/ticket_fields/{field}", api.field),
        _Route("GET", "/groups", api.groups),
        _Route("GET", "/group_memberships", api.memberships),
        _Route("GET", "/users/{user}/group_memberships", api.memberships),
        _Route("GET", "/users/{user}", api.show_user),
    ):
        routes.add(route.method, f"/api/v2{route.path}", route.handler)
    return routes


def _warnings(change: Json) -> dict[str, str]:
    unknown = sorted(set(change) - PERMITTED)
    if not unknown:
        return {}
    keys = ", ".join(f'"ticket.{key}"' for key in unknown)
    return {
        "x-zendesk-api-warn": "Removed restricted keys from parameters: "
        f"{{:unpermitted_keys=>[{keys}]}}"
    }


def _not_found(error: str) -> Reply:
    return json_reply({"error": error, "description": "Not found"}, status=404)
