"""A day or an instant, as a filter of a list is given one."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from service.domain.dates import EARLIEST_DAY, LATEST_DAY

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _no_slip(day: date) -> date:
    if not EARLIEST_DAY <= day <= LATEST_DAY:
        raise PydanticCustomError("day", f"is not between {EARLIEST_DAY} and {LATEST_DAY}")
    return day


# A day as a parameter or a correction gives one.
GivenDay = Annotated[date, AfterValidator(_no_slip)]


@dataclass(frozen=True, slots=True)
class GivenMoment:
    """What was given: a whole day, or an instant, which without an offset is one in UTC."""

    value: date | datetime

    def begins(self, zone: ZoneInfo) -> datetime:
        """Return the first instant of it."""
        if isinstance(self.value, datetime):
            return self.value
        return datetime.combine(self.value, time(), zone)

    def ends(self, zone: ZoneInfo) -> datetime:
        """Return the first instant after it."""
        if isinstance(self.value, datetime):
            return self.value + timedelta(microseconds=1)
        return datetime.combine(self.value + timedelta(days=1), time(), zone)


def read_moment(text: str) -> GivenMoment | None:
    """Read a day or an instant; None for anything else."""
    try:
        if _DAY.fullmatch(text):
            return GivenMoment(_within_reach(date.fromisoformat(text)))
        # A plus sign that was not encoded arrives as a space.
        instant = datetime.fromisoformat(text.replace(" ", "+"))
        _within_reach(instant.date())
    except ValueError:
        return None
    return GivenMoment(instant if instant.tzinfo else instant.replace(tzinfo=UTC))


def _within_reach(day: date) -> date:
    """Refuse a day that is a slip."""
    if not EARLIEST_DAY <= day <= LATEST_DAY:
        raise ValueError
    return day
