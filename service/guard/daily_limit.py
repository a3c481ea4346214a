"""The day's limit: how many cards, notes and solved tickets all workers together may write."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, Protocol

from service.domain.errors import OutsideError
from service.domain.ticket_updates import TicketChange
from service.records.database import Connection, Database

_KEEP_DAYS = 7


class Kind(StrEnum):
    """What is counted, each kind separately."""

    CARD = "card"
    NOTE = "note"
    SOLVED = "solved"
    PULL_REQUEST = "pull_request"


class Writer(Protocol):
    """On whose behalf something is written: a run, or the removal of a leaver's entries."""

    @property
    def ticket_id(self) -> int:
        """Whose."""

    @property
    def request_number(self) -> int:
        """The request that is answered: its retries write the same, and count once."""

    @property
    def operator(self) -> str | None:
        """Who asked for it; None if nobody did."""


class DailyLimitReached(Exception):
    """So many were written today that this leaver has to wait for a person."""


class DailyLimit:
    """Counts what is written in a local day, and refuses what goes beyond the limit.

    Args:
        database: shared by all workers, who count together.
        limit: the most of each kind in a day.
        timezone: whose days count.
    """

    def __init__(self, database: Database, *, limit: int, timezone: str) -> None:
        self._database = database
        self._limit = limit
        self._timezone = timezone

    @contextmanager
    def reserve(self, run: Writer, *kinds: Kind) -> Iterator[None]:
        """Count a write before it is made; a vendor's clear refusal undoes that.

        Raises:
            DailyLimitReached: nothing was counted, and nothing may be written.
        """
        self._count(run, kinds)
        try:
            yield
        except OutsideError as failure:
            if not failure.maybe_done:
                self._take_back(run, kinds)
            raise

    def room(self) -> int:
        """Return how many more leavers may be processed today before the limit is reached."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "SELECT coalesce(max(written), 0) AS most FROM"
                " (SELECT count(*) AS written FROM writes WHERE day = %s AND kind <> %s"
                " GROUP BY kind) AS kinds",
                (self._today(connection), Kind.PULL_REQUEST),
            ).fetchone()
        return max(0, self._limit - (row["most"] if row else 0))

    def _count(self, run: Writer, kinds: tuple[Kind, ...]) -> None:
        with self._database.transaction() as connection:
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('leavers: daily limit'))")
            day = self._today(connection)
            connection.execute("DELETE FROM writes WHERE day < %s - %s::int", (day, _KEEP_DAYS))
            for kind in kinds:
                is_new = connection.execute(
                    "INSERT INTO writes (day, kind, ticket_id, request_number)"
                    " VALUES (%s, %s, %s, %s)"
                    " ON CONFLICT DO NOTHING",
                    (day, kind, run.ticket_id, run.request_number),
                ).rowcount
                # An operator has looked: what operators ask for counts, and is never refused.
                if is_new and run.operator is None and self._is_over(connection, day, kind):
                    raise DailyLimitReached

    def _is_over(self, connection: Connection, day: Any, kind: Kind) -> bool:
        """Return whether more than the limit are counted, this one among them."""
        row = connection.execute(
            "SELECT count(*) > %s AS is_over FROM writes WHERE day = %s AND kind = %s",
            (self._limit, day, kind),
        ).fetchone()
        return bool(row and row["is_over"])

    def _take_back(self, run: Writer, kinds: tuple[Kind, ...]) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "DELETE FROM writes WHERE day = %s AND kind = ANY(%s) AND ticket_id = %s"
                " AND request_number = %s",
                (self._today(connection), list(kinds), run.ticket_id, run.request_number),
            )

    def _today(self, connection: Connection) -> Any:
        row = connection.execute(
            "SELECT (now() AT TIME ZONE %s)::date AS day", (self._timezone,)
        ).fetchone()
        assert row  # noqa: S101 - a SELECT without FROM gives one row
        return row["day"]


def kinds_of(change: TicketChange) -> tuple[Kind, ...]:
    """Return what a change of a ticket counts as."""
    note = (Kind.NOTE,) if change.note else ()
    return (*note, Kind.SOLVED) if change.solve else note
