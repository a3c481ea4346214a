"""Zendesk's webhook: verify the signature, take the ticket's id, store it durably, answer 202."""

import asyncio
import base64
import binascii
import hashlib
import hmac
import json
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter, HTTPException, Request

from service.domain.ticket import read_ticket_id
from service.observability.outages import DATABASE
from service.records.database import DatabaseError
from service.records.intake import Accepted, Intake
from service.web.context import Context, WebContext
from service.web.schemas import AcceptedResponse, ErrorResponse, accepted_response

log = logging.getLogger(__name__)
router = APIRouter(tags=["Zendesk"])

# Zendesk does not say how old a time stamp may be; it retries for some minutes.
LARGEST_SKEW = timedelta(minutes=15)
# Zendesk waits for about ten seconds, and sends again if it gets a 503 with a Retry-After
# under 60: https://developer.zendesk.com/api-reference/webhooks/introduction
STORE_WITHIN = 7.0
RETRY_AFTER = "30"

_EXAMPLES = {
    "trigger": {"summary": "From a trigger", "value": {"ticket_id": "12345"}},
    "event": {"summary": "From an event subscription", "value": {"subject": "zen:ticket:12345"}},
}

_RESPONSES: dict[int | str, dict[str, Any]] = {
    401: {"model": ErrorResponse, "description": "Not signed by Zendesk, or too long ago"},
    413: {"model": ErrorResponse, "description": "Larger than 1 MiB"},
    422: {"model": ErrorResponse, "description": "No ticket id in it"},
    503: {"model": ErrorResponse, "description": "Not stored: send it again"},
}
_DESCRIBED: dict[str, Any] = {
    "parameters": [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
        for name in (
            "X-Zendesk-Webhook-Signature",
            "X-Zendesk-Webhook-Signature-Timestamp",
        )
    ],
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object"}, "examples": _EXAMPLES}},
    },
}


def verify_signature(
    body: bytes, *, signature: str, timestamp: str, secrets: Sequence[str], now: datetime
) -> bool:
    """Whether Zendesk signed a body with one of our secrets, and not long ago.

    https://developer.zendesk.com/documentation/webhooks/verifying/
    """
    try:
        given = base64.b64decode(signature, validate=True)
        sent_at = datetime.fromisoformat(timestamp)
    except (binascii.Error, ValueError):
        return False
    if sent_at.tzinfo is None or abs(now - sent_at) > LARGEST_SKEW:
        return False
    message = timestamp.encode() + body
    matches = [
        hmac.compare_digest(given, hmac.digest(secret.encode(), message, hashlib.sha256))
        for secret in secrets
    ]
    return any(matches)


def ticket_id_from(body: bytes) -> int | None:
    """Return the ticket's number from a webhook's body, or None; nothing else is taken from it."""
    try:
        payload: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(payload, dict):
        return None
    if "ticket_id" in payload:
        return read_ticket_id(payload["ticket_id"])
    subject = payload.get("subject")
    if isinstance(subject, str) and subject.startswith("zen:ticket:"):
        return read_ticket_id(subject.removeprefix("zen:ticket:"))
    return None


async def _store(intake: Intake, ticket_id: int) -> Accepted:
    """Store a ticket, or say in time that it could not be done.

    The store is not cancelled when time runs out: a server that hangs would hold the cancelling up
    too. If it stores the ticket after all, that does no harm: Zendesk sends it again.
    """
    storing = asyncio.ensure_future(intake.from_webhook(ticket_id))
    storing.add_done_callback(_look_at_outcome)
    done, _ = await asyncio.wait({storing}, timeout=STORE_WITHIN)
    try:
        if done:
            return storing.result()
    except DatabaseError as error:
        DATABASE.failed(error, ticket_id=ticket_id)
    raise HTTPException(
        503,
        "The ticket could not be stored: send it again.",
        headers={"Retry-After": RETRY_AFTER},
    )


def _look_at_outcome(storing: "asyncio.Future[Accepted]") -> None:
    if not storing.cancelled():
        storing.exception()


@router.post(
    "/webhooks/zendesk",
    status_code=202,
    response_model=AcceptedResponse,
    responses=_RESPONSES,
    openapi_extra=_DESCRIBED,
)
async def zendesk_webhook(request: Request, context: Context) -> AcceptedResponse:
    """Receive a leaver ticket. Only its id is taken from the body."""
    with context.foreground.answering():
        return await _accept(request, context)


async def _accept(request: Request, context: WebContext) -> AcceptedResponse:
    body = await request.body()
    is_genuine = verify_signature(
        body,
        signature=request.headers.get("x-zendesk-webhook-signature", ""),
        timestamp=request.headers.get("x-zendesk-webhook-signature-timestamp", ""),
        secrets=context.webhook_secrets,
        now=context.now(),
    )
    if not is_genuine:
        raise HTTPException(
            401,
            "The signature is missing or wrong, or its time stamp is more than 15 minutes "
            "away: check ZENDESK_WEBHOOK_SECRET and this machine's clock.",
        )
    ticket_id = ticket_id_from(body)
    if ticket_id is None:
        raise HTTPException(
            422, 'The body must be JSON with the ticket\'s number: {"ticket_id": 12345}.'
        )
    with context.tracing.span("accept a ticket", ticket_id=ticket_id):
        accepted = await _store(context.intake, ticket_id)
    log.info("webhook accepted", extra={"ticket_id": ticket_id, "state": accepted.state})
    return accepted_response(accepted)


def utc_now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)
