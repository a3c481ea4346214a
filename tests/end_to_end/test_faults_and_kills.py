"""Whatever strikes at any request of a leaver's run, there is one card and one note in the end.

The cases run all at once, each on a rig of its own: most of the time they wait for the engine to
take over what a dead worker left, or for a late write to land. Every moment at every request is in
the long series.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import pytest

from integrations.sandbox import faults
from integrations.sandbox.faults import Cut, Fault, Moment
from integrations.sandbox.zendesk_tickets import SandboxTicket
from tests.conftest import OpenRig
from tests.support.processes import PATIENCE
from tests.support.rig import SOLVED_WITH_CARD, Ended, Request, Rig
from tests.support.tickets import ADA, NOBODY, add_ticket

READ = Request(vendor="zendesk", method="GET", path=r"/tickets/\d+\.json$")
READS = [
    READ,
    Request(vendor="zendesk", method="POST", path="/oauth/tokens"),
    Request(vendor="zendesk", method="GET", path="/comments"),
    Request(vendor="github", method="GET", path="/commits/"),
    Request(vendor="github", method="GET", path="/git/trees/"),
    Request(vendor="github", method="GET", path="/git/blobs/"),
    Request(vendor="trello", method="GET", path="/cards/open"),
    Request(vendor="trello", method="GET", path="/1/cards/IQIV54Pc"),
    Request(vendor="trello", method="GET", path="/lists"),
    Request(vendor="zendesk", method="GET", path="/users/me"),
]
# Of each vendor, beside the token's.
FIRST_READS = [READS[0], READS[3], READS[6]]
COPY = Request(vendor="trello", method="POST", path="/1/cards$")
CHANGE = Request(vendor="trello", method="PUT", path="/1/cards/")
UPDATE = Request(vendor="zendesk", method="PUT", path=r"/tickets/\d+\.json$")
WRITES = [COPY, CHANGE, UPDATE]


def plain(rig: Rig) -> SandboxTicket:
    return add_ticket(rig.sandbox, ADA)


def without_date(rig: Rig) -> SandboxTicket:
    return add_ticket(rig.sandbox, ADA, leaving=None)


def about_nobody(rig: Rig) -> SandboxTicket:
    return add_ticket(rig.sandbox, NOBODY)


def second_of_a_person(rig: Rig) -> SandboxTicket:
    rig.service.process_ticket(add_ticket(rig.sandbox, ADA).id)
    return add_ticket(rig.sandbox, ADA)


def fixed(rig: Rig) -> SandboxTicket:
    ticket = add_ticket(rig.sandbox, ADA, leaving=None)
    rig.service.process_ticket(ticket.id)
    rig.sandbox.zendesk.comment(ticket.id, "Leaving date: 18 December 2026")
    return ticket


@dataclass(frozen=True, kw_only=True)
class Case:
    """What strikes where, on which kind of ticket, and what must come of it."""

    name: str
    request: Request
    strikes: Fault | Moment
    lead: Callable[[Rig], SandboxTicket] = plain
    expected: Ended = SOLVED_WITH_CARD
    settings: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.name} at {self.request}"

    def run(self, open_rig: OpenRig) -> Ended:
        """Let it strike, and wait for the end."""
        with open_rig(**self.settings) as rig:
            ticket = self.lead(rig)
            if isinstance(self.strikes, Moment):
                fault = faults.kills(rig.service.process.pid, self.strikes)
            else:
                fault = self.strikes
            rule = rig.strike(fault, self.request)
            rig.deliver(ticket)
            assert rule.wait(PATIENCE), self
            if isinstance(self.strikes, Moment):
                rig.service.restart()
            return rig.ended(ticket)


ASKED = replace(
    SOLVED_WITH_CARD,
    state="needs_person",
    outcome=None,
    open_cards=0,
    status="open",
    tags=("leaver", "leaver_needs_person"),
)
OTHER_WRITES = [
    ("a question", UPDATE, without_date, ASKED),
    (
        "nobody found",
        UPDATE,
        about_nobody,
        replace(SOLVED_WITH_CARD, outcome="no_access", open_cards=0),
    ),
    ("a second ticket", CHANGE, second_of_a_person, SOLVED_WITH_CARD),
    ("a corrected ticket", UPDATE, fixed, replace(SOLVED_WITH_CARD, notes=2)),
]


def kills(requests: Iterable[Request], *moments: Moment) -> list[Case]:
    """Kill the service at each of these moments of each request of a plain ticket's run."""
    return [
        Case(name=f"killed {moment}", request=request, strikes=moment)
        for request in requests
        for moment in moments
    ]


def kills_at_other_writes(*moments: Moment) -> list[Case]:
    """Kill the service at each of these moments of what other tickets write."""
    return [
        Case(
            name=f"{name}, killed {moment}",
            request=request,
            strikes=moment,
            lead=lead,
            expected=expected,
        )
        for name, request, lead, expected in OTHER_WRITES
        for moment in moments
    ]


KILLS = [
    *kills(WRITES, *Moment),
    # A read that was answered is the same as one that was not made: one stands for all.
    *kills(FIRST_READS, Moment.BEFORE),
    *kills([READ], Moment.AFTER_REPLY),
    # What was done, and is recorded nowhere.
    *kills_at_other_writes(Moment.AFTER_ACTING),
]
ACTS_TOO_LATE = "acts when it is not waited for any more"
UNCLEAR = {
    "acts and sends nothing": faults.acts_then_breaks(),
    "acts and resets": faults.acts_then_breaks(Cut.RESET),
    "acts and says 500": faults.acts_then_fails(500),
    "acts and shows a page": faults.html_page(acts=True),
    "acts and sends half": faults.truncated_json(),
    ACTS_TOO_LATE: faults.acts_late(5),
    "breaks before it acts": faults.breaks(),
    "says 503 and does not act": faults.unavailable(1),
}
LOST_REPLIES = [
    Case(
        name=name,
        request=request,
        strikes=fault,
        settings={"REQUEST_TIMEOUT_SECONDS": "3"} if name is ACTS_TOO_LATE else {},
    )
    for request in (COPY, UPDATE)
    for name, fault in UNCLEAR.items()
]


def run_at_once(
    cases: Iterable[Case], pool: ThreadPoolExecutor, open_rig: OpenRig
) -> tuple[dict[str, Ended], dict[str, Ended]]:
    """Run cases, and return how each ended, and how it should have."""
    expected = {str(case): case.expected for case in cases}
    running = {str(case): pool.submit(case.run, open_rig) for case in cases}
    return {name: case.result() for name, case in running.items()}, expected


@pytest.mark.waits
def test_a_kill_or_a_write_without_a_clear_answer_loses_nothing_and_doubles_nothing(
    pool: ThreadPoolExecutor, open_rig: OpenRig
) -> None:
    ended, expected = run_at_once([*KILLS, *LOST_REPLIES], pool, open_rig)

    assert ended == expected
