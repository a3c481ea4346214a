"""Zendesk's webhook over HTTP: every row of the contract's table."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
import requests
from psycopg.rows import DictRow

from integrations.sandbox.zendesk_webhook import signature, signed_headers
from tests.conftest import PREVIOUS_SECRET
from tests.support.rig import Rig

PATH = "/webhooks/zendesk"
MIB = 1024 * 1024
Row = dict[str, object]


def now() -> datetime:
    return datetime.now(UTC)


def send(rig: Rig, body: bytes, *, secret: str = "", at: datetime | str = "") -> requests.Response:
    chosen = secret or rig.sandbox.zendesk.webhook_secret
    headers = signed_headers(chosen, body, at or now())
    return rig.service.call("POST", PATH, data=body, headers=headers, token=None)


def stored(rows: psycopg.Connection[DictRow], ticket_id: int) -> Row | None:
    """The leaver and its jobs, as other processes see them."""
    leaver = rows.execute("SELECT state FROM leavers WHERE ticket_id = %s", (ticket_id,)).fetchone()
    jobs = rows.execute(
        "SELECT status, args FROM procrastinate_jobs WHERE lock = %s", (f"ticket-{ticket_id}",)
    ).fetchall()
    return {"state": leaver["state"], "jobs": jobs} if leaver else None


def queued(ticket_id: int) -> Row:
    return {"ticket_id": ticket_id, "state": "queued", "url": f"/leavers/{ticket_id}"}


@pytest.mark.parametrize(
    "body",
    [
        '{"ticket_id": ID}',
        '{"ticket_id": "ID"}',
        '{\n   "ticket_id": "ID"\n}\n',
        '{"ticket_id": ID, "subject": "zen:ticket:1", "name": "Jane Doe"}',
        '{"subject": "zen:ticket:ID", "type": "zen:event-type:ticket.created"}',
        '{"ticket_id": "00ID"}',
    ],
    ids=["number", "text", "indented", "more keys", "event", "leading noughts"],
)
def test_a_ticket_is_stored_before_it_is_accepted(
    answering: Rig, rows: psycopg.Connection[DictRow], new_id: int, body: str
) -> None:
    answer = send(answering, body.replace("ID", str(new_id)).encode())

    assert (answer.status_code, answer.json()) == (202, queued(new_id))
    assert stored(rows, new_id) == {
        "state": "queued",
        # Nothing but the number is taken from a body.
        "jobs": [{"status": "todo", "args": {"ticket_id": new_id}}],
    }


def test_the_same_ticket_again_is_not_queued_twice(
    answering: Rig, rows: psycopg.Connection[DictRow], new_id: int
) -> None:
    body = json.dumps({"ticket_id": new_id}).encode()

    answers = [send(answering, body) for _ in range(3)]

    assert [answer.json() for answer in answers] == [queued(new_id)] * 3
    found = stored(rows, new_id)
    assert found
    assert len(found["jobs"]) == 1  # type: ignore[arg-type]  # a list of rows


def test_a_secret_that_is_being_replaced_still_counts(answering: Rig, new_id: int) -> None:
    answer = send(answering, b'{"ticket_id": %d}' % new_id, secret=PREVIOUS_SECRET)

    assert answer.status_code == 202


@pytest.mark.parametrize("minutes", [-14.9, 0, 14.9])
def test_a_time_stamp_within_fifteen_minutes_is_accepted(
    answering: Rig, new_id: int, minutes: float
) -> None:
    answer = send(answering, b'{"ticket_id": %d}' % new_id, at=now() + timedelta(minutes=minutes))

    assert answer.status_code == 202


@pytest.mark.parametrize(
    "make",
    [
        lambda: now() - timedelta(minutes=15, seconds=2),
        lambda: now() + timedelta(minutes=16),
        lambda: "2021-03-25T05:09:27Z",
        lambda: now().replace(tzinfo=None).isoformat(),
        lambda: "yesterday",
        lambda: str(now().timestamp()),
    ],
    ids=["too old", "too early", "long ago", "no zone", "no date", "a number"],
)
def test_a_time_stamp_that_is_far_away_or_no_time_is_refused(
    answering: Rig,
    rows: psycopg.Connection[DictRow],
    new_id: int,
    make: Callable[[], datetime | str],
) -> None:
    answer = send(answering, b'{"ticket_id": %d}' % new_id, at=make())

    assert answer.status_code == 401
    assert stored(rows, new_id) is None


def unsigned(body: bytes, secret: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Headers that must not count, each with why."""
    at = now().strftime("%Y-%m-%dT%H:%M:%SZ")
    good = signature(secret, at, body)
    name, stamp = "X-Zendesk-Webhook-Signature", "X-Zendesk-Webhook-Signature-Timestamp"
    yield "no headers", {}
    yield "no signature", {stamp: at}
    yield "no time stamp", {name: good}
    yield "empty", {name: "", stamp: at}
    yield "another secret", {name: signature("another", at, body), stamp: at}
    yield "another body", {name: signature(secret, at, body + b" "), stamp: at}
    yield "body before time", {name: signature(secret, "", body + at.encode()), stamp: at}
    yield "without the time", {name: signature(secret, "", body), stamp: at}
    yield "not base64", {name: "!!!", stamp: at}
    yield "half of it", {name: good[:20], stamp: at}
    yield "in hex", {name: "ab" * 32, stamp: at}
    yield (
        "the test secret",
        {
            name: signature("dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==", at, body),
            stamp: at,
        },
    )


@pytest.mark.parametrize("why", [why for why, _ in unsigned(b"", "")])
def test_a_signature_that_is_missing_or_wrong_is_refused(
    answering: Rig, rows: psycopg.Connection[DictRow], new_id: int, why: str
) -> None:
    body = b'{"ticket_id": %d}' % new_id
    headers = dict(unsigned(body, answering.sandbox.zendesk.webhook_secret))[why]

    answer = answering.service.call("POST", PATH, data=body, headers=headers, token=None)

    assert (answer.status_code, list(answer.json())) == (401, ["detail"])
    assert stored(rows, new_id) is None


def test_an_operator_token_is_not_a_signature(answering: Rig, new_id: int) -> None:
    answer = answering.service.post(PATH, {"ticket_id": new_id})

    assert answer.status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"ticket_id=12345",
        b"{",
        b"[12345]",
        b"12345",
        b"null",
        b"{}",
        b'{"ticket": 12345}',
        b'{"ticket_id": null}',
        b'{"ticket_id": 0}',
        b'{"ticket_id": -5}',
        b'{"ticket_id": 12.5}',
        b'{"ticket_id": 12345.0}',
        b'{"ticket_id": true}',
        b'{"ticket_id": "abc"}',
        b'{"ticket_id": "12 345"}',
        b'{"ticket_id": "+12345"}',
        b'{"ticket_id": ""}',
        '{"ticket_id": "١٢٣"}'.encode(),
        b'{"ticket_id": [12345]}',
        b'{"ticket_id": {"id": 12345}}',
        b'{"ticket_id": 9223372036854775808}',
        b'{"ticket_id": 1e400}',
        b'{"ticket_id": ' + b"9" * 5000 + b"}",
        b'{"subject": "zen:ticket:"}',
        b'{"subject": "zen:user:12345"}',
        b'{"subject": 12345}',
        b'{"ticket_id": "{{ticket.id}}"}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
    ids=lambda body: repr(body[:40]),
)
def test_a_body_without_a_ticket_number_is_refused(answering: Rig, body: bytes) -> None:
    answer = send(answering, body)

    assert (answer.status_code, list(answer.json())) == (422, ["detail"])


def test_the_largest_ticket_number_is_accepted(answering: Rig) -> None:
    answer = send(answering, b'{"ticket_id": 9223372036854775807}')

    assert answer.status_code == 202


def padded(ticket_id: int, size: int) -> bytes:
    start = b'{"ticket_id": %d, "text": "' % ticket_id
    return start + b"x" * (size - len(start) - 2) + b'"}'


def test_a_body_of_one_mebibyte_is_accepted_and_a_larger_one_refused(
    answering: Rig, rows: psycopg.Connection[DictRow], new_id: int
) -> None:
    larger = new_id + 500_000

    answers = [
        send(answering, padded(new_id, MIB)).status_code,
        send(answering, padded(larger, MIB + 1)).status_code,
    ]

    assert answers == [202, 413]
    assert stored(rows, larger) is None


def test_a_large_body_without_a_length_is_refused(answering: Rig, new_id: int) -> None:
    body = padded(new_id, 2 * MIB)
    headers = signed_headers(answering.sandbox.zendesk.webhook_secret, body, now())
    pieces = (body[at : at + 65_536] for at in range(0, len(body), 65_536))

    answer = answering.service.call("POST", PATH, data=pieces, headers=headers, token=None)

    assert answer.status_code == 413


def test_a_signature_is_looked_at_before_the_body(answering: Rig) -> None:
    answer = answering.service.call("POST", PATH, data=b"no JSON", token=None)

    assert answer.status_code == 401


@pytest.mark.parametrize("path", ["/webhooks/zendesk/", "/webhooks/other"])
def test_there_is_nothing_beside_the_webhook(answering: Rig, path: str) -> None:
    answer = answering.service.call("POST", path, data=b"{}", token=None)

    assert answer.status_code in {307, 404}
