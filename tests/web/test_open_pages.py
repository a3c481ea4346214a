"""What is open to all: health, metrics, the OpenAPI description and its page."""

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import yaml
from jsonschema import Draft202012Validator

from integrations.sandbox import Sandbox
from tests.conftest import StartService
from tests.support.rig import Rig
from tests.support.running import Service
from tests.support.tickets import ADA, NOBODY, Who, add_ticket


@pytest.fixture(scope="module")
def description(answering: Rig) -> dict[str, Any]:
    answer = answering.service.get("/openapi.json", token=None)
    assert answer.status_code == 200
    found = answer.json()
    assert isinstance(found, dict)
    return found


def test_every_refusal_is_described_as_it_is_answered(description: dict[str, Any]) -> None:
    refusals = {
        f"{method} {path} {status}": answer.get("content", {}).get("application/json", {})
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
        for status, answer in operation["responses"].items()
        if status.startswith("4")
    }

    others = {
        name: content
        for name, content in refusals.items()
        if content.get("schema") != {"$ref": "#/components/schemas/ErrorResponse"}
    }

    # FastAPI's own array of validation errors is never answered.
    assert others == {}
    assert "HTTPValidationError" not in description["components"]["schemas"]


def test_a_service_that_lives_says_so(answering: Rig) -> None:
    answer = answering.service.get("/healthcheck/live", token=None)

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_a_ready_service_names_its_checks(service: Service) -> None:
    answer = service.get("/healthcheck/ready", token=None)

    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ok", "checks": {"database": "ok", "worker": "ok"}},
    )


def test_a_service_without_a_worker_is_ready_without_one(answering: Rig) -> None:
    answer = answering.service.get("/healthcheck/ready", token=None)

    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ok", "checks": {"database": "ok"}},
    )


def test_readiness_does_not_ask_the_vendors(service: Service, sandbox: Sandbox) -> None:
    sandbox.clear_requests()

    service.get("/healthcheck/ready", token=None)

    assert sandbox.requests() == []


def metrics_of(service: Service) -> dict[str, float]:
    """Each sample by its name and labels."""
    text = service.get("/metrics", token=None).text
    samples = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in samples}


def test_metrics_count_leavers_and_calls(service: Service, sandbox: Sandbox) -> None:
    for who in (ADA, NOBODY, Who(name="Sam Taylor")):
        service.process_ticket(add_ticket(sandbox, who).id)
    service.process_ticket(999_999)

    found = metrics_of(service)

    copied = 'operation="copy a template card",outcome="200",vendor="Trello"'
    updated = 'operation="update a ticket",outcome="200",vendor="Zendesk"'
    assert {
        name: found[name]
        for name in (
            "leavers_received_total",
            'leavers_finished_total{outcome="tech_card"}',
            'leavers_finished_total{outcome="no_access"}',
            'leavers_finished_total{outcome="set_aside"}',
            "leavers_waiting_for_person",
            "leavers_failed",
            f"leavers_vendor_call_seconds_count{{{copied}}}",
            f"leavers_vendor_call_seconds_count{{{updated}}}",
        )
    } == {
        "leavers_received_total": 4,
        'leavers_finished_total{outcome="tech_card"}': 1,
        'leavers_finished_total{outcome="no_access"}': 1,
        'leavers_finished_total{outcome="set_aside"}': 0,
        "leavers_waiting_for_person": 1,
        "leavers_failed": 1,
        f"leavers_vendor_call_seconds_count{{{copied}}}": 1,
        f"leavers_vendor_call_seconds_count{{{updated}}}": 3,
    }
    assert found["leavers_oldest_unfinished_seconds"] > 0


def test_a_restart_loses_no_count_of_leavers(service: Service, sandbox: Sandbox) -> None:
    service.process_ticket(add_ticket(sandbox, ADA).id)
    service.kill()
    service.restart()

    assert metrics_of(service)['leavers_finished_total{outcome="tech_card"}'] == 1


def test_the_description_names_every_call_of_the_contract(description: dict[str, Any]) -> None:
    calls = {
        f"{method.upper()} {path}"
        for path, methods in description["paths"].items()
        for method in methods
    }

    assert calls >= {
        "POST /webhooks/zendesk",
        "GET /leavers",
        "GET /leavers/{ticket_id}",
        "POST /leavers/{ticket_id}/preview",
        "POST /leavers/{ticket_id}/rerun",
        "GET /healthcheck/live",
        "GET /healthcheck/ready",
    }


def test_the_description_says_which_errors_each_call_may_give(
    description: dict[str, Any],
) -> None:
    statuses = {
        path: set(description["paths"][path]["post"]["responses"])
        for path in (
            "/webhooks/zendesk",
            "/leavers/{ticket_id}/preview",
            "/leavers/{ticket_id}/rerun",
        )
    }

    assert statuses["/webhooks/zendesk"] >= {"202", "401", "413", "422", "503"}
    assert statuses["/leavers/{ticket_id}/preview"] >= {"200", "401", "404", "409", "503"}
    assert statuses["/leavers/{ticket_id}/rerun"] >= {"202", "401", "409", "422"}


def with_nulls(example: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """FastAPI leaves what is null out of an example: put it back, if null is allowed."""
    nullable = [
        key for key, of in schema["properties"].items() if {"type": "null"} in of.get("anyOf", [])
    ]
    return dict.fromkeys(nullable) | example


def test_every_example_fits_its_schema(description: dict[str, Any]) -> None:
    schemas = description["components"]["schemas"]
    examples = [(name, one) for name in schemas for one in schemas[name].get("examples", [])]

    problems = [
        f"{name}: {problem.message}"
        for name, example in examples
        for problem in Draft202012Validator(
            {"$ref": f"#/components/schemas/{name}", "components": description["components"]}
        ).iter_errors(with_nulls(example, schemas[name]))
    ]

    assert {name for name, _ in examples} >= {
        "AcceptedResponse",
        "CorrectionsBody",
        "LeaverResponse",
    }
    assert problems == []


def test_every_reference_of_the_description_leads_somewhere(description: dict[str, Any]) -> None:
    text = yaml.safe_dump(description)
    references = set(re.findall(r"#/components/schemas/(\w+)", text))

    assert references - set(description["components"]["schemas"]) == set()


def test_answers_fit_the_description(
    service: Service, sandbox: Sandbox, description: dict[str, Any]
) -> None:
    ticket = add_ticket(sandbox, Who(name="Sam Taylor"))
    leaver = service.process_ticket(ticket.id)
    answers = {
        "LeaverResponse": leaver,
        "PreviewResponse": service.preview(ticket.id),
        "LeaversResponse": service.get("/leavers").json(),
        "AcceptedResponse": service.post(f"/leavers/{ticket.id}/rerun").json(),
        "ErrorResponse": service.get("/leavers/999").json(),
    }

    problems = [
        f"{name}: {problem.message}"
        for name, answer in answers.items()
        for problem in Draft202012Validator(
            {"$ref": f"#/components/schemas/{name}", "components": description["components"]}
        ).iter_errors(answer)
    ]

    assert problems == []


def test_the_page_of_the_description_needs_nothing_from_elsewhere(answering: Rig) -> None:
    service = answering.service
    page = service.get("/docs", token=None)

    links = re.findall(r"""(?:src|href)=["']([^"']+)["']""", page.text)
    addresses = [urljoin(f"{service.url}/docs", link) for link in links]

    assert page.status_code == 200
    assert links
    assert {urlsplit(address).netloc for address in addresses} == {urlsplit(service.url).netloc}
    assert "//cdn" not in page.text
    assert [
        service.get(urlsplit(address).path, token=None).status_code for address in addresses
    ] == [200] * len(addresses)


def test_the_root_leads_somewhere(answering: Rig) -> None:
    answer = answering.service.get("/", token=None)

    assert answer.status_code in {302, 303, 307}
    assert answering.service.get(answer.headers["Location"], token=None).status_code < 400


def test_what_is_not_there_is_said_in_json(answering: Rig) -> None:
    answer = answering.service.get("/nothing", token=None)

    assert (answer.status_code, list(answer.json())) == (404, ["detail"])


def test_a_wrong_method_is_answered_with_the_right_one(answering: Rig) -> None:
    answer = answering.service.get("/webhooks/zendesk")

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert answer.json() == {"detail": "Send this address a POST request."}


def test_no_response_shows_what_serves_it(start_service: StartService) -> None:
    answer = start_service(works=False).get("/healthcheck/live", token=None)

    assert "server" not in answer.headers
