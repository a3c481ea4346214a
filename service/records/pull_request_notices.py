"""Pull requests that people are notified of: a new one, and one that they have to settle."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from service.records.database import Database
from service.records.message_retries import NEXT_TRY, RETRY_VALUES

_CLAIM = """
INSERT INTO pull_request_notices (ticket_id, target, what, at)
SELECT ticket_id, %(target)s, what, at
FROM removals CROSS JOIN LATERAL (
    VALUES ('opened', opened_at), (left_undone, left_at)) AS news (what, at)
WHERE at > now() - %(news_for)s AND state IN ('draft', 'open') AND shared_with IS NULL
ORDER BY at, ticket_id
ON CONFLICT (ticket_id, target, what, at) DO UPDATE
SET tries = pull_request_notices.tries + 1, next_try_at = NULL
WHERE pull_request_notices.next_try_at <= now()
RETURNING ticket_id, what, at, (
    SELECT url FROM removals WHERE removals.ticket_id = pull_request_notices.ticket_id) AS url
"""
_PUT_OFF = f"""
UPDATE pull_request_notices SET next_try_at = {NEXT_TRY}
WHERE target = %(target)s AND (ticket_id, what, at) IN (
  SELECT * FROM unnest(%(tickets)s::bigint[], %(what)s::text[], %(at)s::timestamptz[]))
"""  # noqa: S608


class PullRequestNews(StrEnum):
    """What people hear of a pull request: a new one, or what is left to them (`Undone`)."""

    OPENED = "opened"
    CLOSE_WITHDRAWN = "close_withdrawn"
    CLOSE_GONE = "close_gone"
    CLOSE_DOUBLED = "close_doubled"
    MAKE_DRAFT = "make_draft"
    POINT_BACK = "point_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequestNotice:
    """One thing to notify people of.

    Attributes:
        ticket_id: whose pull request it is.
        what: see there.
        at: since when.
        url: of the pull request.
    """

    ticket_id: int
    what: PullRequestNews
    at: datetime
    url: str


class PullRequestNotices:
    """What people hear of pull requests, once each.

    Args:
        database: shared by all workers.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, target: str, *, news_for: timedelta) -> list[PullRequestNotice]:
        """Record what a target must be notified of now as reported, and return it.

        Args:
            target: distinguishes it from others.
            news_for: how long ago something may be and is still news.
        """
        with self._database.transaction() as connection:
            rows = connection.execute(_CLAIM, {"target": target, "news_for": news_for})
            return [
                PullRequestNotice(
                    ticket_id=row["ticket_id"],
                    what=PullRequestNews(row["what"]),
                    at=row["at"],
                    url=row["url"],
                )
                for row in rows
            ]

    def put_off(self, target: str, notices: Sequence[PullRequestNotice]) -> None:
        """Try again later what a target refused, or give it up; see `NoticeRecords.put_off`."""
        with self._database.transaction() as connection:
            connection.execute(
                _PUT_OFF,
                {
                    "target": target,
                    "tickets": [one.ticket_id for one in notices],
                    "what": [one.what.value for one in notices],
                    "at": [one.at for one in notices],
                    **RETRY_VALUES,
                },
            )
