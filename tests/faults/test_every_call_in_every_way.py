"""Every call of a leaver's run, and every way in which a call may fail for now.

A rig (a sandbox, a database and a service of its own) takes a few ways, and lets them strike at
calls, whichever ticket comes first. Pauses between tries are cut short: others test them.

Each door knows each bad response at each of its calls (`tests/integrations/test_bad_responses.py`).
Here each way strikes once and each call is struck once; every way at every call is in the long
series.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from integrations.sandbox import Sandbox, faults
from integrations.sandbox.fault_rules import Rule
from integrations.sandbox.faults import Cut, Fault
from tests.conftest import OpenRig
from tests.support.crowd import crowd, list_crowd
from tests.support.database import Database
from tests.support.rig import SOLVED_WITH_CARD, Request
from tests.support.running import WITHOUT_DAILY_LIMIT, wait_until
from tests.support.tickets import ADA, add_ticket

TIMEOUT = 2
TOO_LATE = TIMEOUT + 1
CALLS = [
    Request(vendor="zendesk", method="POST", path=r"^/oauth/tokens$"),
    Request(vendor="zendesk", method="GET", path=r"^/api/v2/tickets/\d+\.json$"),
    Request(vendor="zendesk", method="GET", path=r"/comments"),
    Request(vendor="zendesk", method="GET", path=r"/users/me"),
    Request(vendor="zendesk", method="PUT", path=r"^/api/v2/tickets/\d+\.json$"),
    Request(vendor="github", method="GET", path=r"^/repos/[^/]+/[^/]+$"),
    Request(vendor="github", method="GET", path=r"/commits/"),
    Request(vendor="github", method="GET", path=r"/git/trees/"),
    Request(vendor="github", method="GET", path=r"/git/blobs/"),
    Request(vendor="trello", method="GET", path=r"/cards/open$"),
    Request(vendor="trello", method="GET", path=r"/lists$"),
    Request(vendor="trello", method="GET", path=r"^/1/cards/IQIV54Pc$"),
    Request(vendor="trello", method="POST", path=r"^/1/cards$"),
    Request(vendor="trello", method="PUT", path=r"^/1/cards/"),
]
WAYS: dict[str, Callable[[Sandbox, str], Fault]] = {
    "fails before it acts": lambda _, __: faults.fails(500),
    "breaks before it acts": lambda _, __: faults.breaks(),
    "acts and answers 500": lambda _, __: faults.acts_then_fails(500),
    "acts and breaks": lambda _, __: faults.acts_then_breaks(),
    "acts and resets": lambda _, __: faults.acts_then_breaks(Cut.RESET),
    "acts and breaks midway": lambda _, __: faults.acts_then_breaks(Cut.MIDWAY),
    "acts and answers late": lambda _, __: faults.replies_late(TOO_LATE),
    "acts and drips": lambda _, __: faults.trickles(0.5),
    "acts late": lambda _, __: faults.acts_late(TOO_LATE),
    "429": lambda _, __: faults.too_many_requests(),
    "429 with Retry-After": lambda _, __: faults.too_many_requests(2),
    "429 with a date": lambda _, __: faults.too_many_requests(2, as_date=True),
    "503": lambda _, __: faults.unavailable(),
    "503 with Retry-After": lambda _, __: faults.unavailable(2),
    "408": lambda _, __: faults.fails(408),
    "a page with 200": lambda _, __: faults.html_page(200),
    "a page with 502": lambda _, __: faults.html_page(502),
    "acts and shows a page": lambda _, __: faults.html_page(200, acts=True),
    "half the JSON": lambda _, __: faults.truncated_json(),
    "no body": lambda _, __: faults.empty_body(),
    "null": lambda _, __: faults.json_instead(None),
    "a redirect": lambda sandbox, vendor: faults.redirects(_url(sandbox, vendor)),
    "a lasting redirect": lambda sandbox, vendor: faults.redirects(
        _url(sandbox, vendor), status=308
    ),
    # The last of its rig: what is kept for a while is not asked for again after a good answer.
    "acts and closes": lambda _, __: faults.closes_after_reply(),
}
RIGS = 8
# A rig's ways, each with the calls at which it strikes.
Strikes = dict[str, list[Request]]
# Seconds; enough for all rigs at once on a machine that has other work, too.
PATIENCE = 900
SETTINGS = WITHOUT_DAILY_LIMIT | {"REQUEST_TIMEOUT_SECONDS": str(TIMEOUT)}


@pytest.mark.waits
def test_each_call_and_each_way_of_failing_leave_one_card_and_one_note(open_rig: OpenRig) -> None:
    ways = list(WAYS)
    strikes: Strikes = {way: [CALLS[at % len(CALLS)]] for at, way in enumerate(ways)}

    assert list(_all_that_is_wrong(open_rig, strikes)) == []


@pytest.mark.slow
@pytest.mark.timeout(2 * PATIENCE)
def test_every_call_may_fail_in_every_way_and_there_is_one_card_and_one_note(
    open_rig: OpenRig, threads: ThreadPoolExecutor
) -> None:
    names = list(WAYS)
    parts = [dict.fromkeys(names[at::RIGS], CALLS) for at in range(RIGS)]

    wrong = threads.map(lambda strikes: list(_all_that_is_wrong(open_rig, strikes)), parts)

    assert [problem for problems in wrong for problem in problems] == []


def test_an_access_token_that_was_refused_is_fetched_again_at_once(
    open_rig: OpenRig,
) -> None:
    with open_rig() as rig:
        for path in (r"^/api/v2/tickets/\d+\.json$", "/comments", "/users/me"):
            rig.sandbox.faults.add(
                fault=faults.expired_token("zendesk"), vendor="zendesk", path=path
            )
        put = Request(vendor="zendesk", method="PUT", path="/api/v2/tickets/")
        rig.strike(faults.expired_token("zendesk"), put)
        ticket = add_ticket(rig.sandbox, ADA)

        ended = rig.service.process_ticket(ticket.id)

        refused = [each for each in rig.sandbox.requests("zendesk") if each.status == 401]
        assert (ended["state"], len(refused), len(ticket.notes)) == ("done", 4, 1)
        assert "retry_planned" not in [line["event"] for line in ended["history"]]


def _all_that_is_wrong(open_rig: OpenRig, strikes: Strikes) -> Iterator[str]:
    people = crowd(len(CALLS))
    with open_rig(**SETTINGS) as rig:
        list_crowd(rig.sandbox, people)
        rules = [
            (f"{way} at {call}", _strike(rig.sandbox, way, call))
            for call in CALLS
            for way, calls in strikes.items()
            if call in calls
        ]
        tickets = [add_ticket(rig.sandbox, who) for who in people]
        for ticket in tickets:
            rig.deliver(ticket)
        database = Database(rig.service.environment["DATABASE_URL"])
        wait_until(lambda: not database.hurry(), seconds=PATIENCE)
        for ticket in tickets:
            ended = rig.ended(ticket, seconds=PATIENCE)
            if ended != SOLVED_WITH_CARD:
                yield f"{list(strikes)}: {ended} {rig.service.leaver(ticket.id)['reason']}"
        yield from (f"{name} did not strike" for name, rule in rules if not rule.struck)


def _strike(sandbox: Sandbox, way: str, call: Request) -> Rule:
    return sandbox.faults.add(
        fault=WAYS[way](sandbox, call.vendor),
        vendor=call.vendor,
        method=call.method,
        path=call.path,
    )


def _url(sandbox: Sandbox, vendor: str) -> str:
    urls = {
        "zendesk": sandbox.zendesk.url,
        "github": sandbox.github.url,
        "trello": sandbox.trello.url,
    }
    return f"{urls[vendor]}/elsewhere"
