"""Zendesk's webhooks as they leave Zendesk: signed, and sent over HTTP to their receiver."""

import base64
import hashlib
import hmac
import http.client
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from integrations.sandbox.clock import iso_seconds

PATH = "/webhooks/zendesk"
# Zendesk waits for 12 seconds.
_PATIENCE = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What the service said to a webhook; `body` is its JSON, or text if it is none."""

    status: int
    body: Any
    headers: dict[str, str]


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Base64 of HMAC-SHA256 over the timestamp and the raw body."""
    digest = hmac.new(secret.encode(), timestamp.encode() + body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def signed_headers(secret: str, body: bytes, at: datetime | str) -> dict[str, str]:
    """All headers that Zendesk sends with a webhook."""
    timestamp = at if isinstance(at, str) else iso_seconds(at)
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Zendesk Webhook",
        "X-Zendesk-Account-Id": "18525119",
        "X-Zendesk-Webhook-Id": "01JDLEAVERSWEBHOOK00000000",
        "X-Zendesk-Webhook-Invocation-Id": secrets.token_hex(13).upper(),
        "X-Zendesk-Webhook-Signature": signature(secret, timestamp, body),
        "X-Zendesk-Webhook-Signature-Timestamp": timestamp,
    }


def trigger_body(ticket_id: int) -> bytes:
    """The body of a trigger; Zendesk's placeholders are always text, and its JSON is indented."""
    return (json.dumps({"ticket_id": str(ticket_id)}, indent=3) + "\n").encode()


def post(to: str, body: bytes, headers: dict[str, str]) -> Delivery:
    """Send one webhook; `to` is the service's base address, or the endpoint's whole one.

    Raises:
        OSError: the connection is refused, or no response came in the time that Zendesk waits.
    """
    target = urlsplit(to)
    connection = http.client.HTTPConnection(
        target.hostname or "127.0.0.1", target.port or 80, timeout=_PATIENCE
    )
    try:
        connection.request("POST", target.path.rstrip("/") or PATH, body, headers)
        response = connection.getresponse()
        return Delivery(
            status=response.status,
            body=_json_or_text(response.read()),
            headers={name.lower(): value for name, value in response.getheaders()},
        )
    finally:
        connection.close()


def _json_or_text(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
