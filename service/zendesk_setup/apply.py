"""Making or fixing the webhook and the triggers: a plan first, then all of it or nothing."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

from integrations.zendesk.admin import ZendeskAdmin
from integrations.zendesk.admin_values import Trigger, Webhook
from service.domain.errors import OutsideError
from service.zendesk_setup.desired import (
    LATER_NAME,
    NAME,
    FoundSetup,
    found_in,
    is_as_wanted,
    wanted_triggers,
    wanted_webhook,
)


class NotUndone(Exception):
    """The set-up failed in the middle, and what it had made could not be taken back."""

    def __init__(self, failure: BaseException) -> None:
        super().__init__(failure)
        self.failure = failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How the account should be.

    Attributes:
        endpoint: where the webhook is sent.
        tag: what makes a ticket a leaver ticket.
        service_user: whose updates are the service's own.
    """

    endpoint: str
    tag: str
    service_user: int


class ZendeskSetup:
    """Brings one account to where it should be; what others made is never touched."""

    def __init__(self, admin: ZendeskAdmin, wanted: Wanted) -> None:
        self._admin = admin
        self._wanted = wanted

    def look(self) -> FoundSetup:
        """Return what there is now."""
        return found_in(self._admin.webhooks(), self._admin.triggers())

    def steps(self, found: FoundSetup) -> tuple[str, ...]:
        """Return what would be done, in words; nothing if all is as it should be."""
        return tuple(self._steps(found))

    def apply(self, found: FoundSetup) -> str:
        """Do it, and return the signing secret.

        Raises:
            OutsideError: it failed, and everything is as it was.
            NotUndone: it failed, and not everything is.
        """
        with self._undone_on_failure(found):
            webhook = self._ensure_webhook(found)
            secret = self._admin.signing_secret(webhook)
            for wanted in self._wanted_triggers(webhook):
                self._ensure_trigger(found, wanted)
        # Only now, since what is gone can't be brought back; the next set-up finds what stays.
        with suppress(OutsideError):
            self._delete_spare(found)
        return secret

    def _delete_spare(self, found: FoundSetup) -> None:
        for trigger in _spare_triggers(found):
            self._admin.delete_trigger(trigger)
        for spare in found.webhooks[1:]:
            self._admin.delete_webhook(spare)

    def _steps(self, found: FoundSetup) -> Iterator[str]:
        webhook = next(iter(found.webhooks), None)
        if webhook is None:
            yield f"make the webhook, to {self._wanted.endpoint}"
        elif not is_as_wanted(webhook, wanted_webhook(self._wanted.endpoint)):
            moved = webhook.endpoint != self._wanted.endpoint
            origin = f"from {webhook.endpoint} " if moved else ""
            yield f"fix the webhook, {origin}to {self._wanted.endpoint}"
        for wanted in self._wanted_triggers(webhook or wanted_webhook(self._wanted.endpoint)):
            trigger = next(iter(found.of_title(wanted.title)), None)
            for_what = self._for_what(wanted)
            if trigger is None:
                yield f"make the trigger, for {for_what}"
            elif webhook is None or not is_as_wanted(trigger, wanted):
                yield f"fix the trigger, for {for_what}"
        spare = len(found.webhooks[1:]) + len(_spare_triggers(found))
        if spare:
            yield f"delete {spare} that an earlier set-up left over"

    def _ensure_webhook(self, found: FoundSetup) -> Webhook:
        wanted = wanted_webhook(self._wanted.endpoint)
        if not found.webhooks:
            return self._admin.add_webhook(wanted)
        there = found.webhooks[0]
        if not is_as_wanted(there, wanted):
            self._admin.change_webhook(replace(wanted, id=there.id))
        return there

    def _ensure_trigger(self, found: FoundSetup, wanted: Trigger) -> None:
        there = next(iter(found.of_title(wanted.title)), None)
        if there is None:
            self._admin.add_trigger(wanted)
        elif not is_as_wanted(there, wanted):
            self._admin.change_trigger(replace(wanted, id=there.id))

    def _wanted_triggers(self, webhook: Webhook) -> tuple[Trigger, ...]:
        return wanted_triggers(
            webhook.id, tag=self._wanted.tag, service_user=self._wanted.service_user
        )

    def _for_what(self, trigger: Trigger) -> str:
        if trigger.title == LATER_NAME:
            return "processed tickets that are open again, and follow-ups"
        return f"tickets with the tag {self._wanted.tag}"

    @contextmanager
    def _undone_on_failure(self, before: FoundSetup) -> Iterator[None]:
        try:
            yield
        except BaseException as failure:
            try:
                self._undo(before)
            except OutsideError:
                raise NotUndone(failure) from None
            raise

    def _undo(self, before: FoundSetup) -> None:
        """Look afresh: a request without an answer may have made something all the same."""
        now = self.look()
        triggers = {one.id: one for one in before.triggers}
        for trigger in now.triggers:
            if trigger.id not in triggers:
                self._admin.delete_trigger(trigger)
            elif trigger != triggers[trigger.id]:
                self._admin.change_trigger(triggers[trigger.id])
        webhooks = {one.id: one for one in before.webhooks}
        for webhook in now.webhooks:
            if webhook.id not in webhooks:
                self._admin.delete_webhook(webhook)
            elif webhook != webhooks[webhook.id]:
                self._admin.change_webhook(webhooks[webhook.id])


def _spare_triggers(found: FoundSetup) -> tuple[Trigger, ...]:
    return (*found.of_title(NAME)[1:], *found.of_title(LATER_NAME)[1:])
