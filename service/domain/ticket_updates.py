"""What a ticket still lacks: one update that brings it to where the plan wants it, or nothing."""

from datetime import datetime

from service.domain import wording
from service.domain.changes import TicketChange
from service.domain.own_notes import is_told, last_mark
from service.domain.ticket import Mark, Ticket


def solved_with_card(
    ticket: Ticket,
    *,
    card_url: str,
    wanted_due: datetime,
    card_due: datetime | None,
    timezone: str,
    is_anybody_found: bool = True,
) -> TicketChange | None:
    """Return the update that solves a ticket and links to its card.

    Args:
        ticket: as it is.
        card_url: the card's short link.
        wanted_due: by the plan: another one is worth another note.
        card_due: the due date that the card really has, which a person may have changed; None
            where it has none, or is gone.
        timezone: for the note's text.
        is_anybody_found: whether the card is about somebody in the lists.
    """
    key = _key_of(card_url)
    mark = Mark(plan=wording.digest("card", key, wanted_due.isoformat()), card=key)
    note = wording.card_note(card_url, card_due, timezone, is_anybody_found=is_anybody_found)
    return _solved(ticket, mark, note)


def solved_without_card(ticket: Ticket, *, card_url: str | None = None) -> TicketChange | None:
    """Return the update that solves a ticket about somebody who is in no list.

    Args:
        ticket: as it is.
        card_url: the short link of the card that the ticket has all the same, or None.
    """
    if card_url is None:
        mark = Mark(plan=wording.digest("no access"))
    else:
        key = _key_of(card_url)
        mark = Mark(plan=wording.digest("no access", key), card=key)
    return _solved(ticket, mark, wording.no_access_note(card_url))


def asking(ticket: Ticket, *, reason: str) -> TicketChange | None:
    """Return the update that leaves a ticket open and says what is missing."""
    mark = Mark(plan=wording.digest("question", reason), card=_card_of(ticket))
    return _change(
        ticket,
        mark,
        wording.question_note(reason),
        add=(wording.NEEDS_PERSON_TAG,),
    )


def _solved(ticket: Ticket, mark: Mark, note: str) -> TicketChange | None:
    return _change(
        ticket,
        mark,
        note,
        solve=ticket.status not in {"solved", "closed"},
        add=(wording.PROCESSED_TAG,),
        remove=(wording.NEEDS_PERSON_TAG,),
    )


def _key_of(card_url: str) -> str:
    return card_url.rstrip("/").rpartition("/")[2]


def _card_of(ticket: Ticket) -> str | None:
    mark = last_mark(ticket)
    return mark.card if mark else None


def _change(
    ticket: Ticket,
    mark: Mark,
    note: str,
    *,
    solve: bool = False,
    add: tuple[str, ...] = (),
    remove: tuple[str, ...] = (),
) -> TicketChange | None:
    knows = is_told(ticket, mark, note)
    add = tuple(tag for tag in add if tag not in ticket.tags)
    remove = tuple(tag for tag in remove if tag in ticket.tags)
    if knows and not (solve or add or remove):
        return None
    return TicketChange(
        note=None if knows else note,
        solve=solve,
        add_tags=add,
        remove_tags=remove,
        mark=None if knows else mark,
    )
