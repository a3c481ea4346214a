"""The rows of the report: what the records and the history say of each leaver of a period."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from service.domain.after_date import AfterDate
from service.domain.report import Report, ReportRow
from service.domain.working_time import working_days_between
from service.records.database import Database

_ROWS = """
SELECT ticket_id, state, outcome, received_at, leaving_date,
  coalesce(after_date.due_at, cards.due) AS due, gone_at, gone_commit, gone_working_days,
  CASE WHEN outcome IS DISTINCT FROM 'set_aside' THEN status END AS after_date,
  CASE WHEN status = 'over' THEN ended_at END AS over_at,
  (SELECT url FROM removals WHERE removals.ticket_id = leavers.ticket_id) AS pull_request,
  card_made, questions,
  CASE WHEN questions > 0 THEN (SELECT array_agg(DISTINCT asked.by ORDER BY asked.by)
     FROM history AS asked WHERE asked.ticket_id = leavers.ticket_id
       AND asked.event = 'run_requested' AND asked.at > first_question) END AS answered_by
FROM leavers LEFT JOIN cards USING (ticket_id) LEFT JOIN after_date USING (ticket_id),
  LATERAL (SELECT min(at) FILTER (WHERE event = 'card_created') AS card_made,
      count(*) FILTER (WHERE event = 'needs_person') AS questions,
      min(at) FILTER (WHERE event = 'needs_person') AS first_question
    FROM history WHERE history.ticket_id = leavers.ticket_id) AS happened
WHERE received_at >= %s AND received_at < %s
ORDER BY arrival
"""


class ReportRecords:
    """What the report is made of.

    Args:
        database: holds the records.
        timezone: of the days.
    """

    def __init__(self, database: Database, *, timezone: str) -> None:
        self._database = database
        self._zone = ZoneInfo(timezone)

    def rows(self, first: date, last: date, *, now: datetime) -> list[ReportRow]:
        """Return a row for each leaver whose ticket came in a period, as they came.

        Args:
            first: the first day of the period.
            last: the last day.
            now: until when somebody is late who is still in the lists.
        """
        since = datetime.combine(first, time(), self._zone)
        until = datetime.combine(last + timedelta(days=1), time(), self._zone)
        with self._database.transaction() as connection:
            found = connection.execute(_ROWS, (since, until)).fetchall()
        return [self._row(row, now=now) for row in found]

    def _row(self, row: dict[str, Any], *, now: datetime) -> ReportRow:
        late = row["gone_working_days"]
        # Somebody who was given up may be in the lists still: who is out of them has a figure.
        is_listed = row["after_date"] in {
            AfterDate.STILL_LISTED,
            AfterDate.DONE_BUT_LISTED,
            AfterDate.UNFINISHED,
        }
        if late is None and is_listed and row["due"]:
            due, today = (at.astimezone(self._zone).date() for at in (row["due"], now))
            late = working_days_between(due, today)
        return ReportRow(
            ticket=row["ticket_id"],
            state=row["state"],
            outcome=row["outcome"],
            received=row["received_at"],
            card_made=row["card_made"],
            due=row["due"],
            entry_gone=row["gone_at"],
            entry_gone_commit=row["gone_commit"],
            pull_request=row["pull_request"],
            after_date=row["after_date"],
            over=row["over_at"],
            working_days_late=late,
            questions=row["questions"],
            answered_by=tuple(row["answered_by"] or ()),
        )


def report_on(
    records: ReportRecords, first: date, last: date, *, head: str | None, now: datetime
) -> Report:
    """Return the report on a period; `head` is the hash of the history's newest line."""
    return Report(
        first=first, last=last, rows=records.rows(first, last, now=now), history_head=head
    )
