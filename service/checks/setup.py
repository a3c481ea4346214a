"""Does Zendesk call the service? The webhook, its secret and recent uses, and the two triggers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hmac import compare_digest

from integrations.zendesk.admin import ZendeskAdmin
from integrations.zendesk.admin_values import Condition, Trigger, Webhook
from service.checks.findings import Check, Finding, Wrong, find_all
from service.config.settings import Settings
from service.zendesk_setup.desired import (
    LATER_CONDITIONS,
    LATER_NAME,
    found_in,
    needed_conditions,
    sends_the_ticket,
)

_FIX = "Run `leavers setup zendesk --url … --apply`."
_RECENT = 50


@dataclass(slots=True)
class _Seen:
    """What the first look found, for those that come after it."""

    webhook: Webhook | None = None
    triggers: tuple[Trigger, ...] = ()


def setup_findings(settings: Settings, admin: ZendeskAdmin) -> Iterator[Finding]:
    """Look at what an administrator set up."""
    seen = _Seen()
    yield from find_all(
        Check(name="Zendesk webhook", look=partial(_webhook, admin, seen)),
        [
            Check(name="Zendesk webhook, secret", look=partial(_secret, settings, admin, seen)),
            Check(name="Zendesk webhook, recent uses", look=partial(_uses, admin, seen)),
            Check(name="Zendesk trigger", look=partial(_trigger, settings, seen)),
            Check(name="Zendesk trigger, processed tickets", look=partial(_later_trigger, seen)),
        ],
    )


def _webhook(admin: ZendeskAdmin, seen: _Seen) -> str:
    seen.triggers = admin.triggers()
    found = found_in(admin.webhooks(), seen.triggers)
    candidates = (*found.webhooks, *found.other_webhooks)
    if not candidates:
        raise Wrong(f"There is no webhook to the service. {_FIX}")
    seen.webhook = next((one for one in candidates if one.is_active), candidates[0])
    if not seen.webhook.is_active:
        raise Wrong(f"The webhook is not active. {_FIX}")
    if not seen.webhook.is_plain:
        raise Wrong(f"The webhook is not sent by POST, as JSON, for triggers. Delete it. {_FIX}")
    return f"active, to {seen.webhook.endpoint}"


def _secret(settings: Settings, admin: ZendeskAdmin, seen: _Seen) -> str:
    assert seen.webhook  # noqa: S101 - the check before this one found it
    secret = admin.signing_secret(seen.webhook)
    if not any(compare_digest(secret, known) for known in settings.webhook_secrets):
        raise Wrong(
            "ZENDESK_WEBHOOK_SECRET is not what the webhook is signed with. Fetch it with "
            "`leavers setup zendesk --url … --apply --secret-file FILE`."
        )
    return "ZENDESK_WEBHOOK_SECRET is the webhook's own"


def _uses(admin: ZendeskAdmin, seen: _Seen) -> str:
    assert seen.webhook  # noqa: S101 - see `_secret`
    uses = admin.invocations(seen.webhook, most=_RECENT)
    failed = [one for one in uses if not one.is_success]
    if uses and not uses[0].is_success:
        last = uses[0].status_code or uses[0].status
        raise Wrong(
            f"{len(failed)} of the last {len(uses)} uses failed, the last one with “{last}”. "
            "Look whether the service is reached from outside; the sweep finds what was missed."
        )
    return f"{len(failed)} of the last {len(uses)} failed" if uses else "none in the last week"


def _trigger(settings: Settings, seen: _Seen) -> str:
    tag = settings.zendesk_leaver_tag
    _check_trigger([one for one in _notifying(seen) if not _is_later(one)], needed_conditions(tag))
    return f"active, for tickets with the tag {tag}"


def _later_trigger(seen: _Seen) -> str:
    _check_trigger([one for one in _notifying(seen) if _is_later(one)], LATER_CONDITIONS)
    return "active, for processed tickets that are open again, and follow-ups"


def _notifying(seen: _Seen) -> list[Trigger]:
    assert seen.webhook  # noqa: S101 - see `_secret`
    return [one for one in seen.triggers if one.webhook_id == seen.webhook.id]


def _is_later(trigger: Trigger) -> bool:
    return trigger.title == LATER_NAME or LATER_CONDITIONS[0] in trigger.conditions


def _check_trigger(notifying: Sequence[Trigger], needed: Sequence[Condition]) -> None:
    if not notifying:
        raise Wrong(f"No trigger notifies the webhook. {_FIX}")
    trigger = next((one for one in notifying if one.is_active), notifying[0])
    if not trigger.is_active:
        raise Wrong(f"The trigger is not active. {_FIX}")
    if not sends_the_ticket(trigger.body):
        raise Wrong(f"The trigger's body does not give the ticket's number. {_FIX}")
    there = set(trigger.conditions)
    missing = sorted(f"{one.field} {one.operator} {one.value}" for one in set(needed) - there)
    if missing:
        raise Wrong(f"The trigger lacks the condition {', '.join(missing)}. {_FIX}")
    more = {one.field for one in there - set(needed) if one.field != "role"}
    if more or trigger.has_alternatives:
        raise Wrong(
            "The trigger has further conditions, so that leaver tickets may be missed. Take them "
            f"away, or: {_FIX}"
        )
