"""What a ticket still lacks: one update that brings it in line with the plan, or nothing."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from html import unescape

from service.domain import wording
from service.domain.reasons import Reason, keys_of, text_of
from service.domain.ticket import Comment, Mark, Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketChange:
    """What one update does to a ticket; what it does not name stays as it is.

    Attributes:
        note: an internal note, plain text in which links stand as they are; None for none.
        solve: set the status to solved, and assign the ticket if nobody has it.
        add_tags: tags that the ticket shall have.
        remove_tags: tags that it shall not have.
        mark: left in the update's metadata. Zendesk keeps it only if something changes.
    """

    note: str | None = None
    solve: bool = False
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    mark: Mark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketStep:
    """What a plan wants of the ticket, whatever the ticket has of it already.

    Attributes:
        note: the internal note, word for word; `wording.NEW_CARD_LINK` stands in it for the link
            of a card that is still to be made. Empty for none.
        solve: whether the ticket is to be solved; otherwise it stays open and waits for a person.
        about: what identifies the note beside the card: another one is worth another note.
        card_url: the short link of the card that the note links to; None for none, or none yet.
    """

    note: str
    solve: bool
    about: tuple[str, ...]
    card_url: str | None = None

    def with_card(self, url: str) -> "TicketStep":
        """Return the same step once its card has been made."""
        return replace(self, note=self.note.replace(wording.NEW_CARD_LINK, url), card_url=url)

    @property
    def text(self) -> str:
        """The note without its card's link: the same before and after the card is made."""
        return self.note.replace(self.card_url or wording.NEW_CARD_LINK, wording.NEW_CARD_LINK)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearTag:
    """What an operator may want of a ticket that is set aside: the tag that asks goes, no more."""

    text = "The tag goes."


def solved_with_card(
    *,
    card_url: str | None,
    wanted_due: datetime,
    card_due: datetime | None,
    timezone: str,
    is_anybody_found: bool,
) -> TicketStep:
    """Return the step that solves a ticket and links to its card.

    Args:
        card_url: the card's short link; None if the card is still to be made.
        wanted_due: by the plan: another one is worth another note.
        card_due: the due date that the card really has, which a person may have changed; None
            if it has none, or is gone.
        timezone: for the note's text.
        is_anybody_found: whether the card is about somebody in the lists.
    """
    link = card_url or wording.NEW_CARD_LINK
    return TicketStep(
        note=wording.card_note(link, card_due, timezone, is_anybody_found=is_anybody_found),
        solve=True,
        about=("card", wanted_due.isoformat()),
        card_url=card_url,
    )


def solved_without_card(*, card_url: str | None) -> TicketStep:
    """Return the step that solves a ticket about somebody who is in no list.

    Args:
        card_url: the short link of the card that the ticket has all the same, or None.
    """
    return TicketStep(
        note=wording.no_access_note(card_url),
        solve=True,
        about=("no access",),
        card_url=card_url,
    )


def settled() -> TicketStep:
    """Return the step that leaves a processed ticket solved, without another note."""
    return TicketStep(note="", solve=True, about=("settled",))


def asking(*, reasons: tuple[Reason, ...], is_later: bool = False) -> TicketStep:
    """Return the step that leaves a ticket open and says what is missing."""
    return TicketStep(
        note=wording.question_note(text_of(reasons), is_later=is_later),
        solve=False,
        about=("question", *keys_of(reasons)),
    )


def change_of(ticket: Ticket, step: TicketStep | ClearTag) -> TicketChange | None:
    """Return the update that a ticket still lacks, or None if it is as the plan wants it."""
    if isinstance(step, ClearTag):
        is_there = wording.NEEDS_PERSON_TAG in ticket.tags
        return TicketChange(remove_tags=(wording.NEEDS_PERSON_TAG,)) if is_there else None
    mark = _mark_of(ticket, step)
    knows = not step.note or has_own_note(ticket, mark, step.note)
    add = wording.PROCESSED_TAG if step.solve else wording.NEEDS_PERSON_TAG
    is_asked = wording.NEEDS_PERSON_TAG in ticket.tags
    change = TicketChange(
        note=None if knows else step.note,
        solve=step.solve and ticket.status not in {"solved", "closed"},
        add_tags=() if add in ticket.tags else (add,),
        remove_tags=(wording.NEEDS_PERSON_TAG,) if step.solve and is_asked else (),
        mark=None if knows else mark,
    )
    return None if change == TicketChange() else change


def _mark_of(ticket: Ticket, step: TicketStep) -> Mark:
    if step.card_url:
        key = step.card_url.rstrip("/").rpartition("/")[2]
        return Mark(plan=wording.digest(*step.about, key), card=key)
    # A question keeps the card of an earlier note in mind.
    before = None if step.solve else last_mark(ticket)
    return Mark(
        plan=wording.digest(*step.about),
        card=before.card if before else None,
        fields=None if step.solve else _field_digests(ticket),
    )


def _field_digests(ticket: Ticket) -> str:
    filled = sorted(ticket.custom_fields.items())
    return " ".join(f"{number}={wording.digest(value)}" for number, value in filled)


def is_answer(ticket: Ticket, field_id: int) -> bool:
    """Return whether a person filled in or changed a custom field after the service had asked."""
    value = ticket.custom_fields.get(field_id)
    now = f"{field_id}={wording.digest(value)}"
    asked = [c.mark.fields for c in ticket.comments if c.mark and c.mark.fields is not None]
    return bool(value) and any(now not in fields.split() for fields in asked)


_TAG = re.compile(r"<[^<>]{0,1000}>")


def is_own_note(comment: Comment, ticket: Ticket) -> bool:
    """Return whether the service wrote a comment of a ticket.

    Its mark says so. Its words say so only if marks are not shown, or under the name of who
    wrote a marked one: a person may quote a note.
    """
    if comment.mark is not None:
        return True
    if not _reads_like_a_note(comment):
        return False
    authors = {one.author_id for one in ticket.comments if one.mark}
    return not authors or comment.author_id in authors


def last_mark(ticket: Ticket) -> Mark | None:
    """Return the mark of the service's newest note on the ticket."""
    marks = [comment.mark for comment in ticket.comments if comment.mark]
    return marks[-1] if marks else None


def has_own_note(ticket: Ticket, mark: Mark, note: str) -> bool:
    """Return whether the service's newest note on the ticket is this one already.

    A comment shows the mark that its update carried. The same words are never written again,
    whatever the mark: a new date that an archived card does not take changes nothing in them.
    """
    own = [comment for comment in ticket.comments if is_own_note(comment, ticket)]
    if not own:
        return False
    newest = own[-1]
    if newest.mark and newest.mark.plan == mark.plan:
        return True
    return _words(newest.body) == _words(note)


def _reads_like_a_note(comment: Comment) -> bool:
    said = _words(comment.body)
    return not comment.is_public and any(_words(sign) in said for sign in wording.SIGNS_OF_A_NOTE)


def _words(text: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", text)).split())
