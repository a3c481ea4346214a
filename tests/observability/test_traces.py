"""Traces over OTLP/HTTP: what was done for which ticket, by number alone."""

import itertools

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from integrations.sandbox import Sandbox
from tests.conftest import StartService
from tests.support.receiver import Receiver
from tests.support.tickets import ADA, add_ticket

TICKET = "leavers.ticket_id"


def spans_of(receiver: Receiver) -> list[Span]:
    requests = [ExportTraceServiceRequest.FromString(body) for body in receiver.bodies]
    return [
        span
        for request in requests
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def attributes(span: Span) -> dict[str, int | str]:
    """What a span says of itself."""
    return {
        attribute.key: attribute.value.int_value or attribute.value.string_value
        for attribute in span.attributes
    }


@pytest.mark.parametrize(
    ("variable", "path"),
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", ""),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "/v1/traces"),
    ],
)
def test_a_webhook_a_run_and_its_calls_are_traced_by_ticket_number_alone(
    start_service: StartService, sandbox: Sandbox, receiver: Receiver, variable: str, path: str
) -> None:
    service = start_service(
        **{variable: f"http://127.0.0.1:{receiver.port}{path}"},
        # The framework would send spans of its own, with what was searched for in them.
        FASTAPI_OTEL_AUTO_CONFIGURE="true",
        SWEEP_EVERY_SECONDS="0",
    )
    ticket = add_ticket(sandbox, ADA)
    service.process_ticket(ticket.id)
    service.get("/leavers?state=done")
    service.terminate()

    spans = spans_of(receiver)
    runs = {span.name: span for span in spans if not span.parent_span_id}
    calls = [span for span in spans if span.parent_span_id == runs["process a ticket"].span_id]

    assert {name: attributes(span) for name, span in runs.items()} == {
        "accept a ticket": {TICKET: ticket.id},
        "process a ticket": {TICKET: ticket.id},
    }
    assert {span.name.partition(":")[0] for span in calls} == {"Zendesk", "GitHub", "Trello"}
    keys = set(itertools.chain.from_iterable(attributes(span) for span in calls))
    assert keys == {"peer.service", "http.response.status_code"}
    assert not any(b"archer" in body.lower() or b"/leavers" in body for body in receiver.bodies)


def test_a_collector_that_is_not_there_holds_no_leaver_up(
    start_service: StartService, sandbox: Sandbox
) -> None:
    service = start_service(OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9")

    leaver = service.process_ticket(add_ticket(sandbox, ADA).id)

    assert leaver["state"] == "done"
