"""Reminders on cards of leavers whose date has passed: at most one a card and day."""

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime

from integrations.trello.client import Trello
from service.domain.after_date import (
    AccessSeen,
    AfterDate,
    AfterDateRules,
    CardStatus,
    local_day,
    reminder_due,
)
from service.domain.after_date_wording import Reminder, Standing, late_reminder, reminder
from service.domain.errors import OutsideError
from service.records.after_date import Look
from service.records.reminders import ReminderRecords
from service.records.runs import LeaseLost
from service.records.watched import Watched

log = logging.getLogger(__name__)

# The part of a reminder about the removal of a ticket's entries.
RemovalWords = Callable[[int], Iterable[str]]


class Reminders:
    """Writes the reminders, and nothing else, on cards.

    Args:
        trello: the board.
        records: see there.
        rules: see there.
        links: see `RemovalWords`.
    """

    def __init__(
        self, trello: Trello, records: ReminderRecords, rules: AfterDateRules, links: RemovalWords
    ) -> None:
        self._trello = trello
        self._records = records
        self._rules = rules
        self._links = links

    def remind(
        self,
        one: Watched,
        card_id: str,
        status: AfterDate,
        *,
        look: Look,
        access: AccessSeen,
        now: datetime,
    ) -> int:
        """Send the reminder that a card gets now, if any; return how many were sent.

        Args:
            one: whose card.
            card_id: the card's.
            status: how the leaver stands.
            look: what was seen.
            access: what the lists showed.
            now: the present instant, in UTC.
        """
        if look.card is None or look.card.status is CardStatus.ABSENT:
            return 0
        words = self._words(one, card_id, status, look=look, access=access, now=now)
        if words is None:
            return 0
        try:
            return int(self._ensure(one, card_id, words, due=look.due_at, now=now))
        except LeaseLost:
            return 0
        except OutsideError as error:
            extra = {"ticket_id": one.ticket_id, "error": type(error).__name__}
            log.warning("reminder not sent", extra=extra)
            return 0

    def _words(
        self,
        one: Watched,
        card_id: str,
        status: AfterDate,
        *,
        look: Look,
        access: AccessSeen,
        now: datetime,
    ) -> Reminder | None:
        """Return the reminder that the card gets today; None for none."""
        assert look.card  # noqa: S101 - see `remind`
        today = local_day(now, self._rules)
        if one.remind_from and today < one.remind_from:
            return None
        standing = Standing(
            due=look.due_at,
            access=access,
            card=look.card,
            links=tuple(self._links(one.ticket_id)),
        )
        asked_for = None if status.is_final else one.remind_from
        if asked_for and (asked_for == today or self._is_missed(card_id, asked_for, look.due_at)):
            return late_reminder(asked_for, standing, self._rules)
        number = reminder_due(
            status,
            due=look.due_at,
            now=now,
            has_been_reminded=self._records.has_any(card_id, look.due_at),
            rules=self._rules,
        )
        return reminder(number, standing, self._rules) if number else None

    def _is_missed(self, card_id: str, asked_for: date, due: datetime) -> bool:
        """Return whether nobody looked on the day for which an operator asked for a reminder.

        A due date that was moved beyond that day has settled it.
        """
        is_before = asked_for <= local_day(due, self._rules)
        return not is_before and not self._records.has_since(card_id, asked_for)

    def _ensure(
        self, one: Watched, card_id: str, words: Reminder, *, due: datetime, now: datetime
    ) -> bool:
        """Send a reminder unless the card has today's or this very one, or may still get it.

        Raises:
            LeaseLost: another worker sends it, or somebody set the leaver aside.
            OutsideError: Trello failed.
        """
        day = local_day(now, self._rules)
        before = self._records.sent_before(card_id, day, mark=words.mark)
        if before and before.landed_at:
            return False
        if before and before.sent_at:
            if datetime.now(UTC) < before.sent_at + self._records.late_write:
                return False
            said = self._trello.own_comments(card_id)
            if any(text.startswith(before.mark) for text in said):
                self._records.record_landed(one.ticket_id, card_id, before.day, mark=before.mark)
                return False

        is_claimed = False

        def lease() -> None:
            nonlocal is_claimed
            self._records.record_sent(one, card_id=card_id, day=day, due_at=due, mark=words.mark)
            is_claimed = True

        try:
            self._trello.comment(card_id, words.text, lease=lease)
        except OutsideError as error:
            if is_claimed and not error.maybe_done:
                self._records.record_refused(card_id, day)
            raise
        self._records.record_landed(one.ticket_id, card_id, day, mark=words.mark)
        return True
