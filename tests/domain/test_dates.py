from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.dates import (
    FAR_AHEAD,
    LONG_AGO,
    MORE_WORDS,
    NEAR_MIDNIGHT,
    NO_DAY,
    NO_SUCH_DAY,
    NO_YEAR,
    NOT_SETTLED,
    NOT_UNDERSTOOD,
    NUMBER_ALONE,
    RELATIVE,
    SEVERAL,
    WRONG_WEEKDAY,
    Unclear,
    dates_in,
    due_at,
    read_date,
)
from service.domain.reasons import Reason

TODAY = date(2026, 11, 24)
DAY = date(2026, 12, 18)  # a Friday


@pytest.mark.parametrize(
    "text",
    [
        "18/12/2026",
        "18.12.2026",
        "18-12-2026",
        "18 12 2026",
        "18 / 12 / 2026",
        "18/12/26",
        "18-12-26",
        "18.12.26",
        "18 December 2026",
        "18 Dec 2026",
        "18 Dec. 2026",
        "18-Dec-2026",
        "18-Dec-26",
        "18/Dec/2026",
        "18Dec2026",
        "18 Dec '26",
        "18 Dec \u201926",
        "18th December 2026",
        "18 th December 2026",
        "18th of December 2026",
        "the 18th of December, 2026",
        "18th day of December 2026",
        "December 18 2026",
        "December 18, 2026",
        "Dec 18th, 2026",
        "December the 18th, 2026",
        "2026 December 18",
        "Friday 18 December 2026",
        "Friday, 18 December 2026",
        "Fri 18/12/2026",
        "Fri. 18 Dec 2026",
        "18 December 2026 (Friday)",
        "18/12/2026, Friday",
        "on Friday 18 December 2026",
        "2026-12-18",
        "2026/12/18",
        "2026.12.18",
        "2026-12-18T00:00:00Z",
        "2026-12-18T17:00:00+00:00",
        "2026-12-18T17:00:00.000Z",
        "2026-12-18T17:00",
        "2026-12-18 17:00:00",
        "18/12/2026 17:00",
        "18 December 2026 at 5pm",
        "5.30 pm on 18 December 2026",
        "18 December 2026 17:00 GMT",
        "18/12/2026 12:00:00 AM",
        "18/12/2026 COB",
        "COP 18/12/2026",
        "18/12/2026 (last day of contract)",
        "close of business on 18 December 2026",
        "18/12/2026 (last working day)",
        "18/12/2026 (Friday 18 December 2026)",
        "18 DECEMBER 2026",
        "18\u00a0December\u00a02026",
        "18\t12\t2026",
        "18\u201312\u20132026",
        "\uff11\uff18\uff0f\uff11\uff12\uff0f\uff12\uff10\uff12\uff16",
        "\u200b18/12/2026\u200b",
        "18/12/2026.",
        "Fri Dec 18 2026 00:00:00 GMT+0000",
    ],
)
def test_a_british_date_is_read(text: str) -> None:
    assert read_date(text, today=TODAY) == DAY


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("03/04/2026", date(2026, 4, 3)),  # never the American order
        ("3/4/26", date(2026, 4, 3)),
        ("1st Sept 2026", date(2026, 9, 1)),
        ("Weds 16 December 2026", date(2026, 12, 16)),
        ("Thurs 17 Dec 2026", date(2026, 12, 17)),
        ("29/02/2028", date(2028, 2, 29)),
        ("24/11/2025", date(2025, 11, 24)),  # a year ago to the day
        ("24/11/2028", date(2028, 11, 24)),  # two years ahead to the day
    ],
)
def test_the_day_is_read_before_the_month(text: str, day: date) -> None:
    assert read_date(text, today=TODAY) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Friday 18 December", DAY),
        ("Fri 18/12", DAY),
        ("18th December (Friday)", DAY),
        ("Friday 15 January", date(2027, 1, 15)),
    ],
)
def test_a_weekday_that_fits_gives_a_year_that_is_not_written(text: str, day: date) -> None:
    assert read_date(text, today=TODAY) == day


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("12/25/2026", NO_SUCH_DAY),
        ("31/11/2026", NO_SUCH_DAY),
        ("29 February 2027", NO_SUCH_DAY),
        ("0/0/0000", NO_SUCH_DAY),
        ("32 December 2026", NO_SUCH_DAY),
        ("31 April", NO_SUCH_DAY),
        ("18 December", NO_YEAR),
        ("18/12", NO_YEAR),
        ("December 18", NO_YEAR),
        ("Thursday 18 December", NO_YEAR),  # a Thursday in no year near
        ("Wednesday 18 June", NO_YEAR),  # fits a year, but not one that is near
        ("18 December 17:00", NO_YEAR),  # 17 is not a year
        ("December", NO_DAY),
        ("December 2026", NO_DAY),
        ("12/2026", NUMBER_ALONE),
        ("18", NUMBER_ALONE),
        ("18th", NOT_UNDERSTOOD),
        ("20261218", NUMBER_ALONE),
        ("18/12/226", NUMBER_ALONE),
        ("Friday", RELATIVE),
        ("next Friday", RELATIVE),
        ("tomorrow", RELATIVE),
        ("ASAP", RELATIVE),
        ("immediately", RELATIVE),
        ("in two weeks", RELATIVE),
        ("end of month", RELATIVE),
        ("end of December 2026", RELATIVE),
        ("TBC", NOT_SETTLED),
        ("to be confirmed", NOT_SETTLED),
        ("unknown", NOT_SETTLED),
        ("?", NOT_SETTLED),
        ("when the work is done", NOT_UNDERSTOOD),
        ("18 Decembre 2026", NOT_UNDERSTOOD),
        ("", NOT_UNDERSTOOD),
        ("18/12/2026" + " " * 300, NOT_UNDERSTOOD),
        ("18-20 December 2026", NO_DAY),
        ("18 - 20/12/2026", SEVERAL),
        ("18/12/2026 - 20/12/2026", SEVERAL),
        ("18/12/2026 or 19/12/2026", SEVERAL),
        ("18 or 19 December 2026", SEVERAL),
        ("18 and 19/12/2026", SEVERAL),
    ],
)
def test_a_date_that_is_not_certain_is_asked(text: str, reason: Reason) -> None:
    assert read_date(text, today=TODAY) == Unclear(reason)


@pytest.mark.parametrize(
    ("text", "reason", "maybe"),
    [
        ("Thursday 18 December 2026", WRONG_WEEKDAY, DAY),
        ("18/12/2026 TBC", NOT_SETTLED, DAY),
        ("18/12/2026?", NOT_SETTLED, DAY),
        ("around 18 December 2026", NOT_SETTLED, DAY),
        ("18 December 2026 unless renewed", NOT_SETTLED, DAY),
        ("by 18 December 2026", MORE_WORDS, DAY),
        ("before 18 December 2026", MORE_WORDS, DAY),
        ("not 18 December 2026", MORE_WORDS, DAY),
        ("w/c 18 December 2026", MORE_WORDS, DAY),
        ("2026-06-30T23:00:00Z", NEAR_MIDNIGHT, date(2026, 6, 30)),  # 1 July in London
        ("23/11/2025", LONG_AGO, date(2025, 11, 23)),
        ("26-12-18", LONG_AGO, date(2018, 12, 26)),
        ("25/11/2028", FAR_AHEAD, date(2028, 11, 25)),
    ],
)
def test_a_doubtful_date_is_asked_and_shown(text: str, reason: Reason, maybe: date) -> None:
    assert read_date(text, today=TODAY) == Unclear(reason, maybe=maybe)


@given(st.dates(date(2025, 11, 24), date(2028, 11, 24)))
def test_any_day_is_read_back_from_the_ways_it_is_written(day: date) -> None:
    forms = ("%d/%m/%Y", "%d.%m.%y", "%A %d %B %Y", "%b %d, %Y", "%Y-%m-%d", "%d-%b-%y")
    assert {read_date(day.strftime(form), today=TODAY) for form in forms} == {day}


@given(st.text(max_size=60) | st.text("0123456789/.-: TZadefhirsty", max_size=40))
def test_no_text_makes_reading_a_date_fail(text: str) -> None:
    assert isinstance(read_date(text, today=TODAY), date | Unclear)


def test_dates_are_found_in_running_text() -> None:
    text = "She leaves on 18 December 2026, a week after 11/12/2026; not in May, nor on 18/13/2026."
    assert set(dates_in(text, today=TODAY)) == {DAY, date(2026, 12, 11)}


@pytest.mark.parametrize(
    ("day", "at", "due"),
    [
        (DAY, time(17), datetime(2026, 12, 18, 17, tzinfo=UTC)),
        (date(2027, 6, 18), time(17), datetime(2027, 6, 18, 16, tzinfo=UTC)),
        # On 28 March 2027 the clocks go from 01:00 to 02:00.
        (date(2027, 3, 27), time(17), datetime(2027, 3, 27, 17, tzinfo=UTC)),
        (date(2027, 3, 28), time(17), datetime(2027, 3, 28, 16, tzinfo=UTC)),
        (date(2027, 3, 28), time(1, 30), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        # On 31 October 2027 they go from 02:00 back to 01:00.
        (date(2027, 10, 30), time(17), datetime(2027, 10, 30, 16, tzinfo=UTC)),
        (date(2027, 10, 31), time(17), datetime(2027, 10, 31, 17, tzinfo=UTC)),
        (date(2027, 10, 31), time(1, 30), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
    ],
)
def test_due_at_local_time_across_both_clock_changes(day: date, at: time, due: datetime) -> None:
    assert due_at(day, due_time=at, timezone="Europe/London") == due


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.times())
def test_what_is_due_is_due_on_the_leaving_date_itself(day: date, at: time) -> None:
    local = due_at(day, due_time=at, timezone="Europe/London").astimezone(ZoneInfo("Europe/London"))
    assert local.date() == day
