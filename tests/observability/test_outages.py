"""A database that fails is a line now and then, and one when it is back."""

import logging

import psycopg
import pytest

from service.observability.outages import SAID_AGAIN_AFTER, Outage


class Clock:
    """Seconds that pass when a test says so."""

    now = 0.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.now


def test_a_failure_that_goes_on_is_said_at_first_and_then_every_few_minutes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    clock = Clock()
    outage = Outage("database", clock=clock)
    wrong = psycopg.OperationalError('FATAL: password authentication failed for user "leavers"')

    for second in range(int(SAID_AGAIN_AFTER) + 1):
        clock.now = float(second)
        outage.failed(wrong, ticket_id=7)
    clock.now += 10
    outage.recovered()
    outage.recovered()

    said = [(one.message, vars(one).get("failures")) for one in caplog.records]
    assert said == [("database failed", 1), ("database failed", 301), ("database recovered", 301)]
    assert vars(caplog.records[0])["ticket_id"] == 7
    assert "refuses the user or the password" in vars(caplog.records[0])["problem"]
    assert vars(caplog.records[-1])["failed_for_seconds"] == SAID_AGAIN_AFTER + 10


def test_what_never_failed_is_not_said_to_be_back(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    Outage("database").recovered()

    assert caplog.records == []
