"""The control API under ``/_sandbox/``: what tests in Python do to a sandbox, over HTTP.

It is for this machine only. A request that a browser sends for a page is refused, since a fault
may send a signal to a process. The first line of each handler's docstring is shown to callers.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from integrations.sandbox import fault_kinds
from integrations.sandbox.github_pull_shapes import pull_json
from integrations.sandbox.messages import Json, NotJsonError, Reply, Request, json_reply
from integrations.sandbox.routes import Routes
from integrations.sandbox.trello import COLLEAGUE
from integrations.sandbox.zendesk_tickets import SandboxTicket
from integrations.sandbox.zendesk_update import TicketField, ZendeskRefusal

if TYPE_CHECKING:
    from integrations.sandbox.sandbox import Sandbox

Handler = Callable[..., Reply]
_TICKET_KEYS = frozenset(
    {"subject", "description", "tags", "status", "assignee_id", "group_id", "requester_id"}
    | {"is_public", "ticket_id", "priority"}
)
_RULE_KEYS = frozenset({"vendor", "method", "path", "body", "times", "skip"})


class Control:
    """Answers in JSON; an error is ``{"detail": …}`` and says what is wrong with the request."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self._routes = self._made_routes()

    def __call__(self, request: Request) -> Reply:
        """Carry out a request, and return the reply."""
        if "origin" in request.headers:
            return _problem(403, "this is not for pages in a browser")
        try:
            return self._routes.answer(request) or _problem(404, "there is nothing at this path")
        except ZendeskRefusal as refused:
            return refused.reply
        except (NotJsonError, KeyError, TypeError, ValueError, OSError) as error:
            return _explained(error)

    def contents(self, _request: Request) -> Reply:
        """List all requests of the control API."""
        return json_reply(self._routes.described)

    def state(self, _request: Request) -> Reply:
        """Show all tickets, lists, cards and files, and how many requests were recorded."""
        sandbox = self._sandbox
        return json_reply(
            {
                "tickets": [self._ticket(one) for one in sandbox.zendesk.tickets()],
                "lists": [one.as_json() for one in sandbox.trello.lists()],
                "cards": [
                    sandbox.trello.card_json(one) for one in sandbox.trello.cards(templates=True)
                ],
                "head": sandbox.github.head,
                "files": sandbox.github.files(),
                "requests": len(sandbox.requests()),
            }
        )

    def settings(self, _request: Request) -> Reply:
        """Show the environment variables that connect a service."""
        return json_reply(self._sandbox.settings())

    def admin_settings(self, _request: Request) -> Reply:
        """Show the environment variables that let an administrator set up Zendesk."""
        return json_reply(self._sandbox.admin_settings())

    def reset(self, _request: Request) -> Reply:
        """Put everything back to the samples."""
        self._sandbox.reset()
        return json_reply({})

    def add_ticket(self, request: Request) -> Reply:
        """Add a ticket; `custom_fields` maps a field's id to its value."""
        sent = request.json()
        fields = {int(key): value for key, value in sent.pop("custom_fields", {}).items()}
        _refuse_unknown(sent, _TICKET_KEYS)
        ticket = self._sandbox.zendesk.add_ticket(**sent, custom_fields=fields)
        return json_reply(self._ticket(ticket), status=201)

    def show_ticket(self, _request: Request, ticket: str) -> Reply:
        """Show a ticket with its comments and audits."""
        return json_reply(self._ticket(self._sandbox.zendesk.ticket(int(ticket))))

    def deliver(self, request: Request, ticket: str) -> Reply:
        """Send the trigger's webhook; `to` is the service's address. Shows what came back."""
        delivery = self._sandbox.zendesk.deliver(int(ticket), to=str(request.json()["to"]))
        return json_reply({"status": delivery.status, "body": delivery.body})

    def comment(self, request: Request, ticket: str) -> Reply:
        """Comment on a ticket, as a person; `public` is true if it is not given."""
        sent = request.json()
        self._sandbox.zendesk.comment(
            int(ticket), str(sent["body"]), public=bool(sent.get("public", True))
        )
        return self.show_ticket(request, ticket)

    def solve(self, request: Request, ticket: str) -> Reply:
        """Solve a ticket, as a person."""
        self._sandbox.zendesk.solve_by_hand(int(ticket))
        return self.show_ticket(request, ticket)

    def close(self, request: Request, ticket: str) -> Reply:
        """Close a ticket, as Zendesk does some days after it was solved."""
        self._sandbox.zendesk.close(int(ticket))
        return self.show_ticket(request, ticket)

    def reply(self, request: Request, ticket: str) -> Reply:
        """Reply as an end user; shows the ticket that holds the reply, perhaps a follow-up."""
        made = self._sandbox.zendesk.reply(int(ticket), str(request.json()["body"]))
        return json_reply(self._ticket(made), status=201)

    def add_card(self, request: Request) -> Reply:
        """Make a card, as a person."""
        sent = request.json()
        _refuse_unknown(sent, frozenset({"name", "list_id", "desc", "due", "is_template"}))
        card = self._sandbox.trello.add_card(**sent)
        return json_reply(self._sandbox.trello.card_json(card), status=201)

    def archive(self, _request: Request, card: str) -> Reply:
        """Archive a card, as a person."""
        self._sandbox.trello.archive(card)
        return json_reply({})

    def delete_card(self, _request: Request, card: str) -> Reply:
        """Delete a card, as a person."""
        self._sandbox.trello.delete(card)
        return json_reply({})

    def move(self, request: Request, card: str) -> Reply:
        """Move a card to another list, as a person."""
        self._sandbox.trello.move(card, list_id=str(request.json()["list_id"]))
        return json_reply({})

    def comment_card(self, request: Request, card: str) -> Reply:
        """Comment on a card, as a person."""
        self._sandbox.trello.comment(card, str(request.json()["text"]), member_id=COLLEAGUE)
        return json_reply({})

    def complete(self, _request: Request, card: str) -> Reply:
        """Mark a card's due date as complete, as a person."""
        self._sandbox.trello.complete(card)
        return json_reply({})

    def tick(self, request: Request, card: str) -> Reply:
        """Tick the first `items` items of a card's checklists; all if no number is given."""
        self._sandbox.trello.tick(card, items=request.json().get("items"))
        return json_reply({})

    def put_file(self, request: Request) -> Reply:
        """Push a file to the default branch, as a person."""
        sent = request.json()
        commit = self._sandbox.github.put_file(str(sent["path"]), str(sent["text"]))
        return json_reply({"head": commit.sha})

    def delete_file(self, request: Request) -> Reply:
        """Push the removal of a file, as a person."""
        commit = self._sandbox.github.delete_file(str(request.parameters()["path"]))
        return json_reply({"head": commit.sha})

    def list_pulls(self, _request: Request) -> Reply:
        """List all pull requests, and what a token tried that the service must never do."""
        pulls = self._sandbox.github.pulls
        shown = [pull_json(self._sandbox.github, one) for one in pulls.all.values()]
        return json_reply(
            {
                "pulls": shown,
                "refused_base_writes": pulls.refused_base_writes,
                "forbidden_acts": pulls.forbidden_acts,
            }
        )

    def act_on_pull(self, request: Request, number: str, act: str) -> Reply:
        """Merge, close, approve, edit or push to a pull request, as a person."""
        sent, pulls = request.json(), self._sandbox.github.pulls
        acts: dict[str, Callable[..., object]] = {
            "merge": pulls.merge,
            "close": pulls.close,
            "approve": pulls.approve,
            "edit": pulls.edit,
            "push": pulls.push,
        }
        with self._sandbox.github.lock:
            acts[act](int(number), **sent)
        return self.list_pulls(request)

    def add_fault(self, request: Request) -> Reply:
        """Add a fault: its kind, and the requests that it affects."""
        sent = request.json()
        fault = fault_kinds.fault_of(sent.pop("fault"))
        _refuse_unknown(sent, _RULE_KEYS)
        self._sandbox.faults.add(fault=fault, **sent)
        return self.list_faults(request)

    def list_faults(self, _request: Request) -> Reply:
        """List the faults, how often each has happened (`struck`), and all kinds of fault."""
        rules = self._sandbox.faults.all()
        keys = sorted(_RULE_KEYS | {"struck"})
        return json_reply(
            {
                "faults": [{key: getattr(rule, key) for key in keys} for rule in rules],
                "kinds": sorted(fault_kinds.KINDS),
            }
        )

    def clear_faults(self, _request: Request) -> Reply:
        """Remove all faults."""
        self._sandbox.faults.clear()
        return json_reply({})

    def list_requests(self, request: Request) -> Reply:
        """List the requests that the vendors received, without bodies and headers."""
        recorded = self._sandbox.requests(request.query.get("vendor"))
        return json_reply(
            {
                "requests": [
                    {
                        "vendor": one.vendor,
                        "method": one.method,
                        "path": one.path,
                        "query": one.query,
                        "status": one.status,
                        "at": one.at.isoformat(),
                    }
                    for one in recorded
                ]
            }
        )

    def clear_requests(self, _request: Request) -> Reply:
        """Forget the recorded requests."""
        self._sandbox.clear_requests()
        return json_reply({})

    def change_options(self, request: Request) -> Reply:
        """Change the vendors' settings by name; shows the names of all of them."""
        for name, value in request.json().items():
            self._options()[name](value)
        return json_reply({"options": sorted(self._options())})

    def _options(self) -> dict[str, Callable[[Any], object]]:
        sandbox = self._sandbox
        zendesk, trello, github = sandbox.zendesk, sandbox.trello, sandbox.github
        return {
            "assigns_on_solve": lambda on: setattr(zendesk.account, "assigns_on_solve", on),
            "required_field": lambda title: zendesk.account.fields.append(
                TicketField(id=zendesk.account.next_id(), title=title, required_to_solve=True)
            ),
            "search_lag_seconds": lambda value: setattr(zendesk.search, "lag_seconds", value),
            "closes_after_seconds": lambda value: setattr(zendesk, "closes_after_seconds", value),
            "token_seconds": lambda value: setattr(zendesk.access, "token_seconds", value),
            "may_write_tickets": lambda on: setattr(zendesk.access, "may_write", on),
            "expire_tokens": lambda _on: zendesk.expire_tokens(),
            "copies_are_templates": lambda on: setattr(trello, "copies_are_templates", on),
            "may_write_cards": lambda on: setattr(trello, "may_write", on),
            "may_read_repository": lambda on: setattr(github, "may_read", on),
            "renamed_from": lambda name: setattr(github, "renamed_from", name),
            "pull_request_lag_seconds": lambda value: setattr(github.pulls, "lag_seconds", value),
            "pull_request_rights": lambda rights: setattr(github, "pull_request_rights", rights),
            "drafts_are_supported": lambda on: setattr(github.pulls, "drafts_are_supported", on),
            "protected_branches": lambda names: setattr(github.pulls, "protected", set(names)),
            "repository_is_private": lambda on: setattr(github, "is_private", on),
            "truncates_trees": lambda on: setattr(github, "truncates_trees", on),
            "limits": lambda on: sandbox.limits.enforce(on=on),
            "advance_seconds": lambda value: sandbox.clock.advance(seconds=value),
        }

    def _ticket(self, ticket: SandboxTicket) -> Json:
        return self._sandbox.zendesk.ticket_json(ticket) | {
            "comments": [one.as_json() for one in ticket.comments],
            "audits": [one.as_json() for one in ticket.audits],
        }

    def _made_routes(self) -> Routes:
        routes = Routes()
        for method, path, handler in (
            ("GET", "", self.contents),
            ("GET", "state", self.state),
            ("GET", "settings", self.settings),
            ("GET", "admin_settings", self.admin_settings),
            ("POST", "reset", self.reset),
            ("PATCH", "options", self.change_options),
            ("POST", "tickets", self.add_ticket),
            ("GET", "tickets/{ticket}", self.show_ticket),
            ("POST", "tickets/{ticket}/deliver", self.deliver),
            ("POST", "tickets/{ticket}/comment", self.comment),
            ("POST", "tickets/{ticket}/solve", self.solve),
            ("POST", "tickets/{ticket}/close", self.close),
            ("POST", "tickets/{ticket}/reply", self.reply),
            ("POST", "cards", self.add_card),
            ("DELETE", "cards/{card}", self.delete_card),
            ("POST", "cards/{card}/archive", self.archive),
            ("POST", "cards/{card}/move", self.move),
            ("POST", "cards/{card}/comment", self.comment_card),
            ("POST", "cards/{card}/complete", self.complete),
            ("POST", "cards/{card}/tick", self.tick),
            ("PUT", "files", self.put_file),
            ("DELETE", "files", self.delete_file),
            ("GET", "pulls", self.list_pulls),
            ("POST", "pulls/{number}/{act}", self.act_on_pull),
            ("GET", "faults", self.list_faults),
            ("POST", "faults", self.add_fault),
            ("DELETE", "faults", self.clear_faults),
            ("GET", "requests", self.list_requests),
            ("DELETE", "requests", self.clear_requests),
        ):
            routes.add(method, f"/_sandbox/{path}", handler)
        return routes


def _refuse_unknown(sent: Json, known: frozenset[str]) -> None:
    if unknown := sorted(set(sent) - known):
        raise ValueError(f"unknown: {', '.join(unknown)}; known: {', '.join(sorted(known))}")


def _explained(error: Exception) -> Reply:
    match error:
        case NotJsonError():
            return _problem(422, "the body must be a JSON object")
        case KeyError():
            return _problem(404, f"there is no {error.args[0]}")
        case OSError():
            return _problem(502, f"nobody answered: {error.strerror or type(error).__name__}")
        case _:
            return _problem(422, str(error))


def _problem(status: int, detail: str) -> Reply:
    return json_reply({"detail": detail}, status=status)
