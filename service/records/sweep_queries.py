"""What the sweep asks of the records, and what it notes there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from service.domain.history import HistoryEvent, HistoryLine, PersonsChange, SweepReason
from service.records.database import Database
from service.records.history import SWEEP, record
from service.records.later import IS_READ_FOR_NEWS


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A leaver that is done, with its card's due date as the service set it for this ticket."""

    ticket_id: int
    card_id: str | None
    card_due: datetime | None
    is_before_due: bool


class SweepRecords:
    """The sweep's side of the records.

    Args:
        database: holds them.
        is_dry_run: see `Intake`.
    """

    def __init__(self, database: Database, *, is_dry_run: bool) -> None:
        self._database = database
        self._is_dry_run = is_dry_run

    def missed(self, unsolved: Iterable[int]) -> dict[int, SweepReason]:
        """Return those unsolved leaver tickets that are not yet received, and why."""
        unsolved = list(unsolved)
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT ticket_id, ended_in_dry_run AND NOT %s AS was_dry_run,"
                " outcome IS NOT DISTINCT FROM 'set_aside' AND NOT was_handed_to_person"
                "   AND NOT operator_override AS had_no_tag"
                " FROM leavers WHERE ticket_id = ANY(%s)",
                (self._is_dry_run, unsolved),
            ).fetchall()
        known = {row["ticket_id"]: _why_again(row) for row in rows}
        found = {ticket_id: known.get(ticket_id, SweepReason.NO_WEBHOOK) for ticket_id in unsolved}
        return {ticket_id: why for ticket_id, why in found.items() if why}

    def processed_before_dry_run(self) -> list[int]:
        """Return processed leavers whose last run was a dry one, if that is over.

        Their tickets are solved, so that no search for unsolved ones finds them. One whose data
        are erased is left alone: a run would read them again.
        """
        if self._is_dry_run:
            return []
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT ticket_id FROM leavers JOIN later USING (ticket_id)"
                " WHERE ended_in_dry_run AND state IN ('done', 'needs_person')"
                " AND later.outcome IS NOT NULL AND erased_at IS NULL ORDER BY arrival LIMIT 200"
            ).fetchall()
        return [row["ticket_id"] for row in rows]

    def perhaps_settled(
        self, unsolved: Iterable[int], *, waiting_for: timedelta
    ) -> tuple[list[int], list[int]]:
        """Return leavers that wait for a person and whose ticket is not among the unsolved ones.

        Somebody has solved it, most likely, or taken its tag away.

        Returns:
            Those that have waited for so long, and those that have not.
        """
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT ticket_id, updated_at > now() - %s AS is_fresh FROM leavers"  # noqa: S608
                " WHERE state = 'needs_person' AND NOT operator_override"
                f" AND NOT ticket_id = ANY(%s) AND NOT {IS_READ_FOR_NEWS}"
                # What is asked about a solved ticket is not settled by that.
                " AND NOT EXISTS (SELECT FROM later WHERE later.ticket_id = leavers.ticket_id"
                "   AND asked_status IN ('solved', 'closed'))"
                " ORDER BY arrival LIMIT 200",
                (waiting_for, list(unsolved)),
            ).fetchall()
        old = [row["ticket_id"] for row in rows if not row["is_fresh"]]
        return old, [row["ticket_id"] for row in rows if row["is_fresh"]]

    def to_try_again(self, *, every: timedelta, for_as_long_as: timedelta) -> list[int]:
        """Return leavers that failed for a reason that may have passed."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT ticket_id FROM leavers JOIN runs USING (ticket_id) WHERE state = 'failed'"
                " AND failing_since > now() - %s AND updated_at < now() - %s"
                " ORDER BY arrival LIMIT 200",
                (for_as_long_as, every),
            ).fetchall()
        return [row["ticket_id"] for row in rows]

    def over_daily_limit(self, *, at_most: int) -> list[int]:
        """Return leavers that wait for the day's limit to have room, the earliest date first."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT ticket_id FROM leavers WHERE state = 'needs_person' AND is_over_daily_limit"
                " ORDER BY leaving_date NULLS LAST, arrival LIMIT %s",
                (at_most,),
            ).fetchall()
        return [row["ticket_id"] for row in rows]

    def finished(self, *, within: timedelta) -> list[Finished]:
        """Return leavers that were done, or due, recently; by the service itself."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                # Each half finds its own by an index.
                "SELECT ticket_id, card_id, cards.due AS card_due,"
                " coalesce(cards.due > now(), false) AS is_before_due"
                " FROM leavers LEFT JOIN cards USING (ticket_id)"
                " WHERE state = 'done' AND outcome <> 'set_aside' AND ticket_id IN ("
                "   SELECT ticket_id FROM leavers"
                "   WHERE state = 'done' AND finished_at > now() - %(within)s"
                "   UNION SELECT ticket_id FROM cards WHERE due > now() - %(within)s"
                " ) ORDER BY arrival",
                {"within": within},
            ).fetchall()
        return [Finished(**row) for row in rows]

    def changed_since(self, *, reopened: Mapping[int, str], solved: Mapping[int, str]) -> list[int]:
        """Return processed tickets that somebody changed since they were last read.

        Args:
            reopened: Zendesk's time stamps of those that are open again.
            solved: Zendesk's time stamps of those that are solved; our own update is among those
                changes, so that only later ones count.
        """
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT ticket_id, seen_stamp, was_left_open, finished_at FROM leavers"  # noqa: S608
                " JOIN later USING (ticket_id)"
                f" WHERE {IS_READ_FOR_NEWS} AND later.outcome IS NOT NULL AND ticket_id = ANY(%s)"
                " ORDER BY arrival",
                ([*reopened, *solved],),
            ).fetchall()
        changed = []
        for row in rows:
            stamp = reopened.get(row["ticket_id"]) or solved.get(row["ticket_id"])
            is_open = row["ticket_id"] in reopened
            # Time stamps are whole seconds: one that was left solved was certainly changed.
            is_reopened = is_open and not row["was_left_open"]
            is_later = stamp != row["seen_stamp"]
            if is_reopened or (is_later and (is_open or _is_after(stamp, row["finished_at"]))):
                changed.append(row["ticket_id"])
        return changed

    def report(self, ticket_id: int, change: PersonsChange) -> bool:
        """Note in a leaver's history what somebody changed; return whether that was news."""
        with self._database.transaction() as connection:
            cursor = connection.execute(
                "UPDATE leavers SET last_reported_change = %s WHERE ticket_id = %s"
                " AND last_reported_change IS DISTINCT FROM %s",
                (change, ticket_id, change),
            )
            if cursor.rowcount:
                line = HistoryLine(event=HistoryEvent.CHANGED_BY_PERSON, facts={"what": change})
                record(connection, ticket_id, line, by=SWEEP)
        return bool(cursor.rowcount)


def _is_after(stamp: str | None, instant: datetime | None) -> bool:
    try:
        at = datetime.fromisoformat(stamp or "")
    except ValueError:
        return False
    at = at.replace(tzinfo=at.tzinfo or UTC)
    return instant is None or at > instant


def _why_again(row: dict[str, Any]) -> SweepReason | None:
    if row["was_dry_run"]:
        return SweepReason.DRY_RUN_IS_OVER
    return SweepReason.HAS_TAG_NOW if row["had_no_tag"] else None
