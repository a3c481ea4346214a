"""The webhook and the two triggers as they should be in Zendesk, and how far they are."""

import json
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from integrations.zendesk.admin_values import Condition, Trigger, Webhook
from service.domain.wording import PROCESSED_TAG

NAME = "Leavers: call the service"
# For tickets that were processed, and are open again or follow one that is closed.
LATER_NAME = "Leavers: call the service about a processed ticket"
# What bears this was made by the set-up; nothing else is ever changed.
MARK = "Made and kept by `leavers setup zendesk`. Change it there: a change here is undone."
PATH = "/webhooks/zendesk"
BODY = '{"ticket_id":"{{ticket.id}}"}'


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSetup:
    """What the account has of it: our own, and whatever else calls a service like this."""

    webhooks: tuple[Webhook, ...]
    triggers: tuple[Trigger, ...]
    other_webhooks: tuple[Webhook, ...] = ()

    def of_title(self, title: str) -> tuple[Trigger, ...]:
        """Return our own triggers of a title; there should be one."""
        return tuple(one for one in self.triggers if one.title == title)


def found_in(webhooks: tuple[Webhook, ...], triggers: tuple[Trigger, ...]) -> FoundSetup:
    """Return what the set-up made, and other webhooks that lead to this service."""
    return FoundSetup(
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


def wanted_triggers(webhook_id: str, *, tag: str, service_user: int) -> tuple[Trigger, ...]:
    """Return the triggers as they should be.

    Args:
        webhook_id: what they notify.
        tag: what makes a ticket a leaver ticket.
        service_user: whose updates are the service's own.
    """
    return tuple(
        Trigger(
            title=title,
            description=MARK,
            conditions=(*needed, _by_others(service_user)),
            webhook_id=webhook_id,
            body=BODY,
        )
        for title, needed in ((NAME, needed_conditions(tag)), (LATER_NAME, LATER_CONDITIONS))
    )


# A processed ticket that is open again, or a follow-up, which inherits the tags.
LATER_CONDITIONS = (
    Condition(field="current_tags", operator="includes", value=PROCESSED_TAG),
    Condition(field="status", operator="less_than", value="solved"),
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
    return name in {NAME, LATER_NAME} and description == MARK
