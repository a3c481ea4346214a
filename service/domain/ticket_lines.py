"""A ticket's own words, line by line, with those marked that say what was read."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from service.domain.dates import dates_in
from service.domain.ticket import FieldIds, Ticket
from service.domain.ticket_updates import is_own_note

# A mail thread can be longer than anybody reads beside a question.
_MOST_LINES = 150
_LONGEST_LINE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketLine:
    """One line.

    Attributes:
        text: as it was written.
        is_marked: it says the name, the address or the leaving date that was read.
    """

    text: str
    is_marked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The subject, the description, or a comment.

    Attributes:
        title: which of them.
        lines: without empty ones.
    """

    title: str
    lines: tuple[TicketLine, ...]


def passages_of(
    ticket: Ticket,
    *,
    name: str | None,
    email: str | None,
    leaving_dates: Collection[date],
    today: date,
    fields: FieldIds | None = None,
) -> tuple[Passage, ...]:
    """Return what people wrote in a ticket; the service's own notes are left out.

    Args:
        ticket: as it is now.
        name: the leaver's, as it was read, or None.
        email: the same of the address.
        leaving_dates: the leaving date, and one that somebody wrote later.
        today: by which a date without a year is read.
        fields: which custom fields hold the leaver's details.
    """
    signs = [sign.casefold() for sign in (name, email) if sign]

    def is_marked(line: str) -> bool:
        said = line.casefold()
        has_date = not set(leaving_dates).isdisjoint(dates_in(line, today=today))
        return has_date or any(sign in said for sign in signs)

    found = []
    left = _MOST_LINES
    for title, text in _texts(ticket, fields or FieldIds()):
        lines = [line.strip()[:_LONGEST_LINE] for line in text.splitlines() if line.strip()]
        shown = tuple(TicketLine(text=line, is_marked=is_marked(line)) for line in lines[:left])
        left -= len(shown)
        if shown:
            found.append(Passage(title=title, lines=shown))
    return tuple(found)


def _texts(ticket: Ticket, fields: FieldIds) -> Iterator[tuple[str, str]]:
    yield "Subject", ticket.subject
    yield "Form fields", "\n".join(_fields(ticket, fields))
    yield "Description", ticket.description
    # The first comment repeats the description.
    for number, comment in enumerate(ticket.comments[1:], 1):
        if not is_own_note(comment, ticket):
            kind = "public reply" if comment.is_public else "internal note"
            yield f"Comment {number}, {kind}", comment.body


def _fields(ticket: Ticket, fields: FieldIds) -> Iterator[str]:
    titles = {
        fields.name: "Name",
        fields.email: "E-mail address",
        fields.leaving_date: "Leaving date",
    }
    # The leaver's own fields first; a box that is ticked or not says nothing without its title.
    for id_, value in sorted(ticket.custom_fields.items(), key=lambda one: one[0] not in titles):
        if value.casefold() not in {"true", "false"}:
            yield f"{titles.get(id_, f'Field {id_}')}: {' '.join(value.split())}"
