"""`leavers pilot`: a dry run beside what people did."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.samples import NON_TECH_TEMPLATE, TECH_TEMPLATE
from integrations.sandbox.zendesk_people import WORKER
from integrations.sandbox.zendesk_tickets import SandboxTicket
from tests.conftest import RunCommand, StartService
from tests.support.running import Service
from tests.support.tickets import (
    ADA,
    BENEDICT,
    ELENA,
    GRACE,
    IMOGEN,
    NOBODY,
    Who,
    add_ticket,
    link_of,
    writes,
)

DUE = datetime(2026, 12, 18, 17, tzinfo=UTC)
Report = Callable[..., Any]


@pytest.fixture
def dry(start_service: StartService) -> Service:
    return start_service(DRY_RUN="1")


@pytest.fixture
def report(run_leavers: RunCommand) -> Report:
    def run(*arguments: str) -> list[dict[str, Any]]:
        ended = run_leavers("pilot", "--format", "json", *arguments, DRY_RUN="1")
        assert (ended.exit_code(), ended.stderr) == (0, "")
        found: list[dict[str, Any]] = json.loads(ended.stdout)
        return found

    return run


def by_hand(
    sandbox: Sandbox,
    ticket: SandboxTicket,
    *,
    name: str,
    template: str = TECH_TEMPLATE,
    due: datetime | None = DUE,
    desc: str = "",
) -> None:
    """People copy a template themselves, and solve the ticket."""
    source = sandbox.trello.card(template)
    card = sandbox.trello.add_card(
        name=name,
        list_id=sandbox.trello.lists()[0].id,
        desc=desc,
        due=due.isoformat() if due else None,
    )
    card.checklists = list(source.checklists)
    sandbox.zendesk.solve_by_hand(ticket.id, by=WORKER)


def summary(rows: list[dict[str, Any]]) -> dict[int, tuple[str, list[str]]]:
    return {row["ticket_id"]: (row["verdict"], row["differences"]) for row in rows}


def test_each_ticket_is_compared_with_what_people_did(
    dry: Service, report: Report, sandbox: Sandbox
) -> None:
    whos = (ADA, BENEDICT, IMOGEN, ELENA, GRACE, NOBODY)
    tickets = [add_ticket(sandbox, who) for who in whos]
    unclear = add_ticket(sandbox, Who(name="Sam Taylor"))
    for ticket in (*tickets, unclear):
        dry.process_ticket(ticket.id)
    same, link, other, none, waiting, nobody = tickets
    by_hand(sandbox, same, name="Leaver: ada  ARCHER")
    by_hand(sandbox, link, name="A leaver", desc=f"See {link_of(sandbox, link)}")
    late = DUE.replace(day=21)
    by_hand(sandbox, other, name="Imogen Fairweather", template=NON_TECH_TEMPLATE, due=late)
    for ticket in (none, nobody):
        sandbox.zendesk.solve_by_hand(ticket.id)
    sandbox.clear_requests()

    rows = report()

    assert summary(rows) == {
        same.id: ("agrees", []),
        link.id: ("agrees", []),
        other.id: ("differs", ["another template", "another due date"]),
        none.id: ("differs", ["people made no card"]),
        waiting.id: ("not done yet", []),
        nobody.id: ("agrees", []),
        unclear.id: ("would have asked", []),
    }
    assert writes(sandbox) == []


def test_a_row_has_both_sides(dry: Service, report: Report, sandbox: Sandbox) -> None:
    ticket = add_ticket(sandbox, ADA)
    dry.process_ticket(ticket.id)
    by_hand(sandbox, ticket, name="Leaver: Ada Archer", due=None)

    (row,) = report()

    url = row.pop("card_url")
    assert url.startswith("https://trello.com/c/")
    assert row == {
        "ticket_id": ticket.id,
        "verdict": "differs",
        "differences": ["no due date"],
        "would": "card",
        "would_template": "tech",
        "would_due": "2026-12-18T17:00:00+00:00",
        "ticket_status": "solved",
        "card_list": sandbox.trello.lists()[0].name,
        "card_template": "tech",
        "card_due": None,
    }


def test_no_form_of_the_report_names_anybody(
    dry: Service, run_leavers: RunCommand, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA)
    dry.process_ticket(ticket.id)
    by_hand(sandbox, ticket, name="Leaver: Ada Archer")

    said = [run_leavers("pilot", "--format", form).stdout for form in ("text", "csv", "json")]

    assert [str(ticket.id) in each for each in said] == [True, True, True]
    assert [word for word in ("ada", "archer") if word in "".join(said).casefold()] == []


def test_text_and_csv_say_the_same(dry: Service, run_leavers: RunCommand, sandbox: Sandbox) -> None:
    ticket = add_ticket(sandbox, ADA)
    dry.process_ticket(ticket.id)

    text = run_leavers("pilot").stdout
    (row,) = csv.DictReader(io.StringIO(run_leavers("pilot", "--format", "csv").stdout))

    assert text == (
        f"{ticket.id}: not done yet\n"
        "  service: a card from the tech template, due 2026-12-18 17:00; ticket solved\n"
        "  people:  no card; ticket open\n"
        "1 leaver: 0 agrees, 0 differs, 0 would have asked, 1 not done yet\n"
    )
    assert (row["ticket_id"], row["verdict"], row["ticket_status"]) == (
        str(ticket.id),
        "not done yet",
        "open",
    )


def test_leavers_that_were_done_in_earnest_are_not_in_it(
    start_service: StartService, report: Report, sandbox: Sandbox
) -> None:
    start_service().process_ticket(add_ticket(sandbox, ADA).id)

    assert report() == []
