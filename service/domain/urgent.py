"""Urgent leavers: whose due time is near or past, and when people hear of a question again."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from service.domain.working_time import is_working_day

# The time of day at which questions are repeated if the message of the day has none.
USUAL_TIME = time(9, 0)


def is_urgent(due: datetime, *, within: timedelta, now: datetime) -> bool:
    """Return whether a due time is near or past, both instants in UTC."""
    return due - now <= within


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgentRules:
    """The settings that decide.

    Attributes:
        within: a leaver is urgent whose due time is this near, or past.
        due_time: local time of day at which a leaver is due who has no card yet.
        repeat_at: local time of day from which an open question is repeated.
        timezone: of the days.
    """

    within: timedelta
    due_time: time
    repeat_at: time
    timezone: str

    def day(self, now: datetime) -> date:
        """Return the local day of an instant."""
        return now.astimezone(ZoneInfo(self.timezone)).date()

    def may_repeat(self, now: datetime) -> bool:
        """Say whether a question of an earlier day may be repeated now."""
        local = now.astimezone(ZoneInfo(self.timezone))
        return is_working_day(local.date()) and local.time() >= self.repeat_at
