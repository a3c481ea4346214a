"""Logs: JSON, ids and facts; never names, addresses, bodies or secrets, whatever goes wrong.

The logs of every other test are searched in the same way when it ends.
"""

import json
import subprocess
import sys

import pytest

from integrations.sandbox import Sandbox, faults
from integrations.sandbox.faults import Fault
from integrations.sandbox.zendesk import NAME_FIELD
from tests.conftest import StartService
from tests.support.rig import Rig
from tests.support.running import Service, wait_until
from tests.support.secrecy import check_log, people_of, secrets_of
from tests.support.tickets import ADA, Who, add_ticket

BODY = '{"error": "Ada Archer <ada.archer@digital.cabinet-office.gov.uk> may not"}'


def test_the_search_of_logs_would_find_a_name_an_address_and_a_secret(
    sandbox: Sandbox, environment: dict[str, str]
) -> None:
    add_ticket(sandbox, Who(name="Petra Privat"))

    private = {*people_of(sandbox), *secrets_of(environment)}

    assert private >= {
        "petra privat",
        "ada archer",
        "ada.archer@digital.cabinet-office.gov.uk",
        sandbox.trello.token.casefold(),
        sandbox.zendesk.webhook_secret.casefold(),
        "sandbox-token-of-alice-0001",
    }
    with pytest.raises(AssertionError):
        check_log('{"message": "Processing Petra Privat"}', sandbox, environment)
    with pytest.raises(AssertionError):
        check_log("no JSON", sandbox, environment)


@pytest.mark.parametrize(
    "fault",
    [
        faults.fails(500, body=BODY),
        faults.fails(404, body=BODY),
        faults.fails(422, body=BODY),
        faults.html_page(),
        faults.json_instead([BODY]),
        faults.json_instead({"ticket": {"id": "Ada Archer"}, "comments": BODY}),
        faults.truncated_json(),
        faults.breaks(),
        faults.redirects("https://example.com/?token=hidden"),
    ],
    ids=["500", "404", "422", "page", "list", "odd shape", "half", "broken", "redirect"],
)
@pytest.mark.parametrize("vendor", ["zendesk", "github", "trello"])
def test_no_failure_of_a_vendor_brings_its_words_into_the_log_or_the_record(
    service: Service, sandbox: Sandbox, vendor: str, fault: Fault
) -> None:
    ticket = add_ticket(sandbox, ADA)
    sandbox.faults.add(fault=fault, vendor=vendor, times=None)

    service.deliver(ticket.id)
    wait_until(lambda: service.leaver(ticket.id)["reason"] is not None)

    reason = service.leaver(ticket.id)["reason"]
    assert reason.casefold().startswith(vendor)
    assert [word for word in ("Ada", "@", "hidden", "http", "{") if word in reason] == []
    check_log(service.log, sandbox, service.environment)


@pytest.mark.parametrize(
    "name",
    [
        "Ada\nArcher\r\nForged: line",
        'Ada "}{" Archer',
        "Ada \u202eArcher\x00",
        "x" * 50_000,
        "<script>alert(1)</script>",
        "'; DROP TABLE leavers; --",
    ],
    ids=["lines", "json", "control", "long", "markup", "sql"],
)
def test_an_odd_name_breaks_neither_the_log_nor_the_run(
    service: Service, sandbox: Sandbox, name: str
) -> None:
    ticket = add_ticket(sandbox, ADA)
    ticket.custom_fields[NAME_FIELD] = name

    leaver = service.process_ticket(ticket.id)

    assert leaver["state"] in {"done", "needs_person"}
    check_log(service.log, sandbox, service.environment)


def test_each_log_line_has_its_time_level_logger_and_message(answering: Rig, new_id: int) -> None:
    answering.service.post(f"/leavers/{new_id}/rerun")

    lines = answering.service.log_lines

    assert lines
    assert [line for line in lines if not {"at", "level", "logger", "message"} <= set(line)] == []


def test_a_refused_request_leaves_none_of_its_content_in_the_log(
    start_service: StartService, sandbox: Sandbox
) -> None:
    service = start_service(works=False)

    service.get("/leavers", token="wrong-token-hidden-word")
    service.post("/leavers/5/rerun", {"name": "hidden-word", "x": "hidden-word"})
    service.call("POST", "/webhooks/zendesk", data=b'{"ticket_id": "hidden-word"}')
    service.get("/leavers", params={"state": "needs_person"})

    assert "hidden-word" not in service.log
    check_log(service.log, sandbox, service.environment)


def test_a_command_that_prints_a_result_prints_no_warning_of_a_library_beside_it() -> None:
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            (
                "import logging, psycopg; from service.observability.logs import configure_logs;"
                "configure_logs('ERROR'); logging.getLogger('psycopg').warning('cancelled');"
                "logging.getLogger('psycopg').error('lost')"
            ),
        ],
        capture_output=True,
        text=True,
        check=True,
    )

    assert [json.loads(line)["message"] for line in said.stdout.splitlines()] == ["lost"]
