"""A leaver ticket as the service sees it, and what it says about the leaver."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Generic, TypeVar

from service.domain.reasons import Reason

T = TypeVar("T")

# What a bigint holds.
LARGEST_TICKET_ID = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What the service left in the metadata of one of its own updates, to recognise it.

    Attributes:
        plan: digest of the plan that the update carried out.
        card: short link of the card that the update's note linked to, or None.
        fields: digests of the custom fields when a question was asked, to know an answer by: each
            as ``ID=DIGEST``, separated by spaces. None in other notes.
    """

    plan: str
    card: str | None = None
    fields: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One comment of a ticket, oldest first in `Ticket.comments`.

    Attributes:
        id: Zendesk's id.
        author_id: who wrote it.
        body: its plain text.
        is_public: whether the requester can see it.
        mark: set if the comment is one of the service's own notes.
    """

    id: int
    author_id: int | None
    body: str
    is_public: bool
    mark: Mark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A ticket with its comments, as read at one moment.

    Attributes:
        id: the number that operators know it by.
        subject: one line.
        description: the first comment's text.
        status: new, open, pending, hold, solved or closed.
        tags: all of them, in Zendesk's order.
        custom_fields: field id to value as text; empty fields are left out.
        requester_id: who asked.
        assignee_id: the agent who has it, or None.
        group_id: the group that has it, or None.
        updated_at: Zendesk's own text, needed as it is for a safe update.
        is_follow_up: whether it was made of a reply to a closed ticket, whose tags it inherits.
        source_id: that closed ticket's number, if Zendesk names it.
        comments: oldest first; the first one repeats the description.
    """

    id: int
    subject: str
    description: str
    status: str
    tags: tuple[str, ...] = ()
    custom_fields: Mapping[int, str] = field(default_factory=dict)
    requester_id: int | None = None
    assignee_id: int | None = None
    group_id: int | None = None
    updated_at: str = ""
    is_follow_up: bool = False
    source_id: int | None = None
    comments: tuple[Comment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldIds:
    """Which custom fields hold the leaver's details; None if there is no such field."""

    name: int | None = None
    email: int | None = None
    leaving_date: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Generic[T]):
    """A value, and where it was found, in words that an operator can check."""

    value: T
    where: str


def value_of(found: Found[T] | None) -> T | None:
    """Return a value that was found, or None."""
    return found.value if found else None


class About(StrEnum):
    """What a question is about; one about the date does not matter if nobody is found."""

    PERSON = "person"
    DATE = "date"
    LEAVING = "whether the person leaves at all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something that only a person can settle.

    Attributes:
        about: see `About`.
        reason: one sentence for the operator and for the ticket's internal note. It says what is
            missing or unclear, and names nobody.
    """

    about: About
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaverDetails:
    """What a ticket says about its leaver: everything understood, and everything to be asked.

    Attributes:
        other_names: what else the leaver goes by: known-as and former names.
        is_called_leaver: something says in so many words that this is the leaver; a mere "Name: …"
            may be the person who filled the form in.
        is_answered: a person filled in who it is after the service had asked.
        is_subject_alone: the name stands in the subject, and no word of it elsewhere.
        passages: all that the ticket says, but for what is plainly somebody else's: a manager's
            details, a signature, the head of a mail.
    """

    name: Found[str] | None = None
    email: Found[str] | None = None
    github: Found[str] | None = None
    leaving_date: Found[date] | None = None
    last_working_day: Found[date] | None = None
    questions: tuple[Question, ...] = ()
    other_names: tuple[str, ...] = ()
    is_called_leaver: bool = True
    is_answered: bool = False
    is_subject_alone: bool = False
    passages: tuple[str, ...] = field(default=(), repr=False)


def recorded_details(*, name: str | None, email: str | None) -> LeaverDetails:
    """Return the details of a leaver who is looked for again by what the record says."""
    where = "by the record"
    return LeaverDetails(
        name=Found(value=name, where=where) if name else None,
        email=Found(value=email, where=where) if email else None,
    )


def read_ticket_id(value: Any) -> int | None:
    """Return a ticket's number from a number or its digits as text, or None."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 19:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 1 <= value <= LARGEST_TICKET_ID else None
