"""What a leaver may need, as drafted before the board is looked at: one class for each kind."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from service.domain.access_lists.entries import Entry
from service.domain.cards import KnownCard, WantedCard
from service.domain.matching.match_person import Candidate
from service.domain.reasons import Reason, text_of


class Outcome(StrEnum):
    """How a leaver ends."""

    TECH_CARD = "tech_card"
    NON_TECH_CARD = "non_tech_card"
    NO_ACCESS = "no_access"
    SET_ASIDE = "set_aside"


class Role(StrEnum):
    """Which template card a leaver gets."""

    TECH = "tech"
    NON_TECH = "non_tech"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """What every kind of draft has.

    Attributes:
        outcome: how the leaver ends; None if a person is asked.
        reasons: for the operator; they name nobody. Empty if there is nothing to say.
        entries: the person's, those in the tech list first; empty if nobody was found.
        candidates: the entries that the operator may choose from, best first.
    """

    outcome: Outcome | None = None
    reasons: tuple[Reason, ...] = ()
    entries: tuple[Entry, ...] = ()
    candidates: tuple[Candidate, ...] = ()

    @property
    def reason(self) -> str:
        """The reasons' sentences; empty if there is nothing to say."""
        return text_of(self.reasons)

    @property
    def questions(self) -> tuple[Reason, ...]:
        """What a person is asked; empty if nothing is."""
        return self.reasons if self.outcome is None else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeCard(_Draft):
    """Make the card and solve the ticket.

    Attributes:
        card: as it is wanted.
        was_removed: whether the entries have left the lists: nothing remains to be removed.
    """

    card: WantedCard
    was_removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAccess(_Draft):
    """Solve the ticket with a note that no entry was found."""

    outcome: Outcome = Outcome.NO_ACCESS


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedCard:
    """A card that an operator may choose."""

    url: str
    title: str
    list_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherTicketsCard:
    """The open card that the person has by another ticket.

    Attributes:
        url: its short link.
        ticket_id: the other ticket.
        due: as it is on the board, in UTC, or None.
    """

    url: str
    ticket_id: int
    due: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(_Draft):
    """Leave the ticket open and ask a person.

    Attributes:
        reasons: at least one.
        note: for the ticket, where departments read them: nothing in them shows whether anybody
            has access. Empty if the reasons themselves may stand there.
        cards: made by people, of which the operator may choose one.
        other_card: that of the person's other ticket, if the two say different dates; or None.
        is_later: it is about what was said after the ticket had been processed.
        prepared_date: the leaving date that was named then, to be confirmed; or None.
    """

    reasons: tuple[Reason, ...]
    note: tuple[Reason, ...] = ()
    cards: tuple[OfferedCard, ...] = ()
    other_card: OtherTicketsCard | None = None
    is_later: bool = False
    prepared_date: date | None = None

    @property
    def said_in_ticket(self) -> tuple[Reason, ...]:
        """What the ticket's internal note says."""
        return self.note or self.reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside(_Draft):
    """Write nothing anywhere; `clears_tag`: but take `leaver_needs_person` off the ticket."""

    reasons: tuple[Reason, ...]
    outcome: Outcome = Outcome.SET_ASIDE
    clears_tag: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveSettled(_Draft):
    """The ticket was processed, and that holds: nothing is new, or a person has settled it.

    Attributes:
        outcome: the one that the leaver had.
        settled_by: who settled a question, ``operator`` or ``person``; None if none was asked.
    """

    outcome: Outcome
    settled_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowSource(_Draft):
    """Point a follow-up ticket at the card of the ticket that it follows, and solve it.

    Attributes:
        outcome: that ticket's.
        source_ticket_id: that ticket's number.
        known_card: that ticket's card, or None.
        due: when the card is due; None without a card.
        moves_due: whether that is an operator's word, which the card follows.
        name: the leaver's.
        email: the leaver's.
        leaving_date: the leaver's.
    """

    outcome: Outcome
    source_ticket_id: int
    known_card: KnownCard | None
    due: datetime | None
    moves_due: bool
    name: str | None
    email: str | None
    leaving_date: date | None


# What a ticket needs that was not processed before, and what any ticket may need.
FirstDraft = MakeCard | NoAccess | Ask | SetAside
Draft = FirstDraft | LeaveSettled | FollowSource
