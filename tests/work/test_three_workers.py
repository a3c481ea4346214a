"""Several processes on one database share the work, and take over what a dead one left."""

import re
from collections import Counter

from integrations.sandbox import Sandbox, faults
from integrations.sandbox.faults import Moment
from integrations.sandbox.zendesk_tickets import SandboxTicket
from tests.conftest import RunCommand, StartService
from tests.support.crowd import crowd, list_crowd
from tests.support.database import Database
from tests.support.running import WITHOUT_DAILY_LIMIT, wait_until
from tests.support.tickets import ADA, add_ticket, cards_of

TICKETS = 24
READ = re.compile(r"/api/v2/tickets/(\d+)\.json")


def tickets_of_a_crowd(sandbox: Sandbox) -> list[SandboxTicket]:
    people = crowd(TICKETS)
    list_crowd(sandbox, people)
    return [add_ticket(sandbox, who) for who in people]


def counts(sandbox: Sandbox, tickets: list[SandboxTicket]) -> set[tuple[str, int, int]]:
    return {(one.status, len(cards_of(sandbox, one)), len(one.notes)) for one in tickets}


def test_three_that_start_together_on_an_empty_database_run_each_ticket_once(
    start_service: StartService, sandbox: Sandbox, database: Database
) -> None:
    services = [start_service(until_ready=False, **WITHOUT_DAILY_LIMIT) for _ in range(3)]
    for service in services:
        service.wait_until_started()
    tickets = tickets_of_a_crowd(sandbox)

    for number, ticket in enumerate(tickets):
        services[number % 3].deliver(ticket.id)
    wait_until(lambda: counts(sandbox, tickets) == {("solved", 1, 1)})

    reads = Counter(
        match[1]
        for request in sandbox.requests("zendesk")
        if request.method == "GET" and (match := READ.fullmatch(request.path))
    )
    assert reads == {str(ticket.id): 1 for ticket in tickets}
    wait_until(lambda: database.jobs() == 0)


def test_a_killed_workers_tickets_are_taken_over_by_the_others(
    start_service: StartService, sandbox: Sandbox, database: Database
) -> None:
    tickets = tickets_of_a_crowd(sandbox)
    victim = start_service(**WITHOUT_DAILY_LIMIT)
    kill = faults.kills(victim.process.pid, Moment.AFTER_ACTING)
    struck = sandbox.faults.add(fault=kill, vendor="zendesk", path="/comments", skip=3)
    web = start_service(works=False, **WITHOUT_DAILY_LIMIT)
    for ticket in tickets:
        web.deliver(ticket.id)
    assert struck.wait()
    others = [start_service(**WITHOUT_DAILY_LIMIT) for _ in range(2)]

    wait_until(lambda: database.unfinished() == 0)

    assert counts(sandbox, tickets) == {("solved", 1, 1)}
    assert any("stalled job requeued" in one.log for one in others)


def test_web_and_worker_may_be_processes_of_their_own(
    start_service: StartService, run_leavers: RunCommand, sandbox: Sandbox
) -> None:
    web = start_service(works=False, **WITHOUT_DAILY_LIMIT)
    ticket = add_ticket(sandbox, ADA)
    web.deliver(ticket.id)
    before = web.leaver(ticket.id)["state"]

    worker = run_leavers("work", waits=False, **WITHOUT_DAILY_LIMIT)
    web.wait_for(ticket.id, "done")

    assert before == "queued"
    assert worker.exit_code() is None


def test_two_tickets_of_one_person_on_two_workers_at_once_share_one_card(
    start_service: StartService, sandbox: Sandbox
) -> None:
    services = [start_service(**WITHOUT_DAILY_LIMIT) for _ in range(2)]
    tickets = [add_ticket(sandbox, ADA) for _ in services]

    for service, ticket in zip(services, tickets, strict=True):
        service.deliver(ticket.id)
    leavers = [services[0].wait_for(ticket.id) for ticket in tickets]

    (card,) = {card.id for ticket in tickets for card in cards_of(sandbox, ticket)}
    assert {leaver["card_url"] for leaver in leavers} == {sandbox.trello.card(card).url}
    assert [len(ticket.notes) for ticket in tickets] == [1, 1]
