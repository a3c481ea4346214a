"""Every bad response, at a read and a write of every vendor: one request, one typed error."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.faults import (
    Cut,
    Fault,
    acts_late,
    acts_then_breaks,
    acts_then_fails,
    breaks,
    empty_body,
    fails,
    html_page,
    json_instead,
    redirects,
    replies_late,
    too_many_requests,
    trickles,
    truncated_json,
    unavailable,
)
from integrations.sandbox.zendesk_tickets import SandboxTicket
from service.domain.errors import OutsideError, PermanentError, TransientError
from service.domain.ticket import Mark
from service.domain.ticket_updates import TicketChange
from tests.integrations.conftest import DUE, Doors, OpenDoors, may_write

CHANGE = TicketChange(note="Hello", solve=True, mark=Mark(plan="abc"))
Spotless = Callable[[Exception], None]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One call of the workflow, and the request in which it gets its bad response."""

    name: str
    vendor: str
    method: str
    path: str
    do: Callable[[Doors, SandboxTicket], object]

    @property
    def is_write(self) -> bool:
        """Whether the request changes something."""
        return self.method != "GET"


def _change(doors: Doors, leaver: SandboxTicket) -> None:
    ticket = doors.zendesk.ticket(leaver.id)
    assert ticket is not None
    doors.zendesk.change_ticket(ticket, CHANGE, lease=may_write)


def _update(doors: Doors, _leaver: SandboxTicket) -> None:
    doors.trello.update_card(doors.trello.open_cards()[0].id, due=DUE, lease=may_write)


STEPS = [
    Step(
        name="read a ticket",
        vendor="zendesk",
        method="GET",
        path=r"/tickets/\d+.json",
        do=lambda doors, leaver: doors.zendesk.ticket(leaver.id),
    ),
    Step(
        name="update a ticket",
        vendor="zendesk",
        method="PUT",
        path="/tickets/",
        do=_change,
    ),
    Step(
        name="read the board",
        vendor="trello",
        method="GET",
        path="/cards/open",
        do=lambda doors, _leaver: doors.trello.open_cards(),
    ),
    Step(
        name="copy a template",
        vendor="trello",
        method="POST",
        path="/cards",
        do=lambda doors, _leaver: doors.trello.copy_template(
            "tech", name="Leaver", due=DUE, head="Zendesk ticket: …", lease=may_write
        ),
    ),
    Step(
        name="update a card",
        vendor="trello",
        method="PUT",
        path="/cards/",
        do=_update,
    ),
    Step(
        name="look at the branch",
        vendor="github",
        method="GET",
        path="/commits/",
        do=lambda doors, _leaver: doors.user_reviewer.read(),
    ),
    Step(
        name="comment on a card",
        vendor="trello",
        method="POST",
        path="/actions/comments",
        do=lambda doors, _leaver: doors.trello.comment(
            doors.trello.open_cards()[0].id, "Hm", lease=may_write
        ),
    ),
]
LASTING = [400, 404, 405, 410, 413, 422, 451]
PASSING = [301, 302, 303, 307, 308, 408, 409, 425, 429, 500, 502, 503, 504, 520]
HANGING = 1.0


each_step = pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)


def failure_of(step: Step, fault: Fault, sandbox: Sandbox, doors: Doors) -> OutsideError:
    """Do a step whose request meets a fault; the one request must give one typed error."""
    leaver = sandbox.zendesk.add_ticket(description="Name: Petra Privat")
    sandbox.faults.add(
        fault=fault, vendor=step.vendor, method=step.method, path=step.path, times=None
    )
    with pytest.raises(OutsideError) as caught:
        step.do(doors, leaver)
    struck = [rule.struck for rule in sandbox.faults.all()]
    assert struck == [1]
    return caught.value


@each_step
@pytest.mark.parametrize("status", LASTING)
def test_a_refusal_lasts_and_says_that_nothing_was_done(
    step: Step, status: int, sandbox: Sandbox, doors: Doors, spotless: Spotless
) -> None:
    failure = failure_of(step, fails(status, body="VENDOR-BODY"), sandbox, doors)

    if (step.name, status) == ("copy a template", 404):
        # List and template are looked at again: both are there.
        assert isinstance(failure, TransientError)
    else:
        assert isinstance(failure, PermanentError)
        assert failure.status == status
    assert not failure.maybe_done
    spotless(failure)


@each_step
@pytest.mark.parametrize("status", PASSING)
def test_a_failure_that_passes_leaves_open_whether_a_write_was_done_unless_refused(
    step: Step, status: int, sandbox: Sandbox, doors: Doors, spotless: Spotless
) -> None:
    fault = fails(status, body="VENDOR-BODY", headers={"Location": "http://127.0.0.1:9/elsewhere"})

    failure = failure_of(step, fault, sandbox, doors)

    is_refusal = 400 <= status < 500
    assert isinstance(failure, TransientError)
    assert (failure.status, failure.maybe_done) == (status, step.is_write and not is_refusal)
    spotless(failure)


@each_step
@pytest.mark.parametrize(
    "fault",
    [
        breaks(Cut.NO_REPLY),
        breaks(Cut.RESET),
        breaks(Cut.MIDWAY),
        acts_then_breaks(Cut.NO_REPLY),
        acts_then_breaks(Cut.RESET),
        acts_then_breaks(Cut.MIDWAY),
        acts_then_fails(),
        html_page(200),
        html_page(200, acts=True),
        html_page(502),
        truncated_json(),
        empty_body(),
        json_instead(None),
        json_instead([{"id": 1}]),
        json_instead({}),
        json_instead("text"),
        json_instead({"ticket": {"id": 1, "assignee": {}}}),
        json_instead({"ticket": [], "id": [], "name": {}}),
        fails(200, body="[" * 100_000),
        fails(200, body='{"id": 1' + "0" * 10_000 + "}"),
        redirects("http://127.0.0.1:9/elsewhere"),
        redirects("http://127.0.0.1:9/elsewhere", acts=True),
    ],
)
def test_a_response_that_says_nothing_leaves_open_whether_a_write_was_done(
    step: Step, fault: Fault, sandbox: Sandbox, doors: Doors, spotless: Spotless
) -> None:
    failure = failure_of(step, fault, sandbox, doors)

    assert isinstance(failure, TransientError)
    assert (failure.maybe_done, failure.retry_after) == (step.is_write, None)
    spotless(failure)


@each_step
@pytest.mark.parametrize(
    "fault",
    [replies_late(3 * HANGING), acts_late(3 * HANGING), trickles(HANGING / 20)],
    ids=["replies late", "acts late", "drips"],
)
def test_a_call_ends_at_its_deadline_however_the_vendor_dawdles(
    step: Step, fault: Fault, sandbox: Sandbox, open_doors: OpenDoors, spotless: Spotless
) -> None:
    doors = open_doors(timeout=HANGING)

    failure = failure_of(step, fault, sandbox, doors)

    assert isinstance(failure, TransientError)
    assert (failure.maybe_done, doors.calls.outcomes[-1]) == (step.is_write, "timeout")
    spotless(failure)


@each_step
@pytest.mark.parametrize("fault", [too_many_requests, unavailable], ids=["429", "503"])
@pytest.mark.parametrize(
    ("asked", "wait"),
    [("120", 120), ("90.5", 90.5), ("999999999", 86_400)],
)
def test_retry_after_is_kept_and_bounded(
    step: Step,
    fault: Callable[[str], Fault],
    asked: str,
    wait: float,
    sandbox: Sandbox,
    doors: Doors,
) -> None:
    failure = failure_of(step, fault(asked), sandbox, doors)

    assert isinstance(failure, TransientError)
    assert failure.retry_after == wait


@each_step
def test_retry_after_may_be_a_date(step: Step, sandbox: Sandbox, doors: Doors) -> None:
    failure = failure_of(step, too_many_requests(300, as_date=True), sandbox, doors)

    assert isinstance(failure, TransientError)
    assert failure.retry_after == pytest.approx(300, abs=20)


@each_step
@pytest.mark.parametrize(
    "asked", [None, "", "soon", "-5", "0", "nan", "inf", "1e5", "Thu, 01 Jan 1970 00:00:00 GMT"]
)
def test_an_odd_retry_after_is_ignored(
    step: Step, asked: str | None, sandbox: Sandbox, doors: Doors
) -> None:
    failure = failure_of(step, too_many_requests(asked), sandbox, doors)

    least = {"zendesk": None, "trello": 10, "github": 60}
    assert isinstance(failure, TransientError)
    assert failure.retry_after == least[step.vendor]


@each_step
def test_nothing_is_sent_if_nobody_listens(
    step: Step, sandbox: Sandbox, open_doors: OpenDoors, leaver: SandboxTicket
) -> None:
    nobody = "http://127.0.0.1:9"
    doors = open_doors(zendesk_url=nobody, trello_url=nobody, github_url=nobody)

    with pytest.raises(TransientError) as caught:
        step.do(doors, leaver)

    assert (caught.value.maybe_done, doors.calls.outcomes, sandbox.requests()) == (
        False,
        ["unreachable"],
        [],
    )


@pytest.mark.parametrize(
    ("vendor", "path", "response"),
    [
        ("zendesk", "/comments", {}),
        ("zendesk", "/comments", {"comments": {}}),
        ("zendesk", "/comments", {"comments": [None]}),
        ("zendesk", "/comments", {"comments": [{"id": 1}]}),
        ("zendesk", "/comments", {"users": []}),
        ("zendesk", "/comments", {"tickets": []}),
        ("github", "/git/trees/", {}),
        ("github", "/git/trees/", {"truncated": False, "tree": {}}),
        ("github", "/git/trees/", {"truncated": False, "tree": [{}]}),
        ("github", "/git/blobs/", {}),
        ("github", "/git/blobs/", {"encoding": "none", "content": ""}),
        ("github", "/git/blobs/", {"encoding": "base64", "content": "?"}),
        ("trello", "/lists", {}),
        ("trello", "/lists", [{}]),
        ("trello", "/cards/IQIV54Pc", {"id": "x"}),
    ],
)
def test_what_is_not_understood_never_passes_for_empty(
    vendor: str, path: str, response: object, sandbox: Sandbox, doors: Doors, spotless: Spotless
) -> None:
    read = {"zendesk": STEPS[0], "trello": STEPS[3], "github": STEPS[5]}[vendor]
    leaver = sandbox.zendesk.add_ticket(description="Name: Petra Privat")
    sandbox.faults.add(fault=json_instead(response), vendor=vendor, path=path)

    with pytest.raises(TransientError) as caught:
        read.do(doors, leaver)

    assert caught.value.maybe_done is False
    spotless(caught.value)
