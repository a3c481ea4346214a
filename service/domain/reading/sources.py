"""The texts of a ticket that people wrote, in the order in which they count."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from service.domain.own_notes import is_own_note
from service.domain.ticket import Comment, Ticket

DESCRIPTION_RANK = 1
SUBJECT_RANK = 2
FIRST_COMMENT_RANK = 3

_LONGEST_TEXT = 70_000  # Zendesk's own limit is 64 KiB
_MOST_TEXT = 300_000
_MOST_COMMENTS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One text of a ticket.

    Attributes:
        name: for an operator, as in "line 3 of the description".
        rank: the place in the order in which texts count.
        text: as written.
    """

    name: str
    rank: int
    text: str


def sources_of(ticket: Ticket) -> tuple[list[Source], bool]:
    """Gather the description, the subject and the comments of people.

    Returns:
        The texts, and whether any of them had to be cut since the ticket is too long.
    """
    kept: list[Source] = []
    room, is_cut = _MOST_TEXT, False
    for source in _all(ticket):
        most = min(_LONGEST_TEXT, room) if len(kept) < _MOST_COMMENTS else 0
        is_cut |= len(source.text) > most
        room -= min(most, len(source.text))
        if most:
            kept.append(replace(source, text=source.text[:most]))
    return kept, is_cut


def _all(ticket: Ticket) -> Iterator[Source]:
    yield Source(name="the description", rank=DESCRIPTION_RANK, text=ticket.description)
    yield Source(name="the subject", rank=SUBJECT_RANK, text=ticket.subject)
    for position, comment in enumerate(_comments_of_people(ticket)):
        yield Source(name="a comment", rank=FIRST_COMMENT_RANK + position, text=comment.body)


def _comments_of_people(ticket: Ticket) -> Iterator[Comment]:
    """Leave out the service's own notes, and the first comment where it repeats the description."""
    for position, comment in enumerate(ticket.comments):
        repeats = position == 0 and comment.body.split() == ticket.description.split()
        if not is_own_note(comment) and not repeats:
            yield comment
