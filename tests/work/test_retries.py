"""What passes is tried again with growing pauses; what lasts ends with a reason to act on."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from integrations.sandbox import Sandbox, faults
from integrations.sandbox.faults import Fault
from integrations.sandbox.zendesk_update import TicketField
from service.domain.errors import TransientError
from service.domain.reasons import ReasonCode
from service.work.attempt import LONGEST_PAUSE, pause_before_try
from service.work.ensure_card import CardDeferred
from tests.conftest import StartService
from tests.support.running import Json, Service, events_of
from tests.support.tickets import ADA, add_ticket, cards_of

LONG = 86_400.0


def passing(retry_after: float | None = None) -> TransientError:
    return TransientError(
        "Zendesk", "It does not work.", code=ReasonCode.ZENDESK_FAILING, retry_after=retry_after
    )


@pytest.mark.parametrize("drawn", [0.0, 0.5, 1.0])
def test_pauses_grow_up_to_the_longest_one(drawn: float) -> None:
    pauses = [
        pause_before_try(number, passing(), left=LONG, draw=lambda: drawn)
        for number in range(1, 40)
    ]

    share = 0.5 + drawn / 2
    assert pauses[:4] == [2 * share, 4 * share, 8 * share, 16 * share]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE * share


@pytest.mark.parametrize("drawn", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("asked", [1.0, 30.0, 3600.0, 86_400.0])
def test_a_pause_is_never_shorter_than_asked_for(asked: float, drawn: float) -> None:
    pauses = [
        pause_before_try(number, passing(asked), left=LONG, draw=lambda: drawn)
        for number in range(1, 20)
    ]

    assert min(pauses) >= asked


def test_waiting_for_something_of_ones_own_takes_just_that_long() -> None:
    assert (
        pause_before_try(
            7,
            CardDeferred("wait", code=ReasonCode.OTHER_TICKET_FIRST, seconds=2),
            left=LONG,
            draw=lambda: 0.25,
        )
        == 2.25
    )


def test_the_last_try_is_made_when_the_time_for_trying_ends() -> None:
    assert pause_before_try(9, passing(), left=5, draw=lambda: 1.0) == 5


def until(leaver: Json) -> float:
    """Seconds from a failure to the instant for which the history announces the next try."""
    line = next(one for one in leaver["history"] if one["event"] == "retry_planned")
    failed_at = datetime.fromisoformat(line["at"])
    said = line["detail"].removeprefix("The next try is at ")[:8]
    clock = datetime.strptime(said, "%H:%M:%S").replace(tzinfo=UTC)
    planned = datetime.combine(failed_at.date(), clock.timetz())
    if planned < failed_at - timedelta(hours=12):
        planned += timedelta(days=1)
    return (planned - failed_at).total_seconds()


@pytest.mark.parametrize(
    ("make", "seconds"),
    [
        (lambda: faults.too_many_requests(600), 600),
        (lambda: faults.too_many_requests(600, as_date=True), 590),
        (lambda: faults.unavailable(700), 700),
        (lambda: faults.unavailable(700, as_date=True), 690),
    ],
    ids=["429, seconds", "429, date", "503, seconds", "503, date"],
)
@pytest.mark.parametrize("vendor", ["zendesk", "github", "trello"])
def test_a_vendor_is_not_asked_again_sooner_than_it_wants(
    service: Service, sandbox: Sandbox, vendor: str, make: Callable[[], Fault], seconds: int
) -> None:
    ticket = add_ticket(sandbox, ADA)
    sandbox.faults.add(fault=make(), vendor=vendor, method="GET", times=None)

    service.deliver(ticket.id)
    leaver = service.wait_for(ticket.id, "queued", event="retry_planned")

    # The history shows whole seconds.
    assert until(leaver) > seconds - 2
    assert leaver["reason"].casefold().startswith(vendor)
    assert leaver["reason"].endswith(". This is tried again.")


def test_an_operator_need_not_wait_for_the_next_try(service: Service, sandbox: Sandbox) -> None:
    ticket = add_ticket(sandbox, ADA)
    sandbox.faults.add(fault=faults.unavailable(3600), vendor="github")
    service.deliver(ticket.id)
    service.wait_for(ticket.id, "queued", event="retry_planned")

    leaver = service.rerun(ticket.id)

    assert (leaver["state"], leaver["reason"], len(cards_of(sandbox, ticket))) == ("done", None, 1)


def test_a_redelivery_does_not_cut_the_pause_short(service: Service, sandbox: Sandbox) -> None:
    ticket = add_ticket(sandbox, ADA)
    sandbox.faults.add(fault=faults.unavailable(3600), vendor="github", times=None)
    service.deliver(ticket.id)
    service.wait_for(ticket.id, "queued", event="retry_planned")
    sandbox.clear_requests()

    answer = service.deliver(ticket.id)

    assert (answer.status, answer.body["state"]) == (202, "queued")
    assert sandbox.requests() == []


def test_what_does_not_pass_in_time_fails_and_can_be_run_again(
    start_service: StartService, sandbox: Sandbox
) -> None:
    service = start_service(RETRY_FOR_SECONDS="3")
    ticket = add_ticket(sandbox, ADA)
    sandbox.faults.add(fault=faults.unavailable(), vendor="trello", times=None)
    service.deliver(ticket.id)

    failed = service.wait_for(ticket.id, "failed")
    sandbox.faults.clear()
    leaver = service.rerun(ticket.id)

    assert failed["reason"].startswith("Trello: ")
    assert events_of(failed).count("retry_planned") >= 2
    assert (leaver["state"], len(cards_of(sandbox, ticket))) == ("done", 1)


def test_without_retries_the_first_failure_is_the_last(
    start_service: StartService, sandbox: Sandbox
) -> None:
    service = start_service(RETRY_FOR_SECONDS="0")
    ticket = add_ticket(sandbox, ADA)
    sandbox.faults.add(fault=faults.unavailable(), vendor="github", times=None)

    leaver = service.process_ticket(ticket.id)

    assert (leaver["state"], "retry_planned" in events_of(leaver)) == ("failed", False)


def test_a_vendor_that_is_down_for_one_ticket_does_not_hold_up_the_others(
    service: Service, sandbox: Sandbox
) -> None:
    stuck, other = add_ticket(sandbox, ADA), add_ticket(sandbox, ADA)
    sandbox.faults.add(fault=faults.unavailable(3600), path=f"/tickets/{stuck.id}[./]", times=None)

    service.deliver(stuck.id)
    leaver = service.process_ticket(other.id)

    assert leaver["state"] == "done"


LASTING = [
    ("zendesk", "POST", "/oauth/tokens", 401, "Zendesk", "ZENDESK_CLIENT_SECRET"),
    ("zendesk", "GET", "/tickets/", 403, "Zendesk", "ZENDESK_SCOPE"),
    ("zendesk", "PUT", "/tickets/", 403, "Zendesk", "ZENDESK_SCOPE"),
    ("zendesk", "PUT", "/tickets/", 422, "Zendesk", "finish it by hand"),
    ("zendesk", "PUT", "/tickets/", 400, "Zendesk", "status 400"),
    ("github", "GET", "/commits/", 401, "GitHub", "GITHUB_TOKEN"),
    ("github", "GET", "/commits/", 403, "GitHub", "status 403"),
    ("github", "GET", "/git/trees/", 404, "GitHub", "USER_REVIEWER_REPOSITORY"),
    ("trello", "GET", "/cards/open", 401, "Trello", "TRELLO_TOKEN"),
    ("trello", "GET", "/cards/open", 404, "Trello", "TRELLO_BOARD_ID"),
    ("trello", "GET", "/1/cards/", 404, "Trello", "TRELLO_TECH_TEMPLATE"),
    ("trello", "POST", "/1/cards", 401, "Trello", "TRELLO_TOKEN"),
    ("trello", "POST", "/1/cards", 403, "Trello", "status 403"),
]


@pytest.mark.parametrize(
    ("vendor", "method", "path", "status", "name", "fix"),
    LASTING,
    ids=lambda value: str(value).strip("/"),
)
def test_a_lasting_failure_names_the_vendor_and_the_fix(
    service: Service,
    sandbox: Sandbox,
    vendor: str,
    method: str,
    path: str,
    status: int,
    name: str,
    fix: str,
) -> None:
    ticket = add_ticket(sandbox, ADA)
    fault = faults.fails(status, body="{}")
    sandbox.faults.add(fault=fault, vendor=vendor, method=method, path=path, times=None)

    leaver = service.process_ticket(ticket.id)

    assert (leaver["state"], leaver["outcome"]) == ("failed", None)
    assert re.match(rf"{name}: .*{fix}", leaver["reason"]), leaver["reason"]
    assert "{" not in leaver["reason"]


def test_a_ticket_that_may_not_be_solved_yet_fails_with_what_to_fill_in(
    service: Service, sandbox: Sandbox
) -> None:
    ticket = add_ticket(sandbox, ADA)
    sandbox.zendesk.account.fields.append(
        TicketField(id=7000000000099, title="Costs", required_to_solve=True)
    )

    leaver = service.process_ticket(ticket.id)

    assert leaver["state"] == "failed"
    assert "required field" in leaver["reason"]
    assert (ticket.status, ticket.notes, len(cards_of(sandbox, ticket))) == ("open", [], 1)


def test_a_ticket_that_changes_meanwhile_is_read_again(service: Service, sandbox: Sandbox) -> None:
    ticket = add_ticket(sandbox, ADA)

    def change() -> None:
        sandbox.clock.advance(seconds=2)
        sandbox.zendesk.update(ticket.id, {"tags": ["leaver", "urgent"]})

    sandbox.faults.add(fault=faults.runs(change), vendor="zendesk", method="PUT")

    leaver = service.process_ticket(ticket.id)

    assert leaver["state"] == "done"
    assert (ticket.status, ticket.tags, len(ticket.notes)) == (
        "solved",
        ["leaver", "leaver_processed", "urgent"],
        1,
    )


def test_an_access_token_that_is_refused_is_fetched_again_without_a_retry(
    service: Service, sandbox: Sandbox
) -> None:
    service.process_ticket(add_ticket(sandbox, ADA, leaving=None).id)
    sandbox.zendesk.expire_tokens()
    ticket = add_ticket(sandbox, ADA)

    leaver = service.process_ticket(ticket.id)

    assert leaver["state"] == "done"
    assert "retry_planned" not in events_of(leaver)
