"""A copy that lands on the board later than anybody looks."""

from collections.abc import Iterator
from threading import Event

import pytest

from integrations.sandbox import Sandbox, faults
from integrations.sandbox.faults import Fault
from integrations.sandbox.zendesk_tickets import SandboxTicket
from tests.conftest import StartService
from tests.support.database import Database
from tests.support.processes import PATIENCE
from tests.support.running import Service, events_of, wait_until
from tests.support.tickets import ADA, add_ticket, cards_of


@pytest.fixture
def service(start_service: StartService) -> Service:
    return start_service(REQUEST_TIMEOUT_SECONDS="2", SWEEP_EVERY_SECONDS="0")


@pytest.fixture
def may_land(sandbox: Sandbox) -> Iterator[Event]:
    """Set when the first copy, long given up by the service, may land on the board."""
    may_land = Event()
    late = Fault(before=lambda: may_land.wait(PATIENCE))
    sandbox.faults.add(fault=late, vendor="trello", method="POST", path="/1/cards$")
    yield may_land
    may_land.set()


def give_up_waiting(service: Service, database: Database, ticket: SandboxTicket) -> None:
    """Let the service send its copy, get no answer, and wait for as long as it may land."""
    service.deliver(ticket.id)
    service.wait_for(ticket.id, "queued", event="retry_planned")
    database.hurry()
    database.let_cards_land()


def test_a_copy_without_an_answer_is_waited_for_before_the_board_is_looked_at_again(
    service: Service, sandbox: Sandbox, database: Database, may_land: Event
) -> None:
    ticket = add_ticket(sandbox, ADA)
    service.deliver(ticket.id)
    service.wait_for(ticket.id, "queued", event="retry_planned")
    database.hurry()
    wait_until(lambda: "may still land" in (service.leaver(ticket.id)["reason"] or ""))

    looks = [each for each in sandbox.requests("trello") if each.path.endswith("/cards/open")]
    may_land.set()
    wait_until(lambda: bool(cards_of(sandbox, ticket)))
    database.let_cards_land()
    leaver = service.wait_for(ticket.id, "done")

    assert len(looks) == 1
    assert [card.url for card in cards_of(sandbox, ticket)] == [leaver["card_url"]]
    assert len(ticket.notes) == 1


def test_of_two_cards_the_older_stays_if_a_late_one_lands_just_before_ours(
    service: Service, sandbox: Sandbox, database: Database, may_land: Event
) -> None:
    ticket = add_ticket(sandbox, ADA)

    def land() -> None:
        may_land.set()
        wait_until(lambda: bool(cards_of(sandbox, ticket)))

    sandbox.faults.add(fault=faults.runs(land), vendor="trello", method="POST", path="/1/cards$")
    give_up_waiting(service, database, ticket)
    leaver = service.wait_for(ticket.id, "done")

    older, ours = sorted(cards_of(sandbox, ticket), key=lambda card: card.id)
    assert (older.closed, ours.closed) == (False, True)
    assert (leaver["card_url"], older.url in ticket.notes[0].body) == (older.url, True)
    assert ("spare_card_archived", ours.url) in details_of(leaver)


def test_a_card_that_lands_when_all_is_done_is_archived_by_the_next_run(
    service: Service, sandbox: Sandbox, database: Database, may_land: Event
) -> None:
    ticket = add_ticket(sandbox, ADA)
    give_up_waiting(service, database, ticket)
    done = service.wait_for(ticket.id, "done")
    late_card = landed(sandbox, ticket, may_land)

    leaver = service.rerun(ticket.id)

    open_cards = [card.url for card in cards_of(sandbox, ticket) if not card.closed]
    assert (open_cards, leaver["card_url"]) == ([done["card_url"]], done["card_url"])
    assert ("spare_card_archived", late_card) in details_of(leaver)
    assert len(ticket.notes) == 1


def test_a_late_card_that_somebody_works_on_is_left_open_and_recorded(
    service: Service, sandbox: Sandbox, database: Database, may_land: Event
) -> None:
    ticket = add_ticket(sandbox, ADA)
    give_up_waiting(service, database, ticket)
    service.wait_for(ticket.id, "done")
    late_card = landed(sandbox, ticket, may_land)
    sandbox.clock.advance(seconds=3600)
    sandbox.trello.comment(late_card.rpartition("/")[2], "AWS access is gone.")

    leaver = service.rerun(ticket.id)

    assert [card.closed for card in cards_of(sandbox, ticket)] == [False, False]
    assert "spare_card_left_open" in events_of(leaver)


def landed(sandbox: Sandbox, ticket: SandboxTicket, may_land: Event) -> str:
    """Let the late card land, and return its link."""
    (ours,) = cards_of(sandbox, ticket)
    may_land.set()
    wait_until(lambda: len(cards_of(sandbox, ticket)) == 2)
    (late,) = [card for card in cards_of(sandbox, ticket) if card.id != ours.id]
    return late.url


def details_of(leaver: dict[str, object]) -> list[tuple[str, str]]:
    history = leaver["history"]
    assert isinstance(history, list)
    return [(line["event"], line["detail"]) for line in history]
