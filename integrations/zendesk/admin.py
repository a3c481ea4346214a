"""The door to Zendesk for an administrator: the webhook and the trigger that call the service.

The running service never comes through here.
"""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from requests import Response
from zenpy.lib.api_objects import Trigger as ZenpyTrigger
from zenpy.lib.api_objects import Webhook as ZenpyWebhook

from integrations.http.failures import permanent
from integrations.http.json_values import text, truth
from integrations.http.session import Call, CallPolicy
from integrations.zendesk.account import AccessToken, ZendeskAccount
from integrations.zendesk.errors import explain
from integrations.zendesk.login import OAuthClient
from integrations.zendesk.values import id_from_zendesk
from service.domain.errors import OutsideError

_MOST = 1_000
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


def _administrator() -> None:
    """Let an administrator at the shell write: no other worker can take that over."""


class ZendeskAdmin(ZendeskAccount):
    """One account, with an administrator's credentials."""

    def __init__(
        self,
        login: OAuthClient | AccessToken,
        *,
        subdomain: str,
        url: str | None,
        policy: CallPolicy,
    ) -> None:
        super().__init__(login, subdomain=subdomain, url=url, policy=policy, explained=_explain)

    def webhooks(self) -> tuple[Webhook, ...]:
        """Return all webhooks, active or not."""
        return self._ask(
            "look for webhooks",
            lambda: tuple(
                _webhook(one.to_dict()) for one in islice(self._api.webhooks.list(), _MOST)
            ),
        )

    def add_webhook(self, webhook: Webhook) -> Webhook:
        """Make a webhook."""
        body = ZenpyWebhook(**_webhook_for_zendesk(webhook))
        return self._ask(
            "make a webhook",
            lambda: _webhook(self._api.webhooks.create(body).to_dict()),
            lease=_administrator,
        )

    def change_webhook(self, webhook: Webhook) -> None:
        """Make a webhook be as given."""
        self._ask(
            "fix a webhook",
            lambda: self._api.webhooks.update(webhook.id, _webhook_for_zendesk(webhook)),
            lease=_administrator,
            is_json=False,
        )

    def delete_webhook(self, webhook: Webhook) -> None:
        """Delete a webhook."""
        self._ask(
            "delete a webhook",
            lambda: self._api.webhooks.delete(ZenpyWebhook(id=webhook.id)),
            lease=_administrator,
            is_json=False,
        )

    def signing_secret(self, webhook: Webhook) -> str:
        """Return what a webhook is signed with."""
        return self._ask(
            "read the signing secret",
            lambda: text(self._api.webhooks.show_secret(webhook.id).to_dict()["secret"]),
        )

    def invocations(self, webhook: Webhook, *, most: int) -> tuple[Invocation, ...]:
        """Return the newest uses of a webhook; Zendesk keeps them for a week."""
        return self._ask(
            "look at a webhook's uses",
            lambda: tuple(
                _invocation(one.to_dict())
                for one in islice(self._api.webhooks.invocations(webhook.id), most)
            ),
        )

    def triggers(self) -> tuple[Trigger, ...]:
        """Return all triggers, active or not."""
        return self._ask(
            "look for triggers",
            lambda: tuple(_trigger(one.to_dict()) for one in islice(self._api.triggers(), _MOST)),
        )

    def add_trigger(self, trigger: Trigger) -> Trigger:
        """Make a trigger, in the last place."""
        body = ZenpyTrigger(**_trigger_for_zendesk(trigger))
        return self._ask(
            "make a trigger",
            lambda: _trigger(self._api.triggers.create(body).to_dict()),
            lease=_administrator,
        )

    def change_trigger(self, trigger: Trigger) -> None:
        """Make a trigger be as given."""
        body = ZenpyTrigger(id=trigger.id, **_trigger_for_zendesk(trigger))
        self._ask("fix a trigger", lambda: self._api.triggers.update(body), lease=_administrator)

    def delete_trigger(self, trigger: Trigger) -> None:
        """Delete a trigger."""
        self._ask(
            "delete a trigger",
            lambda: self._api.triggers.delete(ZenpyTrigger(id=trigger.id)),
            lease=_administrator,
            is_json=False,
        )


def _explain(response: Response, call: Call) -> OutsideError | None:
    match response.status_code:
        case 401:
            problem = (
                "The administrator's credentials are refused. Check the settings that begin with "
                "ZENDESK_ADMIN_."
            )
            return permanent(problem, response, call)
        case 403:
            problem = (
                "These credentials may not see or change webhooks and triggers. Give those of an "
                "administrator, with a scope that lets them, for this command only: "
                "ZENDESK_ADMIN_CLIENT_ID and ZENDESK_ADMIN_CLIENT_SECRET, or "
                "ZENDESK_ADMIN_ACCESS_TOKEN."
            )
            return permanent(problem, response, call)
        case 400 | 422:
            problem = (
                f"The account refused to {call.operation} (status {response.status_code}). Do it "
                "by hand in Admin Center; the documentation has every value."
            )
            return permanent(problem, response, call)
        case _:
            return explain(response, call)


def _webhook(raw: dict[str, Any]) -> Webhook:
    how = (raw["http_method"], raw["request_format"], list(raw["subscriptions"]))
    return Webhook(
        id=text(raw["id"]),
        name=text(raw["name"]),
        description=raw.get("description") or "",
        endpoint=text(raw["endpoint"]),
        is_active=raw["status"] == "active",
        is_plain=how == ("POST", "json", _FOR_TRIGGERS),
    )


def _webhook_for_zendesk(webhook: Webhook) -> dict[str, Any]:
    return {
        "name": webhook.name,
        "description": webhook.description,
        "endpoint": webhook.endpoint,
        "http_method": "POST",
        "request_format": "json",
        "status": "active" if webhook.is_active else "inactive",
        "subscriptions": _FOR_TRIGGERS,
    }


def _invocation(raw: dict[str, Any]) -> Invocation:
    code = raw.get("status_code")
    return Invocation(status=text(raw["status"]), status_code=code or None)


def _trigger(raw: dict[str, Any]) -> Trigger:
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


def _trigger_for_zendesk(trigger: Trigger) -> dict[str, Any]:
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
