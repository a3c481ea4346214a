import email.utils
import os
import signal
import socket
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import requests

from integrations.sandbox import Sandbox, faults
from integrations.sandbox.faults import Cut, Fault, Moment
from tests.sandbox.conftest import Client

PATIENCE = 0.3


def make_card(trello: Client, sandbox: Sandbox, *, timeout: float = 10) -> requests.Response:
    body = {"idList": sandbox.trello.lists()[0].id, "name": "Leaver"}
    return trello.call("POST", "/cards", json=body, timeout=timeout)


def made(sandbox: Sandbox) -> int:
    """How many cards there are, beside the one that every sandbox has."""
    return len(sandbox.trello.cards()) - 1


@pytest.mark.parametrize(
    ("fault", "status", "cards"),
    [
        (faults.fails(500), 500, 0),
        (faults.acts_then_fails(500), 500, 1),
        (faults.too_many_requests(), 429, 0),
        (faults.unavailable(30), 503, 0),
        (faults.html_page(200), 200, 0),
        (faults.html_page(502, acts=True), 502, 1),
        (faults.expired_token("trello"), 401, 0),
        (faults.redirects("http://127.0.0.1:9/", status=307), 307, 0),
    ],
)
def test_a_fault_decides_what_is_answered_and_whether_it_was_done(
    sandbox: Sandbox, trello: Client, fault: Fault, status: int, cards: int
) -> None:
    sandbox.faults.add(vendor="trello", method="POST", path=r"^/1/cards$", fault=fault)

    answers = [make_card(trello, sandbox).status_code, make_card(trello, sandbox).status_code]

    assert (answers, made(sandbox)) == ([status, 200], cards + 1)
    assert [one.status for one in sandbox.requests("trello")] == [status, 200]


@pytest.mark.parametrize(
    ("fault", "cards"),
    [
        (faults.breaks(), 0),
        (faults.breaks(Cut.RESET), 0),
        (faults.breaks(Cut.MIDWAY), 0),
        (faults.acts_then_breaks(), 1),
        (faults.acts_then_breaks(Cut.RESET), 1),
        (faults.acts_then_breaks(Cut.MIDWAY), 1),
    ],
)
def test_a_connection_can_break_before_and_after_acting(
    sandbox: Sandbox, trello: Client, fault: Fault, cards: int
) -> None:
    sandbox.faults.add(method="POST", fault=fault)

    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        make_card(trello, sandbox)

    assert made(sandbox) == cards


def test_a_late_reply_comes_after_the_deed(sandbox: Sandbox, trello: Client) -> None:
    sandbox.faults.add(method="POST", fault=faults.replies_late(30))

    with pytest.raises(requests.ReadTimeout):
        make_card(trello, sandbox, timeout=PATIENCE)

    assert made(sandbox) == 1


@pytest.mark.parametrize("replies", [True, False])
def test_a_late_write_lands_when_its_sender_has_given_up(
    sandbox: Sandbox, trello: Client, *, replies: bool
) -> None:
    landed, may_act = threading.Event(), threading.Event()
    late = faults.acts_late(0.001, replies=replies)
    fault = Fault(
        before=lambda: may_act.wait(30),
        wait_before_acting=late.wait_before_acting,
        cut=late.cut,
        after_acting=landed.set,
    )
    sandbox.faults.add(method="POST", fault=fault)

    with pytest.raises(requests.ReadTimeout):
        make_card(trello, sandbox, timeout=PATIENCE)
    before = made(sandbox)
    may_act.set()
    assert landed.wait(30)

    assert (before, made(sandbox)) == (0, 1)


def test_a_reset_breaks_off_what_still_waits(sandbox: Sandbox, trello: Client) -> None:
    rule = sandbox.faults.add(method="POST", fault=faults.acts_late(300))

    def reset_when_struck() -> None:
        rule.wait()
        sandbox.reset()

    resetting = threading.Thread(target=reset_when_struck)
    resetting.start()

    with pytest.raises(requests.ConnectionError):
        make_card(trello, sandbox)

    resetting.join()

    assert made(sandbox) == 0


def test_a_kept_connection_can_turn_out_dead(sandbox: Sandbox, trello: Client) -> None:
    sandbox.faults.add(fault=faults.closes_after_reply())

    assert trello.get("/members/me").status_code == 200
    with pytest.raises(requests.ConnectionError):
        make_card(trello, sandbox)

    assert (made(sandbox), len(sandbox.requests("trello"))) == (0, 1)
    assert make_card(trello, sandbox).status_code == 200


def test_half_of_an_answer_is_not_json(sandbox: Sandbox, trello: Client) -> None:
    sandbox.faults.add(fault=faults.truncated_json())

    answer = trello.get("/members/me")

    assert answer.status_code == 200
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()


@pytest.mark.parametrize("value", [[], None, "text", 7])
def test_an_answer_can_be_json_of_the_wrong_shape(
    sandbox: Sandbox, trello: Client, value: object
) -> None:
    sandbox.faults.add(fault=faults.json_instead(value))

    assert trello.get("/members/me").json() == value


def test_an_answer_can_be_empty(sandbox: Sandbox, trello: Client) -> None:
    sandbox.faults.add(fault=faults.empty_body())

    answer = trello.get("/members/me")

    assert (answer.status_code, answer.content) == (200, b"")


def test_a_trickle_drips_byte_by_byte(sandbox: Sandbox, trello: Client) -> None:
    sandbox.faults.add(fault=faults.trickles(0.0001))

    assert trello.get("/members/me").json()["username"] == "leaversservice"


def test_retry_after_is_seconds_a_date_or_rubbish(sandbox: Sandbox, trello: Client) -> None:
    for fault in (
        faults.too_many_requests(7),
        faults.unavailable(60, as_date=True),
        faults.unavailable("soon"),
        faults.too_many_requests(),
    ):
        sandbox.faults.add(fault=fault)

    seconds, date, rubbish, absent = (
        trello.get("/members/me").headers.get("Retry-After") for _ in range(4)
    )

    assert (seconds, rubbish, absent) == ("7", "soon", None)
    assert date is not None
    ahead = email.utils.parsedate_to_datetime(date) - datetime.now(UTC)
    assert timedelta(seconds=30) < ahead <= timedelta(seconds=60)


@pytest.mark.parametrize(
    ("fault", "remaining", "retry_after"),
    [
        (faults.github_rate_limit(), "0", None),
        (faults.github_rate_limit(secondary=True, retry_after=30), "4000", "30"),
    ],
)
def test_githubs_rate_limits_are_a_403(
    sandbox: Sandbox, github: Client, fault: Fault, remaining: str, retry_after: str | None
) -> None:
    sandbox.faults.add(vendor="github", fault=fault)

    answer = github.get("")

    assert answer.status_code == 403
    assert "rate limit" in answer.json()["message"]
    assert answer.headers["x-ratelimit-remaining"] == remaining
    assert answer.headers.get("Retry-After") == retry_after


def test_a_rule_strikes_the_request_it_names_and_no_other(sandbox: Sandbox, trello: Client) -> None:
    rule = sandbox.faults.add(
        vendor="trello", method="GET", path="/members/", fault=faults.fails(503), skip=1, times=2
    )
    sandbox.faults.add(method="POST", body="Other name", fault=faults.fails(500))

    statuses = [trello.get("/members/me").status_code for _ in range(4)]

    assert statuses == [200, 503, 503, 200]
    assert rule.struck == 2
    assert trello.get(f"/boards/{sandbox.trello.board.id}").status_code == 200
    assert make_card(trello, sandbox).status_code == 200


def test_a_lasting_fault_ends_when_it_is_cleared(sandbox: Sandbox, trello: Client) -> None:
    sandbox.faults.add(fault=faults.fails(503), times=None)
    during = [trello.get("/members/me").status_code for _ in range(3)]

    sandbox.faults.clear()

    assert (during, trello.get("/members/me").status_code) == ([503] * 3, 200)


KILLED_CLIENT = """
import sys, urllib.request
request = urllib.request.Request(sys.argv[1], data=sys.argv[2].encode(), method="POST",
    headers={"Authorization": sys.argv[3], "Content-Type": "application/json"})
print("ready", flush=True)
sys.stdin.readline()
urllib.request.urlopen(request).read()
print("answered", flush=True)
sys.stdin.readline()
"""


@pytest.mark.parametrize(
    ("moment", "cards"),
    [(Moment.BEFORE, 0), (Moment.AFTER_ACTING, 1), (Moment.AFTER_REPLY, 1)],
)
def test_a_process_is_killed_at_the_moment_that_a_test_names(
    sandbox: Sandbox, trello: Client, moment: Moment, cards: int
) -> None:
    arguments = (
        f"{trello.base}/1/cards",
        f'{{"idList": "{sandbox.trello.lists()[0].id}"}}',
        str(trello.session.headers["Authorization"]),
    )
    with subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, "-c", KILLED_CLIENT, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as client:
        assert client.stdin
        assert client.stdout
        client.stdout.readline()
        sandbox.faults.add(method="POST", fault=faults.kills(client.pid, moment))
        client.stdin.write(b"\n")
        client.stdin.flush()

        assert client.wait(30) == -signal.SIGKILL

    assert made(sandbox) == cards


def test_half_a_request_is_none(sandbox: Sandbox, trello: Client) -> None:
    whole = (
        "POST /1/cards HTTP/1.1\r\nHost: trello\r\nContent-Length: 500\r\n"
        f"Authorization: {trello.session.headers['Authorization']!s}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        f"idList={sandbox.trello.lists()[0].id}&name=Half"
    )
    address = urlsplit(trello.base)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(whole.encode())
        connection.shutdown(socket.SHUT_WR)

        assert connection.recv(1) == b""

    assert (made(sandbox), sandbox.requests("trello")) == (0, [])


def test_a_process_that_is_gone_cannot_be_killed_again(sandbox: Sandbox, trello: Client) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    sandbox.faults.add(fault=faults.kills(gone.pid, Moment.AFTER_REPLY))

    assert trello.get("/members/me").status_code == 200
    assert gone.pid != os.getpid()
