"""The leavers that operators see: one, or a page of them."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.domain.corrections import Corrections
from service.domain.history import HistoryEvent
from service.domain.reasons import ReasonCode
from service.domain.ticket import read_ticket_id
from service.records.database import Database
from service.records.leaver import Event, Leaver, State, corrections_from_json

COLUMNS = (
    "ticket_id, state, outcome, entry, name, email, leaving_date, card_url, reason, reason_code,"
    " candidates, received_at, updated_at, wanted AS version, found, corrections AS said, tries,"
    " confirmed_plan, is_dry_run, next_try_at, erased_at"
)


class Records:
    """Reads leavers; `service.records.intake` and `service.records.runs` write them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def leaver(self, ticket_id: int) -> Leaver | None:
        """Return one leaver with its history, or None for a ticket never seen."""
        with self._database.transaction() as connection:
            row = connection.execute(
                f"SELECT {COLUMNS} FROM leavers WHERE ticket_id = %s",  # noqa: S608
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

    def corrections(self, ticket_id: int) -> Corrections:
        """Return what operators have said about a leaver; nothing for a ticket never seen."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "SELECT corrections FROM leavers WHERE ticket_id = %s", (ticket_id,)
            ).fetchone()
        return corrections_from_json(row["corrections"] if row else {})

    def is_retried(self, ticket_id: int) -> bool:
        """Whether a leaver waits to be tried again after a vendor's failure."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "SELECT FROM leavers WHERE ticket_id = %s AND state = 'queued' AND tries > 0",
                (ticket_id,),
            ).fetchone()
        return row is not None

    def page(
        self, *, state: State | None, limit: int, before: int | None
    ) -> tuple[list[Leaver], int | None]:
        """Return leavers, newest first, and where the next page begins (None at the end).

        Args:
            state: only leavers in this state.
            limit: how many at the most.
            before: where an earlier page said that the next one begins.
        """
        with self._database.transaction() as connection:
            rows = connection.execute(
                f"SELECT arrival, {COLUMNS} FROM leavers"  # noqa: S608
                " WHERE (%(state)s::text IS NULL OR state = %(state)s)"
                " AND (%(before)s::bigint IS NULL OR arrival < %(before)s)"
                " ORDER BY arrival DESC LIMIT %(limit)s",
                {"state": state, "before": before, "limit": limit + 1},
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
    """Return a leaver from its columns and, where they are given, the lines of its history."""
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
            "history": history,
        }
    )


PAGE = 25
_SHORT_LINK = re.compile(r"(?:https?://)?trello\.com/c/([A-Za-z0-9]+)(?:/.*)?|([A-Za-z0-9]{8})")
_TICKET = re.compile(r"(?:https://\S+/tickets/|#)?(\d{1,19})")
# The marks that the schema leaves out of `words`, and the signs that part them.
_MARKS, _SIGNS = re.compile("[\u0300-\u036f'\u2019]"), re.compile(r"[!-/:-@\[-`{-~\s]+")
_MOST_WORDS = 8


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
class Wanted:
    """What is searched for; None and an empty text are anything."""

    text: str = ""
    state: State | None = None
    outcome: str | None = None


class LeaverSearch:
    """Finds leavers, fast with a hundred thousand of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def counts(self) -> dict[State, int]:
        """Count the leavers in each state."""
        rows = self._rows("SELECT state, count(*) AS leavers FROM leavers GROUP BY state")
        found = {row["state"]: row["leavers"] for row in rows}
        return {state: found.get(state, 0) for state in State}

    def waiting(self, *, today: date, page: int) -> list[Leaver]:
        """Return leavers that need a person: past their leaving date first, then as they came."""
        return self._leavers(
            f"SELECT {COLUMNS} FROM leavers WHERE state = 'needs_person'"  # noqa: S608
            " ORDER BY coalesce(leaving_date < %(today)s, false) DESC, received_at, ticket_id"
            " LIMIT %(limit)s OFFSET %(offset)s",
            {"today": today, "limit": PAGE, "offset": (page - 1) * PAGE},
        )

    def failed(self, *, page: int) -> list[Leaver]:
        """Return leavers that failed, newest failure first."""
        return self._leavers(
            f"SELECT {COLUMNS} FROM leavers WHERE state = 'failed'"  # noqa: S608
            " ORDER BY updated_at DESC, ticket_id LIMIT %(limit)s OFFSET %(offset)s",
            {"limit": PAGE, "offset": (page - 1) * PAGE},
        )

    def search(
        self, wanted: Wanted, *, before: int | None = None, after: int | None = None
    ) -> Page:
        """Return a page of the leavers that fit, newest first.

        Args:
            wanted: what must fit.
            before: only older leavers: where a page said that the one after it begins.
            after: only newer leavers: where a page said that the one before it ends.
        """
        rows = self._rows(*page_query(wanted, before=before, after=after))
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

    def _leavers(self, query: str, values: dict[str, Any]) -> list[Leaver]:
        return [leaver_from_row(row) for row in self._rows(query, values)]

    def _rows(self, query: str, values: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        with self._database.transaction() as connection:
            return connection.execute(query, values).fetchall()


def page_query(
    wanted: Wanted, *, before: int | None = None, after: int | None = None
) -> tuple[str, dict[str, Any]]:
    """Return the query for a page and one row more, with its values; see `LeaverSearch.search`."""
    conditions, values = _conditions(wanted)
    if before is not None:
        conditions.append("arrival < %(before)s")
    if after is not None:
        conditions.append("arrival > %(after)s")
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    order = f"ORDER BY arrival {'ASC' if after is not None else 'DESC'}"
    values |= {"before": before, "after": after, "limit": PAGE + 1}
    if not wanted.text.strip():
        plain = f"SELECT arrival, {COLUMNS} FROM leavers {where} {order} LIMIT %(limit)s"  # noqa: S608
        return plain, values
    # Matches first, and the newest of them then: the planner would rather walk through everybody,
    # newest first, in the hope of matches on the way.
    query = (
        f"WITH matching AS MATERIALIZED (SELECT arrival FROM leavers {where})"  # noqa: S608
        f" SELECT arrival, {COLUMNS} FROM leavers"
        f" WHERE arrival IN (SELECT arrival FROM matching {order} LIMIT %(limit)s) {order}"
    )
    return query, values


def _conditions(wanted: Wanted) -> tuple[list[str], dict[str, Any]]:
    conditions: list[str] = []
    values: dict[str, Any] = {}
    if wanted.state:
        conditions.append("state = %(state)s")
        values["state"] = wanted.state
    if wanted.outcome:
        conditions.append("outcome = %(outcome)s")
        values["outcome"] = wanted.outcome
    if wanted.text.strip():
        matches, more = _matches(wanted.text.strip())
        conditions.append(f"({' OR '.join(matches) or 'false'})")
        values |= more
    return conditions, values


def _matches(text: str) -> tuple[list[str], dict[str, Any]]:
    """Read a search for words of a name or an address, a ticket's number, or a card's link."""
    matches: list[str] = []
    values: dict[str, Any] = {}
    if _TICKET.fullmatch(text):
        if ticket_id := ticket_of(text):
            matches.append("ticket_id = %(ticket_id)s")
            values["ticket_id"] = ticket_id
        return matches, values
    if card := _SHORT_LINK.fullmatch(text):
        matches.append("card_url = %(card_url)s")
        values["card_url"] = f"https://trello.com/c/{card.group(1) or card.group(2)}"
        if card.group(1):
            return matches, values
    if words := words_of(text):
        matches.append("words @@ to_tsquery('simple', %(words)s)")
        values["words"] = " & ".join(f"'{word}':*" for word in words)
    return matches, values


def ticket_of(text: str) -> int | None:
    """Return the ticket's number where a search is for one: as a number, or as a ticket's link."""
    ticket = _TICKET.fullmatch(text.strip())
    return read_ticket_id(ticket.group(1)) if ticket else None


def words_of(text: str) -> list[str]:
    """Split a search into words as the schema splits names: without case, accents, apostrophes."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text.replace("\0", " "))).lower()
    return [word for word in _SIGNS.split(plain) if word][:_MOST_WORDS]
