"""Who is looked at after the leaving date: a leaver with a card, or once, one without access."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from service.domain.after_date import AfterDate, CardSeen, CardStatus, LeaverIdentity
from service.domain.removed import LeftLists
from service.records.database import Connection, Database

# Nobody who was set aside, who waits for an answer or whose run ended in a dry run.
WITH_CARD = "state = 'done' AND outcome IN ('tech_card', 'non_tech_card') AND NOT ended_in_dry_run"

_COLUMNS = """
ticket_id, entry, email, found, leavers.person_keys, leaving_date, card_id, cards.due AS card_due,
status, due_at, card_status, card_items, card_checked, card_looked_at, remind_from,
coalesce(said_over, false) AS said_over
"""
# A follow-up that was pointed at the card of the ticket that it follows is no leaver of its own.
_IS_ITS_OWN = """NOT EXISTS (
    SELECT FROM later JOIN cards AS theirs ON theirs.ticket_id = later.source_ticket_id
    WHERE later.ticket_id = leavers.ticket_id AND theirs.card_id = cards.card_id)"""
_WATCHED = f"""
SELECT {_COLUMNS} FROM leavers JOIN cards USING (ticket_id) LEFT JOIN after_date USING (ticket_id)
WHERE {WITH_CARD} AND erased_at IS NULL AND NOT after_date_ended AND card_id IS NOT NULL
  AND {_IS_ITS_OWN}
  AND (status IS NULL OR status NOT IN ('over', 'unfinished')
    -- An operator has confirmed a later date since; it is not set on a card that is not open.
    OR (status = 'unfinished'
      AND (cards.due > due_at OR leaving_date::timestamptz > due_at)))
ORDER BY arrival
"""  # noqa: S608
_ENDED_LATELY = f"""
SELECT {_COLUMNS} FROM leavers JOIN cards USING (ticket_id) JOIN after_date USING (ticket_id)
WHERE {WITH_CARD} AND erased_at IS NULL AND status = 'over' AND came_back_at IS NULL
  -- If an operator said so while somebody was listed, they have never left, and can't come back.
  AND gone_at IS NOT NULL AND ended_at > %s
ORDER BY arrival
"""  # noqa: S608
_WITHOUT_ACCESS = """
SELECT ticket_id, name, email, leaving_date FROM leavers
WHERE state = 'done' AND outcome = 'no_access' AND NOT ended_in_dry_run AND erased_at IS NULL
  AND leaving_date IS NOT NULL AND NOT was_looked_for_again
ORDER BY arrival
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
        said_over: an operator has said, before the due time, that it is over.
        left: when the entry was removed, if that was before the card was made; or None.
    """

    ticket_id: int
    identity: LeaverIdentity
    leaving_date: date | None
    card_id: str
    set_due: datetime | None
    status: AfterDate | None
    due_at: datetime | None
    card: CardSeen | None
    card_looked_at: datetime | None
    remind_from: date | None
    said_over: bool = False
    left: LeftLists | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutAccess:
    """Somebody in whose lists nobody was found; looked at once, on the leaving date."""

    ticket_id: int
    name: str | None
    email: str | None
    leaving_date: date


class WatchedRecords:
    """Reads them.

    Args:
        database: holds them.
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


def lock_watched(connection: Connection, watched: Watched) -> dict[str, Any] | None:
    """Return how a leaver stands while nobody else can change it.

    None if what was seen of it counts no longer: since the look began, somebody has said that it
    is over, has set it aside, or has moved its date.
    """
    one = connection.execute(
        f"SELECT FROM leavers WHERE ticket_id = %s AND {WITH_CARD}"  # noqa: S608 - a constant
        " AND leaving_date IS NOT DISTINCT FROM %s FOR UPDATE",
        (watched.ticket_id, watched.leaving_date),
    ).fetchone()
    if one is None:
        return None
    row = connection.execute(
        "SELECT status, remind_from FROM cards LEFT JOIN after_date USING (ticket_id)"
        " WHERE ticket_id = %s AND cards.due IS NOT DISTINCT FROM %s",
        (watched.ticket_id, watched.set_due),
    ).fetchone()
    return None if row is None or row["status"] == AfterDate.OVER else row


def identity_of(row: Mapping[str, Any]) -> LeaverIdentity:
    """Read by what a leaver's entries are known again out of a row of `leavers`."""
    entry = row["entry"] or {}
    keys = [key.removeprefix("entry ") for key in row["person_keys"] if key.startswith("entry ")]
    signs = [entry.get(key) for key in ("email", "github", "user_name")]
    if not entry:
        # Nobody was found then: somebody of that address may be listed by now.
        signs = [row["email"]]
    return LeaverIdentity(
        entry_ids=frozenset(filter(None, [entry.get("id"), *keys])),
        signs=frozenset(
            part.strip().casefold() for sign in signs if sign for part in sign.split(",")
        ),
    )


def _watched(row: dict[str, Any]) -> Watched:
    card = None
    if row["card_status"]:
        card = CardSeen(
            status=CardStatus(row["card_status"]),
            items=row["card_items"],
            checked=row["card_checked"],
        )
    return Watched(
        ticket_id=row["ticket_id"],
        identity=identity_of(row),
        leaving_date=row["leaving_date"],
        card_id=row["card_id"],
        set_due=row["card_due"],
        status=AfterDate(row["status"]) if row["status"] else None,
        due_at=row["due_at"],
        card=card,
        card_looked_at=row["card_looked_at"],
        remind_from=row["remind_from"],
        said_over=row["said_over"],
        left=_left(row["found"] or {}),
    )


def _left(found: dict[str, Any]) -> LeftLists | None:
    if "removed_at" not in found:
        return None
    return LeftLists(commit=found["removed_by"], at=datetime.fromisoformat(found["removed_at"]))
