"""How long a ticket has waited, against the promise; weekends and bank holidays do not count."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from service.working_days import is_working_day

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


def working_days_between(first: date, last: date) -> int:
    """Count the working days after the first day, up to and with the last."""
    days = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    return sum(is_working_day(day) for day in days)
