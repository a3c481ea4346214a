"""What the last calls to a vendor showed: in one place for all workers, and a line at each turn."""

import logging

import pytest

from service.guard.vendor_health import NOTED_EVERY, VendorHealth, VendorState
from service.records.database import Database


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.now


def state_of(health: VendorHealth) -> VendorState:
    (state,) = health.states().values()
    return state


def test_a_failure_and_a_recovery_are_a_line_each_however_many_calls_show_them(
    tables: Database, caplog: pytest.LogCaptureFixture
) -> None:
    health, other = VendorHealth(tables), VendorHealth(tables)
    caplog.set_level(logging.INFO)

    health.answered("Trello")
    for _ in range(3):
        health.failed("Trello", "No response came in time.")
        other.failed("Trello", "It returned a server error (503).")
    failing = state_of(health)
    for _ in range(3):
        health.answered("Trello")
        other.answered("Trello")

    assert failing.failing_since is not None
    assert failing.failure == "It returned a server error (503)."
    assert state_of(health).failing_since is None
    assert [record.message for record in caplog.records] == ["vendor failing", "vendor recovered"]


def test_refused_credentials_count_their_tickets_until_they_are_accepted(tables: Database) -> None:
    health = VendorHealth(tables)
    for ticket_id in (1, 2, 2, None):
        health.refused("Zendesk", ticket_id=ticket_id)
    refused = state_of(health)
    with tables.transaction() as connection:
        row = connection.execute("SELECT refused_tickets FROM vendor_health").fetchone()
    health.answered("Zendesk")

    assert row == {"refused_tickets": [1, 2]}
    assert refused.refused_since is not None
    assert state_of(health).refused_since is None


def test_answers_in_a_row_are_written_down_now_and_then(tables: Database) -> None:
    clock = Clock()
    health = VendorHealth(tables, clock=clock)
    seen = []
    for clock.now in (0.0, NOTED_EVERY - 1, NOTED_EVERY):
        health.answered("GitHub")
        seen.append(state_of(health).answered_at)

    assert seen[0] == seen[1] != seen[2]


def test_a_database_that_is_away_is_not_in_the_way_of_a_call() -> None:
    away = Database("postgresql:///nowhere?host=/nowhere&connect_timeout=1", most_connections=1)
    health = VendorHealth(away)

    health.answered("Trello")
    health.failed("Trello", "It could not be reached.")
    health.refused("Trello", ticket_id=1)
