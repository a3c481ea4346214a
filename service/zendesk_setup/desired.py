"""The webhook and the trigger as they should be in Zendesk, and how far they are."""

import json
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from integrations.zendesk.admin import Condition, Trigger, Webhook
from service.domain.wording import PROCESSED_TAG

NAME = "Leavers: call the service"
# What bears this was made by the set-up; nothing else is ever changed.
MARK = "Made and kept by `leavers setup zendesk`. Change it there: a change here is undone."
PATH = "/webhooks/zendesk"
BODY = '{"ticket_id":"{{ticket.id}}"}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the account has of it: our own, and whatever else calls a service like this."""

    webhooks: tuple[Webhook, ...]
    triggers: tuple[Trigger, ...]
    other_webhooks: tuple[Webhook, ...] = ()


def found_in(webhooks: tuple[Webhook, ...], triggers: tuple[Trigger, ...]) -> Found:
    """Part what the set-up made from what others made."""
    return Found(
        webhooks=tuple(one for one in webhooks if _is_own(one.name, one.description)),
        triggers=tuple(one for one in triggers if _is_own(one.title, one.description)),
        other_webhooks=tuple(
            one
            for one in webhooks
            if urlsplit(one.endpoint).path == PATH and not _is_own(one.name, one.description)
        ),
    )


def wanted_webhook(endpoint: str) -> Webhook:
    """Return the webhook as it should be."""
    return Webhook(name=NAME, description=MARK, endpoint=endpoint)


def wanted_trigger(webhook_id: str, *, tag: str, service_user: int) -> Trigger:
    """Return the trigger as it should be.

    Args:
        webhook_id: what it notifies.
        tag: what makes a ticket a leaver ticket.
        service_user: whose updates are the service's own.
    """
    return Trigger(
        title=NAME,
        description=MARK,
        conditions=(*needed_conditions(tag), _by_others(service_user)),
        webhook_id=webhook_id,
        body=BODY,
    )


def needed_conditions(tag: str) -> tuple[Condition, ...]:
    """Return the conditions without which the wrong tickets would come."""
    return (
        Condition(field="current_tags", operator="includes", value=tag),
        Condition(field="current_tags", operator="not_includes", value=PROCESSED_TAG),
        Condition(field="status", operator="less_than", value="solved"),
    )


def is_as_wanted(there: Webhook | Trigger, wanted: Webhook | Trigger) -> bool:
    """Return whether what is there is as it should be; only its id may be its own."""
    if isinstance(there, Webhook) and isinstance(wanted, Webhook):
        return replace(there, id="") == replace(wanted, id="")
    if isinstance(there, Trigger) and isinstance(wanted, Trigger):
        both = (replace(one, id=0, conditions=()) for one in (there, wanted))
        return len(set(both)) == 1 and set(there.conditions) == set(wanted.conditions)
    return False


def sends_the_ticket(body: str) -> bool:
    """Return whether a webhook's body gives the ticket's number as the service reads it."""
    try:
        sent = json.loads(body)
    except ValueError:
        return False
    return isinstance(sent, dict) and "ticket.id" in str(sent.get("ticket_id"))


def _by_others(service_user: int) -> Condition:
    """Nothing but updates of others: the service's own would call it for nothing."""
    return Condition(field="role", operator="is_not", value=str(service_user))


def _is_own(name: str, description: str) -> bool:
    return name == NAME and description == MARK
