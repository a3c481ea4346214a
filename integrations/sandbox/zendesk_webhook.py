"""Signs webhooks as Zendesk does, and sends them over HTTP.

https://developer.zendesk.com/documentation/webhooks/anatomy-of-a-webhook-request/
"""

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
# How many seconds Zendesk waits for a response:
# https://developer.zendesk.com/api-reference/webhooks/introduction
_PATIENCE = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The response to a webhook; `body` is JSON, or text if it is not valid JSON."""

    status: int
    body: Any
    headers: dict[str, str]


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return a webhook's signature: Base64 of HMAC-SHA256 over the timestamp and the raw body.

    https://developer.zendesk.com/documentation/webhooks/verifying/
    """
    digest = hmac.new(secret.encode(), timestamp.encode() + body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def signed_headers(secret: str, body: bytes, at: datetime | str) -> dict[str, str]:
    """Return the headers that Zendesk sends with a webhook."""
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
    """Return the body that the service's trigger sends: Zendesk fills placeholders in as text."""
    return (json.dumps({"ticket_id": str(ticket_id)}, indent=3) + "\n").encode()


def post(to: str, body: bytes, headers: dict[str, str]) -> Delivery:
    """Send one webhook, and return the response.

    Args:
        to: the address of the webhook, or of the service alone.
        body: as it was signed.
        headers: see `signed_headers`.

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
