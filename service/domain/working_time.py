"""Working days: how much working time has passed, and how a ticket stands against the promise.

Weekends and the bank holidays of England are not working days.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays


def working_time(since: datetime, until: datetime, *, timezone: str) -> timedelta:
    """Return the time between two instants that lies on working days.

    A working day counts as a whole day, from midnight to midnight: what began to wait on Friday at
    three has waited for one day on Monday at three.

    Args:
        since: the earlier instant.
        until: the later instant.
        timezone: of the days.
    """
    zone = ZoneInfo(timezone)
    passed = timedelta()
    day = since.astimezone(zone).date()
    while day <= until.astimezone(zone).date():
        begins = datetime.combine(day, time(), zone)
        ends = datetime.combine(day + timedelta(days=1), time(), zone)
        if is_working_day(day):
            # As instants: between two times of one zone, Python leaves its clock changes out.
            within = min(until, ends).timestamp() - max(since, begins).timestamp()
            passed += timedelta(seconds=max(within, 0.0))
        day += timedelta(days=1)
    return passed


def is_working_day(day: date) -> bool:
    """Say whether people work on a day."""
    return day.weekday() < 5 and day not in _bank_holidays()


def begins_week(day: date) -> bool:
    """Say whether a day is the first working day of its week: a Monday, or after a holiday."""
    before = (day - timedelta(days=number) for number in range(1, day.weekday() + 1))
    return is_working_day(day) and not any(map(is_working_day, before))


@cache
def _bank_holidays() -> holidays.HolidayBase:
    """Each year is worked out when it is first asked for."""
    return holidays.country_holidays("GB", subdiv="ENG")


# A first reply is promised within so many working days.
PROMISED_DAYS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How a ticket stands against the promise.

    Attributes:
        days: whole working days since the day on which it came.
        due: the last day on which a first reply keeps the promise.
        is_late: that day is over.
        came: the day on which it came.
        is_new: that is today.
    """

    days: int
    due: date
    is_late: bool
    came: date
    is_new: bool


def waiting(received_at: datetime, *, now: datetime, timezone: str) -> Waiting:
    """Return how a ticket stands that still waits for an answer."""
    zone = ZoneInfo(timezone)
    came, today = received_at.astimezone(zone).date(), now.astimezone(zone).date()
    due = add_working_days(came, PROMISED_DAYS)
    return Waiting(
        days=working_days_between(came, today),
        due=due,
        is_late=today > due,
        came=came,
        is_new=came == today,
    )


def add_working_days(day: date, number: int) -> date:
    """Return the day that is so many working days later; one that is off begins on the next."""
    while not is_working_day(day):
        day += timedelta(days=1)
    for _ in range(number):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day


def nth_working_day_after(day: date, number: int) -> date:
    """Return the day on which so many working days have passed since a day, which may be off."""
    for _ in range(number):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day


def working_days_between(first: date, last: date) -> int:
    """Count the working days after the first day, up to and with the last."""
    days = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    return sum(is_working_day(day) for day in days)
