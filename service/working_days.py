"""Which days are working days: weekends and the bank holidays of England are not."""

from datetime import date
from functools import cache

import holidays


def is_working_day(day: date) -> bool:
    """Say whether people work on a day."""
    return day.weekday() < 5 and day not in _bank_holidays()


@cache
def _bank_holidays() -> holidays.HolidayBase:
    """Each year is worked out when it is first asked for."""
    return holidays.country_holidays("GB", subdiv="ENG")
