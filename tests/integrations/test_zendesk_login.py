"""Access tokens: fetched once for all threads, renewed in time and after a refusal."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.faults import (
    Fault,
    expired_token,
    fails,
    html_page,
    json_instead,
    replies_late,
)
from integrations.sandbox.messages import Reply
from integrations.sandbox.zendesk_tickets import SandboxTicket
from service.domain.errors import PermanentError, TransientError
from service.domain.ticket_updates import TicketChange
from tests.integrations.conftest import Doors, OpenDoors, may_write, oauth_client

TOKENS = "/oauth/tokens"


def paths(sandbox: Sandbox) -> list[str]:
    return [each.path.removeprefix("/api/v2") for each in sandbox.requests("zendesk")]


def test_a_token_is_asked_for_as_zendesk_documents(
    sandbox: Sandbox, doors: Doors, leaver: SandboxTicket
) -> None:
    doors.zendesk.ticket(leaver.id)

    assert sandbox.requests("zendesk")[0].request.json() == {
        "grant_type": "client_credentials",
        "client_id": sandbox.zendesk.access.client_id,
        "client_secret": sandbox.zendesk.access.client_secret,
        "scope": "read write",
    }
    assert doors.calls.before[0].is_write is False


def test_one_token_is_fetched_for_all_threads(
    sandbox: Sandbox, doors: Doors, leaver: SandboxTicket
) -> None:
    sandbox.faults.add(fault=replies_late(0.2), vendor="zendesk", path=TOKENS)

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(doors.zendesk.ticket, [leaver.id] * 16))

    assert paths(sandbox).count(TOKENS) == 1


def test_a_token_fetch_that_fails_fails_for_all_who_waited(
    sandbox: Sandbox, open_doors: OpenDoors, leaver: SandboxTicket
) -> None:
    doors = open_doors(timeout=0.3)
    sandbox.faults.add(fault=replies_late(30), vendor="zendesk", path=TOKENS, times=None)

    def outcome(_number: int) -> str:
        with pytest.raises(TransientError) as caught:
            doors.zendesk.ticket(leaver.id)
        return caught.value.problem

    with ThreadPoolExecutor(16) as threads:
        found = set(threads.map(outcome, range(16)))

    assert found == {"No response came in time."}
    # Another fetch is due for those who came after one had ended: on a busy machine, some do.
    assert paths(sandbox).count(TOKENS) < 16


def test_a_token_is_fetched_again_before_it_runs_out(
    sandbox: Sandbox, doors: Doors, leaver: SandboxTicket
) -> None:
    def short_lived(reply: Reply) -> Reply:
        body = reply.json() | {"expires_in": 0.000001}
        return Reply(status=200, headers=reply.headers, body=json.dumps(body).encode())

    sandbox.faults.add(fault=Fault(change=short_lived), vendor="zendesk", path=TOKENS)

    doors.zendesk.ticket(leaver.id)
    doors.zendesk.ticket(leaver.id)

    assert paths(sandbox)[0:3:2] == [TOKENS, TOKENS]
    assert paths(sandbox).count(TOKENS) == 2


@pytest.mark.parametrize("lifetime", [None, "soon", -1, 0])
def test_a_token_without_a_usable_lifetime_is_kept_for_the_usual_one(
    lifetime: object, sandbox: Sandbox, doors: Doors, leaver: SandboxTicket
) -> None:
    def odd(reply: Reply) -> Reply:
        body = reply.json() | {"expires_in": lifetime}
        return Reply(status=200, headers=reply.headers, body=json.dumps(body).encode())

    sandbox.faults.add(fault=Fault(change=odd), vendor="zendesk", path=TOKENS)

    doors.zendesk.ticket(leaver.id)

    assert paths(sandbox).count(TOKENS) == 1


def test_a_refused_token_is_replaced_once_and_the_call_goes_on(
    sandbox: Sandbox, doors: Doors, leaver: SandboxTicket
) -> None:
    ticket = doors.zendesk.ticket(leaver.id)
    assert ticket is not None
    sandbox.zendesk.expire_tokens()
    sandbox.clear_requests()

    doors.zendesk.change_ticket(ticket, TicketChange(note="Once"), lease=may_write)

    number = f"/tickets/{leaver.id}.json"
    assert paths(sandbox) == [number, TOKENS, number]
    assert [note.body for note in leaver.notes] == ["Once"]


def test_a_token_that_is_refused_for_many_threads_is_replaced_once(
    sandbox: Sandbox, doors: Doors, leaver: SandboxTicket
) -> None:
    doors.zendesk.ticket(leaver.id)
    sandbox.zendesk.expire_tokens()
    sandbox.clear_requests()
    sandbox.faults.add(fault=replies_late(0.2), vendor="zendesk", path=TOKENS)

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(doors.zendesk.ticket, [leaver.id] * 8))

    assert (None in found, paths(sandbox).count(TOKENS)) == (False, 1)


def test_a_fresh_token_that_is_refused_too_is_lasting(
    sandbox: Sandbox,
    doors: Doors,
    leaver: SandboxTicket,
    spotless: Callable[[Exception], None],
) -> None:
    sandbox.faults.add(
        fault=expired_token("zendesk"), vendor="zendesk", path="/tickets/", times=None
    )

    with pytest.raises(PermanentError, match="ZENDESK_CLIENT_ID") as caught:
        doors.zendesk.ticket(leaver.id)

    number = f"/tickets/{leaver.id}.json"
    assert paths(sandbox) == [TOKENS, number, TOKENS, number]
    spotless(caught.value)


@pytest.mark.parametrize(
    ("wrong", "setting"),
    [
        ({"client_secret": "not the secret"}, "ZENDESK_CLIENT_SECRET"),
        ({"scope": "nonsense"}, "ZENDESK_SCOPE"),
    ],
)
def test_a_refused_client_is_lasting_and_names_the_setting(
    wrong: dict[str, str],
    setting: str,
    sandbox: Sandbox,
    open_doors: OpenDoors,
    spotless: Callable[[Exception], None],
) -> None:
    doors = open_doors(login=replace(oauth_client(sandbox), **wrong))

    with pytest.raises(PermanentError, match=setting) as caught:
        doors.zendesk.ticket(1)

    assert paths(sandbox) == [TOKENS]
    spotless(caught.value)


@pytest.mark.parametrize(
    "fault",
    [
        html_page(200),
        json_instead({}),
        json_instead([]),
        json_instead({"access_token": ""}),
        json_instead({"access_token": 7}),
        fails(500),
        fails(429),
    ],
)
def test_a_token_that_does_not_come_passes(
    fault: Fault, sandbox: Sandbox, doors: Doors, spotless: Callable[[Exception], None]
) -> None:
    sandbox.faults.add(fault=fault, vendor="zendesk", path=TOKENS, times=None)

    with pytest.raises(TransientError) as caught:
        doors.zendesk.ticket(1)

    assert (paths(sandbox), caught.value.maybe_done) == ([TOKENS], False)
    spotless(caught.value)


def test_credentials_do_not_show_in_their_own_description(sandbox: Sandbox) -> None:
    shown = repr(oauth_client(sandbox))

    assert sandbox.zendesk.access.client_secret not in shown
