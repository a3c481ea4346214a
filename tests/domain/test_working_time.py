"""Waiting, counted in the team's working days."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from service.domain.working_time import waiting


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("came", "now", "expected"),
    [
        # Tuesday to Thursday.
        ("2026-11-24T09:00", "2026-11-24T17:00", (0, "2026-11-26", False)),
        ("2026-11-24T09:00", "2026-11-26T23:00", (2, "2026-11-26", False)),
        ("2026-11-24T09:00", "2026-11-27T00:30", (3, "2026-11-26", True)),
        # Over a weekend, and on one.
        ("2026-11-26T09:00", "2026-11-30T09:00", (2, "2026-11-30", False)),
        ("2026-11-28T09:00", "2026-11-29T09:00", (0, "2026-12-02", False)),
        # Christmas Day is a Friday in 2026, and Boxing Day is made up for on Monday.
        ("2026-12-24T09:00", "2026-12-29T09:00", (1, "2026-12-30", False)),
        # New Year's Day, in another year than the ticket's.
        ("2026-12-31T09:00", "2027-01-06T09:00", (3, "2027-01-05", True)),
        # An hour before midnight UTC in summer, it is the next day in London.
        ("2026-07-01T23:30", "2026-07-02T09:00", (0, "2026-07-06", False)),
    ],
)
def test_weekends_and_bank_holidays_do_not_count(
    came: str, now: str, expected: tuple[int, str, bool]
) -> None:
    days, due, is_late = expected
    came_on = at(came).astimezone(ZoneInfo("Europe/London")).date()

    found = waiting(at(came), now=at(now), timezone="Europe/London")

    assert (found.days, found.due, found.is_late) == (days, date.fromisoformat(due), is_late)
    assert found.came == came_on


@pytest.mark.parametrize(
    ("came", "now", "is_new"),
    [
        ("2026-11-27T09:00", "2026-11-27T17:00", True),
        # A Friday's ticket has waited for no working day on Saturday, and did not come then.
        ("2026-11-27T09:00", "2026-11-28T09:00", False),
        ("2026-07-01T23:30", "2026-07-02T09:00", True),
    ],
)
def test_what_came_today_is_distinguished_from_what_came_before_a_weekend(
    came: str, now: str, *, is_new: bool
) -> None:
    assert waiting(at(came), now=at(now), timezone="Europe/London").is_new == is_new
