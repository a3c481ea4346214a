"""The report on a period: a row a leaver, totals and medians below. It names no leaver."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from statistics import median
from typing import Any

from service.domain.csv_cells import harmless_cell


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """One leaver; all instants are in UTC, and None if it has not happened.

    Attributes:
        ticket: the ticket's number.
        state: as in the operators' API.
        outcome: as in the operators' API.
        received: when the ticket first came.
        card_made: when its card was made.
        due: the due time that counts: the card's own, or the leaving date's.
        entry_gone: when the person was first seen to be out of the access lists, after the due
            time; if the entry had left them before the card was made, when that was committed.
        entry_gone_commit: the commit of the access lists at which that was.
        pull_request: the address of the removal's pull request.
        after_date: as in the operators' API.
        over: when the leaver was over.
        working_days_late: from the due date to the day on which the entry was gone, or to today
            while it is not; 0 on the due date itself.
        questions: how often a person was asked.
        answered_by: the operators who asked for a run after a question, each once.
    """

    ticket: int
    state: str
    outcome: str | None = None
    received: datetime
    card_made: datetime | None = None
    due: datetime | None = None
    entry_gone: datetime | None = None
    entry_gone_commit: str | None = None
    pull_request: str | None = None
    after_date: str | None = None
    over: datetime | None = None
    working_days_late: int | None = None
    questions: int = 0
    answered_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was done about the leavers whose tickets came in a period.

    Attributes:
        first: the first day of the period, in local time.
        last: the last day.
        rows: as the tickets came.
        history_head: the hash of the history's newest line: it shows edits of what is before it,
            not a rewrite of the whole chain.
    """

    first: date
    last: date
    rows: Sequence[ReportRow]
    history_head: str | None

    @property
    def totals(self) -> dict[str, int]:
        """Count the leavers: all, by outcome, and what else there is to count."""
        outcomes = Counter(row.outcome or row.state for row in self.rows)
        return {
            "leavers": len(self.rows),
            **dict(sorted(outcomes.items())),
            "cards_made": sum(row.card_made is not None for row in self.rows),
            "over": sum(row.after_date == "over" for row in self.rows),
            "questions": sum(row.questions for row in self.rows),
        }

    @property
    def medians(self) -> dict[str, float | None]:
        """Return the medians; None if nothing is there to take one of."""
        to_card = [
            (row.card_made - row.received).total_seconds() for row in self.rows if row.card_made
        ]
        late = [
            row.working_days_late
            for row in self.rows
            if row.entry_gone and row.working_days_late is not None
        ]
        return {
            "received_to_card_seconds": _median(to_card),
            "due_to_gone_working_days": _median(late),
        }


def _median(values: Iterable[float]) -> float | None:
    found = list(values)
    return round(median(found), 1) if found else None


def report_json(report: Report) -> dict[str, Any]:
    """Return a report as JSON values."""
    return {
        "from": report.first.isoformat(),
        "to": report.last.isoformat(),
        "leavers": [
            {key: _json_value(value) for key, value in asdict(row).items()} for row in report.rows
        ],
        "totals": report.totals,
        "medians": report.medians,
        "history_head": report.history_head,
    }


def report_text(report: Report) -> str:
    """Return a report as a JSON text."""
    return json.dumps(report_json(report), indent=2) + "\n"


def report_csv(report: Report) -> str:
    """Return a report as CSV; totals, medians and the history's head are comments at its end."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(field.name for field in fields(ReportRow))
    for row in report.rows:
        writer.writerow(_cell(getattr(row, field.name)) for field in fields(ReportRow))
    below = [
        *(f"total {name}: {number}" for name, number in report.totals.items()),
        *(
            f"median {name}: {'none' if value is None else f'{value:g}'}"
            for name, value in report.medians.items()
        ),
        f"history head: {report.history_head or 'none'}",
    ]
    return out.getvalue() + "".join(f"# {line}\r\n" for line in below)


def _json_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return _instant(value)
    return list(value) if isinstance(value, tuple) else value


def _cell(value: Any) -> str:
    match value:
        case None:
            text = ""
        case datetime():
            text = _instant(value)
        case tuple():
            text = ", ".join(value)
        case _:
            text = str(value)
    return harmless_cell(text)


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
