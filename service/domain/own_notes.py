"""Knowing the service's own notes again: by the mark of their update, or else by their words."""

import re
from html import unescape

from service.domain import wording
from service.domain.ticket import Comment, Mark, Ticket

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
