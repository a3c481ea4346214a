"""The pages have words for each state of a removal, and for each event of a history."""

from datetime import UTC, datetime
from typing import Any

import pytest

from service.desk.words import EVENT_TITLES, REMOVALS, TeamTime, duration, event_words
from service.domain.history import HistoryEvent
from service.domain.history_words import detail_of
from service.domain.removal.refusals import SENTENCES, RefusalCode
from service.domain.removal.seen import RemovalState
from service.records.leaver import Event

CLOCK = TeamTime("Europe/London")
FACTS: dict[HistoryEvent, dict[str, Any]] = {
    HistoryEvent.PULL_REQUEST_OPENED: {"url": "https://x.example/pull/1", "is_draft": True},
    HistoryEvent.PULL_REQUEST_SHARED: {"ticket": 7},
    HistoryEvent.PULL_REQUEST_CHANGED: {"what": "ready"},
    HistoryEvent.PULL_REQUEST_MERGED: {"merged_by": "olu-owner", "commit": "abc"},
    HistoryEvent.PULL_REQUEST_CLOSED: {"state": "withdrawn"},
    HistoryEvent.PULL_REQUEST_LEFT: {"touch": "pushed"},
    HistoryEvent.PULL_REQUEST_NOT_OPENED: {"reason_code": "tabs", "file": "a.yml", "line": 3},
    HistoryEvent.PULL_REQUEST_WANTED: {},
}


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (1.0, "1 second"),
        (1.3, "1.3 seconds"),
        (119, "119 seconds"),
        (120, "2 minutes"),
        (7_200, "2 hours"),
        (86_400, "24 hours"),
        (13 * 86_400, "13 days"),
    ],
)
def test_a_duration_is_written_by_the_largest_unit_that_says_enough(
    seconds: float, written: str
) -> None:
    assert duration(seconds) == written


def test_each_state_and_each_reason_has_words() -> None:
    assert set(REMOVALS) == set(RemovalState)
    assert set(SENTENCES) == set(RefusalCode)


def test_each_event_has_a_title_so_that_no_history_breaks_a_page() -> None:
    assert set(EVENT_TITLES) == set(HistoryEvent)


def test_each_event_about_a_pull_request_has_words() -> None:
    named = {event for event in HistoryEvent if event.name.startswith("PULL_REQUEST")}
    assert set(FACTS) == named
    for event, facts in FACTS.items():
        line = Event(at=datetime.now(UTC), event=event, by="x", facts=facts, personal={})
        heading, _ = event_words(line, None, clock=CLOCK)  # type: ignore[arg-type]
        assert heading
        detail = detail_of(event, facts, {})
        assert bool(detail) == bool(facts)


def test_the_time_of_the_next_try_is_written_like_every_other() -> None:
    planned = Event(
        at=datetime.now(UTC),
        event=HistoryEvent.RETRY_PLANNED,
        by="the service",
        facts={"at": "2026-07-01T12:30:15+00:00", "reason_code": "trello_failing"},
        personal={"reason": "Trello: it returned a server error (500)."},
    )

    _, detail = event_words(planned, None, clock=CLOCK)  # type: ignore[arg-type]

    said = "The next try is on 1 July 2026 at 13:30. Trello: it returned a server error (500)."
    assert detail == said
