"""How long a ticket has waited, against the promise; weekends and bank holidays do not count."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

# A first reply is promised within so many working days.
PROMISED_DAYS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How a ticket stands against the promise.

    Attributes:
        days: whole working days since the day on which it came.
        due: the last day on which a first reply keeps the promise.
        is_late: that day is over.
    """

    days: int
    due: date
    is_late: bool


def waiting(received_at: datetime, *, now: datetime, timezone: str) -> Waiting:
    """Return how a ticket stands that still waits for an answer."""
    zone = ZoneInfo(timezone)
    came, today = received_at.astimezone(zone).date(), now.astimezone(zone).date()
    free = bank_holidays()
    due = add_working_days(came, PROMISED_DAYS, free)
    return Waiting(days=working_days_between(came, today, free), due=due, is_late=today > due)


def add_working_days(day: date, number: int, free: Container[date]) -> date:
    """Return the day that is so many working days later; one that is off begins on the next."""
    while not _is_working_day(day, free):
        day += timedelta(days=1)
    for _ in range(number):
        day += timedelta(days=1)
        while not _is_working_day(day, free):
            day += timedelta(days=1)
    return day


def working_days_between(first: date, last: date, free: Container[date]) -> int:
    """Count the working days after the first day, up to and with the last."""
    days = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    return sum(_is_working_day(day, free) for day in days)


@cache
def bank_holidays() -> Container[date]:
    """Return the bank holidays of England; each year is worked out when it is first asked for."""
    found: Container[date] = holidays.country_holidays("GB", subdiv="ENG")
    return found


def _is_working_day(day: date, free: Container[date]) -> bool:
    return day.weekday() < 5 and day not in free
