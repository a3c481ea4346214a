"""Reports of unhandled errors: their place, and none of their data."""

import json

import psycopg

from integrations.sandbox import Sandbox
from service.observability import error_reports
from tests.conftest import StartService
from tests.support.receiver import Receiver
from tests.support.running import wait_until
from tests.support.tickets import ADA, add_ticket

# An error inside a run, whose message names the leaver, as a database's messages can.
ERROR = """
CREATE FUNCTION complain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'no room for Ada Archer' USING ERRCODE = '22000'; END $$;
CREATE TRIGGER complain BEFORE UPDATE OF person_keys ON leavers
FOR EACH ROW EXECUTE FUNCTION complain();
"""


def test_an_unhandled_error_in_a_run_is_reported_with_its_place_and_ticket_and_nothing_else(
    start_service: StartService, sandbox: Sandbox, receiver: Receiver, database_url: str
) -> None:
    service = start_service(SENTRY_DSN=f"http://publickey@127.0.0.1:{receiver.port}/1")
    with psycopg.connect(database_url) as connection:
        connection.execute(ERROR)
    ticket = add_ticket(sandbox, ADA)

    leaver = service.process_ticket(ticket.id)
    wait_until(lambda: bool(receiver.bodies))

    (body,) = receiver.bodies
    event = json.loads(body.splitlines()[2])
    (error,) = [one for one in event["exception"]["values"] if one["type"] == "DataException"]
    frames = error["stacktrace"]["frames"]
    assert leaver["state"] == "failed"
    assert event["tags"] == {"ticket_id": str(ticket.id)}
    assert {"module", "function", "lineno", "in_app"} == {key for frame in frames for key in frame}
    assert any(frame["module"] == "service.work.process" for frame in frames)
    assert set(event) <= {
        *("event_id", "timestamp", "level", "platform", "release", "environment", "tags", "sdk"),
        "exception",
    }
    assert b"archer" not in body.lower()
    assert b"postgresql://" not in body


def test_whatever_an_event_holds_only_places_are_kept() -> None:
    frame = {"module": "service.work.process", "function": "decide", "lineno": 7, "in_app": True}
    event = {
        "event_id": "1",
        "message": "Jane Doe",
        "user": {"email": "jane.doe@example.gov.uk"},
        "request": {"data": "Jane Doe"},
        "extra": {"name": "Jane Doe"},
        "breadcrumbs": {"values": [{"message": "Jane Doe"}]},
        "contexts": {"trace": {"description": "Jane Doe"}},
        "server_name": "host",
        "exception": {
            "values": [
                {
                    "type": "ValueError",
                    "value": "Jane Doe",
                    "mechanism": {"type": "x", "data": {"name": "Jane Doe"}},
                    "stacktrace": {"frames": [frame | {"vars": {"name": "Jane Doe"}}]},
                }
            ]
        },
    }

    kept = error_reports.scrubbed(event)

    assert kept == {
        "event_id": "1",
        "exception": {
            "values": [
                {
                    "type": "ValueError",
                    "mechanism": {"type": "generic", "handled": True},
                    "stacktrace": {"frames": [frame]},
                }
            ]
        },
    }
