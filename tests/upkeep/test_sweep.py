"""The sweep: what slipped through is found, tried again or recorded, and nothing else changes."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from integrations.sandbox import Sandbox, faults
from integrations.sandbox.zendesk_tickets import SandboxTicket
from service.domain.cards import Card
from service.domain.errors import TransientError
from service.domain.history import HistoryEvent, PersonsChange
from service.domain.history_words import detail_of
from service.records.sweep_queries import Finished
from service.upkeep.sweep import changes_by_people
from tests.conftest import RunCommand, StartService
from tests.support.database import Database
from tests.support.lists import put_lists
from tests.support.removal import removals_service
from tests.support.running import WITHOUT_DAILY_LIMIT, Service, events_of, wait_until
from tests.support.tickets import ADA, ELENA, NOBODY, Who, add_ticket, cards_of, writes

SAM = Who(name="Sam Taylor")
DUE = datetime(2026, 12, 18, 17, tzinfo=UTC)
MOVED = DUE + timedelta(days=28)


@pytest.fixture
def service(start_service: StartService) -> Service:
    """A service that sweeps only on request."""
    return start_service(**WITHOUT_DAILY_LIMIT, RETRY_FOR_SECONDS="0")


def searches(sandbox: Sandbox) -> int:
    return sum("/search" in request.path for request in sandbox.requests("zendesk"))


def test_a_ticket_whose_webhook_was_lost_is_received_as_if_it_had_come(
    service: Service, sandbox: Sandbox, run_leavers: RunCommand
) -> None:
    ticket = add_ticket(sandbox, ADA)
    known = add_ticket(sandbox, Who(name="Sam Taylor"))
    service.process_ticket(known.id)

    swept = run_leavers("sweep")

    leaver = service.wait_for(ticket.id)
    assert (swept.wait(), swept.stdout.splitlines()[0]) == (0, "received: 1")
    assert (leaver["state"], leaver["history"][0]["by"]) == ("done", "the sweep")
    assert service.leaver(known.id)["state"] == "needs_person"


def test_a_running_service_finds_what_came_in_during_an_outage(
    start_service: StartService, sandbox: Sandbox
) -> None:
    tickets = [add_ticket(sandbox, who) for who in (ADA, ELENA, NOBODY)]

    service = start_service(SWEEP_EVERY_SECONDS="1")

    for ticket in tickets:
        wait_until(partial(_is_known, service, ticket.id))
        assert service.wait_for(ticket.id)["state"] == "done"


def test_one_of_several_workers_sweeps_and_none_if_it_is_turned_off(
    start_service: StartService, sandbox: Sandbox
) -> None:
    off = start_service(**WITHOUT_DAILY_LIMIT)
    off.process_ticket(add_ticket(sandbox, ADA).id)
    without = searches(sandbox)

    sweeping = WITHOUT_DAILY_LIMIT | {"SWEEP_EVERY_SECONDS": "3600"}
    services = [start_service(**sweeping) for _ in range(3)]
    for service in services:
        service.process_ticket(add_ticket(sandbox, NOBODY).id)

    # One for unsolved tickets, one for those that were opened again.
    assert (without, searches(sandbox)) == (0, 3)


def test_what_failed_for_a_passing_reason_is_tried_again_hourly_for_a_week(
    service: Service, sandbox: Sandbox, database: Database, run_leavers: RunCommand
) -> None:
    ticket = add_ticket(sandbox, ADA)
    down = sandbox.faults.add(fault=faults.unavailable(), path="/cards/open", times=None)
    failed = service.process_ticket(ticket.id)

    too_early = run_leavers("sweep").stdout
    _went_by(database, "updated_at = updated_at - interval '61 minutes'")
    again = run_leavers("sweep").stdout
    service.wait_for(ticket.id, "failed")
    _went_by(database, "updated_at = updated_at - interval '61 minutes'")
    _has_been_failing_for(database, "8 days")
    too_late = run_leavers("sweep").stdout

    assert (failed["state"], "again and again" in failed["reason"]) == ("failed", True)
    assert [text.partition("again: ")[2][0] for text in (too_early, again, too_late)] == [
        "0",
        "1",
        "0",
    ]
    assert down.struck == 2


def test_the_hourly_try_is_one_try_and_does_not_set_the_clock_back(
    start_service: StartService, sandbox: Sandbox, database: Database, run_leavers: RunCommand
) -> None:
    service = start_service(**WITHOUT_DAILY_LIMIT, RETRY_FOR_SECONDS="86400")
    ticket = add_ticket(sandbox, ADA)
    down = sandbox.faults.add(fault=faults.unavailable(), path="/cards/open", times=None)
    service.deliver(ticket.id)
    service.wait_for(ticket.id, "queued", event="retry_planned")
    _has_been_failing_for(database, "25 hours")
    database.hurry()
    failed = service.wait_for(ticket.id, "failed")
    tried, after = [down.struck], failed

    for _ in range(2):
        _went_by(database, "updated_at = updated_at - interval '61 minutes'")
        assert "to be tried again: 1" in run_leavers("sweep").stdout
        after = service.wait_for(ticket.id, "failed", "done")
        tried.append(down.struck)

    assert [count - tried[0] for count in tried] == [0, 1, 2]
    assert events_of(after).count("retry_planned") == events_of(failed).count("retry_planned")
    assert events_of(after).count("failed") == 3
    ((hours,),) = database.run(
        "SELECT extract(hour FROM now() - failing_since)::int + 24 *"
        " extract(day FROM now() - failing_since)::int FROM runs"
    )
    assert hours == 25


def test_a_ticket_that_a_person_has_just_solved_is_set_aside(
    service: Service, sandbox: Sandbox, run_leavers: RunCommand
) -> None:
    solved, waiting = add_ticket(sandbox, SAM), add_ticket(sandbox, SAM)
    for ticket in (solved, waiting):
        service.process_ticket(ticket.id)
    sandbox.zendesk.solve_by_hand(solved.id)

    run_leavers("sweep")
    leaver = service.wait_for(solved.id, "done")

    assert (leaver["outcome"], service.leaver(waiting.id)["state"]) == ("set_aside", "needs_person")
    assert "sweep" not in " ".join(one["by"] for one in service.leaver(waiting.id)["history"])


def test_what_failed_for_a_lasting_reason_is_not_tried_again(
    service: Service, sandbox: Sandbox, database: Database, run_leavers: RunCommand
) -> None:
    sandbox.trello.may_write = False
    service.process_ticket(add_ticket(sandbox, ADA).id)
    _went_by(database, "updated_at = updated_at - interval '61 minutes'")

    assert "to be tried again: 0" in run_leavers("sweep").stdout


def _archive(sandbox: Sandbox, ticket: SandboxTicket) -> None:
    sandbox.trello.archive(cards_of(sandbox, ticket)[0].id)


def _delete(sandbox: Sandbox, ticket: SandboxTicket) -> None:
    sandbox.trello.delete(cards_of(sandbox, ticket)[0].id)


def _give_another_date(sandbox: Sandbox, ticket: SandboxTicket) -> None:
    cards_of(sandbox, ticket)[0].due = "2026-12-20T09:00:00.000Z"


def _make_a_second_card(sandbox: Sandbox, ticket: SandboxTicket) -> None:
    (card,) = cards_of(sandbox, ticket)
    sandbox.trello.add_card(name=card.name, desc=card.desc, due=card.due, list_id=card.list_id)


def _reopen(sandbox: Sandbox, ticket: SandboxTicket) -> None:
    sandbox.zendesk.update(ticket.id, {"status": "open"})


@pytest.mark.parametrize(
    ("change", "reported"),
    [
        (_archive, PersonsChange.CARD_MISSING),
        (_delete, PersonsChange.CARD_MISSING),
        (_give_another_date, PersonsChange.CARD_DUE_CHANGED),
        (_make_a_second_card, PersonsChange.CARD_TWICE),
    ],
)
def test_what_people_changed_is_recorded_once_and_left_as_it_is(
    service: Service,
    sandbox: Sandbox,
    run_leavers: RunCommand,
    change: object,
    reported: PersonsChange,
) -> None:
    ticket = add_ticket(sandbox, ADA)
    service.process_ticket(ticket.id)
    assert callable(change)
    change(sandbox, ticket)
    sandbox.clear_requests()

    outputs = [run_leavers("sweep").stdout for _ in range(2)]

    leaver = service.leaver(ticket.id)
    counted = [line for text in outputs for line in text.splitlines() if "changed by" in line]
    assert counted == ["changed by somebody: 1", "changed by somebody: 0"]
    assert events_of(leaver).count("changed_by_person") == 1
    said = detail_of(HistoryEvent.CHANGED_BY_PERSON, {"what": reported}, {})
    assert (leaver["history"][-1]["detail"], leaver["state"]) == (said, "done")
    assert writes(sandbox) == []


@pytest.mark.parametrize(
    ("marks", "due", "found"),
    [
        # Ticket 2 follows ticket 1, so that the card has no mark of its own for it.
        ("1", DUE, {}),
        ("12", DUE, {}),
        # An operator moved the card by a run of one of the two.
        ("12", MOVED, {}),
        ("12", None, dict.fromkeys((1, 2), PersonsChange.CARD_DUE_CHANGED)),
        (None, None, dict.fromkeys((1, 2), PersonsChange.CARD_MISSING)),
    ],
)
def test_of_a_card_that_two_tickets_share_only_what_people_changed_is_reported(
    marks: str | None, due: datetime | None, found: dict[int, PersonsChange]
) -> None:
    dues = {1: DUE, 2: MOVED}
    finished = [
        Finished(ticket_id=number, card_id="abc", card_due=set_due, is_before_due=True)
        for number, set_due in dues.items()
    ]
    desc = "\n".join(
        f"Zendesk ticket: https://govuk.zendesk.com/agent/tickets/{number}"
        for number in marks or ""
    )
    card = Card(id="abc", url="https://trello.com/c/abc", name="Leaver", desc=desc, due=due)

    assert changes_by_people(finished, [card] if marks else []) == found


def test_a_reopened_ticket_that_no_webhook_brought_is_read_again_once(
    service: Service, sandbox: Sandbox, run_leavers: RunCommand
) -> None:
    ticket = add_ticket(sandbox, ADA)
    service.process_ticket(ticket.id)
    _reopen(sandbox, ticket)

    run_leavers("sweep")
    wait_until(lambda: "nothing_new" in events_of(service.leaver(ticket.id)))
    run_leavers("sweep")

    assert events_of(service.leaver(ticket.id)).count("nothing_new") == 1
    assert (service.leaver(ticket.id)["state"], ticket.status) == ("done", "open")


def test_later_words_that_no_webhook_brought_are_asked_about(
    service: Service, sandbox: Sandbox, run_leavers: RunCommand
) -> None:
    commented, closed = add_ticket(sandbox, ADA), add_ticket(sandbox, ELENA)
    for ticket in (commented, closed):
        service.process_ticket(ticket.id)
    sandbox.clock.advance(seconds=5)
    sandbox.zendesk.comment(commented.id, "She is staying after all", public=False)
    sandbox.zendesk.close(closed.id)
    follow_up = sandbox.zendesk.reply(closed.id, "She is staying after all")

    run_leavers("sweep")
    asked = [service.wait_for(each.id, "needs_person") for each in (commented, follow_up)]
    run_leavers("sweep")

    assert [one["reason_code"] for one in asked] == ["stays", "stays"]
    assert [len(each.notes) for each in (commented, follow_up)] == [3, 1]
    assert service.leaver(commented.id)["state"] == "needs_person"


def test_nobody_is_looked_at_after_the_date_if_that_is_turned_off(
    service: Service, sandbox: Sandbox, run_leavers: RunCommand
) -> None:
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    ticket = add_ticket(sandbox, ADA, leaving=yesterday.isoformat())
    service.process_ticket(ticket.id)

    off = run_leavers("sweep", AFTER_DATE="false").wait()
    turned_off = service.leaver(ticket.id)["after_date"]
    on = run_leavers("sweep").wait()

    assert (off, turned_off) == (0, None)
    assert (on, service.leaver(ticket.id)["after_date"]) == (0, "still_listed")


def test_a_sweep_says_with_its_exit_code_what_went_wrong(
    sandbox: Sandbox, run_leavers: RunCommand
) -> None:
    sandbox.faults.add(fault=faults.unavailable(), path="/search")
    passing = run_leavers("sweep")
    lasting = run_leavers("sweep", ZENDESK_CLIENT_SECRET="another")

    assert (passing.wait(), lasting.wait()) == (3, 1)
    assert "Zendesk" in passing.stderr
    assert "ZENDESK_CLIENT_SECRET" in lasting.stderr


def test_a_card_that_cannot_be_read_now_keeps_no_pull_request_back(
    sandbox: Sandbox, environment: dict[str, str]
) -> None:
    put_lists(sandbox)
    with removals_service(sandbox, environment) as removals:
        removals.add_leaver(7)
        archived = removals.add_leaver(8, "Benedict Okonkwo")
        sandbox.trello.archive(archived.id)
        path = f"/cards/{archived.id}$"
        sandbox.faults.add(fault=faults.fails(502), vendor="trello", path=path, times=None)

        with pytest.raises(TransientError, match="Trello"):
            asyncio.run(removals.service.sweep.sweep())

        assert removals.state(7) == ("open", None)


def _is_known(service: Service, ticket_id: int) -> bool:
    return service.get(f"/leavers/{ticket_id}").status_code == 200


def _has_been_failing_for(database: Database, more: str) -> None:
    database.run("UPDATE runs SET failing_since = failing_since - %s::interval", more)


def _went_by(database: Database, assignments: str) -> None:
    database.run(f"UPDATE leavers SET {assignments}")  # noqa: S608 - our own words
