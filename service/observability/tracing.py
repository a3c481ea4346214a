"""Traces: which ticket was received or processed, and the calls to vendors that it took.

They hold ticket numbers, what was done and what came of it, and nothing else.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version

from integrations.http.policy import Call

NANOSECONDS = 1_000_000_000
# What has not been sent when the process ends has this long, in milliseconds.
FLUSH_WITHIN = 3_000


class Tracing:
    """Marks what belongs together; this one sends nothing."""

    @contextmanager
    def span(self, name: str, *, ticket_id: int) -> Iterator[None]:  # noqa: ARG002 - see below
        """Mark what is done within for a ticket."""
        yield

    def traced(self, name: str, do: Callable[[int], None]) -> Callable[[int], None]:
        """Return what does the same for a ticket within a span."""

        def do_within(ticket_id: int) -> None:
            with self.span(name, ticket_id=ticket_id):
                do(ticket_id)

        return do_within

    def call(self, call: Call, seconds: float, outcome: str) -> None:
        """Mark a call to a vendor that has just ended; see `CallPolicy`."""

    def close(self) -> None:
        """Send what has not been sent."""


class OtlpTracing(Tracing):
    """Sends spans over OTLP/HTTP, as OpenTelemetry's own variables say.

    The provider is this class's own and no global one: the web framework would fill a global one
    with addresses and errors of its requests, which may name somebody.

    Args:
        url: where spans are sent.
    """

    def __init__(self, url: str) -> None:
        # Only if they are installed and wanted.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.resources import OTELResourceDetector, Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
        from opentelemetry.trace import SpanKind, StatusCode  # noqa: PLC0415

        own = Resource({"service.name": "leavers", "service.version": version("leavers")})
        self._provider = TracerProvider(
            resource=own.merge(OTELResourceDetector().detect()), shutdown_on_exit=False
        )
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)))
        self._tracer = self._provider.get_tracer("leavers")
        self._client, self._failed = SpanKind.CLIENT, StatusCode.ERROR

    @contextmanager
    def span(self, name: str, *, ticket_id: int) -> Iterator[None]:
        """Mark what is done within for a ticket; an error is recorded by its kind alone."""
        with self._tracer.start_as_current_span(
            name,
            attributes={"leavers.ticket_id": ticket_id},
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield
            except BaseException as error:
                span.set_attribute("error.type", type(error).__name__)
                raise

    def call(self, call: Call, seconds: float, outcome: str) -> None:
        """Mark a call to a vendor, as part of what this thread does."""
        now = time.time_ns()
        key, value = (
            ("http.response.status_code", int(outcome))
            if outcome.isdigit()
            else ("error.type", outcome)
        )
        span = self._tracer.start_span(
            f"{call.system}: {call.operation}",
            kind=self._client,
            attributes={"peer.service": call.system, key: value},
            start_time=now - int(seconds * NANOSECONDS),
        )
        if not outcome.isdigit() or int(outcome) >= 400:
            span.set_status(self._failed)
        span.end(now)

    def close(self) -> None:
        """Send what has not been sent, but wait no longer than a moment."""
        self._provider.force_flush(FLUSH_WITHIN)
        self._provider.shutdown()


def make_tracing(url: str | None) -> Tracing:
    """Return what sends traces there, or nothing."""
    return OtlpTracing(url) if url else Tracing()
