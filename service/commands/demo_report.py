"""How the demo's tickets ended, in words that a newcomer understands."""

import sys
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from integrations.sandbox.trello_cards import SandboxCard
from integrations.sandbox.zendesk_tickets import SandboxTicket
from service.commands.demo_tickets import DemoTicket

LOCAL = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One ticket at its end: as expected, as the service has it, and as the vendors have it."""

    expected: DemoTicket
    leaver: dict[str, Any]
    ticket: SandboxTicket
    card: SandboxCard | None
    list_name: str

    @property
    def problems(self) -> list[str]:
        """What is not as expected, if anything."""
        compared = {
            "state": (self.leaver["state"], self.expected.state),
            "outcome": (self.leaver["outcome"], self.expected.outcome),
            "ticket": (self.ticket.status, self.expected.status),
            "card": (self.card.name if self.card else None, self.expected.card),
        }
        wrong = [
            f"{what} is {found}, expected {wanted}"
            for what, (found, wanted) in compared.items()
            if found != wanted
        ]
        if len(self.ticket.notes) != self._expected_notes:
            wrong.append(f"{len(self.ticket.notes)} notes, expected {self._expected_notes}")
        return wrong

    @property
    def _expected_notes(self) -> int:
        if self.expected.is_closed or self.expected.outcome == "set_aside":
            return 0
        return 2 if self.expected.answer else 1


def print_report(shown: list[Shown]) -> bool:
    """Print every ticket; return whether all are as expected."""
    lines = ["", "What came of each ticket", "========================", ""]
    for one in shown:
        lines += [*_lines(one), ""]
    wrong = sum(bool(one.problems) for one in shown)
    cards = len({one.card.id for one in shown if one.card})
    lines.append(
        f"{len(shown)} tickets, {cards} cards; "
        + (f"{wrong} not as expected." if wrong else "all of them as expected.")
    )
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
    return not wrong


def _lines(one: Shown) -> list[str]:
    rows = [
        ("found", _found(one.leaver)),
        ("card", _card(one)),
        ("ticket", f"{one.ticket.status}, tags: {' '.join(one.ticket.tags)}"),
        *(("note", " ".join(note.body.split())) for note in one.ticket.notes),
        *(("went wrong", fault) for fault in [one.expected.fault] if fault),
        *(("NOT EXPECTED", problem) for problem in one.problems),
    ]
    title = f"Ticket {one.ticket.id}  {one.expected.about}"
    return [title, *(f"  {name:<12} {text}" for name, text in rows)]


def _found(leaver: dict[str, Any]) -> str:
    if leaver["entry"]:
        return f"{leaver['entry']['name']}, in {leaver['entry']['file']}"
    if leaver["outcome"] == "no_access":
        return "nobody in the access lists"
    if leaver["candidates"]:
        names = "; ".join(f"{one['name']} ({one['file']})" for one in leaver["candidates"])
        return f"a person is asked: {leaver['reason']} Candidates: {names}"
    return leaver["reason"] or "nothing"


def _card(one: Shown) -> str:
    if one.card is None:
        return "none"
    due = "no due date"
    if one.card.due:
        at = datetime.fromisoformat(one.card.due).astimezone(LOCAL)
        due = f"due {at.day} {at:%B %Y} at {at:%H:%M}"
    return f"{one.card.name}, in “{one.list_name}”, {due}, {one.card.url}"
