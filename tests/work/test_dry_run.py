"""`DRY_RUN`: nothing is written, what would have been is shown, and nothing is lost afterwards."""

import pytest

from integrations.sandbox import Sandbox
from service.domain import wording
from service.domain.history import HistoryEvent, SweepReason
from service.domain.history_words import detail_of
from tests.conftest import StartService
from tests.support.running import Service, events_of
from tests.support.tickets import ADA, BENEDICT, NOBODY, add_ticket, cards_of, writes


@pytest.fixture
def dry(start_service: StartService) -> Service:
    return start_service(DRY_RUN="true")


def test_a_dry_run_shows_what_it_would_do_and_writes_nothing(
    dry: Service, sandbox: Sandbox
) -> None:
    ada, nobody = add_ticket(sandbox, ADA), add_ticket(sandbox, NOBODY)
    unclear = add_ticket(sandbox, BENEDICT, leaving=None)

    card, none, question = (dry.process_ticket(each.id) for each in (ada, nobody, unclear))
    rerun = dry.rerun(ada.id)

    assert (card["state"], card["outcome"], card["card_url"]) == ("done", "tech_card", None)
    assert card["reason"] == (
        "Dry run: nothing was written. The service would have copied the template for a tech role, "
        "due on 18 December 2026 at 17:00, and solved the ticket with a note that links to the "
        "card."
    )
    assert rerun["reason"] == card["reason"]
    assert events_of(card) == ["received", "dry_run"]
    assert (none["outcome"], none["reason"]) == ("no_access", wording.NO_ACCESS_IN_DRY_RUN.text)
    assert (question["state"], question["history"][-1]["detail"]) == (
        "needs_person",
        wording.QUESTION_IN_DRY_RUN,
    )
    assert (writes(sandbox), ada.status, ada.tags) == ([], "open", ["leaver"])


def test_after_the_dry_run_the_next_webhook_does_the_work(
    dry: Service, start_service: StartService, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA)
    dry.process_ticket(ticket.id)
    dry.terminate()
    service = start_service()
    service.deliver(ticket.id)

    leaver = service.wait_for(ticket.id, "done", event="done")

    assert (leaver["reason"], ticket.status) == (None, "solved")
    assert len(cards_of(sandbox, ticket)) == 1


def test_after_the_dry_run_a_sweep_finds_all_that_was_left(
    dry: Service, start_service: StartService, sandbox: Sandbox
) -> None:
    done, asked = add_ticket(sandbox, ADA), add_ticket(sandbox, NOBODY, leaving=None)
    for ticket in (done, asked):
        dry.process_ticket(ticket.id)
    dry.terminate()
    service = start_service(SWEEP_EVERY_SECONDS="1")

    leavers = [service.wait_for(ticket.id, "done", event="done") for ticket in (done, asked)]

    details = [line["detail"] for leaver in leavers for line in leaver["history"]]
    is_over = detail_of(HistoryEvent.RECEIVED, {"why": SweepReason.DRY_RUN_IS_OVER}, {})
    assert details.count(is_over) == 2
    assert "leavers_missed_webhooks_total 0.0" in service.get("/metrics").text
    assert (done.status, asked.status) == ("solved", "solved")


def test_a_ticket_that_people_solved_during_the_dry_run_is_left_to_them(
    dry: Service, start_service: StartService, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA)
    dry.process_ticket(ticket.id)
    sandbox.zendesk.solve_by_hand(ticket.id)
    dry.terminate()
    service = start_service()
    service.deliver(ticket.id)

    leaver = service.wait_for(ticket.id, "done", event="set_aside")

    assert (leaver["outcome"], leaver["reason"]) == ("set_aside", wording.SOLVED_BY_HAND.text)
    assert cards_of(sandbox, ticket) == []
