"""The door to Zendesk for an administrator: the webhook and the trigger that call the service.

The running service never comes through here.
"""

from itertools import islice

from requests import Response
from zenpy.lib.api_objects import Trigger as ZenpyTrigger
from zenpy.lib.api_objects import Webhook as ZenpyWebhook

from integrations.http.failures import permanent
from integrations.http.json_values import text
from integrations.http.session import Call, CallPolicy
from integrations.zendesk.account import AccessToken, ZendeskAccount
from integrations.zendesk.admin_values import (
    Invocation,
    Trigger,
    Webhook,
    invocation_from_zendesk,
    trigger_for_zendesk,
    trigger_from_zendesk,
    webhook_for_zendesk,
    webhook_from_zendesk,
)
from integrations.zendesk.errors import explain
from integrations.zendesk.login import OAuthClient
from service.domain.errors import OutsideError

_MOST = 1_000


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
                webhook_from_zendesk(one.to_dict())
                for one in islice(self._api.webhooks.list(), _MOST)
            ),
        )

    def add_webhook(self, webhook: Webhook) -> Webhook:
        """Make a webhook."""
        body = ZenpyWebhook(**webhook_for_zendesk(webhook))
        return self._ask(
            "make a webhook",
            lambda: webhook_from_zendesk(self._api.webhooks.create(body).to_dict()),
            lease=_administrator,
        )

    def change_webhook(self, webhook: Webhook) -> None:
        """Make a webhook be as given."""
        self._ask(
            "fix a webhook",
            lambda: self._api.webhooks.update(webhook.id, webhook_for_zendesk(webhook)),
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
                invocation_from_zendesk(one.to_dict())
                for one in islice(self._api.webhooks.invocations(webhook.id), most)
            ),
        )

    def triggers(self) -> tuple[Trigger, ...]:
        """Return all triggers, active or not."""
        return self._ask(
            "look for triggers",
            lambda: tuple(
                trigger_from_zendesk(one.to_dict()) for one in islice(self._api.triggers(), _MOST)
            ),
        )

    def add_trigger(self, trigger: Trigger) -> Trigger:
        """Make a trigger, in the last place."""
        body = ZenpyTrigger(**trigger_for_zendesk(trigger))
        return self._ask(
            "make a trigger",
            lambda: trigger_from_zendesk(self._api.triggers.create(body).to_dict()),
            lease=_administrator,
        )

    def change_trigger(self, trigger: Trigger) -> None:
        """Make a trigger be as given."""
        body = ZenpyTrigger(id=trigger.id, **trigger_for_zendesk(trigger))
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
