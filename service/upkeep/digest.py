"""The message of the day: one each working day about leavers whose leaving date has passed."""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from service.domain.after_date import AfterDateRules
from service.domain.digest import digest_text, digest_title
from service.domain.working_time import begins_week, is_working_day
from service.records.digests import Digests
from service.upkeep.notifications import Target

log = logging.getLogger(__name__)


class DailyDigest:
    """Sends the message once it is time for it.

    Args:
        digests: what it is about, and whether it was sent.
        targets: where it goes.
        at: the local time of day.
        rules: name the time zone.
        link: where to look, or None.
        clock: gives the present instant, in UTC.
    """

    def __init__(
        self,
        digests: Digests,
        targets: Sequence[Target],
        *,
        at: time,
        rules: AfterDateRules,
        link: str | None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._digests = digests
        self._targets = targets
        self._at = at
        self._rules = rules
        self._link = link
        self._clock = clock

    def send(self) -> dict[str, int]:
        """Send the day's message if it is time and was not sent; return to how many targets."""
        local = self._clock().astimezone(ZoneInfo(self._rules.timezone))
        day = local.date()
        if not is_working_day(day) or local.time() < self._at or not self._digests.claim(day):
            return {"sent": 0}
        return {"sent": self._send(day)}

    def _send(self, day: date) -> int:
        digest, read_at = self._digests.read()
        if not digest.is_worth_sending(begins_week=begins_week(day)):
            self._digests.record_done(day, covers_until=read_at)
            return 0
        title = digest_title(digest)
        text = digest_text(digest, link=self._link, rules=self._rules)
        sent = sum(target.send(title, text) for target in self._targets)
        if sent:
            self._digests.record_done(day, covers_until=read_at)
        else:
            log.warning("message not sent", extra={"changes": len(digest.new)})
        return sent
