"""The texts of a ticket that people wrote, in order of precedence."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from service.domain.reading.form import Item, items_of
from service.domain.reading.free_text import sentences_in
from service.domain.reading.lines import folded, plain_lines
from service.domain.ticket import Comment, Ticket
from service.domain.ticket_updates import is_own_note

SUBJECT = "the subject"
FIELD_RANK = 0
DESCRIPTION_RANK = 1
SUBJECT_RANK = 2
FIRST_COMMENT_RANK = 3

_LONGEST_TEXT = 70_000  # Zendesk's own limit is 64 KiB
_MOST_TEXT = 300_000
_MOST_COMMENTS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One text of a ticket, taken apart once for all who read it.

    Attributes:
        name: for an operator, as in "line 3 of the description".
        rank: the place in the order of precedence.
        text: as written.
        items: its labels with their values, and its other lines.
        sentences: of all its lines, labelled or not, folded.
    """

    name: str
    rank: int
    text: str
    items: tuple[Item, ...]
    sentences: tuple[str, ...]

    @classmethod
    def of(cls, text: str, *, name: str, rank: int) -> Self:
        """Take a text apart."""
        lines = plain_lines(text)
        return cls(
            name=name,
            rank=rank,
            text=text,
            items=tuple(items_of(lines)),
            sentences=tuple(sentences_in(folded("\n".join(line.text for line in lines)))),
        )


def sources_of(ticket: Ticket) -> tuple[list[Source], bool]:
    """Gather the description, the subject and the comments of people.

    Returns:
        The texts, and whether any of them had to be cut since the ticket is too long.
    """
    kept: list[Source] = []
    room, is_cut = _MOST_TEXT, False
    for text, name, rank in _all(ticket):
        most = min(_LONGEST_TEXT, room) if len(kept) < _MOST_COMMENTS else 0
        is_cut |= len(text) > most
        room -= min(most, len(text))
        if most:
            kept.append(Source.of(text[:most], name=name, rank=rank))
    return kept, is_cut


def _all(ticket: Ticket) -> Iterator[tuple[str, str, int]]:
    yield ticket.description, "the description", DESCRIPTION_RANK
    yield ticket.subject, SUBJECT, SUBJECT_RANK
    for position, comment in enumerate(_comments_of_people(ticket)):
        yield comment.body, "a comment", FIRST_COMMENT_RANK + position


def _comments_of_people(ticket: Ticket) -> Iterator[Comment]:
    """Leave out the service's own notes, and the first comment if it repeats the description."""
    for position, comment in enumerate(ticket.comments):
        repeats = position == 0 and comment.body.split() == ticket.description.split()
        if not is_own_note(comment, ticket) and not repeats:
            yield comment
