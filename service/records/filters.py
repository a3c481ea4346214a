"""Which leavers are looked for, and the SQL conditions for that."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from service.domain.after_date import AfterDate
from service.domain.reasons import ReasonCode
from service.domain.removal.refusals import RefusalCode
from service.domain.ticket import read_ticket_id
from service.records.leaver import State
from service.records.removing import NEEDS_PERSON

_SHORT_LINK = re.compile(r"(?:https?://)?trello\.com/c/([A-Za-z0-9]+)(?:/.*)?|([A-Za-z0-9]{8})")
_TICKET = re.compile(r"(?:https://\S+/tickets/|#)?(\d{1,19})")
# The marks that the schema leaves out of `words`, and the signs that separate them.
_MARKS, _SIGNS = re.compile("[\u0300-\u036f'\u2019]"), re.compile(r"[!-/:-@\[-`{-~\s]+")
_MOST_WORDS = 8

_PLAIN = {
    "state": "state = %(state)s",
    "outcome": "outcome = %(outcome)s",
    # As an array, indexes find both.
    "reason_code": (
        "(reason_code = %(reason_code)s OR (reason_code IS NULL AND ticket_id = ANY (ARRAY("  # noqa: S608
        f"SELECT ticket_id FROM removals WHERE {NEEDS_PERSON}"
        " AND removals.reason_code = %(reason_code)s))))"
    ),
    "received_from": "received_at >= %(received_from)s",
    "received_before": "received_at < %(received_before)s",
    "after_date": (
        "outcome IS DISTINCT FROM 'set_aside' AND EXISTS (SELECT FROM after_date"
        " WHERE after_date.ticket_id = leavers.ticket_id AND status = %(after_date)s)"
    ),
    "leaves_before": "coalesce(leaving_date, 'infinity') < %(leaves_before)s",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which leavers; None and an empty text stand for any.

    Attributes:
        text: words of a name or an address, a ticket's number or link, or a card's.
        state: where they are on their way.
        outcome: how they ended.
        after_date: how they stand after the leaving date.
        reason_code: why they need a person, failed or were set aside, or why no pull request can
            remove the entry.
        received_from: the earliest instant at which they came.
        received_before: the first instant after the period.
        leaves_before: their leaving date is earlier than this day.
    """

    text: str = ""
    state: State | None = None
    outcome: str | None = None
    reason_code: ReasonCode | RefusalCode | None = None
    after_date: AfterDate | None = None
    received_from: datetime | None = None
    received_before: datetime | None = None
    leaves_before: date | None = None


def conditions_of(filters: Filters) -> tuple[list[str], dict[str, Any]]:
    """Return conditions for a query of leavers, and their values."""
    values = {name: getattr(filters, name) for name in _PLAIN if getattr(filters, name) is not None}
    conditions = [_PLAIN[name] for name in values]
    if filters.text.strip():
        matches, more = _matches(filters.text.strip())
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
        # As an array, an index finds them, also beside a search for words.
        matches.append(
            "ticket_id = ANY (ARRAY(SELECT ticket_id FROM cards WHERE url = %(card_url)s))"
        )
        values["card_url"] = f"https://trello.com/c/{card.group(1) or card.group(2)}"
        if card.group(1):
            return matches, values
    if words := search_words(text):
        matches.append("words @@ to_tsquery('simple', %(words)s)")
        values["words"] = " & ".join(f"'{word}':*" for word in words)
    return matches, values


def ticket_of(text: str) -> int | None:
    """Return the ticket's number if a search is for one: as a number, or as a ticket's link."""
    ticket = _TICKET.fullmatch(text.strip())
    return read_ticket_id(ticket.group(1)) if ticket else None


def search_words(text: str) -> list[str]:
    """Split a search into words as the schema splits names: without case, accents, apostrophes."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text.replace("\0", " "))).lower()
    return [word for word in _SIGNS.split(plain) if word][:_MOST_WORDS]
