"""How leavers stand after their leaving date, by what was seen or said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg.types.json import Jsonb

from service.domain.after_date import AfterDate, CardSeen, CardStatus
from service.domain.history import HistoryEvent, HistoryLine, with_reasons
from service.domain.reasons import Reason, text_of
from service.records.database import AsyncConnection, Database
from service.records.history import SWEEP, record, record_async
from service.records.watched import WITH_CARD, Watched, lock_watched

# The name under which it is noted when leavers were last looked at.
LOOKING = "after_date"

_STORE = """
INSERT INTO after_date (ticket_id, status, changed_at, due_at, files, card_status, card_items,
    card_checked, card_looked_at, gone_at, gone_commit, gone_working_days, ended_at)
VALUES (%(ticket_id)s, %(status)s, %(now)s, %(due_at)s, %(files)s, %(card_status)s,
    %(card_items)s, %(card_checked)s, %(card_looked_at)s, %(gone_at)s, %(gone_commit)s,
    %(gone_working_days)s, %(ended_at)s)
ON CONFLICT (ticket_id) DO UPDATE SET
    status = excluded.status, due_at = excluded.due_at, files = excluded.files,
    card_status = excluded.card_status, card_items = excluded.card_items,
    card_checked = excluded.card_checked,
    card_looked_at = coalesce(excluded.card_looked_at, after_date.card_looked_at),
    gone_at = CASE WHEN excluded.gone_at IS NULL THEN NULL
      ELSE coalesce(after_date.gone_at, excluded.gone_at) END,
    gone_commit = CASE WHEN excluded.gone_at IS NULL THEN NULL
      ELSE coalesce(after_date.gone_commit, excluded.gone_commit) END,
    gone_working_days = CASE WHEN excluded.gone_at IS NULL THEN NULL
      ELSE coalesce(after_date.gone_working_days, excluded.gone_working_days) END,
    ended_at = excluded.ended_at,
    changed_at = CASE WHEN after_date.status IS DISTINCT FROM excluded.status
      THEN excluded.changed_at ELSE after_date.changed_at END
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one look found, to be recorded.

    Attributes:
        status: how the leaver stands; None before the due time.
        due_at: the due time that counts.
        files: the lists that the person is in.
        card: what was seen of the card.
        card_looked_at: when the card was looked at on its own, if it was.
        gone_at: when the person was out of the lists, as far as is known; None if that is not so.
        gone_commit: the commit at which the person is out of them.
        gone_working_days: how many working days after the due date that is.
    """

    status: AfterDate | None
    due_at: datetime
    files: tuple[str, ...] = ()
    card: CardSeen | None = None
    card_looked_at: datetime | None = None
    gone_at: datetime | None = None
    gone_commit: str | None = None
    gone_working_days: int | None = None


class AfterDateRecords:
    """How leavers stand after their leaving date.

    Args:
        database: holds the records.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def store(self, watched: Watched, look: Look, *, now: datetime) -> bool:
        """Record a look, with a line in the history if the status changed.

        Returns:
            Whether it counts: somebody may have set the leaver aside meanwhile, or moved its date.
        """
        ticket_id = watched.ticket_id
        with self._database.transaction() as connection:
            before = lock_watched(connection, watched)
            if before is None:
                return False
            is_final = look.status is not None and look.status.is_final
            connection.execute(
                _STORE,
                {
                    "ticket_id": ticket_id,
                    "now": now,
                    "status": look.status,
                    "due_at": look.due_at,
                    "files": list(look.files),
                    "card_status": look.card.status if look.card else None,
                    "card_items": look.card.items if look.card else 0,
                    "card_checked": look.card.checked if look.card else 0,
                    "card_looked_at": look.card_looked_at,
                    "gone_at": look.gone_at,
                    "gone_commit": look.gone_commit,
                    "gone_working_days": look.gone_working_days,
                    "ended_at": now if is_final else None,
                },
            )
            if look.status and look.status != before["status"]:
                facts: dict[str, Any] = {"status": look.status}
                if look.gone_commit:
                    facts["commit"] = look.gone_commit
                line = HistoryLine(event=HistoryEvent.AFTER_DATE, facts=facts)
                record(connection, ticket_id, line, by=SWEEP)
        return True

    def card_is_unknown(self, ticket_id: int, *, now: datetime) -> None:
        """Record that Trello does not show a card: it is asked again a day later."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO after_date (ticket_id, card_status, card_looked_at)"
                " VALUES (%(ticket_id)s, %(unknown)s, %(now)s) ON CONFLICT (ticket_id) DO UPDATE"
                " SET card_status = excluded.card_status, card_looked_at = excluded.card_looked_at",
                {"ticket_id": ticket_id, "unknown": CardStatus.UNKNOWN, "now": now},
            )

    def note_come_back(self, ticket_id: int, files: Iterable[str], *, now: datetime) -> None:
        """Record that somebody whose access was over is in the lists again."""
        with self._database.transaction() as connection:
            cursor = connection.execute(
                "UPDATE after_date SET came_back_at = %s"
                " WHERE ticket_id = %s AND came_back_at IS NULL",
                (now, ticket_id),
            )
            if cursor.rowcount:
                line = HistoryLine(event=HistoryEvent.LISTED_AGAIN, facts={"files": sorted(files)})
                record(connection, ticket_id, line, by=SWEEP)

    def note_looked_once(
        self, ticket_id: int, *, reason: Reason | None, candidates: list[dict[str, Any]]
    ) -> None:
        """Record the one look at somebody without access; with a reason, a person is asked."""
        with self._database.transaction() as connection:
            cursor = connection.execute(
                "UPDATE leavers SET was_looked_for_again = true WHERE ticket_id = %s"
                " AND state = 'done' AND outcome = 'no_access' AND NOT was_looked_for_again",
                (ticket_id,),
            )
            if not cursor.rowcount or reason is None:
                return
            connection.execute(
                "UPDATE leavers SET state = 'needs_person', outcome = NULL, reason = %s,"
                " reason_code = %s, candidates = %s, updated_at = now(), finished_at = NULL"
                " WHERE ticket_id = %s",
                (text_of((reason,)), reason.code, Jsonb(candidates), ticket_id),
            )
            line = with_reasons(HistoryEvent.NEEDS_PERSON, (reason,))
            record(connection, ticket_id, line, by=SWEEP)

    def note_looked(self, result: dict[str, int]) -> None:
        """Record that all were looked at, with lists and board known."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO periodic_tasks (name, ended_at, result) VALUES (%s, now(), %s)"
                " ON CONFLICT (name) DO UPDATE SET ended_at = now(), result = excluded.result",
                (LOOKING, Jsonb(result)),
            )


_SAY = f"""
INSERT INTO after_date (ticket_id, status, remind_from, ended_at, said_over)
SELECT ticket_id, CASE WHEN ends_now THEN 'over' END, %(day)s, CASE WHEN ends_now THEN now() END,
    %(is_over)s
FROM (
    SELECT ticket_id, %(is_over)s AND (status IS NOT NULL
        OR coalesce(greatest(due_at, cards.due), now()) <= now()) AS ends_now
    FROM leavers LEFT JOIN cards USING (ticket_id) LEFT JOIN after_date USING (ticket_id)
    WHERE ticket_id = %(ticket_id)s AND {WITH_CARD}
      AND (%(is_over)s OR status IS DISTINCT FROM 'over')
) AS one
ON CONFLICT (ticket_id) DO UPDATE SET
    remind_from = excluded.remind_from, said_over = excluded.said_over,
    -- To be reminded of somebody who was given up, the service has to look again.
    status = coalesce(excluded.status, nullif(after_date.status, 'unfinished')),
    changed_at = CASE WHEN excluded.status = 'over' OR after_date.status = 'unfinished' THEN now()
      ELSE after_date.changed_at END,
    ended_at = excluded.ended_at
"""  # noqa: S608 - made of constants alone


async def say_after_date(
    connection: AsyncConnection,
    ticket_id: int,
    *,
    remind_from: date | None,
    reason: str,
    by: str,
) -> bool:
    """Record what an operator says about a leaver after the date; return whether it counts.

    How a leaver stands is not known before the due time: if it is over by then, that shows once
    it has passed.

    Args:
        connection: in whose transaction.
        ticket_id: whose leaver.
        remind_from: the day before which no reminder is sent; None if the leaver is over.
        reason: in the operator's words; it may hold personal data.
        by: the operator.
    """
    cursor = await connection.execute(
        _SAY, {"ticket_id": ticket_id, "is_over": remind_from is None, "day": remind_from}
    )
    if not cursor.rowcount:
        return False
    if remind_from is None:
        line = HistoryLine(
            event=HistoryEvent.SAID_OVER, personal={"reason": reason} if reason else {}
        )
    else:
        line = HistoryLine(event=HistoryEvent.REMIND_LATER, facts={"day": remind_from.isoformat()})
    await record_async(connection, [ticket_id], line, by=by)
    return True
