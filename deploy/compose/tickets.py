"""The demo of Compose's profile `sandbox`: its tickets are made, sent, and shown at their end.

Usage: tickets.py SANDBOX SERVICE, both as addresses that sandbox and service know each other by.
"""

import sys
import time
from datetime import date, timedelta
from typing import Any

import requests

from integrations.sandbox.sandbox import OPERATORS
from integrations.sandbox.zendesk import DATE_FIELD, EMAIL_FIELD, NAME_FIELD
from service.commands.demo_tickets import DEMO_TICKETS, DemoTicket

FIELDS = {"name": NAME_FIELD, "email": EMAIL_FIELD, "date": DATE_FIELD}
END_WITHIN = 120


def main() -> int:
    """Show every ticket of the demo but the one whose answer is lost on the way."""
    sandbox, service = sys.argv[1:]
    shown = [ticket for ticket in DEMO_TICKETS if not ticket.fault]
    ended = [_ended(sandbox, service, ticket) for ticket in shown]
    for ticket, leaver in zip(shown, ended, strict=True):
        said = leaver["card_url"] or leaver["reason"] or ""
        end = f"{leaver['state']} {leaver['outcome'] or ''}".strip()
        sys.stdout.write(f"{leaver['ticket_id']}  {end:<20}  {ticket.about}\n      {said}\n")
    sys.stdout.write(
        "\nTickets and board: http://127.0.0.1:8001/   The service: http://127.0.0.1:8010/\n"
        f"To sign in: {OPERATORS['alice']}\n"
    )
    expected = [(ticket.state, ticket.outcome) for ticket in shown]
    return 0 if [(one["state"], one["outcome"]) for one in ended] == expected else 1


def _ended(sandbox: str, service: str, ticket: DemoTicket) -> dict[str, Any]:
    leaving = date.today() + timedelta(days=30)  # noqa: DTZ011 - any day soon will do
    values = {"date": leaving.isoformat()}
    made = _ask(
        f"{sandbox}/_sandbox/tickets",
        {
            "subject": "Leaver",
            "description": ticket.text(leaving) or "-",
            "tags": list(ticket.tags),
            "status": "closed" if ticket.is_closed else "open",
            "custom_fields": {
                str(FIELDS[name]): value.format(**values) for name, value in ticket.fields.items()
            },
        },
    )
    _ask(f"{sandbox}/_sandbox/tickets/{made['id']}/deliver", {"to": service})
    leaver = _end(service, made["id"])
    if ticket.answer:
        in_tech = next(
            one["id"] for one in leaver["candidates"] if one["file"].endswith("_tech.yml")
        )
        body = {
            key: in_tech if said == "the one in tech" else said
            for key, said in ticket.answer.items()
        }
        _ask(f"{service}/leavers/{made['id']}/rerun", body)
        leaver = _end(service, made["id"])
    return leaver


def _end(service: str, ticket_id: int) -> dict[str, Any]:
    ends_at = time.monotonic() + END_WITHIN
    while True:
        leaver = _ask(f"{service}/leavers/{ticket_id}")
        if leaver["state"] not in {"queued", "running"} or time.monotonic() > ends_at:
            return leaver
        time.sleep(0.2)


def _ask(url: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    token = {"Authorization": f"Bearer {OPERATORS['alice']}"} if "/leavers/" in url else {}
    method = "GET" if body is None else "POST"
    answer = requests.request(method, url, json=body, headers=token, timeout=30)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


if __name__ == "__main__":
    sys.exit(main())
