"""Webhooks and triggers of the sandbox's Zendesk, and the sending of webhooks by triggers."""

import itertools
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from integrations.sandbox.clock import Clock, iso_seconds
from integrations.sandbox.messages import Json
from integrations.sandbox.zendesk_conditions import Update, fits
from integrations.sandbox.zendesk_webhook import post, signed_headers

CATEGORY = "6130869158682"
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FIRST_TRIGGER = 6_164_111_062_810
# How often Zendesk sends again, and below how many seconds of `Retry-After`:
# https://developer.zendesk.com/api-reference/webhooks/introduction
_MOST_RETRIES, _LONGEST_RETRY = 3, 60


@dataclass(slots=True, kw_only=True)
class SandboxInvocation:
    """One use of a webhook, once its last attempt has ended."""

    id: str
    status: str
    status_code: int | None
    at: datetime

    def as_json(self) -> Json:
        """Return it as the list of invocations shows it; without a response there is no code."""
        code = {} if self.status_code is None else {"status_code": self.status_code}
        at = iso_seconds(self.at)
        return {"id": self.id, "status": self.status, "latest_completed_at": at, **code}


@dataclass(slots=True, kw_only=True)
class SandboxWebhook:
    """A webhook; `settings` are those of the API, `secret` is what it signs with."""

    id: str
    created_at: datetime
    settings: Json
    secret: str = field(repr=False)
    invocations: list[SandboxInvocation] = field(default_factory=list)

    def as_json(self) -> Json:
        """Return the webhook as the API shows it, without secrets."""
        authentication = self.settings.get("authentication")
        shown = {name: value for name, value in self.settings.items() if name != "authentication"}
        if authentication:
            shown["authentication"] = {**authentication, "data": None}
        at = iso_seconds(self.created_at)
        return {"id": self.id, "created_at": at, "created_by": "6130907993116", **shown}


@dataclass(slots=True, kw_only=True)
class SandboxTrigger:
    """A trigger for tickets; `settings` are those of the API."""

    id: int
    created_at: datetime
    settings: Json

    def as_json(self, base: str) -> Json:
        """Return the trigger as the API shows it; `base` is the account's address."""
        at = iso_seconds(self.created_at)
        return {
            "url": f"{base}/api/v2/triggers/{self.id}.json",
            "id": self.id,
            "active": True,
            "description": None,
            "default": False,
            "position": 1,
            "category_id": CATEGORY,
            "created_at": at,
            "updated_at": at,
            "raw_title": self.settings["title"],
            **self.settings,
        }


class AdminCenter:
    """What an administrator set up; a trigger that fires really sends its webhooks."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.reset()

    def reset(self) -> None:
        """Forget all webhooks and triggers; a webhook under way is not sent again."""
        self.webhooks: dict[str, SandboxWebhook] = {}
        self.triggers: dict[int, SandboxTrigger] = {}
        self._next_trigger = itertools.count(_FIRST_TRIGGER)

    def add_webhook(self, settings: Mapping[str, Any]) -> SandboxWebhook:
        """Add a webhook, with a new signing secret."""
        webhook = SandboxWebhook(
            id=_ulid(),
            created_at=self._clock.now(),
            settings=dict(settings),
            secret=new_secret(),
        )
        self.webhooks[webhook.id] = webhook
        return webhook

    def add_trigger(self, settings: Mapping[str, Any]) -> SandboxTrigger:
        """Add a trigger, behind the others."""
        trigger = SandboxTrigger(
            id=next(self._next_trigger), created_at=self._clock.now(), settings=dict(settings)
        )
        self.triggers[trigger.id] = trigger
        return trigger

    def fire(self, update: Update) -> None:
        """Send, in the background, the webhooks of all triggers whose conditions hold."""
        for trigger in self.triggers.values():
            settings = trigger.settings
            if settings.get("active", True) and fits(settings.get("conditions") or {}, update):
                for action in settings.get("actions") or []:
                    if action["field"] == "notification_webhook":
                        self._send(*action["value"], ticket_id=update.ticket.id)

    def _send(self, webhook_id: str, text: str, *, ticket_id: int) -> None:
        webhook = self.webhooks.get(webhook_id)
        if webhook is None or webhook.settings.get("status") != "active":
            return
        body = text.replace("{{ticket.id}}", str(ticket_id)).encode()
        threading.Thread(target=self._deliver, args=(webhook, body), daemon=True).start()

    def _deliver(self, webhook: SandboxWebhook, body: bytes) -> None:
        code = None
        for _ in range(_MOST_RETRIES + 1):
            headers = signed_headers(webhook.secret, body, self._clock.now())
            try:
                response = post(str(webhook.settings["endpoint"]), body, headers)
            except OSError:
                code = None
                continue
            code = response.status
            wait = response.headers.get("retry-after", "")
            asks_again = code in (429, 503) and wait.isdigit() and int(wait) < _LONGEST_RETRY
            if not (code == 409 or asks_again) or self.webhooks.get(webhook.id) is not webhook:
                break
            time.sleep(int(wait or 0))
        status = "success" if code is not None and 200 <= code < 300 else "failed"
        webhook.invocations.insert(
            0,
            SandboxInvocation(id=_ulid(), status=status, status_code=code, at=self._clock.now()),
        )


def new_secret() -> str:
    """Return a new signing secret."""
    return secrets.token_urlsafe(32)


def _ulid() -> str:
    return "01" + "".join(secrets.choice(_ALPHABET) for _ in range(24))
