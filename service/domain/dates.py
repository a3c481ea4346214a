"""British dates as people write them, and the instant at which a card is due.

A small strict grammar: what it does not know for certain is asked, never guessed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from service.domain.date_grammar import DateText, Parts, take_apart
from service.domain.reasons import Reason, ReasonCode

# A day beyond these is a slip; what is reckoned from the others never leaves the calendar.
EARLIEST_DAY, LATEST_DAY = date(1900, 1, 1), date(2999, 12, 31)

_HOW = "write it as 18 December 2026"
MISSING = Reason(ReasonCode.LEAVING_DATE_MISSING, "The ticket gives no leaving date.")
NOT_UNDERSTOOD = Reason(
    ReasonCode.LEAVING_DATE_UNCLEAR, f"The leaving date is not one that can be understood: {_HOW}."
)
NOT_SETTLED = Reason(
    ReasonCode.LEAVING_DATE_NOT_SETTLED,
    f"The leaving date is not settled yet: once it is known, {_HOW}.",
)
RELATIVE = Reason(
    ReasonCode.LEAVING_DATE_UNCLEAR,
    f"The leaving date depends on the day on which it was written: {_HOW}.",
)
NO_DAY = Reason(
    ReasonCode.LEAVING_DATE_UNCLEAR,
    f"The leaving date does not say which day of the month: {_HOW}.",
)
NO_YEAR = Reason(ReasonCode.LEAVING_DATE_UNCLEAR, f"The leaving date has no year: {_HOW}.")
NUMBER_ALONE = Reason(
    ReasonCode.LEAVING_DATE_UNCLEAR, f"The leaving date is a number alone: {_HOW}."
)
NO_SUCH_DAY = Reason(
    ReasonCode.LEAVING_DATE_UNCLEAR,
    "The leaving date does not exist (the day is read before the month, as in 18/12/2026): "
    f"{_HOW}.",
)
WRONG_WEEKDAY = Reason(
    ReasonCode.LEAVING_DATE_UNCLEAR,
    "The leaving date falls on another day of the week than the ticket says.",
)
SEVERAL = Reason(
    ReasonCode.LEAVING_DATES_DIFFER,
    f"The leaving date is given as several dates, or as a range: {_HOW}.",
)
MORE_WORDS = Reason(
    ReasonCode.LEAVING_DATE_UNCLEAR, f"The words beside the leaving date may change it: {_HOW}."
)
NEAR_MIDNIGHT = Reason(
    ReasonCode.LEAVING_DATE_UNCLEAR,
    f"The leaving date is a time near midnight, so the day may be another: {_HOW}.",
)
LONG_AGO = Reason(ReasonCode.LEAVING_DATE_IMPLAUSIBLE, "The leaving date is more than a year ago.")
FAR_AHEAD = Reason(
    ReasonCode.LEAVING_DATE_IMPLAUSIBLE, "The leaving date is more than two years ahead."
)
MONTH_FIRST = Reason(
    ReasonCode.LEAVING_DATE_UNCLEAR,
    f"The ticket may give the month of the leaving date before its day: {_HOW}.",
)

_LONGEST = 200
# How far a date without a year may lie from today for its weekday to determine the year.
_PAST_WITHOUT_YEAR = timedelta(days=31)
_AHEAD_WITHOUT_YEAR = timedelta(days=183)


@dataclass(frozen=True, slots=True)
class Unclear:
    """A date that only a person can settle.

    Attributes:
        reason: one sentence for that person, without a word of the text itself.
        maybe: what it most likely is, to be shown and never acted on.
    """

    reason: Reason
    maybe: date | None = None


def read_date(text: str, *, today: date) -> date | Unclear:
    """Read a date as a British reader would, the day before the month.

    Args:
        text: a value that should hold one date and nothing else of weight.
        today: bounds what is plausible: a year back, two years ahead.

    Returns:
        The date if it is certain, else why it is not.
    """
    if len(text) > _LONGEST:
        return Unclear(NOT_UNDERSTOOD)
    written = take_apart(text)
    if not written.dates:
        return Unclear(_why_no_date(written))
    days = [_resolve(parts, written.weekdays, today=today) for parts in _fullest(written.dates)]
    unclear = [day for day in days if isinstance(day, Unclear)]
    if unclear:
        return unclear[0]
    clear = {day for day in days if isinstance(day, date)}
    if len(clear) > 1:
        return Unclear(SEVERAL)
    return _check(clear.pop(), written, today=today)


def dates_in(text: str, *, today: date) -> tuple[date, ...]:
    """Find the full dates in running text; they may suggest, never decide."""
    if not any(c.isdigit() for c in text):
        return ()
    written = take_apart(text)
    found = (_resolve(parts, written.weekdays, today=today) for parts in written.dates)
    return tuple(dict.fromkeys(day for day in found if isinstance(day, date)))


def due_at(leaving_date: date, *, due_time: time, timezone: str) -> datetime:
    """Return when a card is due, in UTC.

    An hour that the clocks skip in spring is read as the hour after it, and one that comes twice in
    autumn as the first of the two.

    Args:
        leaving_date: the day.
        due_time: the local time of that day.
        timezone: of that time: ``Europe/London``.

    Returns:
        The instant in UTC.
    """
    local_time = due_time.replace(tzinfo=ZoneInfo(timezone), fold=0)
    return datetime.combine(leaving_date, local_time).astimezone(UTC)


def _fullest(dates: Iterable[Parts]) -> list[Parts]:
    """Leave out a day and month that only repeat a full date ("18/12/2026, so 18 December")."""
    every = list(dict.fromkeys(dates))
    full = {(parts.day, parts.month) for parts in every if parts.year is not None}
    return [p for p in every if p.year is not None or (p.day, p.month) not in full]


def _resolve(parts: Parts, weekdays: tuple[int, ...], *, today: date) -> date | Unclear:
    if parts.year is not None:
        return _day(parts.year, parts) or Unclear(NO_SUCH_DAY)
    years = range(today.year - 1, today.year + 2)
    days = [day for year in years if (day := _day(year, parts)) is not None]
    if not days and _day(2000, parts) is None:
        return Unclear(NO_SUCH_DAY)
    for day in days:
        near = today - _PAST_WITHOUT_YEAR <= day <= today + _AHEAD_WITHOUT_YEAR
        if near and set(weekdays) == {day.weekday()}:
            return day
    return Unclear(NO_YEAR)


def _day(year: int, parts: Parts) -> date | None:
    try:
        return date(year, parts.month, parts.day)
    except ValueError:
        return None


def _check(day: date, written: DateText, *, today: date) -> date | Unclear:
    reason: Reason | None = None
    if written.rest.figures:
        return Unclear(SEVERAL)
    if any(weekday != day.weekday() for weekday in written.weekdays):
        reason = WRONG_WEEKDAY
    elif written.rest.doubtful:
        reason = NOT_SETTLED
    elif written.rest.other:
        reason = MORE_WORDS
    elif written.near_midnight:
        reason = NEAR_MIDNIGHT
    else:
        reason = implausible(day, today=today)
    return Unclear(reason, maybe=day) if reason else day


def implausible(day: date, *, today: date) -> Reason | None:
    """Return why a leaving date is implausible; None for a plausible one."""
    if day < _years_on(today, -1):
        return LONG_AGO
    return FAR_AHEAD if day > _years_on(today, 2) else None


def _years_on(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _why_no_date(written: DateText) -> Reason:
    rest = written.rest
    if rest.doubtful:
        return NOT_SETTLED
    if rest.relative or (written.weekdays and not rest.figures):
        return RELATIVE
    if rest.months:
        return NO_DAY
    if rest.figures and not rest.other:
        return NUMBER_ALONE
    return NOT_UNDERSTOOD
