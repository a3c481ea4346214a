"""Retries: growing, jittered, never sooner than asked, and at no other ticket's cost."""

import pytest

from integrations.sandbox import Sandbox, faults
from integrations.sandbox.zendesk_tickets import SandboxTicket
from service.domain.errors import TransientError
from service.domain.reasons import ReasonCode
from service.work.attempt import FIRST_PAUSE, LONGEST_PAUSE, pause_before_try
from tests.conftest import RunCommand, StartService
from tests.support.crowd import crowd, list_crowd
from tests.support.database import Database
from tests.support.running import WITHOUT_DAILY_LIMIT, Service, events_of, wait_until
from tests.support.tickets import ADA, ELENA, add_ticket, cards_of

DAY = 86_400.0


@pytest.mark.parametrize(("drawn", "part"), [(0.0, 0.5), (1.0, 1.0)])
def test_pauses_grow_to_a_limit_and_are_jittered(drawn: float, part: float) -> None:
    failure = TransientError("Trello", "It is down.", code=ReasonCode.TRELLO_FAILING)

    pauses = [pause_before_try(n, failure, left=DAY, draw=lambda: drawn) for n in range(1, 12)]

    grown = [min(FIRST_PAUSE * 2**n, LONGEST_PAUSE) * part for n in range(11)]
    assert pauses == grown


@pytest.mark.parametrize("asked", [1.0, 30.0, 7200.0])
def test_a_pause_is_never_shorter_than_the_vendor_asks(asked: float) -> None:
    failure = TransientError(
        "Trello", "It is down.", code=ReasonCode.TRELLO_FAILING, retry_after=asked
    )

    pauses = [pause_before_try(n, failure, left=DAY, draw=lambda: 0.0) for n in range(1, 12)]

    assert min(pauses) >= asked


def test_what_a_vendor_asks_for_holds_across_a_crash(
    start_service: StartService, sandbox: Sandbox, database: Database
) -> None:
    service = start_service(**WITHOUT_DAILY_LIMIT)
    ticket, other = add_ticket(sandbox, ADA), add_ticket(sandbox, ELENA)
    path = f"/tickets/{ticket.id}"
    sandbox.faults.add(fault=faults.unavailable(600), vendor="zendesk", path=path)
    service.deliver(ticket.id)
    waiting = service.wait_for(ticket.id, "queued", event="retry_planned")
    wait_until(lambda: _has_waiting_job(database))
    service.kill()
    service.restart()

    service.process_ticket(other.id)

    asked = [one for one in sandbox.requests("zendesk") if path in one.path]
    database.hurry()
    service.wait_for(ticket.id, "done")
    assert len(asked) == 1
    assert waiting["reason"].startswith("Zendesk: ")
    assert waiting["history"][-1]["detail"].endswith(waiting["reason"])


def _has_waiting_job(database: Database) -> bool:
    return database.run("SELECT 1 FROM procrastinate_jobs WHERE status = 'todo'") != []


def _put_off_for_ten_minutes(
    start_service: StartService, sandbox: Sandbox
) -> tuple[Service, SandboxTicket]:
    service = start_service(**WITHOUT_DAILY_LIMIT)
    ticket = add_ticket(sandbox, ADA)
    sandbox.faults.add(fault=faults.unavailable(600), vendor="github")
    service.deliver(ticket.id)
    service.wait_for(ticket.id, "queued", event="retry_planned")
    return service, ticket


def test_what_an_operator_asks_for_does_not_wait_for_an_earlier_pause(
    start_service: StartService, sandbox: Sandbox, database: Database
) -> None:
    service, ticket = _put_off_for_ten_minutes(start_service, sandbox)
    # The operator's own run fails once, too: it must not come to stand behind the first one.
    sandbox.faults.add(fault=faults.fails(500), vendor="github")

    service.post(f"/leavers/{ticket.id}/rerun")
    leaver = service.wait_for(ticket.id, "done")

    assert events_of(leaver).count("retry_planned") == 2
    assert database.jobs() <= 1


def test_an_operators_next_try_does_not_wait_for_a_run_whose_end_was_stored_late(
    start_service: StartService, sandbox: Sandbox, database: Database
) -> None:
    service, ticket = _put_off_for_ten_minutes(start_service, sandbox)
    wait_until(lambda: _has_waiting_job(database))
    sandbox.faults.add(fault=faults.fails(500), vendor="github")

    # The operator asks after the run was put off, and before its job was.
    database.run("UPDATE procrastinate_jobs SET status = 'doing'")
    service.post(f"/leavers/{ticket.id}/rerun")
    database.run("UPDATE procrastinate_jobs SET status = 'todo' WHERE status = 'doing'")

    assert events_of(service.wait_for(ticket.id, "done")).count("retry_planned") == 2


def test_the_shell_does_not_wait_for_a_job_that_nobody_runs(
    start_service: StartService, run_leavers: RunCommand, sandbox: Sandbox
) -> None:
    web = start_service(works=False, **WITHOUT_DAILY_LIMIT)
    ticket = add_ticket(sandbox, ADA)
    web.deliver(ticket.id)

    ended = run_leavers("process", str(ticket.id))

    assert (ended.exit_code(), ticket.status) == (0, "solved")


def test_githubs_limit_holds_for_all_tickets(start_service: StartService, sandbox: Sandbox) -> None:
    service = start_service(**WITHOUT_DAILY_LIMIT)
    sandbox.faults.add(fault=faults.github_rate_limit(), vendor="github", times=None)
    tickets = [add_ticket(sandbox, who) for who in crowd(6)]
    service.deliver(tickets[0].id)
    service.wait_for(tickets[0].id, "queued", event="retry_planned")
    asked = len(sandbox.requests("github"))

    for ticket in tickets[1:]:
        service.deliver(ticket.id)
    for ticket in tickets[1:]:
        service.wait_for(ticket.id, "queued", event="retry_planned")

    assert len(sandbox.requests("github")) == asked


def test_a_ticket_that_is_stuck_holds_no_other_up(
    start_service: StartService, sandbox: Sandbox
) -> None:
    service = start_service(**WITHOUT_DAILY_LIMIT)
    stuck, other = add_ticket(sandbox, ADA), add_ticket(sandbox, ELENA)
    sandbox.faults.add(fault=faults.fails(500), path=f"/tickets/{stuck.id}", times=None)
    service.deliver(stuck.id)
    service.wait_for(stuck.id, "queued", event="retry_planned")

    ended = service.process_ticket(other.id)

    # It is being tried again at this very moment, or waits for that.
    assert ended["state"] == "done"
    assert service.leaver(stuck.id)["state"] in {"queued", "running"}


def test_a_vendor_that_is_down_is_not_asked_for_every_waiting_ticket(
    start_service: StartService, sandbox: Sandbox, database: Database
) -> None:
    people = crowd(40)
    list_crowd(sandbox, people)
    tickets = [add_ticket(sandbox, who) for who in people]
    sandbox.faults.add(fault=faults.fails(503), vendor="zendesk", path="/tickets/", times=None)
    service = start_service(**WITHOUT_DAILY_LIMIT)

    for ticket in tickets:
        service.deliver(ticket.id)
    for ticket in tickets:
        service.wait_for(ticket.id, "queued", event="retry_planned")
    asked = [one for one in sandbox.requests("zendesk") if "/tickets/" in one.path]
    sandbox.faults.clear()
    wait_until(lambda: database.hurry() == 0)

    # Eight at once found out, and then one at a time tried.
    assert len(asked) < len(tickets) / 2
    assert {(len(cards_of(sandbox, one)), len(one.notes)) for one in tickets} == {(1, 1)}


def test_a_failure_that_does_not_pass_in_time_fails_the_leaver_and_says_so(
    start_service: StartService, sandbox: Sandbox
) -> None:
    service = start_service(**WITHOUT_DAILY_LIMIT, RETRY_FOR_SECONDS="2")
    sandbox.faults.add(fault=faults.fails(500), vendor="trello", times=None)

    leaver = service.process_ticket(add_ticket(sandbox, ADA).id)

    assert (leaver["state"], leaver["reason"].startswith("Trello: ")) == ("failed", True)
    assert leaver["reason"].endswith("It was tried again and again without success.")
    assert "retry_planned" in events_of(leaver)
