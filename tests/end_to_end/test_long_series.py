"""The long series: hundreds of kills, at chosen requests and at random moments."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from integrations.sandbox import faults
from integrations.sandbox.faults import Moment
from integrations.sandbox.zendesk_tickets import SandboxTicket
from tests.conftest import OpenRig
from tests.end_to_end.test_faults_and_kills import (
    READS,
    WRITES,
    kills,
    kills_at_other_writes,
    run_at_once,
)
from tests.support.crowd import crowd, list_crowd
from tests.support.rig import SOLVED_WITH_CARD, Ended, Rig
from tests.support.running import WITHOUT_DAILY_LIMIT
from tests.support.tickets import add_ticket

pytestmark = pytest.mark.slow

KILLS = 200


def ended_at_last(rig: Rig, ticket: SandboxTicket) -> Ended:
    """The end of a ticket; one over which the worker died too often is left to people first."""
    leaver = rig.service.wait_for(ticket.id, seconds=300)
    if leaver["state"] == "failed":
        assert leaver["reason"].startswith("The worker died"), leaver["reason"]
        rig.service.process_ticket(ticket.id)
    return rig.ended(ticket)


@pytest.mark.timeout(900)
def test_a_kill_at_any_request_and_moment_loses_and_doubles_nothing(
    open_rig: OpenRig, pool: ThreadPoolExecutor
) -> None:
    cases = [*kills([*WRITES, *READS], *Moment), *kills_at_other_writes(*Moment)]

    ended, expected = run_at_once(cases, pool, open_rig)

    assert ended == expected


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", [1, 2])
def test_two_hundred_kills_at_random_moments_lose_and_double_nothing(
    open_rig: OpenRig, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    with open_rig(**WITHOUT_DAILY_LIMIT) as rig:
        people = crowd(KILLS)
        list_crowd(rig.sandbox, people)
        tickets = []
        for who in people:
            ticket = add_ticket(rig.sandbox, who)
            tickets.append(ticket)
            rig.deliver(ticket)
            # A leaver takes about a tenth of a second.
            time.sleep(chance.uniform(0, 0.2))
            rig.service.kill()
            rig.service.restart()
        # A webhook that the service died over was never accepted: Zendesk sends it again.
        for ticket in tickets:
            rig.deliver(ticket)

        ended = {ticket.id: ended_at_last(rig, ticket) for ticket in tickets}

    assert ended == {ticket.id: SOLVED_WITH_CARD for ticket in tickets}


@pytest.mark.timeout(900)
def test_kills_at_random_requests_under_load_lose_and_double_nothing(open_rig: OpenRig) -> None:
    chance = random.Random(7)  # noqa: S311 - no secret
    with open_rig(**WITHOUT_DAILY_LIMIT) as rig:
        people = crowd(100)
        list_crowd(rig.sandbox, people)
        tickets = [add_ticket(rig.sandbox, who) for who in people]
        for ticket in tickets:
            rig.deliver(ticket)
        for _ in range(20):
            request = chance.choice([*WRITES, READS[0], READS[2]])
            fault = faults.kills(rig.service.process.pid, chance.choice(list(Moment)))
            rule = rig.strike(fault, request)
            if not rule.wait(timeout=60):
                break
            rig.service.restart()
        rig.sandbox.faults.clear()

        ended = {ticket.id: ended_at_last(rig, ticket) for ticket in tickets}

    assert ended == {ticket.id: SOLVED_WITH_CARD for ticket in tickets}
