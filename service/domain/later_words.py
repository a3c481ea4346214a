"""What people say once a ticket has been processed: in a comment, a reopened ticket, a follow-up.

It only prepares an answer: no date is moved and no card archived on prose alone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from service.domain.another_leaver import names_another_leaver
from service.domain.dates import dates_in
from service.domain.reading.another_person import AssumedLeaver, speaks_of_another
from service.domain.reading.details import read_details
from service.domain.reading.free_text import sentences_in
from service.domain.reading.lines import folded, plain_lines
from service.domain.reading.mail import begins_another_mail
from service.domain.reading.moved_dates import (
    Dates,
    may_move_the_date,
)
from service.domain.reading.staying import says_cancelled
from service.domain.reading.values import (
    mailbox,
    may_be_one,
)
from service.domain.ticket import Comment, FieldIds, LeaverDetails, Ticket, value_of
from service.domain.ticket_updates import is_own_note
from service.domain.wording import digest

# "I am on annual leave until 4 January 2027"
_ABSENCE = re.compile(
    r"\b(?:annual|sick|parental|maternity) leave\b|\bon leave\b|\bout of (?:the )?office\b"
)
_PAST, _AHEAD = timedelta(days=366), timedelta(days=732)


class Later(StrEnum):
    """What was said, by the answer that it asks for."""

    OTHER_LEAVING_DATE = "other_leaving_date"
    STAYS = "stays"
    OTHER_PERSON = "other_person"
    READ_IT = "read_it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the record says of the leaver."""

    name: str | None = None
    email: str | None = None
    leaving_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidLater:
    """A question for a person, with its answer prepared.

    Attributes:
        kind: see `Later`.
        leaving_date: the one other leaving date that is named; None if there is no such date.
    """

    kind: Later
    leaving_date: date | None = None


def later_comments(ticket: Ticket, *, settled_id: int | None) -> tuple[Comment, ...]:
    """Return the comments of people that nobody has settled yet, oldest first.

    Args:
        ticket: as it was last read.
        settled_id: the newest comment that was read when the leaver was last done, or that a person
            has settled. None if that is not recorded: then our own last note settles what is
            before it.
    """
    comments = ticket.comments

    def settles(one: Comment) -> bool:
        return is_own_note(one, ticket) if settled_id is None else one.id <= settled_id

    positions = [place for place, one in enumerate(comments) if settles(one)]
    after = comments[positions[-1] + 1 :] if positions else comments
    return tuple(one for one in after if one.author_id is not None and not is_own_note(one, ticket))


def fields_digest(ticket: Ticket, fields: FieldIds) -> str:
    """Return a short digest of what the leaver's own custom fields say."""
    numbers = (fields.name, fields.email, fields.leaving_date)
    return digest(*(ticket.custom_fields.get(number, "") for number in numbers if number))


def said_later(
    ticket: Ticket,
    comments: Sequence[Comment],
    known: Known,
    *,
    fields: FieldIds,
    today: date,
    settled_fields: str | None = None,
) -> SaidLater | None:
    """Return what a person must be asked about; None if nothing is new.

    Args:
        ticket: as it was last read.
        comments: what is new on it; see `later_comments`. Of a follow-up: all of its comments.
        known: what the record says.
        fields: the custom fields that hold the leaver's details; somebody may have changed one.
        today: bounds what is plausible as a leaving date.
        settled_fields: the digest of these fields when the leaver was last done. What they said
            then is not new, whatever an operator said instead.
    """
    text = "\n".join(_without_quotes(one.body) for one in comments)
    words = read_details(_ticket_of(ticket, text), fields=FieldIds(), today=today)
    in_fields = LeaverDetails()
    # What is no longer known can't be compared.
    if known != Known() and fields_digest(ticket, fields) != settled_fields:
        in_fields = read_details(_ticket_of(ticket, ""), fields=fields, today=today)
    if _is_another(words, known) or _is_another(in_fields, known) or _names_another(text, known):
        return SaidLater(kind=Later.OTHER_PERSON)
    days = _other_dates(text, words, in_fields, known, today=today)
    if days is not None:
        only = next(iter(days)) if len(days) == 1 else None
        return SaidLater(kind=Later.OTHER_LEAVING_DATE, leaving_date=only)
    if any(says_cancelled(sentence) for sentence in _sentences(text)):
        return SaidLater(kind=Later.STAYS)
    return SaidLater(kind=Later.READ_IT) if comments else None


def _ticket_of(ticket: Ticket, text: str) -> Ticket:
    return Ticket(
        id=ticket.id,
        subject="",
        description=text,
        status=ticket.status,
        custom_fields=ticket.custom_fields,
    )


def _without_quotes(text: str) -> str:
    """Leave out the mail that a reply quotes: it says again what is known."""
    kept: list[str] = []
    for line in text.splitlines():
        if begins_another_mail(line):
            break
        if not line.lstrip().startswith(">"):
            kept.append(line)
    return "\n".join(kept)


def _sentences(text: str) -> list[str]:
    return sentences_in(folded("\n".join(line.text for line in plain_lines(text))))


def _is_another(said: LeaverDetails, known: Known) -> bool:
    name, email = value_of(said.name), value_of(said.email)
    if name and known.name and not may_be_one(name, known.name):
        return True
    return bool(email and known.email and mailbox(email) != mailbox(known.email))


def _names_another(text: str, known: Known) -> bool:
    if not (known.name or known.email):
        return False
    sentences = sentences_in(text)
    leaver = AssumedLeaver(name=known.name, email=known.email, is_own=True)
    return speaks_of_another(sentences, leaver) or names_another_leaver(
        sentences, name=known.name, email=known.email
    )


def _other_dates(
    text: str, words: LeaverDetails, in_fields: LeaverDetails, known: Known, *, today: date
) -> frozenset[date] | None:
    """Return other leaving dates that are named; None if the text speaks of none."""
    given = {value_of(words.leaving_date), value_of(in_fields.leaving_date)}
    days = {day for day in given if day and day != known.leaving_date}
    speaks_of_one = bool(days)
    if known.leaving_date:
        dates = Dates(leaving=known.leaving_date, known=[known.leaving_date])
        for sentence in filter(lambda one: _moves(one, dates, today=today), _sentences(text)):
            speaks_of_one = True
            days |= {day for day in dates_in(sentence, today=today) if day != known.leaving_date}
    plausible = frozenset(day for day in days if today - _PAST <= day <= today + _AHEAD)
    return plausible if speaks_of_one else None


def _moves(sentence: str, dates: Dates, *, today: date) -> bool:
    if _ABSENCE.search(sentence):
        return False
    return may_move_the_date(sentence, dates, today=today, is_comment=True)
