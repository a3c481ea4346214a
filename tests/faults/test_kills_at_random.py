"""The service killed at random moments, again and again, while tickets come in."""

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import OpenRig
from tests.support.crowd import crowd, list_crowd
from tests.support.database import Database
from tests.support.rig import SOLVED_WITH_CARD, Ended, Rig
from tests.support.running import WITHOUT_DAILY_LIMIT, wait_until
from tests.support.tickets import add_ticket

RIGS = 4
LONGEST_LIFE = 1.5


@pytest.mark.waits
@pytest.mark.parametrize(
    "kills", [24, pytest.param(200, marks=[pytest.mark.slow, pytest.mark.timeout(1800)])]
)
def test_every_accepted_ticket_is_finished_once_however_often_the_service_is_killed(
    open_rig: OpenRig, threads: ThreadPoolExecutor, kills: int
) -> None:
    seeds = range(RIGS)

    ended = threads.map(lambda seed: _ended(open_rig, seed, kills // RIGS), seeds)

    assert sum(ended, Counter()) == {SOLVED_WITH_CARD: kills}


def _ended(open_rig: OpenRig, seed: int, kills: int) -> Counter[Ended]:
    draw = random.Random(seed)  # noqa: S311 - not a secret
    people = crowd(kills)
    with open_rig(**WITHOUT_DAILY_LIMIT) as rig:
        list_crowd(rig.sandbox, people)
        tickets = [add_ticket(rig.sandbox, who) for who in people]
        for ticket in tickets:
            _accepted(rig, ticket.id)
            time.sleep(draw.uniform(0, LONGEST_LIFE))
            rig.service.kill()
            rig.service.restart()
        database = Database(rig.service.environment["DATABASE_URL"])
        wait_until(lambda: database.unfinished() == 0, seconds=240)
        return Counter(rig.ended(ticket) for ticket in tickets)


def _accepted(rig: Rig, ticket_id: int) -> None:
    assert rig.service.deliver(ticket_id).status == 202
