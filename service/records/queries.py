"""The leavers that operators see: one, or a page of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.domain.history import HistoryEvent
from service.domain.reasons import ReasonCode
from service.domain.removal.seen import RemovalState
from service.records.database import Database
from service.records.filters import Filters, conditions_of
from service.records.leaver import Event, Leaver, State
from service.records.removing import NEEDS_PERSON, why_none

COLUMNS = (
    "leavers.ticket_id, leavers.state, outcome, entry, leavers.name, email, leaving_date,"  # noqa: S608
    " cards.url AS card_url, reason, reason_code, candidates, received_at, updated_at,"
    " coalesce(request_number, 1) AS version, found, corrections AS said,"
    " coalesce(tries, 0) AS tries, confirmed_plan, ended_in_dry_run, next_try_at, erased_at,"
    # Nobody who was set aside is looked at after the leaving date.
    " CASE WHEN outcome IS DISTINCT FROM 'set_aside' THEN (SELECT status FROM after_date"
    "   WHERE after_date.ticket_id = leavers.ticket_id) END AS after_date,"
    " (SELECT prepared_date FROM later WHERE later.ticket_id = leavers.ticket_id) AS prepared_date,"
    " (SELECT source_ticket_id FROM later"
    "   WHERE later.ticket_id = leavers.ticket_id) AS source_ticket_id,"
    " coalesce((SELECT removals.state FROM removals"
    "   WHERE removals.ticket_id = leavers.ticket_id), 'none') AS removal,"
    " (SELECT removals.url FROM removals"
    "   WHERE removals.ticket_id = leavers.ticket_id) AS pull_request_url,"
    " (SELECT to_jsonb(removals) FROM removals WHERE removals.ticket_id = leavers.ticket_id"
    f"   AND {NEEDS_PERSON}) AS removal_reason"
)
TABLES = "leavers LEFT JOIN runs USING (ticket_id) LEFT JOIN cards USING (ticket_id)"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonsCard:
    """A card that was made for somebody, by our own record.

    Attributes:
        ticket_id: for which ticket.
        url: its short link.
        due: as the service set it, in UTC; None if that is not recorded.
        person_keys: the person that it is for; see `service.domain.identity`.
    """

    ticket_id: int
    url: str
    due: datetime | None
    person_keys: frozenset[str]


class Records:
    """Reads leavers; `service.records.intake` and `service.records.runs` write them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def leaver(self, ticket_id: int) -> Leaver | None:
        """Return one leaver with its history, or None for a ticket never seen."""
        with self._database.transaction() as connection:
            row = connection.execute(
                f"SELECT {COLUMNS} FROM {TABLES} WHERE ticket_id = %s",  # noqa: S608
                (ticket_id,),
            ).fetchone()
            if row is None:
                return None
            events = connection.execute(
                "SELECT ticket_id, at, event, by, facts, personal FROM history"
                " WHERE ticket_id = %s ORDER BY id",
                (ticket_id,),
            ).fetchall()
        return leaver_from_row(row, events)

    def cards_of_people(self, keys: Iterable[str]) -> tuple[PersonsCard, ...]:
        """Return the cards of the people who have any of these keys, the newest ticket first."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT ticket_id, url, due, leavers.person_keys"
                " FROM leavers JOIN cards USING (ticket_id)"
                " WHERE leavers.person_keys && %s AND url IS NOT NULL AND NOT ended_in_dry_run"
                " ORDER BY arrival DESC",
                (sorted(keys),),
            ).fetchall()
        return tuple(
            PersonsCard(**row | {"person_keys": frozenset(row["person_keys"])}) for row in rows
        )

    def is_retried(self, ticket_id: int) -> bool:
        """Return whether a leaver waits to be tried again after a vendor's failure."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "SELECT FROM leavers JOIN runs USING (ticket_id)"
                " WHERE ticket_id = %s AND state = 'queued' AND tries > 0",
                (ticket_id,),
            ).fetchone()
        return row is not None

    def page(
        self, filters: Filters, *, limit: int, before: int | None
    ) -> tuple[list[Leaver], int | None]:
        """Return leavers, newest first, and where the next page begins (None at the end).

        Args:
            filters: which leavers.
            limit: how many at the most.
            before: where an earlier page said that the next one begins.
        """
        conditions, values = conditions_of(filters)
        conditions.append("(%(before)s::bigint IS NULL OR arrival < %(before)s)")
        with self._database.transaction() as connection:
            rows = connection.execute(
                f"SELECT arrival, {COLUMNS} FROM {TABLES}"  # noqa: S608
                f" WHERE {' AND '.join(conditions)} ORDER BY arrival DESC LIMIT %(limit)s",
                values | {"before": before, "limit": limit + 1},
            ).fetchall()
            shown = rows[:limit]
            events = connection.execute(
                "SELECT ticket_id, at, event, by, facts, personal FROM history"
                " WHERE ticket_id = ANY(%s) ORDER BY id",
                ([row["ticket_id"] for row in shown],),
            ).fetchall()
        histories = defaultdict(list)
        for event in events:
            histories[event["ticket_id"]].append(event)
        leavers = [leaver_from_row(row, histories[row["ticket_id"]]) for row in shown]
        return leavers, shown[-1]["arrival"] if len(rows) > limit else None


def leaver_from_row(row: dict[str, Any], events: Sequence[dict[str, Any]] = ()) -> Leaver:
    """Return a leaver from its columns and, if they are given, the lines of its history."""
    history = tuple(
        Event(
            at=event["at"],
            event=HistoryEvent(event["event"]),
            by=event["by"],
            facts=event["facts"],
            personal=event["personal"],
        )
        for event in events
    )
    fields = {key: value for key, value in row.items() if key != "arrival"}
    code = row["reason_code"]
    return Leaver(
        **fields
        | {
            "state": State(row["state"]),
            "reason_code": ReasonCode(code) if code else None,
            "removal": RemovalState(row["removal"]),
            "removal_reason": why_none(row["removal_reason"] or {}),
            "history": history,
        }
    )
