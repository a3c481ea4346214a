import base64
import hashlib
import hmac
import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.zendesk_webhook import signature


@pytest.mark.parametrize(
    ("timestamp", "body", "expected"),
    [
        (
            "2021-03-25T05:09:27Z",
            '{"event":"ticket.updated","id":123}',
            "S/RDdU2ERmj7LHDDoWJ2onPYH+t7/f2+LTM4dL7UiLM=",
        ),
        (
            "2026-11-23T03:00:00Z",
            '{"ticket_id":"4016"}',
            "ILyzJ/8gcz/VsSb8G3BXdSlwfoCH/zLAFdLrsyASSdE=",
        ),
        ("2026-11-23T03:00:00Z", "", "aAqnAlteLny7wASYLjwzOzRNgmHP1yBONwLIRBsKK1E="),
        (
            "2023-09-18T23:38:13Z",
            '{\n   "ticket_id": "4016"\n}\n',
            "g4GZmRNW80YKr8RD3quXbf6gRSBDxaRtpd0PDgNnpyA=",
        ),
    ],
)
def test_a_signature_is_made_as_zendesk_makes_it(timestamp: str, body: str, expected: str) -> None:
    # Zendesk publishes this secret for tests of webhooks that do not exist yet.
    secret = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="

    assert signature(secret, timestamp, body.encode()) == expected


class Listener(BaseHTTPRequestHandler):
    """Takes one webhook and keeps it."""

    received: ClassVar[list[tuple[str, dict[str, str], bytes]]] = []

    def do_POST(self) -> None:
        """Answer as the service does."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.received.append((self.path, dict(self.headers.items()), body))
        answer = b'{"state": "queued"}'
        self.send_response(202)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


def test_a_trigger_sends_its_signed_webhook_and_gives_back_the_answer(sandbox: Sandbox) -> None:
    ticket = sandbox.zendesk.add_ticket()
    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        delivery = sandbox.zendesk.deliver(
            ticket.id, to=f"http://127.0.0.1:{server.server_address[1]}"
        )
        thread.join()

    assert (delivery.status, delivery.body) == (202, {"state": "queued"})
    ((path, headers, body),) = Listener.received
    assert (path, json.loads(body)) == ("/webhooks/zendesk", {"ticket_id": str(ticket.id)})
    signed = headers["X-Zendesk-Webhook-Signature-Timestamp"].encode() + body
    expected = hmac.new(sandbox.zendesk.webhook_secret.encode(), signed, hashlib.sha256).digest()
    assert base64.b64decode(headers["X-Zendesk-Webhook-Signature"]) == expected


def test_a_webhook_is_signed_by_the_real_time_even_if_the_clock_was_moved_on(
    sandbox: Sandbox,
) -> None:
    sandbox.clock.advance(seconds=86400)

    stamp = sandbox.zendesk.sign(b"{}")["X-Zendesk-Webhook-Signature-Timestamp"]

    assert abs(datetime.fromisoformat(stamp) - datetime.now(UTC)) < timedelta(seconds=60)


def test_nobody_listening_is_an_error_that_says_so(sandbox: Sandbox) -> None:
    ticket = sandbox.zendesk.add_ticket()

    with pytest.raises(ConnectionRefusedError):
        sandbox.zendesk.deliver(ticket.id, to="http://127.0.0.1:9")
