"""`DAILY_LIMIT`: what goes beyond it waits for a person, and says so."""

from integrations.sandbox import Sandbox
from service.domain import wording
from tests.conftest import RunCommand, StartService
from tests.support.database import Database
from tests.support.tickets import ADA, BENEDICT, ELENA, NOBODY, Who, add_ticket, cards_of, writes


def test_more_cards_than_the_days_limit_wait_for_a_person_and_nothing_is_written(
    start_service: StartService, sandbox: Sandbox
) -> None:
    service = start_service(DAILY_LIMIT="2")
    for who in (ADA, ELENA):
        assert service.process_ticket(add_ticket(sandbox, who).id)["state"] == "done"
    third = add_ticket(sandbox, BENEDICT)
    sandbox.clear_requests()

    leaver = service.process_ticket(third.id)

    assert (leaver["state"], leaver["outcome"], leaver["reason"]) == (
        "needs_person",
        None,
        wording.daily_limit(2).text,
    )
    assert leaver["entry"]["name"] == BENEDICT.name
    assert (writes(sandbox), third.status, third.notes) == ([], "open", [])


def test_an_operators_rerun_goes_through_beyond_the_limit(
    start_service: StartService, sandbox: Sandbox
) -> None:
    service = start_service(DAILY_LIMIT="0")
    ticket = add_ticket(sandbox, ADA)
    assert service.process_ticket(ticket.id)["state"] == "needs_person"

    leaver = service.rerun(ticket.id)

    assert (leaver["state"], leaver["outcome"], ticket.status) == ("done", "tech_card", "solved")
    assert len(cards_of(sandbox, ticket)) == 1


def test_notes_that_ask_count_too(start_service: StartService, sandbox: Sandbox) -> None:
    service = start_service(DAILY_LIMIT="1")
    service.process_ticket(add_ticket(sandbox, ADA, leaving=None).id)
    second = add_ticket(sandbox, BENEDICT, leaving=None)

    leaver = service.process_ticket(second.id)

    assert leaver["state"] == "needs_person"
    assert leaver["reason"].endswith(wording.daily_limit(1).text)
    assert (second.notes, second.tags) == ([], ["leaver"])


def test_solved_tickets_without_a_card_count_too(
    start_service: StartService, sandbox: Sandbox
) -> None:
    service = start_service(DAILY_LIMIT="1")
    service.process_ticket(add_ticket(sandbox, NOBODY).id)
    second = add_ticket(sandbox, NOBODY)

    assert service.process_ticket(second.id)["state"] == "needs_person"
    assert second.status == "open"


def test_two_workers_count_together(start_service: StartService, sandbox: Sandbox) -> None:
    first, second = (start_service(DAILY_LIMIT="1") for _ in range(2))
    tickets = [add_ticket(sandbox, who) for who in (ADA, ELENA, BENEDICT)]
    for ticket, service in zip(tickets, (first, second, first), strict=True):
        service.deliver(ticket.id)

    states = sorted(first.wait_for(ticket.id)["state"] for ticket in tickets)

    assert states == ["done", "needs_person", "needs_person"]
    assert sum(len(cards_of(sandbox, ticket)) for ticket in tickets) == 1


def test_what_a_vendor_clearly_refused_is_not_counted(
    start_service: StartService, sandbox: Sandbox
) -> None:
    service = start_service(DAILY_LIMIT="1")
    sandbox.trello.may_write = False
    assert service.process_ticket(add_ticket(sandbox, ADA).id)["state"] == "failed"
    sandbox.trello.may_write = True

    leaver = service.process_ticket(add_ticket(sandbox, ELENA).id)

    assert leaver["state"] == "done"


def test_what_waits_for_the_limit_alone_goes_on_with_the_earliest_date_first(
    start_service: StartService, sandbox: Sandbox, database: Database, run_leavers: RunCommand
) -> None:
    service = start_service(DAILY_LIMIT="0")
    later = add_ticket(sandbox, ADA, leaving="20 December 2026")
    sooner = add_ticket(sandbox, ELENA, leaving="18 December 2026")
    question = add_ticket(sandbox, Who(name="Sam Taylor"), leaving="22 December 2026")
    waiting = [service.process_ticket(each.id) for each in (later, sooner, question)]
    no_room = run_leavers("sweep", DAILY_LIMIT="0").stdout
    service.terminate()
    service = start_service(DAILY_LIMIT="1")

    one_fits = run_leavers("sweep", DAILY_LIMIT="1").stdout
    first = service.wait_for(sooner.id, "done")
    full = run_leavers("sweep", DAILY_LIMIT="1").stdout
    database.run("UPDATE writes SET day = day - 1")
    run_leavers("sweep", DAILY_LIMIT="1")
    second = service.wait_for(later.id, "done")

    codes = [leaver["reason_code"] for leaver in waiting]
    assert codes[:2] == ["daily_limit", "daily_limit"]
    assert codes[2] != "daily_limit"
    assert [text.partition("daily limit: ")[2][0] for text in (no_room, one_fits, full)] == [
        "0",
        "1",
        "0",
    ]
    assert (first["outcome"], second["outcome"]) == ("non_tech_card", "tech_card")
    assert service.leaver(question.id)["state"] == "needs_person"
