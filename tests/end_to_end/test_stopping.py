"""On SIGTERM a process begins nothing new and requeues its jobs; and work apart from web."""

import signal
from functools import partial
from itertools import pairwise

import psycopg
import pytest

from integrations.sandbox import Sandbox, faults
from integrations.sandbox.faults import Fault, Moment
from tests.conftest import RunCommand, StartService
from tests.support.running import Service, wait_until
from tests.support.tickets import ADA, BENEDICT, ELENA, GRACE, add_ticket, cards_of, writes


def jobs(service: Service) -> list[str]:
    """The state of every job that is not done."""
    with psycopg.connect(service.environment["DATABASE_URL"]) as connection:
        found = connection.execute("SELECT status FROM procrastinate_jobs ORDER BY id").fetchall()
    return [status for (status,) in found]


def replies_once_it_stops(service: Service) -> Fault:
    """The vendor acts at once, and replies when the service has heard that it is to stop."""
    is_stopping = partial(wait_until, lambda: "service stopping" in service.log)
    return faults.runs(is_stopping, Moment.AFTER_ACTING)


@pytest.mark.parametrize("path", ["/comments", "/1/cards$", r"/tickets/\d+\.json$"])
def test_a_service_that_is_stopped_gives_its_job_back_and_the_next_one_finishes_it(
    service: Service, sandbox: Sandbox, path: str
) -> None:
    ticket = add_ticket(sandbox, ADA)
    rule = sandbox.faults.add(fault=replies_once_it_stops(service), path=path)
    service.deliver(ticket.id)
    assert rule.wait()

    service.terminate()
    left = jobs(service)
    service.restart()
    # Nobody has to wait until a worker counts as dead.
    leaver = service.wait_for(ticket.id)

    assert set(left) <= {"todo"}
    assert (leaver["state"], len(cards_of(sandbox, ticket)), len(ticket.notes)) == ("done", 1, 1)


def test_a_service_that_is_stopped_begins_no_write(service: Service, sandbox: Sandbox) -> None:
    ticket = add_ticket(sandbox, ADA)
    rule = sandbox.faults.add(fault=replies_once_it_stops(service), path="/cards/open")
    service.deliver(ticket.id)
    assert rule.wait()

    service.terminate()

    assert writes(sandbox) == []


def test_what_was_accepted_without_a_worker_is_done_by_one_that_comes_later(
    start_service: StartService, run_leavers: RunCommand, sandbox: Sandbox
) -> None:
    web = start_service(works=False)
    tickets = [add_ticket(sandbox, who) for who in (ADA, BENEDICT, ELENA, GRACE)]
    for ticket in tickets:
        web.deliver(ticket.id)
    states = {web.leaver(ticket.id)["state"] for ticket in tickets}

    worker = run_leavers("work", waits=False)
    leavers = [web.wait_for(ticket.id) for ticket in tickets]
    worker.send(signal.SIGTERM)

    assert states == {"queued"}
    assert {leaver["state"] for leaver in leavers} == {"done"}
    assert [len(cards_of(sandbox, ticket)) for ticket in tickets] == [1, 1, 1, 1]
    assert worker.wait() == 0


def test_a_worker_that_dies_is_replaced_by_another(
    start_service: StartService, sandbox: Sandbox
) -> None:
    first, second = start_service(), start_service()
    ticket = add_ticket(sandbox, ADA)
    stuck = sandbox.faults.add(fault=faults.replies_late(60), path="/comments")
    first.deliver(ticket.id)
    assert stuck.wait()
    # Whichever of the two has it, it is not the one that is left.
    holder = first if _holds_a_job(first) else second
    left = second if holder is first else first
    holder.kill()

    leaver = left.wait_for(ticket.id)

    assert (leaver["state"], len(cards_of(sandbox, ticket)), len(ticket.notes)) == ("done", 1, 1)


def _holds_a_job(service: Service) -> bool:
    """Whether the service's own metrics show calls to a vendor."""
    return "leavers_vendor_call_seconds_count" in service.get("/metrics", token=None).text


def test_one_ticket_runs_at_a_time_whatever_arrives(
    start_service: StartService, sandbox: Sandbox
) -> None:
    services = [start_service(), start_service()]
    ticket = add_ticket(sandbox, ADA)
    sandbox.faults.add(fault=faults.replies_late(1), path="/comments", times=None)

    for service in services * 3:
        service.deliver(ticket.id)
        service.post(f"/leavers/{ticket.id}/rerun")
    wait_until(lambda: not jobs(services[0]))

    asked = [each for each in sandbox.requests("zendesk") if each.path.endswith("/comments.json")]
    pauses = [(later.at - earlier.at).total_seconds() for earlier, later in pairwise(asked)]
    # Each reading of the comments takes a second: two at once would begin closer together.
    assert min(pauses, default=1.0) >= 1.0
    assert (len(cards_of(sandbox, ticket)), len(ticket.notes)) == (1, 1)
