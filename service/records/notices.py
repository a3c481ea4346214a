"""Which changes were reported by message, and to which target: one message a change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from service.domain.reasons import ReasonCode
from service.domain.urgent import UrgentRules
from service.records.database import Database
from service.records.leaver import State
from service.records.message_retries import NEXT_TRY, RETRY_VALUES

# A question about an urgent leaver is repeated, and never old news.
_CLAIM = """
WITH leavers AS (
  SELECT leavers.*, state = 'needs_person'
    AND coalesce(after_date.status, '') NOT IN ('over', 'unfinished')
    AND least(
      coalesce(cards.due, (leaving_date + %(due_time)s::time) AT TIME ZONE %(timezone)s),
      (prepared_date + %(due_time)s::time) AT TIME ZONE %(timezone)s
    ) <= %(now)s::timestamptz + %(within)s AS is_urgent
  FROM leavers LEFT JOIN cards USING (ticket_id) LEFT JOIN after_date USING (ticket_id)
    LEFT JOIN later USING (ticket_id)
)
INSERT INTO notices (ticket_id, target, state, reason, reason_code, urgent_day)
SELECT ticket_id, %(target)s, state, coalesce(reason, ''), reason_code,
  CASE WHEN is_urgent THEN %(today)s::date END FROM leavers
WHERE state IN ('needs_person', 'failed') AND (is_urgent OR updated_at > now() - %(news_for)s)
  AND NOT (state = 'failed' AND EXISTS (
    SELECT FROM notices AS sent WHERE sent.target = %(target)s AND sent.state = 'failed'
      AND sent.ticket_id <> leavers.ticket_id AND sent.reason_code = leavers.reason_code
      AND sent.claimed_at > now() - %(same_cause_after)s))
ORDER BY arrival
ON CONFLICT (ticket_id, target) DO UPDATE
SET state = excluded.state, reason = excluded.reason, reason_code = excluded.reason_code,
    claimed_at = now(), next_try_at = NULL, is_given_up = false, urgent_day = excluded.urgent_day,
    tries = CASE WHEN notices.next_try_at IS NULL THEN 1 ELSE notices.tries + 1 END
WHERE (notices.state, notices.reason) IS DISTINCT FROM (excluded.state, excluded.reason)
   OR notices.next_try_at <= now()
   OR (notices.urgent_day IS NULL AND excluded.urgent_day IS NOT NULL)
   OR (%(may_repeat)s AND notices.urgent_day < excluded.urgent_day)
RETURNING ticket_id, state, reason, reason_code, urgent_day IS NOT NULL AS is_urgent
"""
_PUT_OFF = f"""
UPDATE notices SET
    is_given_up = tries >= %(most)s,
    next_try_at = {NEXT_TRY}
WHERE target = %(target)s AND ticket_id = ANY(%(tickets)s)
"""  # noqa: S608
# What is done is not reported, and has nothing to be reported against.
_FORGET = """
DELETE FROM notices USING leavers
WHERE leavers.ticket_id = notices.ticket_id AND leavers.state = 'done'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a message says of a leaver; `is_urgent` if the due time is near, or past."""

    ticket_id: int
    state: State
    reason: str
    reason_code: ReasonCode | None
    is_urgent: bool = False


class NoticeRecords:
    """Claims changes for one target each, so that no two workers report the same.

    Args:
        database: shared by all workers.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(
        self,
        target: str,
        *,
        news_for: timedelta,
        same_cause_after: timedelta,
        urgent: UrgentRules,
        now: datetime,
    ) -> list[Change]:
        """Record what is new, or due again, as reported, and return it.

        Args:
            target: distinguishes it from others.
            news_for: how long ago a change may be and is still news.
            same_cause_after: how long what fails for a cause that was just reported waits.
            urgent: decide who is urgent.
            now: the present instant, for these rules.
        """
        values = {
            "target": target,
            "news_for": news_for,
            "same_cause_after": same_cause_after,
            "now": now,
            "today": urgent.day(now),
            "may_repeat": urgent.may_repeat(now),
            "within": urgent.within,
            "due_time": urgent.due_time,
            "timezone": urgent.timezone,
        }
        with self._database.transaction() as connection:
            connection.execute(_FORGET)
            rows = connection.execute(_CLAIM, values).fetchall()
        return [_change(row) for row in rows]

    def put_off(self, target: str, ticket_ids: Iterable[int]) -> None:
        """Record that a message was refused: it is tried again after a growing pause, or given up.

        Args:
            target: distinguishes it from others.
            ticket_ids: the leavers that the message was about.
        """
        with self._database.transaction() as connection:
            connection.execute(
                _PUT_OFF,
                {
                    "target": target,
                    "tickets": list(ticket_ids),
                    **RETRY_VALUES,
                },
            )


def _change(row: dict[str, Any]) -> Change:
    code = row["reason_code"]
    return Change(
        ticket_id=row["ticket_id"],
        state=State(row["state"]),
        reason=row["reason"],
        reason_code=ReasonCode(code) if code else None,
        is_urgent=bool(row["is_urgent"]),
    )
