"""The leavers who are not over after the leaving date, as the operators' page lists them."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from service.domain.after_date import AfterDate
from service.domain.removal.refusals import WhyNone
from service.domain.working_time import working_days_between
from service.records.database import Database
from service.records.removal_problems import IS_PRESENT
from service.records.removing import MAY_WANT_NEW, why_none


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRow:
    """A leaver whose date has passed and who is not over, for the operators' page.

    Attributes:
        ticket_id: whose.
        status: how it stands.
        due_at: the due time that counts.
        days_late: working days since the due date.
        files: the lists that the person is in.
        card_url: the card's short link, or None.
        items: how many items the card's checklists have.
        checked: how many of them are ticked.
        remind_from: the day before which no reminder is sent, or None.
        removal: how the removal's pull request stands.
        pull_request_url: its address, or None.
        no_pull_request: why there is none, or None.
        problem: what somebody has to fix before the pull request goes on, or None.
        may_want_new: whether an operator may ask for a new pull request.
    """

    ticket_id: int
    status: AfterDate
    due_at: datetime | None
    days_late: int
    files: tuple[str, ...]
    card_url: str | None
    items: int
    checked: int
    remind_from: date | None
    removal: str | None
    pull_request_url: str | None
    no_pull_request: WhyNone | None
    problem: str | None
    may_want_new: bool


_OPEN = f"""
SELECT a.ticket_id, a.status, a.due_at, a.files, c.url AS card_url, a.card_items, a.card_checked,
  a.remind_from, r.state AS removal, r.url AS pull_request_url,
  r.reason_code, r.file, r.line_number, r.at_commit,
  CASE WHEN r.{IS_PRESENT} THEN r.problem END AS problem,
  coalesce({MAY_WANT_NEW} AND r.wanted_by IS NULL, false) AS may_want_new
FROM after_date a JOIN leavers l USING (ticket_id) LEFT JOIN cards c USING (ticket_id)
  LEFT JOIN removals r USING (ticket_id)
WHERE l.outcome IS DISTINCT FROM 'set_aside'
  AND (a.status IN ('done_but_listed', 'still_listed', 'card_open')
    OR (a.status = 'unfinished' AND a.changed_at > now() - interval '30 days'))
ORDER BY a.due_at, a.ticket_id LIMIT 500
"""  # noqa: S608 - made of constants alone


class AfterDatePage:
    """Reads what the operators' page shows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rows(self, *, now: datetime, timezone: str) -> list[OpenRow]:
        """Return those who are not over, and those who were given up lately."""
        zone = ZoneInfo(timezone)
        today = now.astimezone(zone).date()
        with self._database.transaction() as connection:
            found = connection.execute(_OPEN).fetchall()
        return [
            OpenRow(
                ticket_id=row["ticket_id"],
                status=AfterDate(row["status"]),
                due_at=row["due_at"],
                days_late=working_days_between(row["due_at"].astimezone(zone).date(), today)
                if row["due_at"]
                else 0,
                files=tuple(row["files"]),
                card_url=row["card_url"],
                items=row["card_items"],
                checked=row["card_checked"],
                remind_from=row["remind_from"],
                removal=row["removal"],
                pull_request_url=row["pull_request_url"],
                no_pull_request=why_none(row),
                problem=row["problem"],
                may_want_new=row["may_want_new"],
            )
            for row in found
        ]
