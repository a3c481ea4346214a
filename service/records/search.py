"""Finds leavers for the operators' lists, fast with a hundred thousand of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from service.domain.reasons import ReasonCode
from service.records.database import Database
from service.records.figures import read_totals
from service.records.filters import Filters, conditions_of
from service.records.leaver import Leaver, State
from service.records.queries import COLUMNS, TABLES, leaver_from_row

PAGE = 25
# Beyond that many, a list says "more than": to count everybody would cost more than it is worth.
MOST_COUNTED = 10_000
_BATCH = 500
_LINE = """leavers.ticket_id, leavers.state, outcome, entry ->> 'name' AS listed_name, leavers.name,
  email, leaving_date, cards.url AS card_url, reason, received_at, updated_at"""


class Sort(StrEnum):
    """The orders of a list."""

    NEWEST = "newest"
    OLDEST = "oldest"
    LEAVING_SOONEST = "leaving"
    LEAVING_LATEST = "leaving-latest"
    CHANGED = "changed"


# What each order goes by, and whether the greatest comes first; the schema has an index for
# each.
_ORDERS: dict[Sort, tuple[str, bool]] = {
    Sort.NEWEST: ("arrival", True),
    Sort.OLDEST: ("arrival", False),
    Sort.LEAVING_SOONEST: ("coalesce(leaving_date, 'infinity'), arrival", False),
    Sort.LEAVING_LATEST: ("coalesce(leaving_date, '-infinity'), arrival", True),
    Sort.CHANGED: ("updated_at, arrival", True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some leavers of a longer list.

    Attributes:
        leavers: without their histories.
        newer: where the page before ends, or None at the beginning.
        older: where the page after begins, or None at the end.
    """

    leavers: Sequence[Leaver]
    newer: int | None
    older: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why some leavers failed: how many, and the reason of one of them."""

    code: ReasonCode
    leavers: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a download shows of a leaver; `listed_name` is the name in the access lists."""

    ticket_id: int
    state: State
    outcome: str | None
    listed_name: str | None
    name: str | None
    email: str | None
    leaving_date: date | None
    card_url: str | None
    reason: str | None
    received_at: datetime
    updated_at: datetime


class LeaverSearch:
    """Finds leavers.

    Args:
        database: holds them.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def counts(self) -> dict[State, int]:
        """Count the leavers in each state."""
        with self._database.transaction() as connection:
            found = read_totals(connection)["state"]
        return {state: found.get(state, 0) for state in State}

    def waiting(self, *, today: date, page: int) -> list[Leaver]:
        """Return leavers that need a person: past their leaving date first, then as they came."""
        return self._leavers(
            f"SELECT {COLUMNS} FROM {TABLES} WHERE state = 'needs_person'"  # noqa: S608
            " ORDER BY coalesce(leaving_date < %(today)s, false) DESC, received_at, ticket_id"
            " LIMIT %(limit)s OFFSET %(offset)s",
            {"today": today, "limit": PAGE, "offset": (page - 1) * PAGE},
        )

    def failed(self, *, page: int, reason_code: ReasonCode | None = None) -> list[Leaver]:
        """Return leavers that failed, for one cause or any: the first to leave come first."""
        return self._leavers(
            f"SELECT {COLUMNS} FROM {TABLES} WHERE state = 'failed'"  # noqa: S608
            " AND (%(code)s::text IS NULL OR reason_code = %(code)s)"
            " ORDER BY coalesce(leaving_date, 'infinity'), updated_at, ticket_id"
            " LIMIT %(limit)s OFFSET %(offset)s",
            {"code": reason_code, "limit": PAGE, "offset": (page - 1) * PAGE},
        )

    def reason_codes(self) -> list[ReasonCode]:
        """Return the codes that any leaver has now, in alphabetical order."""
        # One look into the index for each code, and not one for each leaver.
        rows = self._rows(
            "WITH RECURSIVE codes AS ("
            "  (SELECT reason_code FROM leavers WHERE reason_code IS NOT NULL"
            "   ORDER BY reason_code LIMIT 1)"
            "  UNION ALL SELECT (SELECT leavers.reason_code FROM leavers"
            "   WHERE leavers.reason_code > codes.reason_code ORDER BY leavers.reason_code LIMIT 1)"
            "  FROM codes WHERE codes.reason_code IS NOT NULL)"
            " SELECT reason_code FROM codes WHERE reason_code IS NOT NULL"
        )
        return [ReasonCode(row["reason_code"]) for row in rows]

    def causes(self) -> list[Cause]:
        """Return why leavers failed: the cause of the first to leave comes first."""
        rows = self._rows(
            "SELECT reason_code, count(*) AS leavers, min(reason) AS reason FROM leavers"
            " WHERE state = 'failed' AND reason_code IS NOT NULL GROUP BY reason_code"
            " ORDER BY min(coalesce(leaving_date, 'infinity')), count(*) DESC, reason_code"
        )
        return [
            Cause(
                code=ReasonCode(row["reason_code"]),
                leavers=row["leavers"],
                reason=row["reason"] or "",
            )
            for row in rows
        ]

    def search(
        self,
        filters: Filters,
        *,
        sort: Sort = Sort.NEWEST,
        before: int | None = None,
        after: int | None = None,
    ) -> Page:
        """Return a page of the leavers that fit.

        Args:
            filters: what must fit.
            sort: their order.
            before: the arrival of the leaver after which the page begins, in that order.
            after: the arrival of the leaver before which the page ends.
        """
        rows = self._rows(*page_query(filters, sort=sort, before=before, after=after))
        goes_on, rows = len(rows) > PAGE, rows[:PAGE]
        if after is not None:
            rows.reverse()
        has_newer = goes_on if after is not None else before is not None
        has_older = after is not None or goes_on
        return Page(
            leavers=[leaver_from_row(row) for row in rows],
            newer=rows[0]["arrival"] if rows and has_newer else None,
            older=rows[-1]["arrival"] if rows and has_older else None,
        )

    def count(self, filters: Filters) -> int:
        """Count the leavers that fit, up to one more than `MOST_COUNTED`."""
        conditions, values = conditions_of(filters)
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        (row,) = self._rows(
            f"SELECT count(*) AS leavers FROM (SELECT FROM leavers {where}"  # noqa: S608
            " LIMIT %(most)s) AS found",
            values | {"most": MOST_COUNTED + 1},
        )
        number: int = row["leavers"]
        return number

    def all(self, filters: Filters) -> Iterator[Leaver]:
        """Return all leavers that fit, newest first, a batch at a time."""
        yield from map(leaver_from_row, self._in_batches(filters, COLUMNS))

    def lines(self, filters: Filters) -> Iterator[Line]:
        """Return a line for each leaver that fits, newest first, read a batch at a time."""
        for row in self._in_batches(filters, _LINE):
            del row["arrival"]
            yield Line(**row)

    def _in_batches(self, filters: Filters, columns: str) -> Iterator[dict[str, Any]]:
        before: int | None = None
        while True:
            query = page_query(filters, before=before, limit=_BATCH, columns=columns)
            rows = self._rows(*query)
            # Whoever takes a row may change it.
            before = rows[-1]["arrival"] if len(rows) == _BATCH else None
            yield from rows
            if before is None:
                return

    def _leavers(self, query: str, values: dict[str, Any]) -> list[Leaver]:
        return [leaver_from_row(row) for row in self._rows(query, values)]

    def _rows(self, query: str, values: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        with self._database.transaction() as connection:
            return connection.execute(query, values).fetchall()


def page_query(
    filters: Filters,
    *,
    sort: Sort = Sort.NEWEST,
    before: int | None = None,
    after: int | None = None,
    limit: int = PAGE + 1,
    columns: str = COLUMNS,
) -> tuple[str, dict[str, Any]]:
    """Return the query for a page and one row more, with its values; see `LeaverSearch.search`."""
    conditions, values = conditions_of(filters)
    order_columns, is_falling = _ORDERS[sort]
    is_back = after is not None
    is_falling = is_falling != is_back
    cursor = after if is_back else before
    if cursor is not None:
        # Where that leaver stands now: it may have changed since the page was shown.
        at = "SELECT " + order_columns + " FROM leavers WHERE arrival = %(cursor)s"  # noqa: S608
        at = "%(cursor)s" if order_columns == "arrival" else at
        conditions.append(f"({order_columns}) {'<' if is_falling else '>'} ({at})")
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    direction = "DESC" if is_falling else "ASC"
    order = f"ORDER BY {order_columns.replace(', arrival', f' {direction}, arrival')} {direction}"
    values |= {"cursor": cursor, "limit": limit}
    chosen = f"SELECT arrival, {columns} FROM {TABLES}"  # noqa: S608
    if not filters.text.strip():
        return f"{chosen} {where} {order} LIMIT %(limit)s", values
    # Matches first, and the first of them then: the planner would rather walk through everybody,
    # in order, in the hope of matches on the way.
    query = (
        "WITH matching AS MATERIALIZED"  # noqa: S608
        f" (SELECT arrival, leaving_date, updated_at FROM leavers {where})"
        f" {chosen} WHERE arrival IN (SELECT arrival FROM matching {order} LIMIT %(limit)s) {order}"
    )
    return query, values
