"""Waiting, counted in the team's working days."""

from datetime import UTC, date, datetime

import pytest

from service.pages.promise import Waiting, waiting


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

    found = waiting(at(came), now=at(now), timezone="Europe/London")

    assert found == Waiting(days=days, due=date.fromisoformat(due), is_late=is_late)
