"""The report, made of values: rows, totals, medians, and cells that no spreadsheet runs."""

import csv
import json
from datetime import UTC, date, datetime, timedelta

import pytest

from service.domain.report import Report, ReportRow, report_csv, report_json, report_text

RECEIVED = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
DUE = datetime(2026, 11, 13, 17, 0, tzinfo=UTC)


def a_row(ticket: int, **changes: object) -> ReportRow:
    return ReportRow(**{"ticket": ticket, "state": "done", "received": RECEIVED} | changes)  # type: ignore[arg-type]


ROWS = [
    a_row(
        4001,
        outcome="tech_card",
        card_made=RECEIVED + timedelta(seconds=4),
        due=DUE,
        entry_gone=DUE + timedelta(days=3),
        entry_gone_commit="abc123",
        after_date="over",
        over=DUE + timedelta(days=3),
        working_days_late=1,
        questions=1,
        answered_by=("alice", "bob"),
    ),
    a_row(
        4002,
        outcome="tech_card",
        card_made=RECEIVED + timedelta(seconds=10),
        due=DUE,
        after_date="still_listed",
        working_days_late=9,
    ),
    a_row(4003, state="needs_person", questions=2),
    a_row(4004, outcome="no_access"),
]


def a_report(rows: list[ReportRow] = ROWS) -> Report:
    return Report(first=date(2026, 11, 1), last=date(2026, 11, 30), rows=rows, history_head="f00d")


def test_totals_count_by_outcome_and_medians_take_what_happened() -> None:
    assert a_report().totals == {
        "leavers": 4,
        "needs_person": 1,
        "no_access": 1,
        "tech_card": 2,
        "cards_made": 2,
        "over": 1,
        "questions": 3,
    }
    assert a_report().medians == {
        "received_to_card_seconds": 7,
        "due_to_gone_working_days": 1,
    }


def test_a_period_without_leavers_has_no_medians() -> None:
    assert a_report([]).medians == {
        "received_to_card_seconds": None,
        "due_to_gone_working_days": None,
    }


def test_the_csv_has_a_line_a_leaver_and_the_historys_head_in_the_last() -> None:
    lines = report_csv(a_report()).split("\r\n")
    head, first, *_ = csv.reader(lines)

    assert head[:4] == ["ticket", "state", "outcome", "received"]
    assert first == [
        "4001",
        "done",
        "tech_card",
        "2026-11-02T09:30:00Z",
        "2026-11-02T09:30:04Z",
        "2026-11-13T17:00:00Z",
        "2026-11-16T17:00:00Z",
        "abc123",
        "",
        "over",
        "2026-11-16T17:00:00Z",
        "1",
        "1",
        "alice, bob",
    ]
    assert "# median due_to_gone_working_days: 1" in lines
    assert lines[-2:] == ["# history head: f00d", ""]


@pytest.mark.parametrize("beginning", ["=", "+", "-", "@", "\t"])
def test_a_cell_that_a_spreadsheet_would_run_is_quoted(beginning: str) -> None:
    operator = f'{beginning}HYPERLINK("https://example.com")'

    _, row, *_ = csv.reader(report_csv(a_report([a_row(1, answered_by=(operator,))])).splitlines())

    assert row[-1] == f"'{operator}"


def test_the_json_says_the_same() -> None:
    found = report_json(a_report())

    assert json.loads(report_text(a_report())) == found
    assert (found["from"], found["to"], found["history_head"]) == (
        "2026-11-01",
        "2026-11-30",
        "f00d",
    )
    assert found["leavers"][0]["over"] == "2026-11-16T17:00:00Z"
    assert found["leavers"][0]["answered_by"] == ["alice", "bob"]
    assert found["totals"]["leavers"] == 4
