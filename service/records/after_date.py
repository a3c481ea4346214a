"""What is recorded of leavers after their leaving date: how they stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg.types.json import Jsonb

from service.domain.after_date import AfterDate, CardSeen, CardStatus, Identity
from service.domain.history import HistoryEvent, HistoryLine, with_reasons
from service.domain.reasons import Reason, text_of
from service.records.database import AsyncConnection, Connection, Database
from service.records.history import SWEEP, record, record_async

# The name under which it is noted when leavers were last looked at.
LOOKING = "after_date"

# Nobody who was set aside, who waits for an answer or whose run ended in a dry run.
_WITH_CARD = "state = 'done' AND outcome IN ('tech_card', 'non_tech_card') AND NOT ended_in_dry_run"

_COLUMNS = """
ticket_id, entry, email, leavers.person_keys, leaving_date, card_id, cards.due AS card_due, status,
due_at, card_status, card_items, card_checked, card_looked_at, remind_from
"""
# A follow-up that was pointed at the card of the ticket that it follows is no leaver of its own.
_IS_ITS_OWN = """NOT EXISTS (
    SELECT FROM later JOIN cards AS theirs ON theirs.ticket_id = later.source_ticket_id
    WHERE later.ticket_id = leavers.ticket_id AND theirs.card_id = cards.card_id)"""
_WATCHED = f"""
SELECT {_COLUMNS} FROM leavers JOIN cards USING (ticket_id) LEFT JOIN after_date USING (ticket_id)
WHERE {_WITH_CARD} AND erased_at IS NULL AND card_id IS NOT NULL AND {_IS_ITS_OWN}
  AND (status IS NULL OR status NOT IN ('over', 'unfinished')
    -- An operator has confirmed a later date since.
    OR (status = 'unfinished' AND cards.due > due_at))
ORDER BY arrival
"""  # noqa: S608
_ENDED_LATELY = f"""
SELECT {_COLUMNS} FROM leavers JOIN cards USING (ticket_id) JOIN after_date USING (ticket_id)
WHERE {_WITH_CARD} AND erased_at IS NULL AND status = 'over' AND came_back_at IS NULL
  -- Of whom an operator said so while they were listed, nobody has come back.
  AND gone_at IS NOT NULL AND ended_at > %s
ORDER BY arrival
"""  # noqa: S608
_WITHOUT_ACCESS = """
SELECT ticket_id, name, email, leaving_date FROM leavers LEFT JOIN after_date USING (ticket_id)
WHERE state = 'done' AND outcome = 'no_access' AND NOT ended_in_dry_run AND erased_at IS NULL
  AND leaving_date IS NOT NULL AND after_date.ticket_id IS NULL
ORDER BY arrival
"""
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
class Watched:
    """A leaver whose card was made, as the record has it.

    Attributes:
        ticket_id: whose.
        identity: by which the person's entries are known again.
        leaving_date: by the record.
        card_id: of the card that the service made or used.
        set_due: the card's due date as the service set it.
        status: how the leaver stood at the last look; None before the due time.
        due_at: the due time that counted then, or None.
        card: what was seen of an archived or moved card, which is not looked at each time.
        card_looked_at: when that was, or None.
        remind_from: an operator wants no reminder before this day.
    """

    ticket_id: int
    identity: Identity
    leaving_date: date | None
    card_id: str
    set_due: datetime | None
    status: AfterDate | None
    due_at: datetime | None
    card: CardSeen | None
    card_looked_at: datetime | None
    remind_from: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutAccess:
    """Somebody in whose lists nobody was found; looked at once, on the leaving date."""

    ticket_id: int
    name: str | None
    email: str | None
    leaving_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one look found, to be recorded.

    Attributes:
        status: how the leaver stands; None before the due time.
        due_at: the due time that counts.
        files: the lists that the person is in.
        card: what was seen of the card.
        card_looked_at: when the card was looked at on its own, if it was.
        gone_commit: the commit at which the person is out of the lists; None if that is not so.
        gone_working_days: how many working days after the due date that is.
    """

    status: AfterDate | None
    due_at: datetime
    files: tuple[str, ...] = ()
    card: CardSeen | None = None
    card_looked_at: datetime | None = None
    gone_commit: str | None = None
    gone_working_days: int | None = None


class AfterDateRecords:
    """How leavers stand after their leaving date.

    Args:
        database: where it is recorded.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def watched(self) -> list[Watched]:
        """Return those whose card was made, and who are neither over nor given up."""
        return self._watched(_WATCHED)

    def ended_lately(self, *, since: datetime) -> list[Watched]:
        """Return those who have been over since some instant, and have not come back."""
        return self._watched(_ENDED_LATELY, since)

    def without_access(self) -> list[WithoutAccess]:
        """Return those who were in no list and were not looked at since."""
        with self._database.transaction() as connection:
            return [WithoutAccess(**row) for row in connection.execute(_WITHOUT_ACCESS)]

    def _watched(self, query: str, *values: object) -> list[Watched]:
        with self._database.transaction() as connection:
            return [_watched(row) for row in connection.execute(query, values).fetchall()]

    def store(self, ticket_id: int, look: Look, *, now: datetime) -> bool:
        """Record a look, with a line in the history if the status changed.

        Returns:
            Whether the leaver is still one to be looked at: somebody may have set it aside.
        """
        with self._database.transaction() as connection:
            before = lock_watched(connection, ticket_id)
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
                    "gone_at": now if look.gone_commit else None,
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
        """Record that Trello does not say how a card is: it is asked again a day later."""
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
                "INSERT INTO after_date (ticket_id) SELECT ticket_id FROM leavers"
                " WHERE ticket_id = %s AND state = 'done' AND outcome = 'no_access'"
                " ON CONFLICT DO NOTHING",
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


def lock_watched(connection: Connection, ticket_id: int) -> dict[str, Any] | None:
    """Return how a leaver stands while nobody else can change it.

    None if it is not one to be looked at any more: somebody has said that it is over, or has
    set it aside.
    """
    one = connection.execute(
        f"SELECT FROM leavers WHERE ticket_id = %s AND {_WITH_CARD} FOR UPDATE",
        (ticket_id,),
    ).fetchone()
    if one is None:
        return None
    row = connection.execute(
        "SELECT status, remind_from FROM after_date WHERE ticket_id = %s", (ticket_id,)
    ).fetchone()
    row = row or {"status": None, "remind_from": None}
    return None if row["status"] == AfterDate.OVER else row


async def say_after_date(
    connection: AsyncConnection,
    ticket_id: int,
    *,
    remind_from: date | None,
    reason: str,
    by: str,
) -> bool:
    """Record an operator's word on a leaver whose date has passed; return whether it counts.

    Args:
        connection: in whose transaction.
        ticket_id: whose leaver.
        remind_from: the day before which no reminder is sent; None if the leaver is over.
        reason: in the operator's words; it may hold personal data.
        by: the operator.
    """
    is_over = remind_from is None
    cursor = await connection.execute(
        "INSERT INTO after_date (ticket_id, status, remind_from, ended_at)"  # noqa: S608
        " SELECT ticket_id, CASE WHEN %(is_over)s THEN 'over' END, %(day)s,"
        "   CASE WHEN %(is_over)s THEN now() END"
        f" FROM leavers WHERE ticket_id = %(ticket_id)s AND {_WITH_CARD}"
        " ON CONFLICT (ticket_id) DO UPDATE SET remind_from = excluded.remind_from,"
        "   status = CASE WHEN %(is_over)s THEN 'over' ELSE after_date.status END,"
        "   changed_at = CASE WHEN %(is_over)s THEN now() ELSE after_date.changed_at END,"
        "   ended_at = CASE WHEN %(is_over)s THEN now() ELSE after_date.ended_at END",
        {"ticket_id": ticket_id, "is_over": is_over, "day": remind_from},
    )
    if not cursor.rowcount:
        return False
    if remind_from is None:
        line = HistoryLine(
            event=HistoryEvent.SAID_OVER, personal={"reason": reason} if reason else {}
        )
    else:
        line = HistoryLine(event=HistoryEvent.REMIND_LATER, facts={"day": remind_from.isoformat()})
    await record_async(connection, ticket_id, line, by=by)
    return True


def _watched(row: dict[str, Any]) -> Watched:
    entry = row["entry"] or {}
    keys = [key.removeprefix("entry ") for key in row["person_keys"] if key.startswith("entry ")]
    signs = [entry.get(key) for key in ("email", "github", "user_name")]
    if not entry:
        # Nobody was found then: somebody of that address may be listed by now.
        signs = [row["email"]]
    card = None
    if row["card_status"]:
        card = CardSeen(
            status=CardStatus(row["card_status"]),
            items=row["card_items"],
            checked=row["card_checked"],
        )
    return Watched(
        ticket_id=row["ticket_id"],
        identity=Identity(
            entry_ids=frozenset(filter(None, [entry.get("id"), *keys])),
            signs=frozenset(
                part.strip().casefold() for sign in signs if sign for part in sign.split(",")
            ),
        ),
        leaving_date=row["leaving_date"],
        card_id=row["card_id"],
        set_due=row["card_due"],
        status=AfterDate(row["status"]) if row["status"] else None,
        due_at=row["due_at"],
        card=card,
        card_looked_at=row["card_looked_at"],
        remind_from=row["remind_from"],
    )
