"""Webhooks and triggers as values of the service's own, and as Zendesk writes them."""

from dataclasses import dataclass
from typing import Any

from integrations.http.json_values import text, truth
from integrations.zendesk.values import id_from_zendesk

# A webhook that is subscribed to this is for triggers; that can't be changed later:
# https://support.zendesk.com/hc/en-us/articles/4408839108378
_FOR_TRIGGERS = ["conditional_ticket_events"]
_NOTIFY = "notification_webhook"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A webhook.

    Attributes:
        id: Zendesk's; empty for one that is not made yet.
        name: as administrators see it.
        description: see `name`.
        endpoint: where it is sent.
        is_active: whether it is sent at all.
        is_plain: by POST, as JSON, and for triggers.
    """

    id: str = ""
    name: str
    description: str
    endpoint: str
    is_active: bool = True
    is_plain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition of a trigger, as Zendesk writes it."""

    field: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A trigger for tickets.

    Attributes:
        id: Zendesk's; 0 for one that is not made yet.
        title: as administrators see it.
        description: see `title`.
        conditions: all of these must hold.
        webhook_id: what it notifies; empty if it does anything else, or more.
        body: what the webhook sends, with Zendesk's placeholders.
        is_active: whether it fires at all.
        has_alternatives: whether there are conditions of which any must hold.
    """

    id: int = 0
    title: str
    description: str
    conditions: tuple[Condition, ...]
    webhook_id: str
    body: str
    is_active: bool = True
    has_alternatives: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """One use of a webhook; `status` is ``success``, or says what went wrong."""

    status: str
    status_code: int | None

    @property
    def is_success(self) -> bool:
        """Whether it arrived, and was accepted."""
        return self.status == "success"


def webhook_from_zendesk(raw: dict[str, Any]) -> Webhook:
    """Read a webhook; raises an `ODD_SHAPE` if it is not as documented."""
    how = (raw["http_method"], raw["request_format"], list(raw["subscriptions"]))
    return Webhook(
        id=text(raw["id"]),
        name=text(raw["name"]),
        description=raw.get("description") or "",
        endpoint=text(raw["endpoint"]),
        is_active=raw["status"] == "active",
        is_plain=how == ("POST", "json", _FOR_TRIGGERS),
    )


def webhook_for_zendesk(webhook: Webhook) -> dict[str, Any]:
    """Return a webhook as Zendesk takes it."""
    return {
        "name": webhook.name,
        "description": webhook.description,
        "endpoint": webhook.endpoint,
        "http_method": "POST",
        "request_format": "json",
        "status": "active" if webhook.is_active else "inactive",
        "subscriptions": _FOR_TRIGGERS,
    }


def invocation_from_zendesk(raw: dict[str, Any]) -> Invocation:
    """Read one use of a webhook; one that got no response has no status code."""
    code = raw.get("status_code")
    return Invocation(status=text(raw["status"]), status_code=code or None)


def trigger_from_zendesk(raw: dict[str, Any]) -> Trigger:
    """Read a trigger; raises an `ODD_SHAPE` if it is not as documented."""
    actions = raw["actions"]
    only = actions[0] if len(actions) == 1 else {}
    notifies = only.get("field") == _NOTIFY
    conditions = raw["conditions"]
    return Trigger(
        id=id_from_zendesk(raw["id"]),
        title=text(raw["title"]),
        description=raw.get("description") or "",
        conditions=tuple(
            Condition(field=one["field"], operator=one["operator"], value=str(one["value"]))
            for one in conditions.get("all") or ()
        ),
        webhook_id=text(only["value"][0]) if notifies else "",
        body=text(only["value"][1]) if notifies else "",
        is_active=truth(raw["active"]),
        has_alternatives=bool(conditions.get("any")),
    )


def trigger_for_zendesk(trigger: Trigger) -> dict[str, Any]:
    """Return a trigger as Zendesk takes it."""
    conditions = [
        {"field": one.field, "operator": one.operator, "value": one.value}
        for one in trigger.conditions
    ]
    return {
        "title": trigger.title,
        "description": trigger.description,
        "active": trigger.is_active,
        "conditions": {"all": conditions, "any": []},
        "actions": [{"field": _NOTIFY, "value": [trigger.webhook_id, trigger.body]}],
    }
