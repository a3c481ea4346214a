"""What a ticket still lacks: one update that brings it to where the plan wants it, or nothing."""

import re
from dataclasses import dataclass
from datetime import datetime
from html import unescape

from service.domain import wording
from service.domain.ticket import Comment, Mark, Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketChange:
    """What one update does to a ticket; what it does not name stays as it is.

    Attributes:
        note: an internal note, plain text in which links stand as they are; None for none.
        solve: set the status to solved, and assign the ticket where nobody has it.
        add_tags: tags that the ticket shall have.
        remove_tags: tags that it shall not have.
        mark: left in the update's metadata. Zendesk keeps it only where something changes.
    """

    note: str | None = None
    solve: bool = False
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    mark: Mark | None = None


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


_TAG = re.compile(r"<[^<>]{0,1000}>")


def is_own_note(comment: Comment) -> bool:
    """Whether the service wrote a comment."""
    return comment.mark is not None or _reads_like_a_note(comment)


def last_mark(ticket: Ticket) -> Mark | None:
    """Return the mark of the service's newest note on the ticket."""
    marks = [comment.mark for comment in ticket.comments if comment.mark]
    return marks[-1] if marks else None


def is_told(ticket: Ticket, mark: Mark, note: str) -> bool:
    """Whether the service's newest note on the ticket is this one already.

    A comment shows the mark that its update carried; where it shows none, its words are compared.
    """
    own = [comment for comment in ticket.comments if is_own_note(comment)]
    if not own:
        return False
    newest = own[-1]
    if newest.mark:
        return newest.mark.plan == mark.plan
    return _words(newest.body) == _words(note)


def _reads_like_a_note(comment: Comment) -> bool:
    said = _words(comment.body)
    return not comment.is_public and any(_words(sign) in said for sign in wording.SIGNS_OF_A_NOTE)


def _words(text: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", text)).split())
