"""How much working time has passed: weekends and bank holidays do not count."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from service.working_days import is_working_day


def working_time(since: datetime, until: datetime, *, timezone: str) -> timedelta:
    """Return the time between two instants that lies on working days.

    A working day counts as a whole day, from midnight to midnight: what began to wait on Friday at
    three has waited for one day on Monday at three.

    Args:
        since: the earlier instant.
        until: the later instant.
        timezone: where days begin and end.
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
